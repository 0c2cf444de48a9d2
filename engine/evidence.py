"""Documents that people hand in: kept once by their content, named by a row, and every reading of them on the record."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import select

from engine import forms, history
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.events import DocumentRead, EvidenceDated, EvidenceStored
from engine.forms import Form, files
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work


def store(work: Work, case: models.Case, filename: str, content: bytes, field: str = "") -> str:
    """Keeps a document with a case; its id. Invalid where the content is no kind of file that is accepted."""
    media_type = files.media_type(filename, content)
    digest = keep(work, content)
    row = models.Evidence(
        id=work.new_id(),
        case_id=case.id,
        operator_id=case.operator_id,
        field=field,
        filename=files.shown_name(filename),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        uploaded_by=work.actor.id,
        uploaded_at=work.now,
    )
    work.session.add(row)
    event = EvidenceStored(row.id, row.filename, media_type, row.size, digest)
    history.record(work, event, case=case)
    return row.id


def keep(work: Work, content: bytes) -> str:
    """Keeps bytes by their SHA-256 (hexadecimal), once however often they come."""
    digest = hashlib.sha256(content).hexdigest()
    insert_if_absent(work.transaction, models.Blob, sha256=digest, size=len(content), content=content)
    return digest


def require_of_case(work: Work, case: models.Case | None, form: Form, answers: Mapping[str, object]) -> None:
    """Refuses answers that attach documents of another case; Invalid names the fields. A new case (None) has none yet."""
    named = forms.evidence_ids(form, answers)
    if not named:
        return
    query = select(models.Evidence.id).where(models.Evidence.id.in_(named))
    own = set(work.session.scalars(query.where(models.Evidence.case_id == case.id))) if case else set()
    strange = [where for where, value in _leaves(answers, "") if value in named and value not in own]
    if strange:
        message = "Attach the file again: it is not among those received."
        raise Invalid("There is something to correct.", [Problem(where, message) for where in dict.fromkeys(strange)])


def set_expiry(work: Work, case: models.Case, evidence_ids: Collection[str], expires_on: date | None) -> None:
    """Notes the last day on which documents of a case prove anything; a day that is not given changes nothing."""
    if expires_on is None or not evidence_ids:
        return
    query = select(models.Evidence).where(models.Evidence.id.in_(evidence_ids), models.Evidence.case_id == case.id)
    for row in work.session.scalars(query.order_by(models.Evidence.id)):
        if row.expires_on != expires_on:
            row.expires_on = expires_on
            history.record(work, EvidenceDated(row.id, row.filename, expires_on.isoformat()), case=case)


def _leaves(value: object, where: str) -> Iterator[tuple[str, object]]:
    """Every plain value with the name of its field, as forms name fields; the files of one field share its name."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, where if isinstance(inner, str) else f"{where}[{index}]")
    else:
        yield where, value


def read(work: Work, evidence_id: str) -> tuple[models.Evidence, bytes]:
    """A document and its bytes; that the actor took it is recorded. Who may is the caller's to know."""
    row = work.session.get(models.Evidence, evidence_id)
    if row is None:
        raise NotFound("There is no such document.")
    case = work.session.get(models.Case, row.case_id) if row.case_id else None
    stream = None if case else f"operator:{row.operator_id}"
    history.record(work, DocumentRead(row.id, row.filename), case=case, stream=stream)
    return row, work.session.get_one(models.Blob, row.sha256).content
