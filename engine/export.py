"""The record as files that others can read and prove: events as CSV or JSON, with what is needed to verify them."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
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
CHAIN: Final = (
    "hash = SHA-256 of the JSON array [stream, seq, at, actor_id, actor_name, type, case_id, release_id, data, "
    "previous_hash] with no spaces; the first previous_hash is 64 zeros"
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def case(work: Work, case_id: str, form: str) -> str:
    """The whole history of a case as text in `form` (`csv` or `json`); that it was taken away is itself recorded."""
    row = work.session.get(models.Case, case_id)
    if row is None:
        raise NotFound("There is no such case.")
    about = {"case": {"id": row.id, "number": row.number, "process": row.process, "title": row.title}}
    return _taken(work, f"case:{case_id}", form, row.number, about)


def stream(work: Work, name: str, form: str) -> str:
    """A part of the record that belongs to no case (accounts, a resource …), likewise."""
    return _taken(work, name, form, name, {"part": name})


def clocks(work: Work, case_id: str, form: str, told: Sequence[Mapping[str, object]]) -> str:
    """The legal clocks of a case as `told`, row by row, in `form`; that they were taken away is itself recorded."""
    row = work.session.get(models.Case, case_id)
    if row is None:
        raise NotFound("There is no such case.")
    if form not in FORMS:
        raise Invalid("The record is exported as CSV or JSON.")
    history.record(work, RecordExported(f"{row.number} clocks", form, len(told)), stream="audit")
    if form == "json":
        return json.dumps({"case": row.number, "clocks": list(told)}, ensure_ascii=False, indent=1)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(told[0] if told else ())
    writer.writerows([_cell(_plain(value)) for value in one.values()] for one in told)
    return out.getvalue()


def verify(work: Work, case_id: str) -> tuple[int, Link | None]:
    """Verifies the chain of a case, and records that somebody did and what came out."""
    return verify_stream(work, f"case:{case_id}")


def verify_stream(work: Work, name: str) -> tuple[int, Link | None]:
    """Likewise for any part of the record; NotFound for one that was never written to."""
    if work.session.get(models.Stream, name) is None:
        raise NotFound("There is no such part of the record.")
    count, broken = history.verify(work, name)
    history.record(work, RecordVerified(name, count, broken.seq if broken else None), stream="audit")
    return count, broken


def as_csv(links: Sequence[Link]) -> str:
    """One line per event. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for link in links:
        writer.writerow([_cell(value) for value in _values(link)])
    return out.getvalue()


def as_json(about: Mapping[str, object], links: Sequence[Link]) -> str:
    """A document that says what it is and how its chain is computed, and holds every event as it was hashed."""
    events = [dict(zip(COLUMNS, _values(link), strict=True)) for link in links]
    return json.dumps({**about, "chain": CHAIN, "events": events}, ensure_ascii=False, indent=1)


def _taken(work: Work, name: str, form: str, subject: str, about: Mapping[str, object]) -> str:
    if form not in FORMS:
        raise Invalid("The record is exported as CSV or JSON.")
    links = list(history.events_of(work, name))
    if not links:
        raise NotFound("There is no such part of the record.")
    history.record(work, RecordExported(subject, form, len(links)), stream="audit")
    return as_csv(links) if form == "csv" else as_json(about, links)


def _values(link: Link) -> list[str | int | None]:
    at = link.at.isoformat(timespec="microseconds")
    names = (name for name in COLUMNS if name != "at")
    values = {name: getattr(link, name) for name in names} | {"at": at}
    return [values[name] for name in COLUMNS]


def _plain(value: object) -> str | int | None:
    return value if isinstance(value, str | int) or value is None else str(value)


def _cell(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
