"""The benefit ledger: which benefit of which authorisation is on or off since when, and why; rows are only added."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import history, programmes
from engine.domain import entitlements
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import BenefitDelivered, BenefitSwitched
from engine.domain.states import Machine
from engine.store import models
from engine.work import Work

IN_FORCE: Final = "B1"
ANNULLED: Final = "B8"


def settle(
    work: Work, case: models.Case, authorisation: models.Authorisation, change: models.StatusChange | None = None
) -> None:
    """Switches on what the holder is entitled to in the state now, and off what not, each as a row with its reason.

    An annulment says of every benefit that was ever on that it never was due, from the day of the grant.
    """
    rules = programmes.of(work, case, authorisation.programme)
    operator = work.session.get_one(models.Operator, authorisation.operator_id)
    change = change or last_change(work, authorisation)
    _open(work, case, authorisation, change, entitlements.due(rules, IN_FORCE, authorisation.type, operator.kind, ()))
    authorisation.benefits_on = entitlements.any_due(
        rules, authorisation.state, authorisation.type, _stopped(authorisation)
    )
    due = entitlements.due(rules, authorisation.state, authorisation.type, operator.kind, _stopped(authorisation))
    given = given_now(work, authorisation.id)
    if authorisation.state == ANNULLED:
        for code in sorted(given):
            _switch(work, case, authorisation, change, code, authorisation.effective_on, on=False, never=True)
        return
    for code in sorted({*given, *due}):
        if (code in due) is not given.get(code, False):
            _switch(work, case, authorisation, change, code, change.valid_from, on=code in due)


def given_now(work: Work, authorisation_id: str) -> dict[str, bool]:
    """Of every benefit that the authorisation ever had, whether it is on."""
    return {row.code: row.on for row in ledger(work, authorisation_id)}


def ledger(work: Work, authorisation_id: str) -> Sequence[models.BenefitEntry]:
    """The rows of an authorisation in the order in which they were written."""
    query = select(models.BenefitEntry).where(models.BenefitEntry.authorisation_id == authorisation_id)
    return work.session.scalars(query.order_by(models.BenefitEntry.recorded_at, models.BenefitEntry.id)).all()


def deliver(
    work: Work, case: models.Case, entry_id: str, proof: str, delivered_on: str | None = None
) -> dict[str, object]:
    """The system that applies the benefit confirmed it; said once, with its proof (a reference, a file)."""
    entry = work.session.get(models.BenefitEntry, entry_id, with_for_update=True)
    if entry is None:
        raise NotFound("There is no such entry of the benefit ledger.")
    if entry.delivered_on is not None:
        raise Conflict("This benefit was confirmed already.")
    if not proof.strip():
        raise Invalid("A confirmation needs its proof.", [Problem("proof", "Write the reference of the other system.")])
    entry.delivered_on = date.fromisoformat(delivered_on) if delivered_on else work.today
    entry.proof = proof.strip()
    history.record(work, BenefitDelivered(entry.id, entry.code, entry.proof), case=case)
    return {"delivered_on": entry.delivered_on.isoformat()}


def last_change(work: Work, authorisation: models.Authorisation) -> models.StatusChange:
    """The move of the authorisation that was recorded last."""
    query = select(models.StatusChange).where(
        models.StatusChange.subject == Machine.AUTHORISATION, models.StatusChange.subject_id == authorisation.id
    )
    newest = query.order_by(models.StatusChange.recorded_at.desc(), models.StatusChange.id.desc())
    return work.session.scalars(newest.limit(1)).one()


def _open(
    work: Work,
    case: models.Case,
    authorisation: models.Authorisation,
    change: models.StatusChange,
    codes: frozenset[str],
) -> None:
    """A certificate of release 0.2 had its benefits before there was a ledger: from the day of its effect."""
    if authorisation.benefits_on and not ledger(work, authorisation.id):
        for code in sorted(codes):
            _switch(work, case, authorisation, change, code, authorisation.effective_on, on=True)


def _stopped(authorisation: models.Authorisation) -> frozenset[str]:
    return frozenset(authorisation.suspended_parts)


def _switch(
    work: Work,
    case: models.Case,
    authorisation: models.Authorisation,
    change: models.StatusChange,
    code: str,
    valid_from: date,
    *,
    on: bool,
    never: bool = False,
) -> None:
    work.session.add(
        models.BenefitEntry(
            id=work.new_id(),
            authorisation_id=authorisation.id,
            code=code,
            on=on,
            never=never,
            valid_from=valid_from,
            recorded_at=work.now,
            transition=change.transition,
            reason=change.reason,
            actor_id=work.actor.id,
            case_id=case.id,
        )
    )
    event = BenefitSwitched(authorisation.id, code, on, never, valid_from.isoformat(), change.transition)
    history.record(work, event, case=case)
