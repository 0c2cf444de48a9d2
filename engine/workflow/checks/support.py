"""What BPMN knows and this engine does not run (yet): each table line here is lifted when the construct runs as drawn."""

from collections.abc import Iterator, Mapping

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, warning
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind, is_scope

_EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
_TASKS = {"userTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "callActivity", "subProcess"}
_TASKS |= {"task", "manualTask", "transaction", "businessRuleTask", "adHocSubProcess"}
_GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
RUNS = _EVENTS | _TASKS | _GATEWAYS

_DOES = {"task", "manualTask", "userTask", "serviceTask", "scriptTask", "callActivity", "subProcess", "transaction"}
_DOES |= {"businessRuleTask", "adHocSubProcess"}
_SENDS = {"sendTask", "intermediateThrowEvent", "endEvent"}
_RECEIVES = {"receiveTask", "intermediateCatchEvent", "boundaryEvent"}

_CATCHES = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER, EventKind.CONDITION}
_RISES = {EventKind.ERROR, EventKind.ESCALATION}
_THROWS = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION}
DEFINITIONS: Mapping[str, frozenset[EventKind]] = {
    "intermediateCatchEvent": frozenset(_CATCHES | {EventKind.LINK}),
    "boundaryEvent": frozenset(_CATCHES | _RISES | {EventKind.CANCEL, EventKind.COMPENSATION}),
    "intermediateThrowEvent": frozenset(_THROWS | {EventKind.LINK, EventKind.COMPENSATION}),
    "endEvent": frozenset(_THROWS | {EventKind.ERROR, EventKind.TERMINATE, EventKind.CANCEL, EventKind.COMPENSATION}),
}
_EVENT_SUBPROCESS_STARTS = _CATCHES | _RISES | {EventKind.COMPENSATION}

# Extensions that mean nothing to a running case, and those that only other programs show to somebody.
_HARMLESS = {
    "zeebe:versionTag",
    "@zeebe:modelerTemplate",
    "@zeebe:modelerTemplateVersion",
    "@zeebe:modelerTemplateIcon",
}
_HARMLESS |= {"@camunda:modelerTemplate", "@camunda:versionTag", "@camunda:historyTimeToLive"}
_SHOWN = {"zeebe:priorityDefinition", "zeebe:jobPriorityDefinition", "zeebe:userTaskForm"}
_EXECUTING = ("zeebe:", "camunda:", "activiti:", "flowable:", "spiffworkflow:", "drools:")
_LISTENER = "%(name)s does not run here; draw a service task where it is to happen."
_PINNED = "%(name)s does not choose here: the version in force at publication is kept; remove it."
EXTENSIONS: Mapping[str, str] = {
    "zeebe:executionListeners": _LISTENER,
    "zeebe:taskListeners": _LISTENER,
    "zeebe:taskHeaders": "%(name)s reach no service here; enter them as inputs.",
    "zeebe:calledElement processIdExpression": "The called process must be written out, so that its version can be kept.",
    "zeebe:calledElement businessId": "%(name)s does not run here; remove it.",
    "zeebe:calledElement versionTag": _PINNED,
    "zeebe:calledDecision versionTag": _PINNED,
    "zeebe:formDefinition versionTag": _PINNED,
}


