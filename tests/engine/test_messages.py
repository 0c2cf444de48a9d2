"""A message reaches the case that waits for it, one of each process, once; it waits if it comes early, and is never lost in silence."""

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
    flow,
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


def test_a_message_reaches_one_waiting_case_of_each_process(database: Database) -> None:
    root = NEWS.replace("=case_number", "=operator_id")
    publish(
        database,
        ("form", "note", a_form()),
        *(("process", name, a_diagram(LISTENS, name, {"series": name}, root)) for name in ("tour", "trip", "walk")),
    )
    operator, other = an_operator(database), an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        waiting = [starts.begin(work, name, {}, operator_id=operator).id for name in ("tour", "trip", "trip", "walk")]
        elsewhere = starts.begin(work, "walk", {}, operator_id=other).id
        messages.post(work, "news", operator, {"said": "over"})

    Worker(database, "w1").drain(LATER)

    reached = [case for case in (*waiting, elsewhere) if open_tasks(database, case)]
    assert len(reached) == 3
    assert {waiting[0], waiting[3]} <= set(reached)
    assert elsewhere not in reached
    with look(database, SYSTEM) as work:
        known = tasks.known(work, open_tasks(database, waiting[3])["after"])
        assert work.session.scalars(select(models.Message.status)).all() == ["delivered"] * 3
    assert known["said"] == "over"


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


def messages_kept(database: Database) -> list[models.Message]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Message).order_by(models.Message.id)))


def a_teller(database: Database, lives: str) -> str:
    tell = (
        '<bpmn:intermediateThrowEvent id="tell" name="tell"><bpmn:extensionElements><zeebe:properties>'
        f'<zeebe:property name="time_to_live" value="{lives}"/></zeebe:properties></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition messageRef="news_message"/></bpmn:intermediateThrowEvent>'
    )
    return a_case(database, a_line(("tell", tell), ("write", user_task("write"))), root=NEWS)


def test_the_diagram_says_how_long_its_message_is_kept(database: Database) -> None:
    a_teller(database, "P3D")

    Worker(database, "one").drain(MORNING)

    (message,) = messages_kept(database)
    assert (message.status, message.expires_at) == ("waiting", MORNING + timedelta(days=3))


def test_a_message_with_no_time_to_live_is_not_kept_and_is_no_incident(database: Database) -> None:
    a_teller(database, "0")

    Worker(database, "one").drain(MORNING)

    (message,) = messages_kept(database)
    assert message.status == "dropped"
    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Incident)).all() == []


def test_a_message_of_a_case_to_itself_arrives(database: Database) -> None:
    tell = (
        '<bpmn:intermediateThrowEvent id="tell" name="tell"><bpmn:extensionElements><zeebe:ioMapping><zeebe:input '
        'source="=case_number" target="by"/></zeebe:ioMapping></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition messageRef="news_message"/></bpmn:intermediateThrowEvent>'
    )
    case = a_case(database, a_line(("tell", tell), ("hear", CATCH), ("after", user_task("after"))), root=NEWS)

    Worker(database, "one").drain(LATER)

    assert list(open_tasks(database, case)) == ["after"]
    assert received(database) == 1


def test_a_message_that_its_sender_sends_twice_is_one(database: Database) -> None:
    case = listening(database)
    key = number(database, case)

    for _ in range(2):
        with begin(database, SYSTEM, LATER) as work:
            first = messages.post(work, "news", key, {}, message_id="bank 4711")
        Worker(database, "one").drain(LATER)

    assert received(database) == 1
    assert [message.id for message in messages_kept(database)] == [first]


def a_process_begun_by_news(database: Database) -> None:
    diagram = a_diagram(BEGINS, "trip", {"start_roles": ""}, NEWS)
    publish(database, ("form", "note", a_form()), ("process", "trip", diagram))


def cases_of(database: Database) -> list[models.Case]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Case).order_by(models.Case.id)))


def test_no_second_case_is_started_with_a_key_while_the_first_is_active(database: Database) -> None:
    a_process_begun_by_news(database)

    for name, key in (("m1", "A"), ("m2", "A"), ("m3", "B"), ("m4", "")):
        deliver(database, name, key)

    assert len(cases_of(database)) == 3
    assert [status(database, name) for name in ("m1", "m2", "m3", "m4")] == [
        "delivered",
        "waiting",
        "delivered",
        "delivered",
    ]


