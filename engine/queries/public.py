"""What anybody may ask: whether a letter or certificate is ours, and how it stands today; never from the paper.

A letter is checked with its number and the code printed on it. A certificate is found by its number alone only where its
holder agreed to publication; whoever has the code was handed the paper by the holder, and is told the status.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import certificates, consents, programmes
from engine.domain.notices import Notices
from engine.domain.states import BENEFITS
from engine.store import models
from engine.work import Work

IN_FORCE, SUSPENDED, INTENDED = "B1", "B4", "B6"
STARTED: Final = ("B0", IN_FORCE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate as the record has it now; empty fields are none of the reader's business.

    `state` is empty where the programme does not name it; `genuine` says whether its signature holds (None: it has none
    yet); `older` that the paper is of an earlier version, or says less than what has happened since.
    """

    number: str
    state: str
    since: date | None
    version: int | None
    newest: int | None
    genuine: bool | None
    older: bool
    holder: str
    types: Sequence[tuple[str, str]]
    effective_on: date | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A letter of ours: what kind, its day, the hash of its file; `replaced` if another has taken its place."""

    number: str
    title: str
    title_en: str
    issued_on: date
    sha256: str | None
    replaced: bool
    certificate: Standing | None


def letter(work: Work, number: str, code: str) -> Checked | None:
    """The letter, or certificate, of this number if the code is the one printed on it; else None, whatever was wrong."""
    found = next((one for one in _candidates(work, number) if _same(one.code, code)), None)
    if found is None:
        return None
    title, title_en = work.session.execute(
        select(models.Resource.title, models.Resource.title_en)
        .join(models.ResourceVersion, models.ResourceVersion.resource_id == models.Resource.id)
        .where(models.ResourceVersion.id == found.version_id)
    ).one()
    replaced = work.session.scalar(select(models.Letter.id).where(models.Letter.corrects_id == found.id))
    row = _certificate(work, found.id)
    return Checked(
        number=number,
        title=title,
        title_en=title_en,
        issued_on=found.issued_at.astimezone(work.zone).date(),
        sha256=found.sha256,
        replaced=replaced is not None,
        certificate=_standing(work, row) if row else None,
    )


def certificate(work: Work, number: str) -> Standing | None:
    """The certificate of this number, where its holder agreed to publication; else None, as if there were none."""
    query = (
        select(models.Certificate)
        .join(models.Authorisation, models.Authorisation.id == models.Certificate.authorisation_id)
        .where(models.Authorisation.number == number)
        .order_by(models.Certificate.version.desc())
    )
    row = work.session.scalars(query.limit(1)).first()
    return _standing(work, row) if row is not None and _published(work, row) else None


def document(work: Work, number: str, code: str) -> str | None:
    """The signed certificate as a file, for whoever has its code; None while it is not signed."""
    found = next((one for one in _candidates(work, number) if _same(one.code, code)), None)
    row = _certificate(work, found.id) if found else None
    return certificates.document(row) if row else None


def signed(work: Work, code: str) -> str | None:
    """The signed certificate with this code, for those who sit at this database."""
    query = select(models.Certificate).join(models.Letter, models.Letter.id == models.Certificate.letter_id)
    row = work.session.scalars(
        query.where(models.Letter.code == code.strip().upper(), models.Letter.code != "")
    ).first()
    return certificates.document(row) if row else None


def keys(work: Work) -> Mapping[str, str]:
    """The public keys that certificates were signed with, by their ids."""
    return {row.id: row.public_key for row in work.session.scalars(select(models.SigningKey))}


def _candidates(work: Work, number: str) -> Sequence[models.Letter]:
    """The letter of that number, and the letters with which the certificate of that number was issued."""
    own = select(models.Letter).where(models.Letter.number == number)
    of_certificate = (
        select(models.Letter)
        .join(models.Certificate, models.Certificate.letter_id == models.Letter.id)
        .join(models.Authorisation, models.Authorisation.id == models.Certificate.authorisation_id)
        .where(models.Authorisation.number == number)
    )
    return [*work.session.scalars(own), *work.session.scalars(of_certificate)]


def _same(code: str, typed: str) -> bool:
    """Compared in a time that tells nothing; letters of releases before 0.3.0 have no code and are never found."""
    said = typed.strip().upper().replace("-", "").replace(" ", "")
    return bool(code) and secrets.compare_digest(code.encode(), said.encode())


def _certificate(work: Work, letter_id: str) -> models.Certificate | None:
    return work.session.scalar(select(models.Certificate).where(models.Certificate.letter_id == letter_id))


def _published(work: Work, row: models.Certificate) -> bool:
    """Whether the holder agrees to publication as of now; who never answered is not published."""
    held = work.session.get_one(models.Authorisation, row.authorisation_id)
    return bool(consents.given(work, held.operator_id, held.programme, consents.PUBLICATION))


def _standing(work: Work, row: models.Certificate) -> Standing:
    authorisation = work.session.get_one(models.Authorisation, row.authorisation_id)
    said = work.session.get_one(models.Letter, row.letter_id)
    case = work.session.get_one(models.Case, said.case_id)
    rules = programmes.of(work, case, authorisation.programme)
    shown = rules.notices.fields if _published(work, row) else ()
    state = _public_state(rules.notices, authorisation)
    newest = certificates.next_version(work, authorisation)
    names = ((words.es, words.en) for name in authorisation.type.split(", ") if (words := rules.types.get(name)))
    dated = "validity" in shown
    return Standing(
        number=authorisation.number,
        state=state,
        since=_since(work, authorisation) if state == authorisation.state else None,
        version=row.version,
        newest=newest - 1 if newest else row.version,
        genuine=certificates.genuine(work, row) if row.signature else None,
        older=state not in STARTED or (newest is not None and newest - 1 > row.version),
        holder=_holder(work, authorisation) if "holder" in shown else "",
        types=tuple(names) if "types" in shown else (),
        effective_on=authorisation.effective_on if dated else None,
        expires_on=authorisation.expires_on if dated else None,
    )


def _public_state(notices: Notices, authorisation: models.Authorisation) -> str:
    """What is meant, looked into or pending is not told: then it is in force, or suspended, as its effect is."""
    if authorisation.state in notices.public:
        return authorisation.state
    if authorisation.state in BENEFITS or authorisation.benefits_on:
        return IN_FORCE
    return SUSPENDED if authorisation.state == INTENDED else ""


def _since(work: Work, authorisation: models.Authorisation) -> date | None:
    query = (
        select(models.StatusChange.valid_from)
        .where(models.StatusChange.subject_id == authorisation.id)
        .order_by(models.StatusChange.recorded_at.desc(), models.StatusChange.id.desc())
    )
    return work.session.scalars(query.limit(1)).first()


def _holder(work: Work, authorisation: models.Authorisation) -> str:
    return work.session.get_one(models.Operator, authorisation.operator_id).name
