"""Periods in working time: whole working days, and the hours between opening and closing time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from engine.domain.calendars import OfficeCalendar, Unit, add

MOST_DAYS: Final = 10_000  # no period of an office is longer; more is a slip of the pen
MOST_HOURS: Final = timedelta(hours=100_000)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When an office works: on the working days of its calendar, from `opens` to `closes`."""

    calendar: OfficeCalendar
    opens: time
    closes: time

    def after(self, start: datetime, days: int, hours: timedelta) -> datetime:
        """The moment that many working days, and then working hours, after `start`; all on the office's wall clock.

        Days keep the time of day, as calendar days do; hours run only while the office is open. Raises ValueError for
        more than any period of an office.
        """
        if not (0 <= days <= MOST_DAYS and timedelta() <= hours <= MOST_HOURS):
            raise ValueError(days, hours)
        at = datetime.combine(add(start.date(), days, Unit.WORKING, self.calendar), start.time())
        while hours:
            opens, closes = self._open(at.date())
            at = max(at, opens)
            room = closes - at
            if hours <= room:
                return at + hours
            hours -= max(room, timedelta())
            at = self._open(at.date() + timedelta(days=1))[0]
        return at

    def _open(self, day: date) -> tuple[datetime, datetime]:
        """From when to when the office is open on that day, or else on the next working day."""
        day = self.calendar.next_working_day(day)
        closes = min(self.closes, self.calendar.closes_early.get(day, self.closes))
        return datetime.combine(day, self.opens), datetime.combine(day, max(closes, self.opens))
