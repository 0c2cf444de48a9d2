"""Compensation and transactions: what undoes what, and from where (BPMN 2.0.2, 10.3.5, 10.5.5 and 10.7)."""

from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind, is_scope

_THROWING = {"intermediateThrowEvent", "endEvent"}


def handlers(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A compensation boundary event is joined, by an association, to the one activity that undoes its own."""
    for event in diagram.elements.values():
        if not event.catches_compensation:
            continue
        joined = [diagram.elements[id_] for id_ in event.handlers]
        right = [element for element in joined if element.compensates and element.scope == event.scope]
        if len(right) != 1 or len(joined) != 1:
            message = "Join %(id)s by an association to the one activity beside it that compensates."
            yield error(event.id, message, id=event.id)


def compensating_activities(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An activity for compensation belongs to one boundary event, and is itself never compensated."""
    events = [element for element in diagram.elements.values() if element.catches_compensation]
    for element in diagram.elements.values():
        if not element.compensates:
            continue
        joined = [event for event in events if element.id in event.handlers]
        if len(joined) != 1 or element.event_subprocess:
            message = "%(id)s is for compensation; join it by an association to one compensation event, or unmark it."
            yield error(element.id, message, id=element.id)
        if any(event.attached_to == element.id for event in events):
            yield error(element.id, "What compensates, %(id)s, cannot be compensated itself.", id=element.id)


def one_way_to_undo(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An activity is undone in one way: by one boundary event, or by one event sub-process in it."""
    for element in diagram.elements.values():
        boundary = [event for event in diagram.attached(element.id) if event.catches_compensation]
        if len(boundary) + len(_inside(diagram, element.id)) > 1:
            yield error(element.id, "%(id)s would be compensated in several ways; keep one of them.", id=element.id)
    if len(_inside(diagram, diagram.process_id)) > 1:
        message = "%(id)s would be compensated in several ways; keep one of them."
        yield error(diagram.process_id, message, id=diagram.process_id)


def thrown_compensations(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A compensation that names an activity names one that can be undone from there."""
    for element in diagram.elements.values():
        for event in element.events if element.kind in _THROWING else ():
            if event.kind is not EventKind.COMPENSATION or not event.name:
                continue
            target, scopes = diagram.elements.get(event.name), _reach(diagram, element)
            if event.name in scopes:
                continue
            if target is None or target.scope not in scopes:
                message = "%(id)s compensates %(activity)s, which is not in the same process or sub-process."
                yield error(element.id, message, id=element.id, activity=event.name)
            elif not _can_be_undone(diagram, target):
                message = "%(id)s compensates %(activity)s, but nothing says how it is undone."
                yield error(element.id, message, id=element.id, activity=event.name)


def cancels(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Only transactions are cancelled: from an end event inside, by way of one interrupting event at the boundary."""
    for element in diagram.elements.values():
        if not element.catches(EventKind.CANCEL):
            continue
        if element.kind == "endEvent":
            around = _transaction(diagram, element)
            if around is None:
                yield error(element.id, "Only a transaction can be cancelled; %(id)s is in none.", id=element.id)
            elif not any(event.catches(EventKind.CANCEL) for event in diagram.attached(around.id)):
                message = "%(id)s cancels %(transaction)s; attach a cancel event there that says how to go on."
                yield error(element.id, message, id=element.id, transaction=around.id)
        elif element.kind == "boundaryEvent":
            host = diagram.elements.get(element.attached_to or "")
            if host is None or host.kind != "transaction":
                yield error(element.id, "Only a transaction can be cancelled; attach %(id)s to one.", id=element.id)
            elif not element.interrupting:
                yield error(element.id, "A cancel always interrupts; make %(id)s interrupting.", id=element.id)


def one_cancel_event(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A transaction has one cancel boundary event at most."""
    for element in diagram.elements.values():
        events = [event for event in diagram.attached(element.id) if event.catches(EventKind.CANCEL)]
        if len(events) > 1:
            yield error(events[1].id, "%(id)s has several cancel events; keep one of them.", id=element.id)


def _inside(diagram: Diagram, scope: str) -> list[Element]:
    """The compensation event sub-processes that stand directly in a scope."""
    return [
        part
        for part in diagram.inside(scope)
        if part.event_subprocess and any(s.catches(EventKind.COMPENSATION) for s in diagram.starts(part.id))
    ]


def _reach(diagram: Diagram, element: Element) -> list[str]:
    """The scopes of which a thrown compensation may mean activities: its own, and those that its handler handles."""
    scopes = [element.scope]
    while (around := diagram.elements.get(scopes[-1])) is not None and around.event_subprocess:
        scopes.append(around.scope)
    return scopes


def _can_be_undone(diagram: Diagram, element: Element) -> bool:
    if any(event.catches_compensation for event in diagram.attached(element.id)) or _inside(diagram, element.id):
        return True
    inside = diagram.inside(element.id) if is_scope(element) else ()
    return element.kind == "callActivity" or any(_can_be_undone(diagram, part) for part in inside)


def _transaction(diagram: Diagram, element: Element) -> Element | None:
    around = diagram.elements.get(element.scope)
    while around is not None and around.kind != "transaction":
        around = diagram.elements.get(around.scope)
    return around


RULES: tuple[Rule, ...] = (
    handlers,
    compensating_activities,
    one_way_to_undo,
    thrown_compensations,
    cancels,
    one_cancel_event,
)
