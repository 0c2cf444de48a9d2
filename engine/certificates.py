"""Certificates: what is certified is fixed with its letter, signed by the worker, and checked by anybody."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select

from engine import history, outbox, signing
from engine.domain.chain import canonical
from engine.domain.events import CertificateSigned
from engine.signing import Signer
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work

CODE: Final = "D16"
JOB: Final = "certificate"  # the kind of an outbox job that signs one


def next_version(work: Work, authorisation: models.Authorisation | None) -> int | None:
    """That of the authorisation, or one more than the last of its certificates; None where there is no authorisation."""
    if authorisation is None:
        return None
    given = models.Certificate.authorisation_id == authorisation.id
    highest = work.session.scalar(select(func.max(models.Certificate.version)).where(given)) or 0
    return max(authorisation.version, highest + 1)


def prepare(work: Work, case: models.Case, letter: models.Letter, authorisation: models.Authorisation) -> None:
    """Fixes what the certificate of this letter says: version 1, or the next after an amendment; the worker signs it."""
    version = next_version(work, authorisation) or 1
    row = models.Certificate(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        version=version,
        letter_id=letter.id,
        facts=canonical(_facts(letter.facts, version)),
        issued_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    outbox.add(work, JOB, {"certificate_id": row.id}, case)


def sign(work: Work, certificate_id: str, signer: Signer) -> None:
    """Signs the facts of a certificate, once; the public key is kept with it, for those who check it later."""
    row = work.session.get_one(models.Certificate, certificate_id, with_for_update=True)
    if row.signature is not None:
        return
    insert_if_absent(
        work.transaction, models.SigningKey, id=signer.id, public_key=signer.public_key, first_used_at=work.now
    )
    row.signature, row.key_id, row.signed_at = signer.sign(row.facts), signer.id, work.now
    letter = work.session.get_one(models.Letter, row.letter_id)
    case = work.session.get_one(models.Case, letter.case_id)
    number = work.session.get_one(models.Authorisation, row.authorisation_id).number
    history.record(work, CertificateSigned(row.id, number, row.version, signer.id, row.signature), case=case)


def document(row: models.Certificate) -> str | None:
    """The signed certificate as a file; None while it is not signed."""
    if row.signature is None or row.key_id is None:
        return None
    return signing.document(row.facts, row.signature, row.key_id)


def genuine(work: Work, row: models.Certificate) -> bool:
    """Whether the signature on record belongs to the facts on record."""
    key = work.session.get(models.SigningKey, row.key_id) if row.key_id else None
    return key is not None and row.signature is not None and signing.holds(row.facts, row.signature, key.public_key)


def _facts(said: Mapping[str, object], version: int) -> Mapping[str, object]:
    """What is signed: who certifies what of whom, from when, for which places; nothing that is not on the paper."""
    office, operator, programme = (_table(said, name) for name in ("office", "operator", "programme"))
    return {
        "certificate": said["certificate_number"],
        "version": version,
        "issuer": office["name"],
        "programme": programme["name"],
        "holder": {"name": operator["name"], "tax_id": operator["tax_id"]},
        "types": [one["name"] for one in _rows(_table(said, "authorisation").get("types"))],
        "sites": [{"name": one.get("name", ""), "address": one.get("address", "")} for one in _rows(said.get("sites"))],
        "granted_on": said["granted_on"],
        "effective_on": said["effective_on"],
        "expires_on": said.get("expires_on"),
        "issued_on": _table(said, "letter")["date"],
        "letter": _table(said, "letter")["number"],
    }


def _table(said: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = said.get(name)
    return value if isinstance(value, Mapping) else {}


def _rows(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
