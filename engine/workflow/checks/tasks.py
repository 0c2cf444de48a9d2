"""Tasks know their form and role, services their parameters, calls their process, scripts their result."""

import re
from collections.abc import Iterator

from engine.domain.apart import DUTIES
from engine.workflow.checks.complaints import Complaint, Known, Rule, error, written_out
from engine.workflow.diagram import Diagram
from engine.workflow.elements import MOST_RETRIES, Element, Event, EventKind

_ANNOUNCED = {EventKind.SIGNAL, EventKind.MESSAGE, EventKind.ESCALATION, EventKind.ERROR}
_NAME = re.compile(r"[^\W\d]\w*")
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


def forms(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A user task shows a form that exists; so does a start by hand that has one."""
    for element in diagram.elements.values():
        by_hand = element.kind == "startEvent" and element.scope == diagram.process_id and not element.events
        if element.form is None:
            if diagram.begun_by_hand(element):
                message = "A person begins %(id)s in its ad-hoc sub-process; choose the form with which they do so."
                yield error(element.id, message, id=element.id)
            if element.kind == "userTask":
                yield error(element.id, "The user task %(id)s has no form; choose one.", id=element.id)
        elif element.kind != "userTask" and not by_hand and not diagram.begun_by_hand(element):
            yield error(element.id, "Nobody sees the form of %(id)s; remove it.", id=element.id)
        elif element.form not in known.forms:
            yield error(element.id, "There is no form %(form)s; choose one that exists.", form=element.form)


def roles(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A user task is for one known role, its candidate group or else its lane; so is what a person begins."""
    for element in diagram.elements.values():
        if element.kind != "userTask" and not diagram.begun_by_hand(element):
            continue
        if element.candidate_users:
            yield error(element.id, "Tasks are for roles, not for named users; enter a candidate group.")
        if element.candidate_groups.startswith("="):
            yield error(element.id, "The role of %(id)s must be written out, not computed.", id=element.id)
        elif element.role is None:
            message = "Nobody may do %(id)s; put it into the lane of a role, or enter a candidate group."
            yield error(element.id, message, id=element.id)
        elif element.role not in known.roles:
            message = "There is no role %(role)s; choose one of: %(roles)s."
            yield error(element.id, message, role=element.role, roles=", ".join(sorted(known.roles)))


def start_roles(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Those who may start the process by hand are known roles, and there is a start for them."""
    for role in diagram.start_roles:
        if role not in known.roles:
            message = "There is no role %(role)s that could start the process; choose one of: %(roles)s."
            yield error(diagram.process_id, message, role=role, roles=", ".join(sorted(known.roles)))
    for start in diagram.plain_starts:
        for role in diagram.start_roles_at(start.id):
            if role not in diagram.start_roles:
                message = "%(id)s may be begun by the role %(role)s, which is none of those that may start the process."
                yield error(start.id, message, id=start.id, role=role)
    ways = diagram.beginnings
    if diagram.start_roles and ways and all(one.event for one in ways):
        yield error(diagram.process_id, "The process has start roles but no plain start event; draw one.")


def services(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A service task calls a service that exists, with all its parameters and no others; so does a send task with one."""
    for element in diagram.elements.values():
        if element.kind != "serviceTask" and not (element.kind == "sendTask" and element.service):
            continue
        if element.service is None:
            yield error(element.id, "The service task %(id)s names no service; choose one.", id=element.id)
        else:
            yield from service_call(element, element.service, known)


def service_call(element: Element, service: str, known: Known) -> Iterator[Complaint]:
    """The service exists, and the inputs are its parameters."""
    if service not in known.services:
        yield error(element.id, "There is no service %(service)s; choose one that exists.", service=service)
    else:
        yield from _parameters(element, service, known)


def tries(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """How often a service is tried is a whole number, or an expression."""
    for element in _of_kind(diagram, "serviceTask"):
        text = element.retries
        if text and not text.startswith("=") and not (text.isdecimal() and int(text) <= MOST_RETRIES):
            message = "%(value)s is no number of tries from 0 to %(most)s."
            yield error(element.id, message, value=text, most=MOST_RETRIES)


def letters(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A letter that is named in the diagram exists."""
    for element in diagram.elements.values():
        for line in element.inputs:
            name = written_out(line.source)
            if element.service == "letters.issue" and line.target == "template" and name and name not in known.letters:
                yield error(element.id, "There is no letter %(letter)s; choose one that exists.", letter=name)


def calls(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A call activity names a process that exists and can be begun without a message."""
    for element in _of_kind(diagram, "callActivity"):
        called = known.processes.get(element.called or "")
        if element.called is None:
            yield error(element.id, "The call activity %(id)s names no process; choose one.", id=element.id)
        elif element.called.startswith("="):
            yield error(element.id, "The called process must be written out, so that its version can be kept.")
        elif element.called == diagram.process_id or (called and _comes_back(called, diagram.process_id, known)):
            message = "%(id)s calls %(process)s, which calls this process again; remove one of the calls."
            yield error(element.id, message, id=element.id, process=element.called)
        elif called is None:
            yield error(element.id, "There is no process %(process)s; choose one that exists.", process=element.called)
        elif (ways := called.beginnings) and all(one.event for one in ways):
            message = "%(process)s has no plain start event, so it cannot be called; draw one there."
            yield error(element.id, message, process=element.called)


def ids_across_calls(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Ids are unique in a process and all that it calls: history and separation of duties go by them."""
    owner = dict.fromkeys(diagram.elements, diagram.process_id)
    for process in _closure(diagram, known):
        for id_ in process.elements:
            if id_ in owner:
                message = "The id %(id)s stands in %(one)s and in %(other)s, which it calls; rename one."
                where = id_ if id_ in diagram.elements else diagram.process_id
                yield error(where, message, id=id_, one=owner[id_], other=process.process_id)
            owner.setdefault(id_, process.process_id)


def scripts(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A script task is one FEEL expression with a result variable."""
    for element in _of_kind(diagram, "scriptTask"):
        if element.script is None:
            yield error(element.id, "The script task %(id)s has no FEEL expression; enter one.", id=element.id)
        if element.result is None or not _NAME.fullmatch(element.result):
            yield error(element.id, "The script task %(id)s needs a name for its result.", id=element.id)


def io_mappings(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Every mapping says what goes where."""
    for element in diagram.elements.values():
        for line in (*element.inputs, *element.outputs):
            if not line.source or not _PATH.fullmatch(line.target):
                message = "A mapping of %(id)s is incomplete (%(source)s to %(target)s); enter value and name."
                yield error(element.id, message, id=element.id, source=line.source, target=line.target)


def separation_of_duties(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """`not_by` stands on user tasks and names user tasks."""
    everywhere = [diagram, *known.processes.values()]
    tasks = {task.id for process in everywhere for task in _of_kind(process, "userTask")}
    for element in diagram.elements.values():
        if element.not_by and element.kind != "userTask":
            yield error(element.id, "not_by is for user tasks; remove it from %(id)s.", id=element.id)
        for other in element.not_by:
            if other not in tasks:
                message = (
                    "%(id)s may not be done by whoever did %(other)s, but there is no such user task; correct the id."
                )
                yield error(element.id, message, id=element.id, other=other)


def duties(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """`duty` holds words that the law knows; it, `unit` and `about` stand on user tasks only."""
    for element in diagram.elements.values():
        for name in {"duty", "unit", "about"} & element.properties.keys() if element.kind != "userTask" else ():
            yield error(element.id, "%(name)s is for user tasks; remove it from %(id)s.", name=name, id=element.id)
        for duty in element.properties.get("duty", "").split():
            if duty not in DUTIES:
                message = "%(id)s says the duty %(duty)s, which no rule knows; it may say %(known)s."
                yield error(element.id, message, id=element.id, duty=duty, known=", ".join(DUTIES))


def loops(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A standard loop has a condition or a limit: without either BPMN leaves open when it ends (10.3.8)."""
    for element in diagram.elements.values():
        loop = element.loop
        if loop is not None and loop.kind == "standard":
            if not loop.counted:
                yield error(element.id, "The loop maximum of %(id)s is a whole number from 1.", id=element.id)
            elif loop.endless:
                message = "%(id)s is repeated, but nothing says for how long; enter a loop condition or a maximum."
                yield error(element.id, message, id=element.id)


def collections(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A repeated activity goes over a collection or a number, and gathers its results completely or not at all."""
    for element in diagram.elements.values():
        loop = element.loop
        if loop is None or loop.kind == "standard":
            continue
        if not loop.counted:
            message = "%(id)s is repeated; enter the collection it goes over, or else the number of instances."
            yield error(element.id, message, id=element.id)
        if loop.item and not loop.collection:
            yield error(element.id, "%(id)s has an input element but no collection; remove it.", id=element.id)
        if loop.item and not _NAME.fullmatch(loop.item):
            yield error(element.id, "%(name)s is not a name for the item of %(id)s.", name=loop.item, id=element.id)
        if bool(loop.results) != bool(loop.result):
            message = "%(id)s needs both an output collection and an output element, or neither."
            yield error(element.id, message, id=element.id)


def announcements(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What a repeated activity throws by itself is named, and somebody at its border waits for it (BPMN, 10.3.8)."""
    for element in diagram.elements.values():
        loop = element.loop
        if loop is None or loop.behavior == "All":
            continue
        if loop.behavior not in {"None", "One", "Complex"} or not loop.announced:
            message = "The behavior %(name)s of %(id)s throws nothing; choose All, or say what is thrown when."
            yield error(element.id, message, name=loop.behavior, id=element.id)
        for said in loop.announced:
            if said.event.kind not in _ANNOUNCED or not said.event.name or not said.when:
                message = (
                    "%(id)s does not say which signal, message, escalation or error its instances throw, and when."
                )
                yield error(element.id, message, id=element.id)
            elif said.event.kind is not EventKind.SIGNAL and not _caught_at_border(diagram, element, said.event):
                message = (
                    "No boundary event of %(id)s waits for the %(kind)s %(name)s that its instances throw; draw one."
                )
                yield error(element.id, message, id=element.id, kind=str(said.event.kind), name=said.event.name)


def _caught_at_border(diagram: Diagram, element: Element, event: Event) -> bool:
    waited = [one for boundary in diagram.attached(element.id) for one in boundary.events if one.kind is event.kind]
    return any(one.name in {"", event.name} for one in waited)


def _parameters(element: Element, service: str, known: Known) -> Iterator[Complaint]:
    given = {line.target.partition(".")[0] for line in element.inputs}
    possible = set(known.services[service])
    for name in sorted(possible - given - set(known.optional.get(service, ()))):
        message = "The service %(service)s needs the parameter %(name)s; map an input to it."
        yield error(element.id, message, service=service, name=name)
    for name in sorted(given - possible):
        message = "The service %(service)s has no parameter %(name)s; it takes: %(names)s."
        yield error(element.id, message, service=service, name=name, names=", ".join(sorted(possible)))


def _closure(diagram: Diagram, known: Known) -> Iterator[Diagram]:
    seen, todo = {diagram.process_id}, sorted(diagram.called)
    while todo:
        id_ = todo.pop()
        if id_ in known.processes and id_ not in seen:
            seen.add(id_)
            todo += sorted(known.processes[id_].called)
            yield known.processes[id_]


def _comes_back(called: Diagram, process: str, known: Known) -> bool:
    return process in called.called or any(process in further.called for further in _closure(called, known))


def _of_kind(diagram: Diagram, kind: str) -> Iterator[Element]:
    return (element for element in diagram.elements.values() if element.kind == kind)


RULES: tuple[Rule, ...] = (
    forms,
    roles,
    start_roles,
    services,
    tries,
    letters,
    calls,
    ids_across_calls,
    scripts,
    io_mappings,
    separation_of_duties,
    duties,
    loops,
    collections,
    announcements,
)
