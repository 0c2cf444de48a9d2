"""What begins a case can be known before there is a case: it has no data yet, and one event begins it."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine import feel
from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind, instantiates

_BEGIN: Final = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER}
_REASONS: Final[Mapping[EventKind, str]] = {
    EventKind.CONDITION: (
        "Before %(id)s there is no case whose data a condition could look at; start by a message, signal or timer, "
        "and wait for the condition behind it."
    ),
}
_NEVER: Final = "BPMN starts no process by this (%(event)s at %(id)s); start by a message, signal or timer, or by hand."


def starting_events(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A process starts by hand, by a message, a signal or a timer (BPMN 2.0.2, table 10.84)."""
    for start in diagram.starts(diagram.process_id):
        for event in start.events:
            if event.kind not in _BEGIN:
                yield error(start.id, _REASONS.get(event.kind, _NEVER), id=start.id, event=str(event.kind))
        if len(start.events) > 1 and start.attributes.get("parallelMultiple") in {"true", "1"}:
            message = (
                "%(id)s waits for all its events before there is a case; put a parallel event-based gateway there."
            )
            yield error(start.id, message, id=start.id)


def starting_timers(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A timer that starts a case is reckoned at publication: it may ask for the time, not for data."""
    for one in diagram.timers_started:
        text = one.event.text if one.event else ""
        try:
            names = feel.names(text) if text.startswith("=") else frozenset()
        except feel.FeelError:
            continue  # told by the rule for expressions
        if names:
            message = "When the timer %(id)s starts a case there is no %(names)s yet; use now() and today() only."
            yield error(one.element.id, message, id=one.element.id, names=", ".join(sorted(names)))


def instantiating(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What is marked as beginning a case stands at the beginning of the process, and waits for what can begin one."""
    for element in diagram.elements.values():
        if not instantiates(element):
            if element.attributes.get("eventGatewayType", "Exclusive") == "Parallel":
                message = "Only a gateway that begins the case waits for all its events; mark %(id)s so, or make it exclusive."
                yield error(element.id, message, id=element.id)
            continue
        if element.kind not in {"receiveTask", "eventBasedGateway"}:
            yield error(element.id, "%(id)s cannot begin a case (instantiate); remove the mark.", id=element.id)
        elif element.incoming or element.scope != diagram.process_id:
            message = "%(id)s begins a case: it stands in the process itself, and nothing leads to it."
            yield error(element.id, message, id=element.id)
        elif element.loop is not None:
            yield error(element.id, "%(id)s begins a case, so it cannot be repeated; remove the marker.", id=element.id)
        elif element.kind == "eventBasedGateway":
            yield from _first_events(diagram, element)


def _first_events(diagram: Diagram, gateway: Element) -> Iterator[Complaint]:
    """Of a gateway that waits for all, the later events find their case by its key: only messages have one."""
    behind = [diagram.elements.get(diagram.flows[flow_id].target) for flow_id in gateway.outgoing]
    waits_for_all = gateway.attributes.get("eventGatewayType") == "Parallel"
    for element in filter(None, behind):
        for event in element.events:
            if waits_for_all and event.kind is not EventKind.MESSAGE:
                message = "%(id)s would not find the case that %(gateway)s has begun; only a message with a key does."
                yield error(element.id, message, id=element.id, gateway=gateway.id)
            elif event.kind not in {EventKind.MESSAGE, EventKind.SIGNAL}:
                message = (
                    "%(id)s cannot begin a case behind %(gateway)s; draw a start event with it beside the gateway."
                )
                yield error(element.id, message, id=element.id, gateway=gateway.id)


RULES: tuple[Rule, ...] = (starting_events, starting_timers, instantiating)
