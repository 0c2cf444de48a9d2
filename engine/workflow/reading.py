"""From the XML of one process to its elements, flows and lanes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from engine import xml
from engine.workflow import associations, extensions, repetition
from engine.workflow.elements import Element, Event, EventKind, Flow, Lane, Stranger, TimerKind, is_scope
from engine.workflow.extensions import Extensions
from engine.workflow.repetition import text_of

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

_EVENTS = {f"{kind}EventDefinition": kind for kind in EventKind}
_TIMERS = {kind.value: kind for kind in TimerKind}
_NAMED = {
    EventKind.MESSAGE: ("messageRef", "name"),
    EventKind.SIGNAL: ("signalRef", "name"),
    EventKind.ERROR: ("errorRef", "errorCode"),
    EventKind.ESCALATION: ("escalationRef", "escalationCode"),
}
_CONSUMED = {"extensionElements", "documentation", "incoming", "outgoing", "activationCondition", *_EVENTS}
_CONSUMED |= {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
_LOOP_PARTS = {
    "extensionElements",
    "documentation",
    "completionCondition",
    "loopCardinality",
    "complexBehaviorDefinition",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
}
_PICTURES = {"textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference"}
_STRUCTURE = {"sequenceFlow", "laneSet"}
_DATA = {"ioSpecification", "property", "dataInput", "dataOutput", "dataInputAssociation", "dataOutputAssociation"}
_PARTS = {"resourceRole", "performer", "humanPerformer", "potentialOwner", "auditing", "monitoring", "supports"}
_PARTS |= {"eventDefinitionRef", "correlationSubscription", "completionCondition", "script", "categoryValueRef"}
_NOT_NODES = _CONSUMED | _PICTURES | _STRUCTURE | _PARTS | _DATA


@dataclass(frozen=True, slots=True)
class Source:
    """What the elements of a process refer to: named things by id, the ids that are drawn, data by their variables."""

    root_things: Mapping[str, etree._Element]
    drawn: frozenset[str]
    data: Mapping[str, str]


def flows(process: etree._Element, source: Source) -> Iterator[Flow]:
    """Every sequence flow of the process and its sub-processes."""
    for node in process.iter(f"{{{BPMN}}}sequenceFlow"):
        parent = node.getparent()
        said = extensions.read(node)
        yield Flow(
            id=node.get("id", ""),
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            scope="" if parent is None else parent.get("id", ""),
            line=line(node),
            name=words(node.get("name")),
            name_en=said.properties.get("name_en", ""),
            condition=text_of(node, "conditionExpression"),
            has_shape=node.get("id") in source.drawn,
        )


def lanes(process: etree._Element) -> Iterator[Lane]:
    """The lanes; where lanes are nested, the innermost come last."""
    for node in process.iter(f"{{{BPMN}}}lane"):
        refs = [child.text or "" for child in node if xml.local(child) == "flowNodeRef"]
        yield Lane(
            id=node.get("id", ""),
            name=words(node.get("name")),
            name_en=extensions.read(node).properties.get("name_en", ""),
            elements=tuple(ref.strip() for ref in refs),
        )


def elements(process: etree._Element, source: Source) -> Iterator[Element]:
    """Every flow node of the process, in the order of the file, a sub-process before what it contains."""
    lane_of = {ref: lane.id for lane in lanes(process) for ref in lane.elements}
    sources: dict[str, list[str]] = {}
    targets: dict[str, list[str]] = {}
    for flow in flows(process, source):
        sources.setdefault(flow.source, []).append(flow.id)
        targets.setdefault(flow.target, []).append(flow.id)
    joined = list(_associations(process))
    for scope, node in _nodes(process):
        _in_order(node, sources)
        drawn = _element(node, scope, process.get("id", ""), source)
        lane = lane_of.get(drawn.id) or lane_of.get(drawn.attached_to or "") or lane_of.get(scope)
        if lane and is_scope(drawn):
            lane_of[drawn.id] = lane
        yield replace(
            drawn,
            handlers=_handlers(drawn, joined),
            lane=lane,
            role=_role(drawn, lane),
            incoming=tuple(targets.get(drawn.id, ())),
            outgoing=tuple(sources.get(drawn.id, ())),
        )


def strangers(process: etree._Element) -> Iterator[Stranger]:
    """What stands between the flow nodes of a process or sub-process and is not BPMN, or means nothing there."""
    for container in (process, *(node for node in nodes(process) if _holds_nodes(node))):
        for child in container:
            name = xml.local(child)
            parts = (_PARTS | _DATA) - {"property"} if container is process else set()
            if xml.namespace(child) != BPMN or name in parts:
                yield Stranger(container.get("id", ""), name, line(child))


def line(node: etree._Element) -> int:
    """The line of the file on which the element begins."""
    return node.sourceline or 0  # type: ignore[return-value]  # the stubs leave the setter's type open


def words(text: str | None) -> str:
    """A name as people read it: line breaks drawn into a shape are spaces."""
    return " ".join((text or "").split())


def documentation(node: etree._Element) -> str:
    """The documentation of this element, and of no other below it."""
    texts = ("".join(str(t) for t in child.itertext()) for child in node if xml.local(child) == "documentation")
    return "\n".join(text.strip() for text in texts if text.strip())


def nodes(process: etree._Element) -> Iterator[etree._Element]:
    """The XML of every flow node, known or unknown, sub-processes before their contents."""
    return (node for _, node in _nodes(process))


def _nodes(container: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for child in container:
        if xml.namespace(child) == BPMN and xml.local(child) not in _NOT_NODES:
            yield container.get("id", ""), child
            if _holds_nodes(child):
                yield from _nodes(child)


def _holds_nodes(node: etree._Element) -> bool:
    return xml.local(node) in {"subProcess", "transaction", "adHocSubProcess"}


def _element(node: etree._Element, scope: str, process: str, source: Source) -> Element:
    said = extensions.read(node)
    attributes = {str(key): str(value) for key, value in node.attrib.items() if not str(key).startswith("{")}
    return Element(
        id=attributes.get("id", ""),
        kind=xml.local(node),
        process=process,
        scope=scope,
        line=line(node),
        name=words(attributes.get("name")),
        name_en=said.properties.get("name_en", ""),
        documentation=documentation(node),
        documentation_en=said.properties.get("documentation_en", ""),
        candidate_groups=said.text("assignmentDefinition.candidateGroups") or "",
        candidate_users=said.text("assignmentDefinition.candidateUsers") or "",
        assignee=said.text("assignmentDefinition.assignee"),
        due=said.text("taskSchedule.dueDate"),
        form=said.text("formDefinition.formId"),
        service=said.text("taskDefinition.type"),
        retries=said.text("taskDefinition.retries") or "",
        script=said.text("script.expression"),
        result=said.text("script.resultVariable") or said.text("calledDecision.resultVariable"),
        decision=said.text("calledDecision.decisionId"),
        called=said.text("calledElement.processId") or attributes.get("calledElement"),
        all_in=said.text("calledElement.propagateAllParentVariables") != "false",
        all_out=_all_out(said),
        inputs=(*associations.inputs(node, source.data), *said.inputs),
        outputs=(*associations.outputs(node, source.data), *said.outputs),
        events=tuple(_events(node, said, source)),
        attached_to=attributes.get("attachedToRef"),
        interrupting=_interrupting(attributes),
        event_subprocess=attributes.get("triggeredByEvent") in {"true", "1"},
        default=attributes.get("default"),
        loop=repetition.read(node, lambda child: _definition(child, source), associations.loop_data(node, source.data)),
        clock=said.properties.get("clock") or None,
        phase=said.properties.get("phase") or None,
        not_by=said.words("not_by"),
        properties=MappingProxyType(dict(said.properties)),
        attributes=MappingProxyType(attributes),
        extras=tuple(_extras(node)),
        extensions=(*said.unread, *_unread_below(node)),
        has_shape=attributes.get("id") in source.drawn,
        start_quantity=repetition.quantity(attributes, "startQuantity"),
        activation=text_of(node, "activationCondition"),
        completion_quantity=repetition.quantity(attributes, "completionQuantity"),
        adhoc=repetition.adhoc(node, said),
    )


def _associations(process: etree._Element) -> Iterator[tuple[str, str]]:
    """The flow nodes that an association joins, in both directions: which way it points is a matter of drawing."""
    ids = {node.get("id") for node in nodes(process)}
    root = process.getroottree().getroot()
    for node in root.iter(f"{{{BPMN}}}association"):
        one, other = (node.get(end, "") for end in ("sourceRef", "targetRef"))
        if one in ids and other in ids:
            yield from ((one, other), (other, one))


def _handlers(element: Element, joined: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    if element.kind != "boundaryEvent":
        return ()
    return tuple(dict.fromkeys(other for one, other in joined if one == element.id))


def _unread_below(node: etree._Element) -> Iterator[str]:
    """What nothing reads in the extension elements of the event definitions and loops of an element."""
    for child in node:
        if xml.local(child) in _EVENTS or xml.local(child).endswith("LoopCharacteristics"):
            yield from extensions.read(child).unread


def _in_order(node: etree._Element, sources: Mapping[str, list[str]]) -> None:
    """The element's own list of outgoing flows tells their order, as far as it names them (BPMN 2.0.2, FlowNode)."""
    listed = {child.text: place for place, child in enumerate(node) if xml.local(child) == "outgoing"}
    sources.get(node.get("id", ""), []).sort(key=lambda flow: listed.get(flow, len(node)))


