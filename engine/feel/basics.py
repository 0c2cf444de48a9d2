"""Compiling literals, names, operators, logic, paths, contexts, lists and ranges."""

import operator
from collections.abc import Callable
from decimal import Decimal

from engine.feel import iso, limits
from engine.feel.builtins import BUILTINS
from engine.feel.code import Code, Compiled
from engine.feel.convert import PLAIN, from_json
from engine.feel.members import member
from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Comparison,
    Conjunction,
    ContextLiteral,
    Disjunction,
    If,
    InstanceOf,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    RangeLiteral,
)
from engine.feel.operators import ARITHMETIC, negate
from engine.feel.run import Frame, Run
from engine.feel.types import conforms
from engine.feel.values import Range, at_most, both, either, equal, kind, less, negated

_MISSING = object()


def literal(node: Literal, _code: Code) -> Compiled:
    """A constant."""
    value = node.value
    return lambda _frame: value


def at_literal(node: AtLiteral, _code: Code) -> Compiled:
    """A date, time or duration, read once."""
    value = iso.parse(node.text)
    return lambda _frame: value


def name(node: Name, code: Code) -> Compiled:
    """A name: of a construct around, of the scope, or of a built-in function; unknown names are null."""
    wanted = node.name
    outside = _outside(wanted)
    if not code.may_bind(wanted):
        return outside

    def inside(frame: Frame) -> object:
        value = frame.find(wanted, _MISSING)
        return outside(frame) if value is _MISSING else value

    return inside


def _outside(wanted: str) -> Compiled:
    builtin = BUILTINS.get(wanted)

    def load(frame: Frame) -> object:
        value = frame.scope.get(wanted, _MISSING)
        if value is _MISSING:
            return builtin
        if type(value) in PLAIN:
            return value
        if type(value) is int:
            return Decimal(value) if abs(value) < limits.EXACT else from_json(value)
        if wanted not in frame.converted:
            frame.converted[wanted] = from_json(value)
        return frame.converted[wanted]

    return load


def path(node: Path, code: Code) -> Compiled:
    """A member; from the scope it walks the plain data and converts only what it ends at."""
    names = [node.member]
    base = node.base
    while isinstance(base, Path):
        names.insert(0, base.member)
        base = base.base
    if isinstance(base, Name) and not code.may_bind(base.name):
        return _scope_path(base.name, names)
    load = code.compile(base)

    def walk(frame: Frame) -> object:
        value = load(frame)
        for each in names:
            value = member(frame.run, value, each)
        return value

    return walk


def _scope_path(first: str, names: list[str]) -> Compiled:
    load = _outside(first)
    key = "\0".join((first, *names))  # no name has this sign in it

    def walk(frame: Frame) -> object:
        value = frame.scope.get(first, _MISSING)
        if type(value) is not dict:
            value = load(frame)
        for each in names:
            value = value.get(each) if type(value) is dict else member(frame.run, from_json(value), each)
        if type(value) in PLAIN:
            return value
        if key not in frame.converted:
            frame.converted[key] = from_json(value)
        return frame.converted[key]

    return walk


def negation(node: Negation, code: Code) -> Compiled:
    """A minus sign."""
    operand = code.compile(node.operand)
    return lambda frame: negate(operand(frame))


def arithmetic(node: Arithmetic, code: Code) -> Compiled:
    """An operator between two values; powers count for more, they are the slowest."""
    left, right, rule = code.compile(node.left), code.compile(node.right), ARITHMETIC[node.operator]
    cost = limits.SLOW if node.operator == "**" else 0

    def calculate(frame: Frame) -> object:
        value = rule(left(frame), right(frame))
        if cost or type(value) is str:
            frame.run.spend(cost or limits.length_cost(value))
        return value

    return calculate


def comparison(node: Comparison, code: Code) -> Compiled:
    """An order or equality; numbers are compared at once."""
    left, right = code.compile(node.left), code.compile(node.right)
    quick, rule = COMPARISONS[node.operator]

    def compare(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            return quick(one, other)
        return rule(frame.run, one, other)

    return compare


COMPARISONS: dict[str, tuple[Callable[[Decimal, Decimal], bool], Callable[[Run, object, object], bool | None]]] = {
    "=": (operator.eq, lambda run, left, right: equal(left, right, run.spend)),
    "!=": (operator.ne, lambda run, left, right: negated(equal(left, right, run.spend))),
    "<": (operator.lt, lambda _run, left, right: less(left, right)),
    "<=": (operator.le, lambda _run, left, right: at_most(left, right)),
    ">": (operator.gt, lambda _run, left, right: less(right, left)),
    ">=": (operator.ge, lambda _run, left, right: at_most(right, left)),
}


def conjunction(node: Conjunction, code: Code) -> Compiled:
    """`and`: stops at the first false."""
    terms = code.all(node.terms)

    def decide(frame: Frame) -> object:
        answer: bool | None = True
        for term in terms:
            answer = both(answer, term(frame))
            if answer is False:
                return False
        return answer

    return decide


def disjunction(node: Disjunction, code: Code) -> Compiled:
    """`or`: stops at the first true."""
    terms = code.all(node.terms)

    def decide(frame: Frame) -> object:
        answer: bool | None = False
        for term in terms:
            answer = either(answer, term(frame))
            if answer is True:
                return True
        return answer

    return decide


def between(node: Between, code: Code) -> Compiled:
    """`value between low and high`, ends included."""
    value, low, high = code.compile(node.value), code.compile(node.low), code.compile(node.high)

    def decide(frame: Frame) -> object:
        found = value(frame)
        return both(at_most(low(frame), found), at_most(found, high(frame)))

    return decide


def instance_of(node: InstanceOf, code: Code) -> Compiled:
    """`value instance of type`."""
    value, wanted = code.compile(node.value), node.type
    return lambda frame: conforms(value(frame), wanted, frame.run.spend, frame.fits)


def if_then_else(node: If, code: Code) -> Compiled:
    """Only what is true is yes: null goes the way of no."""
    condition, yes, no = code.compile(node.condition), code.compile(node.yes), code.compile(node.no)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def list_literal(node: ListLiteral, code: Code) -> Compiled:
    """A list."""
    items = code.all(node.items)
    return lambda frame: [item(frame) for item in items]


def context_literal(node: ContextLiteral, code: Code) -> Compiled:
    """A context: each value sees the entries before it; a key given twice makes it null."""
    inside = code.binding(*node.keys)
    entries = list(zip(node.keys, inside.all(node.values), strict=True))
    twice = len(set(node.keys)) < len(node.keys)

    def build(frame: Frame) -> object:
        found: dict[str, object] = {}
        inner = frame.inner(found)
        for key, value in entries:
            found[key] = value(inner)
        return None if twice else found

    return build


def range_literal(node: RangeLiteral, code: Code) -> Compiled:
    """A range; its ends must be of one kind that has an order."""
    low, high = _bound(node.low, node.low_included, code), _bound(node.high, node.high_included, code)
    if low is None and high is None:
        return lambda _frame: None

    def build(frame: Frame) -> object:
        first = low(frame) if low else None
        last = high(frame) if high else None
        if (low and less(first, first) is None) or (high and less(last, last) is None):
            return None
        if low and high and kind(first) != kind(last):
            return None
        return Range(first, last, node.low_included, node.high_included)

    return build


def _bound(end: Node | None, included: bool, code: Code) -> Compiled | None:  # noqa: FBT001 - as the tree has it
    """What works out one end; None for no bound, which may be written as `null`: `(null..10)` is `(<10)`."""
    if end is None or (isinstance(end, Literal) and end.value is None and not included):
        return None
    return code.compile(end)
