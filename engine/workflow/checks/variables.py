"""What an expression names is set before it is read, of the kind that it needs, as far as the diagram can tell."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from engine import feel
from engine.domain.errors import Problem
from engine.feel import FreeName, Type
from engine.feel.nodes import Call, Comparison, ContextLiteral, In, ListLiteral, Name, Node, Path, walk
from engine.workflow.checks import kinds
from engine.workflow.checks.bringing import ANYTHING, ASSUMED, Brought
from engine.workflow.checks.complaints import Complaint, Known, error, warning
from engine.workflow.checks.flowing import Survey
from engine.workflow.checks.paths import Ways
from engine.workflow.checks.uses import Use, at_work, uses
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element

_FOR_NULL = {"is defined", "get or else"}
_MUST_BE = {"timer", "correlation key"}  # null would stop the case there
_TEXT = 80  # characters of an expression that a sentence shows


def variables(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Every name is set on some way, and a warning tells where one may be missing; what cannot be known is let pass."""
    if known.facts is None:
        return
    survey = Survey(known, known.facts)
    types = kinds.types(diagram, survey)
    flowing = survey.flowing(diagram)
    ways = Ways(diagram, flowing)
    for use in uses(diagram, survey):
        yield from _of_use(use, types, ways)
    for element in diagram.elements.values():
        if element.id in flowing.before:
            seen = at_work(element, flowing)
            yield from _of_form(element, survey, seen)
            yield from _of_decision(element, survey, seen)


def _of_use(use: Use, types: Mapping[str, Type], ways: Ways) -> Iterator[Complaint]:
    try:
        expression = feel.compile(use.text)
    except feel.FeelError:
        return  # told by the rule for expressions
    certain = ANYTHING not in use.seen.may
    said = feel.analyse(expression, {name: types[name] for name in use.seen.may & types.keys()} if certain else {})
    shown = {"what": use.what, "text": _short(use.text), "id": use.element}
    for remark in said.remarks:
        message = "The %(what)s %(text)s of %(id)s is wrong in line %(line)s, column %(column)s: «%(reason)s»"
        reason = Problem("", remark.message, remark.params)
        yield error(use.where, message, **shown, line=remark.at.line, column=remark.at.column, reason=reason)
    if use.kind and said.type.name not in {use.kind, "Any", "Null"} and not (use.kind == "list" and not certain):
        message = "The %(what)s %(text)s of %(id)s gives a %(type)s; it must give a %(kind)s."
        yield error(use.where, message, **shown, type=said.type.name, kind=use.kind)
    for name in _once(said.names):
        yield from _of_name(use, name, expression.node, ways)


def _of_name(use: Use, name: FreeName, node: Node, ways: Ways) -> Iterator[Complaint]:
    seen, shown = use.seen, {"name": name.name, "what": use.what, "text": _short(use.text), "id": use.element}
    if name.name in seen.must or not name.certain:
        return
    if name.name not in seen.may:
        if ANYTHING in seen.may:
            return
        say = warning if ASSUMED in seen.may else error
        near = _near(name.name, seen.may)
        message = "Nothing sets %(name)s before the %(what)s %(text)s of %(id)s; set it there, or correct the name."
        if near:
            message = "Nothing sets %(name)s before the %(what)s %(text)s of %(id)s; did you mean %(near)s?"
        yield say(use.where, message, **shown, near=near)
    elif ANYTHING not in seen.may and name.name not in _guarded(node) | _copied(use, node):
        by = ways.without(use.element, name.name)
        if by is not None:
            message = (
                "%(name)s may be missing for the %(what)s %(text)s of %(id)s: by way of %(by)s a case comes there "
                "without it. Set it on that way too, or say what holds when it is null."
            )
            yield warning(use.where, message, **shown, by=by)


def _of_form(element: Element, survey: Survey, seen: Brought) -> Iterator[Complaint]:
    """What a form asks of the case is there when the form is shown."""
    form = survey.facts.forms.get(element.form or "")
    if form is None or ANYTHING in seen.may:
        return
    for asked in form.asks:
        for name in sorted(set(asked.names) - seen.may - form.fields.keys()):
            message = (
                "The form %(form)s names %(name)s (%(what)s of %(field)s), but nothing sets it before %(id)s; "
                "set it there, or correct the form."
            )
            shown = {"form": element.form, "name": name, "what": asked.what, "field": asked.where}
            yield (warning if ASSUMED in seen.may else error)(element.id, message, **shown, id=element.id)


def _of_decision(element: Element, survey: Survey, seen: Brought) -> Iterator[Complaint]:
    """What a decision must be told is there when it is asked."""
    decision = survey.facts.decisions.get(element.decision or "")
    if decision is None or ANYTHING in seen.may:
        return
    for name in sorted(decision.inputs.keys() - seen.may):
        message = "The decision %(decision)s needs %(name)s, but nothing sets it before %(id)s; map an input to it."
        near = _near(name, seen.may)
        if near:
            message = (
                "The decision %(decision)s needs %(name)s, but nothing sets it before %(id)s; did you mean %(near)s?"
            )
        shown = {"decision": element.decision, "name": name, "id": element.id, "near": near}
        yield (warning if ASSUMED in seen.may else error)(element.id, message, **shown)


def _once(names: Iterable[FreeName]) -> Iterator[FreeName]:
    """Each name where it stands first."""
    return iter({each.name: each for each in reversed(list(names))}.values())


def _near(name: str, names: Collection[str]) -> str:
    found = get_close_matches(name, sorted(set(names) - {ANYTHING, ASSUMED}), 1, 0.8)
    return found[0] if found else ""


def _guarded(node: Node) -> set[str]:
    """The names of which it is said what holds when they are null: nothing but null equals null (DMN 1.5, 10.3.2.13)."""
    found: set[str] = set()
    for part in walk(node):
        asked: tuple[Node, ...] = ()
        if isinstance(part, Comparison) and part.operator in {"=", "!="}:
            asked = (part.left, part.right)
        elif isinstance(part, In):
            asked = (part.value,)
        elif isinstance(part, Call) and isinstance(part.function, Name) and part.function.name in _FOR_NULL:
            asked = part.arguments[:1]
        found |= {_root(one) for one in asked}
    return found


def _copied(use: Use, node: Node) -> set[str]:
    """The names whose values are only handed on: null is handed on as well as anything else."""
    if use.what in _MUST_BE or use.kind:
        return set()
    if isinstance(node, ContextLiteral):
        return set().union(*(_copied(use, value) for value in node.values))
    if isinstance(node, ListLiteral):
        return set().union(*(_copied(use, item) for item in node.items))
    return {_root(node)}


def _root(node: Node) -> str:
    while isinstance(node, Path):
        node = node.base
    return node.name if isinstance(node, Name) else ""


def _short(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}…"
