"""What a cell compares its input with: only for cells whose answer can change at no other value than those."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from engine import feel
from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    In,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    RangeLiteral,
    Test,
    UnaryTests,
    walk,
)

_SAME_FOR_EVER: Final = frozenset({"date", "time", "date and time", "duration", "number", "not"})
PLAIN: Final = frozenset(
    {
        "number",
        "string",
        "boolean",
        "Null",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
_INPUT: Final = "?"


@dataclass(frozen=True, slots=True)
class Compared:
    """The values that a cell names; `ordered` where it asks for less or more, and not for equality alone."""

    values: tuple[object, ...]
    ordered: bool


def compared(node: Node) -> Compared | None:
    """What unary tests compare with; None where they do anything else, so that nothing can be said of them."""
    values: list[object] = []
    ordered = _gather(node, values)
    return None if ordered is None else Compared(tuple(values), ordered)


def constant(node: Node) -> tuple[object] | None:
    """The value that a node has everywhere and always, in a tuple of its own; None for a node that has none."""
    for part in walk(node):
        named = isinstance(part, Name) and part.name not in _SAME_FOR_EVER
        if named or not isinstance(part, Literal | AtLiteral | Negation | Arithmetic | Call | Name):
            return None
    try:
        return (feel.Expression("", node)({}),)
    except feel.FeelError:
        return None


def plain(value: object) -> bool:
    """Whether a value is one that lines can be made of: no list, no context, no time that counts from elsewhere."""
    which = feel.kind(value)
    return which in PLAIN and not (which == "time" and getattr(value, "tzinfo", None) is not None)


def _gather(node: Node, values: list[object]) -> bool | None:
    """Notes the values that a test names and answers whether it goes by order; None for what cannot be judged."""
    if isinstance(node, Test):
        return _operand(node.operand, values, ordered=node.operator not in {"=", "!="})
    if isinstance(node, RangeLiteral):
        return _all([_operand(end, values, ordered=True) for end in (node.low, node.high) if end is not None])
    if isinstance(node, UnaryTests):
        return _all([_gather(test, values) for test in node.tests])
    if isinstance(node, ListLiteral):
        return _all([_gather(item, values) for item in node.items])
    return _said_of_input(node, values)


def _said_of_input(node: Node, values: list[object]) -> bool | None:
    """Tests that name the input themselves: `? > 5 and ? < 8`."""
    if isinstance(node, Conjunction | Disjunction):
        return _all([_gather(term, values) for term in node.terms])
    if isinstance(node, Comparison) and (_is_input(node.left) or _is_input(node.right)):
        other = node.right if _is_input(node.left) else node.left
        return _operand(other, values, ordered=node.operator not in {"=", "!="})
    if isinstance(node, Between) and _is_input(node.value):
        return _all([_operand(end, values, ordered=True) for end in (node.low, node.high)])
    if isinstance(node, In) and _is_input(node.value):
        return _all([_gather(test, values) for test in node.tests])
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not" and not node.names:
        return _all([_gather(argument, values) for argument in node.arguments])
    return _operand(node, values, ordered=False)


def _operand(node: Node, values: list[object], *, ordered: bool) -> bool | None:
    found = constant(node)
    if found is None or not plain(found[0]):
        return None
    values.append(found[0])
    return ordered


def _all(answers: list[bool | None]) -> bool | None:
    return None if None in answers else True in answers


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == _INPUT


def written(value: object) -> str:
    """A plain value as people write it in a cell; dates and durations without the signs around them."""
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if abs(value.adjusted()) < 30 else str(value)  # noqa: PLR2004 - digits
    return value.isoformat() if type(value) is date else str(feel.to_json(value))
