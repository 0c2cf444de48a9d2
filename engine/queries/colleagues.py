"""To whom a supervisor may give a task: everybody of its role, and what keeps each from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from engine import people, rights
from engine.domain.errors import Refusal
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the task's role: how many tasks they have, and why they may not do this one (None: they may)."""

    id: str
    name: str
    load: int
    refusal: Refusal | None


def of_task(work: Work, task_id: str) -> Sequence[Colleague]:
    """Everybody who holds the role of an open task of the office, whoever has least to do first."""
    task = work.session.get_one(models.Task, task_id)
    if task.role in OPERATOR_ROLES:
        return []
    query = (
        select(models.Account)
        .join(models.AccountRole, models.AccountRole.account_id == models.Account.id)
        .where(models.AccountRole.role == task.role, models.Account.active)
    )
    free = models.Task(**{column.key: getattr(task, column.key) for column in models.Task.__table__.columns})
    free.assignee_id = None  # the question is what the law says, not who has it now
    found = []
    for account in work.session.scalars(query).unique():
        no = rights.refusal(work, free, people.acting(work, account))
        found.append(Colleague(account.id, account.name, _load(work, account.id), no))
    return sorted(found, key=lambda one: (one.refusal is not None, one.load, one.name))


def _load(work: Work, account_id: str) -> int:
    mine = select(func.count()).where(models.Task.status == "open", models.Task.assignee_id == account_id)
    return work.session.scalar(mine) or 0
