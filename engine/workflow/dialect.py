"""From the elements of a diagram, in the `zeebe:` dialect, to SpiffWorkflow specifications of our own node classes.

The same `Diagram` that pages show and checks judge is what runs: the file is read once, by `engine.workflow.diagram`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.domain.errors import Invalid, Problem
from engine.workflow import catching, joins, nodes, scopes, throwing, watching
from engine.workflow.adhoc import AdHocNode, menu
from engine.workflow.complex_gateway import ComplexNode
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind, Flow, begins_by_itself
from engine.workflow.repeats import LoopNode, MultiNode

_KINDS: Mapping[str, Callable[..., Any]] = {
    "task": nodes.PlainNode,
    "manualTask": nodes.PlainNode,
    "userTask": nodes.UserNode,
    "serviceTask": nodes.ServiceNode,
    "scriptTask": nodes.ScriptNode,
    "sendTask": throwing.ThrowNode,
    "receiveTask": catching.CatchNode,
    "exclusiveGateway": nodes.ExclusiveNode,
    "parallelGateway": nodes.Gateway,
    "inclusiveGateway": nodes.Gateway,
    "complexGateway": ComplexNode,
    "eventBasedGateway": catching.EventGateway,
    "startEvent": scopes.StartNode,
    "intermediateCatchEvent": catching.CatchNode,
    "boundaryEvent": watching.BoundaryNode,
    "intermediateThrowEvent": throwing.ThrowNode,
    "endEvent": throwing.EndNode,
}
_SCOPES: Mapping[str, Callable[..., Any]] = {
    "subProcess": scopes.SubNode,
    "transaction": scopes.SubNode,
    "adHocSubProcess": AdHocNode,
}
_WAITING = {"intermediateCatchEvent", "boundaryEvent", "receiveTask"}
_NEVER = {EventKind.COMPENSATION, EventKind.CANCEL}
_JOINS = {"parallelGateway": joins.ParallelJoin, "inclusiveGateway": joins.InclusiveJoin}


def process_key(process_id: str) -> str:
    """The name of a process's specification."""
    return f"process {process_id}"


def specifications(diagram: Diagram) -> dict[str, Any]:
    """One specification for the process and for each sub-process in it, by key; Invalid names what cannot run."""
    return {_key(diagram.process_id, scope): _specification(diagram, scope) for scope in diagram.scopes}


def _key(process_id: str, scope: str) -> str:
    return process_key(scope) if scope == process_id else f"inside {process_id}/{scope}"


def _specification(diagram: Diagram, scope: str) -> Any:
    spec = BpmnProcessSpec(name=_key(diagram.process_id, scope))
    inside = diagram.inside(scope)
    made = {element.id: _looped(spec, element) for element in inside}
    for node in made.values():
        _connect(diagram, node, made)
    for element in inside:
        _link(diagram, element, made)
    for element in inside:
        if element.kind == "boundaryEvent" and element.attached_to in made:
            made[element.attached_to].boundaries += (made[element.id],)
    spec.starts = _starts(inside, made)
    if scope in diagram.elements and diagram.elements[scope].kind == "adHocSubProcess":
        spec.starts, spec.menu = MappingProxyType({None: ()}), menu(spec, made)
    spec.conditional = any(element.catches(EventKind.CONDITION) for element in inside)
    spec.listeners = tuple(_listener(diagram, spec, element) for element in inside if element.event_subprocess)
    return spec


def _looped(spec: Any, element: Element) -> Any:
    if element.loop is None:
        return _node(spec, element)
    if element.loop.endless or not element.loop.counted:
        raise _cannot_run(element, "The loop does not say how often the activity is done.")
    each = _node(spec, element, name=f"#{element.id} [each]")
    each.tells, each.needs = False, 1
    repeated = LoopNode if element.loop.kind == "standard" else MultiNode
    return repeated(spec, element, element.loop, each)


def _node(spec: Any, element: Element, **more: Any) -> Any:
    _require_events(element)
    if not (element.start_quantity and element.completion_quantity):
        raise _cannot_run(element, "A quantity of tokens is a whole number from 1 to 999.")
    if element.kind in _SCOPES:
        return _SCOPES[element.kind](spec, element, _key(element.process, element.id), **more)
    if element.kind == "callActivity":
        return scopes.CallNode(spec, element, process_key(element.called or ""), **more)
    if element.kind == "complexGateway" and not element.activation:
        raise _cannot_run(element, "The complex gateway has no activation condition.")
    make = _KINDS.get(element.kind)
    if element.kind == "sendTask" and element.service:
        make = nodes.ServiceNode
    if make is None:
        raise _cannot_run(element, "This kind of element does not run.")
    if len(element.incoming) > 1:
        make = _JOINS.get(element.kind, make)
    return make(spec, element, **more)


def _require_events(element: Element) -> None:
    """What the checks refuse with better words is refused here too: no event may be passed over in silence."""
    if not element.events and element.kind in _WAITING:
        raise _cannot_run(element, "The element does not say what it waits for.")
    if any(event.kind in _NEVER for event in element.events):
        raise _cannot_run(element, "This kind of event does not run.")


def _connect(diagram: Diagram, node: Any, made: Mapping[str, Any]) -> None:
    flows = [diagram.flows[flow_id] for flow_id in node.element.outgoing]
    node.flows = tuple(flow for flow in flows if flow.target in made)
    node.targets = MappingProxyType({flow.id: made[flow.target] for flow in node.flows})
    for flow in node.flows:
        node.connect(made[flow.target])


def _link(diagram: Diagram, element: Element, made: Mapping[str, Any]) -> None:
    """A link is a way that is not drawn: from where it is thrown to where it is caught (BPMN 2.0.2, 10.5.5)."""
    if not element.throws_link:
        return
    caught = diagram.link_targets(element)
    if len(caught) != 1:
        raise _cannot_run(element, "The link leads to no place, or to several.")
    node, target = made[element.id], caught[0].id
    flow = Flow(f"{element.id} to {target}", element.id, target, element.scope)
    node.flows = (flow,)
    node.targets = MappingProxyType({flow.id: made[target]})
    node.connect(made[target])


def _starts(inside: tuple[Element, ...], made: Mapping[str, Any]) -> Mapping[str | None, tuple[Any, ...]]:
    """The nodes where tokens begin, by the message that begins there; under None those that need none.

    What an event sub-process waits for has happened when a token comes in: there every start event needs none.
    """
    found: dict[str | None, tuple[Any, ...]] = {None: ()}
    drawn = [element for element in inside if element.kind == "startEvent"]
    for element in drawn or filter(begins_by_itself, inside):
        if element not in drawn or not element.events or element.scope != element.process:
            found[None] = (*found[None], made[element.id])
        elif element.event and element.event.kind is EventKind.MESSAGE:
            found[element.event.name] = (*found.get(element.event.name, ()), made[element.id])
    return MappingProxyType(found)


def _listener(diagram: Diagram, spec: Any, element: Element) -> Any:
    starts = diagram.starts(element.id)
    if len(starts) != 1 or not starts[0].events:
        raise _cannot_run(element, "An event sub-process needs one start event that waits for something.")
    return watching.Listener(spec, starts[0], element)


def _cannot_run(element: Element, message: str) -> Invalid:
    return Invalid("This process cannot run.", [Problem(element.id, message)])
