"""What a run tells its caller, as plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service that the diagram reached; the caller performs it and sends the result back."""

    task_id: str
    element: str
    service: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that somebody may do now; `multi_index` counts from 1 where it is one of several."""

    id: str
    element: str
    multi_index: int | None
    due: datetime | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that the case waits for: `kind` is timer, message, signal or condition."""

    task_id: str
    element: str
    kind: str
    name: str | None
    key: str | None
    due: datetime | None
    clock: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A token entered or completed an element, was cancelled there, or an event fired: `kind` says which."""

    task_id: str
    element: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thrown:
    """What left the case: a message or signal, or an error or escalation that nothing in the diagram caught.

    `expires`: until when a message is kept for somebody to wait for it, where the diagram says so.
    """

    element: str
    kind: str
    name: str
    key: str | None
    payload: Mapping[str, object]
    expires: datetime | None = None
