"""A running case goes over to another drawing of its process: what stands in the way, what changes, and the new state.

Only tokens move: what is finished has left the state, and the history is not told anew. What is not known for certain
to mean the same in the new drawing is refused, with the element and the reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.domain.errors import Invalid, Problem
from engine.workflow import codec
from engine.workflow.arming import DUE_DRAWN_ANEW, arm
from engine.workflow.definition import Definition
from engine.workflow.faults import Fault
from engine.workflow.fitting import DRAWN_ANEW, TURNS_OTHERWISE, exchangeable, fit
from engine.workflow.instance import Case
from engine.workflow.journey import Journey, Notes
from engine.workflow.outlook import elements
from engine.workflow.run import Run
from engine.workflow.script import FeelEngine

_NOTHING: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do to a case; each line names an element and what is to be said of it.

    `reasons` say why it cannot move; with none, it can. `warnings` are what people should know before. `missing` are the
    elements and flows of the old drawing that the mapping must give a place in the new one.
    """

    reasons: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    changes: tuple[Problem, ...]
    missing: tuple[str, ...]

    @property
    def movable(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons

    @property
    def reckonable(self) -> frozenset[str]:
        """The elements whose due date or key is drawn anew, so that people may want it reckoned again."""
        said = (*self.reasons, *self.warnings, *self.changes)
        return frozenset(one.where for one in said if one.message in (DRAWN_ANEW, DUE_DRAWN_ANEW, TURNS_OTHERWISE))


def plan(
    old: Definition,
    new: Definition,
    state: bytes,
    mapping: Mapping[str, str],
    now: datetime,
    reckon_again: Collection[str] = _NOTHING,
) -> Plan:
    """What a move at `now` would do; `mapping` is from ids of the old drawing to ids of the new one.

    `reckon_again` are elements of the old drawing whose timer, due date or key is evaluated anew; else they stay.
    """
    notes, case = _moved(Journey(old, new, mapping, reckon_again), state, now)
    if case is not None:
        _try(new, codec.dump(case), now, notes)
    return Plan(tuple(notes.reasons), tuple(notes.warnings), tuple(notes.changes), tuple(notes.missing))


def swap(
    old: Definition,
    new: Definition,
    state: bytes,
    mapping: Mapping[str, str],
    now: datetime,
    reckon_again: Collection[str] = _NOTHING,
) -> bytes:
    """The state in the new drawing; Invalid with the reasons where the case cannot move."""
    notes, case = _moved(Journey(old, new, mapping, reckon_again), state, now)
    if case is None:
        raise Invalid("The case cannot move to this release.", notes.reasons)
    return codec.dump(case)


def candidates(old: Definition, new: Definition, name: str) -> list[str]:
    """The elements or flows of the new drawing that could take the place of one of the old, in drawn order."""
    for key, spec in old.specs.items():
        node, other = elements(spec).get(name), new.specs.get(key)
        if node is not None and other is not None:
            return [id_ for id_, to in elements(other).items() if exchangeable(node, to, (name,))]
    flows = {flow.id: flow for diagram in old.diagrams.values() for flow in diagram.flows.values()}
    if name not in flows or flows[name].target not in new.elements:
        return []
    return list(new.elements[flows[name].target].incoming)


def _moved(journey: Journey, state: bytes, now: datetime) -> tuple[Notes, Case | None]:
    notes = Notes()
    _require_places(journey, notes)
    try:
        said = codec.unpacked(journey.old, state)
        if said["done"]:
            notes.refuse("", "The case has ended.")
        fitted = fit(journey, said, notes)
        if notes.reasons:
            return notes, None
        case = codec.restore(journey.new, fitted.said, FeelEngine(now, journey.new.zone))
        arm(journey, fitted, case, notes)
    except Fault as fault:
        notes.refuse(fault.element, fault.message, **fault.params)
    return notes, None if notes.reasons else case


def _require_places(journey: Journey, notes: Notes) -> None:
    flows = {flow for diagram in journey.new.diagrams.values() for flow in diagram.flows}
    for name, target in journey.mapping.items():
        if target not in journey.new.elements and target not in flows:
            notes.refuse(name, "The new drawing has no «%(target)s».", target=target)


def _try(new: Definition, state: bytes, now: datetime, notes: Notes) -> None:
    """Lets a copy run on, up to the first service that it would call."""
    try:
        run = Run.load(new, state, now)
        asks = next(run.advance(), None) is not None
    except Fault as fault:
        notes.refuse(fault.element, fault.message, **fault.params)
        return
    if run.finished:
        notes.warn("", "With the move the case comes to its end.")
    elif not (asks or run.open_tasks() or run.waits() or run.failures()):
        notes.refuse("", "In the new drawing the case would wait for nobody and nothing.")
