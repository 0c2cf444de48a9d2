"""What hangs on the lifecycle: hearings, bars, benefits, consents, partners, dependent decisions, successors, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class StatusCorrected(Event):
    """A legal date was put right: the row stays as it was, a new one takes its place from now on."""

    subject: str
    subject_id: str
    state: str
    before: str
    valid_from: str
    reason: str


@dataclass(frozen=True, slots=True)
class ActDated(Event):
    """An act counts from an earlier day than the one on which it was recorded, and why."""

    subject_id: str
    act: str
    valid_from: str
    reason: str


@dataclass(frozen=True, slots=True)
class TypeDecided(Event):
    """One of the types of an application was granted or refused by itself."""

    application: str
    type: str
    outcome: str
    authorisation: str


@dataclass(frozen=True, slots=True)
class SitesChanged(Event):
    """A site came into an authorisation, or went out of it, from a day on."""

    authorisation: str
    site: str
    name: str
    included: bool
    valid_from: str


@dataclass(frozen=True, slots=True)
class HearingOpened(Event):
    """An adverse act is intended: what on which grounds, resting on which documents."""

    hearing: str
    subject_id: str
    act: str
    grounds: int
    documents: int


@dataclass(frozen=True, slots=True)
class HearingEnded(Event):
    """The party was heard with so many arguments, let the period pass, or waived the hearing."""

    hearing: str
    subject_id: str
    outcome: str
    arguments: int


@dataclass(frozen=True, slots=True)
class ArgumentsAnswered(Event):
    """The office answered arguments of a hearing."""

    hearing: str
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class BarStarted(Event):
    """A person may not apply again to a programme until the end of a day."""

    bar: str
    operator: str
    programme: str
    cause: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class BarLifted(Event):
    """A bar ended before its time, and why."""

    bar: str
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class BenefitSwitched(Event):
    """A benefit of an authorisation was switched on or off; `never`: it was never due."""

    authorisation: str
    benefit: str
    on: bool
    never: bool
    valid_from: str
    transition: str


@dataclass(frozen=True, slots=True)
class BenefitDelivered(Event):
    """The system that applies a benefit confirmed that it is on or off."""

    entry: str
    benefit: str
    proof: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded(Event):
    """The holder said yes or no to publication or to mutual recognition."""

    operator: str
    programme: str
    kind: str
    given: bool


@dataclass(frozen=True, slots=True)
class PartnerToBeTold(Event):
    """A message for a partner of mutual recognition was written."""

    message: str
    authorisation: str
    partner: str
    status: str


@dataclass(frozen=True, slots=True)
class PartnerTold(Event):
    """A message left for a partner."""

    message: str
    partner: str


@dataclass(frozen=True, slots=True)
class PartnerNotTold(Event):
    """A message did not leave for a partner, and why."""

    message: str
    partner: str
    reason: str


@dataclass(frozen=True, slots=True)
class PartnerAcknowledged(Event):
    """A partner confirmed a message."""

    message: str
    partner: str
    reference: str


@dataclass(frozen=True, slots=True)
class DependentRegistered(Event):
    """It became known that another customs decision rests on an authorisation."""

    dependent: str
    authorisation: str
    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class DependentReached(Event):
    """What an act made of a dependent decision."""

    dependent: str
    act: str
    state: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class SuccessionRecorded(Event):
    """A legal entity came after another; it must apply anew, and inherits the bar."""

    succession: str
    operator: str
    successor: str


@dataclass(frozen=True, slots=True)
class SuccessorFreed(Event):
    """Somebody decided that the bar of the predecessor does not hold for the successor, and why."""

    succession: str
    successor: str
    reason: str


@dataclass(frozen=True, slots=True)
class CommitteeConvened(Event):
    """The technical committee is asked for its opinion: how many seats, how many votes decide, whether that binds."""

    seats: int
    quorum: int
    binding: bool


@dataclass(frozen=True, slots=True)
class CommitteeClosed(Event):
    """The committee's vote on a proposal is closed; each vote is `{member, vote, reasons}`, the minority's included."""

    proposal: str
    opinion: str
    binding: bool
    votes: Sequence[object]


@dataclass(frozen=True, slots=True)
class ConsultationOpened(Event):
    """Another authority was asked."""

    consultation: str
    application: str
    authority: str
    due_on: str | None


@dataclass(frozen=True, slots=True)
class ConsultationClosed(Event):
    """The authority replied, or it was recorded why no reply came."""

    consultation: str
    state: str
    result: str


@dataclass(frozen=True, slots=True)
class TermRenewed(Event):
    """A certificate goes on after its term; empty where there is no end."""

    authorisation: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionMade(Event):
    """A certificate was amended: the new version takes the place of the old one; what changed, before and after."""

    authorisation: str
    replaces: str
    version: int
    changes: Sequence[object]
