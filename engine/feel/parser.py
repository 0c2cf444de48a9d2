"""From text to tree: a Pratt parser, in which each operator says how tightly it binds."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from engine.feel import constructs, limits
from engine.feel.errors import FeelError, Position
from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    Filter,
    In,
    InstanceOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Test,
    UnaryTests,
)
from engine.feel.numbers import CONTEXT
from engine.feel.reader import A_VALUE, AN_OPERATOR, KEYWORDS, Reader

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, INSTANCE, POSTFIX = range(10, 100, 10)
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")

# Names with a keyword inside are known from the start; words that merely follow one another need no announcement.
BUILT_IN_NAMES = ("date and time", "years and months duration")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# What cannot begin an expression after "[" shows that the bracket closes a range such as [1..5[.
_NO_START = frozenset(
    [
        ")",
        "]",
        "}",
        ",",
        "+",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        ".",
        "..",
        ":",
        "and",
        "or",
        "then",
        "else",
        "return",
        "satisfies",
        "in",
        "between",
    ]
)


def parse(text: str, known: Iterable[str] = ()) -> Node:
    """The tree of an expression; `known` names may have signs and keywords in them."""
    reader = Reader(text, (*BUILT_IN_NAMES, *known), _expression)
    return _finished(reader, reader.expression)


def parse_tests(text: str, known: Iterable[str] = ()) -> Node:
    """The tree of unary tests: a cell of a decision table."""
    reader = Reader(text, (*BUILT_IN_NAMES, *known), _expression)
    return _finished(reader, lambda: _unary_tests(reader))


def _finished(reader: Reader, read: Callable[[], Node]) -> Node:
    try:
        node = read()
    except RecursionError as error:  # the caller's own stack was nearly full
        raise FeelError("The expression is nested too deeply.", Position(0, 1, 1)) from error
    if reader.token.kind != "end":
        raise reader.unexpected(AN_OPERATOR)
    return node


def _unary_tests(reader: Reader) -> Node:
    start = reader.token.start
    if reader.at("-") and reader.ahead(1).kind == "end":
        reader.take()
        return UnaryTests(start, ())
    if reader.at("not") and reader.ahead(1).text == "(":
        reader.take()
        reader.expect("(")
        tests = constructs.tests(reader)
        reader.expect(")")
        return UnaryTests(start, tests, negated=True)
    return UnaryTests(start, constructs.tests(reader))


def _expression(reader: Reader, power: int) -> Node:
    return _infix(reader, _prefix(reader), power)


def _infix(reader: Reader, left: Node, power: int) -> Node:
    grown = 0
    while True:
        token = reader.token
        if token.kind not in ("sign", "name") or token.text not in _INFIX:
            return left
        binding, read = _INFIX[token.text]
        if binding <= power or (token.text == "[" and _closes_range(reader)):
            return left
        grown += 1
        if grown > limits.TREE:
            raise reader.error("More than %(limit)s operators follow one another.", limit=limits.TREE)
        left = read(reader, left, binding)


def _closes_range(reader: Reader) -> bool:
    after = reader.ahead(1)
    return after.kind == "end" or (after.kind in ("sign", "name") and after.text in _NO_START)


def _prefix(reader: Reader) -> Node:
    token = reader.token
    if token.kind == "number":
        reader.take()
        return Literal(token.start, _number(reader, token.text))
    if token.kind == "string":
        return Literal(token.start, reader.take().text)
    if token.kind == "at":
        return AtLiteral(token.start, reader.take().text)
    if token.kind == "name":
        return _word(reader)
    if token.text == "-":
        reader.take()
        return Negation(token.start, reader.expression(NEGATE))
    if token.kind == "sign" and token.text in constructs.SIGNS:
        return constructs.SIGNS[token.text](reader)
    raise reader.unexpected(A_VALUE)


def _number(reader: Reader, text: str) -> Decimal:
    number = CONTEXT.create_decimal(text)
    if not number.is_finite():
        raise reader.error("The number is too large.")
    return number


def _word(reader: Reader) -> Node:
    token = reader.token
    if token.text not in KEYWORDS or reader.knows():
        return Name(token.start, reader.name())
    if token.text in _CONSTANTS:
        return Literal(reader.take().start, _CONSTANTS[token.text])
    if token.text in constructs.WORDS:
        return constructs.WORDS[token.text](reader)
    raise reader.unexpected(A_VALUE)


def _arithmetic(reader: Reader, left: Node, power: int) -> Node:
    operator = reader.take().text
    return Arithmetic(left.at, operator, left, reader.expression(power))


def _comparison(reader: Reader, left: Node, power: int) -> Node:
    operator = reader.take().text
    return Comparison(left.at, operator, left, reader.expression(power))


def _and(reader: Reader, left: Node, power: int) -> Node:
    return Conjunction(left.at, _terms(reader, left, "and", power))


def _or(reader: Reader, left: Node, power: int) -> Node:
    return Disjunction(left.at, _terms(reader, left, "or", power))


def _terms(reader: Reader, first: Node, word: str, power: int) -> tuple[Node, ...]:
    terms = [first]
    while reader.accept(word):
        terms.append(reader.expression(power))
    return tuple(terms)


def _between(reader: Reader, left: Node, power: int) -> Node:
    reader.take()
    low = reader.expression(power)
    reader.expect("and")
    return Between(left.at, left, low, reader.expression(power))


def _in(reader: Reader, left: Node, power: int) -> Node:
    reader.take()
    if reader.at("("):
        found = constructs.parenthesis(reader, several=True)
        if len(found) > 1 or isinstance(found[0], Test):
            return In(left.at, left, found)
        return In(left.at, left, (_infix(reader, found[0], power),))
    return In(left.at, left, (constructs.test(reader, power),))


def _instance_of(reader: Reader, left: Node, _power: int) -> Node:
    reader.take()
    reader.expect("of")
    return InstanceOf(left.at, left, constructs.type_of(reader))


def _path(reader: Reader, left: Node, _power: int) -> Node:
    reader.take()
    return Path(left.at, left, reader.member())


def _filter(reader: Reader, left: Node, _power: int) -> Node:
    reader.take()
    condition = reader.expression()
    reader.expect("]")
    return Filter(left.at, left, condition)


def _call(reader: Reader, left: Node, _power: int) -> Node:
    names, arguments = constructs.arguments(reader)
    return Call(left.at, left, arguments, names)


_INFIX: dict[str, tuple[int, Callable[[Reader, Node, int], Node]]] = {
    "or": (OR, _or),
    "and": (AND, _and),
    **dict.fromkeys(COMPARISONS, (COMPARE, _comparison)),
    "between": (COMPARE, _between),
    "in": (COMPARE, _in),
    "+": (ADD, _arithmetic),
    "-": (ADD, _arithmetic),
    "*": (MULTIPLY, _arithmetic),
    "/": (MULTIPLY, _arithmetic),
    "**": (POWER, _arithmetic),
    "instance": (INSTANCE, _instance_of),
    ".": (POSTFIX, _path),
    "[": (POSTFIX, _filter),
    "(": (POSTFIX, _call),
}
