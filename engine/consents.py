"""Consents of the holder: to publication and to mutual recognition, each asked by itself; the last word counts."""

from typing import Final

from sqlalchemy import select

from engine import history, programmes
from engine.domain.events import ConsentRecorded
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

PUBLICATION: Final = "publication"
MUTUAL_RECOGNITION: Final = "mutual_recognition"


def given(work: Work, operator_id: str, programme: str, kind: str) -> bool | None:
    """What the holder said last; None where nobody asked yet."""
    query = select(models.Consent.given).where(
        models.Consent.operator_id == operator_id, models.Consent.programme == programme, models.Consent.kind == kind
    )
    newest = query.order_by(models.Consent.recorded_at.desc(), models.Consent.id.desc())
    return work.session.scalars(newest.limit(1)).first()


def missing(work: Work, rules: Programme, operator_id: str) -> int:
    """How many consents the programme requires to be asked before a grant that were not answered."""
    required = [name for name, consent in rules.consents.items() if consent.required]
    return sum(given(work, operator_id, rules.id, name) is None for name in required)


def lacking(work: Work, case: models.Case, operator_id: str, programme: str) -> dict[str, object]:
    """Whether the holder must still be asked before a grant, and what they said so far (null: nobody asked)."""
    rules = programmes.of(work, case, programme)
    said = {name: given(work, operator_id, programme, name) for name in (PUBLICATION, MUTUAL_RECOGNITION)}
    return {"consents_missing": missing(work, rules, operator_id), **said}


def say(work: Work, case: models.Case, operator_id: str, programme: str, kind: str, *, given_: bool) -> None:
    """Keeps the holder's word, yes or no."""
    row = models.Consent(
        id=work.new_id(),
        operator_id=operator_id,
        programme=programme,
        kind=kind,
        given=given_,
        valid_from=work.today,
        recorded_at=work.now,
        actor_id=work.actor.id,
        case_id=case.id,
    )
    work.session.add(row)
    work.session.flush()
    history.record(work, ConsentRecorded(operator_id, programme, kind, given_), case=case)
