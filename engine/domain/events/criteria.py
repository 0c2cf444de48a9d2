"""Facts of what is answered and judged by criterion and site, of the risks seen, and of time given to corrective actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class CriteriaAnswered(Event):
    """The operator's answers: criterion, site ("" for the company), answer, self-score; by these versions of the sets."""

    answers: Sequence[Sequence[object]]
    versions: Sequence[str]


@dataclass(frozen=True, slots=True)
class CriteriaScored(Event):
    """An officer's judgements: criterion, site, what was chosen, score from 0 to 3; by these versions of the sets."""

    scores: Sequence[Sequence[object]]
    versions: Sequence[str]


@dataclass(frozen=True, slots=True)
class RisksAssessed(Event):
    """A risk map: criterion, site, inherent and residual band of each risk, by a version of the table of bands."""

    round: int
    risks: Sequence[Sequence[object]]
    highest_band: str
    table_version: str


@dataclass(frozen=True, slots=True)
class FindingExplained(Event):
    """Why a finding came to be: its root cause, in the operator's words."""

    finding: str
    root_cause: str


@dataclass(frozen=True, slots=True)
class ActionExtended(Event):
    """A corrective action has more time, for the how-manieth time, and why."""

    action: str
    finding: str
    number: int
    due_before: str | None
    due_on: str
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceDated(Event):
    """The last day on which a document proves anything; None: it has none."""

    evidence: str
    filename: str
    expires_on: str | None
