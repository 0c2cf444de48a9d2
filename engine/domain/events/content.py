"""Facts of what process owners edit and put to work."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class DraftSaved(Event):
    """A process owner saved a draft of a resource."""

    kind: str
    key: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DraftSubmitted(Event):
    """A draft was sent for approval."""

    kind: str
    key: str
    version: str
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class DraftReturned(Event):
    """A submitted draft was sent back to its author, with a reason."""

    kind: str
    key: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResourcePublished(Event):
    """A version went to work."""

    kind: str
    key: str
    version: str
    number: int
    sha256: str
    author: str


@dataclass(frozen=True, slots=True)
class ReleaseMade(Event):
    """A process got a new release; `pins` are kind, key and version number of all it uses."""

    process: str
    number: int
    pins: Sequence[Sequence[object]]
