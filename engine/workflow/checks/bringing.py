"""Which variables an element brings into the case data, and which it has for itself alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from engine import feel
from engine.workflow.checks.facts import Facts
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Assignment, Element, Event, EventKind

ANYTHING = "*"  # stands among the names where something unknown may have set any
ASSUMED = "~"  # stands among them where a message was taken for what its known senders write into it
COUNTERS = frozenset(
    {"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"}
)
_FROM_OUTSIDE = {EventKind.MESSAGE, EventKind.SIGNAL}
_CLIMBING = {EventKind.ERROR, EventKind.ESCALATION}
_THROWS = {"intermediateThrowEvent", "endEvent"}
_NOBODY = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Brought:
    """Names that are set when an element is done: those that may be, and among them those that are whatever happens."""

    may: frozenset[str] = _NOBODY
    must: frozenset[str] = _NOBODY

    def __or__(self, other: "Brought") -> "Brought":
        return Brought(self.may | other.may, self.must | other.must)

    def without(self, names: Iterable[str]) -> "Brought":
        """The same but for these names."""
        gone = frozenset(names)
        return Brought(self.may - gone, self.must - gone)


Heard = Mapping[tuple[EventKind, str], Brought]

NOTHING = Brought()
UNKNOWN = Brought(frozenset({ANYTHING}))


def surely(names: Iterable[str]) -> Brought:
    """Names that are set whatever happens."""
    found = frozenset(names)
    return Brought(found, found)


def heads(lines: Iterable[Assignment]) -> frozenset[str]:
    """The variables that mapping lines write to."""
    return frozenset(line.target.partition(".")[0] for line in lines)


def repeated(element: Element) -> frozenset[str]:
    """What each instance of a repeated activity has for itself: its number, its item, the names of its result."""
    if element.loop is None:
        return _NOBODY
    return frozenset({"loopCounter", element.loop.item, *result_names(element)}) - {""}


def result_names(element: Element) -> frozenset[str]:
    """The names of which the result of an instance is made."""
    text = element.loop.result if element.loop else ""
    try:
        return feel.names(text) - {"loopCounter"} if text else _NOBODY
    except feel.FeelError:
        return _NOBODY


def meet(one: Brought, other: Brought) -> Brought:
    """What is known where two ways come together, each of which a token may have come."""
    return Brought(one.may | other.may, one.must & other.must)


def senders(diagrams: Iterable[Diagram], facts: Facts) -> Heard:
    """What messages and signals bring, as far as somebody is known who sends them; others may send more."""
    found: dict[tuple[EventKind, str], list[Brought]] = {}
    for name, payload in facts.messages.items():
        found.setdefault((EventKind.MESSAGE, name), []).append(surely(payload))
    for diagram in diagrams:
        for element in diagram.elements.values():
            if element.kind in _THROWS or (element.kind == "sendTask" and not element.service):
                for event in element.events:
                    found.setdefault((event.kind, event.name), []).append(surely(heads(element.inputs)))
    return {key: reduce(meet, each) | Brought(frozenset({ASSUMED})) for key, each in found.items()}


def payload(event: Event, heard: Heard) -> Brought:
    """What an event brings that comes from outside of its case."""
    return heard.get((event.kind, event.name), UNKNOWN) if event.name else UNKNOWN


def produced(diagram: Diagram, element: Element, facts: Facts, heard: Heard) -> Brought:
    """What the work or event itself brings, before any output mapping; the names of what is called are not among them."""
    if element.kind == "userTask":
        form = facts.forms.get(element.form or "")
        return surely(form.fields) if form else UNKNOWN
    if element.service and element.kind in {"serviceTask", "sendTask", "businessRuleTask"}:
        return surely(facts.services[element.service]) if element.service in facts.services else UNKNOWN
    if element.kind in {"scriptTask", "businessRuleTask"}:
        return surely({element.result} if element.result else ())
    if element.kind in _THROWS:
        return NOTHING
    return _caught(diagram, element, heard)


def offered(diagram: Diagram, element: Element, facts: Facts) -> Brought:
    """What a person answers who begins an activity of an ad-hoc sub-process with its form."""
    if not element.form or not diagram.begun_by_hand(element):
        return NOTHING
    form = facts.forms.get(element.form)
    return surely(form.fields) if form else UNKNOWN


def lasting(element: Element, brought: Brought) -> Brought:
    """What stays of it: what the outputs make of it where there are any, and the collection of results."""
    if element.outputs:
        brought = surely(heads(element.outputs))
    if element.loop is not None:
        brought = brought.without(repeated(element)) | surely({element.loop.results} - {""})
    return brought


def _caught(diagram: Diagram, element: Element, heard: Heard) -> Brought:
    kinds = {event.kind for event in element.events}
    outside = [payload(event, heard) for event in element.events if event.kind in _FROM_OUTSIDE]
    if outside and element.kind != "sendTask":
        return reduce(meet, outside)
    if kinds & _CLIMBING:
        thrown = [heads(other.inputs) for other in diagram.elements.values() if _throws(other, kinds)]
        called = any(other.kind == "callActivity" for other in diagram.elements.values())
        errors = {"errorCode", "errorMessage"} if element.outputs else set()
        return Brought(frozenset(errors).union(*thrown)) if not called else UNKNOWN
    return NOTHING


def _throws(element: Element, kinds: set[EventKind]) -> bool:
    return element.kind in _THROWS and any(event.kind in kinds & _CLIMBING for event in element.events)