def test_a_message_whose_key_was_taken_starts_its_case_when_the_first_has_ended(database: Database) -> None:
    a_process_begun_by_news(database)
    deliver(database, "m1", "A")
    deliver(database, "m2", "A")
    (first,) = cases_of(database)
    Worker(database, "one").drain(LATER)
    assert len(cases_of(database)) == 1

    with begin(database, an_actor(database, "ana", "analyst"), LATER) as work:
        tasks.complete(work, open_tasks(database, first.id)["after"], {})
    Worker(database, "one").drain(LATER)

    assert sorted(case.status for case in cases_of(database)) == ["active", "completed"]
    assert status(database, "m2") == "delivered"


def test_messages_with_one_key_that_arrive_at_once_start_one_case(database: Database) -> None:
    a_process_begun_by_news(database)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: deliver(database, name, "A"), ["m1", "m2", "m3", "m4"]))

    assert len(cases_of(database)) == 1


def test_a_case_that_waits_for_all_its_messages_takes_them_in_any_order_and_at_once(database: Database) -> None:
    root = "".join(
        f'<bpmn:message id="{name}_message" name="{name}"><bpmn:extensionElements><zeebe:subscription '
        'correlationKey="=order"/></bpmn:extensionElements></bpmn:message>'
        for name in ("news", "paid")
    )
    events = "".join(
        f'<bpmn:intermediateCatchEvent id="hear_{name}" name="{name}"><bpmn:messageEventDefinition '
        f'messageRef="{name}_message"/></bpmn:intermediateCatchEvent>{user_task(f"after_{name}")}<bpmn:endEvent id="end_{name}"/>'
        + flow("gate", f"hear_{name}")
        + flow(f"hear_{name}", f"after_{name}")
        + flow(f"after_{name}", f"end_{name}")
        for name in ("news", "paid")
    )
    gate = '<bpmn:eventBasedGateway id="gate" instantiate="true" eventGatewayType="Parallel"/>'
    diagram = a_diagram(gate + events, "trip", {"start_roles": ""}, root)
    publish(database, ("form", "note", a_form()), ("process", "trip", diagram))

    def bring(name: str) -> None:
        with begin(database, SYSTEM, LATER) as work:
            messages.deliver(work, name, name, "A", {"order": "A"})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(bring, ["paid", "news"]))
    Worker(database, "one").drain(LATER)

    (case,) = cases_of(database)
    assert sorted(open_tasks(database, case.id)) == ["after_news", "after_paid"]
    assert (status(database, "news"), status(database, "paid")) == ("delivered", "delivered")


def test_a_message_for_everyone_reaches_every_case_that_waits_each_once(database: Database) -> None:
    root = NEWS.replace("=case_number", "=operator_id")
    throw = '<bpmn:intermediateThrowEvent id="tell" name="tell"><bpmn:extensionElements><zeebe:properties>'
    throw += '<zeebe:property name="correlationKey" value="=operator_id"/><zeebe:property name="reaches" value="every case"/>'
    throw += '</zeebe:properties></bpmn:extensionElements><bpmn:messageEventDefinition id="tell_news" messageRef="news_message"/>'
    throw += "</bpmn:intermediateThrowEvent>"
    publish(
        database,
        ("form", "note", a_form()),
        *(("process", name, a_diagram(LISTENS, name, {"series": name}, root)) for name in ("tour", "trip")),
        ("process", "herald", a_diagram(a_line(("tell", throw)), "herald", {"series": "herald"}, root)),
    )
    operator, other = an_operator(database), an_operator(database, "0614-000000-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        waiting = [starts.begin(work, name, {}, operator_id=operator).id for name in ("tour", "trip", "trip", "trip")]
        elsewhere = starts.begin(work, "trip", {}, operator_id=other).id
        starts.begin(work, "herald", {}, operator_id=operator)

    Worker(database, "w1").drain(LATER)

    assert [bool(open_tasks(database, case)) for case in (*waiting, elsewhere)] == [True, True, True, True, False]
    assert received(database) == 4
