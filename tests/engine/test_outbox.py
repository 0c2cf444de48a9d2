"""What is in the outbox is done once, by whoever holds it, and tried again when it fails."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine import outbox
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look

NOON = datetime(2026, 1, 31, 18, tzinfo=UTC)


def a_job(database: Database) -> str:
    with begin(database, SYSTEM, NOON) as work:
        return outbox.add(work, "letter", {"letter_id": "x"}).id


def take(database: Database, worker: str, now: datetime = NOON) -> list[str]:
    with begin(database, SYSTEM, now) as work:
        return list(outbox.take(work, worker))


def test_a_job_that_one_worker_holds_is_not_given_to_another(database: Database) -> None:
    job = a_job(database)

    assert take(database, "one") == [job]
    assert take(database, "two") == []


def test_a_job_whose_worker_fell_silent_goes_to_another_and_the_first_is_fenced_off(database: Database) -> None:
    job = a_job(database)
    take(database, "one")

    assert take(database, "two", NOON + outbox.LEASE) == [job]

    with begin(database, SYSTEM, NOON + outbox.LEASE) as work:
        assert outbox.held(work, job, "one") is None
        assert outbox.held(work, job, "two") is not None


def test_a_worker_that_comes_back_under_its_name_takes_up_what_it_held(database: Database) -> None:
    job = a_job(database)
    take(database, "one")

    assert take(database, "one") == [job]


def test_a_done_job_is_never_due_again(database: Database) -> None:
    job = a_job(database)
    take(database, "one")
    with begin(database, SYSTEM, NOON) as work:
        held = outbox.held(work, job, "one")
        assert held is not None
        outbox.done(work, held)

    assert take(database, "two", NOON + timedelta(days=400)) == []


def test_a_job_that_fails_rests_longer_each_time_and_ends_as_an_incident(database: Database) -> None:
    job, now, rests = a_job(database), NOON, []
    for _ in range(outbox.TRIES):
        assert take(database, "one", now) == [job]
        with begin(database, SYSTEM, now) as work:
            held = outbox.held(work, job, "one")
            assert held is not None
            outbox.failed(work, held, "the printer is out of paper")
            if held.next_attempt_at is not None:
                rests.append(held.next_attempt_at - now)
                now = held.next_attempt_at

    assert len(rests) == outbox.TRIES - 1
    assert all(timedelta(0) < rest <= outbox.LONGEST_REST for rest in rests)
    with look(database, SYSTEM) as work:
        incident = work.session.scalars(select(models.Incident)).one()
        assert (incident.outbox_id, incident.message) == (job, "the printer is out of paper")
    assert take(database, "one", now + timedelta(days=400)) == []


def test_what_is_rolled_back_is_not_in_the_outbox(database: Database) -> None:
    def fail() -> None:
        with begin(database, SYSTEM, NOON) as work:
            outbox.add(work, "letter", {"letter_id": "x"})
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert take(database, "one") == []
