"""What words in a scenario stand for: «{application}», «{finding 2}», «{today +10}», days without quotes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from engine.store import models
from tests.processes.lives import DAY, Life, at

MINUTE: Final = timedelta(minutes=1)
ROWS: Final[Mapping[str, type[models.Model]]] = {
    "application": models.Application,
    "authorisation": models.Authorisation,
    "measure": models.Measure,
    "finding": models.Finding,
    "action": models.Action,
    "appeal": models.Appeal,
    "consultation": models.Consultation,
    "site": models.Site,
    "letter": models.Letter,
    "dependent": models.DependentDecision,
    "succession": models.Succession,
}
_REFERENCE: Final = re.compile(r"\{(\w+)(?: ([+-]?\d+))?\}")


def of_table(life: Life, table: Mapping[str, object] | None) -> dict[str, object]:
    """The same table with every word replaced by what it stands for, in its keys too."""
    return {of_text(life, key): of_value(life, value) for key, value in (table or {}).items()}


def of_value(life: Life, value: object) -> object:
    """The same value, as a form would send it."""
    if isinstance(value, str):
        return of_text(life, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return of_table(life, value)
    if isinstance(value, list):
        return [of_value(life, one) for one in value]
    return value


def of_text(life: Life, text: str) -> str:
    """Ids of the newest row, or of the nth (from 1); of an operator by its name; today, or so many days from today."""

    def meant(found: re.Match[str]) -> str:
        word, number = found[1], int(found[2] or 0)
        if word == "today":
            return (life.now.date() + number * DAY).isoformat()
        if word in life.operators:
            return life.operators[word]
        known = ("today", *life.operators, *ROWS)
        assert word in ROWS, f"{found[0]} stands for nothing: choose from {', '.join(known)}"
        return life.id_of(ROWS[word], number)

    return _REFERENCE.sub(meant, text)


def instant(life: Life, day: date | None) -> datetime:
    """When an act happens: a day after the one before, or in the morning of that day, or a minute later where it is later."""
    return life.now + DAY if day is None else max(at(day), life.now + MINUTE)


def pairs(rows: Sequence[object]) -> Iterator[tuple[str, str]]:
    """What is replaced by what."""
    for row in rows:
        assert isinstance(row, list), f"{row} is no pair of texts"
        old, new = row
        yield str(old), str(new)
