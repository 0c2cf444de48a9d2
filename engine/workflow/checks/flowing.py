"""Which variables may be set when a token comes to an element, and which are set on every way that leads there.

Conditions are not weighed: every way that is drawn counts. What goes on at once may have set what it sets at any time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.workflow.checks import graph, meeting
from engine.workflow.checks.bringing import (
    NOTHING,
    UNKNOWN,
    Brought,
    heads,
    lasting,
    meet,
    offered,
    payload,
    produced,
    repeated,
    senders,
    surely,
)
from engine.workflow.checks.complaints import Known
from engine.workflow.checks.facts import Facts
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Beginning, Element, EventKind, is_scope

_ENDS_OTHERWISE = {EventKind.ERROR, EventKind.CANCEL}


@dataclass(slots=True)
class Flowing:
    """What is set before and after each element, inside a sub-process at its end, and when the process is over."""

    before: dict[str, Brought] = field(default_factory=dict)
    after: dict[str, Brought] = field(default_factory=dict)
    inside: dict[str, Brought] = field(default_factory=dict)


class Survey:
    """Looks at a process, at all that it calls and at all that call it; each is looked at once."""

    def __init__(self, known: Known, facts: Facts) -> None:
        self.known = known
        self.facts = facts
        self.heard = senders(known.processes.values(), facts)
        self._flowing: dict[str, Flowing] = {}
        self._called: dict[str, Brought] = {}
        self._open: set[str] = set()

    def flowing(self, diagram: Diagram) -> Flowing:
        """The process as its cases run: begun by hand, by a message, or by those that call it."""
        id_ = diagram.process_id
        if id_ not in self._flowing:
            self._open.add(id_)
            self._flowing[id_] = _Walk(self, diagram, self._starts(diagram)).flowing
            self._open.discard(id_)
        return self._flowing[id_]

    def called(self, process: str) -> Brought:
        """What a process brings by itself to whoever calls it."""
        diagram = self.known.processes.get(process)
        if diagram is None:
            return UNKNOWN
        if process not in self._called:
            self._called[process] = UNKNOWN  # of a process that calls itself, which another rule refuses
            walk = _Walk(self, diagram, dict.fromkeys(graph.beginnings(diagram, process), NOTHING))
            own = diagram.declared.get(process, ())
            self._called[process] = Brought(walk.total(process), walk.flowing.inside[process].must).without(own)
        return self._called[process]

    def callers(self, process: str) -> list[tuple[Diagram, Element]]:
        """The call activities that call a process."""
        return [
            (diagram, element)
            for diagram in self.known.processes.values()
            for element in diagram.elements.values()
            if element.called == process and diagram.process_id != process
        ]

    def _starts(self, diagram: Diagram) -> Mapping[str, Brought]:
        """What is known where the process begins, by the element at which it does."""
        ways = diagram.beginnings
        if not ways:
            plain = self._begun_plainly(diagram, None)
            return dict.fromkeys(graph.beginnings(diagram, diagram.process_id), plain)
        found: dict[str, Brought] = {}
        for way in ways:
            at = way.gateway or way.element.id
            known = self._begun(diagram, way)
            found[at] = meet(found[at], known) if at in found else known
        return found

    def _begun(self, diagram: Diagram, way: Beginning) -> Brought:
        always = surely(self.facts.every)
        if way.event is None:
            return self._begun_plainly(diagram, way.element)
        if way.event.kind is EventKind.TIMER:
            return always
        return always | payload(way.event, self.heard)

    def _begun_plainly(self, diagram: Diagram, start: Element | None) -> Brought:
        """By hand, where somebody may, and by all that call the process; by a program that is not known otherwise."""
        facts, ways = self.facts, []
        if diagram.start_roles:
            asked = facts.forms.get(start.form) if start is not None and start.form else None
            filled = surely(asked.fields) if asked else UNKNOWN if start is not None and start.form else NOTHING
            always = {*facts.every, *facts.started}
            about = diagram.started_about(start.id if start is not None else None)  # no case is begun without it
            always |= {*facts.started_about} if about == "certificate" else set()
            always |= {"application_id", "programme"} & {*facts.started_about} if about == "application" else set()
            ways.append(surely(always) | Brought(frozenset(facts.started_about)) | filled)
        ways += [self._handed(caller, element) for caller, element in self.callers(diagram.process_id)]
        if not ways:
            return surely(facts.every) | UNKNOWN
        found = ways[0]
        for way in ways[1:]:
            found = meet(found, way)
        return found

    def _handed(self, caller: Diagram, element: Element) -> Brought:
        """What a call activity hands in."""
        if caller.process_id in self._open:
            return UNKNOWN
        before = self.flowing(caller).before.get(element.id, NOTHING)
        if element.loop is not None:
            before |= surely(repeated(element))
        return (before if element.all_in else NOTHING) | surely(heads(element.inputs))


class _Walk:
    """One process: the names are carried along the flows until nothing changes any more."""

    def __init__(self, survey: Survey, diagram: Diagram, starts: Mapping[str, Brought]) -> None:
        self.survey = survey
        self.diagram = diagram
        self.starts = starts
        self.flowing = Flowing()
        self.offered = {e.id: offered(diagram, e, survey.facts) for e in diagram.elements.values()}
        self.own = {element.id: self._own(element) for element in diagram.elements.values()}
        self.totals: dict[str, frozenset[str]] = {}
        self.pools = meeting.pools(diagram, self.total)
        self.links: dict[str, list[str]] = {}
        for element in diagram.elements.values():
            for target in diagram.link_targets(element) if element.throws_link else ():
                self.links.setdefault(target.id, []).append(element.id)
        self.begins = {id_ for scope in diagram.scopes[1:] for id_ in graph.beginnings(diagram, scope)}
        self._settle()

    def _settle(self) -> None:
        """First what may be reached and set; then, from the best that could be, what is set on every way."""
        while self._again():
            pass
        for kept in (self.flowing.before, self.flowing.after, self.flowing.inside):
            kept.update({id_: surely(brought.may) for id_, brought in kept.items()})
        while self._again():
            pass

    def total(self, id_: str) -> frozenset[str]:
        """All names that an element, or the process, may bring to what is around it."""
        if id_ not in self.totals:
            found = frozenset[str]().union(*(self.total(inner.id) for inner in self.diagram.inside(id_)))
            element = self.diagram.elements.get(id_)
            if element is not None:
                found = (found - self._local(element)) | self.own[id_].may | self.offered[id_].may
            self.totals[id_] = found
        return self.totals[id_]

    def _own(self, element: Element) -> Brought:
        if element.kind != "callActivity":
            return lasting(element, produced(self.diagram, element, self.survey.facts, self.survey.heard))
        brought = NOTHING
        if element.all_out:
            brought = self.survey.called(element.called or "") | surely(heads(element.inputs))
        return lasting(element, brought)

    def _local(self, element: Element) -> frozenset[str]:
        if not is_scope(element):
            return frozenset()
        return heads(element.inputs) | repeated(element) | frozenset(self.diagram.declared.get(element.id, ()))

    def _again(self) -> bool:
        """Carries everything one step on; False when nothing changed."""
        changed = False
        for element in self.diagram.elements.values():
            before = self._before(element)
            if before is not None:
                changed |= _put(self.flowing.before, element.id, before)
                changed |= _put(self.flowing.after, element.id, self._after(element, before))
        return changed | _put(self.flowing.inside, self.diagram.process_id, self._end(self.diagram.process_id, NOTHING))

    def _after(self, element: Element, before: Brought) -> Brought:
        if not is_scope(element):
            there = surely(before.may & frozenset(demanded(element, self.survey.known)))
            return before | _at_least(element, self.own[element.id]) | there
        entered = before | surely(heads(element.inputs) | repeated(element))
        end = self._end(element.id, entered)
        self.flowing.inside[element.id] = end
        return before | _at_least(element, end.without(self._local(element)) | self.own[element.id])

    def _end(self, scope: str, entered: Brought) -> Brought:
        """What is set when nothing is left in a process or sub-process."""
        ends = [e for e in self.diagram.inside(scope) if self._is_end(e) and e.id in self.flowing.after]
        container = self.diagram.elements.get(scope)
        everything = Brought(self.total_inside(scope))
        if container is not None and container.kind == "adHocSubProcess":
            return entered | everything | self._done_once(container)
        if not ends:
            return entered | everything
        found = self.flowing.after[ends[0].id]
        for end in ends[1:]:
            found = meet(found, self.flowing.after[end.id])
        return found | everything | Brought(entered.may)

    def _done_once(self, container: Element) -> Brought:
        """What is done for certain in an ad-hoc sub-process: without a condition and a choice, everything once."""
        found, rule = NOTHING, container.adhoc
        for element in () if rule.until or rule.active else self.diagram.inside(container.id):
            if element.id in self.begins and element.id in self.flowing.after:
                found |= self.flowing.after[element.id]
        return found

    def total_inside(self, scope: str) -> frozenset[str]:
        """All names that are set anywhere in a process or sub-process."""
        return frozenset[str]().union(*(self.total(inner.id) for inner in self.diagram.inside(scope)))

    def _is_end(self, element: Element) -> bool:
        if element.event_subprocess:
            return all(start.interrupting for start in self.diagram.starts(element.id))
        leads_on = element.outgoing or element.throws_link or element.catches_compensation or element.compensates
        fails = element.kind == "endEvent" and any(event.kind in _ENDS_OTHERWISE for event in element.events)
        return not leads_on and not fails

    def _before(self, element: Element) -> Brought | None:
        """What is set when a token comes; None where none has come yet."""
        ways = list(self._ways(element))
        if not ways:
            return None
        found = ways[0]
        for way in ways[1:]:
            both = element.kind == "parallelGateway"
            found = found | way if both else meet(found, way)
        return found | Brought(self.pools.get(element.id, frozenset())) | self.offered[element.id]

    def _ways(self, element: Element) -> Iterable[Brought]:
        after, elements = self.flowing.after, self.diagram.elements
        sources = [self.diagram.flows[id_].source for id_ in element.incoming if id_ in self.diagram.flows]
        sources += self.links.get(element.id, [])
        yield from (after[id_] for id_ in sources if id_ in after and elements[id_].scope == element.scope)
        if element.attached_to in self.flowing.before:
            host = elements[element.attached_to]
            begun = Brought(self.total(host.id)) if is_scope(host) or host.loop is not None else NOTHING
            yield self.flowing.before[host.id] | begun
        if element.event_subprocess or element.compensates:
            yield from self._entered(element)
        elif element.id in self.starts:
            yield self.starts[element.id]
        elif element.id in self.begins:
            yield from self._entered(element)

    def _entered(self, element: Element) -> Iterable[Brought]:
        """What is set where a sub-process begins; what begins beside the normal flow may see all that is set in it."""
        container = self.diagram.elements.get(element.scope)
        if container is None:
            known = list(self.starts.values())
            found = known[0] if known else NOTHING
            for one in known[1:]:
                found = meet(found, one)
        elif container.id in self.flowing.before:
            found = self.flowing.before[container.id] | surely(heads(container.inputs) | repeated(container))
        else:
            return
        if element.event_subprocess or element.compensates:
            found |= Brought(self.total_inside(element.scope))
        if element.compensates or _undoes(self.diagram, element):
            found = surely(found.may | self.total(self.diagram.process_id))  # it runs at any time after its activity
        yield found


def demanded(element: Element, known: Known) -> Iterable[str]:
    """The variables that a service would not have been done without: its mandatory parameters, handed in as they are."""
    service = element.service or ""
    mandatory = set(known.services.get(service, ())) - set(known.optional.get(service, ()))
    for line in element.inputs:
        name = line.source.removeprefix("=").strip()
        if line.target in mandatory and line.source.startswith("=") and name.isidentifier():
            yield name


def _at_least(element: Element, brought: Brought) -> Brought:
    """What is asked for before the first turn may not be done at all; of a collection, one is taken to be there."""
    skipped = element.loop is not None and element.loop.kind == "standard" and element.loop.before
    return Brought(brought.may) if skipped else brought


def _undoes(diagram: Diagram, element: Element) -> bool:
    return any(start.catches(EventKind.COMPENSATION) for start in diagram.starts(element.id))


def _put(kept: dict[str, Brought], id_: str, value: Brought) -> bool:
    changed = kept.get(id_) != value
    kept[id_] = value
    return changed
