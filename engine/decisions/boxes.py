"""From the XML of a decision's logic to values: tables, FEEL texts, contexts, lists, calls, functions, choices, loops."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine import xml
from engine.decisions.model import (
    Choice,
    Context,
    FunctionLogic,
    Input,
    Invocation,
    Items,
    Literal,
    Logic,
    Loop,
    Output,
    Outside,
    Policy,
    Rule,
    Table,
)
from engine.domain.errors import Problem

_POLICIES: Final = {
    "UNIQUE": Policy.UNIQUE,
    "ANY": Policy.ANY,
    "PRIORITY": Policy.PRIORITY,
    "FIRST": Policy.FIRST,
    "RULE ORDER": Policy.RULE_ORDER,
    "OUTPUT ORDER": Policy.OUTPUT_ORDER,
    "COLLECT": Policy.COLLECT,
}
_AGGREGATIONS: Final = {"": "", "SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
_OUTPUT_TEXTS: Final = {"outputEntry", "defaultOutputEntry"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file we read: the decision, and the list in which problems gather."""

    decision: str
    problems: list[Problem]

    def at(self, decision: str) -> "Place":
        """The same reading, at another decision."""
        return Place(decision, self.problems)

    def refuse(self, message: str, **params: object) -> None:
        """Notes what is wrong here."""
        self.problems.append(Problem(self.decision, message, params))


def read(node: etree._Element, place: Place) -> Logic:
    """The logic in a box; what is no box that we know is noted as a problem."""
    require_feel(node, place)
    reader = BOXES.get(xml.local(node))
    if reader is None:
        message = "Line %(line)s has a box %(kind)s, which does not run; use a table or a FEEL expression."
        place.refuse(message, line=line(node), kind=xml.local(node))
        return Literal("null")
    return reader(node, place)


def function(node: etree._Element, place: Place) -> Logic:
    """A function; only those whose body is FEEL or a box."""
    parameters = tuple((words(one.get("name")), type_of(one)) for one in children(node, "formalParameter"))
    if (kind := node.get("kind", "FEEL")) != "FEEL":
        return FunctionLogic(parameters, Outside(kind, line(node)))
    return FunctionLogic(parameters, _inner(node, place), type=type_of(node))


