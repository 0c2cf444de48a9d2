"""When a timer is due: durations, dates and cycles, reckoned in the office's zone from the moment of the command.

SpiffWorkflow 3.2.0 takes a month for 30 days or lets it run over the month's end, loses the sign of durations and
freezes the local zone at import, so that it is never asked.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.domain.worktime import WorkingTime
from engine.feel import DaysDuration, MonthsDuration

NANOS = 1_000_000_000
_NEVER = datetime(1, 1, 1, tzinfo=UTC)  # a written moment needs no now

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?:(?P<start>[^/P][^/]*)/)?(?P<every>P.+)")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeated timer: `times` is how often it still fires (None: for ever), `every` an ISO duration.

    `start` is the moment of the first round, where one is given (UTC).
    """

    times: int | None
    every: str
    start: datetime | None = None


def due(value: object, now: datetime, zone: ZoneInfo, office: WorkingTime | None = None) -> datetime:
    """The UTC instant that a timer's value means; a date is the end of that day in the zone.

    Periods count calendar days, or working time where an `office` is given. A day in a text (P1D) is a day of the
    calendar, also where clocks change; a FEEL duration is an exact length (DMN 1.5, 10.3.2.3.6: P1D is PT24H).
    Raises ValueError for what is no date, date-time or duration, and for working time in months.
    """
    if isinstance(value, str):
        value = _read(value.strip())
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value + timedelta(days=1), time(), zone).astimezone(UTC)
    return _length(value, whole_days=office is not None).after(now, zone, office)


def period(value: object) -> str | None:
    """The period that a timer's value is, as a text that means the same in working time; None for a date."""
    if isinstance(value, str):
        return text if _DURATION.fullmatch(text := value.strip()) else None
    if not isinstance(value, DaysDuration):
        return None
    length = value.timedelta
    return f"P{length.days}DT{length.seconds}S"


def shape(text: str) -> tuple[int | None, str]:
    """How often and after which period a written cycle repeats; ValueError for what is none, also for a start without a time."""
    found = _CYCLE.fullmatch(text)
    if found is None or _DURATION.fullmatch(found["every"]) is None:
        raise ValueError(text)
    if found["start"] is not None and not ("T" in found["start"] and datetime.fromisoformat(found["start"])):
        raise ValueError(text)
    return int(found["times"]) if found["times"] else None, found["every"]


def cycle(value: object, zone: ZoneInfo) -> Cycle:
    """The repetition that a text such as `R3/P1M` means; a bare duration repeats for ever, as `R/…` does.

    Between the two may stand when the first round is: `R/2027-01-01T08:00/P1Y`. Raises ValueError for what is no cycle,
    or one that stands still or runs backwards.
    """
    text = _text(value).strip()
    found = _CYCLE.fullmatch(text)
    every = found["every"] if found else text
    if _DURATION.fullmatch(every) is None or every.startswith("-") or _length(_read(every)).empty:
        raise ValueError(value)
    start = found["start"] if found else None
    if start is not None and "T" not in start:
        raise ValueError(value)
    return Cycle(
        int(found["times"]) if found and found["times"] else None, every, due(start, _NEVER, zone) if start else None
    )


def first(
    repeated: Cycle, now: datetime, zone: ZoneInfo, office: WorkingTime | None = None
) -> tuple[datetime, datetime]:
    """From where the rounds are counted, and when the first one to come is.

    A start that lies ahead is the first round; of one that has passed the next round to come, counted from the start.
    """
    if repeated.start is not None and repeated.start > now:
        return repeated.start, repeated.start
    counted = repeated.start or now
    return counted, following(counted, repeated.every, now, zone, office)


def following(
    counted: datetime, every: str, after: datetime, zone: ZoneInfo, office: WorkingTime | None = None
) -> datetime:
    """The first round later than `after`, counted from `counted`: what was missed while nobody fired it is skipped.

    Every round is so many periods from there, not one from the last, so that a monthly round keeps its day: 31 January,
    28 February, 31 March. It is found by halving, because a cycle of seconds may have stood still for years.
    """
    length = _length(_read(every))

    def later(number: int) -> bool:
        try:
            return length.times(number).after(counted, zone, office) > after
        except (ValueError, OverflowError):
            return True

    low, high = 0, 1
    while not later(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if later(middle) else (middle, high)
    return length.times(high).after(counted, zone, office)


@dataclass(frozen=True, slots=True)
class _Length:
    months: int
    days: int
    rest: timedelta

    @property
    def empty(self) -> bool:
        return not (self.months or self.days or self.rest)

    def times(self, number: int) -> "_Length":
        return _Length(self.months * number, self.days * number, self.rest * number)

    def after(self, start: datetime, zone: ZoneInfo, office: WorkingTime | None) -> datetime:
        local = start.astimezone(zone)
        if office is None:
            return (_after_months(local, self.months) + timedelta(days=self.days)).astimezone(UTC) + self.rest
        if self.months:
            raise ValueError(self.months)
        return office.after(local.replace(tzinfo=None), self.days, self.rest).replace(tzinfo=zone).astimezone(UTC)


def _length(value: object, *, whole_days: bool = False) -> _Length:
    """`whole_days`: of a FEEL duration, which does not tell days from hours, full days count as days."""
    if isinstance(value, _Length):
        return value
    if isinstance(value, MonthsDuration):
        return _Length(value.months, 0, timedelta())
    if isinstance(value, DaysDuration):
        length = value.timedelta
        days = length.days if whole_days and length >= timedelta() else 0
        return _Length(0, days, length - timedelta(days=days))
    raise ValueError(value)


def _text(value: object) -> str:
    """A FEEL duration as a text of hours and seconds, because days of a text are days of the calendar."""
    if isinstance(value, DaysDuration):
        return f"PT{value.nanoseconds // NANOS}S"
    return str(value)


def _read(text: str) -> object:
    found = _DURATION.fullmatch(text)
    if found is not None:
        sign = -1 if found["sign"] else 1
        part = {name: sign * int(value or 0) for name, value in found.groupdict().items() if name != "sign"}
        rest = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
        return _Length(part["years"] * 12 + part["months"], part["weeks"] * 7 + part["days"], rest)
    return date.fromisoformat(text) if "T" not in text else datetime.fromisoformat(text)


def _after_months(start: datetime, months: int) -> datetime:
    """The same day of a later month, or the last day of that month where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
