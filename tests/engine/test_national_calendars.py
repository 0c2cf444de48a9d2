"""Periods on the calendars of El Salvador, Spain, India and Mexico, held against a clerk who ticks day after day."""

import calendar as month_calendar
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import offices
from engine.domain import programme
from engine.domain.calendars import Change, DayKind, OfficeCalendar, Unit, until
from engine.domain.clocks import DayCount, Period, Receipt, due, ended, explain, extended, filed_on, over, received_on
from engine.domain.worktime import WorkingTime

ONE_DAY = timedelta(days=1)
PLACES = ("SV", "ES-MD", "IN", "MX")
RULES = programme.read((Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml").read_bytes())
OFFICES = {place: offices.calendar(replace(RULES, holidays=place)) for place in PLACES}
ZONES = tuple(map(ZoneInfo, ("America/El_Salvador", "Europe/Madrid", "Asia/Kolkata", "America/Mexico_City")))
places = st.sampled_from(PLACES)
days = st.dates(date(2012, 1, 1), date(2020, 12, 31))  # India's moon is foreseen until 2035
moments = st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - the wall clock
counts = st.builds(DayCount, first_day_counts=st.booleans(), moves_off_holidays=st.booleans())
periods = st.one_of(
    st.builds(Period, st.integers(1, 130), st.sampled_from([Unit.CALENDAR, Unit.WORKING]), st.just("art. 1")),
    st.builds(Period, st.integers(1, 30), st.just(Unit.MONTHS), st.just("art. 2")),
    st.builds(Period, st.integers(1, 5), st.just(Unit.YEARS), st.just("art. 3")),
)


class Clerk:
    """Knows a wall calendar and nothing else: looks at each day, one after the other."""

    def __init__(self, place: str) -> None:
        country, _dash, part = place.partition("-")
        self.free = holidays.country_holidays(country, subdiv=part or None, years=range(2010, 2036))

    def at_work(self, day: date) -> bool:
        return day.strftime("%a") not in {"Sat", "Sun"} and day not in self.free

    def count(self, start: date, steps: list[Period], counting: DayCount) -> date:
        day = start - ONE_DAY if counting.first_day_counts else start
        for number, step in enumerate(steps):
            if step.unit in {Unit.MONTHS, Unit.YEARS}:
                includes = counting.first_day_counts and number == 0
                day = self.turn_pages(start if includes else day, step, includes=includes)
                continue
            left = step.count
            while left:
                day += ONE_DAY
                left -= 1 if step.unit is Unit.CALENDAR or self.at_work(day) else 0
        while counting.moves_off_holidays and not self.at_work(day):
            day += ONE_DAY
        return day

    def turn_pages(self, day: date, step: Period, *, includes: bool) -> date:
        """Turns a page of the calendar for each month, then looks for the same number, or takes the last there is."""
        page = day.replace(day=1)
        for _turn in range(step.count * (12 if step.unit is Unit.YEARS else 1)):
            page += timedelta(days=month_calendar.monthrange(page.year, page.month)[1])
        numbers = [page + timedelta(days=n) for n in range(month_calendar.monthrange(page.year, page.month)[1])]
        same = [one for one in numbers if one.day == day.day]
        if not same:
            return numbers[-1]
        return same[0] - ONE_DAY if includes else same[0]


CLERKS = {place: Clerk(place) for place in PLACES}


@settings(max_examples=300)
@given(places, days, st.lists(periods, min_size=1, max_size=5), counts)
def test_the_last_day_is_the_one_that_a_clerk_finds(
    place: str, start: date, steps: list[Period], counting: DayCount
) -> None:
    assert due(start, steps[0], steps[1:], counting, OFFICES[place]) == CLERKS[place].count(start, steps, counting)


@given(places, days, st.lists(periods, min_size=1, max_size=5), counts)
def test_adding_one_by_one_gives_the_sum_that_is_explained_as_a_whole(
    place: str, start: date, steps: list[Period], counting: DayCount
) -> None:
    office = OFFICES[place]
    lines = explain(start, steps[0], (), counting, office)
    for step in steps[1:]:
        lines = ended(extended(lines, step, step.legal_basis, office), counting, office)

    assert lines == explain(start, steps[0], steps[1:], counting, office)


@given(places, days, st.lists(st.integers(1, 90), min_size=1, max_size=5), st.sampled_from(["calendar", "working"]))
def test_days_of_one_kind_may_be_added_in_any_order(place: str, start: date, added: list[int], unit: str) -> None:
    steps = [Period(count, Unit(unit), "art. 1") for count in added]

    there, back = (due(start, one[0], one[1:], DayCount(), OFFICES[place]) for one in (steps, steps[::-1]))

    assert there == back


@given(places, days, st.lists(periods, min_size=1, max_size=4), counts)
def test_ending_a_sum_twice_moves_nothing(place: str, start: date, steps: list[Period], counting: DayCount) -> None:
    lines = explain(start, steps[0], steps[1:], counting, OFFICES[place])

    assert ended(lines, counting, OFFICES[place]) == lines


@given(places, days, st.integers(-400, 400), st.sampled_from([Unit.CALENDAR, Unit.WORKING]))
def test_days_left_are_those_that_a_clerk_crosses_out(place: str, day: date, distance: int, unit: Unit) -> None:
    last = day + timedelta(days=distance)
    between = [min(day, last) + timedelta(days=n) for n in range(1, abs(distance) + 1)]
    crossed = sum(1 for one in between if unit is Unit.CALENDAR or CLERKS[place].at_work(one))

    assert until(day, last, unit, OFFICES[place]) == (crossed if distance >= 0 else -crossed)


@given(places, days, st.integers(0, 20), st.sampled_from([Unit.CALENDAR, Unit.WORKING]))
def test_a_notice_is_received_after_the_days_of_its_channel(place: str, sent: date, count: int, unit: Unit) -> None:
    counting = DayCount(deemed_receipt_days=1, receipts=(("post", Receipt(count, unit)),))
    by_hand = CLERKS[place].count(sent, [Period(count, unit, "")], DayCount(moves_off_holidays=False))

    assert received_on(sent, counting, OFFICES[place], "post") == by_hand
    assert received_on(sent, counting, OFFICES[place], "portal") == sent + ONE_DAY


@given(st.sampled_from(ZONES), days)
def test_a_period_is_over_at_the_first_instant_of_the_next_local_day(zone: ZoneInfo, last: date) -> None:
    instant = over(last, zone)

    assert instant.astimezone(zone).date() == last + ONE_DAY
    assert (instant - timedelta(microseconds=1)).astimezone(zone).date() == last


@given(places, st.sampled_from(ZONES), moments, st.times())
def test_what_is_filed_counts_on_its_own_day_or_on_the_next_working_one(
    place: str, zone: ZoneInfo, moment: datetime, cut_off: time
) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(zone)

    filed = filed_on(local, DayCount(cut_off=cut_off.replace(microsecond=0)), OFFICES[place])

    if local.time().replace(microsecond=0) <= cut_off.replace(microsecond=0):
        assert filed == local.date()
    else:
        day = local.date() + ONE_DAY
        while not CLERKS[place].at_work(day):
            day += ONE_DAY
        assert filed == day


@settings(max_examples=50)
@given(places, moments, st.integers(0, 5), st.integers(0, 40))
def test_working_hours_are_those_in_which_the_clerk_sits_at_the_desk(
    place: str, start: datetime, count: int, hours: int
) -> None:
    start = start.replace(minute=0, second=0, microsecond=0)
    found = WorkingTime(OFFICES[place], time(8), time(16)).after(start, count, timedelta(hours=hours))

    day = CLERKS[place].count(start.date(), [Period(count, Unit.WORKING, "")], DayCount(moves_off_holidays=False))
    at = datetime.combine(day, start.time())
    left = hours
    while left:
        sits = CLERKS[place].at_work(at.date()) and 8 <= at.hour < 16
        at += timedelta(hours=1)
        left -= sits
    assert found == at


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        (date(2024, 2, 1), 1, Unit.MONTHS, date(2024, 2, 29)),
        (date(2023, 3, 1), 1, Unit.MONTHS, date(2023, 3, 31)),
        (date(2025, 1, 31), 1, Unit.MONTHS, date(2025, 2, 28)),
        (date(2024, 2, 29), 1, Unit.YEARS, date(2025, 2, 28)),
        (date(2024, 1, 1), 1, Unit.YEARS, date(2024, 12, 31)),
    ],
)
def test_months_whose_first_day_counts(start: date, count: int, unit: Unit, last: date) -> None:
    counting = DayCount(first_day_counts=True, moves_off_holidays=False)

    assert due(start, Period(count, unit, ""), [], counting, OfficeCalendar()) == last


