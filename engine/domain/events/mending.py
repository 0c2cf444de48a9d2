"""Facts of what failed and how it was mended."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class IncidentRaised(Event):
    """A case cannot go on by itself."""

    incident: str
    element: str
    cause: str
    message: str


@dataclass(frozen=True, slots=True)
class IncidentResolved(Event):
    """Somebody mended an incident."""

    incident: str
    resolution: str


@dataclass(frozen=True, slots=True)
class ServiceFailed(Event):
    """A service that a diagram called failed for the `tries`-th time; at `retry_at` it is tried again (None: it is not)."""

    task: str
    element: str
    service: str
    code: str
    reason: str
    tries: int
    retry_at: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceRetried(Event):
    """A service that had failed was tried again, for the `tries`-th time."""

    task: str
    element: str
    service: str
    tries: int


@dataclass(frozen=True, slots=True)
class CaseIntervened(Event):
    """Somebody let a token be tried again, skipped or moved, put values right, or let the case go on, with a reason.

    `before` and `after` are how it stood then: the elements, and the values that were touched.
    """

    act: str
    task: str
    element: str
    to: str
    reason: str
    before: Mapping[str, object]
    after: Mapping[str, object]
