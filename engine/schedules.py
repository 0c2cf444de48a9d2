"""The timers that start cases: planned when a diagram goes to work, and fired one at a time, each once."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, or_, select

from engine import cases, pins
from engine.domain.errors import Invalid, Problem
from engine.store import models
from engine.work import Work
from engine.workflow import Fault, Planned, following, schedule

StartTimer = models.StartTimer


def plan(work: Work, release: models.Release, before: models.Release | None) -> None:
    """Replaces what the process had planned, where the release has another version of its diagram than the one before.

    A release that only pins another form or letter takes the plan over as it is: no period begins anew.
    """
    process = release.process
    diagrams = [pins.version_id(work, one.id, "process", process) for one in (release, before) if one]
    if diagrams.count(diagrams[0]) > 1:
        return
    work.session.execute(delete(StartTimer).where(StartTimer.process == process))
    try:
        planned = schedule(pins.definition(work, release.id), work.now)
    except Fault as fault:
        problem = Problem(fault.element, fault.message, fault.params)
        raise Invalid("This cannot go to work as it is.", [problem]) from fault
    for one in planned:
        row = StartTimer(id=work.new_id(), process=process, element=one.element, attempts=0)
        work.session.add(row)
        _set(row, one)
    work.session.flush()


def due(work: Work, limit: int = 50) -> Sequence[str]:
    """The ids of start timers that have come due, the oldest first."""
    ready = or_(StartTimer.retry_at.is_(None), StartTimer.retry_at <= work.now)
    query = select(StartTimer.id).where(StartTimer.due_at <= work.now, ready)
    return work.session.scalars(
        query.order_by(func.coalesce(StartTimer.retry_at, StartTimer.due_at)).limit(limit)
    ).all()


def fire(work: Work, timer_id: str) -> bool:
    """Starts the case of a timer that is due, and plans the next; False if another worker was first or is at it."""
    row = work.session.get(StartTimer, timer_id, with_for_update={"skip_locked": True}, populate_existing=True)
    if row is None or row.due_at > work.now:
        return False
    cases.start(work, row.process, {}, timer=row.element)
    last = Planned(row.element, row.due_at, row.every, row.times, row.counted_from)
    definition = pins.definition(work, pins.current(work, row.process).id)
    coming = following(definition, last, work.now)
    if coming is None:
        work.session.delete(row)
    else:
        _set(row, coming)
    return True


def rest(work: Work, timer_id: str, first: timedelta, longest: timedelta) -> None:
    """Leaves a timer whose case could not be started alone for a while, longer each time."""
    row = work.session.get(StartTimer, timer_id, with_for_update=True)
    if row is not None:
        row.retry_at = work.now + min(first * 2 ** min(row.attempts, 16), longest)
        row.attempts += 1


def _set(row: models.StartTimer, planned: Planned) -> None:
    row.due_at, row.every, row.times, row.counted_from = planned.due, planned.every, planned.times, planned.counted
    row.retry_at, row.attempts = None, 0
