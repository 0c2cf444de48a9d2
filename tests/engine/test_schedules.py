"""A timer that starts cases is planned when its diagram goes to work, and starts each case once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine import schedules
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import MORNING, a_diagram, a_form, a_line, open_tasks, publish, user_task

DAY = timedelta(days=1)


def begins(kind: str, text: str, label: str = "") -> bytes:
    """A process that a timer starts; `label` tells its versions apart."""
    timer = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    body = a_line(("after", user_task("after"))).replace(
        '<bpmn:startEvent id="begun"/>', f'<bpmn:startEvent id="begun" name="{label}">{timer}</bpmn:startEvent>'
    )
    return a_diagram(body, properties={"start_roles": ""})


def publish_it(database: Database, kind: str, text: str, now: datetime = MORNING, label: str = "") -> None:
    publish(database, ("form", "note", a_form()), ("process", "trip", begins(kind, text, label)), now=now)


def started(database: Database) -> list[datetime]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Case.created_at).order_by(models.Case.id)))


def planned(database: Database) -> list[datetime]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.StartTimer.due_at).order_by(models.StartTimer.due_at)))


def test_a_period_starts_one_case_after_publication(database: Database) -> None:
    publish_it(database, "timeDuration", "PT2H")
    worker = Worker(database, "one")

    worker.drain(MORNING + timedelta(hours=2, seconds=-1))
    assert started(database) == []
    worker.drain(MORNING + timedelta(hours=2))
    worker.drain(MORNING + 30 * DAY)

    assert started(database) == [MORNING + timedelta(hours=2)]
    assert planned(database) == []
    with look(database, SYSTEM) as work:
        case = work.session.scalars(select(models.Case)).one()
        begun = work.session.scalars(select(models.Event).where(models.Event.type == "CaseStarted")).one()
    assert list(open_tasks(database, case.id)) == ["after"]
    assert (case.started_by, '"timer":"begun"' in begun.data) == ("system", True)


def test_a_date_starts_a_case_at_its_end_and_one_that_has_passed_starts_none(database: Database) -> None:
    publish_it(database, "timeDate", "2026-01-31")
    assert planned(database) == [datetime(2026, 2, 1, 6, tzinfo=UTC)]
    Worker(database, "one").drain(MORNING + 30 * DAY)

    publish_it(database, "timeDate", "2026-01-31", MORNING + 31 * DAY, "again")

    assert len(started(database)) == 1
    assert planned(database) == []


def test_a_cycle_goes_on_from_its_start_and_makes_up_for_a_stop_once(database: Database) -> None:
    publish_it(database, "timeCycle", "R3/2026-01-20T09:00/P1D")
    worker, first = Worker(database, "one"), datetime(2026, 1, 20, 15, tzinfo=UTC)
    worker.drain(first)
    assert planned(database) == [first + DAY]

    worker.drain(first + timedelta(days=10, hours=1))
    assert planned(database) == [first + 11 * DAY]
    worker.drain(first + 11 * DAY)
    worker.drain(first + 60 * DAY)

    assert started(database) == [first, first + timedelta(days=10, hours=1), first + 11 * DAY]
    assert planned(database) == []


def test_another_version_of_the_diagram_replaces_the_plan_and_another_form_does_not(database: Database) -> None:
    publish_it(database, "timeCycle", "R/P7D")
    assert planned(database) == [MORNING + 7 * DAY]

    publish(
        database,
        ("form", "note", a_form("note", {"type": "textfield", "key": "a", "id": "a", "label": "A"})),
        now=MORNING + DAY,
    )
    assert planned(database) == [MORNING + 7 * DAY]
    publish(database, ("process", "trip", begins("timeDuration", "PT1H")), now=MORNING + 2 * DAY)
    assert planned(database) == [MORNING + 2 * DAY + timedelta(hours=1)]
    publish(database, ("process", "trip", a_diagram(a_line(("after", user_task("after"))))), now=MORNING + 3 * DAY)

    assert planned(database) == []


def test_several_workers_start_a_case_once(database: Database) -> None:
    publish_it(database, "timeCycle", "R/PT1H")
    now = MORNING + timedelta(hours=1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: Worker(database, name).drain(now), ["one", "two", "three", "four"]))

    assert started(database) == [now]


def test_a_case_that_cannot_be_started_is_tried_again_and_told_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    rest = (
        '<bpmn:intermediateCatchEvent id="rest" name="rest"><bpmn:timerEventDefinition><bpmn:timeDuration>=get value({}, case_number)'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    body = a_line(("rest", rest)).replace(
        '<bpmn:startEvent id="begun"/>', f'<bpmn:startEvent id="begun">{timer}</bpmn:startEvent>'
    )
    publish(database, ("process", "trip", a_diagram(body, properties={"start_roles": ""})), now=MORNING)

    for hours in (1, 2, 3):
        Worker(database, "one").drain(MORNING + timedelta(hours=hours))

    assert started(database) == []
    with look(database, SYSTEM, MORNING + timedelta(hours=3)) as work:
        assert len(work.session.scalars(select(models.Incident)).all()) == 1
        assert schedules.due(work) == []
        assert work.session.scalars(select(models.StartTimer)).one().attempts == 3
    assert len(caplog.records) == 3


def test_a_timer_that_another_worker_holds_is_left_to_it(database: Database) -> None:
    publish_it(database, "timeDuration", "PT1H")
    now = MORNING + timedelta(hours=1)
    with look(database, SYSTEM, now) as work:
        (timer,) = schedules.due(work)

    with begin(database, SYSTEM, now) as work:
        assert schedules.fire(work, timer)
    with begin(database, SYSTEM, now) as work:
        assert not schedules.fire(work, timer)
