"""The kinds of facts that history keeps. A released class never changes: add a field with a default, or write a V2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the class name is its type in the history."""


@dataclass(frozen=True, slots=True)
class CaseStarted(Event):
    """A case began, by hand or by a message, a signal or the timer of an element."""

    process: str
    number: str
    release: int
    data: Mapping[str, object] = field(default_factory=dict)
    message: str | None = None
    signal: str | None = None
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class TokensMoved(Event):
    """What the engine did in one command: BPMN elements entered, completed, cancelled or fired, in order."""

    steps: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseCompleted(Event):
    """A case reached its end; `ends` are the end events it passed."""

    ends: Sequence[str]


@dataclass(frozen=True, slots=True)
class CaseCancelled(Event):
    """A case was ended by hand, with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class TaskClaimed(Event):
    """Somebody took a task."""

    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskReleased(Event):
    """Somebody gave a task back to its role."""

    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskCompleted(Event):
    """A task was done: `answers` as checked, `before` the same fields as they were."""

    task: str
    element: str
    answers: Mapping[str, object]
    before: Mapping[str, object]
    opened_at: str
    viewed_at: str | None = None
    claimed_at: str | None = None
    due_at: str | None = None
    form_version: str | None = None


@dataclass(frozen=True, slots=True)
class TimerFired(Event):
    """A timer came due: when it was planned for, and what it was tied to."""

    elements: Sequence[str]
    planned: Sequence[str]


@dataclass(frozen=True, slots=True)
class TimerMoved(Event):
    """A legal clock moved, and its timers with it."""

    clock: str
    due_at: str


@dataclass(frozen=True, slots=True)
class TimerPostponed(Event):
    """Somebody moved a timer by hand, with a reason."""

    element: str
    before: str
    due_at: str
    reason: str


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
class DecisionMade(Event):
    """A decision answered a business rule task: in which version, on what, which rules matched and why, what it found.

    `matched` is a list of rules in order, each with its table (`decision`, `name`, `name_en`, `policy`), its number
    (`rule`), `because` (column, value, test), `answers` by column and `notes`.
    """

    decision: str
    element: str
    name: str
    name_en: str
    version: str
    number: int
    inputs: Mapping[str, object]
    matched: Sequence[Mapping[str, object]]
    outputs: object


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


@dataclass(frozen=True, slots=True)
class UpgradeAsked(Event):
    """A process owner asked that running cases go on in a newer release."""

    upgrade: str
    release: int
    cases: Sequence[str]
    mapping: Mapping[str, str]
    again: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True)
class UpgradeApproved(Event):
    """A second process owner let the cases move."""

    upgrade: str


@dataclass(frozen=True, slots=True)
class UpgradeLeft(Event):
    """A move of cases was given up; those that had moved stay where they are."""

    upgrade: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseUpgraded(Event):
    """A case went over from one release (`before`, its number) to another; `unplaced` are answers of drafts, by task.

    `mapping` says what elements are called now, `again` which due dates were reckoned anew. Two people are named.
    """

    upgrade: str
    before: int
    after: int
    mapping: Mapping[str, str]
    again: Sequence[str]
    reason: str
    asked_by: str
    approved_by: str
    unplaced: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseUpgradeUndone(Event):
    """A moved case went back to the release in which it was, as it was."""

    upgrade: str
    before: int
    after: int
    reason: str
