"""How one event of the history is tied to the one before it, so that nobody can change the past unseen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

START: Final = "0" * 64  # what the first event of a stream is tied to


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is hashed; `data` is canonical JSON text, `at` an instant in UTC."""

    stream: str
    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    type: str
    case_id: str | None
    release_id: str | None
    data: str
    previous_hash: str
    hash: str


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return _JSON.encode(value)


def tie(link: Link) -> str:
    """The SHA-256 (hexadecimal) that belongs to the link: over all it says and the hash before it."""
    facts = [
        link.stream,
        link.seq,
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.actor_id,
        link.actor_name,
        link.type,
        link.case_id,
        link.release_id,
        link.data,
        link.previous_hash,
    ]
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def first_break(links: Iterable[Link]) -> Link | None:
    """The first link (of one stream, in order) that does not follow from the one before it; None if all do."""
    previous, seq = START, 0
    for link in links:
        if link.seq != seq + 1 or link.previous_hash != previous or link.hash != tie(link):
            return link
        previous, seq = link.hash, link.seq
    return None


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    message = f"{type(value).__name__} has no place in the history"
    raise TypeError(message)


_JSON: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)
