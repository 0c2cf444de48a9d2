"""Working time: days of the office's calendar, and hours while it is open."""

from datetime import date, datetime, time, timedelta

import pytest

from engine.domain.calendars import OfficeCalendar
from engine.domain.worktime import WorkingTime

OFFICE = WorkingTime(OfficeCalendar({date(2026, 12, 25): "Navidad"}), time(7, 30), time(15, 30))


@pytest.mark.parametrize(
    ("start", "days", "hours", "end"),
    [
        ("2026-12-21T09:00", 4, 0, "2026-12-28T09:00"),  # Monday; Friday is Christmas
        ("2026-12-19T09:00", 1, 0, "2026-12-21T09:00"),  # a Saturday
        ("2026-12-21T09:00", 0, 8, "2026-12-22T09:00"),
        ("2026-12-21T09:00", 0, 6.5, "2026-12-21T15:30"),
        ("2026-12-21T06:00", 0, 1, "2026-12-21T08:30"),
        ("2026-12-24T15:00", 0, 1, "2026-12-28T08:00"),
        ("2026-12-24T20:00", 0, 1, "2026-12-28T08:30"),
        ("2026-12-20T20:00", 0, 16, "2026-12-22T15:30"),  # a Sunday
        ("2026-12-21T09:00", 1, 1, "2026-12-22T10:00"),
        ("2026-12-21T09:00", 0, 0, "2026-12-21T09:00"),
    ],
)
def test_days_keep_the_time_of_day_and_hours_run_while_the_office_is_open(
    start: str, days: int, hours: float, end: str
) -> None:
    after = OFFICE.after(datetime.fromisoformat(start), days, timedelta(hours=hours))

    assert after == datetime.fromisoformat(end)


@pytest.mark.parametrize(("days", "hours"), [(-1, 0), (10_001, 0), (0, -1), (0, 100_001)])
def test_what_no_office_would_set_is_refused(days: int, hours: int) -> None:
    with pytest.raises(ValueError, match=str(days)):
        OFFICE.after(datetime(2026, 12, 21, 9), days, timedelta(hours=hours))  # noqa: DTZ001 - the wall clock
