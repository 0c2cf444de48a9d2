"""Facts of the register: states, legal clocks, letters, documents, findings, operators."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """An application, authorisation or measure moved from one lawful state to another, valid from a legal date."""

    subject: str
    subject_id: str
    number: str
    before: str | None
    after: str
    transition: str
    valid_from: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClockStarted(Event):
    """A legal clock began to run: start + base, and the last day."""

    clock: str
    subject_id: str
    starts_on: str
    base: int
    unit: str
    due_on: str


@dataclass(frozen=True, slots=True)
class ClockExtended(Event):
    """Days were added to a legal clock, on a legal basis."""

    clock: str
    subject_id: str
    days: int
    unit: str
    legal_basis: str
    reason: str
    before: str
    due_on: str


@dataclass(frozen=True, slots=True)
class ClockEnded(Event):
    """A legal clock stopped: met, expired, stopped, or waiting for the applicant."""

    clock: str
    subject_id: str
    state: str
    ended_on: str


@dataclass(frozen=True, slots=True)
class LetterIssued(Event):
    """A letter was issued with these facts, frozen; `template` names its text, `version` the exact version of it."""

    letter: str
    number: str
    template: str
    version: str
    facts_sha256: str = ""
    delegation: str | None = None
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class LetterRendered(Event):
    """The PDF of a letter exists, and the addressee can read it in the portal."""

    letter: str
    number: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidenceStored(Event):
    """A document was handed in."""

    evidence: str
    filename: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentRead(Event):
    """Somebody took a document or a letter out of a case."""

    document: str
    filename: str


@dataclass(frozen=True, slots=True)
class FindingRecorded(Event):
    """A visit or a review found something wrong."""

    finding: str
    criterion: str
    severity: str


@dataclass(frozen=True, slots=True)
class ActionPlanned(Event):
    """The operator says what it does about a finding."""

    action: str
    finding: str


@dataclass(frozen=True, slots=True)
class ActionVerified(Event):
    """Somebody other than its author looked whether a finding is corrected."""

    finding: str
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeRecorded(Event):
    """The holder of an authorisation told customs about a change or an incident."""

    authorisation: str
    kind: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OperatorRegistered(Event):
    """An operator was entered into the register, with what is known of it."""

    operator: str
    tax_id: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OperatorChanged(Event):
    """What the register says of an operator was changed: the values that differ, before and after."""

    operator: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SiteOpened(Event):
    """An operator works at a new place."""

    operator: str
    site: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class SiteClosed(Event):
    """An operator gave a place up."""

    operator: str
    site: str
    name: str
    address: str
