"""An expression ready to be evaluated: immutable, cached, shared between threads."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from engine.feel import analysis, basics, convert, functions, loops, matching, nodes, parser
from engine.feel.code import Code, Compiled
from engine.feel.errors import FeelError, Position
from engine.feel.nodes import Node
from engine.feel.run import Frame, Run

RULES: Mapping[type[Node], Callable[..., Compiled]] = {
    nodes.Literal: basics.literal,
    nodes.AtLiteral: basics.at_literal,
    nodes.Name: basics.name,
    nodes.Path: basics.path,
    nodes.Negation: basics.negation,
    nodes.Arithmetic: basics.arithmetic,
    nodes.Comparison: basics.comparison,
    nodes.Conjunction: basics.conjunction,
    nodes.Disjunction: basics.disjunction,
    nodes.Between: basics.between,
    nodes.InstanceOf: basics.instance_of,
    nodes.If: basics.if_then_else,
    nodes.ListLiteral: basics.list_literal,
    nodes.ContextLiteral: basics.context_literal,
    nodes.RangeLiteral: basics.range_literal,
    nodes.In: matching.is_in,
    nodes.Filter: loops.filtered,
    nodes.For: loops.for_loop,
    nodes.Quantified: loops.quantified,
    nodes.FunctionDefinition: functions.function,
    nodes.Call: functions.call,
    nodes.UnaryTests: matching.unary_tests,
}


class Expression:
    """A compiled expression; call it with a scope. `text` is as written, `node` its tree, `names` its free names."""

    __slots__ = ("_run", "names", "node", "text")

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self.node = node
        self.names: frozenset[str] = analysis.free_names(node)
        self._run: Compiled = _compiled(text, node)

    def __call__(self, scope: Mapping[str, object], *, now: datetime | None = None) -> object:
        """The value of the expression; names are looked up in `scope`, `now()` is the moment `now` (null without).

        Raises FeelError when the expression uses up its budget.
        """
        run = Run(now)
        return _guarded(self._run, Frame(run, scope, _NO_NAMES), self.text)

    def within(self, frame: Frame) -> object:
        """The value in a frame that other expressions share, and with it one budget."""
        return _guarded(self._run, frame, self.text)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class Tests:
    """Compiled unary tests: a cell of a decision table; call it with the input and a scope."""

    __slots__ = ("_run", "names", "node", "text")

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self.node = node
        self.names: frozenset[str] = analysis.free_names(node)
        self._run: Compiled = _compiled(text, node)

    def __call__(self, value: object, scope: Mapping[str, object], *, now: datetime | None = None) -> bool:
        """Whether the input `value` passes; raises FeelError as an expression does."""
        frame = Frame(Run(now), scope, {"?": convert.from_json(value)})
        return _guarded(self._run, frame, self.text) is True

    def within(self, frame: Frame, value: object) -> bool:
        """Whether the FEEL value passes, in a frame that other expressions share, and with it one budget."""
        return _guarded(self._run, frame.inner({"?": value}), self.text) is True

    def __repr__(self) -> str:
        return f"Tests({self.text!r})"


_NO_NAMES: Mapping[str, object] = MappingProxyType({})


@lru_cache(maxsize=1024)
def compile_expression(text: str, known: frozenset[str]) -> Expression:
    """The expression of a text, with or without the leading `=` that Camunda 8 writes."""
    plain = _without_mark(text)
    return Expression(text, parser.parse(plain, known))


@lru_cache(maxsize=1024)
def compile_tests(text: str, known: frozenset[str]) -> Tests:
    """The unary tests of a text."""
    return Tests(text, parser.parse_tests(text, known))


def _without_mark(text: str) -> str:
    """The text with a blank for the leading mark, so that positions stay."""
    stripped = text.lstrip()
    if not stripped.startswith("="):
        return text
    return text[: len(text) - len(stripped)] + " " + stripped[1:]


def _compiled(text: str, node: Node) -> Compiled:
    try:
        return Code(RULES).compile(node)
    except FeelError as error:
        raise FeelError(error.message, error.position or Position.of(text, node.at), error.params) from error
    except RecursionError as error:  # the caller's own stack was nearly full
        raise FeelError("The expression is nested too deeply.", Position.of(text, node.at)) from error


def _guarded(run: Compiled, frame: Frame, text: str) -> object:
    try:
        return run(frame)
    except FeelError as error:
        raise FeelError(error.message, error.position or Position.of(text, frame.run.at), error.params) from error
    except RecursionError as error:
        raise FeelError("The expression is nested too deeply.", Position.of(text, frame.run.at)) from error
