"""Working days, calendar days, months and years, held against counting day by day on one's fingers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendars import OfficeCalendar, Unit, add

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
OPEN_EVERY_WEEKDAY = OfficeCalendar()


@st.composite
def offices(draw: st.DrawFn) -> OfficeCalendar:
    """An office with a few holidays somewhere."""
    free = draw(st.sets(st.dates(date(2000, 1, 1), date(2062, 12, 31)), max_size=30))
    return OfficeCalendar(dict.fromkeys(free, "Asueto"))


def counted(day: date, count: int, office: OfficeCalendar) -> date:
    """Ticks working days off one by one, as a clerk with a wall calendar does."""
    ticked: list[date] = []
    while len(ticked) < count:
        day += timedelta(days=1)
        if day.isoweekday() not in {6, 7} and day not in office.holidays:
            ticked.append(day)
    return ticked[-1] if ticked else day


@given(DAYS, st.integers(0, 200), offices())
def test_working_days_are_those_that_a_clerk_ticks_off(day: date, count: int, office: OfficeCalendar) -> None:
    assert add(day, count, Unit.WORKING, office) == counted(day, count, office)


@given(DAYS, st.integers(0, 2000))
def test_calendar_days_are_all_days(day: date, count: int) -> None:
    last = add(day, count, Unit.CALENDAR, OPEN_EVERY_WEEKDAY)

    assert sum(1 for number in range((last - day).days) if day + timedelta(days=number) < last) == count


@given(DAYS, st.integers(0, 240))
def test_months_end_on_the_same_number_or_on_the_last_day(day: date, count: int) -> None:
    last = add(day, count, Unit.MONTHS, OPEN_EVERY_WEEKDAY)

    assert (last.year - day.year) * 12 + last.month - day.month == count
    assert last.day == day.day or (last.day < day.day and (last + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(0, 20))
def test_a_year_is_twelve_months(day: date, count: int) -> None:
    assert add(day, count, Unit.YEARS, OPEN_EVERY_WEEKDAY) == add(day, 12 * count, Unit.MONTHS, OPEN_EVERY_WEEKDAY)


@given(DAYS, offices())
def test_the_next_working_day_is_the_first_on_which_the_office_works(day: date, office: OfficeCalendar) -> None:
    following = office.next_working_day(day)

    assert office.works(following)
    assert not any(office.works(day + timedelta(days=number)) for number in range((following - day).days))


@pytest.mark.parametrize(
    ("day", "count", "unit", "last"),
    [
        (date(2026, 1, 31), 1, Unit.MONTHS, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, Unit.MONTHS, date(2024, 2, 29)),
        (date(2026, 3, 31), 6, Unit.MONTHS, date(2026, 9, 30)),
        (date(2024, 2, 29), 1, Unit.YEARS, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, Unit.YEARS, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, Unit.MONTHS, date(2027, 1, 15)),
        (date(2026, 1, 16), 1, Unit.WORKING, date(2026, 1, 19)),
        (date(2026, 1, 17), 1, Unit.WORKING, date(2026, 1, 19)),
        (date(2026, 1, 12), 10, Unit.WORKING, date(2026, 1, 26)),
    ],
)
def test_known_dates(day: date, count: int, unit: Unit, last: date) -> None:
    assert add(day, count, unit, OPEN_EVERY_WEEKDAY) == last


def test_a_holiday_of_the_office_is_no_working_day() -> None:
    office = OfficeCalendar({date(2026, 1, 13): "Asueto"})

    assert add(date(2026, 1, 12), 1, Unit.WORKING, office) == date(2026, 1, 14)
    assert not office.works(date(2026, 1, 13))
