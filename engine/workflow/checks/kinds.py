"""Of which type each variable of a process is, as far as all that may set it is known."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine import feel
from engine.feel import Type, typed
from engine.workflow.checks.bringing import NOTHING, heads, payload, produced
from engine.workflow.checks.facts import Facts
from engine.workflow.checks.flowing import Survey
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Assignment, Element, EventKind

_NUMBER = typed.of_kind("number")
_ROUNDS = 3  # a script may build on another, which builds on a third; what goes deeper may be anything
_CAUGHT = {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION}


def types(diagram: Diagram, survey: Survey) -> Mapping[str, Type]:
    """The type of every variable: that of all that set it together, wherever they stand; what is not here may be anything."""
    known: Mapping[str, Type] = {}
    for _ in range(_ROUNDS):
        found: dict[str, list[Type]] = {}
        for name, type_ in _all(diagram, survey, known):
            found.setdefault(name, []).append(type_)
        known = {name: typed.joined(each) for name, each in found.items()}
    return MappingProxyType(known)


def _all(diagram: Diagram, survey: Survey, known: Mapping[str, Type]) -> Iterator[tuple[str, Type]]:
    facts = survey.facts
    yield from (*facts.every.items(), *facts.started.items(), *facts.started_about.items())
    for way in diagram.beginnings:
        if way.event is not None:
            yield from ((name, typed.ANY) for name in payload(way.event, survey.heard).may)
    for caller, element in survey.callers(diagram.process_id):
        names = survey.flowing(caller).before.get(element.id, NOTHING)
        yield from ((name, typed.ANY) for name in names.may | heads(element.inputs))
    yield from ((name, typed.ANY) for names in diagram.declared.values() for name in names)
    for element in diagram.elements.values():
        yield from _brought(diagram, element, survey, known)
        yield from _of_loop(element, known)
        yield from _of_lines(element.inputs, known)
        yield from _of_lines(element.outputs, {} if _produces_locally(element) else known)


def _brought(
    diagram: Diagram, element: Element, survey: Survey, known: Mapping[str, Type]
) -> Iterator[tuple[str, Type]]:
    facts = survey.facts
    if form := facts.forms.get(element.form or ""):
        yield from form.fields.items()
    yield from facts.services.get(element.service or "", {}).items()
    if element.called:
        yield from ((name, typed.ANY) for name in survey.called(element.called).may)
    if element.result:
        yield element.result, _answer(element, facts, known)
    if any(event.kind in _CAUGHT for event in element.events):
        caught = produced(diagram, element, facts, survey.heard)
        yield from ((name, typed.ANY) for name in caught.may)


def _answer(element: Element, facts: Facts, known: Mapping[str, Type]) -> Type:
    """The type of what stands under the result variable."""
    if element.decision:
        decision = facts.decisions.get(element.decision)
        return decision.output if decision else typed.ANY
    return _made(element.script, known)


def _of_loop(element: Element, known: Mapping[str, Type]) -> Iterator[tuple[str, Type]]:
    if element.loop is None:
        return
    yield "loopCounter", _NUMBER
    if element.loop.item:
        yield element.loop.item, typed.stored(typed.element(_made(element.loop.collection, known)))
    if element.loop.results:
        yield element.loop.results, typed.list_of(typed.ANY)


def _of_lines(lines: tuple[Assignment, ...], known: Mapping[str, Type]) -> Iterator[tuple[str, Type]]:
    """A name that is only added to, by a dotted target, is a context that nobody knows whole."""
    for line in lines:
        head, dot, _ = line.target.partition(".")
        yield head, typed.of_kind("context") if dot else _made(line.source, known)


def _produces_locally(element: Element) -> bool:
    """Whether outputs read names that are no variables of the process: the payload of an event, what is called."""
    return bool(element.events) or bool(element.called) or bool(element.service)


def _made(text: str | None, known: Mapping[str, Type]) -> Type:
    """The type of the value of a text, as it is kept in the case."""
    if not text or not text.startswith("="):
        return typed.of_kind("string")
    try:
        return typed.stored(feel.analyse(feel.compile(text), known).type)
    except feel.FeelError:
        return typed.ANY
