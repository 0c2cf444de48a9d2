"""What operators make of types: the type of the result, or None where it can be nothing but null."""

from collections.abc import Iterator

from engine.feel.nodes import Type
from engine.feel.typed import ANY, NOTHING, of_kind
from engine.feel.values import BOOLEAN, CONTEXT, DATE, DAYS, FUNCTION, LIST, MOMENT, MONTHS, NULL, NUMBER, TEXT, TIME

_SAME = ((NUMBER, NUMBER, NUMBER), (DAYS, DAYS, DAYS), (MONTHS, MONTHS, MONTHS))
_LATER = (*((what, by, what) for what in (DATE, MOMENT) for by in (DAYS, MONTHS)), (TIME, DAYS, TIME))
_BETWEEN = (*((one, other, DAYS) for one in (DATE, MOMENT) for other in (DATE, MOMENT)), (TIME, TIME, DAYS))
_TIMES = ((NUMBER, NUMBER, NUMBER), (DAYS, NUMBER, DAYS), (MONTHS, NUMBER, MONTHS))
# Left, right and result of each operator (DMN 1.5, tables 50 to 54).
_ARITHMETIC: dict[str, tuple[tuple[str, str, str], ...]] = {
    "+": (*_SAME, (TEXT, TEXT, TEXT), *_LATER, *((by, what, made) for what, by, made in _LATER)),
    "-": (*_SAME, *_LATER, *_BETWEEN),
    "*": (*_TIMES, (NUMBER, DAYS, DAYS), (NUMBER, MONTHS, MONTHS)),
    "/": (*_TIMES, (DAYS, DAYS, NUMBER), (MONTHS, MONTHS, NUMBER)),
    "**": ((NUMBER, NUMBER, NUMBER),),
}
_ORDERED = frozenset({NUMBER, TEXT, DATE, TIME, MOMENT, DAYS, MONTHS})
_OPEN = frozenset({"Any", NULL, LIST})  # a list of one may stand for its element
_NUMBERS = {
    DATE: ("year", "month", "day", "weekday"),
    TIME: ("hour", "minute", "second"),
    MOMENT: ("year", "month", "day", "weekday", "hour", "minute", "second"),
    DAYS: ("days", "hours", "minutes", "seconds"),
    MONTHS: ("years", "months"),
}


def arithmetic(operator: str, left: Type, right: Type) -> Type | None:
    """The type of `left operator right`."""
    fitting = [made for one, other, made in _ARITHMETIC[operator] if _may_be(left, one) and _may_be(right, other)]
    if not fitting:
        return None
    if NULL in {left.name, right.name}:
        return NOTHING
    return of_kind(fitting[0]) if len(set(fitting)) == 1 else ANY


def negated(operand: Type) -> Type | None:
    """The type of `-operand`."""
    if operand.name in {NUMBER, DAYS, MONTHS, NULL}:
        return operand
    return ANY if operand.name in _OPEN else None


def comparable(operator: str, left: Type, right: Type) -> bool:
    """Whether `left operator right` may be true; what is null differs from everything."""
    if operator == "!=":
        return True
    if operator != "=" and not (_has_order(left) and _has_order(right)):
        return False
    return bool({left.name, right.name} & _OPEN) or left.name == right.name


def may_hold(type_: Type) -> bool:
    """Whether a condition of this type may be true or false."""
    return type_.name in {BOOLEAN, "Any", NULL}


def member(type_: Type, name: str) -> Type | None:
    """The type of a part that every value of a kind has: the year of a date, the days of a duration."""
    if name in _NUMBERS.get(type_.name, ()):
        return of_kind(NUMBER)
    if type_.name in {TIME, MOMENT} and name in {"time offset", "timezone"}:
        return of_kind(DAYS if name == "time offset" else TEXT)
    return None


def members(type_: Type) -> Iterator[str]:
    """The names of these parts."""
    yield from _NUMBERS.get(type_.name, ())
    if type_.name in {TIME, MOMENT}:
        yield from ("time offset", "timezone")


def _may_be(type_: Type, kind: str) -> bool:
    return type_.name == kind or type_.name in _OPEN


def _has_order(type_: Type) -> bool:
    return type_.name in _ORDERED | _OPEN - {CONTEXT, FUNCTION}
