"""The watchdog: a case that stands still unseen, a timer that nobody fires, a job that was given up become incidents.

It looks at rows, not at states: at what changed lately each time, and in turn at all cases, so many each time. What an
incident told of and is over ends it, whoever mended it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine import calls, cases, incidents
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work

PERIOD: Final = timedelta(seconds=20)  # between two looks
MARGIN: Final = timedelta(minutes=2)  # what changed so shortly before the last look is looked at again
BREAK: Final = timedelta(minutes=5)  # no look for so long: nobody worked, and what is late is late because of that
OVERDUE: Final = timedelta(minutes=15)  # a timer that nobody fires and nobody has tried to fire
SLICE: Final = 10_000  # cases looked at in turn, each time
MOST: Final = 100  # findings of a kind each time
_ALL: Final = "all cases"
Of = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
Case, Task, Wait, Outbox, Incident = models.Case, models.Task, models.Wait, models.Outbox, models.Incident


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look found: the cause of an incident to raise, or `over`; and the id of its case, job or incident."""

    what: str
    id: str


OVER: Final = "over"


def is_due(work: Work) -> bool:
    """Whether it is time for a look."""
    looked_at = work.session.scalar(select(models.Watch.looked_at).where(models.Watch.id == _ALL))
    return looked_at is None or looked_at + PERIOD <= work.now


def look_around(work: Work) -> Sequence[Finding]:
    """What is wrong, or not wrong any more; nothing while another worker looks."""
    insert_if_absent(work.transaction, models.Watch, id=_ALL, place="", looked_at=work.now, since=work.now)
    row = select(models.Watch).where(models.Watch.id == _ALL)
    watch = work.session.scalar(row.with_for_update(skip_locked=True))
    if watch is None:
        return ()
    if watch.looked_at + BREAK <= work.now:
        watch.since = work.now
    found = [*_still(work, watch), *_late(work, watch), *_given_up(work), *_over(work)]
    watch.looked_at = work.now
    return found


def tell(work: Work, finding: Finding) -> None:
    """Raises or ends the incident, if it is still so now that the case is locked."""
    if finding.what == OVER:
        _end(work, finding.id)
    elif finding.what == incidents.OUTBOX:
        _tell_of_job(work, finding.id)
    else:
        _tell_of_case(work, finding)


def _still(work: Work, watch: models.Watch) -> list[Finding]:
    active = Case.status == cases.ACTIVE
    upper = work.session.scalar(
        select(Case.id).where(active, Case.id > watch.place).order_by(Case.id).offset(SLICE - 1).limit(1)
    )
    in_turn = and_(Case.id > watch.place, Case.id <= upper) if upper else Case.id > watch.place
    watch.place = upper or ""
    lately = Case.updated_at >= watch.looked_at - MARGIN
    query = select(Case.id).where(active, not_(_goes_on()), not_(_is_told()))
    found = [
        *work.session.scalars(query.where(lately).limit(MOST)),
        *work.session.scalars(query.where(in_turn).limit(MOST)),
    ]
    return [Finding(incidents.STANDSTILL, case) for case in dict.fromkeys(found)]


def _late(work: Work, watch: models.Watch) -> list[Finding]:
    if watch.since > work.now - OVERDUE:
        return []
    query = select(Wait.case_id).where(_is_late(work.now), not_(_is_told(Wait.case_id, incidents.TIMER)))
    return [Finding(incidents.TIMER, case) for case in work.session.scalars(query.distinct().limit(MOST))]


def _given_up(work: Work) -> list[Finding]:
    told = exists().where(Incident.outbox_id == Outbox.id, Incident.resolved_at.is_(None))
    query = select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.next_attempt_at.is_(None), not_(told))
    return [Finding(incidents.OUTBOX, job) for job in work.session.scalars(query.limit(MOST))]


def _over(work: Work) -> list[Finding]:
    """Open incidents whose reason is gone; those of a token that stands still end with the command that moves it."""
    late = exists().where(Wait.case_id == Incident.case_id, _is_late(work.now))
    matched = exists().where(models.Message.id == Incident.element, models.Message.status != "expired")
    done = exists().where(Outbox.id == Incident.outbox_id, Outbox.done_at.is_not(None))
    ended = exists().where(Case.id == Incident.case_id, Case.status != cases.ACTIVE)
    query = select(Incident.id).where(
        Incident.resolved_at.is_(None),
        or_(
            and_(Incident.cause != incidents.OUTBOX, ended),
            and_(Incident.cause == incidents.STANDSTILL, _goes_on(Incident.case_id)),
            and_(Incident.cause == incidents.TIMER, Incident.case_id.is_not(None), not_(late)),
            and_(Incident.cause == incidents.MESSAGE, matched),
            and_(Incident.cause == incidents.OUTBOX, done),
        ),
    )
    return [Finding(OVER, incident) for incident in work.session.scalars(query.limit(MOST))]


def _goes_on(of: Of = Case.id) -> ColumnElement[bool]:
    """Somebody has a task, or something is waited for or tried again."""
    return or_(
        exists().where(Task.case_id == of, Task.status == "open"),
        exists().where(Wait.case_id == of),
        exists().where(
            Outbox.case_id == of,
            Outbox.kind == calls.JOB,
            Outbox.done_at.is_(None),
            Outbox.next_attempt_at.is_not(None),
        ),
    )


def _is_told(of: Of = Case.id, cause: str | None = None) -> ColumnElement[bool]:
    open_ones = exists().where(Incident.case_id == of, Incident.resolved_at.is_(None))
    return open_ones if cause is None else open_ones.where(Incident.cause == cause)


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Wait.kind == "timer", Wait.due_at <= now - OVERDUE, Wait.retry_at.is_(None))


def _tell_of_case(work: Work, finding: Finding) -> None:
    case = cases.lock(work, finding.id)
    if finding.what == incidents.TIMER:
        due = work.session.scalar(select(func.min(Wait.due_at)).where(Wait.case_id == case.id, _is_late(work.now)))
        if due is not None:
            params = {"due": f"{due.astimezone(work.zone):%Y-%m-%d %H:%M}"}
            incidents.report(
                work, case, "", incidents.TIMER, "A timer is due since %(due)s and does not fire.", params=params
            )
        return
    still = select(Case.id).where(Case.id == case.id, Case.status == cases.ACTIVE, not_(_goes_on()), not_(_is_told()))
    if work.session.scalar(still) is not None:
        incidents.report(work, case, "", incidents.STANDSTILL, incidents.STILL)


def _tell_of_job(work: Work, job_id: str) -> None:
    job = work.session.get_one(Outbox, job_id, with_for_update=True)
    if job.done_at is None and job.next_attempt_at is None:
        incidents.report_job(work, job)


def _end(work: Work, incident_id: str) -> None:
    incident = work.session.get_one(Incident, incident_id, with_for_update=True)
    if incident.resolved_at is None:
        incidents.close(work, incident, "What it told of is over.")
