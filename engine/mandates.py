"""Mandates: from which day to which somebody acts for an operator, and by which act (domain page §4: the representative)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine import history, people
from engine.domain.errors import Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import MandateChanged
from engine.store import models
from engine.work import Work

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Mandate:
    """First and last day (none: without limit) and what it rests on: a power of attorney, a deed."""

    since: date | None = None
    until: date | None = None
    act: str = ""


def change(work: Work, account_id: str, operator_id: str, wanted: Mandate, reason: str) -> None:
    """Gives somebody's mandate for an operator other days; Invalid names the field that is wrong.

    Whoever's mandate is over sees nothing of the operator any more. What they did stays on the record under their name.
    """
    if not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator changes who works where.")
    if account_id == work.actor.id:
        raise NotAllowed("Another administrator changes your own account.")
    row = work.session.get(models.AccountOperator, (account_id, operator_id), with_for_update=True)
    if row is None:
        raise NotFound("This person does not act for that operator.")
    if problems := _problems(wanted, reason):
        raise Invalid("The mandate cannot be changed.", problems)
    before = Mandate(row.since, row.until, row.act)
    wanted = Mandate(wanted.since, wanted.until, wanted.act.strip())
    if before == wanted:
        return
    row.since, row.until, row.act = wanted.since, wanted.until, wanted.act
    event = MandateChanged(account_id, operator_id, _said(before), _said(wanted), reason.strip())
    history.record(work, event, stream=people.STREAM)


def of(work: Work, account_id: str) -> Sequence[tuple[models.AccountOperator, str]]:
    """The operators that somebody acts for, or acted for, each with its name; by name."""
    query = select(models.AccountOperator, models.Operator.name).join(models.Operator)
    query = query.where(models.AccountOperator.account_id == account_id).order_by(models.Operator.name)
    return [(row, name) for row, name in work.session.execute(query)]


def _problems(wanted: Mandate, reason: str) -> list[Problem]:
    problems = []
    if wanted.since and wanted.until and wanted.until < wanted.since:
        problems.append(Problem("until", "The last day comes before the first."))
    if (wanted.since or wanted.until) and not wanted.act.strip():
        problems.append(Problem("mandate_act", "Name the act that the mandate rests on."))
    if not reason.strip():
        problems.append(Problem("mandate_reason", "Give your reason."))
    return problems


def _said(mandate: Mandate) -> dict[str, object]:
    since, until = (day.isoformat() if day else None for day in (mandate.since, mandate.until))
    return {"since": since, "until": until, "act": mandate.act}
