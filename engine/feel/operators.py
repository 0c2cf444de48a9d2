"""Arithmetic on numbers, texts, dates, times and durations; what has no meaning is null."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

from engine.feel import calendar, limits
from engine.feel.calendar import Date, Moment, Time
from engine.feel.durations import DAY, DaysDuration, MonthsDuration, days_of, months_of
from engine.feel.numbers import CONTEXT, finite
from engine.feel.values import DATE, DAYS, MOMENT, MONTHS, TEXT, TIME, kind, ordered


def add(left: object, right: object) -> object:
    """`left + right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return finite(CONTEXT.add(left, right))
    rule = _ADD.get((kind(left), kind(right)))
    return rule(left, right) if rule else None


def subtract(left: object, right: object) -> object:
    """`left - right`."""
    if type(left) is Decimal and type(right) is Decimal:
        return finite(CONTEXT.subtract(left, right))
    if isinstance(right, DaysDuration | MonthsDuration):
        return add(left, negate(right))
    rule = _SUBTRACT.get((kind(left), kind(right)))
    return rule(left, right) if rule else None


def multiply(left: object, right: object) -> object:
    """`left * right`."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(CONTEXT.multiply(left, right))
    if isinstance(left, Decimal):
        left, right = right, left
    if not isinstance(right, Decimal):
        return None
    if isinstance(left, DaysDuration):
        return _days_from(CONTEXT.multiply(Decimal(left.nanoseconds), right))
    if isinstance(left, MonthsDuration):
        return _months_from(CONTEXT.multiply(Decimal(left.months), right))
    return None


def divide(left: object, right: object) -> object:
    """`left / right`; by zero it is null."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(CONTEXT.divide(left, right))
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return finite(CONTEXT.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds)))
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return finite(CONTEXT.divide(Decimal(left.months), Decimal(right.months)))
    if isinstance(left, DaysDuration) and isinstance(right, Decimal):
        return _days_from(CONTEXT.divide(Decimal(left.nanoseconds), right))
    if isinstance(left, MonthsDuration) and isinstance(right, Decimal):
        return _months_from(CONTEXT.divide(Decimal(left.months), right))
    return None


def power(left: object, right: object) -> object:
    """`left ** right`, for numbers."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(CONTEXT.power(left, right)) if right else _ONE
    return None


def negate(value: object) -> object:
    """`-value`, for numbers and durations."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanoseconds)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.months)
    return None


_ONE = Decimal(1)  # any number to the power of zero, zero too (IEEE 754, pow)

ARITHMETIC: dict[str, Callable[[object, object], object]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _days_from(nanoseconds: Decimal) -> DaysDuration | None:
    return days_of(int(nanoseconds)) if nanoseconds.is_finite() and nanoseconds.adjusted() < limits.DIGITS else None


def _months_from(months: Decimal) -> MonthsDuration | None:
    return months_of(int(months)) if months.is_finite() and months.adjusted() < limits.DIGITS else None


def _join(left: str, right: str) -> str:
    return limits.checked_text(left + right)


def _days_and_days(left: DaysDuration, right: DaysDuration) -> DaysDuration | None:
    return days_of(left.nanoseconds + right.nanoseconds)


def _months_and_months(left: MonthsDuration, right: MonthsDuration) -> MonthsDuration | None:
    return months_of(left.months + right.months)


def _date_and_days(left: Date, right: DaysDuration) -> Date | None:
    return calendar.date_at((calendar.ordinal(left) * DAY + right.nanoseconds) // DAY)


def _date_and_months(left: Date, right: MonthsDuration) -> Date | None:
    return calendar.add_months(left, right.months)


def _moment_and_days(left: Moment, right: DaysDuration) -> Moment | None:
    return calendar.moment_at(calendar.instant(left) + right.nanoseconds, left.tzinfo)


def _moment_and_months(left: Moment, right: MonthsDuration) -> Moment | None:
    day = calendar.add_months(calendar.date_of(left), right.months)
    return None if day is None else calendar.make_moment(day, calendar.time_of(left))


def _time_and_days(left: Time, right: DaysDuration) -> Time:
    return calendar.time_at(calendar.clock_nanos(left) + right.nanoseconds, left.tzinfo)


def _between_dates(left: Date, right: Date) -> DaysDuration:
    return DaysDuration((calendar.ordinal(left) - calendar.ordinal(right)) * DAY)


def _between_ordered(left: object, right: object) -> DaysDuration | None:
    pair = ordered(left, right)
    if pair is None or not isinstance(pair[0], int) or not isinstance(pair[1], int):
        return None
    return DaysDuration(pair[0] - pair[1])


def _date_and_moment(left: Date | Moment, right: Date | Moment) -> DaysDuration | None:
    """A date beside a date and time is its midnight, UTC (DMN 1.5, 10.3.2.3.6): the other needs a zone too."""
    return _between_ordered(_midnight(left), _midnight(right))


def _midnight(value: Date | Moment) -> Moment:
    return value if isinstance(value, Moment) else calendar.make_moment(value, calendar.time_at(0, UTC))


# The kinds say which function fits, so each may name its own types.
_ADD: dict[tuple[str, str], Callable[..., object]] = {
    (TEXT, TEXT): _join,
    (DAYS, DAYS): _days_and_days,
    (MONTHS, MONTHS): _months_and_months,
    (DATE, DAYS): _date_and_days,
    (DATE, MONTHS): _date_and_months,
    (MOMENT, DAYS): _moment_and_days,
    (MOMENT, MONTHS): _moment_and_months,
    (TIME, DAYS): _time_and_days,
    (DAYS, DATE): lambda left, right: _date_and_days(right, left),
    (MONTHS, DATE): lambda left, right: _date_and_months(right, left),
    (DAYS, MOMENT): lambda left, right: _moment_and_days(right, left),
    (MONTHS, MOMENT): lambda left, right: _moment_and_months(right, left),
    (DAYS, TIME): lambda left, right: _time_and_days(right, left),
}
_SUBTRACT: dict[tuple[str, str], Callable[..., object]] = {
    (DATE, DATE): _between_dates,
    (MOMENT, MOMENT): _between_ordered,
    (TIME, TIME): _between_ordered,
    (DATE, MOMENT): _date_and_moment,
    (MOMENT, DATE): _date_and_moment,
}
