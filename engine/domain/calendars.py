"""Which days an office works, and the arithmetic of calendar days, working days, months and years."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SATURDAY: Final = 5


class Unit(StrEnum):
    """What a period is counted in."""

    CALENDAR = "calendar"
    WORKING = "working"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The working days of an office: no Saturdays, Sundays or holidays; `holidays` maps each free day to its name."""

    holidays: Mapping[date, str] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day


def add(day: date, count: int, unit: Unit, office: OfficeCalendar) -> date:
    """The last day of a period of `count` units whose first day is the one after `day`.

    Months and years end on the same number of the month, or on its last day where there is none (31 January + 1 month).
    """
    return _ADD[unit](day, count, office)


def _calendar(day: date, count: int, _office: OfficeCalendar) -> date:
    return day + timedelta(days=count)


def _working(day: date, count: int, office: OfficeCalendar) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= office.works(day)
    return day


def _months(day: date, count: int, _office: OfficeCalendar) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _years(day: date, count: int, office: OfficeCalendar) -> date:
    return _months(day, count * 12, office)


_ADD: Final[Mapping[Unit, Callable[[date, int, OfficeCalendar], date]]] = {
    Unit.CALENDAR: _calendar,
    Unit.WORKING: _working,
    Unit.MONTHS: _months,
    Unit.YEARS: _years,
}
