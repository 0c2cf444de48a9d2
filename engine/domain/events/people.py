"""Facts of who came, who was refused, and who took a part of the record away."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """An administrator changed what somebody may do: roles, unit, operators, or whether the account is open; before and after."""

    account: str
    username: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str


@dataclass(frozen=True, slots=True)
class MandateChanged(Event):
    """Somebody acts for an operator on other days, or by another act: `since`, `until`, `act`, before and after."""

    account: str
    operator: str
    before: Mapping[str, object]
    after: Mapping[str, object]
    reason: str


@dataclass(frozen=True, slots=True)
class PasswordSet(Event):
    """Somebody gave an account another password, which nobody keeps."""

    account: str


@dataclass(frozen=True, slots=True)
class AbsenceRecorded(Event):
    """Somebody is away from the first to the last day, and who stands in; `act` delegates the office."""

    absence: str
    account: str
    substitute: str | None
    first_day: str
    last_day: str
    reason: str
    act: str


@dataclass(frozen=True, slots=True)
class AbsenceEnded(Event):
    """An absence was called off, or ended before its last day."""

    absence: str
    account: str


@dataclass(frozen=True, slots=True)
class ConflictDeclared(Event):
    """Somebody has a conflict of interest with an operator."""

    conflict: str
    account: str
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictEnded(Event):
    """A conflict of interest is over, as another person found."""

    conflict: str
    account: str
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideAsked(Event):
    """Somebody asks to do a task that a rule keeps them from."""

    override: str
    task: str
    element: str
    account: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class OverrideDecided(Event):
    """A second person granted or refused an exception."""

    override: str
    task: str
    account: str
    rule: str
    granted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class UnitMade(Event):
    """The office has a new unit, below another one or at the top."""

    unit: str
    key: str
    name: str
    parent: str | None
