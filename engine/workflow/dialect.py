"""From the elements of a diagram, in the `zeebe:` dialect, to SpiffWorkflow specifications of our own node classes.

The same `Diagram` that pages show and checks judge is what runs: the file is read once, by `engine.workflow.diagram`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.domain.errors import Invalid, Problem
from engine.workflow import catching, compensation, joins, nodes, rules, scopes, throwing, watching
from engine.workflow.adhoc import AdHocNode, menu
from engine.workflow.complex_gateway import ComplexNode
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Beginning, Element, EventKind, Flow, begins_by_itself
from engine.workflow.repeats import LoopNode, MultiNode

_KINDS: Mapping[str, Callable[..., Any]] = {
    "task": nodes.PlainNode,
    "manualTask": nodes.PlainNode,
    "userTask": nodes.UserNode,
    "serviceTask": nodes.ServiceNode,
    "businessRuleTask": rules.node,
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
    "transaction": scopes.TransactionNode,
    "adHocSubProcess": AdHocNode,
}
_WAITING = {"intermediateCatchEvent", "boundaryEvent", "receiveTask"}
_NOTHING: Mapping[str, object] = MappingProxyType({})
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
            _attach(element, made[element.attached_to], made)
    compensation.Compensation(spec, scope, diagram.process_id)
    spec.starts = _starts(diagram, scope, made)
    if scope in diagram.elements and diagram.elements[scope].kind == "adHocSubProcess":
        spec.starts, spec.menu = MappingProxyType({None: ()}), menu(spec, made)
    spec.declared = diagram.declared.get(scope, ())
    spec.conditional = any(element.catches(EventKind.CONDITION) for element in inside)
    parts = [element for element in inside if element.event_subprocess]
    undoing = [element for element in parts if _undoes(diagram, element)]
    spec.listeners = tuple(_listener(diagram, spec, element) for element in parts if element not in undoing)
    spec.compensation = made[undoing[0].id] if undoing else None
    spec.remembers = scope != diagram.process_id or _throws_compensation(diagram, scope)
    return spec


def _attach(event: Element, host: Any, made: Mapping[str, Any]) -> None:
    """A boundary event waits while its activity runs; one for compensation only names the handler (10.7.1)."""
    if not event.catches_compensation:
        host.boundaries += (made[event.id],)
        return
    handlers = [handler for handler in event.handlers if handler in made]
    if len(handlers) != 1:
        raise _cannot_run(event, "The compensation event is not joined to exactly one activity beside it.")
    getattr(host, "each", host).handler = made[handlers[0]]


def _throws_compensation(diagram: Diagram, scope: str) -> bool:
    """Whether something in a process, or in its event sub-processes, undoes what was completed in it.

    A case that nothing can undo keeps no records, however long it lives; what is called can be undone by its caller.
    """
    inside = diagram.inside(scope)
    throwing = (e for e in inside if e.kind in {"intermediateThrowEvent", "endEvent"})
    parts = (element.id for element in inside if element.event_subprocess)
    thrown = any(element.catches(EventKind.COMPENSATION) for element in throwing)
    return thrown or any(_throws_compensation(diagram, part) for part in parts)


def _undoes(diagram: Diagram, element: Element) -> bool:
    return any(start.catches(EventKind.COMPENSATION) for start in diagram.starts(element.id))


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


_Starts = Mapping[tuple[str, str] | None, tuple[tuple[Any, Mapping[str, object]], ...]]


def _starts(diagram: Diagram, scope: str, made: Mapping[str, Any]) -> _Starts:
    """Where tokens begin and with which facts, by what begins there; under None what begins without a cause."""
    if scope == diagram.process_id and diagram.beginnings:
        return _beginnings(diagram.beginnings, made)
    inside = diagram.inside(scope)
    drawn = [element for element in inside if element.kind == "startEvent"]
    begun = drawn or [element for element in inside if begins_by_itself(element)]
    return MappingProxyType({None: tuple((made[element.id], _NOTHING) for element in begun)})


def _beginnings(beginnings: tuple[Beginning, ...], made: Mapping[str, Any]) -> _Starts:
    """Each way to begin a case; by hand or by a call it begins at the first plain start event (BPMN 2.0.2, 10.5.2)."""
    found: dict[tuple[str, str] | None, tuple[tuple[Any, Mapping[str, object]], ...]] = {None: ()}
    for one in beginnings:
        start: tuple[Any, Mapping[str, object]] = (made[one.element.id], _NOTHING)
        if one.gateway is not None:
            start = (made[one.gateway], {catching.BEGUN: one.element.id})
        elif one.element.kind == "receiveTask":
            start = (made[one.element.id], {catching.BEGUN: True})
        found[one.cause] = (*found.get(one.cause, ()), start)
        if one.event is None:
            found[None] = found[None] or (start,)
    return MappingProxyType(found)


def _listener(diagram: Diagram, spec: Any, element: Element) -> Any:
    starts = diagram.starts(element.id)
    if len(starts) != 1 or not starts[0].events:
        raise _cannot_run(element, "An event sub-process needs one start event that waits for something.")
    return watching.Listener(spec, starts[0], element)


def _cannot_run(element: Element, message: str) -> Invalid:
    return Invalid("This process cannot run.", [Problem(element.id, message)])
