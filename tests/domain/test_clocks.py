"""Legal clocks: the sum of domain page §3, and the day counts that change it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendars import OfficeCalendar, Unit, add
from engine.domain.clocks import DayCount, Line, Period, bar_until, due, explain, filed_on, over, received_on

OFFICE = OfficeCalendar()
PLAIN = DayCount(moves_off_holidays=False)
DECISION = Period(120, Unit.CALENDAR, "UCC art. 22(3)")
INFORMATION = Period(20, Unit.CALENDAR, "DA art. 13(1)")
HEARING = Period(30, Unit.CALENDAR, "DA art. 13(2)")
EXTENSION = Period(60, Unit.CALENDAR, "DA art. 28(1)")
SALVADOR = ZoneInfo("America/El_Salvador")
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
COUNTS = st.builds(DayCount, first_day_counts=st.booleans(), moves_off_holidays=st.booleans())
PERIODS = st.builds(Period, st.integers(1, 90), st.sampled_from([Unit.CALENDAR, Unit.WORKING]), st.just("art. 1"))


def test_an_auditor_finds_the_four_dates_of_the_worked_example() -> None:
    accepted = date(2025, 4, 10)  # received on 3 March, but the last item came on 10 April: that day counts

    found = [due(accepted, DECISION, [INFORMATION, HEARING, EXTENSION][:number], PLAIN, OFFICE) for number in range(4)]

    assert found == [date(2025, 8, 8), date(2025, 8, 28), date(2025, 9, 27), date(2025, 11, 26)]


def test_the_sum_is_told_line_by_line() -> None:
    assert explain(date(2025, 4, 10), DECISION, [INFORMATION, HEARING], PLAIN, OFFICE) == (
        Line("start", 0, None, date(2025, 4, 10)),
        Line("base", 120, Unit.CALENDAR, date(2025, 8, 8)),
        Line("DA art. 13(1)", 20, Unit.CALENDAR, date(2025, 8, 28)),
        Line("DA art. 13(2)", 30, Unit.CALENDAR, date(2025, 9, 27)),
    )


def test_a_period_that_ends_on_a_closed_day_runs_to_the_next_working_day() -> None:
    office = OfficeCalendar({date(2025, 9, 29): "Asueto"})  # 27 September 2025 is a Saturday, the Monday is free

    lines = explain(date(2025, 4, 10), DECISION, [INFORMATION, HEARING], DayCount(), office)

    assert lines[-1] == Line("holiday", 0, None, date(2025, 9, 30))


def test_an_addition_runs_from_the_sum_and_not_from_the_day_moved_to() -> None:
    # 8 + 20 days end on Thursday 28 August whether or not the 8 days end on a day when the office is closed.
    office = OfficeCalendar({date(2025, 8, 8): "Asueto"})

    assert due(date(2025, 4, 10), DECISION, [INFORMATION], DayCount(), office) == date(2025, 8, 28)


def test_where_the_day_of_the_event_counts_the_period_is_a_day_shorter() -> None:
    counts = DayCount(first_day_counts=True, moves_off_holidays=False)

    assert due(date(2025, 4, 10), DECISION, [], counts, OFFICE) == date(2025, 8, 7)


def by_hand(start: date, periods: list[Period], count: DayCount, office: OfficeCalendar) -> date:
    """Walks day by day: ticks every day that counts for the period at hand, then looks whether the office works."""
    day = start - timedelta(days=1) if count.first_day_counts else start
    for period in periods:
        left = period.count
        while left:
            day += timedelta(days=1)
            if period.unit is Unit.CALENDAR or (day.isoweekday() < 6 and day not in office.holidays):
                left -= 1
    while count.moves_off_holidays and (day.isoweekday() > 5 or day in office.holidays):
        day += timedelta(days=1)
    return day


@given(DAYS, st.lists(PERIODS, min_size=1, max_size=6), COUNTS, st.sets(DAYS, max_size=10))
def test_the_last_day_is_the_one_that_counting_by_hand_finds(
    start: date, periods: list[Period], count: DayCount, free: set[date]
) -> None:
    office = OfficeCalendar(dict.fromkeys(free, "Asueto"))

    assert due(start, periods[0], periods[1:], count, office) == by_hand(start, periods, count, office)


@given(DAYS, st.lists(PERIODS, min_size=1, max_size=6), COUNTS)
def test_every_line_of_the_sum_follows_from_the_one_before(start: date, periods: list[Period], count: DayCount) -> None:
    lines = explain(start, periods[0], periods[1:], count, OFFICE)

    first = start - timedelta(days=1) if count.first_day_counts else start
    reached = [first, *(line.day for line in lines[1:])]
    for before, line in zip(reached, lines[1:], strict=False):
        moved = OFFICE.next_working_day(before) if line.unit is None else add(before, line.count, line.unit, OFFICE)
        assert line.day == moved


@given(DAYS, st.lists(PERIODS, min_size=1, max_size=4), COUNTS, PERIODS)
def test_an_addition_never_shortens_a_period(start: date, periods: list[Period], count: DayCount, more: Period) -> None:
    before = due(start, periods[0], periods[1:], count, OFFICE)

    assert due(start, periods[0], [*periods[1:], more], count, OFFICE) >= before


def test_a_period_is_over_at_the_midnight_that_ends_its_last_day_in_the_office() -> None:
    assert over(date(2026, 11, 26), SALVADOR) == datetime(2026, 11, 27, 6, tzinfo=UTC)


def test_the_day_on_which_summer_time_ends_is_over_an_hour_later() -> None:
    madrid = ZoneInfo("Europe/Madrid")

    assert over(date(2026, 10, 24), madrid) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert over(date(2026, 10, 25), madrid) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "day"),
    [(time(15, 59), date(2026, 1, 16)), (time(16), date(2026, 1, 16)), (time(16, 1), date(2026, 1, 19))],
)
def test_what_is_filed_after_the_cut_off_counts_from_the_next_working_day(hour: time, day: date) -> None:
    moment = datetime.combine(date(2026, 1, 16), hour, SALVADOR)  # a Friday

    assert filed_on(moment, DayCount(cut_off=time(16)), OFFICE) == day


def test_without_a_cut_off_the_last_second_of_the_day_still_counts() -> None:
    moment = datetime(2026, 1, 16, 23, 59, 59, 999_999, tzinfo=SALVADOR)

    assert filed_on(moment, DayCount(), OFFICE) == date(2026, 1, 16)


def test_a_notice_counts_as_received_when_the_programme_says() -> None:
    assert received_on(date(2026, 1, 16), DayCount(deemed_receipt_days=3)) == date(2026, 1, 19)


def test_a_bar_runs_from_the_act_and_leaving_freely_carries_none() -> None:
    assert bar_until(date(2028, 5, 15), Period(3, Unit.YEARS, "DA art. 11"), OFFICE) == date(2031, 5, 15)
    assert bar_until(date(2028, 5, 15), Period(0, Unit.YEARS, ""), OFFICE) is None
