"""Events that belong together: several definitions, links with their partners, two that catch the same, choices."""

from collections import Counter
from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, EventKind

_CATCHING = {"startEvent", "boundaryEvent", "intermediateCatchEvent"}
_NEVER_WITH_ALL = {EventKind.ERROR, EventKind.CANCEL}


def definitions_alone(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What is nothing to wait for, a link or a caught compensation, cannot be one of several definitions."""
    for element in diagram.elements.values():
        alone = {EventKind.LINK, EventKind.COMPENSATION} if element.kind in _CATCHING else {EventKind.LINK}
        for event in element.events:
            if len(element.events) > 1 and event.kind in alone:
                message = "The definition %(event)s of %(id)s cannot be one of several; draw an event of its own."
                yield error(element.id, message, event=str(event.kind), id=element.id)


def all_of_several(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An event that waits for all of several cannot wait for what ends the activity at once."""
    for element in diagram.elements.values():
        for event in element.events if element.needs_all else ():
            if len(element.events) > 1 and event.kind in _NEVER_WITH_ALL:
                message = "%(id)s waits for all its definitions; an error ends the activity before the others can come."
                yield error(element.id, message, id=element.id)


def the_same_twice(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Each error or escalation is caught at one place of an activity, process or sub-process, or it could be either."""
    seen: dict[tuple[str, str, EventKind, str], str] = {}
    for element in diagram.elements.values():
        for event in element.events if _catches(element) else ():
            if event.kind not in {EventKind.ERROR, EventKind.ESCALATION}:
                continue
            place = (element.kind, _place(diagram, element), event.kind, event.name)
            if place in seen:
                message = "%(id)s catches the same as %(other)s; keep one of them, or give it another code."
                yield error(element.id, message, id=element.id, other=seen[place])
            seen.setdefault(place, element.id)


def links(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A link that is thrown has a name and leads to exactly one place beside it."""
    for element in diagram.elements.values():
        if not element.catches(EventKind.LINK):
            continue
        if not all(event.name for event in element.events):
            yield error(element.id, "The link %(id)s has no name; enter the name that its partner has.", id=element.id)
        elif element.throws_link and len(targets := diagram.link_targets(element)) != 1:
            name = element.events[0].name
            message = "The link %(name)s must lead to one place in the same process or sub-process, not to %(count)s."
            yield error(element.id, message, name=name, count=len(targets))


def links_that_nobody_throws(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Something leads to every link that is caught, and no other link has its name there."""
    thrown = {(e.scope, event.name) for e in diagram.elements.values() if e.throws_link for event in e.events}
    caught = [e for e in diagram.elements.values() if e.kind == "intermediateCatchEvent" and e.catches(EventKind.LINK)]
    names = Counter((element.scope, event.name) for element in caught for event in element.events)
    for element in caught:
        name = element.events[0].name
        if name and (element.scope, name) not in thrown:
            yield error(element.id, "Nothing throws the link %(name)s; draw where it comes from.", name=name)
        if name and names[element.scope, name] > 1:
            yield error(element.id, "The link %(name)s is caught more than once; rename one.", name=name)


def behind_event_gateways(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Receive tasks behind an event-based gateway stand for messages: no boundary events, no message events beside."""
    for gateway in diagram.elements.values():
        if gateway.kind != "eventBasedGateway":
            continue
        targets = [diagram.elements.get(diagram.flows[flow_id].target) for flow_id in gateway.outgoing]
        events = [element for element in targets if element is not None]
        receives = [element for element in events if element.kind == "receiveTask"]
        for task in receives:
            if diagram.attached(task.id):
                message = "%(id)s stands behind an event-based gateway and can have no boundary events; remove them."
                yield error(task.id, message, id=task.id)
        catching = (e for e in events if e.kind == "intermediateCatchEvent" and e.catches(EventKind.MESSAGE))
        if receives and any(catching):
            message = "Behind %(id)s stand receive tasks and message events; use one of the two kinds (10.6.6)."
            yield error(gateway.id, message, id=gateway.id)


def _catches(element: Element) -> bool:
    return element.kind in {"boundaryEvent", "startEvent"}


def _place(diagram: Diagram, element: Element) -> str:
    """The activity that the event is attached to, or the process around its event sub-process."""
    if element.kind == "boundaryEvent":
        return element.attached_to or ""
    inside = diagram.elements.get(element.scope)
    return inside.scope if inside is not None else ""


RULES: tuple[Rule, ...] = (
    definitions_alone,
    all_of_several,
    the_same_twice,
    links,
    links_that_nobody_throws,
    behind_event_gateways,
)
