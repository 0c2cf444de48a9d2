"""Notifying a letter: its PDF is made, it reaches its addressee, and the periods that begin at its receipt begin."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import cases, clocks, history, letters
from engine.domain.clocks import over
from engine.domain.events import ClockFollowed
from engine.store import models
from engine.work import Work
from engine.workflow import Run

JOB: Final = "letter"  # the kind of an outbox job that notifies a letter


def perform(work: Work, job: models.Outbox) -> None:
    """Notifies one letter today, whenever it was issued; what waits for the end of a period that begins later waits longer."""
    letter = work.session.get_one(models.Letter, str(job.payload["letter_id"]))
    case = cases.lock(work, letter.case_id)
    moved = letters.render(work, letter.id)
    going = bool(moved) and case.status == cases.ACTIVE and _stands(work, case)
    for event in moved[1:] if going else moved:
        history.record(work, event, case=case)
    if going:
        _move(work, case, moved)


def _stands(work: Work, case: models.Case) -> bool:
    """Whether the case stands somewhere, at a task or at something that it waits for."""
    tasks = select(models.Task.id).where(models.Task.case_id == case.id, models.Task.status == "open")
    waits = select(models.Wait.id).where(models.Wait.case_id == case.id)
    return any(work.session.scalars(query.limit(1)).first() is not None for query in (waits, tasks))


def _move(work: Work, case: models.Case, moved: Sequence[ClockFollowed]) -> None:
    """Moves the timers of the clocks, and puts the last days right wherever the case holds the former ones."""
    days = [(one.clock, _former(work, one), date.fromisoformat(one.due_on)) for one in moved]

    def change(run: Run) -> ClockFollowed:
        for clock, former, due in days:
            run.replace(f"{clock}_due", former.isoformat(), due.isoformat())
            run.replace(f"{clock}_due_at", over(former, work.zone).isoformat(), over(due, work.zone).isoformat())
        return moved[0]

    cases.move(work, case, change)


def _former(work: Work, moved: ClockFollowed) -> date:
    """The last day that the clock had before its letter was received."""
    clock = clocks.find(work, moved.subject_id, moved.clock)
    if clock is None:
        raise LookupError(moved.clock)
    return clock.sums[-2].due_on