def require_feel(node: etree._Element, place: Place) -> None:
    """FEEL is the one language of expressions, whatever the file says it is written in."""
    language = node.get("expressionLanguage", "FEEL")
    if "FEEL" not in language.upper():
        place.refuse("Expressions are FEEL; %(language)s in line %(line)s is not.", language=language, line=line(node))


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The direct children of these names."""
    return (child for child in node if xml.local(child) in names)


def line(node: etree._Element) -> int:
    """The line of the file on which the element begins."""
    return node.sourceline or 0  # type: ignore[return-value]  # the stubs leave the setter's type open


def words(text: str | None) -> str:
    """A name as people read it: line breaks are spaces."""
    return " ".join((text or "").split())


def text_in(node: etree._Element) -> str:
    """The text in the `text` of an element."""
    inner = next(children(node, "text"), None)
    return (inner.text or "").strip() if inner is not None else ""


def type_of(node: etree._Element) -> str:
    """The type that an element names."""
    return plain_type(node.get("typeRef", ""), node)


def plain_type(text: str, node: etree._Element) -> str:
    """A type's name; one with a prefix of XML (older files) as `{namespace}name`, or bare where FEEL's namespace is meant."""
    name = words(text)
    prefix, colon, rest = name.partition(":")
    namespace = node.nsmap.get(prefix) if colon else None
    if namespace is None:
        return name.removeprefix("feel:")
    return rest if "/FEEL" in namespace else f"{{{namespace}}}{rest}"


def english(node: etree._Element) -> str:
    """The English name: the property `name_en` of the extension elements, as in diagrams."""
    for extensions in children(node, "extensionElements"):
        for one in extensions.iter("{*}property"):
            if one.get("name") == "name_en":
                return words(one.get("value"))
    return ""


def _inner(node: etree._Element, place: Place, name: str = "") -> Logic:
    """The one box inside an element, or inside its child of that name."""
    holder = next(children(node, name), None) if name else node
    found = [] if holder is None else [child for child in holder if xml.local(child) in BOXES]
    if len(found) != 1:
        message = "The %(kind)s in line %(line)s needs one expression inside; enter it."
        place.refuse(message, kind=name or xml.local(node), line=line(node))
        return Literal("null")
    return read(found[0], place)


def _literal(node: etree._Element, place: Place) -> Logic:
    if any(True for _ in children(node, "importedValues")):
        place.refuse("Line %(line)s takes its values from another file, which does not run here.", line=line(node))
    return Literal(text_in(node), type=type_of(node))


def _table(node: etree._Element, place: Place) -> Logic:
    inputs = tuple(_input(one, place) for one in children(node, "input"))
    outputs = tuple(_output(one, place) for one in children(node, "output"))
    table = Table(
        policy=_policy(node, place),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(_rule(one, place) for one in children(node, "rule")),
        type=type_of(node),
    )
    _require_columns(table, place)
    return table


def _policy(node: etree._Element, place: Place) -> Policy:
    written, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
    policy = _POLICIES.get(written)
    if policy is None or aggregation not in _AGGREGATIONS or (aggregation and policy is not Policy.COLLECT):
        message = (
            "There is no hit policy %(policy)s %(aggregation)s; choose one of U, A, P, F, R, O, C, C+, C<, C>, C#."
        )
        place.refuse(message, policy=written, aggregation=aggregation)
        return Policy.UNIQUE
    return Policy(policy + _AGGREGATIONS[aggregation])


def _input(node: etree._Element, place: Place) -> Input:
    expression = next(children(node, "inputExpression"), None)
    allowed = next(children(node, "inputValues"), None)
    if expression is not None:
        require_feel(expression, place)
    text = text_in(expression) if expression is not None else ""
    return Input(
        text=text,
        label=words(node.get("label")) or text,
        type=type_of(expression) if expression is not None else "",
        allowed=text_in(allowed) if allowed is not None else "",
    )


def _output(node: etree._Element, place: Place) -> Output:
    allowed = next(children(node, "outputValues"), None)
    default = next(children(node, "defaultOutputEntry"), None)
    if default is not None:
        require_feel(default, place)
    name = words(node.get("name"))
    return Output(
        name=name,
        label=words(node.get("label")) or name,
        type=type_of(node),
        allowed=text_in(allowed) if allowed is not None else "",
        default=text_in(default) if default is not None else "",
    )


def _rule(node: etree._Element, place: Place) -> Rule:
    for entry in children(node, "inputEntry", "outputEntry"):
        require_feel(entry, place)
    return Rule(
        id=node.get("id", ""),
        tests=tuple(text_in(one) for one in children(node, "inputEntry")),
        answers=tuple(text_in(one) for one in children(node, "outputEntry")),
        notes=_notes(node),
        line=line(node),
    )


def _notes(rule: etree._Element) -> tuple[str, ...]:
    """The remarks of a rule; where it has none, its description, in which some modelers keep what one writes beside it."""
    said = tuple(note for one in children(rule, "annotationEntry") if (note := words(text_in(one))))
    described = (words(one.text) for one in children(rule, "description"))
    return said or tuple(note for note in described if note)


def _require_columns(table: Table, place: Place) -> None:
    names = [output.name for output in table.outputs]
    if not table.outputs:
        place.refuse("The table answers nothing; give it an output.")
    elif len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
        place.refuse("Each of several outputs needs a name of its own; enter them.")
    if len(names) > 1 and table.policy in {Policy.SUM, Policy.LEAST, Policy.MOST}:
        place.refuse("%(policy)s works on one output, and the table has several; choose another.", policy=table.policy)
    for number, rule in enumerate(table.rules, 1):
        if (len(rule.tests), len(rule.answers)) != (len(table.inputs), len(table.outputs)):
            message = (
                "Rule %(rule)s has %(tests)s inputs and %(answers)s outputs; the table has %(inputs)s and %(outputs)s."
            )
            counts = {"tests": len(rule.tests), "answers": len(rule.answers)}
            place.refuse(message, rule=number, inputs=len(table.inputs), outputs=len(table.outputs), **counts)


def _context(node: etree._Element, place: Place) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in children(node, "contextEntry"):
        variable = next(children(entry, "variable"), None)
        if variable is None:
            result = _inner(entry, place)
        else:
            entries.append((words(variable.get("name")), _typed(_inner(entry, place), type_of(variable))))
    return Context(tuple(entries), result, type=type_of(node))


def _typed(logic: Logic, type_: str) -> Logic:
    """The logic with the type of its variable, where it names none itself."""
    return logic if logic.type or not type_ else Context((), logic, type=type_)


def _list(node: etree._Element, place: Place) -> Logic:
    return Items(tuple(read(child, place) for child in node if xml.local(child) in BOXES), type=type_of(node))


def _relation(node: etree._Element, place: Place) -> Logic:
    names = [words(one.get("name")) for one in children(node, "column")]
    rows = []
    for row in children(node, "row"):
        cells = [read(child, place) for child in row if xml.local(child) in BOXES]
        if len(cells) != len(names):
            place.refuse("The row in line %(line)s has not one cell for each column.", line=line(row))
            continue
        rows.append(Context(tuple(zip(names, cells, strict=True))))
    return Items(tuple(rows), type=type_of(node))


def _invocation(node: etree._Element, place: Place) -> Logic:
    called = next(children(node, "literalExpression"), None)
    arguments = []
    for binding in children(node, "binding"):
        parameter = next(children(binding, "parameter"), None)
        if parameter is not None:
            arguments.append((words(parameter.get("name")), _inner(binding, place)))
    if called is None:
        place.refuse("The invocation in line %(line)s does not say what it calls.", line=line(node))
        return Literal("null")
    return Invocation(text_in(called), tuple(arguments), type=type_of(node))


def _choice(node: etree._Element, place: Place) -> Logic:
    parts = (_inner(node, place, name) for name in ("if", "then", "else"))
    return Choice(*parts, type=type_of(node))


def _loop(node: etree._Element, place: Place) -> Logic:
    kind = xml.local(node)
    body = {"filter": "match", "for": "return"}.get(kind, "satisfies")
    name = words(node.get("iteratorVariable")) or "item"
    return Loop(kind, name, _inner(node, place, "in"), _inner(node, place, body), type=type_of(node))


BOXES: Final[Mapping[str, Callable[[etree._Element, Place], Logic]]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function,
    "conditional": _choice,
    "filter": _loop,
    "for": _loop,
    "some": _loop,
    "every": _loop,
}
