"""What the story of the demonstration is made of: acts, reports and waits, each at an instant that the script fixes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.store import models
from engine.work import Work

Answers = Mapping[str, object]
Write = Callable[[Work, models.Case, Answers], Answers]  # (work, case, what the case knows) -> what is written


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does a task of a process at an instant of the office's time; `write` gives the answers."""

    at: datetime
    who: str
    process: str
    task: str
    write: Write


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody tells customs something about the authorisation, by a message."""

    at: datetime
    who: str
    name: str
    payload: Answers


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody does anything until then; what comes due meanwhile happens."""

    at: datetime
