"""Dates, times and date-times: Python's own where they suffice, and ours beyond year 9999 and below a microsecond.

Every sum goes through whole numbers (day ordinals, nanoseconds), so that both kinds follow one rule.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from engine.feel.durations import DAY, NANOS

MOST_YEARS = 999_999_999
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097

Zone = tzinfo


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside the years 1 to 9999 of Python's."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class FineTime:
    """A time of day with nanoseconds."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    zone: Zone | None = None

    @property
    def tzinfo(self) -> Zone | None:
        """The zone, by the name that Python's times give it."""
        return self.zone


@dataclass(frozen=True, slots=True)
class FineMoment:
    """A date and time that Python's `datetime` cannot hold."""

    day: "date | FarDate"
    clock: "time | FineTime"

    @property
    def tzinfo(self) -> Zone | None:
        """The zone, or None for a local date and time."""
        return self.clock.tzinfo


Date = date | FarDate
Time = time | FineTime
Moment = datetime | FineMoment


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, or None where the calendar has none."""
    if abs(year) > MOST_YEARS:
        return None
    try:
        near = date(_near_year(year), month, day)
    except (ValueError, OverflowError):
        return None
    return near if near.year == year else FarDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nanosecond: int = 0, zone: Zone | None = None) -> Time | None:
    """The time of day, or None where the clock has none."""
    try:
        near = time(hour, minute, second, nanosecond // 1000, tzinfo=zone)
    except (ValueError, OverflowError):
        return None
    return FineTime(hour, minute, second, nanosecond, zone) if nanosecond % 1000 else near


def make_moment(day: Date, clock: Time) -> Moment:
    """The date and time of that day and time of day."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return FineMoment(day, clock)


def date_of(moment: Moment) -> Date:
    """The day of a date and time."""
    return moment.date() if isinstance(moment, datetime) else moment.day


def time_of(moment: Moment) -> Time:
    """The time of day of a date and time, with its zone."""
    return moment.timetz() if isinstance(moment, datetime) else moment.clock


def nanosecond(clock: Time) -> int:
    """The fraction of the second."""
    return clock.microsecond * 1000 if isinstance(clock, time) else clock.nanosecond


def ordinal(day: Date) -> int:
    """The number of the day, as `date.toordinal` counts, for any year."""
    if isinstance(day, date):
        return day.toordinal()
    near = date(_near_year(day.year), day.month, day.day)
    return near.toordinal() + (day.year - near.year) // _CYCLE_YEARS * _CYCLE_DAYS


def date_at(number: int) -> Date | None:
    """The day of that number; None beyond the standard's years."""
    cycles = 0 if 1 <= number <= date.max.toordinal() else (number - 1) // _CYCLE_DAYS
    near = date.fromordinal(number - cycles * _CYCLE_DAYS)
    return make_date(near.year + cycles * _CYCLE_YEARS, near.month, near.day)


def clock_nanos(clock: Time) -> int:
    """Nanoseconds since midnight, by the clock on the wall."""
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * NANOS + nanosecond(clock)


def time_at(nanos: int, zone: Zone | None) -> Time:
    """The time of day that many nanoseconds after midnight, round the clock."""
    seconds, fraction = divmod(nanos % DAY, NANOS)
    minutes, second = divmod(seconds, 60)
    clock = make_time(minutes // 60, minutes % 60, second, fraction, zone)
    if clock is None:
        raise AssertionError(nanos)  # a remainder of a day is always on the clock
    return clock


def local_nanos(moment: Moment) -> int:
    """Nanoseconds on the wall's calendar and clock, zones left aside."""
    return ordinal(date_of(moment)) * DAY + clock_nanos(time_of(moment))


def offset(value: Moment | Time) -> int | None:
    """Nanoseconds ahead of UTC, or None for a local value (and for a time of day in a zone with summer time)."""
    if isinstance(value, FineMoment):
        ahead = _near_moment(value).utcoffset()
    elif isinstance(value, FineTime):
        ahead = value.tzinfo.utcoffset(None) if value.tzinfo else None
    else:
        ahead = value.utcoffset()
    return None if ahead is None else (ahead.days * 86_400 + ahead.seconds) * NANOS


def instant(moment: Moment) -> int:
    """Nanoseconds on the one time line; a local date and time counts as UTC."""
    return local_nanos(moment) - (offset(moment) or 0)


def moment_at(nanos: int, zone: Zone | None) -> Moment | None:
    """The date and time in `zone` of an instant (on the wall, for no zone); None beyond the standard's years."""
    if zone is None or not isinstance(zone, ZoneInfo):
        ahead = zone.utcoffset(None) if zone else None
        return _on_the_wall(nanos + (_nanos(ahead) if ahead else 0), zone)
    universal = _on_the_wall(nanos, UTC)
    if universal is None:
        return None
    near = _near_moment(universal).astimezone(zone).utcoffset()
    return _on_the_wall(nanos + (_nanos(near) if near else 0), zone, nanos)


def add_months(day: Date, months: int) -> Date | None:
    """The same day that many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day and (found := make_date(year, month + 1, last)):
            return found
    return None


def _on_the_wall(nanos: int, zone: Zone | None, exact: int | None = None) -> Moment | None:
    number, rest = divmod(nanos, DAY)
    day = date_at(number)
    if day is None:
        return None
    moment = make_moment(day, time_at(rest, zone))
    if exact is not None and isinstance(moment, datetime) and instant(moment) != exact:
        return moment.replace(fold=1)  # the second pass of the hour that summer time repeats
    return moment


def _near_year(year: int) -> int:
    """A year of Python's with the same calendar; future years keep today's rules of summer time."""
    if MINYEAR <= year <= MAXYEAR:
        return year
    return (year - 1) % _CYCLE_YEARS + (1 if year < MINYEAR else 2001)


def _near_moment(moment: Moment) -> datetime:
    if isinstance(moment, datetime):
        return moment
    day, clock = moment.day, moment.clock
    near = date(_near_year(day.year), day.month, day.day)
    return datetime.combine(near, time(clock.hour, clock.minute, clock.second, tzinfo=clock.tzinfo))


def _nanos(length: timedelta) -> int:
    return (length.days * 86_400 + length.seconds) * NANOS
