"""Plays the story on the real engine with a virtual clock; killed and begun again, it goes on.

Every act carries a key, so that an act that was done before the interruption is not done again, and happens at an
instant that the script fixes, so that the history is the same whether it was interrupted or not.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from engine import commands, messages, people, starts, tasks, timers
from engine.demo.acts import Act, Report, Wait
from engine.demo.office import LEMPA
from engine.demo.story import script
from engine.domain.chain import canonical
from engine.signing import Signer
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, look
from engine.worker import Worker

WORKER: Final = "demonstration"


def play(database: Database, programme: str = "sv", signer: Signer | None = None) -> None:
    """Plays the life under a programme, from wherever it stands to its end; a `signer` signs the certificates of it."""
    worker = Worker(database, WORKER, signer)
    for number, act in enumerate(script(programme)):
        _pass_time(worker, act.at)
        if not isinstance(act, Wait):
            _perform(database, act, f"demonstration {number}")
            worker.drain(act.at)


def _pass_time(worker: Worker, until: datetime) -> None:
    """Lets every timer that comes due before `until` fire at its own instant, in order."""
    while True:
        with look(worker.database, SYSTEM, until) as work:
            due = timers.next_due(work)
        if due is None or due > until:
            worker.drain(until)
            return
        worker.drain(due)


def _perform(database: Database, act: Act | Report, key: str) -> None:
    with look(database, SYSTEM, act.at) as work:
        actor = people.actor(people.by_username(work, act.who))
    with begin(database, actor, act.at) as work:
        if not commands.first(work, key):
            return
        if isinstance(act, Report):
            messages.post(work, act.name, _authorisation(work), act.payload)
        elif act.task == "start":
            operator = work.session.scalars(
                select(models.Operator.id).where(models.Operator.tax_id == LEMPA.tax_id)
            ).one()
            starts.begin(work, act.process, act.write(work, models.Case(), {}), operator_id=operator)
        else:
            task = _task(work, act)
            case = work.session.get_one(models.Case, task.case_id)
            tasks.complete(work, task.id, act.write(work, case, tasks.known(work, task.id)))


def _task(work: Work, act: Act) -> models.Task:
    query = (
        select(models.Task)
        .join(models.Case, models.Case.id == models.Task.case_id)
        .where(
            models.Case.process == act.process,
            models.Case.title == LEMPA.name,
            models.Task.element == act.task,
            models.Task.status == "open",
        )
    )
    found = work.session.scalars(query).all()  # each member of a committee has one, and each site that is visited
    if not found:
        raise LookupError(act.task)
    return min(found, key=lambda task: canonical(tasks.known(work, task.id)))  # ids differ from one playing to the next


def _authorisation(work: Work) -> str:
    query = select(models.Authorisation.id).join(
        models.Operator, models.Operator.id == models.Authorisation.operator_id
    )
    return work.session.scalars(query.where(models.Operator.tax_id == LEMPA.tax_id)).one()
