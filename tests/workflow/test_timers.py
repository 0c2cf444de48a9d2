"""Timers are due when the office's calendar says so, are moved by legal clocks, and repeat without a storm."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.calendars import OfficeCalendar
from engine.domain.worktime import WorkingTime
from engine.feel import evaluate
from engine.workflow import Fault, moments
from tests.workflow.drawing import node, path, plain, properties, task
from tests.workflow.playing import NOW, Play

OFFICE = ZoneInfo("America/El_Salvador")
MADRID = ZoneInfo("Europe/Madrid")


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def guarded(text: str, kind: str = "timeDuration", said: str = "", *, interrupting: bool = False) -> str:
    marks = f'attachedToRef="ask" cancelActivity="{str(interrupting).lower()}"'
    parts = task("ask") + task("remind") + node("boundaryEvent", "late", said, timer(text, kind), marks)
    return plain(parts, names="ask") + path("late", "remind")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("2026-03-31", "2026-04-01T00:00-06:00"),
        ("2026-03-31T10:00:00-06:00", "2026-03-31T10:00-06:00"),
        ("2026-03-31T10:00:00", "2026-03-31T10:00-06:00"),
        ("2026-03-31T16:00:00Z", "2026-03-31T10:00-06:00"),
        ("P1M", "2026-02-28T09:00-06:00"),
        ("P1Y", "2027-01-31T09:00-06:00"),
        ("P1Y1M1D", "2027-03-01T09:00-06:00"),
        ("P2W", "2026-02-14T09:00-06:00"),
        ("PT36H", "2026-02-01T21:00-06:00"),
        ("-PT1H", "2026-01-31T08:00-06:00"),
        ("-P1M", "2025-12-31T09:00-06:00"),
    ],
)
def test_a_timer_text_means_a_moment_of_the_office(value: str, due: str) -> None:
    assert moments.due(value, utc("2026-01-31T09:00-06:00"), OFFICE) == utc(due)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ('date("2026-03-31")', "2026-04-01T00:00-06:00"),
        ('date and time("2026-03-31T10:00:00")', "2026-03-31T10:00-06:00"),
        ('duration("P1M")', "2026-02-28T09:00-06:00"),
        ('duration("P30D")', "2026-03-02T09:00-06:00"),
        ('"2026-03-31"', "2026-04-01T00:00-06:00"),
    ],
)
def test_a_timer_expression_means_a_moment_of_the_office(expression: str, due: str) -> None:
    assert moments.due(evaluate(expression, {}), utc("2026-01-31T09:00-06:00"), OFFICE) == utc(due)


def test_a_day_is_a_calendar_day_where_clocks_change() -> None:
    before = utc("2026-03-28T12:00+01:00")

    assert moments.due("P1D", before, MADRID) == utc("2026-03-29T12:00+02:00")
    assert moments.due("PT24H", before, MADRID) == utc("2026-03-29T13:00+02:00")
    assert moments.due("2026-03-29", before, MADRID) == utc("2026-03-30T00:00+02:00")


@pytest.mark.parametrize("value", ["", "soon", "P", "PT", "P1M1", "2026-02-30", "2026-13-01T00:00", None, 5, True, []])
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own parsers word it
        moments.due(value, NOW, OFFICE)


@pytest.mark.parametrize("text", ["", "R3", "R3/", "R/PT0S", "R/P0D", "R2/-P1D", "R-1/P1D", "0 0 9 * *"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        moments.cycle(text, OFFICE)


@given(start=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), months=st.integers(0, 240))  # noqa: DTZ001
def test_months_never_run_over_the_end_of_a_month(start: datetime, months: int) -> None:
    begun = start.replace(tzinfo=OFFICE)

    due = moments.due(f"P{months}M", begun, OFFICE).astimezone(OFFICE)

    assert (due.year * 12 + due.month) - (begun.year * 12 + begun.month) == months
    assert due.day == begun.day or (due + timedelta(days=1)).month != due.month


def test_a_timer_fires_when_it_is_due_and_not_before() -> None:
    play = Play(plain(node("intermediateCatchEvent", "rest", inner=timer("P3D")), task("then"), names="rest then"))

    assert play.after(days=2).open == []
    assert play.after(days=1).open == ["then"]
    assert play.run.waits() == []


def test_a_timer_without_a_moment_is_a_fault_at_its_element() -> None:
    with pytest.raises(Fault) as caught:
        Play(plain(node("intermediateCatchEvent", "rest", inner=timer("=missing", "timeDate")), names="rest"))

    assert caught.value.element == "rest"


def test_an_interrupting_timer_ends_the_task() -> None:
    assert Play(guarded("P1D", interrupting=True)).after(days=1).open == ["remind"]


def test_a_duration_beside_a_task_fires_once() -> None:
    play = Play(guarded("P1D")).after(days=5)

    assert sorted(play.open) == ["ask", "remind"]
    assert play.run.waits() == []


def test_a_cycle_repeats_as_often_as_it_says() -> None:
    play = Play(guarded("R2/P1D", "timeCycle"))

    for _ in range(5):
        play.after(days=1)

    assert sorted(play.open) == ["ask", "remind", "remind"]


def test_rounds_that_were_missed_are_skipped() -> None:
    play = Play(guarded("R/P1D", "timeCycle")).after(days=30, hours=1)
    (wait,) = play.run.waits()

    assert sorted(play.open) == ["ask", "remind"]
    assert wait.due == NOW + timedelta(days=31)


def test_a_legal_clock_moves_the_timers_that_are_tied_to_it() -> None:
    play = Play(guarded("P30D", said=properties(clock="acceptance"), interrupting=True))
    later = NOW + timedelta(days=45)

    assert play.loaded().reschedule("acceptance", later) == 1
    assert play.run.reschedule("decision", later) == 0
    assert [(wait.clock, wait.due) for wait in play.run.waits()] == [("acceptance", later)]
    assert play.after(days=44).open == ["ask"]
    assert play.after(days=1).open == ["remind"]


def test_due_timers_fire_in_the_order_in_which_they_were_due() -> None:
    rests = "".join(node("intermediateCatchEvent", f"rest{n}", inner=timer(f"P{n}D")) for n in (3, 1, 2))
    links = "".join(path("fork", f"rest{n}") for n in (3, 1, 2))
    play = Play(plain(node("parallelGateway", "fork") + rests, names="fork") + links)

    play.after(days=5)

    fired = [step.element for step in play.run.take_steps() if step.kind == "fired"]
    assert fired == ["rest1", "rest2", "rest3"]


def test_a_task_is_due_at_the_end_of_a_day_and_for_whom_the_data_say() -> None:
    said = '<zeebe:taskSchedule dueDate="=reply_due"/><zeebe:assignmentDefinition assignee="=officer"/>'
    play = Play(plain(task("ask", said=said), names="ask"), {"reply_due": "2026-03-10", "officer": "mvasquez"})
    (opened,) = play.run.open_tasks()

    assert opened.due == utc("2026-03-11T00:00-06:00")
    assert opened.assignee == "mvasquez"


def test_what_a_task_was_told_when_it_opened_does_not_change() -> None:
    said = '<zeebe:taskSchedule dueDate="P3D"/>'
    play = Play(plain(task("ask", said=said), names="ask"))

    play.after(days=2)

    assert play.run.open_tasks()[0].due == NOW + timedelta(days=3)


BRUSSELS = ZoneInfo("Europe/Brussels")
WORKING = WorkingTime(OfficeCalendar({date(2026, 3, 19): "San José"}), time(8), time(16))


@pytest.mark.parametrize(
    ("value", "start", "due"),
    [
        ("P1D", "2026-03-28T12:00+01:00", "2026-03-29T12:00+02:00"),  # the clocks go forward on the 29th
        ("PT24H", "2026-03-28T12:00+01:00", "2026-03-29T13:00+02:00"),
        ("P1D", "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),  # there is no 2:30
        ("P1D", "2026-10-24T12:00+02:00", "2026-10-25T12:00+01:00"),  # and back on 25 October
        ("PT24H", "2026-10-24T12:00+02:00", "2026-10-25T11:00+01:00"),
        ("P1D", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),  # of the two 2:30 the first
        ("P1M", "2026-09-30T12:00+02:00", "2026-10-30T12:00+01:00"),
        ("2026-10-25", "2026-10-24T12:00+02:00", "2026-10-26T00:00+01:00"),
        ("2026-03-29T02:30", "2026-03-28T12:00+01:00", "2026-03-29T03:30+02:00"),
    ],
)
def test_days_are_days_and_hours_are_hours_where_clocks_change(value: str, start: str, due: str) -> None:
    assert moments.due(value, utc(start), BRUSSELS) == utc(due)


def test_a_feel_duration_is_an_exact_length() -> None:
    assert moments.due(evaluate('duration("P1D")', {}), utc("2026-03-28T12:00+01:00"), BRUSSELS) == utc(
        "2026-03-29T13:00+02:00"
    )


def rounds(text: str, now: str, count: int, zone: ZoneInfo = OFFICE) -> list[str]:
    """The first rounds of a cycle that is armed at a moment, fired as they come."""
    cycle = moments.cycle(text, zone)
    counted, at = moments.first(cycle, utc(now), zone)
    found = [at]
    while len(found) < count:
        found.append(moments.following(counted, cycle.every, found[-1], zone))
    return [one.astimezone(zone).isoformat(timespec="minutes") for one in found]


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("R/P1M", "2026-01-31T09:00-06:00", ["2026-02-28T09:00-06:00", "2026-03-31T09:00-06:00"]),
        ("R/2027-01-31T08:00/P1M", "2026-05-01T09:00-06:00", ["2027-01-31T08:00-06:00", "2027-02-28T08:00-06:00"]),
        ("R/2025-01-31T08:00/P1M", "2026-02-10T09:00-06:00", ["2026-02-28T08:00-06:00", "2026-03-31T08:00-06:00"]),
        ("R/2024-02-29T08:00/P1Y", "2026-01-01T00:00-06:00", ["2026-02-28T08:00-06:00", "2027-02-28T08:00-06:00"]),
        ("R/2026-01-05T09:00:00-06:00/P1W", "2026-01-05T09:00-06:00", ["2026-01-12T09:00-06:00"]),
        ("R/2026-01-01T00:00:00Z/PT1S", "2056-01-01T00:00-06:00", ["2056-01-01T00:00-06:00"]),
    ],
)
def test_rounds_are_counted_from_the_start(text: str, now: str, expected: list[str]) -> None:
    assert rounds(text, now, len(expected)) == expected


def test_a_weekly_round_keeps_its_hour_where_clocks_change() -> None:
    assert rounds("R/2026-03-23T09:00/P1W", "2026-03-20T00:00+01:00", 2, BRUSSELS) == [
        "2026-03-23T09:00+01:00",
        "2026-03-30T09:00+02:00",
    ]


@pytest.mark.parametrize("text", ["R/2027-01-01/P1Y", "R/soon/P1Y", "R/2027-01-01T08:00", "R/P1D/P1D", "R2/PT-1H"])
def test_a_start_without_a_time_or_a_period_is_no_cycle(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        moments.cycle(text, OFFICE)


def test_a_cycle_with_a_start_fires_at_its_start_and_then_as_often_as_it_says() -> None:
    play = Play(guarded("R2/2026-03-05T09:00/P1D", "timeCycle"))
    (wait,) = play.run.waits()
    assert wait.due == utc("2026-03-05T09:00-06:00")

    for _ in range(6):
        play.after(days=1)

    assert sorted(play.open) == ["ask", "remind", "remind"]
    assert play.run.waits() == []


def test_a_case_saved_before_rounds_were_counted_goes_on_from_its_last_round() -> None:
    play = Play(guarded("R/P1D", "timeCycle"))
    (task_with_timer,) = [t for t in play.run._case.everything() if "every" in t.internal_data]  # noqa: SLF001
    del task_with_timer.internal_data["counted"]

    play.after(days=3, hours=1)

    assert [wait.due for wait in play.run.waits()] == [NOW + timedelta(days=4)]


def test_a_moved_cycle_goes_back_to_its_own_rounds() -> None:
    play = Play(guarded("R/P7D", "timeCycle"))
    (wait,) = play.run.waits()

    assert play.loaded().postpone(wait.task_id, NOW + timedelta(days=9))
    play.after(days=9)

    assert sorted(play.open) == ["ask", "remind"]
    assert [wait.due for wait in play.run.waits()] == [NOW + timedelta(days=14)]
    assert not play.loaded().postpone("0" * 32, NOW)


def test_an_event_sub_process_with_a_cycle_makes_up_for_a_stop_once() -> None:
    start = node("startEvent", "tick", inner=timer("R3/P1D", "timeCycle"), attributes='isInterrupting="false"')
    inner = start + task("remind") + node("endEvent", "e") + path("tick", "remind", "e")
    part = node("subProcess", "reminders", inner=inner, attributes='triggeredByEvent="true"')
    play = Play(plain(task("ask") + part, names="ask")).after(days=30, hours=1)

    assert sorted(play.open) == ["ask", "remind"]
    assert [wait.due for wait in play.run.waits()] == [NOW + timedelta(days=31)]
    for _ in range(5):
        play.after(days=1)
    assert sorted(play.open) == ["ask", "remind", "remind", "remind"]
    assert play.run.waits() == []


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "P10D", "2026-03-16T09:00-06:00"),  # NOW is a Monday, nine o'clock
        ("timeDuration", "P15D", "2026-03-24T09:00-06:00"),  # the 19th is a holiday
        ("timeDuration", "PT8H", "2026-03-03T09:00-06:00"),
        ("timeDuration", '=duration("P2DT1H")', "2026-03-04T10:00-06:00"),
        ("timeDate", '=date("2026-03-07")', "2026-03-08T00:00-06:00"),
    ],
)
def test_a_period_in_working_days_counts_those_of_the_office(kind: str, text: str, due: str) -> None:
    rest = node("intermediateCatchEvent", "rest", properties(days="working"), timer(text.replace('"', "&quot;"), kind))

    play = Play(plain(rest, names="rest"), offices={"sv": WORKING})

    assert [wait.due for wait in play.run.waits()] == [utc(due)]


def test_working_days_are_those_of_the_programme_of_the_case() -> None:
    rest = node("intermediateCatchEvent", "rest", properties(days="working"), timer("P1D"))
    body, open_always = plain(rest, names="rest"), OfficeCalendar({date(2026, 3, 3): "Fiesta"})
    offices = {"sv": WORKING, "be": WorkingTime(open_always, time(8), time(16))}

    play = Play(body, {"programme": "be"}, offices=offices)

    assert [wait.due for wait in play.run.waits()] == [NOW + timedelta(days=2)]
    with pytest.raises(Fault) as caught:
        Play(body, {}, offices=offices)
    assert caught.value.element == "rest"


def test_a_cycle_in_working_days_skips_the_weekend() -> None:
    play = Play(guarded("R/P1D", "timeCycle", properties(days="working")), offices={"sv": WORKING})

    for _ in range(7):
        play.after(days=1)

    assert play.open.count("remind") == 5


def test_a_task_is_due_in_working_days() -> None:
    said = '<zeebe:taskSchedule dueDate="P10D"/>' + properties(days="working")

    play = Play(plain(task("ask", said=said), names="ask"), offices={"sv": WORKING})

    assert play.run.open_tasks()[0].due == utc("2026-03-16T09:00-06:00")
