"""What the public check of a letter or a certificate says: that it is ours, its date, and the status of today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Checked:
    """A document of ours; `state` and `certificate` are those of the authorisation it speaks of, if any."""

    number: str
    issued_on: date
    certificate: str
    state: str
    since: date | None


def check(work: Work, number: str) -> Checked | None:
    """The letter or certificate with this number as the record has it now; None if it is not ours."""
    authorisation = work.session.scalar(select(models.Authorisation).where(models.Authorisation.number == number))
    if authorisation is not None:
        return _checked(work, number, authorisation.granted_on, authorisation)
    letter = work.session.scalar(select(models.Letter).where(models.Letter.number == number))
    if letter is None:
        return None
    case = work.session.get_one(models.Case, letter.case_id)
    spoken_of = work.session.get(models.Authorisation, case.authorisation_id) if case.authorisation_id else None
    return _checked(work, number, letter.issued_at.astimezone(work.zone).date(), spoken_of)


def _checked(work: Work, number: str, issued_on: date, authorisation: models.Authorisation | None) -> Checked:
    if authorisation is None:
        return Checked(number, issued_on, "", "", None)
    query = (
        select(models.StatusChange.valid_from)
        .where(models.StatusChange.subject_id == authorisation.id)
        .order_by(models.StatusChange.recorded_at.desc(), models.StatusChange.id.desc())
    )
    since = work.session.scalars(query.limit(1)).first()
    return Checked(number, issued_on, authorisation.number, authorisation.state, since)
