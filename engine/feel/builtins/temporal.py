"""Dates, times and durations: making them, and asking about them."""

from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal

from engine.feel import calendar, durations, iso
from engine.feel.calendar import Date, Moment, Time
from engine.feel.durations import NANOS, DaysDuration, Duration, MonthsDuration
from engine.feel.members import weekday
from engine.feel.numbers import integer
from engine.feel.run import Run
from engine.feel.signature import running, signature

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_THURSDAY = 4


def _day(value: object) -> Date | None:
    if isinstance(value, Moment):
        return calendar.date_of(value)
    return value if isinstance(value, Date) else None


def _date(source: object) -> Date | None:
    return iso.parse_date(source) if isinstance(source, str) else _day(source)


def _date_of(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = [integer(part) for part in (year, month, day)]
    return calendar.make_date(*[part for part in parts if part is not None]) if None not in parts else None


def _moment(source: object) -> Moment | None:
    if isinstance(source, str):
        found = iso.parse_moment(source)
        return found if found is not None else _midnight(iso.parse_date(source))
    return source if isinstance(source, Moment) else _midnight(_day(source))


def _midnight(day: Date | None) -> Moment | None:
    return None if day is None else calendar.make_moment(day, calendar.time_at(0, None))


def _moment_of(day: Date | Moment, clock: Time) -> Moment | None:
    found = _day(day)
    return None if found is None else calendar.make_moment(found, clock)


def _moment_in(day: Date | Moment, clock: Time, zone: str) -> Moment | None:
    found = iso.named_zone(zone)
    return None if found is None else _moment_of(day, calendar.time_at(calendar.clock_nanos(clock), found))


def _time(source: object) -> Time | None:
    if isinstance(source, str):
        return iso.parse_time(source)
    if isinstance(source, Moment):
        return calendar.time_of(source)
    if isinstance(source, Date):
        return calendar.time_at(0, UTC)
    return source if isinstance(source, Time) else None


def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Time | None:
    whole, minutes, seconds = integer(hour), integer(minute), second.to_integral_value(rounding=ROUND_DOWN)
    if whole is None or minutes is None or integer(seconds) is None or second < 0:
        return None
    zone = None
    if offset is not None:
        zone = iso.parse_zone(_offset_text(offset))
        if zone is None:
            return None
    return calendar.make_time(whole, minutes, int(seconds), int((second - seconds) * NANOS), zone)


def _offset_text(offset: DaysDuration) -> str:
    minutes, seconds = divmod(abs(offset.nanoseconds) // NANOS, 60)
    sign = "-" if offset.nanoseconds < 0 else "+"
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def _duration(source: object) -> Duration | None:
    if isinstance(source, str):
        return durations.parse(source)
    return source if isinstance(source, DaysDuration | MonthsDuration) else None


def _years_and_months(start: Date | Moment, end: Date | Moment) -> MonthsDuration | None:
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return durations.months_of(months)


def _day_of_year(value: Date | Moment) -> Decimal | None:
    day = _day(value)
    return None if day is None else Decimal(_number_in_year(day))


def _number_in_year(day: Date) -> int:
    first = calendar.make_date(day.year, 1, 1)
    return calendar.ordinal(day) - (calendar.ordinal(first) if first else 0) + 1


def _day_of_week(value: Date | Moment) -> str | None:
    day = _day(value)
    return None if day is None else _DAY_NAMES[int(weekday(day)) - 1]


def _month_of_year(value: Date | Moment) -> str | None:
    day = _day(value)
    return None if day is None else _MONTH_NAMES[day.month - 1]


def _week_of_year(value: Date | Moment) -> Decimal | None:
    """The ISO 8601 week: the one that has the year's first Thursday is the first."""
    day = _day(value)
    if day is None:
        return None
    thursday = calendar.date_at(calendar.ordinal(day) + _THURSDAY - int(weekday(day)))
    return None if thursday is None else Decimal((_number_in_year(thursday) - 1) // 7 + 1)


def _last_day_of_month(value: Date | Moment) -> Decimal | None:
    day = _day(value)
    if day is None:
        return None
    return next((Decimal(last) for last in (31, 30, 29) if calendar.make_date(day.year, day.month, last)), Decimal(28))


def _now(run: Run) -> datetime | None:
    return run.now


def _today(run: Run) -> date | None:
    return run.now.date() if run.now else None


_A_DAY = "date: date|moment"
_TWO = "from: date|moment, to: date|moment"
TABLE = {
    "date": (
        signature("from: string|date|moment", _date),
        signature("year: number, month: number, day: number", _date_of),
    ),
    "date and time": (
        signature("date: date|moment, time: time", _moment_of),
        signature("date: date|moment, time: time, timezone: string", _moment_in),
        signature("from: string|date|moment", _moment),
    ),
    "time": (
        signature("from: string|date|moment|time", _time),
        signature("hour: number, minute: number, second: number, offset?: days|Null", _time_of),
    ),
    "duration": signature("from: string|days|months", _duration),
    "years and months duration": signature(_TWO, _years_and_months),
    "day of year": signature(_A_DAY, _day_of_year),
    "day of week": signature(_A_DAY, _day_of_week),
    "month of year": signature(_A_DAY, _month_of_year),
    "week of year": signature(_A_DAY, _week_of_year),
    "last day of month": signature(_A_DAY, _last_day_of_month),
    "now": running("", _now),
    "today": running("", _today),
}
