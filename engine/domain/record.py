"""Two times of one record: since when something is valid, and since when it is known; a correction is a new row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One move as the register keeps it; `corrects` is the id of the entry whose place it takes."""

    id: str
    state: str
    valid_from: date
    recorded_at: datetime
    corrects: str | None = None


def state_on(entries: Iterable[Entry], day: date, known_at: datetime | None = None) -> str | None:
    """The state on `day` as it was known at an instant (now, if none is given); None before there was one.

    What was recorded later overrules what was recorded earlier, from the day on which it is valid: an annulment recorded
    today and valid from the day of the grant says that there never was a certificate.
    """
    valid = [entry for entry in in_force(entries, known_at) if entry.valid_from <= day]
    return valid[-1].state if valid else None


def in_force(entries: Iterable[Entry], known_at: datetime | None = None) -> list[Entry]:
    """The entries known at an instant, in the order in which the moves were made; corrected ones in their last version."""
    known = [one for one in entries if known_at is None or one.recorded_at <= known_at]
    known.sort(key=lambda one: (one.recorded_at, one.id))
    placed: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for entry in known:
        place = places.get(entry.corrects, entry.corrects) if entry.corrects else entry.id
        places[entry.id] = place
        placed[place] = entry
    return list(placed.values())
