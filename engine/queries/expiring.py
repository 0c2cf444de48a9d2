"""Evidence that runs out, or has run out, while the certificate that rests on it is valid: what monitoring asks for in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from engine.queries import criteria
from engine.queries.criteria import Paper
from engine.store import models
from engine.work import Work

READER: Final = "monitoring_officer"
IN_FORCE: Final = ("B0", "B1", "B2", "B3", "B4", "B5", "B6", "B10")  # a certificate is there, and may rest on it
MOST: Final = 50  # documents that the page lists; the nearest last day comes first


@dataclass(frozen=True, slots=True)
class Expiring:
    """A document in use, whose it is, for which criterion it was handed in, and in which case."""

    paper: Paper
    criterion: str
    operator_id: str
    operator: str
    case_number: str


def of_office(work: Work) -> list[Expiring]:
    """The documents that end within sixty days or have ended, the earliest first; nothing for other roles.

    A document that a newer answer to its criterion no longer names is not asked for.
    """
    if not work.actor.holds(READER):
        return []
    evidence, held = models.Evidence, models.Authorisation
    holders = select(held.operator_id).where(held.state.in_(IN_FORCE))
    query = (
        select(evidence, models.Operator.name)
        .join(models.Operator, models.Operator.id == evidence.operator_id)
        .where(evidence.expires_on <= work.today + timedelta(days=criteria.SOON), evidence.operator_id.in_(holders))
        .order_by(evidence.expires_on, evidence.id)
        .limit(MOST)
    )
    rows = [(row, name) for row, name in work.session.execute(query)]
    used = _used(work, {str(row.operator_id) for row, _name in rows})
    return [
        Expiring(
            criteria.paper(work, row.id, row.filename, row.expires_on),
            used[row.id].criterion,
            str(row.operator_id),
            name,
            work.session.get_one(models.Case, used[row.id].case_id).number,
        )
        for row, name in rows
        if row.id in used
    ]


def _used(work: Work, operators: Iterable[str]) -> dict[str, models.Answer]:
    """The answer that names each document, of the newest answers of these operators to each criterion and site."""
    query = select(models.Answer).where(models.Answer.operator_id.in_(list(operators)))
    rows = work.session.scalars(query.order_by(models.Answer.recorded_at, models.Answer.id))
    newest = {(row.operator_id, row.criterion, row.site): row for row in rows}
    return {id_: row for row in newest.values() for id_ in row.evidence}
