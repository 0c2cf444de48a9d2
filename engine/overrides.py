"""Exceptions from rules that keep duties apart: asked with a reason, decided by a second person with another."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, select

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import OverrideAsked, OverrideDecided
from engine.store import models
from engine.store.prepared import Prepared
from engine.work import Work

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
DECIDERS: Final = frozenset({"director", "administrator"})
_GRANTED: Final = Prepared(
    select(models.Override.rule, models.Override.id).where(
        models.Override.task_id == bindparam("task"),
        models.Override.account_id == bindparam("account"),
        models.Override.status == GRANTED,
    )
)


def ask(work: Work, task: models.Task, case: models.Case, rules: Collection[str], reason: str) -> None:
    """The actor asks to do the task although these rules keep them from it."""
    if not reason.strip():
        raise Invalid("The exception cannot be asked for.", [Problem("reason", "Say why it must be you.")])
    open_ones = {one.rule for one in _of(work, task.id) if one.status in (ASKED, GRANTED)}
    missing = sorted(set(rules) - open_ones)
    if not missing:
        raise Conflict("You have asked for this exception already.")
    for rule in missing:
        asked = models.Override(
            id=work.new_id(),
            task_id=task.id,
            case_id=case.id,
            account_id=work.actor.id,
            rule=rule,
            reason=reason.strip(),
            asked_at=work.now,
        )
        work.session.add(asked)
        event = OverrideAsked(asked.id, task.id, task.element, work.actor.id, rule, asked.reason)
        history.record(work, event, case=case)


def decide(work: Work, override_id: str, *, granted: bool, reason: str) -> None:
    """A second person grants or refuses, with a reason; never whoever asked."""
    asked = work.session.get(models.Override, override_id, with_for_update=True)
    if asked is None:
        raise NotFound("Nobody asked for this exception.")
    if not work.actor.holds(*DECIDERS) or asked.account_id == work.actor.id:
        raise NotAllowed("A second person, director or administrator, decides on an exception.")
    if not reason.strip():
        raise Invalid("The exception cannot be decided.", [Problem("reason", "Give your reason.")])
    if asked.status != ASKED:
        raise Conflict("This exception was decided already.")
    asked.status = GRANTED if granted else REFUSED
    asked.decided_by, asked.decided_at, asked.answer = work.actor.id, work.now, reason.strip()
    case = work.session.get_one(models.Case, asked.case_id)
    event = OverrideDecided(asked.id, asked.task_id, asked.account_id, asked.rule, granted, asked.answer)
    history.record(work, event, case=case)


def granted(work: Work, task_id: str, account_id: str) -> dict[str, str]:
    """The rules from which the account is excepted at this task, and the id of each exception."""
    return dict(_GRANTED.rows(work.transaction, task=task_id, account=account_id))


def use(work: Work, overrides: Collection[str]) -> None:
    """The task was done under these exceptions."""
    for one in overrides:
        work.session.get_one(models.Override, one).used_at = work.now


def waiting(work: Work) -> Sequence[tuple[models.Override, models.Task, models.Case, models.Account]]:
    """What waits for a second person, oldest first, with its task, its case and who asked."""
    query = (
        select(models.Override, models.Task, models.Case, models.Account)
        .join(models.Task, models.Task.id == models.Override.task_id)
        .join(models.Case, models.Case.id == models.Override.case_id)
        .join(models.Account, models.Account.id == models.Override.account_id)
        .where(models.Override.status == ASKED, models.Task.status == "open")
        .order_by(models.Override.id)
    )
    return [(one, task, case, account) for one, task, case, account in work.session.execute(query)]


def of_task(work: Work, task_id: str) -> Sequence[models.Override]:
    """What the actor asked for at this task, oldest first."""
    return _of(work, task_id)


def _of(work: Work, task_id: str) -> Sequence[models.Override]:
    query = select(models.Override).where(
        models.Override.task_id == task_id, models.Override.account_id == work.actor.id
    )
    return work.session.scalars(query.order_by(models.Override.id)).all()
