"""Timers: what has come due is fired, one case at a time, in the order in which it was due; a person may move one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from engine import cases, incidents, receipts
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import Event, TimerFired, TimerPostponed
from engine.store import models
from engine.work import Work
from engine.workflow import Run

HELD = timedelta(minutes=5)  # after which it is looked again whether the letter that begins the period was notified
MAY_POSTPONE = frozenset({"administrator", "director"})


def due(work: Work, limit: int = 50) -> Sequence[str]:
    """The ids of cases with a timer that has come due, the oldest first; what failed queues up again from its next try."""
    query = (
        select(models.Wait.case_id)
        .where(
            models.Wait.kind == "timer",
            models.Wait.due_at <= work.now,
            or_(models.Wait.retry_at.is_(None), models.Wait.retry_at <= work.now),
        )
        .group_by(models.Wait.case_id)
        .order_by(func.min(func.coalesce(models.Wait.retry_at, models.Wait.due_at)), models.Wait.case_id)
        .limit(limit)
    )
    return work.session.scalars(query).all()


def next_due(work: Work) -> datetime | None:
    """When the next timer comes due; None if no case waits for one."""
    query = select(models.Wait.due_at).where(models.Wait.kind == "timer", models.Wait.due_at.is_not(None))
    return work.session.scalar(query.order_by(models.Wait.due_at).limit(1))


def fire(work: Work, case_id: str) -> bool:
    """Fires what is due in a case; False if nothing is due any more, or somebody else holds the case just now.

    The end of a period whose letter was issued and could not be notified yet waits for that letter.
    """
    case = cases.lock_if_free(work, case_id)
    if case is None:
        return False
    query = select(models.Wait).where(
        models.Wait.case_id == case_id, models.Wait.kind == "timer", models.Wait.due_at <= work.now
    )
    waits = list(work.session.scalars(query))
    if case.status != cases.ACTIVE:  # what has ended waits for nothing, whoever ended it
        for wait in waits:
            work.session.delete(wait)
        return False
    if not waits:
        return False

    held = receipts.held(work, case_id) if any(wait.clock for wait in waits) else frozenset()
    for wait in waits:
        if wait.clock in held:
            wait.retry_at = work.now + HELD
    fired = [wait for wait in waits if wait.clock not in held]
    if not fired:
        return False

    def change(run: Run) -> Event:
        run.fire_due(held)
        return TimerFired([wait.element for wait in fired], [_iso(wait.due_at) for wait in fired])

    troubled = incidents.any_open(work, case.id)
    cases.move(work, case, change)
    for incident in incidents.open_of(work, case.id, incidents.TIMER) if troubled else ():
        incidents.close(work, incident, "The timer fired.")
    return True


def rest(work: Work, case_id: str, first: timedelta, longest: timedelta) -> None:
    """Leaves the timers of a case that failed alone for a while, longer each time, so that the others get their turn."""
    cases.lock(work, case_id)
    query = select(models.Wait).where(models.Wait.case_id == case_id, models.Wait.kind == "timer")
    for wait in work.session.scalars(query):
        wait.retry_at = work.now + min(first * 2 ** min(wait.attempts, 16), longest)
        wait.attempts += 1


def postpone(work: Work, wait_id: str, due_at: datetime, reason: str) -> None:
    """Moves a waiting timer to another moment that lies ahead, by hand and with a reason.

    A timer that a legal clock owns moves with its clock only (Conflict).
    """
    if not work.actor.holds(*MAY_POSTPONE):
        raise NotAllowed("Only an administrator or the director moves a timer.")
    found = work.session.get(models.Wait, wait_id)
    if found is None or found.kind != "timer":
        raise NotFound("This timer waits no more.")
    case = cases.lock(work, found.case_id)
    wait = work.session.get(models.Wait, wait_id, populate_existing=True)
    if wait is None or wait.due_at is None or case.status != cases.ACTIVE:
        raise NotFound("This timer waits no more.")
    if wait.clock:
        raise Conflict("A legal period sets this timer: extend the period, and the timer moves with it.")
    _require_sound(work, due_at, reason)
    element, before, task = wait.element, wait.due_at, wait.task_id

    def change(run: Run) -> Event:
        if not run.postpone(task, due_at):
            raise Conflict("This timer waits no more.")
        return TimerPostponed(element, before.isoformat(), due_at.isoformat(), reason.strip())

    cases.move(work, case, change)


def _require_sound(work: Work, due_at: datetime, reason: str) -> None:
    problems = []
    if due_at <= work.now:
        problems.append(Problem("due_at", "Choose a moment that lies ahead."))
    if not reason.strip():
        problems.append(Problem("reason", "Say why the timer moves: the history keeps it."))
    if problems:
        raise Invalid("The timer was not moved.", problems)


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
