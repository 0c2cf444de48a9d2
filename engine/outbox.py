"""What happens after a transaction: jobs that a worker takes by lease, does once, and tries again when they fail."""

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from engine import incidents
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work

LEASE: Final = timedelta(seconds=60)  # how long a worker may be silent before another takes its jobs
TRIES: Final = 8
FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(hours=1)


def add(
    work: Work, kind: str, payload: dict[str, object], case: models.Case | None = None, at: datetime | None = None
) -> models.Outbox:
    """Puts a job of `kind` into the outbox, to be done `at` an instant (at once if none is given), if this work commits."""
    row = models.Outbox(
        id=work.new_id(),
        kind=kind,
        case_id=case.id if case else None,
        payload=payload,
        created_at=work.now,
        next_attempt_at=at or work.now,
    )
    work.session.add(row)
    return row


def add_early_message(work: Work, message_id: str, wait_id: str) -> None:
    """Lets a kept message be tried at a wait that came after it; the two are brought together only once."""
    add_once(work, f"{message_id} {wait_id}", "early message", {"message": message_id})


def add_once(work: Work, name: str, kind: str, payload: dict[str, object], case_id: str | None = None) -> str:
    """Puts a job into the outbox unless one of this name was ever there; its id."""
    id_ = hashlib.sha256(name.encode()).hexdigest()
    insert_if_absent(
        work.transaction,
        models.Outbox,
        id=id_,
        kind=kind,
        case_id=case_id,
        payload=payload,
        created_at=work.now,
        next_attempt_at=work.now,
        attempts=0,
    )
    return id_


def signal(work: Work, name: str, payload: Mapping[str, object]) -> dict[str, object]:
    """What is said of a signal thrown in this work: the time of the throw decides whom it reaches."""
    return {"name": name, "payload": dict(payload), "thrown_at": work.now.isoformat()}


def take(work: Work, worker: str, limit: int = 20, without: Collection[str] = ()) -> Sequence[str]:
    """Leases due jobs to the worker, the oldest first; their ids. Those of the kinds `without` are left to others.

    A job whose lease ran out, or that this worker (by its name) held before it was killed, is due again.
    """
    row = models.Outbox
    free = or_(row.leased_until.is_(None), row.leased_until <= work.now, row.lease == worker)
    query = (
        select(row)
        .where(and_(row.done_at.is_(None), row.next_attempt_at <= work.now, free), row.kind.not_in(without))
        .order_by(row.next_attempt_at, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    jobs = work.session.scalars(query).all()
    for job in jobs:
        job.lease, job.leased_until = worker, work.now + LEASE
    return [job.id for job in jobs]


def held(work: Work, job_id: str, worker: str) -> models.Outbox | None:
    """The job, locked, if the worker still holds it; None when it was too slow and another has taken it over."""
    job = work.session.get(models.Outbox, job_id, with_for_update=True)
    if job is None or job.done_at is not None or job.lease != worker:
        return None
    return job


def done(work: Work, job: models.Outbox) -> None:
    """The job needs nothing more; an incident that told of it is over."""
    told = select(models.Incident).where(models.Incident.outbox_id == job.id, models.Incident.resolved_at.is_(None))
    for incident in work.session.scalars(told) if job.last_error else ():
        incidents.close(work, incident, "The job was done.")
    job.done_at, job.lease, job.leased_until, job.next_attempt_at = work.now, None, None, None


def failed(work: Work, job: models.Outbox, error: str) -> None:
    """Lets the job rest, longer each time and never in step with others; after the last try it is an incident."""
    job.attempts += 1
    job.lease = job.leased_until = None
    job.last_error = error[:2000]
    if job.attempts >= TRIES:
        job.next_attempt_at = None
        incidents.report_job(work, job)
        return
    job.next_attempt_at = work.now + pause(job.attempts)


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, and never in step with others."""
    rest: timedelta = min(FIRST_REST * 2 ** min(tries, 16), LONGEST_REST)
    return rest * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing


def again(work: Work, job: models.Outbox) -> None:
    """Lets a job that was given up be tried from the beginning."""
    job.attempts, job.next_attempt_at, job.lease, job.leased_until = 0, work.now, None, None
