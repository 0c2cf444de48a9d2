"""Delegations: the competent authority signs, or lets somebody sign by a written act, for certain letters and days."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import or_, select

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import DelegationEnded, DelegationGranted
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

STREAM: Final = "delegations"
LONGEST_ACT: Final = 255  # characters of the reference to the act


def grant(
    work: Work, rules: Programme, account_id: str, templates: Sequence[str], act: str, from_day: date, to_day: date
) -> models.Delegation:
    """Records that somebody may sign for the competent authority; only that authority can say so.

    `templates` are codes of letters (`D15`), none for all of the programme; `act` names the act of delegation. Invalid
    without act or with days that are none; Conflict where the programme lets nobody else sign.
    """
    if not work.actor.holds(rules.notices.authority):
        raise NotAllowed("Only the competent authority delegates its signature.")
    if rules.notices.authority not in rules.delegable:
        raise Conflict("The programme does not allow that this signature is delegated.")
    _check(work, account_id, act, from_day, to_day)
    row = models.Delegation(
        id=work.new_id(),
        programme=rules.id,
        account_id=account_id,
        templates=sorted(set(templates)),
        act=act.strip(),
        from_day=from_day,
        to_day=to_day,
        granted_by=work.actor.id,
        created_at=work.now,
    )
    work.session.add(row)
    days = (from_day.isoformat(), to_day.isoformat())
    history.record(work, DelegationGranted(row.id, rules.id, account_id, row.templates, row.act, *days), stream=STREAM)
    return row


def end(work: Work, rules: Programme, delegation_id: str, reason: str) -> None:
    """Takes a delegation back: from tomorrow on nothing is signed by it; what was signed stays."""
    row = work.session.get(models.Delegation, delegation_id, with_for_update=True)
    if row is None or row.programme != rules.id:
        raise NotFound("There is no such delegation.")
    if not work.actor.holds(rules.notices.authority):
        raise NotAllowed("Only the competent authority delegates its signature.")
    if row.ended_on is not None:
        raise Conflict("This delegation has ended already.")
    if not reason.strip():
        raise Invalid("Something is missing.", [Problem("reason", "Write why it is taken back.")])
    row.ended_on = work.today
    history.record(work, DelegationEnded(row.id, work.today.isoformat(), reason.strip()), stream=STREAM)


def find(work: Work, programme: str, account_id: str, code: str) -> models.Delegation | None:
    """The delegation by which the account may sign a letter of that code today, if there is one."""
    row = models.Delegation
    query = select(row).where(
        row.programme == programme,
        row.account_id == account_id,
        row.from_day <= work.today,
        row.to_day >= work.today,
        or_(row.ended_on.is_(None), row.ended_on >= work.today),
    )
    held = work.session.scalars(query.order_by(row.created_at)).all()
    return next((one for one in held if not one.templates or code in one.templates), None)


def _check(work: Work, account_id: str, act: str, from_day: date, to_day: date) -> None:
    problems = []
    if work.session.get(models.Account, account_id) is None:
        problems.append(Problem("account_id", "There is no such account."))
    if account_id == work.actor.id:
        problems.append(Problem("account_id", "Nobody delegates to themselves."))
    if not act.strip() or len(act) > LONGEST_ACT:
        problems.append(Problem("act", "Name the act by which the signature is delegated: without it nobody may sign."))
    if to_day < from_day:
        problems.append(Problem("to_day", "The last day lies before the first."))
    if problems:
        raise Invalid("The delegation cannot be recorded.", problems)
