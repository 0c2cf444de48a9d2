"""A timer fires when it is due, once, whoever looks; a case that cannot go on blocks no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from engine import timers
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import MORNING, a_case, flow, open_tasks, user_task

TIMER = '<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{value}</bpmn:{kind}></bpmn:timerEventDefinition>'


def answer_or_time_out(kind: str, value: str) -> str:
    """A task with a timer on its edge that ends it, and a task after each way out."""
    timer = TIMER.format(kind=kind, value=value)
    return (
        f'<bpmn:startEvent id="begun"/>{user_task("answer")}{user_task("late")}<bpmn:endEvent id="ended"/>'
        f'<bpmn:boundaryEvent id="over" attachedToRef="answer">{timer}</bpmn:boundaryEvent><bpmn:endEvent id="gone"/>'
        + flow("begun", "answer")
        + flow("answer", "ended")
        + flow("over", "late")
        + flow("late", "gone")
    )


def test_a_timer_fires_when_it_is_due_and_not_before(database: Database) -> None:
    case = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    worker = Worker(database, "one")

    worker.drain(MORNING + timedelta(hours=2, seconds=-1))
    assert list(open_tasks(database, case)) == ["answer"]
    worker.drain(MORNING + timedelta(hours=2))

    assert list(open_tasks(database, case)) == ["late"]
    with look(database, SYSTEM) as work:
        row = work.session.scalars(select(models.Task).where(models.Task.element == "answer")).one()
        assert row.status == "cancelled"
        assert work.session.scalars(select(models.Wait)).all() == []


def test_a_date_means_the_end_of_that_day_in_the_office(database: Database) -> None:
    a_case(database, answer_or_time_out("timeDate", "2026-01-31"))

    with look(database, SYSTEM) as work:
        assert timers.next_due(work) == datetime(2026, 2, 1, 6, tzinfo=UTC)  # midnight in San Salvador


def test_two_workers_fire_a_timer_once(database: Database) -> None:
    case = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    now = MORNING + timedelta(hours=3)

    def fire(_name: int) -> bool:
        with begin(database, SYSTEM, now) as work:
            return timers.fire(work, case)

    with ThreadPoolExecutor(4) as pool:
        fired = list(pool.map(fire, range(4)))

    assert sorted(fired) == [False, False, False, True]
    assert list(open_tasks(database, case)) == ["late"]


def test_a_cancelled_timer_is_not_due(database: Database) -> None:
    case = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    with begin(database, SYSTEM, MORNING + timedelta(hours=3)) as work:
        timers.fire(work, case)

    with look(database, SYSTEM, MORNING + timedelta(days=9)) as work:
        assert timers.due(work) == []
        assert timers.next_due(work) is None
