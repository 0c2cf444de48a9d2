"""Every token has a way in, a way on and a way out."""

from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, warning
from engine.workflow.checks.graph import beginnings, reached_from
from engine.workflow.diagram import Diagram
from engine.workflow.elements import ACTIVITIES, Element, EventKind

_GATES = {"exclusiveGateway", "inclusiveGateway"}
_CHOOSING = _GATES | ACTIVITIES | {"complexGateway"}


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
    """A process has a way to begin, a sub-process one start at most.

    Without a start event, what nothing leads to begins (BPMN 2.0.2, 10.5.2).
    """
    for scope in diagram.scopes:
        starts = diagram.starts(scope)
        if not starts and not beginnings(diagram, scope):
            message = "Nothing in %(scope)s can begin; draw a start event."
            yield error(scope, message, scope=scope)
        elif scope != diagram.process_id and len(starts) > 1:
            yield error(scope, "A sub-process needs exactly one start event; keep one of %(count)s.", count=len(starts))


def different_start_messages(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A message or signal starts a process at one place only."""
    seen: dict[tuple[str, str], str] = {}
    for one in diagram.beginnings:
        if one.event is None or not one.event.name:
            continue
        if one.cause in seen:
            message = "%(name)s already starts the process at %(other)s; keep one of them."
            yield error(one.element.id, message, name=one.event.name, other=seen[one.cause])
        seen.setdefault(one.cause, one.element.id)


def dead_ends(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What begins something leads on; elsewhere a way may end without an end event (BPMN 2.0.2, 10.5.3)."""
    for element in diagram.elements.values():
        if _ends(element) or element.outgoing:
            continue
        if _begins(element):
            yield error(element.id, "Nothing follows %(id)s; draw a flow to what comes next, or an end.", id=element.id)
        elif any(other.kind == "endEvent" for other in diagram.inside(element.scope)):
            message = "The way ends at %(id)s without an end event; if it should go on, draw a flow."
            yield warning(element.id, message, id=element.id)


def nothing_behind(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """End events, thrown links and event sub-processes have no outgoing flows."""
    for element in diagram.elements.values():
        if _ends(element) and element.outgoing:
            yield error(element.id, "Nothing can follow %(id)s; remove its outgoing flows.", id=element.id)


def no_way_in(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Nothing leads into a start event, a boundary event, a caught link or what is outside of normal flow."""
    for element in diagram.elements.values():
        if element.incoming and _begins(element):
            yield error(element.id, "No flow can lead to %(id)s; lead it to what comes next.", id=element.id)


def unreachable(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Every element can be reached from where its process begins."""
    for scope in diagram.scopes:
        reached = reached_from(diagram, beginnings(diagram, scope))
        for element in diagram.inside(scope):
            if element.id not in reached:
                yield error(element.id, "Nothing leads to %(id)s; draw a flow to it or remove it.", id=element.id)


def attached_boundaries(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A boundary event hangs on an activity beside it, and says what it waits for."""
    for event in diagram.elements.values():
        if event.kind != "boundaryEvent":
            continue
        host = diagram.elements.get(event.attached_to or "")
        if host is None or host.scope != event.scope or host.kind not in ACTIVITIES or host.event_subprocess:
            yield error(event.id, "%(id)s is not attached to a task or sub-process; attach it.", id=event.id)


def defined_events(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What catches says what it waits for; otherwise it would not wait at all."""
    for element in diagram.elements.values():
        if (
            element.kind in {"boundaryEvent", "intermediateCatchEvent", "receiveTask", "sendTask"}
            and not element.events
            and not element.service
        ):
            message = "%(id)s does not say what it waits for or sends; choose a message, timer or other event."
            yield error(element.id, message, id=element.id)


def idle_conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Conditions stand on flows that leave an activity or a gateway that chooses (BPMN 2.0.2, 8.4.13 and 10.5)."""
    for flow in diagram.flows.values():
        source = diagram.elements.get(flow.source)
        if flow.condition is not None and source is not None and source.kind not in _CHOOSING:
            message = "The condition on %(flow)s would be ignored; put an exclusive gateway before it."
            yield error(flow.id, message, flow=flow.id)


def missing_conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Where a gateway chooses, every flow but the default one has a condition; a condition says something."""
    for element in diagram.elements.values():
        if element.kind not in _CHOOSING:
            continue
        for flow_id in element.outgoing:
            condition, default = diagram.flows[flow_id].condition, flow_id == element.default
            needed = element.kind in _GATES and len(element.outgoing) > 1
            if not default and (condition == "" or (needed and condition is None)):
                message = "The flow %(flow)s needs a condition, or must be the default flow of %(gateway)s."
                yield error(flow_id, message, flow=flow_id, gateway=element.id)
            if default and condition:
                yield warning(
                    flow_id, "The condition of the default flow %(flow)s is ignored; remove it.", flow=flow_id
                )


def choice_of_one(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A conditional or default flow leaves an activity beside another one: a single flow is no choice (8.4.13)."""
    for element in diagram.elements.values():
        for flow_id in element.outgoing if element.kind in ACTIVITIES and len(element.outgoing) == 1 else ():
            if diagram.flows[flow_id].condition is not None or flow_id == element.default:
                message = "%(flow)s is the only way on from %(id)s; remove its condition, or draw the other way."
                yield error(flow_id, message, flow=flow_id, id=element.id)


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


RULES: tuple[Rule, ...] = (
    loose_flows,
    one_start,
    different_start_messages,
    dead_ends,
    nothing_behind,
    no_way_in,
    unreachable,
    attached_boundaries,
    defined_events,
    idle_conditions,
    missing_conditions,
    choice_of_one,
    wrong_defaults,
)
