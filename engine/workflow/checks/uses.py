"""Every place of a diagram where an expression is read, with the variables that are there for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.workflow.checks.bringing import COUNTERS, NOTHING, Brought, heads, produced, repeated, surely
from engine.workflow.checks.flowing import Flowing, Survey
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Assignment, Element, EventKind, Flow, is_scope

_KEEPS_NO_INPUTS = {"serviceTask", "sendTask"}  # their inputs are arguments of the call, unless outputs follow
_COMPLEX = {"activationCount", "activationCounts", "waitingForStart"}


@dataclass(frozen=True, slots=True)
class Use:
    """An expression at an element or flow: `what` it is, its text, what may be set there, and the kind it must have."""

    where: str
    element: str
    what: str
    text: str
    seen: Brought
    kind: str = ""


def uses(diagram: Diagram, survey: Survey) -> Iterator[Use]:
    """All that a token can come to, in the order of the file."""
    flowing = survey.flowing(diagram)
    for element in diagram.elements.values():
        if element.id in flowing.before:
            yield from _Place(diagram, element, flowing, survey).uses()
    for flow in diagram.flows.values():
        if flow.condition and flow.source in flowing.after:
            yield _of_flow(diagram.elements[flow.source], flow, flowing)


def at_work(element: Element, flowing: Flowing) -> Brought:
    """What is there while an activity is done: what was there before, its own number and item, and its inputs."""
    return flowing.before[element.id] | surely(repeated(element) | heads(element.inputs))


def _of_flow(source: Element, flow: Flow, flowing: Flowing) -> Use:
    local = heads(source.inputs) if source.loop is None else frozenset[str]()
    more = _COMPLEX if source.kind == "complexGateway" else set()
    seen = flowing.after[source.id] | surely({*local, *more})
    return Use(flow.id, source.id, "condition", flow.condition or "", seen, "boolean")


@dataclass(frozen=True, slots=True)
class _Place:
    """One element and what is known around it."""

    diagram: Diagram
    element: Element
    flowing: Flowing
    survey: Survey

    def uses(self) -> Iterator[Use]:
        """Its expressions, in the order in which they are read."""
        element, before = self.element, self.flowing.before[self.element.id]
        each = before | surely(repeated(element))
        within = at_work(element, self.flowing)
        yield from self._of_loop(before)
        yield from self._of_events(before, within)
        yield from self._of_lines("input", element.inputs, each)
        keeps = element.kind not in _KEEPS_NO_INPUTS or bool(element.outputs)
        yield from self._computed((("number of tries", element.retries),), each)
        own = (("assignee", element.assignee), ("due date", element.due), ("script", element.script))
        yield from self._computed((*own, ("time to live", element.properties.get("time_to_live"))), within)
        yield from self._of_choice(within)
        done = self._done(within if keeps else each)
        yield from self._of_lines("output", element.outputs, done)
        yield from self._of_results(done)

    def _done(self, within: Brought) -> Brought:
        """What outputs and results may name: all that was there, and what was brought."""
        element = self.element
        if is_scope(element):
            return within | self.flowing.inside.get(element.id, NOTHING)
        if element.kind == "callActivity":
            handed = within if element.all_in else NOTHING
            return within | handed | self.survey.called(element.called or "")
        return within | produced(self.diagram, element, self.survey.facts, self.survey.heard)

    def _of_loop(self, before: Brought) -> Iterator[Use]:
        loop = self.element.loop
        if loop is not None:
            yield from self._computed((("collection", loop.collection),), before, "list")
            yield from self._always((("number of instances", loop.cardinality),), before, "number")
            asked = before if loop.before else self.flowing.after[self.element.id]
            yield from self._always((("loop condition", loop.condition),), asked | surely({"loopCounter"}), "boolean")

    def _of_results(self, done: Brought) -> Iterator[Use]:
        loop = self.element.loop
        if loop is not None:
            yield from self._always((("output element", loop.result),), done)
            counted = done | self.flowing.after[self.element.id] | surely(COUNTERS)
            yield from self._always((("completion condition", loop.until),), counted, "boolean")
            yield from self._always((("condition", one.when) for one in loop.announced), counted, "boolean")

    def _of_events(self, before: Brought, within: Brought) -> Iterator[Use]:
        element = self.element
        begins = element.kind == "startEvent" and element.scope == self.diagram.process_id
        for event in element.events:
            if event.kind is EventKind.TIMER:
                there = NOTHING if begins else before
                yield from self._computed((("timer", event.text),), there)
            elif event.kind is EventKind.CONDITION:
                yield from self._always((("condition", event.text),), before, "boolean")
            elif not begins:
                yield from self._computed((("correlation key", event.key),), within)

    def _of_choice(self, within: Brought) -> Iterator[Use]:
        element = self.element
        yield from self._computed((("collection", element.adhoc.active),), within, "list")
        inside = within | self.flowing.inside.get(element.id, NOTHING)
        yield from self._always((("completion condition", element.adhoc.until),), inside, "boolean")
        counted = within | surely(_COMPLEX)
        yield from self._always((("activation condition", element.activation),), counted, "boolean")

    def _of_lines(self, what: str, lines: Iterable[Assignment], seen: Brought) -> Iterator[Use]:
        """Each line sees what those before it made."""
        made: set[str] = set()
        for line in lines:
            there = seen if line.apart else seen | surely(made)
            yield from self._computed(((f"{what} {line.target}", line.source),), there)
            made.add(line.target.partition(".")[0])

    def _computed(self, texts: Iterable[tuple[str, str | None]], seen: Brought, kind: str = "") -> Iterator[Use]:
        """What is FEEL only after "="."""
        for what, text in texts:
            if text and text.lstrip().startswith("="):
                yield Use(self.element.id, self.element.id, what, text, seen, kind)

    def _always(self, texts: Iterable[tuple[str, str | None]], seen: Brought, kind: str = "") -> Iterator[Use]:
        """What is FEEL with "=" and without."""
        for what, text in texts:
            if text:
                yield Use(self.element.id, self.element.id, what, text, seen, kind)
