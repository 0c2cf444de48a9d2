"""Timers are due when the office's calendar says so, are moved by legal clocks, and repeat without a storm."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        moments.cycle(text)


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
