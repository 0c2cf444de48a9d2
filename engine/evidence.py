"""Documents that people hand in: kept once by their content, named by a row, and every reading of them on the record."""

import hashlib

from engine import history
from engine.domain.errors import NotFound
from engine.domain.events import DocumentRead, EvidenceStored
from engine.forms import files
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
    insert_if_absent(work.session, models.Blob, sha256=digest, size=len(content), content=content)
    return digest


def read(work: Work, evidence_id: str) -> tuple[models.Evidence, bytes]:
    """A document and its bytes; that the actor took it is recorded. Who may is the caller's to know."""
    row = work.session.get(models.Evidence, evidence_id)
    if row is None:
        raise NotFound("There is no such document.")
    case = work.session.get(models.Case, row.case_id) if row.case_id else None
    stream = None if case else f"operator:{row.operator_id}"
    history.record(work, DocumentRead(row.id, row.filename), case=case, stream=stream)
    return row, work.session.get_one(models.Blob, row.sha256).content