def test_a_changed_day_counts_for_the_addition_and_not_for_what_was_counted_before() -> None:
    before = OFFICES["SV"]
    after = before.changed(
        [Change(date(2026, 1, 14), DayKind.CLOSED, "Asueto"), Change(date(2026, 1, 22), DayKind.CLOSED, "")]
    )
    lines = explain(date(2026, 1, 12), Period(5, Unit.WORKING, ""), (), DayCount(), before)

    longer = extended(lines, Period(3, Unit.WORKING, "art. 1"), "art. 1", after)

    assert [line.day for line in longer[1:]] == [date(2026, 1, 19), date(2026, 1, 23)]


def test_on_half_a_day_the_closing_hour_is_the_cut_off() -> None:
    office = OFFICES["SV"].changed([Change(date(2026, 12, 24), DayKind.HALF, "Víspera", time(12))])
    counting = DayCount(cut_off=time(15, 30))

    filed = [filed_on(datetime(2026, 12, 24, hour, tzinfo=ZONES[0]), counting, office) for hour in (12, 13)]

    assert filed == [date(2026, 12, 24), date(2026, 12, 28)]
    eleven = datetime.fromisoformat("2026-12-24T11:00")
    after = WorkingTime(office, time(8), time(16)).after(eleven, 0, timedelta(hours=2))
    assert after == datetime.fromisoformat("2026-12-28T09:00")


def test_changes_of_a_calendar_are_seen_in_its_list_of_free_days() -> None:
    office = OfficeCalendar({date(2026, 9, 15): "Independencia"}).changed(
        [Change(date(2026, 9, 15), DayKind.OPEN, ""), Change(date(2026, 9, 16), DayKind.CLOSED, "Asueto")]
    )

    assert dict(office.holidays) == {date(2026, 9, 16): "Asueto"}
    assert len(office.holidays) == 1
    with pytest.raises(KeyError):
        office.holidays[date(2026, 9, 15)]
    assert office.changed([]) is office
    assert not office.changed([Change(date(2026, 9, 15), DayKind.CLOSED, "")]).works(date(2026, 9, 15))
