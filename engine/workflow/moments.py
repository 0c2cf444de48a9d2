"""When a timer is due: durations, dates and cycles, reckoned in the office's zone from the moment of the command.

SpiffWorkflow 3.2.0 takes a month for 30 days or lets it run over the month's end, loses the sign of durations and
freezes the local zone at import, so that it is never asked.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.feel import DaysDuration, MonthsDuration

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})(?:\.\d+)?S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?P<duration>P.+)")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeated timer: `times` is how often it still fires (None: for ever), `every` an ISO duration."""

    times: int | None
    every: str


def due(value: object, now: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant that a timer's value means; a date is the end of that day in the zone.

    Raises ValueError for what is no date, date-time or duration.
    """
    if isinstance(value, str):
        value = _read(value.strip())
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value + timedelta(days=1), time(), zone).astimezone(UTC)
    if isinstance(value, MonthsDuration):
        return _after_months(now.astimezone(zone), value.months).astimezone(UTC)
    if isinstance(value, DaysDuration):
        return (now + value.timedelta).astimezone(UTC)
    if isinstance(value, _Length):
        return value.after(now, zone)
    raise ValueError(value)


def cycle(value: object) -> Cycle:
    """The repetition that a text such as `R3/P1M` means; a bare duration repeats for ever, as `R/…` does.

    Raises ValueError for what is no cycle, or one that stands still or runs backwards.
    """
    text = str(value).strip()
    found = _CYCLE.fullmatch(text)
    every = found["duration"] if found else text
    if _DURATION.fullmatch(every) is None or every.startswith("-") or not re.search(r"[1-9]", every):
        raise ValueError(value)
    return Cycle(int(found["times"]) if found and found["times"] else None, every)


def following(last: datetime, every: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The next round after `last` that is still to come: rounds missed while nobody fired them are skipped.

    Each round is counted from the one before, so that a monthly reminder keeps its day as far as months allow.
    """
    length = _read(every)
    at = due(length, last, zone)
    while at <= now and at > last:
        last, at = at, due(length, at, zone)
    if at <= last:
        raise ValueError(every)
    return at


@dataclass(frozen=True, slots=True)
class _Length:
    months: int
    days: int
    rest: timedelta

    def after(self, start: datetime, zone: ZoneInfo) -> datetime:
        local = _after_months(start.astimezone(zone), self.months)
        return (local + timedelta(days=self.days)).astimezone(UTC) + self.rest


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