def _role(element: Element, lane: str | None) -> str | None:
    groups = element.candidate_groups
    return groups if groups and not groups.startswith("=") else None if groups else lane


def _all_out(said: Extensions) -> bool:
    """Camunda's default is to hand everything back, unless the diagram maps what it wants (Camunda 8, call activities)."""
    return said.text("calledElement.propagateAllChildVariables") == "true" or (
        "calledElement.propagateAllChildVariables" not in said.values and not said.outputs
    )


def _interrupting(attributes: Mapping[str, str]) -> bool:
    return not {attributes.get("cancelActivity"), attributes.get("isInterrupting")} & {"false", "0"}


def _extras(node: etree._Element) -> Iterator[str]:
    yield from associations.faults(node)
    for child in node:
        name = xml.local(child)
        foreign = xml.namespace(child) != BPMN
        if name in _DATA or (name == "completionCondition" and xml.local(node) == "adHocSubProcess"):
            continue
        if foreign or (name in _PARTS if _holds_nodes(node) else name not in _CONSUMED):
            yield name
        elif name == "multiInstanceLoopCharacteristics":
            yield from (part for part in map(xml.local, child) if part not in _LOOP_PARTS)


def _definition(node: etree._Element, source: Source) -> Event | None:
    """The event definition inside of `node`, or the one at the root that its text refers to."""
    name = (node.text or "").strip().rpartition(":")[2]
    named = source.root_things.get(name) if name else None
    return next((_event(_EVENTS[xml.local(one)], one, Extensions(), source) for one in (*node, named)
                 if one is not None and xml.local(one) in _EVENTS), None)  # fmt: skip


