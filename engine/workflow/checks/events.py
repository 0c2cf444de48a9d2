"""Clocks, messages, signals and errors say exactly what they mean before a case depends on them."""

from collections.abc import Iterator
from typing import Final

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, written_out
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, Event, EventKind

_CLOCK_INPUTS: Final = {"clocks.start": ("name",), "clocks.extend": ("name", "kind")}
_MADE: Final = {"validity", "retention"}  # made of other tables of the programme, as are the bars
_CATCHING = {"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent"}


def clocks(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A legal clock moves a timer; and the programme knows it by that name."""
    for element in diagram.elements.values():
        if element.clock is None:
            continue
        if not element.catches(EventKind.TIMER):
            yield error(element.id, "The clock %(clock)s moves timers only; remove it here.", clock=element.clock)
        elif known.clocks and element.clock not in known.clocks:
            message = "No programme has a clock %(clock)s; choose one of: %(clocks)s."
            yield error(element.id, message, clock=element.clock, clocks=", ".join(sorted(known.clocks)))


def started_clocks(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A clock that a service task starts or lengthens is one that every programme has: cases of each may come here."""
    for element, name in _started(diagram):
        for programme in sorted(one for one, clocks in known.programmes.items() if name not in clocks):
            message = "The programme %(programme)s has no clock %(clock)s; write it there, or choose another."
            yield error(element.id, message, programme=programme, clock=name)


def clocks_started(diagram: Diagram) -> frozenset[str]:
    """The clocks that service tasks of the diagram start or lengthen, as far as their names are written out."""
    return frozenset(name for _element, name in _started(diagram))


def _started(diagram: Diagram) -> Iterator[tuple[Element, str]]:
    for element in diagram.elements.values():
        asked = _CLOCK_INPUTS.get(element.service or "", ())
        for line in element.inputs:
            name = written_out(line.source) if line.target in asked else None
            if name and name not in _MADE and not name.startswith("bar_"):
                yield element, name


def messages(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Messages have names; whoever waits for one says for which, by a correlation key."""
    for element, event in _events(diagram, EventKind.MESSAGE):
        begins = _begins(diagram, element)
        if not event.name:
            yield error(element.id, "%(id)s has no message; choose or name one.", id=element.id)
        elif element.kind in _CATCHING and not begins and not event.key:
            message = "The message %(name)s needs a correlation key, so that %(id)s catches its own and no other."
            yield error(element.id, message, name=event.name, id=element.id)


def signals(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Signals have names."""
    for element, event in _events(diagram, EventKind.SIGNAL):
        if not event.name:
            yield error(element.id, "%(id)s has no signal; choose or name one.", id=element.id)


def codes(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What is thrown has a code; what catches names one that exists, or none at all to catch every code."""
    for kind in (EventKind.ERROR, EventKind.ESCALATION):
        for element, event in _events(diagram, kind):
            if not event.name and (element.kind not in _CATCHING or event.ref):
                yield error(
                    element.id, "The %(kind)s of %(id)s has no code; give it one.", kind=str(kind), id=element.id
                )


def interrupting_errors(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An error always interrupts (BPMN 2.0.2, 10.5.6)."""
    for element, _ in _events(diagram, EventKind.ERROR):
        if element.kind in {"boundaryEvent", "startEvent"} and not element.interrupting:
            yield error(element.id, "An error always interrupts; make %(id)s interrupting.", id=element.id)


def conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A conditional event says its condition."""
    for element, event in _events(diagram, EventKind.CONDITION):
        if not event.text:
            yield error(element.id, "%(id)s has no condition; enter one.", id=element.id)


def _begins(diagram: Diagram, element: Element) -> bool:
    """Whether the message begins the case, so that it needs no key; behind a gateway that waits for all it does."""
    ways = [one.gateway for one in diagram.beginnings if one.element.id == element.id]
    gateways = [diagram.elements[way] for way in ways if way is not None]
    return bool(ways) and not any(gateway.attributes.get("eventGatewayType") == "Parallel" for gateway in gateways)


def _events(diagram: Diagram, kind: EventKind) -> Iterator[tuple[Element, Event]]:
    for element in diagram.elements.values():
        for event in element.events:
            if event.kind is kind:
                yield element, event


RULES: tuple[Rule, ...] = (
    clocks,
    started_clocks,
    messages,
    signals,
    codes,
    interrupting_errors,
    conditions,
)
