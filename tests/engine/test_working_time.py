"""Timers and due dates in working time go by the calendar that the office keeps, and are counted anew where that is ordered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine import calendars, cases, pins, recounts, timers
from engine.calendars import Scope, Wish
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.test_calendars import ADAN, OLGA
from tests.factories import MORNING, a_diagram, a_form, an_actor, flow, publish, user_task

WORKING = '<zeebe:properties><zeebe:property name="days" value="working"/></zeebe:properties>'
DUE = datetime(2026, 1, 15, 15, tzinfo=UTC)  # three working days after Monday 12 January, at nine
LATER = DUE + timedelta(days=1)
REASON = "Acuerdo 7: se corren los plazos"


def timed(kind: str, text: str) -> str:
    """A task that is due in three working days, with a timer on its edge; after it, another task."""
    task = user_task("answer", days="working").replace(
        "<zeebe:properties>", '<zeebe:taskSchedule dueDate="P3D"/><zeebe:properties>'
    )
    more = ' cancelActivity="false"' if kind == "timeCycle" else ""
    event = f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{kind}></bpmn:timerEventDefinition>'
    return (
        f'<bpmn:startEvent id="begun"/>{task}{user_task("late")}<bpmn:endEvent id="ended"/>'
        f'<bpmn:boundaryEvent id="over" name="Se acabó" attachedToRef="answer"{more}><bpmn:extensionElements>{WORKING}'
        f'</bpmn:extensionElements>{event}</bpmn:boundaryEvent><bpmn:endEvent id="gone"/>'
        + flow("begun", "answer")
        + flow("answer", "ended")
        + flow("over", "late")
        + flow("late", "gone")
    )


def running(database: Database, kind: str = "timeDuration", text: str = "P3D") -> str:
    """A case of the programme of El Salvador that waits since Monday morning."""
    publish(database, ("form", "note", a_form()), ("process", "trip", a_diagram(timed(kind, text))), now=MORNING)
    with begin(database, SYSTEM, MORNING) as work:
        return cases.start(work, "trip", {"programme": "sv"}).id


def closed(
    database: Database, day: date, at: datetime = MORNING, kind: str = "closed", hour: str | None = None
) -> None:
    with begin(database, OLGA, at) as work:
        wish = Wish(day, kind, "Cierre", "", "Acuerdo 7", work.today, closes_at=hour)
        change = calendars.ask(work, Scope(office="sv"), wish).id
    with begin(database, ADAN, at) as work:
        calendars.approve(work, change)


def due(database: Database) -> tuple[datetime | None, datetime | None]:
    """When the timer fires, and until when the task is to be done."""
    with look(database, SYSTEM, MORNING) as work:
        wait = work.session.scalars(select(models.Wait)).one()
        task = work.session.scalars(select(models.Task).where(models.Task.status == "open")).one()
        return wait.due_at, task.due_at


def ordered(database: Database, at: datetime = MORNING) -> int:
    with begin(database, OLGA, at) as work:
        return recounts.order(work, "sv", REASON)


@pytest.mark.parametrize("text", ["P3D", '=duration("P3D")'])
def test_working_days_of_a_diagram_go_by_the_calendar_in_force(office: Database, text: str) -> None:
    closed(office, date(2026, 1, 13))

    running(office, text=text.replace('"', "&quot;"))

    assert due(office) == (LATER, LATER)


def test_a_calendar_that_changes_later_moves_nothing_by_itself(office: Database) -> None:
    running(office)

    closed(office, date(2026, 1, 13))

    assert due(office) == (DUE, DUE)


def test_a_recount_is_tried_first_then_moves_timer_and_due_date(office: Database) -> None:
    case_id = running(office)
    closed(office, date(2026, 1, 13))
    with look(office, OLGA, MORNING) as work:
        found = recounts.differences(work, "sv")
        assert [(one.due_at, one.would_be_at, one.moves) for one in found] == [(DUE, LATER, True)] * 2
        assert [one.step.es for one in found] == ["Se acabó", "answer"]
        assert recounts.differences(work, "eu") == []

    assert ordered(office) == 1
    Worker(office, "recounts").once(MORNING)

    assert due(office) == (LATER, LATER)
    with look(office, OLGA, MORNING) as work:
        query = select(models.Event.data).where(models.Event.case_id == case_id, models.Event.type == "TimerRecounted")
        assert [REASON in data for data in work.session.scalars(query)] == [True, True]
        assert recounts.differences(work, "sv") == []
        assert timers.due(work) == []


def test_a_period_is_counted_anew_from_where_it_began_not_from_today(office: Database) -> None:
    running(office)
    wednesday = MORNING + timedelta(days=2)
    closed(office, date(2026, 1, 15), wednesday)

    ordered(office, wednesday)
    Worker(office, "recounts").once(wednesday)

    assert due(office) == (LATER, LATER)


def test_hours_follow_a_day_that_ends_early(office: Database) -> None:
    running(office, text="PT8H")  # from nine on Monday: the office closes at half past three
    before = due(office)[0]
    assert before is not None
    closed(office, date(2026, 1, 12), kind="half", hour="12:00")

    ordered(office)
    Worker(office, "recounts").once(MORNING)

    after = due(office)[0]
    assert after is not None
    assert after > before


def test_nothing_is_cut_short(office: Database) -> None:
    closed(office, date(2026, 1, 13))
    running(office)
    closed(office, date(2026, 1, 13), MORNING + timedelta(minutes=1), kind="open")

    with look(office, OLGA, MORNING + timedelta(minutes=2)) as work:
        assert [one.moves for one in recounts.differences(work, "sv")] == [False, False]


def test_a_timer_that_was_moved_by_hand_stays_where_it_was_put(office: Database) -> None:
    running(office)
    with look(office, SYSTEM, MORNING) as work:
        wait = work.session.scalars(select(models.Wait.id)).one()
    with begin(office, an_actor(office, "ernesto", "director"), MORNING) as work:
        timers.postpone(work, wait, DUE + timedelta(hours=1), "El titular lo pidió.")
    closed(office, date(2026, 1, 13))

    with look(office, OLGA, MORNING) as work:
        assert [one.step.es for one in recounts.differences(work, "sv")] == ["answer"]


def test_the_rounds_of_a_cycle_are_counted_anew_from_the_first(office: Database) -> None:
    running(office, "timeCycle", "R/P3D")
    closed(office, date(2026, 1, 14))

    ordered(office)
    Worker(office, "recounts").once(MORNING)

    assert due(office)[0] == LATER


def test_a_diagram_without_working_days_costs_no_look_at_the_calendar(office: Database) -> None:
    with look(office, SYSTEM, MORNING) as work:
        release = pins.current(work, "application").id
        assert not pins.definition(work, release).offices
