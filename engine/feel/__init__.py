"""FEEL, the expression language of diagrams, tables and forms (DMN 1.5, chapter 10): our own interpreter.

`compile` once, call often; nothing an expression says can reach anything but its scope. `parse` gives the tree of a
text and `printed` a text of the tree. It needs nothing of the engine but the words for what is wrong.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from engine.feel import analysis, printing, typed
from engine.feel.analysis import Analysis
from engine.feel.calendar import FarDate, FineMoment, FineTime
from engine.feel.convert import Json, from_json, to_json
from engine.feel.durations import DaysDuration, MonthsDuration
from engine.feel.errors import FeelError, Position
from engine.feel.expression import Expression, Tests, compile_expression, compile_tests
from engine.feel.inference import FreeName, Remark
from engine.feel.nodes import Node, Type
from engine.feel.run import Frame, Run
from engine.feel.values import Function, Range, equal, kind, less

_NO_TYPES: Mapping[str, Type] = MappingProxyType({})


def compile(text: str, known: Iterable[str] = ()) -> Expression:  # noqa: A001 - read as feel.compile
    """The expression of a text, with or without Camunda's leading `=`; cached.

    `known` are names of the scope that have signs or keywords in them, such as `profit and loss`.
    Raises FeelError with the position of what is wrong and what was expected.
    """
    return compile_expression(text, frozenset(known))


def tests(text: str, known: Iterable[str] = ()) -> Tests:  # noqa: PT028 - it reads tests, it is none
    """The unary tests of a text (a cell of a decision table); cached. Raises FeelError as `compile` does."""
    return compile_tests(text, frozenset(known))


def evaluate(text: str, scope: Mapping[str, object], *, now: datetime | None = None) -> object:
    """The value of a text in a scope; raises FeelError for a text that is no expression or asks too much."""
    return compile(text, (name for name in scope if not name.isidentifier()))(scope, now=now)


def analyse(expression: Expression | Tests, scope: Mapping[str, Type] = _NO_TYPES, asked: Type = typed.ANY) -> Analysis:
    """What can be said of an expression before it has values; `scope` are the types of the names that are known.

    Of unary tests `asked` is the type of what they test.
    """
    given = {"?": asked} if isinstance(expression, Tests) else {}
    return analysis.analyse(expression.text, expression.node, scope, given)


def parse(text: str, known: Iterable[str] = ()) -> Node:
    """The tree of an expression, with or without the leading `=`; raises FeelError as `compile` does."""
    return compile(text, known).node


def printed(node: Node) -> str:
    """The text of a tree, with no more parentheses than it needs: read again, it is the same tree."""
    return printing.text_of(node)


def names(text: str) -> frozenset[str]:
    """The names that a scope must give for this text to have its value."""
    return compile(text).names


__all__ = [
    "Analysis",
    "DaysDuration",
    "Expression",
    "FarDate",
    "FeelError",
    "FineMoment",
    "FineTime",
    "Frame",
    "FreeName",
    "Function",
    "Json",
    "MonthsDuration",
    "Node",
    "Position",
    "Range",
    "Remark",
    "Run",
    "Tests",
    "Type",
    "analyse",
    "compile",
    "equal",
    "evaluate",
    "from_json",
    "kind",
    "less",
    "names",
    "parse",
    "printed",
    "tests",
    "to_json",
    "typed",
]
