"""Timers: what has come due is fired, one case at a time, in the order in which it was due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from engine import cases, incidents
from engine.domain.events import Event, TimerFired
from engine.store import models
from engine.work import Work
from engine.workflow import Run


def due(work: Work, limit: int = 50) -> Sequence[str]:
    """The ids of cases with a timer that has come due, the oldest first."""
    query = (
        select(models.Wait.case_id)
        .where(
            models.Wait.kind == "timer",
            models.Wait.due_at <= work.now,
            or_(models.Wait.retry_at.is_(None), models.Wait.retry_at <= work.now),
        )
        .order_by(models.Wait.due_at)
        .limit(limit)
    )
    return list(dict.fromkeys(work.session.scalars(query)))


def next_due(work: Work) -> datetime | None:
    """When the next timer comes due; None if no case waits for one."""
    query = select(models.Wait.due_at).where(models.Wait.kind == "timer", models.Wait.due_at.is_not(None))
    return work.session.scalar(query.order_by(models.Wait.due_at).limit(1))


def fire(work: Work, case_id: str) -> bool:
    """Fires what is due in a case; False if another worker was first and nothing is due any more."""
    case = cases.lock(work, case_id)
    query = select(models.Wait).where(
        models.Wait.case_id == case_id, models.Wait.kind == "timer", models.Wait.due_at <= work.now
    )
    waits = list(work.session.scalars(query))
    if not waits or case.status != cases.ACTIVE:
        return False

    def change(run: Run) -> Event:
        run.fire_due()
        return TimerFired([wait.element for wait in waits], [_iso(wait.due_at) for wait in waits])

    troubled = case.troubled
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


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
