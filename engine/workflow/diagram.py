"""A BPMN file, each executable process in it read into frozen values that pages, checks and publication share."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from lxml import etree

from engine import xml
from engine.domain.errors import Invalid, Problem
from engine.workflow import associations, encodings, extensions, languages, legal, reading
from engine.workflow.elements import (
    ACTIVITIES,
    Beginning,
    Element,
    Event,
    EventKind,
    Flow,
    Foreign,
    Lane,
    Phase,
    Stranger,
    begins_by_itself,
    instantiates,
    is_scope,
)

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"


@dataclass(frozen=True)
class Diagram:
    """What a file says of one process, as drawn; `engine.workflow.checks` judges whether it can run.

    `elements` and `flows` include the contents of sub-processes, in the order of the file. Other executable processes
    of the file are diagrams of their own; pools without one are pictures: only `pools` (their names) is kept. `start_roles` may start the process by hand (a start event may name fewer of them); `series` is the
    prefix of its numbers. `strangers` and `extensions` are what nothing here reads, `foreign` the expressions that are not FEEL,
    `declared` the variables of data objects by the process or sub-process with which they live and die,
    `stores` the ids of data stores that are used.
    """

    process_id: str
    name: str
    name_en: str
    documentation: str
    documentation_en: str
    properties: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]
    phases: tuple[Phase, ...]
    pools: tuple[str, ...]
    start_roles: tuple[str, ...]
    series: str | None
    strangers: tuple[Stranger, ...]
    extensions: tuple[str, ...]
    foreign: tuple[Foreign, ...] = ()
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stores: tuple[str, ...] = ()

    @cached_property
    def plain_starts(self) -> tuple[Element, ...]:
        """The start events at which a case is started by hand; of several the one that is chosen, else the first."""
        return tuple(one.element for one in self.beginnings if one.event is None)

    def start_form(self, at: str | None = None) -> str | None:
        """The form that a person fills in to start a case by hand, at the plain start named or else at the first."""
        chosen = (element for element in self.plain_starts if at in {None, element.id})
        return next((element.form for element in chosen), None)

    def start_roles_at(self, at: str | None = None) -> tuple[str, ...]:
        """The roles that may start a case at the plain start named, or else at the first: those it names, else the process's."""
        return self._said_at(at, "start_roles") or self.start_roles

    def started_about(self, at: str | None = None) -> str:
        """What a case that begins at that plain start is about, where the diagram says so: certificate, application."""
        return "".join(self._said_at(at, "starts_about")[:1]) or self.properties.get("about", "")

    def from_states(self, at: str | None = None) -> tuple[str, ...]:
        """The states of a certificate or application in which that plain start is offered; none said: it does not matter."""
        own = self._said_at(at, "from_states")
        return own or tuple(one.strip() for one in self.properties.get("from_states", "").split(",") if one.strip())

    def while_runs(self, at: str | None = None) -> str:
        """The legal clock while which that plain start is offered (an appeal, while its period runs); none said: always."""
        return "".join(self._said_at(at, "while_runs")[:1])

    def _said_at(self, at: str | None, name: str) -> tuple[str, ...]:
        """A property of the plain start named, or else of the first, as words."""
        chosen = next((element for element in self.plain_starts if at in {None, element.id}), None)
        own = chosen.properties.get(name, "") if chosen is not None else ""
        return tuple(word for part in own.split(",") if (word := part.strip()))

    @cached_property
    def called(self) -> frozenset[str]:
        """The ids of the processes that call activities name."""
        return frozenset(element.called for element in self.elements.values() if element.called)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The ids of all forms, that of the start included."""
        return frozenset(element.form for element in self.elements.values() if element.form)

    @cached_property
    def services(self) -> frozenset[str]:
        """The services that service tasks name."""
        return frozenset(element.service for element in self.elements.values() if element.service)

    @cached_property
    def decisions(self) -> frozenset[str]:
        """The ids of the decisions that business rule tasks ask."""
        return frozenset(element.decision for element in self.elements.values() if element.decision)

    @cached_property
    def beginnings(self) -> tuple[Beginning, ...]:
        """Every way to begin a case: start events, and what is marked as instantiating, each event by itself."""
        return tuple(self._beginnings())

    @cached_property
    def messages_started(self) -> frozenset[str]:
        """The names of the messages that start a case of this process."""
        return self._started(EventKind.MESSAGE)

    @cached_property
    def signals_started(self) -> frozenset[str]:
        """The names of the signals that start a case of this process."""
        return self._started(EventKind.SIGNAL)

    @cached_property
    def timers_started(self) -> tuple[Beginning, ...]:
        """The timers that start a case of this process."""
        return tuple(one for one in self.beginnings if one.event and one.event.kind is EventKind.TIMER)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that have something to do here: of the user tasks, and those who may start by hand."""
        done = (e for e in self.elements.values() if e.kind == "userTask" or self.begun_by_hand(e))
        tasks = (element.role for element in done)
        return frozenset(role for role in (*tasks, *self.start_roles) if role)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The process and every sub-process in it, outermost first."""
        return (self.process_id, *dict.fromkeys(element.id for element in self.elements.values() if is_scope(element)))

    def inside(self, scope: str) -> tuple[Element, ...]:
        """The elements that stand directly in a process or sub-process."""
        return self._by_scope.get(scope, ())

    def begun_by_hand(self, element: Element) -> bool:
        """Whether a person decides when this activity of an ad-hoc sub-process begins, and it is no user task."""
        part = self.elements.get(element.scope)
        if part is None or part.kind != "adHocSubProcess" or (part.adhoc.active and not part.adhoc.until):
            return False
        return element.kind in ACTIVITIES - {"userTask"} and begins_by_itself(element)

    def starts(self, scope: str) -> tuple[Element, ...]:
        """The start events that stand directly in a process or sub-process."""
        return tuple(element for element in self.inside(scope) if element.kind == "startEvent")

    def attached(self, activity: str) -> tuple[Element, ...]:
        """The boundary events of an activity."""
        return tuple(element for element in self.elements.values() if element.attached_to == activity)

    def link_targets(self, throw: Element) -> tuple[Element, ...]:
        """The events that catch a link which is thrown, in the same process or sub-process."""
        names = {event.name for event in throw.events if event.kind is EventKind.LINK}
        catching = (element for element in self.inside(throw.scope) if element.kind == "intermediateCatchEvent")
        return tuple(e for e in catching if any(v.kind is EventKind.LINK and v.name in names for v in e.events))

    def _started(self, kind: EventKind) -> frozenset[str]:
        events = (one.event for one in self.beginnings if one.event)
        return frozenset(event.name for event in events if event.kind is kind and event.name)

    def _beginnings(self) -> Iterator[Beginning]:
        for element in self.inside(self.process_id):
            if element.kind == "startEvent" or (element.kind == "receiveTask" and instantiates(element)):
                events: tuple[Event | None, ...] = element.events or (None,)
                yield from (Beginning(element, event) for event in events)
            elif element.kind == "eventBasedGateway" and instantiates(element):
                behind = (self.elements.get(self.flows[flow_id].target) for flow_id in element.outgoing)
                for target in filter(None, behind):
                    yield from (Beginning(target, event, element.id) for event in target.events)

    @cached_property
    def _by_scope(self) -> Mapping[str, tuple[Element, ...]]:
        found: dict[str, list[Element]] = {}
        for element in self.elements.values():
            found.setdefault(element.scope, []).append(element)
        return MappingProxyType({scope: tuple(inside) for scope, inside in found.items()})


def read(data: bytes, *, name: str = "", process: str = "") -> Diagram:
    """The diagram of one process in a BPMN file; Invalid, with the elements or lines, where none can be made of it.

    `name` is the file's, for the sentence of the refusal. `process` chooses where the file has several executable
    processes; where it has one, that one is read, whatever its id.
    """
    found = read_all(data, name=name)
    if len(found) == 1:
        return found[0]
    chosen = next((diagram for diagram in found if diagram.process_id == process), None)
    if chosen is None:
        message = "The file has several executable processes (%(names)s); one of them must have the id %(process)s."
        names = ", ".join(diagram.process_id for diagram in found)
        raise _no_diagram(name, [Problem(found[-1].process_id, message, {"names": names, "process": process or "…"})])
    return chosen


def read_all(data: bytes, *, name: str = "") -> tuple[Diagram, ...]:
    """The diagrams of all executable processes in a BPMN file, at least one, in the order of the file."""
    root = xml.parse(data)
    if root.tag != f"{{{reading.BPMN}}}definitions":
        raise _no_diagram(name, [Problem("line 1", "The file is not a BPMN 2.0 diagram; choose a .bpmn file.")])
    legal.simplify(root)
    problems = [*_without_id(root), *_twice(root)]
    processes = _executable(root, problems)
    if problems:
        raise _no_diagram(name, problems)
    return tuple(_diagram(root, process) for process in processes)


def plain_text(data: bytes) -> str:
    """The file as text that every editor of diagrams understands: as it is, unless it writes plain things in a rare way."""
    try:
        root = xml.parse_whole(data)
    except Invalid:
        return encodings.text(data)
    foreign = root.tag != f"{{{reading.BPMN}}}definitions"
    return encodings.text(data) if foreign or not legal.simplify(root) else xml.written(root)


def drawing(data: bytes) -> bytes:
    """The file as every canvas reads it: written plainly, in UTF-8."""
    return encodings.universal(plain_text(data))


def _no_diagram(name: str, problems: list[Problem]) -> Invalid:
    if name:
        return Invalid("No diagram could be read from %(name)s.", problems, name=name)
    return Invalid("No diagram could be read from this file.", problems)


def _executable(root: etree._Element, problems: list[Problem]) -> list[etree._Element]:
    processes = [node for node in root if node.tag == f"{{{reading.BPMN}}}process"]
    marked = [node for node in processes if node.get("isExecutable") == "true"]
    if not marked:
        where = (processes or [root])[-1].get("id") or "definitions"
        problems.append(Problem(where, "No process of the file is executable; mark the one that is to run."))
    return marked


_NEED_ID = {f"{{{reading.BPMN}}}{name}" for name in ("process", "sequenceFlow", "lane", "message", "participant")}


def _without_id(root: etree._Element) -> Iterator[Problem]:
    nodes = {node for process in root.iter(f"{{{reading.BPMN}}}process") for node in reading.nodes(process)}
    for node in root.iter(f"{{{reading.BPMN}}}*"):
        if (node in nodes or node.tag in _NEED_ID) and not node.get("id", "").strip():
            place = {"kind": xml.local(node), "line": reading.line(node)}
            message = "The %(kind)s in line %(line)s has no id; give it one."
            yield Problem(f"line {reading.line(node)}", message, place)


def _twice(root: etree._Element) -> Iterator[Problem]:
    ids = (node.get("id") for node in root.iter(f"{{{reading.BPMN}}}*"))
    for id_, count in Counter(id_ for id_ in ids if id_).items():
        if count > 1:
            message = "The id %(id)s is given to %(count)s elements; give each its own."
            yield Problem(id_, message, {"id": id_, "count": count})


def _diagram(root: etree._Element, process: etree._Element) -> Diagram:
    said = extensions.read(process)
    source = reading.Source({node.get("id", ""): node for node in root}, _drawn(root), associations.names(process))
    return Diagram(
        process_id=process.get("id", ""),
        name=reading.words(process.get("name")),
        name_en=said.properties.get("name_en", ""),
        documentation=reading.documentation(process),
        documentation_en=said.properties.get("documentation_en", ""),
        properties=MappingProxyType(dict(said.properties)),
        elements=MappingProxyType({element.id: element for element in reading.elements(process, source)}),
        flows=MappingProxyType({flow.id: flow for flow in reading.flows(process, source)}),
        lanes=MappingProxyType({lane.id: lane for lane in reading.lanes(process)}),
        phases=tuple(_phase(text) for text in said.words("phases")),
        pools=tuple(_pools(root)),
        start_roles=said.words("start_roles"),
        series=said.properties.get("series") or None,
        strangers=tuple(reading.strangers(process)),
        extensions=said.unread,
        declared=associations.declared(process),
        stores=associations.stores(process),
        foreign=tuple(languages.foreign(process, root)),
    )


def _drawn(root: etree._Element) -> frozenset[str]:
    refs = (node.get("bpmnElement", "") for node in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge"))
    return frozenset(refs)


def _phase(text: str) -> Phase:
    id_, name, name_en = (part.strip() for part in (f"{text}||").split("|")[:3])
    return Phase(id_, name, name_en)


def _pools(root: etree._Element) -> Iterator[str]:
    for node in root.iter(f"{{{reading.BPMN}}}participant"):
        yield reading.words(node.get("name")) or node.get("id", "")
