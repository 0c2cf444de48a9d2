"""Incidents: what cannot go on by itself is told, with its cause, who mends it and how, until it is over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from engine import history
from engine.domain import wording
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import IncidentRaised, IncidentResolved
from engine.store import models
from engine.store.prepared import Prepared
from engine.work import Work
from engine.workflow import Failure, Step

ADMINISTRATOR: Final = "administrator"
OWNER: Final = "process_owner"
SERVICE, ERROR, ENGINE, STANDSTILL = "service", "error", "engine", "standstill"
TIMER, OUTBOX, MESSAGE, DELIVERY, CLOCK = "timer", "outbox", "message", "delivery", "clock"
WRONG_CALL: Final = frozenset({"invalid", "not_found"})  # codes that say that the diagram asks for the wrong thing
_MENDS: Final[Mapping[str, tuple[str, str]]] = {  # who mends the cause, and what to do
    SERVICE: (ADMINISTRATOR, "try_again"),
    ERROR: (OWNER, "catch_error"),
    ENGINE: (OWNER, "mend_diagram"),
    STANDSTILL: (OWNER, "move_on"),
    TIMER: (ADMINISTRATOR, "see_timer"),
    CLOCK: (ADMINISTRATOR, "see_period"),
    OUTBOX: (ADMINISTRATOR, "send_again"),
    MESSAGE: (ADMINISTRATOR, "match_message"),
    DELIVERY: (ADMINISTRATOR, "deliver_otherwise"),
}
_STANDS: Final = frozenset({SERVICE, ERROR})  # over as soon as the token does not stand there any more
STILL: Final = "The case waits for nobody and nothing: it cannot go on."
_PASSED: Final = frozenset({"completed", "cancelled", "fired"})
_ANY_OPEN: Final = Prepared(
    select(models.Incident.id)
    .where(models.Incident.case_id == bindparam("case"), models.Incident.resolved_at.is_(None))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Course:
    """How a case stands after a command: what failed in it, the steps it took, whether it ended or waits for something."""

    failures: Sequence[Failure]
    steps: Sequence[Step]
    ended: bool
    waits: bool


def report(
    work: Work,
    case: models.Case | None,
    element: str,
    cause: str,
    message: str,
    *,
    task_id: str = "",
    params: Mapping[str, object] | None = None,
    code: str = "",
) -> models.Incident:
    """Raises an incident; an open one of the same case, element, token and cause stands for both.

    `message` is an English sentence, with places for `params` if there are any; `code` is that of what failed.
    """
    if case is not None:  # two who report at once do it one after the other
        work.session.execute(select(models.Case.id).where(models.Case.id == case.id).with_for_update())
    known = _known(work, case.id if case else None, element, cause, task_id)
    if known is not None:
        return known
    owner, remedy = (OWNER, "mend_call") if cause == SERVICE and code in WRONG_CALL else _mends(cause)
    incident = models.Incident(
        id=work.new_id(),
        case_id=case.id if case else None,
        element=element,
        cause=cause,
        message=message,
        params={name: wording.stored(value) for name, value in params.items()} if params else None,
        task_id=task_id,
        owner=owner,
        remedy=remedy,
        at=work.now,
    )
    work.session.add(incident)
    event = IncidentRaised(incident.id, element, cause, message % params if params else message)
    history.record(work, event, case=case, stream=None if case else "system")
    return incident


def report_job(work: Work, job: models.Outbox) -> None:
    """Raises an incident of a job that was given up, one for each job."""
    case = work.session.get(models.Case, job.case_id) if job.case_id else None
    reason = job.last_error or "The job was given up."
    report(work, case, job.kind, OUTBOX, reason, task_id=job.id).outbox_id = job.id


def follow(work: Work, case: models.Case, course: Course) -> None:
    """Opens an incident for what failed for good, and closes those of the case that are over."""
    final = [failure for failure in course.failures if not failure.tries_left]
    for failure in final:
        cause = SERVICE if failure.service else ERROR
        report(work, case, failure.element, cause, failure.message, task_id=failure.task_id, code=failure.code)
    standing = {failure.task_id for failure in final}
    passed = {step.element for step in course.steps if step.kind in _PASSED}
    for incident in open_of(work, case.id):
        if course.ended:
            if incident.cause != DELIVERY:  # what was decided must reach its addressee also when nothing else is to do
                close(work, incident, "The case ended.")
        elif _is_over(incident, standing, passed, course):
            close(work, incident, "The case went on from there.")


def any_open(work: Work, case_id: str) -> bool:
    """Whether an incident of the case is open."""
    return bool(_ANY_OPEN.rows(work.transaction, case=case_id))


def open_of(work: Work, case_id: str, *causes: str) -> Sequence[models.Incident]:
    """The open incidents of a case, of these causes if any are named."""
    query = select(models.Incident).where(models.Incident.case_id == case_id, models.Incident.resolved_at.is_(None))
    if causes:
        query = query.where(models.Incident.cause.in_(causes))
    return work.session.scalars(query.order_by(models.Incident.id)).all()


def close(work: Work, incident: models.Incident, resolution: str) -> None:
    """What an incident told of is over; `resolution` says how."""
    incident.resolved_at, incident.resolved_by, incident.resolution = work.now, work.actor.id, resolution
    case = work.session.get(models.Case, incident.case_id) if incident.case_id else None
    event = IncidentResolved(incident.id, resolution)
    history.record(work, event, case=case, stream=None if case else "system")


def resolve(work: Work, incident_id: str, resolution: str) -> None:
    """An administrator says how an incident was mended; one of a token that stands still ends by itself, and only so."""
    if not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator closes an incident.")
    incident = work.session.get(models.Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound("There is no such incident.")
    if incident.resolved_at is not None:
        raise Conflict("This incident was closed already.")
    if not closes_by_hand(incident.cause):
        raise Conflict("This incident closes by itself as soon as the case goes on from there.")
    if not resolution.strip():
        raise Invalid("Something is missing.", [Problem("resolution", "Write how it was mended.")])
    close(work, incident, resolution.strip())


def closes_by_hand(cause: str) -> bool:
    """Whether somebody may close an incident of this cause; the others end with what they tell of."""
    return cause not in _STANDS


def _known(work: Work, case_id: str | None, element: str, cause: str, task_id: str) -> models.Incident | None:
    same = select(models.Incident).where(
        models.Incident.case_id == case_id,
        models.Incident.element == element,
        models.Incident.cause == cause,
        models.Incident.task_id == task_id,
        models.Incident.resolved_at.is_(None),
    )
    return work.session.scalar(same)


def _mends(cause: str) -> tuple[str, str]:
    return _MENDS.get(cause, _MENDS[ENGINE])


def _is_over(incident: models.Incident, standing: Collection[str], passed: Collection[str], course: Course) -> bool:
    if incident.cause in _STANDS:
        return incident.task_id not in standing
    if incident.cause == ENGINE:
        return incident.element in passed
    return incident.cause == STANDSTILL and course.waits
