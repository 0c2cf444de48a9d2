"""Absences: who is away, who stands in, also for those whom the absent person stands in for; a circle is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain.errors import Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import AbsenceEnded, AbsenceRecorded
from engine.store import models
from engine.work import Absent, Work

STREAM: Final = "people"
ADMINISTRATOR: Final = "administrator"
SUBSTITUTED: Final = frozenset(  # what somebody else may do in one's place; nobody administers or audits for another
    {"intake_officer", "analyst", "validator", "committee", "director", "monitoring_officer"}
    | {"legal_officer", "supervisor"}
)
DELEGATED: Final = frozenset({"director"})  # an office that is delegated by an act, and not otherwise
LONGEST: Final = 366  # days of one absence


@dataclass(frozen=True, slots=True)
class Away:
    """What is said of an absence: from the first to the last day, who stands in, and the act that delegates an office."""

    first_day: date
    last_day: date
    substitute_id: str | None
    reason: str = ""
    act: str = ""


def record(work: Work, account_id: str, away: Away) -> models.Absence:
    """Says that somebody is away: oneself, or anybody where an administrator says it.

    Invalid where the days are no period, the substitute could not stand in, or would in the end stand in for themselves.
    """
    _require_own_or_administrator(work, account_id)
    account = _account(work, account_id)
    problems = [*_days(work, away), *_substitute(work, account, away)]
    if problems:
        raise Invalid("The absence cannot be recorded.", problems)
    absence = models.Absence(
        id=work.new_id(),
        account_id=account_id,
        substitute_id=away.substitute_id,
        first_day=away.first_day,
        last_day=away.last_day,
        reason=away.reason.strip(),
        act=away.act.strip(),
        recorded_by=work.actor.id,
        recorded_at=work.now,
    )
    work.session.add(absence)
    event = AbsenceRecorded(
        absence.id,
        account_id,
        away.substitute_id,
        away.first_day.isoformat(),
        away.last_day.isoformat(),
        absence.reason,
        absence.act,
    )
    history.record(work, event, stream=STREAM)
    return absence


def end(work: Work, absence_id: str) -> None:
    """Calls an absence off; what was done in the absent person's place stays done."""
    absence = work.session.get(models.Absence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound("There is no such absence.")
    _require_own_or_administrator(work, absence.account_id)
    if absence.ended_at is None:
        absence.ended_by, absence.ended_at = work.actor.id, work.now
        history.record(work, AbsenceEnded(absence.id, absence.account_id), stream=STREAM)


def stood_in_for(work: Work, account_id: str) -> tuple[Absent, ...]:
    """Whom the account stands in for today, directly or because whom it stands in for stands in for others."""
    found: dict[str, Absent] = {}
    todo = [account_id]
    while todo:
        for absent in _absent(work, todo.pop()):
            if absent.id not in found and absent.id != account_id:
                roles = frozenset(role.role for role in absent.roles) & SUBSTITUTED
                found[absent.id] = Absent(absent.id, absent.name, roles)
                todo.append(absent.id)
    return tuple(found.values())


def of(work: Work, account_id: str) -> Sequence[models.Absence]:
    """The absences of an account that are running or to come."""
    query = select(models.Absence).where(
        models.Absence.account_id == account_id,
        models.Absence.ended_at.is_(None),
        models.Absence.last_day >= work.today,
    )
    return work.session.scalars(query.order_by(models.Absence.first_day)).all()


def _absent(work: Work, substitute_id: str) -> Iterable[models.Account]:
    query = (
        select(models.Account)
        .join(models.Absence, models.Absence.account_id == models.Account.id)
        .where(
            models.Absence.substitute_id == substitute_id,
            models.Absence.first_day <= work.today,
            models.Absence.last_day >= work.today,
            models.Absence.ended_at.is_(None),
            models.Account.active,
        )
        .order_by(models.Account.id)
    )
    return work.session.scalars(query).unique().all()


def _days(work: Work, away: Away) -> list[Problem]:
    if away.last_day < away.first_day:
        return [Problem("last_day", "The last day is before the first.")]
    if away.last_day < work.today:
        return [Problem("last_day", "These days are over.")]
    if (away.last_day - away.first_day).days >= LONGEST:
        return [Problem("last_day", "An absence lasts at most %(most)s days.", {"most": LONGEST})]
    return []


def _substitute(work: Work, account: models.Account, away: Away) -> list[Problem]:
    if away.substitute_id is None:
        return []
    roles = {role.role for role in account.roles}
    chosen = work.session.get(models.Account, away.substitute_id)
    if chosen is None or not chosen.active or not {role.role for role in chosen.roles} & SUBSTITUTED:
        return [Problem("substitute", "Choose somebody of the office whose account is open.")]
    if chosen.id == account.id or account.id in _behind(work, chosen.id, away):
        message = "In these days %(name)s would stand in for themselves in the end; choose somebody else."
        return [Problem("substitute", message, {"name": account.name})]
    if roles & DELEGATED and not away.act.strip():
        return [Problem("act", "This office is delegated by an act: say which.")]
    return []


def _behind(work: Work, account_id: str, away: Away) -> set[str]:
    """Who may come to stand in, one for the other, for the account in these days."""
    query = select(models.Absence.account_id, models.Absence.substitute_id).where(
        models.Absence.ended_at.is_(None),
        models.Absence.first_day <= away.last_day,
        models.Absence.last_day >= away.first_day,
        models.Absence.substitute_id.is_not(None),
    )
    next_: dict[str, set[str]] = {}
    for absent, substitute in work.session.execute(query):
        next_.setdefault(absent, set()).add(str(substitute))
    reached, todo = set[str](), [account_id]
    while todo:
        for one in next_.get(todo.pop(), set()) - reached:
            reached.add(one)
            todo.append(one)
    return reached


def _account(work: Work, account_id: str) -> models.Account:
    account = work.session.get(models.Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _require_own_or_administrator(work: Work, account_id: str) -> None:
    if account_id != work.actor.id and not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator says this of somebody else.")