def unsupported_elements(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Only elements that run as drawn may stand in a process."""
    for element in diagram.elements.values():
        if element.kind not in RUNS:
            message = "The element %(id)s is a %(kind)s, which does not run; remove it."
            yield error(element.id, message, id=element.id, kind=element.kind)


def nobody_is_asked(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A manual or plain task is passed at once: BPMN gives it nobody who would say that it is done (13.3.3)."""
    for element in diagram.elements.values():
        if element.kind in {"task", "manualTask"}:
            message = (
                "Nobody is asked at %(id)s: the process goes on at once; make it a user task if somebody must say so."
            )
            yield warning(element.id, message, id=element.id)


def data_stores(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A data store is a variable of the process here: what must outlive the case is kept by a service."""
    for store in diagram.stores:
        message = "The data store %(id)s lives only as long as the case; what must stay is kept by a service."
        yield warning(store, message, id=store)


def unsupported_events(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An event waits for, or throws, only what the engine really does there."""
    for element in diagram.elements.values():
        allowed = _allowed(diagram, element)
        for event in element.events:
            if event.kind not in allowed:
                message = "A %(kind)s with the definition %(event)s does not run here; use one of: %(allowed)s."
                names = ", ".join(sorted(allowed)) or "none"
                yield error(element.id, message, kind=element.kind, event=str(event.kind), allowed=names)


def event_subprocesses(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An event sub-process says what starts it."""
    for part in diagram.elements.values():
        for start in diagram.starts(part.id) if part.event_subprocess else ():
            if not start.events:
                yield error(start.id, "%(id)s must say what starts it, such as a message or a timer.", id=start.id)


def ignored_parts(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """No part of an element promises what the engine does not do."""
    for element in diagram.elements.values():
        for part in element.extras:
            if part == "eventDefinitionRef":
                message = "%(id)s refers to an event definition that the file does not have; choose what it is about."
                yield error(element.id, message, id=element.id)
                continue
            message = "%(part)s does not run; remove it (data travels by input and output mappings, scripts are FEEL)."
            yield error(element.id, message, part=part)


def extensions_of_others(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Extensions that other engines execute and this one does not are refused; the rest is only not read."""
    places = [(diagram.process_id, "process", diagram.extensions)]
    places += [(element.id, element.kind, element.extensions) for element in diagram.elements.values()]
    for where, kind, extensions in places:
        for name in dict.fromkeys(extensions):
            if name in _HARMLESS:
                continue
            if name in _SHOWN or (name == "zeebe:taskHeaders" and kind == "userTask"):
                yield warning(where, "%(name)s is not read here; remove it.", name=name)
            elif name in EXTENSIONS:
                yield error(where, EXTENSIONS[name], name=name)
            elif name.removeprefix("@").startswith(_EXECUTING) and " " not in name:
                yield error(where, "The extension %(name)s does not run here; remove it.", name=name.removeprefix("@"))
            else:
                yield warning(where, "%(name)s is not read here; remove it.", name=name)


def strangers(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Nothing stands in a process that BPMN does not put there."""
    for stranger in diagram.strangers:
        message = "Line %(line)s has an element %(tag)s, which does not belong there; remove it."
        yield error(stranger.where, message, line=stranger.line, tag=stranger.tag)


def misplaced_facts(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Extension facts stand on the kind of element that does something with them."""
    for element in diagram.elements.values():
        ruled = element.kind == "businessRuleTask"
        facts = {
            "zeebe:taskDefinition": (element.kind != "sendTask" and not ruled and element.service, "serviceTask"),
            "zeebe:script": (element.script or (element.result and not (element.decision or ruled)), "scriptTask"),
            "zeebe:calledDecision": (element.decision, "businessRuleTask"),
            "zeebe:calledElement": (element.called, "callActivity"),
            "zeebe:taskSchedule": (element.due, "userTask"),
            "zeebe:assignmentDefinition": (_assigned(diagram, element), "userTask"),
            "zeebe:adHoc": (element.adhoc.active, "adHocSubProcess"),
        }
        for name, (value, kind) in facts.items():
            if value and element.kind != kind:
                message = "%(name)s does nothing here (%(kind)s); remove it, or make it a %(other)s."
                yield error(element.id, message, name=name, kind=element.kind, other=kind)


def _assigned(diagram: Diagram, element: Element) -> str | None:
    group = element.candidate_groups
    return element.assignee or (group if group and not diagram.begun_by_hand(element) else None)


def misplaced_mappings(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Inputs stand on what does or sends something, outputs on what does or receives something."""
    for element in diagram.elements.values():
        receives = element.kind in _RECEIVES or (element.kind == "startEvent" and element.scope != diagram.process_id)
        if element.inputs and element.kind not in _DOES | _SENDS:
            yield error(element.id, "Input mappings do nothing here (%(kind)s); remove them.", kind=element.kind)
        does = element.kind in _DOES or (element.kind == "sendTask" and element.service)
        if element.outputs and not does and not receives:
            yield error(element.id, "Output mappings do nothing here (%(kind)s); remove them.", kind=element.kind)


def _begins_process(diagram: Diagram, element: Element) -> bool:
    return element.kind == "startEvent" and element.scope == diagram.process_id


def _allowed(diagram: Diagram, element: Element) -> frozenset[EventKind]:
    if element.kind in {"receiveTask", "sendTask"}:
        return frozenset({EventKind.MESSAGE})
    if _begins_process(diagram, element):
        return frozenset(EventKind)  # judged with the reason by the rules for starts
    if element.kind != "startEvent":
        return DEFINITIONS.get(element.kind, frozenset())
    container = diagram.elements.get(element.scope)
    if container is not None and container.event_subprocess and is_scope(container):
        return frozenset(_EVENT_SUBPROCESS_STARTS)
    return frozenset()


RULES: tuple[Rule, ...] = (
    unsupported_elements,
    nobody_is_asked,
    data_stores,
    unsupported_events,
    event_subprocesses,
    ignored_parts,
    extensions_of_others,
    strangers,
    misplaced_facts,
    misplaced_mappings,
)
