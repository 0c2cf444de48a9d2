"""Legal successors: the certificate ends with the legal entity, the successor applies anew, and a bar goes along."""

from datetime import date
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain import duties, guards
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import SuccessionRecorded, SuccessorFreed
from engine.domain.guards import Facts
from engine.store import models
from engine.work import SYSTEM, Work

REGISTRARS: Final = ("intake_officer", "monitoring_officer", "director")


def record(
    work: Work, case: models.Case, operator_id: str, successor_id: str, reason: str, valid_from: date | None = None
) -> models.Succession:
    """One legal entity came after another from a day on; nobody comes after themselves, nor in a circle."""
    guards.require(("reason_given",), Facts(reasons=reason))
    for one in (operator_id, successor_id):
        if work.session.get(models.Operator, one) is None:
            raise NotFound("There is no such operator.")
    if operator_id == successor_id or operator_id in _after(work, successor_id):
        problem = Problem("successor_id", "Choose another legal entity.")
        raise Invalid("Nobody comes after themselves.", [problem])
    row = models.Succession(
        id=work.new_id(),
        operator_id=operator_id,
        successor_id=successor_id,
        valid_from=valid_from or work.today,
        reason=reason,
        recorded_at=work.now,
        actor_id=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    history.record(work, SuccessionRecorded(row.id, operator_id, successor_id), case=case)
    return row


def register(work: Work, case: models.Case, operator_id: str, successor_id: str, reason: str) -> dict[str, object]:
    """The same for a diagram, also where the predecessor holds nothing any more: its bars go along."""
    if work.actor.id != SYSTEM.id and not work.actor.holds(*REGISTRARS):
        raise NotAllowed("Only officers who keep the register may do this.")
    return {"succession_id": record(work, case, operator_id, successor_id, reason).id}


def identify(work: Work, case: models.Case, tax_id: str) -> dict[str, object]:
    """Whom a tax number belongs to, so that a form may ask for the number instead of an id; NotFound for nobody's."""
    del case
    operator = work.session.scalars(select(models.Operator).where(models.Operator.tax_id == tax_id.strip())).first()
    if operator is None:
        raise NotFound("There is no operator with this tax number: register it first.")
    return {"successor_id": operator.id, "successor_name": operator.name}


def free(work: Work, case: models.Case, succession_id: str, reason: str) -> dict[str, object]:
    """The competent authority decides that the predecessor's bar does not hold for the successor, and writes why."""
    row = work.session.get(models.Succession, succession_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such succession.")
    if work.actor.id == SYSTEM.id or not work.actor.holds(duties.AUTHORITY):
        raise duties.only(duties.AUTHORITY)
    guards.require(("reason_given",), Facts(reasons=reason))
    if row.freed_on is not None:
        raise Conflict("The successor was freed from the bar already.")
    row.freed_on, row.freed_by, row.freed_reason = work.today, work.actor.id, reason
    history.record(work, SuccessorFreed(row.id, row.successor_id, reason), case=case)
    return {"freed_on": work.today.isoformat()}


def _after(work: Work, operator_id: str) -> set[str]:
    """Everybody who came after an operator, also by several steps."""
    found: set[str] = set()
    todo = {operator_id}
    while todo:
        query = select(models.Succession.successor_id).where(models.Succession.operator_id.in_(todo))
        todo = set(work.session.scalars(query)) - found
        found |= todo
    return found
