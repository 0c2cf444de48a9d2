"""What stands still unseen is told within a minute, once, and ends itself when it goes on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update

from engine import incidents as told
from engine import watchdog
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.test_calls import REST, incidents
from tests.factories import MORNING, a_case, a_line, an_actor, an_operator, open_tasks, user_task

MINUTE = timedelta(minutes=1)
LINE = a_line(("write", user_task("write")))


def rounds(database: Database, *moments: datetime) -> None:
    for moment in moments:
        Worker(database, "one").once(moment)


def lose_tasks(database: Database, case: str, *, status: str = "cancelled", was: str = "open") -> None:
    """The row of the task says what no command wrote: a backup brought back in part, a hand in the database."""
    with begin(database, SYSTEM, MORNING) as work:
        row = update(models.Task).where(models.Task.case_id == case, models.Task.status == was)
        work.session.execute(row.values(status=status))


def test_a_case_that_waits_for_nobody_is_told_within_a_minute_and_once(database: Database) -> None:
    case = a_case(database, LINE)
    rounds(database, MORNING)
    assert incidents(database) == []

    lose_tasks(database, case)
    rounds(database, *(MORNING + n * MINUTE / 2 for n in range(1, 6)))

    (incident,) = incidents(database)
    assert (incident.case_id, incident.cause, incident.owner) == (case, "standstill", "process_owner")
    assert incident.at <= MORNING + MINUTE


def test_it_ends_itself_when_the_case_goes_on(database: Database) -> None:
    case = a_case(database, LINE)
    lose_tasks(database, case)
    rounds(database, MORNING)
    assert len(incidents(database)) == 1

    lose_tasks(database, case, status="open", was="cancelled")
    rounds(database, MORNING + MINUTE)

    assert incidents(database) == []
    assert [one.resolution for one in incidents(database, resolved=True)] == ["What it told of is over."]


def test_a_case_that_waits_or_has_ended_or_is_told_of_already_is_left_alone(database: Database) -> None:
    case = a_case(database, a_line(("rest", REST.replace("PT1M", "P9D"))))
    rounds(database, MORNING)
    assert incidents(database) == []

    with begin(database, SYSTEM, MORNING) as work:
        work.session.execute(delete(models.Wait))
        told.report(work, work.session.get(models.Case, case), "rest", "engine", "it broke")
    rounds(database, MORNING + MINUTE)
    assert [one.cause for one in incidents(database)] == ["engine"]

    with begin(database, SYSTEM, MORNING) as work:
        work.session.execute(update(models.Case).values(status="completed"))
    rounds(database, MORNING + 2 * MINUTE)
    assert incidents(database) == []


def test_every_case_has_its_turn_however_long_ago_it_changed(database: Database) -> None:
    case = a_case(database, LINE)
    rounds(database, MORNING + timedelta(days=30))
    lose_tasks(database, case)

    rounds(database, MORNING + timedelta(days=30) + MINUTE)

    assert [one.case_id for one in incidents(database)] == [case]


def test_a_timer_that_nobody_fires_is_told_but_not_after_a_stop(database: Database) -> None:
    case = a_case(database, a_line(("rest", REST), ("then", user_task("then"))))
    late = MORNING + timedelta(days=1)
    found = [look_around(database, late + n * MINUTE) for n in range(20)]

    assert found[0] == []
    assert [n for n, one in enumerate(found) if one] == list(range(15, 20))
    assert found[15] == [watchdog.Finding("timer", case)]
    with begin(database, SYSTEM, late) as work:
        watchdog.tell(work, found[15][0])
        watchdog.tell(work, found[15][0])
    (incident,) = incidents(database)
    assert incident.params == {"due": "2026-01-12 09:01"}

    rounds(database, late + timedelta(minutes=21))

    assert list(open_tasks(database, case)) == ["then"]
    assert [one.resolution for one in incidents(database, resolved=True)] == ["The timer fired."]


def look_around(database: Database, now: datetime) -> list[watchdog.Finding]:
    with begin(database, SYSTEM, now) as work:
        return list(watchdog.look_around(work))


def test_jobs_that_were_given_up_are_told_one_by_one_and_end_when_they_are_done(database: Database) -> None:
    with begin(database, SYSTEM, MORNING) as work:
        for name in ("a", "b"):
            job = models.Outbox(id=name, kind="letter", payload={}, created_at=work.now, attempts=8, last_error="broke")
            work.session.add(job)

    rounds(database, MORNING, MORNING + MINUTE)
    assert {one.outbox_id for one in incidents(database)} == {"a", "b"}

    with begin(database, SYSTEM, MORNING) as work:
        work.session.get_one(models.Outbox, "a").done_at = work.now
    rounds(database, MORNING + 2 * MINUTE)
    assert {one.outbox_id for one in incidents(database)} == {"b"}


def test_a_message_that_found_its_case_after_all_ends_its_incident(database: Database) -> None:
    with begin(database, SYSTEM, MORNING) as work:
        at = {"received_at": work.now, "expires_at": work.now}
        for name in ("a", "b"):
            work.session.add(models.Message(id=name, name="paid", key="1", payload={}, status="expired", **at))
            told.report(work, None, name, "message", "Nobody waited.")
    rounds(database, MORNING)
    assert len(incidents(database)) == 2

    with begin(database, SYSTEM, MORNING) as work:
        work.session.get_one(models.Message, "a").status = "delivered"
    rounds(database, MORNING + MINUTE)

    assert [one.element for one in incidents(database)] == ["b"]


def test_it_looks_no_oftener_than_it_must_and_while_one_looks_no_other_does(database: Database) -> None:
    with look(database, SYSTEM, MORNING) as work:
        assert watchdog.is_due(work)
    rounds(database, MORNING)
    with look(database, SYSTEM, MORNING + timedelta(seconds=19)) as work:
        assert not watchdog.is_due(work)
    if not database.on_sqlite:
        with begin(database, SYSTEM, MORNING + MINUTE) as one, begin(database, SYSTEM, MORNING + MINUTE) as other:
            watchdog.look_around(one)
            assert watchdog.look_around(other) == ()


@pytest.mark.parametrize("size", [3, 30])
def test_a_look_asks_as_often_however_many_cases_there_are(database: Database, size: int) -> None:
    a_case(database, LINE)
    with begin(database, SYSTEM, MORNING) as work:
        known = work.session.scalars(select(models.Case)).one()
        for n in range(size):
            fields = {"process": "trip", "release_id": known.release_id, "status": "active", "started_by": "ana"}
            times = {"created_at": work.now, "updated_at": work.now}
            work.session.add(models.Case(id=f"z{n}", number=f"Z-{n}", state=b"", **fields, **times))
    asked: list[str] = []
    event.listen(database.database, "before_cursor_execute", lambda *said: asked.append(said[2]))

    found = look_around(database, MORNING)

    assert len(found) == size
    assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 7


def test_who_closes_by_hand_says_how(database: Database) -> None:
    adela = an_actor(database, "adela", "administrator")
    case = a_case(database, LINE)
    with begin(database, SYSTEM, MORNING) as work:
        row = work.session.get(models.Case, case)
        by_hand = told.report(work, row, "", "timer", "it broke").id
        by_itself = told.report(work, row, "write", "service", "it broke", task_id="t").id

    with pytest.raises(told.Conflict, match="closes by itself"), begin(database, adela, MORNING) as work:
        told.resolve(work, by_itself, "mended")
    with pytest.raises(told.Invalid), begin(database, adela, MORNING) as work:
        told.resolve(work, by_hand, " ")
    with begin(database, adela, MORNING) as work:
        told.resolve(work, by_hand, "The clock was set.")

    assert [one.resolution for one in incidents(database, resolved=True)] == ["The clock was set."]


def test_an_operator_without_cases_is_no_finding(database: Database) -> None:
    an_operator(database)

    assert look_around(database, MORNING) == []
