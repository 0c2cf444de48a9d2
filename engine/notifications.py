"""Notifying a letter: its PDF is made, it reaches its addressee, and the periods that begin at its receipt begin."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import cases, history, letters
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
    """Moves the timers of the clocks, and puts the last days right that the case's data hold."""
    dues: dict[str, object] = {f"{one.clock}_due": one.due_on for one in moved}
    dues |= {f"{one.clock}_due_at": over(date.fromisoformat(one.due_on), work.zone).isoformat() for one in moved}

    def change(run: Run) -> ClockFollowed:
        known = run.data
        right = {name: value for name, value in dues.items() if name in known}
        if right:
            run.correct(right)
        return moved[0]

    cases.move(work, case, change)
