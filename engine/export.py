"""The record as files that others can read and prove: events as CSV or JSON, with what is needed to verify them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Final

from engine import history
from engine.domain.chain import Link
from engine.domain.errors import Invalid, NotFound
from engine.domain.events import RecordExported, RecordVerified
from engine.store import models
from engine.work import Work

FORMS: Final = ("csv", "json")
COLUMNS: Final = (
    "stream",
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "type",
    "case_id",
    "release_id",
    "data",
    "previous_hash",
    "hash",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def case(work: Work, case_id: str, form: str) -> str:
    """The whole history of a case as text in `form` (`csv` or `json`); that it was taken away is itself recorded."""
    if form not in FORMS:
        raise Invalid("The record is exported as CSV or JSON.")
    row = work.session.get(models.Case, case_id)
    if row is None:
        raise NotFound("There is no such case.")
    links = list(history.events_of(work, f"case:{case_id}"))
    history.record(work, RecordExported(row.number, form, len(links)), stream="audit")
    return as_csv(links) if form == "csv" else as_json(row, links)


def verify(work: Work, case_id: str) -> tuple[int, Link | None]:
    """Verifies the chain of a case, and records that somebody did and what came out."""
    stream = f"case:{case_id}"
    count, broken = history.verify(work, stream)
    history.record(work, RecordVerified(stream, count, broken.seq if broken else None), stream="audit")
    return count, broken


def as_csv(links: Sequence[Link]) -> str:
    """One line per event. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for link in links:
        writer.writerow([_cell(value) for value in _values(link)])
    return out.getvalue()


def as_json(row: models.Case, links: Sequence[Link]) -> str:
    """A document that says what the case is and how its chain is computed, and holds every event as it was hashed."""
    document = {
        "case": {"id": row.id, "number": row.number, "process": row.process, "title": row.title},
        "chain": "hash = SHA-256 of the JSON array [stream, seq, at, actor_id, actor_name, type, case_id, release_id, "
        "data, previous_hash] with no spaces; the first previous_hash is 64 zeros",
        "events": [dict(zip(COLUMNS, _values(link), strict=True)) for link in links],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _values(link: Link) -> list[str | int | None]:
    at = link.at.isoformat(timespec="microseconds")
    names = (name for name in COLUMNS if name != "at")
    values = {name: getattr(link, name) for name in names} | {"at": at}
    return [values[name] for name in COLUMNS]


def _cell(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
