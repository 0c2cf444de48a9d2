"""What stands after a dot: entries of contexts, and the parts of dates, times, durations and ranges."""

from collections.abc import Callable
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.calendar import Date, Moment, Time, date_of, offset, ordinal, time_of
from engine.feel.durations import DaysDuration, MonthsDuration
from engine.feel.run import Run
from engine.feel.values import DATE, DAYS, MOMENT, MONTHS, RANGE, TIME, Range, kind


def member(run: Run, value: object, name: str) -> object:
    """The member of that name; of a list, the list of its elements' members; null when there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.spend(len(value))
        return [member(run, item, name) for item in value]
    part = _PARTS.get((kind(value), name))
    return part(value) if part else None


def weekday(value: Date) -> Decimal:
    """1 for Monday to 7 for Sunday."""
    return Decimal((ordinal(value) - 1) % 7 + 1)


def _duration_part(place: int) -> Callable[[DaysDuration], Decimal]:
    return lambda value: Decimal(value.parts[place])


def _years(value: MonthsDuration) -> Decimal:
    return Decimal(abs(value.months) // 12 * (-1 if value.months < 0 else 1))


def _months(value: MonthsDuration) -> Decimal:
    return Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1))


def _offset(value: Time | Moment) -> DaysDuration | None:
    ahead = offset(value)
    return None if ahead is None else DaysDuration(ahead)


def _zone(value: Time | Moment) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


_OF_DATE: dict[str, Callable[[Date], object]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": weekday,
}
_OF_TIME: dict[str, Callable[[Time], object]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
}
_OF_RANGE: dict[str, Callable[[Range], object]] = {
    "start": lambda value: value.low,
    "end": lambda value: value.high,
    "start included": lambda value: value.low_included,
    "end included": lambda value: value.high_included,
}


def _of_moment_date(read: Callable[[Date], object]) -> Callable[[Moment], object]:
    return lambda value: read(date_of(value))


def _of_moment_time(read: Callable[[Time], object]) -> Callable[[Moment], object]:
    return lambda value: read(time_of(value))


# The kind says which reader fits, so each may name its own type.
_PARTS: dict[tuple[str, str], Callable[..., object]] = {
    **{(DATE, name): read for name, read in _OF_DATE.items()},
    **{(TIME, name): read for name, read in _OF_TIME.items()},
    **{(MOMENT, name): _of_moment_date(read) for name, read in _OF_DATE.items()},
    **{(MOMENT, name): _of_moment_time(read) for name, read in _OF_TIME.items()},
    **{(RANGE, name): read for name, read in _OF_RANGE.items()},
    **{(which, "time offset"): _offset for which in (TIME, MOMENT)},
    **{(which, "timezone"): _zone for which in (TIME, MOMENT)},
    **{(DAYS, name): _duration_part(place) for place, name in enumerate(("days", "hours", "minutes", "seconds"))},
    (MONTHS, "years"): _years,
    (MONTHS, "months"): _months,
}
