"""Conflicts of interest: whoever has one with an operator does nothing in its cases until somebody else ends it."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, select

from engine import history, outbox
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import ConflictDeclared, ConflictEnded
from engine.store import models
from engine.store.prepared import Prepared
from engine.work import Work

STREAM: Final = "people"
ADMINISTRATOR: Final = "administrator"
GIVE_BACK: Final = "give_back"  # the job that frees what somebody had taken
_OF: Final = Prepared(
    select(models.ConflictOfInterest.account_id).where(
        models.ConflictOfInterest.operator_id == bindparam("operator"), models.ConflictOfInterest.ended_at.is_(None)
    )
)


def declare(work: Work, account_id: str, operator_id: str, reason: str) -> models.ConflictOfInterest:
    """Says that somebody (oneself, or anybody where an administrator says it) has a conflict of interest with an operator.

    Tasks of the operator's cases that they had taken go back to their role.
    """
    if account_id != work.actor.id and not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator says this of somebody else.")
    if not reason.strip():
        raise Invalid("The conflict cannot be recorded.", [Problem("reason", "Say what the conflict is.")])
    if work.session.get(models.Operator, operator_id) is None:
        raise Invalid("The conflict cannot be recorded.", [Problem("operator", "Choose an operator.")])
    if account_id in with_operator(work, operator_id):
        raise Conflict("This conflict of interest is on the record already.")
    declared = models.ConflictOfInterest(
        id=work.new_id(),
        account_id=account_id,
        operator_id=operator_id,
        reason=reason.strip(),
        declared_by=work.actor.id,
        declared_at=work.now,
    )
    work.session.add(declared)
    history.record(work, ConflictDeclared(declared.id, account_id, operator_id, declared.reason), stream=STREAM)
    _give_back(work, account_id, operator_id)
    return declared


def end(work: Work, conflict_id: str, reason: str) -> None:
    """Says that a conflict is over: an administrator's to find, with a reason, and never of oneself."""
    conflict = work.session.get(models.ConflictOfInterest, conflict_id, with_for_update=True)
    if conflict is None:
        raise NotFound("There is no such conflict of interest.")
    if not work.actor.holds(ADMINISTRATOR) or conflict.account_id == work.actor.id:
        raise NotAllowed("Another person, an administrator, finds that a conflict of interest is over.")
    if not reason.strip():
        raise Invalid("The conflict cannot be ended.", [Problem("reason", "Say why it is over.")])
    if conflict.ended_at is None:
        conflict.ended_by, conflict.ended_at, conflict.end_reason = work.actor.id, work.now, reason.strip()
        event = ConflictEnded(conflict.id, conflict.account_id, conflict.operator_id, conflict.end_reason)
        history.record(work, event, stream=STREAM)


def foresee(work: Work, operator_id: str) -> None:
    """Says that `with_operator` will be asked: the question travels with others."""
    _OF.ahead(work.transaction, operator=operator_id)


def with_operator(work: Work, operator_id: str) -> Collection[str]:
    """The accounts of those who have a conflict of interest with the operator now."""
    return {row[0] for row in _OF.rows(work.transaction, operator=operator_id)}


def of(work: Work, account_id: str) -> Sequence[tuple[models.ConflictOfInterest, models.Operator]]:
    """The conflicts of interest of an account that stand, with the operators."""
    query = (
        select(models.ConflictOfInterest, models.Operator)
        .join(models.Operator, models.Operator.id == models.ConflictOfInterest.operator_id)
        .where(models.ConflictOfInterest.account_id == account_id, models.ConflictOfInterest.ended_at.is_(None))
        .order_by(models.Operator.name)
    )
    return [(conflict, operator) for conflict, operator in work.session.execute(query)]


def _give_back(work: Work, account_id: str, operator_id: str) -> None:
    """One job for each case in which they have a task: no work holds several cases."""
    query = (
        select(models.Case)
        .join(models.Task, models.Task.case_id == models.Case.id)
        .where(
            models.Task.operator_id == operator_id,
            models.Task.status == "open",
            models.Task.assignee_id == account_id,
        )
        .distinct()
    )
    for case in work.session.scalars(query):
        outbox.add(work, GIVE_BACK, {"account_id": account_id}, case)
