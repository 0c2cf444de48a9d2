"""What hangs on a last day: the window in which a renewal is filed, and the days on which somebody is reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.domain.programme_parts import Renewal


class Moment(StrEnum):
    """Where a day stands against the window of a renewal."""

    BEFORE = "before"
    OPEN = "open"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day on which a renewal is filed in time, and the last day of the term."""

    opens_on: date
    closes_on: date
    expires_on: date

    def on(self, day: date) -> Moment:
        """Where that day stands: before the window, in it, after it while the term runs on, or after the term."""
        if day < self.opens_on:
            return Moment.BEFORE
        if day <= self.closes_on:
            return Moment.OPEN
        return Moment.LATE if day <= self.expires_on else Moment.OVER


def window(expires_on: date, renewal: Renewal) -> Window:
    """The window before the end of a term, in calendar days, both ends of it included (Mexico: in the 30 days before)."""
    opens, closes = (expires_on - timedelta(days=days) for days in (renewal.window_opens, renewal.window_closes))
    return Window(opens, closes, expires_on)


def reminders(last_day: date, days_before: Sequence[int], since: date | None = None) -> tuple[date, ...]:
    """The days on which somebody is reminded of a last day, the first one first; only those from `since` on, if given."""
    found = sorted({last_day - timedelta(days=days) for days in days_before})
    return tuple(day for day in found if since is None or day >= since)
