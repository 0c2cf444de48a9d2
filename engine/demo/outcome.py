"""What came of the demonstration: the facts that its programme decides, as a record to compare and as lines to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.domain import programme
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Outcome:
    """The life of one certificate: what it was called, what was due when, since when it held, and how it ended."""

    programme: str
    name: str
    types: tuple[str, ...]
    certificate: str
    accepted_on: date | None
    decision_due: date | None
    granted_on: date
    effective_on: date
    expires_on: date | None
    review_on: date | None
    revoked_on: date | None
    bar_until: date | None
    silence: str
    benefits: tuple[str, ...]
    appeal_days: str
    criteria: tuple[str, ...]


def of(work: Work) -> Outcome:
    """The outcome of the demonstration that was played in this database."""
    authorisation = work.session.scalars(select(models.Authorisation).order_by(models.Authorisation.created_at)).first()
    if authorisation is None:
        raise LookupError("the demonstration has not come to its certificate")
    application = work.session.get_one(models.Application, authorisation.application_id)
    rules = _rules(work, authorisation.programme)
    appeal = rules.clocks.get("appeal")
    types = tuple(application.types)
    return Outcome(
        programme=rules.id,
        name=rules.name_on(authorisation.granted_on).es,
        types=tuple(rules.types[name].es for name in types),
        certificate=authorisation.number,
        accepted_on=application.accepted_on,
        decision_due=_due(work, application.id, "decision"),
        granted_on=authorisation.granted_on,
        effective_on=authorisation.effective_on,
        expires_on=authorisation.expires_on,
        review_on=authorisation.next_review_on,
        revoked_on=authorisation.ended_on,
        bar_until=authorisation.bar_until,
        silence=rules.clock("acceptance").at_expiry,
        benefits=tuple(one.words.es for one in rules.benefits_for(types)),
        appeal_days=f"{appeal.period.count} {appeal.period.unit}" if appeal else "",
        criteria=rules.criteria_sets(types),
    )


def lines(found: Outcome) -> Iterator[str]:
    """One line for each fact, in the words of the office."""
    facts = {
        "Programa": f"{found.name} ({found.programme})",
        "Tipos": ", ".join(found.types),
        "Criterios": ", ".join(found.criteria),
        "Certificado": found.certificate,
        "Admitida el": found.accepted_on,
        "Decidir hasta": found.decision_due,
        "Si la aduana calla al admitir": found.silence,
        "Otorgada el": found.granted_on,
        "Con efecto desde": found.effective_on,
        "Vence el": found.expires_on or "sin término",
        "Próxima revisión": found.review_on,
        "Beneficios": ", ".join(found.benefits),
        "Revocada el": found.revoked_on,
        "Recurso": found.appeal_days,
        "Sin nueva solicitud hasta": found.bar_until,
    }
    return (f"{label:<32} {value}" for label, value in facts.items())


def _rules(work: Work, key: str) -> Programme:
    """The programme in force; the demonstration publishes no other."""
    version = models.ResourceVersion
    query = select(version).join(models.Resource, models.Resource.id == version.resource_id)
    row = work.session.scalars(
        query.where(models.Resource.kind == "programme", models.Resource.key == key).order_by(version.number.desc())
    ).first()
    if row is None:
        raise LookupError(key)
    return programme.read(row.content)


def _due(work: Work, subject_id: str, name: str) -> date | None:
    query = select(models.LegalClock.due_on).where(
        models.LegalClock.subject_id == subject_id, models.LegalClock.name == name
    )
    return work.session.scalars(query).first()
