"""A signal reaches every case that waited for it when it was thrown, once, and no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select

from engine import history, signals, starts, tasks
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
ROOT = '<bpmn:signal id="open_signal" name="opened"/>'
DEFINITION = '<bpmn:signalEventDefinition id="{id}" signalRef="open_signal"/>'
CATCH = f'<bpmn:intermediateCatchEvent id="hear" name="hear">{DEFINITION.format(id="d1")}</bpmn:intermediateCatchEvent>'
THROW = f'<bpmn:intermediateThrowEvent id="tell" name="tell">{DEFINITION.format(id="d2")}</bpmn:intermediateThrowEvent>'
LISTENS = a_line(("hear", CATCH), ("after", user_task("after")))
BESIDE = (
    f'<bpmn:startEvent id="begun"/>{user_task("work")}{user_task("note")}<bpmn:endEvent id="ended"/><bpmn:endEvent id="out"/>'
    f'<bpmn:boundaryEvent id="hear" attachedToRef="work" cancelActivity="false">{DEFINITION.format(id="d1")}</bpmn:boundaryEvent>'
    + flow("begun", "work")
    + flow("work", "ended")
    + flow("hear", "note")
    + flow("note", "out")
)
THROWS = a_line(("tell", THROW), ("done", user_task("done")))
BOTH = (  # hears at one branch what it throws at the other
    f'<bpmn:startEvent id="begun"/><bpmn:parallelGateway id="fork"/>{CATCH}{user_task("go")}{THROW}{user_task("after")}'
    '<bpmn:endEvent id="ended"/><bpmn:endEvent id="out"/>'
    + flow("begun", "fork")
    + flow("fork", "hear")
    + flow("hear", "after")
    + flow("after", "ended")
    + flow("fork", "go")
    + flow("go", "tell")
    + flow("tell", "out")
)
BEGINS = a_line(("after", user_task("after"))).replace(
    '<bpmn:startEvent id="begun"/>', f'<bpmn:startEvent id="begun">{DEFINITION.format(id="d3")}</bpmn:startEvent>'
)


def process(database: Database, name: str, body: str, now: datetime = MORNING) -> None:
    roles = "" if body is BEGINS else "analyst"
    diagram = a_diagram(body, name, {"series": name[:4], "start_roles": roles}, ROOT)
    publish(database, ("form", "note", a_form()), ("process", name, diagram), now=now)


def case_of(database: Database, name: str, now: datetime = MORNING) -> str:
    operator = an_operator(database, f"0614-{len(cases(database)):06}-000-0")
    with begin(database, an_actor(database, "ana", "analyst"), now) as work:
        return starts.begin(work, name, {}, operator_id=operator).id


def cases(database: Database) -> list[models.Case]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Case).order_by(models.Case.id)))


def heard(database: Database) -> int:
    with look(database, SYSTEM) as work:
        kind = models.Event.type == "SignalReceived"
        return work.session.scalar(select(func.count()).select_from(models.Event).where(kind)) or 0


def test_a_signal_reaches_every_case_that_waits_for_it_and_starts_what_begins_with_it(database: Database) -> None:
    process(database, "listens", LISTENS)
    process(database, "throws", THROWS)
    process(database, "begins", BEGINS)
    waiting = [case_of(database, "listens") for _ in range(5)]

    thrower = case_of(database, "throws", LATER)
    Worker(database, "one").drain(LATER)

    assert [list(open_tasks(database, case)) for case in waiting] == [["after"]] * 5
    assert list(open_tasks(database, thrower)) == ["done"]
    (begun,) = [case for case in cases(database) if case.process == "begins"]
    assert list(open_tasks(database, begun.id)) == ["after"]
    assert heard(database) == 5
    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Incident)).all() == []
        assert all(history.verify(work, f"case:{case.id}")[1] is None for case in cases(database))


def test_several_workers_let_a_case_hear_a_signal_once(database: Database) -> None:
    process(database, "beside", BESIDE)
    waiting = [case_of(database, "beside") for _ in range(4)]
    with begin(database, SYSTEM, LATER) as work:
        signals.broadcast(work, "opened", {"by": "the office"})

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda name: Worker(database, name).drain(LATER), ["one", "two", "three"]))
    Worker(database, "one").drain(LATER)

    assert [sorted(open_tasks(database, case)) for case in waiting] == [["note", "work"]] * 4
    assert heard(database) == 4
    with look(database, SYSTEM) as work:
        assert tasks.known(work, open_tasks(database, waiting[0])["note"])["by"] == "the office"


def test_who_begins_to_wait_after_the_throw_does_not_hear_it(database: Database) -> None:
    process(database, "listens", LISTENS)
    early = case_of(database, "listens")
    with begin(database, SYSTEM, LATER) as work:
        signals.broadcast(work, "opened", {})
    late = case_of(database, "listens", LATER + timedelta(seconds=1))
    process(database, "begins", BEGINS, LATER + timedelta(seconds=1))

    Worker(database, "one").drain(LATER + timedelta(minutes=1))

    assert list(open_tasks(database, early)) == ["after"]
    assert open_tasks(database, late) == {}
    assert len(cases(database)) == 2


def test_a_case_that_throws_to_itself_hears_it_at_once_and_once(database: Database) -> None:
    process(database, "both", BOTH)
    case, other = case_of(database, "both"), case_of(database, "both")

    with begin(database, an_actor(database, "ana", "analyst"), LATER) as work:
        tasks.complete(work, open_tasks(database, case)["go"], {})
    assert list(open_tasks(database, case)) == ["after"]
    Worker(database, "one").drain(LATER)

    assert list(open_tasks(database, case)) == ["after"]
    assert sorted(open_tasks(database, other)) == ["after", "go"]
    assert heard(database) == 1


def test_a_signal_that_nobody_hears_is_no_incident(database: Database) -> None:
    process(database, "throws", THROWS)
    case_of(database, "throws")

    Worker(database, "one").drain(LATER)

    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Incident)).all() == []
        assert work.session.scalars(select(models.Outbox.id).where(models.Outbox.done_at.is_(None))).all() == []


def test_a_case_that_has_gone_on_meanwhile_hears_nothing(database: Database) -> None:
    body = BESIDE.replace(' cancelActivity="false"', "")
    case = a_case(database, body, root=ROOT)
    with begin(database, SYSTEM, LATER) as work:
        signals.broadcast(work, "opened", {})
        signals.spread(work, work.session.scalars(select(models.Outbox).where(models.Outbox.kind == "signal")).one())
    with begin(database, an_actor(database, "ana", "analyst"), LATER) as work:
        tasks.complete(work, open_tasks(database, case)["work"], {})

    Worker(database, "one").drain(LATER)

    assert heard(database) == 0
    assert open_tasks(database, case) == {}
