"""Workers do each thing once, whatever happens to one of them; what cannot go on becomes an incident and blocks nothing."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import history, outbox, starts, tasks, timers
from engine.cases import Halted
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import (
    MORNING,
    a_case,
    a_diagram,
    a_form,
    a_line,
    an_actor,
    an_operator,
    flow,
    open_tasks,
    publish,
    user_task,
)
from tests.programs import marchamo

LATER = MORNING + timedelta(hours=2)
DONE = '<bpmn:message id="done_message" name="done"/>'
REST = (
    '<bpmn:intermediateCatchEvent id="rest" name="rest"><bpmn:timerEventDefinition id="rest_timer"><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">PT{minutes}M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
)
TELL = (
    '<bpmn:intermediateThrowEvent id="tell" name="tell"><bpmn:extensionElements><zeebe:ioMapping>'
    '<zeebe:input source="=operator_id" target="operator_id"/><zeebe:input source="=case_number" target="told_by"/>'
    '</zeebe:ioMapping></bpmn:extensionElements><bpmn:messageEventDefinition id="tell_done" messageRef="done_message"/>'
    "</bpmn:intermediateThrowEvent>"
)
TRAVELS = a_line(
    ("rest", REST.format(minutes=1)), ("tell", TELL), ("again", REST.format(minutes=2).replace("rest", "again"))
)
LEDGER = a_line(("note", user_task("note"))).replace(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:startEvent id="begun"><bpmn:messageEventDefinition id="begun_done" messageRef="done_message"/></bpmn:startEvent>',
)
UNTIMED = (  # a timer whose value turns out to be no moment, after the task
    '<bpmn:intermediateCatchEvent id="rest" name="Descanso"><bpmn:timerEventDefinition id="rest_timer"><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">=operator_name</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
)


def travellers(database: Database, count: int) -> list[str]:
    """So many cases, each of which rests, sends a message that starts another case, and rests again."""
    ledger = a_diagram(LEDGER, "ledger", {"series": "LE", "start_roles": ""}, DONE)
    publish(
        database,
        ("form", "note", a_form()),
        ("process", "trip", a_diagram(TRAVELS, root=DONE)),
        ("process", "ledger", ledger),
    )
    operator = an_operator(database)
    ana = an_actor(database, "ana", "analyst")
    with begin(database, ana, MORNING) as work:
        return [starts.begin(work, "trip", {}, operator_id=operator).number for _ in range(count)]


def told(database: Database) -> list[str]:
    """The numbers of the travellers that the ledger's cases were started by."""
    with look(database, SYSTEM) as work:
        ids = work.session.scalars(select(models.Task.id).where(models.Task.element == "note")).all()
        return sorted(str(tasks.known(work, task)["told_by"]) for task in ids)


def assert_each_thing_was_done_once(database: Database, numbers: list[str]) -> None:
    assert told(database) == sorted(numbers)
    with look(database, SYSTEM) as work:
        trips = work.session.scalars(select(models.Case).where(models.Case.process == "trip")).all()
        assert {case.status for case in trips} == {"completed"}
        kinds = work.session.execute(
            select(models.Event.case_id, models.Event.type).where(models.Event.type.in_(["TimerFired", "MessageSent"]))
        )
        counted = Counter((case, kind) for case, kind in kinds)
        assert set(counted.values()) == {1, 2}
        assert all(count == (2 if kind == "TimerFired" else 1) for (_case, kind), count in counted.items())
        assert work.session.scalars(select(models.Outbox.id).where(models.Outbox.done_at.is_(None))).all() == []
        assert work.session.scalars(select(models.Incident.id)).all() == []
        streams = work.session.scalars(select(models.Stream.id)).all()
        assert [one for one in streams if history.verify(work, one)[1]] == []


def test_two_workers_share_the_load_and_do_nothing_twice(database: Database) -> None:
    numbers = travellers(database, 12)

    with ThreadPoolExecutor(3) as pool:
        for now in (MORNING + timedelta(minutes=1), LATER):
            list(pool.map(lambda name, at=now: Worker(database, name).drain(at), ["one", "two", "three"]))

    assert_each_thing_was_done_once(database, numbers)


def test_workers_killed_at_any_moment_under_load_lose_nothing_and_double_nothing(
    database: Database, tmp_path: Path
) -> None:
    numbers = travellers(database, 24)

    for _kill in range(2):
        with ExitStack() as both:
            before = events(database)
            for name in ("one", "two"):
                both.enter_context(marchamo(tmp_path, "worker", "--name", name, database=database))
            wait_for_more_events(database, before)
            time.sleep(random.uniform(0, 0.25))  # noqa: S311 - any moment will do
    with look(database, SYSTEM) as work:
        end = work.now
    for minutes in (0, 5, 10):  # the second rest begins when the first is over
        for name in ("one", "two"):  # both take up what they held
            Worker(database, name).drain(end + timedelta(minutes=minutes))

    assert_each_thing_was_done_once(database, numbers)


def events(database: Database) -> int:
    with look(database, SYSTEM) as work:
        return work.session.scalar(select(func.count()).select_from(models.Event)) or 0


def wait_for_more_events(database: Database, than: int) -> None:
    for _try in range(1500):
        with look(database, SYSTEM) as work:
            jobs = work.session.scalar(select(models.Outbox.id).where(models.Outbox.done_at.is_(None)).limit(1))
            if events(database) > than or not (jobs or timers.due(work)):
                return
        time.sleep(0.02)
    message = "the workers did nothing"
    raise AssertionError(message)


