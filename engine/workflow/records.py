"""What a run tells its caller, as plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service that the diagram reached; the caller performs it and sends back the result, or that it Failed.

    `retries` is how often the diagram lets it be tried in all, `tries` how often it has failed already, and `by` what the
    caller said of who asked for it when it failed first.
    """

    task_id: str
    element: str
    service: str
    arguments: Mapping[str, object]
    retries: int = 3
    tries: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """What the caller sends back for a service that failed. While there are `tries_left`, the token only stands and waits.

    After the last try the code is thrown as a BPMN error; where nothing catches it, the token stands. `by` is kept for
    the next try.
    """

    code: str
    message: str
    tries_left: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A token that stands still: a service that failed (`service` names it), or an error event that nothing caught."""

    task_id: str
    element: str
    code: str
    message: str
    tries: int
    tries_left: int
    by: str
    service: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """Where a case stands: `state` is open (for a person), waiting, running (around others), failed or joining.

    `holds` are the values of the token itself; `places` are the elements to which it may be moved.
    """

    task_id: str
    element: str
    state: str
    multi_index: int | None
    holds: Mapping[str, object]
    may_skip: bool
    places: tuple[str, ...]


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
class Recount:
    """A timer, or the due date of a task, in working time that would be at another moment by the calendar in force.

    `programme` is whose office's calendar counts.
    """

    task_id: str
    element: str
    programme: str
    before: datetime
    after: datetime


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

    `expires`: until when a message is kept for somebody to wait for it, where the diagram says so; `everyone`: it goes to
    every case that waits for it, not to one of each process.
    """

    element: str
    kind: str
    name: str
    key: str | None
    payload: Mapping[str, object]
    expires: datetime | None = None
    everyone: bool = False
