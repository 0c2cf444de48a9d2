"""Where each token of a saved case stands in another drawing, row by row; what fits nowhere is a reason, never a guess."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.domain.errors import Problem
from engine.workflow import standing, undoing
from engine.workflow.catching import CatchNode, EventGateway
from engine.workflow.complex_gateway import ComplexNode
from engine.workflow.elements import EventKind, TimerKind
from engine.workflow.joins import CONSUMED, Join
from engine.workflow.journey import Journey, Notes
from engine.workflow.outlook import back_to, ids, sources
from engine.workflow.repeats import RepeatedNode
from engine.workflow.watching import BoundaryNode, Listener

DRAWN_ANEW = "What is waited for is drawn anew; due date and key stay as they are."
TURNS_OTHERWISE = "This timer repeats in only one of the two drawings: let its due date be reckoned again."
_STATE = {"ends", "done", "scopes"}
_SCOPE = {"host", "data", "tasks", "records"}
_ROW = {"id", "at", "state", "under", "age", "facts"}
_OF_EVENTS = {"due", "times", "every", "counted", "key", "true", "payload", "mark"}
_OF_WHOLES = {"items", "begun", "done", "results"}
_OF_FAULTS = {standing.FAILED, standing.TRIED, "failing"}
_UNDOING = {"records", "undoes", "todo", "for", "waits", "cancelled"}
_FACTS = {"flow", "local", "declared", "index", "assignee", "copied", CONSUMED}
_OF_ADHOC = {"offered", "once", "ending"}
_FACTS |= _OF_ADHOC | _OF_EVENTS | _OF_WHOLES | _OF_FAULTS | _UNDOING
_CATCHING = {"intermediateCatchEvent", "receiveTask"}


@dataclass(slots=True)
class Fitted:
    """A state that speaks of the new drawing: `said` for the codec; `before` is the old node of each token, by its id.

    `scopes` are the old and new specification of each running process, by the id of the token it runs in; `stood` are
    the old node of each token in it and the flow on which the token came.
    """

    said: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    scopes: dict[str | None, tuple[Any, Any]] = field(default_factory=dict)
    stood: dict[str | None, list[tuple[Any, str]]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)


def fit(journey: Journey, said: Mapping[str, Any], notes: Notes) -> Fitted:
    """The state with every token at its place in the new drawing; where `notes` got reasons, it is of no use."""
    _require_known(said, notes)
    fitted = Fitted({**said, "scopes": []})
    if notes.reasons:
        return fitted
    for scope in said["scopes"]:
        host = scope["host"]
        if host in fitted.before or host is None:
            _scope(journey, scope, fitted, notes)
        elif host not in fitted.dropped:
            notes.refuse(host, "What runs in it cannot be placed before it is.")
    return fitted


def exchangeable(old: Any, new: Any, again: Collection[str] = ()) -> bool:
    """Whether a token at the one node may stand at the other: the same kind of wait, whatever its details."""
    return _misfit(old, new, again) is None


def _require_known(said: Mapping[str, Any], notes: Notes) -> None:
    unknown = set(said) - _STATE
    for scope in said["scopes"]:
        unknown |= set(scope) - _SCOPE
        for row in scope["tasks"]:
            unknown |= set(row) - _ROW
            for fact in sorted(set(row.get("facts", ())) - _FACTS):
                where = row["at"].removeprefix("#").partition(" ")[0]
                notes.refuse(where, "The case remembers «%(fact)s» here, which cannot move.", fact=fact)
    for fact in sorted(unknown):
        notes.refuse("", "The case remembers «%(fact)s», which cannot move.", fact=fact)


def _scope(journey: Journey, scope: Mapping[str, Any], fitted: Fitted, notes: Notes) -> None:
    host = scope["host"]
    if host is None:
        specs = (journey.old.main, journey.new.main)
    else:
        inner = fitted.now[host]
        if inner is None:  # its host has no place: one reason is enough
            fitted.dropped.update(row["id"] for row in scope["tasks"])
            return
        specs = (journey.old.specs[fitted.before[host].spec], journey.new.specs[inner.spec])
    fitted.scopes[host] = specs
    came = [(specs[0].task_specs[row["at"]], row.get("facts", {}).get("flow", "")) for row in scope["tasks"]]
    fitted.stood[host] = came
    rows = [placed for row in scope["tasks"] if (placed := _row(journey, specs, row, fitted, notes)) is not None]
    records = undoing.fit(journey, specs, scope.get("records", ()), notes)
    fitted.said["scopes"].append({**scope, "tasks": rows} | ({"records": records} if records else {}))


def _row(
    journey: Journey, specs: tuple[Any, Any], row: Mapping[str, Any], fitted: Fitted, notes: Notes
) -> Mapping[str, Any] | None:
    """The row in the new drawing; None where the token goes, or has no place."""
    under = row.get("under")
    if under in fitted.dropped:
        fitted.dropped.add(row["id"])
        return None
    old = specs[0].task_specs[row["at"]]
    new = specs[1].task_specs.get(journey.node(old.name))
    if under is not None and new is not None and new not in _below(journey, fitted.now[under], row):
        new = None
    if new is None and _may_go(old, row, fitted):
        _let_go(old, row, notes)
        fitted.dropped.add(row["id"])
        return None
    fitted.before[row["id"]], fitted.now[row["id"]] = old, new
    if new is None:
        _nowhere(journey, old, under, fitted, notes)
        return None
    if (problem := _misfit(old, new, journey.again)) is not None:
        notes.reasons.append(problem)
        notes.lack(old.element.id)
        return None
    return _rewritten(journey, specs, old, new, row, notes)


def _below(journey: Journey, host: Any, row: Mapping[str, Any]) -> Iterator[Any]:
    """The nodes whose tokens may hang under one at `host`; of a compensation, what undoes the activity of the row."""
    if host is not None:
        yield from host.boundaries
        if "undoes" in row.get("facts", {}):
            undone = host._wf_spec.task_specs.get(journey.node(row["facts"]["undoes"]))  # noqa: SLF001 - SpiffWorkflow names it so
            yield from (undone, getattr(undone, "handler", None))
        if isinstance(host, RepeatedNode):
            yield host.each
        if isinstance(host, EventGateway):
            yield from host.targets.values()
        if isinstance(host, CatchNode):
            yield from host.arms


def _may_go(old: Any, row: Mapping[str, Any], fitted: Fitted) -> bool:
    """Whether the token only listens, so that it simply goes where the new drawing does not listen any more."""
    if isinstance(old, (BoundaryNode, Listener)):
        return True
    host = fitted.before.get(row.get("under", ""))
    return isinstance(host, EventGateway) and fitted.now[row["under"]] is not None


def _let_go(old: Any, row: Mapping[str, Any], notes: Notes) -> None:
    if due := row.get("facts", {}).get("due"):
        notes.warn(
            old.element.id,
            "The new drawing has no such timer here: that of %(due)s goes.",
            due=datetime.fromisoformat(due),
        )
    else:
        notes.change(old.element.id, "The case does not listen for this any more.")


def _nowhere(journey: Journey, old: Any, under: str | None, fitted: Fitted, notes: Notes) -> None:
    if under is not None and fitted.now.get(under) is None:
        return  # what it belongs to has no place: one reason is enough
    element = old.element
    target = journey.to(element.id)
    elsewhere = journey.new.elements.get(target)
    notes.lack(element.id)
    if elsewhere is None:
        notes.refuse(element.id, "The case stands here, and the new drawing has no such element.")
    elif elsewhere.scope != element.scope or elsewhere.process != element.process:
        notes.refuse(
            element.id, "The case stands here; in the new drawing it belongs to «%(scope)s».", scope=elsewhere.scope
        )
    else:
        notes.refuse(element.id, "The case stands here; in the new drawing it is done in another way.")


def _misfit(old: Any, new: Any, again: Collection[str]) -> Problem | None:
    one, other = old.element, new.element
    kinds = {one.kind, other.kind}
    if type(old) is not type(new) or (len(kinds) > 1 and not kinds <= _CATCHING):
        message = "The case stands here; in the new drawing it is of another kind."
        return Problem(one.id, message)
    if [event.kind for event in one.events] != [event.kind for event in other.events]:
        return Problem(one.id, "The case waits here; in the new drawing it waits for another kind of event.")
    if (one.event_subprocess, _together(one)) != (other.event_subprocess, _together(other)):
        return Problem(one.id, "The case stands here; in the new drawing it begins in another way.")
    if _turns(one) != _turns(other) and one.id not in again:
        return Problem(one.id, TURNS_OTHERWISE)
    if isinstance(old, RepeatedNode) and (old.loop.kind != new.loop.kind or type(old.each) is not type(new.each)):
        return Problem(one.id, "The case stands here; in the new drawing it is repeated in another way.")
    return None


def _together(element: Any) -> bool:
    """Whether an event-based gateway waits for all of its events."""
    return bool(element.attributes.get("eventGatewayType") == "Parallel")


def _turns(element: Any) -> bool:
    return any(event.kind is EventKind.TIMER and event.timer is TimerKind.CYCLE for event in element.events)


def _rewritten(
    journey: Journey, specs: tuple[Any, Any], old: Any, new: Any, row: Mapping[str, Any], notes: Notes
) -> Mapping[str, Any]:
    one, other = old.element, new.element
    if old.name != new.name and old.tells:
        notes.change(one.id, "From here the case goes on at «%(element)s».", element=other.id)
    facts = dict(row.get("facts", {}))
    if "flow" in facts:
        waits = isinstance(old, Join) and row["state"] == TaskState.WAITING
        facts["flow"] = (
            _arrival(journey, specs, (old, new), facts["flow"], notes) if waits else journey.to(facts["flow"])
        )
    if isinstance(old, ComplexNode) and {journey.to(name) for name in one.incoming} != set(other.incoming):
        notes.refuse(one.id, "The gateway waits here for other flows than in the new drawing.")
    if "index" in facts:
        _rename_item(one.loop.item, other.loop.item, facts)
    _rename(journey, specs, facts, notes)
    if one.interrupting != other.interrupting:
        ends = "What it is attached to ends when it happens, from now on."
        notes.change(
            one.id, ends if other.interrupting else "What it is attached to goes on when it happens, from now on."
        )
    if isinstance(new, CatchNode) and one.events != other.events and one.id not in journey.again:
        notes.change(one.id, DRAWN_ANEW)
    return {**row, "at": new.name, **({"facts": facts} if facts else {})}


def _rename(journey: Journey, specs: tuple[Any, Any], facts: dict[str, Any], notes: Notes) -> None:
    """What a token remembers by names goes by the new ones: flows, what can be undone, what was offered."""
    if CONSUMED in facts:
        facts[CONSUMED] = [journey.to(flow) for flow in facts[CONSUMED]]
    for name in {"records", "todo"} & facts.keys():
        facts[name] = undoing.fit(journey, specs, facts[name], notes)
    if "undoes" in facts:
        facts["undoes"] = journey.node(facts["undoes"])
    if "offered" in facts:
        facts["offered"] = {journey.to(name): token for name, token in facts["offered"].items()}
        facts["once"] = [journey.to(name) for name in facts["once"]]


def _rename_item(old: str, new: str, facts: dict[str, Any]) -> None:
    """The item of an instance goes by the name that the new drawing gives it."""
    if new and old != new and old in facts.get("local", {}):
        facts["local"] = {new if name == old else name: value for name, value in facts["local"].items()}


def _arrival(journey: Journey, specs: tuple[Any, Any], nodes: tuple[Any, Any], flow: str, notes: Notes) -> str:
    """The flow of the new drawing on which an arrival waits at its join.

    Who draws a task into a flow keeps the flow's id before the task and gets a new one behind it (bpmn-js does so).
    """
    old, new = (node.element for node in nodes)
    target: str = journey.to(flow)
    if target in new.incoming:
        return target
    known = {journey.to(name) for name in old.incoming}
    source, olds = sources(specs[0]).get(flow), {journey.to(id_) for id_ in ids(specs[0])}
    fresh: list[str] = [name for name in new.incoming if name not in known]
    behind = [name for name in fresh if source and journey.to(source) in back_to(specs[1], name, olds)]
    if len(behind) == 1:
        notes.change(new.id, "What came on «%(flow)s» counts as come on «%(other)s».", flow=flow, other=behind[0])
        return behind[0]
    notes.lack(flow)
    notes.refuse(old.id, "A token waits here that came on «%(flow)s»: say which flow that is now.", flow=flow)
    return target
