"""Files to take away: evidence and letters, for whoever may see their case; that they were taken is recorded."""

from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from engine import evidence, letters
from engine.queries import dossiers
from web.work import work_of_user

bp = Blueprint("documents", __name__)
SHOWN: Final = frozenset({"application/pdf", "image/jpeg", "image/png"})  # browsers may show these; all else is saved


@bp.get("/evidence/<evidence_id>")
def document(evidence_id: str) -> Response:
    """A document of a case."""
    with work_of_user() as work:
        dossiers.require_evidence(work, evidence_id)
        row, content = evidence.read(work, evidence_id)
        return _file(content, row.filename, row.media_type)


@bp.get("/letters/<letter_id>")
def letter(letter_id: str) -> Response:
    """A notice as it was sent."""
    with work_of_user() as work:
        dossiers.require_letter(work, letter_id)
        row, content = letters.read(work, letter_id)
        return _file(content, f"{row.number}.pdf", "application/pdf")


def _file(content: bytes, filename: str, media_type: str) -> Response:
    how = "inline" if media_type in SHOWN and request.args.get("save") != "1" else "attachment"
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
