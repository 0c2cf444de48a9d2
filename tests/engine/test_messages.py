"""A message reaches the one case that waits for it, once; it waits if it comes early, and is never lost in silence."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import messages, starts, tasks
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
    open_tasks,
    publish,
    user_task,
)

LATER = MORNING + timedelta(hours=2)
NEWS = (
    '<bpmn:message id="news_message" name="news"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case_number"/></bpmn:extensionElements></bpmn:message>'
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="hear" name="hear"><bpmn:messageEventDefinition id="hear_news" '
    'messageRef="news_message"/></bpmn:intermediateCatchEvent>'
)
LISTENS = a_line(("hear", CATCH), ("after", user_task("after")))
WRITES_THEN_LISTENS = a_line(("write", user_task("write")), ("hear", CATCH), ("after", user_task("after")))
BEGINS = a_line(("after", user_task("after"))).replace(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:startEvent id="begun"><bpmn:messageEventDefinition id="begun_by_news" messageRef="news_message"/></bpmn:startEvent>',
)


def listening(database: Database) -> str:
    return a_case(database, LISTENS, root=NEWS)


def number(database: Database, case_id: str) -> str:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Case, case_id).number


def deliver(database: Database, message_id: str, key: str, payload: Mapping[str, object] | None = None) -> None:
    with begin(database, SYSTEM, LATER) as work:
        messages.deliver(work, message_id, "news", key, payload or {})


def status(database: Database, message_id: str) -> str:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Message, message_id).status


def received(database: Database) -> int:
    with look(database, SYSTEM) as work:
        return len(work.session.scalars(select(models.Event).where(models.Event.type == "MessageReceived")).all())


def write(database: Database, case_id: str) -> None:
    with begin(database, an_actor(database, "ana", "analyst"), LATER) as work:
        tasks.complete(work, open_tasks(database, case_id)["write"], {})


def test_a_message_reaches_the_case_that_waits_with_its_key_and_no_other(database: Database) -> None:
    first, second = listening(database), ""
    operator = an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        second = starts.begin(work, "trip", {}, operator_id=operator).id

    deliver(database, "m1", number(database, second), {"said": "hello", "__class__": "data"})

    assert open_tasks(database, first) == {}
    with look(database, SYSTEM) as work:
        known = tasks.known(work, open_tasks(database, second)["after"])
    assert (known["said"], known["__class__"]) == ("hello", "data")


def test_a_message_that_arrives_twice_is_delivered_once(database: Database) -> None:
    case = listening(database)

    deliver(database, "m1", number(database, case))
    deliver(database, "m1", number(database, case))

    assert received(database) == 1
    assert status(database, "m1") == "delivered"


def test_a_message_that_arrives_at_many_places_at_once_is_delivered_once(database: Database) -> None:
    key = number(database, listening(database))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _place: deliver(database, "m1", key), range(4)))

    assert received(database) == 1


def test_of_several_messages_for_one_wait_one_is_taken_and_the_others_are_kept(database: Database) -> None:
    key = number(database, listening(database))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: deliver(database, name, key), ["m1", "m2", "m3", "m4"]))

    states = sorted(status(database, name) for name in ["m1", "m2", "m3", "m4"])
    assert states == ["delivered", "waiting", "waiting", "waiting"]
    assert received(database) == 1


def test_a_message_that_came_early_waits_until_somebody_waits_for_it(database: Database) -> None:
    case = a_case(database, WRITES_THEN_LISTENS, root=NEWS)
    deliver(database, "m1", number(database, case), {"said": "early"})
    assert status(database, "m1") == "waiting"

    write(database, case)
    Worker(database, "one").drain(LATER)

    assert list(open_tasks(database, case)) == ["after"]
    assert status(database, "m1") == "delivered"


def test_a_message_and_a_wait_that_passed_each_other_unseen_are_brought_together(database: Database) -> None:
    case = a_case(database, WRITES_THEN_LISTENS, root=NEWS)
    key, task = number(database, case), open_tasks(database, case)["write"]
    ana = an_actor(database, "ana", "analyst")

    with ThreadPoolExecutor(1) as pool:
        with begin(database, ana, LATER) as work:
            tasks.complete(work, task, {})
            work.session.flush()
            elsewhere = pool.submit(deliver, database, "m1", key)
            if not database.on_sqlite:  # where a second writer need not wait for this one
                elsewhere.result()
        elsewhere.result()
    Worker(database, "one").drain(LATER)

    assert list(open_tasks(database, case)) == ["after"]
    assert received(database) == 1


def test_a_message_starts_every_process_that_begins_with_it(database: Database) -> None:
    publish(
        database,
        ("form", "note", a_form()),
        *(
            ("process", name, a_diagram(BEGINS, name, {"series": name, "start_roles": ""}, NEWS))
            for name in ("trip", "tour")
        ),
    )
    operator = an_operator(database)

    deliver(database, "m1", "", {"operator_id": operator, "said": "go"})
    deliver(database, "m1", "", {"operator_id": operator, "said": "go"})

    with look(database, SYSTEM) as work:
        cases = work.session.scalars(select(models.Case).order_by(models.Case.process)).all()
        assert [(case.process, case.operator_id) for case in cases] == [("tour", operator), ("trip", operator)]
        assert tasks.known(work, open_tasks(database, cases[0].id)["after"])["said"] == "go"


def test_a_message_for_which_nobody_came_is_told_and_not_delivered_any_more(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    case = a_case(database, WRITES_THEN_LISTENS, root=NEWS)
    deliver(database, "m1", number(database, case))
    end = LATER + messages.LIVES

    Worker(database, "one").drain(end - timedelta(seconds=1))
    assert status(database, "m1") == "waiting"
    Worker(database, "one").drain(end)
    write(database, case)
    Worker(database, "one").drain(end)

    assert status(database, "m1") == "expired"
    assert open_tasks(database, case) == {}
    with look(database, SYSTEM) as work:
        incident = work.session.scalars(select(models.Incident)).one()
        assert incident.cause == "message"
        assert "news" in incident.message
    assert caplog.records == []


def test_a_message_sent_in_work_that_is_rolled_back_was_never_sent(database: Database) -> None:
    case = listening(database)

    def fail() -> None:
        with begin(database, SYSTEM, LATER) as work:
            messages.post(work, "news", number(database, case), {})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    Worker(database, "one").drain(LATER)

    assert received(database) == 0


def test_a_message_sent_from_outside_arrives_through_the_worker(database: Database) -> None:
    case = listening(database)
    key = number(database, case)
    with begin(database, SYSTEM, LATER) as work:
        sent = messages.post(work, "news", key, {"said": "hello"})

    Worker(database, "one").drain(LATER)

    assert status(database, sent) == "delivered"
    assert list(open_tasks(database, case)) == ["after"]