def test_a_case_that_cannot_go_on_is_told_and_blocks_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bad = a_case(database, a_line(("rest", REST.format(minutes=1)), ("fail", UNTIMED.replace("rest", "fail"))))
    publish(
        database,
        ("process", "trip", a_diagram(a_line(("rest", REST.format(minutes=1)), ("after", user_task("after"))))),
    )
    good = another(database, MORNING)

    Worker(database, "one").drain(LATER)

    assert list(open_tasks(database, good)) == ["after"]
    with look(database, SYSTEM) as work:
        incident = work.session.scalars(select(models.Incident)).one()
        assert (incident.case_id, incident.element, incident.cause) == (bad, "fail", "engine")
        assert "no date or duration" in incident.message
        assert work.session.get_one(models.Case, bad).status == "active"
        assert history.verify(work, f"case:{bad}")[1] is None
    assert "could not be fired" in caplog.text


def test_a_case_that_cannot_go_on_is_tried_again_ever_more_rarely_and_told_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    a_case(database, a_line(("rest", REST.format(minutes=1)), ("fail", UNTIMED.replace("rest", "fail"))))
    now, rests = LATER, []

    for _try in range(4):
        Worker(database, "one").drain(now)
        with look(database, SYSTEM) as work:
            wait = work.session.scalars(select(models.Wait)).one()
            assert wait.retry_at is not None
            rests.append(wait.retry_at - now)
            now = wait.retry_at

    assert [rest.total_seconds() for rest in rests] == [60, 120, 240, 480]
    with look(database, SYSTEM) as work:
        assert len(work.session.scalars(select(models.Incident)).all()) == 1
    assert len(caplog.records) == 4


def test_a_job_whose_letter_is_gone_is_tried_again_and_then_told(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with begin(database, SYSTEM, MORNING) as work:
        job = outbox.add(work, "letter", {"letter_id": "no such letter"}).id

    Worker(database, "one").drain(MORNING)
    Worker(database, "one").drain(MORNING)
    assert tries(database, job) == 1
    for day in range(1, 30):
        Worker(database, "one").drain(MORNING + timedelta(days=day))

    assert tries(database, job) == outbox.TRIES
    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Incident)).one().outbox_id == job
    assert len(caplog.records) == outbox.TRIES


def test_a_fault_in_an_officers_command_is_a_clear_refusal_and_an_incident(database: Database) -> None:
    case = a_case(database, a_line(("write", user_task("write")), ("rest", UNTIMED)))
    ana = an_actor(database, "ana", "analyst")
    task = open_tasks(database, case)["write"]

    with pytest.raises(Halted, match="TR-2026-0001 cannot go on at «Descanso»"), begin(database, ana, LATER) as work:
        tasks.complete(work, task, {})

    assert open_tasks(database, case) == {"write": task}
    with look(database, SYSTEM) as work:
        incident = work.session.scalars(select(models.Incident)).one()
        assert (incident.case_id, incident.element, incident.at) == (case, "rest", LATER)
        last = work.session.scalars(
            select(models.Event).where(models.Event.case_id == case).order_by(models.Event.id.desc())
        ).first()
        assert last is not None
        assert (last.type, last.actor_id) == ("IncidentRaised", ana.id)


def test_a_case_that_waits_for_nobody_and_nothing_is_told_at_once(database: Database) -> None:
    split = '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/><bpmn:exclusiveGateway id="fork" default="fork_to_join"/>'
    body = (
        f'<bpmn:startEvent id="begun"/>{split}{user_task("left")}<bpmn:endEvent id="out"/><bpmn:endEvent id="ended"/>'
        + flow("begun", "split")
        + flow("split", "left")
        + flow("left", "fork")
        + flow("fork", "out", "=remark = &quot;leave&quot;")
        + flow("fork", "join")
        + flow("split", "join")
        + flow("join", "ended")
    )
    case = a_case(database, body)

    with begin(database, an_actor(database, "ana", "analyst"), LATER) as work:
        tasks.complete(work, open_tasks(database, case)["left"], {"remark": "leave"})

    with look(database, SYSTEM) as work:
        incident = work.session.scalars(select(models.Incident)).one()
        assert (incident.case_id, incident.cause) == (case, "standstill")


def another(database: Database, now: datetime) -> str:
    operator = an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), now) as work:
        return starts.begin(work, "trip", {}, operator_id=operator).id


def tries(database: Database, job: str) -> int:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Outbox, job).attempts


def test_one_bad_case_before_a_hundred_good_ones_blocks_none_of_them(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    bad = a_case(database, a_line(("rest", REST.format(minutes=1)), ("fail", UNTIMED.replace("rest", "fail"))))
    good = a_line(("rest", REST.format(minutes=2)), ("after", user_task("after")))
    publish(database, ("process", "trip", a_diagram(good)))
    operator = an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        others = [starts.begin(work, "trip", {}, operator_id=operator).id for _ in range(100)]

    Worker(database, "one").drain(LATER)

    with look(database, SYSTEM) as work:
        after = work.session.scalars(select(models.Task.case_id).where(models.Task.element == "after")).all()
        assert sorted(after) == sorted(others)
        assert work.session.scalars(select(models.Wait.case_id)).all() == [bad]
    assert len(caplog.records) == 1
