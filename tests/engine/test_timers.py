"""A timer fires when it is due, once, whoever looks; a case that cannot go on blocks no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine import starts, timers
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import MORNING, a_case, an_actor, an_operator, flow, open_tasks, user_task

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


def the_wait(database: Database) -> models.Wait:
    with look(database, SYSTEM) as work:
        return work.session.scalars(select(models.Wait)).one()


def postpone(
    database: Database, wait: str, due_at: datetime, reason: str = "The office was closed.", role: str = "director"
) -> None:
    with begin(database, an_actor(database, role, role), MORNING) as work:
        timers.postpone(work, wait, due_at, reason)


@pytest.mark.parametrize("role", ["director", "administrator"])
def test_a_timer_is_moved_by_hand_with_a_reason(database: Database, role: str) -> None:
    case = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    worker, later = Worker(database, "one"), MORNING + timedelta(hours=5)

    postpone(database, the_wait(database).id, later, role=role)
    worker.drain(later - timedelta(seconds=1))

    assert list(open_tasks(database, case)) == ["answer"]
    worker.drain(later)
    assert list(open_tasks(database, case)) == ["late"]
    with look(database, SYSTEM) as work:
        event = work.session.scalars(select(models.Event).where(models.Event.type == "TimerPostponed")).one()
        assert event.actor_name == role.capitalize()
        assert '"reason":"The office was closed."' in event.data
        assert MORNING.replace(hour=17).isoformat() in event.data
        assert later.isoformat() in event.data


def test_only_those_with_the_right_move_a_timer(database: Database) -> None:
    a_case(database, answer_or_time_out("timeDuration", "PT2H"))

    with pytest.raises(NotAllowed):
        postpone(database, the_wait(database).id, MORNING + timedelta(days=1), role="analyst")


def test_a_timer_is_moved_ahead_and_with_a_reason(database: Database) -> None:
    a_case(database, answer_or_time_out("timeDuration", "PT2H"))

    with pytest.raises(Invalid) as refused:
        postpone(database, the_wait(database).id, MORNING, " ")

    assert [problem.where for problem in refused.value.problems] == ["due_at", "reason"]


def test_a_timer_that_a_legal_clock_owns_is_not_moved_by_hand(office: Database) -> None:
    body = answer_or_time_out("timeDuration", "PT2H").replace(
        '<bpmn:boundaryEvent id="over" attachedToRef="answer">',
        '<bpmn:boundaryEvent id="over" attachedToRef="answer"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="clock" value="reply"/></zeebe:properties></bpmn:extensionElements>',
    )
    a_case(office, body)

    with pytest.raises(Conflict, match="legal period"):
        postpone(office, the_wait(office).id, MORNING + timedelta(days=1))


def test_a_timer_that_has_fired_is_not_moved(database: Database) -> None:
    a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    wait = the_wait(database).id
    Worker(database, "one").drain(MORNING + timedelta(hours=3))

    with pytest.raises(NotFound):
        postpone(database, wait, MORNING + timedelta(days=1))


def test_a_period_in_working_days_goes_by_the_pinned_programme(office: Database) -> None:
    body = answer_or_time_out("timeDuration", "P10D").replace(
        '<bpmn:boundaryEvent id="over" attachedToRef="answer">',
        '<bpmn:boundaryEvent id="over" attachedToRef="answer"><bpmn:extensionElements><zeebe:properties>'
        '<zeebe:property name="days" value="working"/></zeebe:properties></bpmn:extensionElements>',
    )
    says = (
        '<bpmn:scriptTask id="by" name="by"><bpmn:extensionElements><zeebe:script expression="=&quot;sv&quot;"'
        ' resultVariable="programme"/></bpmn:extensionElements></bpmn:scriptTask>'
    )
    body = body.replace(flow("begun", "answer"), says + flow("begun", "by") + flow("by", "answer"))
    a_case(office, body, now=datetime(2026, 3, 26, 15, tzinfo=UTC))  # the Thursday before Holy Week

    assert the_wait(office).due_at == datetime(2026, 4, 13, 15, tzinfo=UTC)  # 2 and 3 April are holidays


def test_a_case_that_has_ended_is_no_longer_asked_for(database: Database) -> None:
    case = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    with begin(database, SYSTEM) as work:
        work.session.get_one(models.Case, case).status = "cancelled"

    Worker(database, "one").drain(MORNING + timedelta(hours=3))

    with look(database, SYSTEM, MORNING + timedelta(days=9)) as work:
        assert timers.due(work) == []


def test_what_failed_queues_up_again_behind_what_has_waited_longer(database: Database) -> None:
    first = a_case(database, answer_or_time_out("timeDuration", "PT2H"))
    with begin(database, SYSTEM, MORNING + timedelta(hours=3)) as work:
        timers.rest(work, first, timedelta(hours=1), timedelta(hours=1))
    operator = an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), MORNING + timedelta(hours=1)) as work:
        second = starts.begin(work, "trip", {}, operator_id=operator).id

    with look(database, SYSTEM, MORNING + timedelta(hours=3, minutes=30)) as work:
        assert timers.due(work) == [second]
    with look(database, SYSTEM, MORNING + timedelta(hours=4)) as work:
        assert timers.due(work) == [second, first]
