"""Every token has a way in, a way on and a way out."""

from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.checks.graph import reached_from
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind

_CHOOSING = {"exclusiveGateway", "inclusiveGateway"}
_ACTIVITIES = {
    "userTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "callActivity",
    "subProcess",
    "transaction",
}


def loose_flows(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A flow joins two elements of the same process or sub-process."""
    for flow in diagram.flows.values():
        for end in (flow.source, flow.target):
            element = diagram.elements.get(end)
            if element is None or element.scope != flow.scope:
                message = "The flow %(flow)s does not connect two elements side by side; draw it again or remove it."
                yield error(flow.id, message, flow=flow.id)
                break


def one_start(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A process has at least one start and one plain start at most; a sub-process has exactly one."""
    for scope in diagram.scopes:
        starts = diagram.starts(scope)
        if not starts:
            yield error(scope, "%(scope)s has no start event; draw one.", scope=scope)
        elif scope != diagram.process_id and len(starts) > 1:
            yield error(scope, "A sub-process needs exactly one start event; keep one of %(count)s.", count=len(starts))
        elif sum(not start.events for start in starts) > 1:
            yield error(scope, "%(scope)s has several plain start events; keep one of them.", scope=scope)


def different_start_messages(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A message starts a process at one place only."""
    seen: dict[str, str] = {}
    for start in diagram.starts(diagram.process_id):
        for event in start.events:
            if event.name and event.name in seen:
                message = "The message %(name)s already starts the process at %(other)s; keep one of them."
                yield error(start.id, message, name=event.name, other=seen[event.name])
            seen.setdefault(event.name, start.id)


def an_end(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Every process and sub-process has an end event: without one it never reports that it is complete."""
    for scope in diagram.scopes:
        if not any(element.kind == "endEvent" for element in diagram.inside(scope)):
            yield error(scope, "%(scope)s has no end event; draw one where it is complete.", scope=scope)


def dead_ends(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What is not an end event leads on."""
    for element in diagram.elements.values():
        if not _ends(element) and not element.outgoing:
            yield error(element.id, "Nothing follows %(id)s; draw a flow to what comes next, or an end.", id=element.id)


def one_way_on(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Only gateways have several outgoing flows; what is an end, or outside of normal flow, has none."""
    for element in diagram.elements.values():
        if _ends(element) and element.outgoing:
            yield error(element.id, "Nothing can follow %(id)s; remove its outgoing flows.", id=element.id)
        elif len(element.outgoing) > 1 and not element.kind.endswith("Gateway"):
            message = "%(id)s has %(count)s outgoing flows; put a gateway behind it that says how to go on."
            yield error(element.id, message, id=element.id, count=len(element.outgoing))


def no_way_in(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Nothing leads into a start event, a boundary event, a caught link or what is outside of normal flow."""
    for element in diagram.elements.values():
        if element.incoming and _begins(element):
            yield error(element.id, "No flow can lead to %(id)s; lead it to what comes next.", id=element.id)


def unreachable(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Every element can be reached from a start event."""
    for scope in diagram.scopes:
        inside = diagram.inside(scope)
        begins = [e.id for e in inside if e.kind == "startEvent" or e.event_subprocess or e.compensates]
        reached = reached_from(diagram, begins)
        for element in inside:
            if element.id not in reached:
                yield error(element.id, "Nothing leads to %(id)s; draw a flow to it or remove it.", id=element.id)


def attached_boundaries(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A boundary event hangs on an activity beside it, and says what it waits for."""
    for event in diagram.elements.values():
        if event.kind != "boundaryEvent":
            continue
        host = diagram.elements.get(event.attached_to or "")
        if host is None or host.scope != event.scope or host.kind not in _ACTIVITIES or host.event_subprocess:
            yield error(event.id, "%(id)s is not attached to a task or sub-process; attach it.", id=event.id)


def defined_events(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What catches says what it waits for; otherwise it would not wait at all."""
    for element in diagram.elements.values():
        if (
            element.kind in {"boundaryEvent", "intermediateCatchEvent", "receiveTask", "sendTask"}
            and not element.events
        ):
            message = "%(id)s does not say what it waits for or sends; choose a message, timer or other event."
            yield error(element.id, message, id=element.id)


def idle_conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Conditions stand on flows that leave an exclusive or inclusive gateway."""
    for flow in diagram.flows.values():
        source = diagram.elements.get(flow.source)
        if flow.condition is not None and source is not None and source.kind not in _CHOOSING:
            message = "The condition on %(flow)s would be ignored; put an exclusive gateway before it."
            yield error(flow.id, message, flow=flow.id)


def missing_conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Where a gateway chooses, every flow but the default one has a condition."""
    for gateway in _choosing(diagram):
        for flow_id in gateway.outgoing:
            flow = diagram.flows[flow_id]
            if flow_id != gateway.default and not flow.condition:
                message = "The flow %(flow)s needs a condition, or must be the default flow of %(gateway)s."
                yield error(flow_id, message, flow=flow_id, gateway=gateway.id)
            if flow_id == gateway.default and flow.condition:
                yield error(flow_id, "The default flow %(flow)s cannot have a condition; remove it.", flow=flow_id)


def wrong_defaults(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A default flow leaves the gateway that names it, and only a gateway that chooses has one."""
    for element in diagram.elements.values():
        if element.default and (element.kind not in _CHOOSING or element.default not in element.outgoing):
            message = "The default flow %(flow)s of %(id)s would be ignored; choose one of its own flows, or none."
            yield error(element.id, message, flow=element.default, id=element.id)


def _begins(element: Element) -> bool:
    caught_link = element.kind == "intermediateCatchEvent" and element.catches(EventKind.LINK)
    apart = element.event_subprocess or element.compensates
    return element.kind in {"startEvent", "boundaryEvent"} or apart or caught_link


def _ends(element: Element) -> bool:
    apart = element.event_subprocess or element.compensates
    return element.kind == "endEvent" or apart or element.throws_link or element.catches_compensation


def _choosing(diagram: Diagram) -> Iterator[Element]:
    for element in diagram.elements.values():
        if element.kind in _CHOOSING and len(element.outgoing) > 1:
            yield element


RULES: tuple[Rule, ...] = (
    loose_flows,
    one_start,
    different_start_messages,
    an_end,
    dead_ends,
    one_way_on,
    no_way_in,
    unreachable,
    attached_boundaries,
    defined_events,
    idle_conditions,
    missing_conditions,
    wrong_defaults,
)
