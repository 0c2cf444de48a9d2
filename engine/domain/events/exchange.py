"""Facts of what cases say to each other and to the outside: messages and signals."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class SignalSent(Event):
    """A diagram sent a signal to all that waited for it."""

    signal: str
    name: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SignalReceived(Event):
    """A signal of another case, or from outside, reached a case that waited for it."""

    signal: str
    name: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MessageRedirected(Event):
    """Somebody gave a message that nobody waited for to a case, with the key that it should have had."""

    message: str
    name: str
    before: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class MessageReleased(Event):
    """Somebody had a message that nobody waited for start a case."""

    message: str
    name: str
    process: str
    reason: str


@dataclass(frozen=True, slots=True)
class MessageDiscarded(Event):
    """Somebody decided that a message is for nobody."""

    message: str
    name: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A diagram sent a message to other cases."""

    message: str
    name: str
    key: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MessageReceived(Event):
    """A message reached the case that waited for it, or started the case."""

    message: str
    name: str
    key: str
    payload: Mapping[str, object]