def _events(node: etree._Element, said: Extensions, source: Source) -> Iterator[Event]:
    for child in node:
        kind = _EVENTS.get(xml.local(child))
        if kind is not None:
            yield _event(kind, child, said, source)
    if xml.local(node) in {"receiveTask", "sendTask"} and node.get("messageRef"):
        yield _event(EventKind.MESSAGE, node, said, source)


def _event(kind: EventKind, node: etree._Element, said: Extensions, source: Source) -> Event:
    if kind in _NAMED:
        return _named(kind, node, said, source)
    if kind is EventKind.TIMER:
        return _timer(node)
    if kind is EventKind.CONDITION:
        return Event(kind, text=text_of(node, "condition") or "")
    if kind is EventKind.COMPENSATION:
        ref = node.get("activityRef", "")
        return Event(kind, name=ref, ref=ref, waits=node.get("waitForCompletion") not in {"false", "0"})
    return Event(kind, name=words(node.get("name")) if kind is EventKind.LINK else "")


def _named(kind: EventKind, node: etree._Element, said: Extensions, source: Source) -> Event:
    reference, naming = _NAMED[kind]
    ref = node.get(reference, "")
    thing = source.root_things.get(ref)
    if thing is None:
        return Event(kind, ref=ref)
    key = extensions.read(thing).text("subscription.correlationKey") or said.properties.get("correlationKey")
    return Event(kind, name=words(thing.get(naming)), ref=ref, key=key or "")


def _timer(node: etree._Element) -> Event:
    for child in node:
        if (kind := _TIMERS.get(xml.local(child))) is not None:
            return Event(EventKind.TIMER, text=(child.text or "").strip(), timer=kind)
    return Event(EventKind.TIMER)
