"""What FEEL computes with: kinds of values, ranges, functions, and when two values are equal or in order."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.feel import limits
from engine.feel.calendar import (
    FarDate,
    FineMoment,
    FineTime,
    Moment,
    Time,
    clock_nanos,
    instant,
    local_nanos,
    offset,
    ordinal,
)
from engine.feel.durations import DaysDuration, MonthsDuration

if TYPE_CHECKING:
    from engine.feel.nodes import Type
    from engine.feel.run import Run

NUMBER, TEXT, BOOLEAN, NULL = "number", "string", "boolean", "Null"
DATE, TIME, MOMENT = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"
LIST, CONTEXT, RANGE, FUNCTION = "list", "context", "range", "function"


_EACH = 4  # steps that comparing two elements counts
Spend = Callable[[int], None]  # counts steps of a budget; raises FeelError when it is used up


class Function(ABC):
    """A function as a value: built in, or defined in an expression."""

    __slots__ = ()

    @property
    @abstractmethod
    def arity(self) -> int | None:
        """How many arguments it takes; None when that varies."""

    def takes(self, place: int) -> "Type | None":  # noqa: ARG002 - most functions take anything, or say so when called
        """The type of the parameter at that place, counted from 0; None takes any value."""
        return None

    def __str__(self) -> str:
        return "function"

    @abstractmethod
    def call(self, run: "Run", arguments: Sequence[object]) -> object:
        """The result for arguments by position; null when they do not fit."""

    @abstractmethod
    def call_named(self, run: "Run", arguments: Mapping[str, object]) -> object:
        """The result for arguments by name; null when they do not fit."""


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; None is an end without bound."""

    low: object
    high: object
    low_included: bool = True
    high_included: bool = True

    def contains(self, value: object) -> bool | None:
        """Whether the value lies inside; None when it cannot be compared with an end."""
        answers = []
        if self.low is not None:
            answers.append(at_most(self.low, value) if self.low_included else less(self.low, value))
        if self.high is not None:
            answers.append(at_most(value, self.high) if self.high_included else less(value, self.high))
        return both(*answers) if len(answers) > 1 else (answers[0] if answers else None)


KINDS: dict[type, str] = {
    Decimal: NUMBER,
    str: TEXT,
    bool: BOOLEAN,
    type(None): NULL,
    date: DATE,
    FarDate: DATE,
    time: TIME,
    FineTime: TIME,
    datetime: MOMENT,
    FineMoment: MOMENT,
    DaysDuration: DAYS,
    MonthsDuration: MONTHS,
    list: LIST,
    dict: CONTEXT,
    Range: RANGE,
}


def kind(value: object) -> str:
    """The FEEL type of a value, by the standard's name."""
    return KINDS.get(type(value)) or FUNCTION


def both(left: object, right: object) -> bool | None:
    """`and` of three-valued logic: false beats null beats true; what is no boolean counts as null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: object, right: object) -> bool | None:
    """`or` of three-valued logic: true beats null beats false; what is no boolean counts as null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def negated(value: object) -> bool | None:
    """`not` of three-valued logic."""
    return not value if isinstance(value, bool) else None


def ordered(left: object, right: object) -> tuple[Decimal, Decimal] | tuple[str, str] | tuple[int, int] | None:
    """Two values as things that Python can put in order, or None when FEEL has no order for them."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left, right
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    which = kind(left)
    return _ORDERS[which](left, right) if which in _ORDERS and which == kind(right) else None


def less(left: object, right: object) -> bool | None:
    """`left < right`."""
    pair = ordered(left, right)
    return None if pair is None else pair[0] < pair[1]  # type: ignore[operator]  # both of one type


def at_most(left: object, right: object) -> bool | None:
    """`left <= right`."""
    pair = ordered(left, right)
    return None if pair is None else pair[0] <= pair[1]  # type: ignore[operator]  # both of one type


def equal(left: object, right: object, spend: Spend, level: int = 0) -> bool | None:
    """`left = right`; None for values of two kinds, but nothing equals null save null. Counts what it compares."""
    if left is None or right is None:
        return left is right
    which = kind(left)
    if which != kind(right):
        return None
    if which in (MOMENT, TIME):
        pair = ordered(left, right)
        return pair is not None and pair[0] == pair[1]
    if isinstance(left, list) and isinstance(right, list):
        return _all_equal(left, right, spend, level)
    if isinstance(left, dict) and isinstance(right, dict):
        same = left.keys() == right.keys()
        return same and _all_equal(list(left.values()), [right[key] for key in left], spend, level)
    return left == right


def _all_equal(left: list[object], right: list[object], spend: Spend, level: int) -> bool | None:
    if len(left) != len(right):
        return False
    limits.check_levels(level)
    spend(_EACH * len(left))
    answer: bool | None = True
    for one, other in zip(left, right, strict=True):
        answer = both(answer, equal(one, other, spend, level + 1))
        if answer is False:
            return False
    return answer


def _moments(left: Moment, right: Moment) -> tuple[int, int] | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    if left.tzinfo is None:
        return local_nanos(left), local_nanos(right)
    return instant(left), instant(right)


def _times(left: Time, right: Time) -> tuple[int, int] | None:
    ahead_left, ahead_right = offset(left), offset(right)
    if (ahead_left is None) != (ahead_right is None):
        return None
    return clock_nanos(left) - (ahead_left or 0), clock_nanos(right) - (ahead_right or 0)


# The kind says which rule fits, so each may name its own types.
_ORDERS: dict[str, Callable[..., tuple[int, int] | None]] = {
    DATE: lambda left, right: (ordinal(left), ordinal(right)),
    TIME: _times,
    MOMENT: _moments,
    DAYS: lambda left, right: (left.nanoseconds, right.nanoseconds),
    MONTHS: lambda left, right: (left.months, right.months),
}
