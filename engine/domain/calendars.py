"""Which days an office works, and the arithmetic of calendar days, working days, months and years."""

import calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from engine.domain.errors import Invalid

WEEKEND: Final = frozenset({5, 6})  # Saturday and Sunday


class Unit(StrEnum):
    """What a period is counted in."""

    CALENDAR = "calendar"
    WORKING = "working"
    MONTHS = "months"
    YEARS = "years"


class DayKind(StrEnum):
    """What an office is on a day that its calendar names: closed, open all the same, or open for a part of the day."""

    CLOSED = "closed"
    OPEN = "open"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which an office does otherwise than its country's calendar says; `closes_at` only for half a day."""

    day: date
    kind: DayKind
    name: str
    closes_at: time | None = None


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The working days of an office: no weekends or holidays; `holidays` maps each free day to its name.

    On `opened` days it works although they are free; `closes_early` are working days that end before their usual time.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    opened: frozenset[date] = frozenset()
    closes_early: Mapping[date, time] = field(default_factory=dict)
    weekend: frozenset[int] = WEEKEND

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return day in self.opened or (day.weekday() not in self.weekend and day not in self.holidays)

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.works(day):
            day = _later(day, 1)
        return day

    def changed(self, changes: Sequence[Change]) -> "OfficeCalendar":
        """The calendar with these changes; of two of one day the later in the sequence counts."""
        last = {change.day: change for change in changes}
        if not last:
            return self
        closed = {day: change.name for day, change in last.items() if change.kind is DayKind.CLOSED}
        opened = frozenset(day for day, change in last.items() if change.kind is not DayKind.CLOSED)
        early = {day: change.closes_at for day, change in last.items() if change.closes_at is not None}
        kept = {day: at for day, at in self.closes_early.items() if day not in last}
        return replace(
            self,
            holidays=_Overlay(self.holidays, closed, opened),
            opened=(self.opened - set(closed)) | opened,
            closes_early={**kept, **early},
        )


class _Overlay(Mapping[date, str]):
    """Free days with more free days, and without those that were opened; the calendar below may be endless."""

    def __init__(self, below: Mapping[date, str], closed: Mapping[date, str], opened: frozenset[date]) -> None:
        self._below, self._closed, self._opened = below, closed, opened

    def __contains__(self, day: object) -> bool:
        return day in self._closed or (day in self._below and day not in self._opened)

    def __getitem__(self, day: date) -> str:
        if day in self._closed:
            return self._closed[day]
        if day in self._opened:
            raise KeyError(day)
        return self._below[day]

    def __iter__(self) -> Iterator[date]:
        yield from self._closed
        yield from (day for day in self._below if day not in self._closed and day not in self._opened)

    def __len__(self) -> int:
        return sum(1 for _day in self)


def add(day: date, count: int, unit: Unit, office: OfficeCalendar) -> date:
    """The last day of a period of `count` units whose first day is the one after `day`.

    Months and years end on the same number of the month, or on its last day where there is none (31 January + 1 month).
    Invalid where that lies beyond the last year that a date can have.
    """
    return _ADD[unit](day, count, office)


def until(day: date, last: date, unit: Unit, office: OfficeCalendar) -> int:
    """How many days of this unit lie after `day`, up to and with `last`; negative, and counted likewise, where it is past.

    Working days are counted as such, every other unit in calendar days.
    """
    if unit is not Unit.WORKING:
        return (last - day).days
    if last < day:
        return -until(last, day, unit, office)
    return sum(office.works(day + timedelta(days=number)) for number in range(1, (last - day).days + 1))


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise Invalid("This period ends after the calendar does.") from error


def _calendar(day: date, count: int, _office: OfficeCalendar) -> date:
    return _later(day, count)


def _working(day: date, count: int, office: OfficeCalendar) -> date:
    while count > 0:
        day = _later(day, 1)
        count -= office.works(day)
    return day


def _months(day: date, count: int, _office: OfficeCalendar) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if year > date.max.year:
        raise Invalid("This period ends after the calendar does.")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _years(day: date, count: int, office: OfficeCalendar) -> date:
    return _months(day, count * 12, office)


_ADD: Final[Mapping[Unit, Callable[[date, int, OfficeCalendar], date]]] = {
    Unit.CALENDAR: _calendar,
    Unit.WORKING: _working,
    Unit.MONTHS: _months,
    Unit.YEARS: _years,
}
