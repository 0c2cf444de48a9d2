"""Facts of who came, who was refused, and who took a part of the record away."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class ActRefused(Event):
    """Somebody tried what they may not."""

    act: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoggedIn(Event):
    """Somebody logged in."""

    account: str


@dataclass(frozen=True, slots=True)
class LogInFailed(Event):
    """A log-in was refused; the account may not exist."""

    username: str
    reason: str


@dataclass(frozen=True, slots=True)
class LoggedOut(Event):
    """Somebody logged out."""

    account: str


@dataclass(frozen=True, slots=True)
class AccountCreated(Event):
    """An account was opened, with its roles and operators."""

    account: str
    username: str
    roles: Sequence[str]
    operators: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordExported(Event):
    """Somebody took a part of the record away: what, in which format, how many events."""

    subject: str
    form: str
    count: int


@dataclass(frozen=True, slots=True)
class RecordVerified(Event):
    """Somebody had a chain verified; `broken_at` is the first bad event's place, or None."""

    stream: str
    count: int
    broken_at: int | None
