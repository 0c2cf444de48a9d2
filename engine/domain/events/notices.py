"""Facts of how letters reach their addressees, who may sign them, and what is certified."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class LetterSent(Event):
    """A letter was handed over: to the portal, to a mail server, or on paper."""

    letter: str
    number: str
    delivery: str
    channel: str
    address: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class LetterReceived(Event):
    """The day on which a letter counts as received, as its programme counts."""

    letter: str
    number: str
    notified_on: str
    received_on: str


@dataclass(frozen=True, slots=True)
class LetterOpened(Event):
    """Somebody of the addressee opened the letter in the portal for the first time."""

    letter: str
    number: str


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed(Event):
    """Somebody recorded that a letter reached its addressee, with what shows it."""

    letter: str
    number: str
    delivery: str
    channel: str
    note: str


@dataclass(frozen=True, slots=True)
class DeliveryFailed(Event):
    """A letter did not reach its addressee by this channel: refused by the server, or come back."""

    letter: str
    number: str
    delivery: str
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class DelegationGranted(Event):
    """The competent authority lets somebody sign for it, by an act of its own."""

    delegation: str
    programme: str
    account: str
    templates: Sequence[str]
    act: str
    from_day: str
    to_day: str


@dataclass(frozen=True, slots=True)
class DelegationEnded(Event):
    """A delegation was taken back before its last day."""

    delegation: str
    ended_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class CertificateSigned(Event):
    """The facts of a version of a certificate were signed."""

    certificate: str
    number: str
    version: int
    key: str
    signature: str
