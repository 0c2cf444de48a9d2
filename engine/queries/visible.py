"""What of the record an actor may see at all: auditors everything, officers all but drafts, others what is their operators'.

Of their own case, operators see what they did and what was shared with them, not how the office made up its mind.
"""

from typing import Final

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from engine.domain.notices import OPERATOR
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Actor
from engine.workflow import Element

OFFICERS: Final = frozenset(
    {"intake_officer", "analyst", "validator", "committee", "director", "monitoring_officer"}
    | {"legal_officer", "supervisor"}
)
AUDITOR: Final = "auditor"
READERS: Final = OFFICERS | {AUDITOR}
INSIDE: Final = (
    "ServiceFailed",
    "ServiceRetried",
    "IncidentRaised",
    "IncidentResolved",
    "CaseIntervened",
    "CriteriaScored",
    "RisksAssessed",
)  # the office's own
DRAFT: Final = "A0"  # a draft is the applicant's own; customs does not see it (domain page, A0)
SHARED: Final = "shared_with_operator"  # the property of a task by which a diagram shows its answers to the operator


def to(
    actor: Actor, operator_id: InstrumentedAttribute[str | None] | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """The condition on a column with an operator's id that holds for what the actor may see."""
    return true() if actor.holds(*READERS) else operator_id.in_(actor.operators)


def case(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that holds for those the actor may see."""
    mine = to(actor, models.Case.operator_id)
    return mine if actor.holds(AUDITOR) or not actor.holds(*OFFICERS) else and_(mine, models.Case.id.not_in(drafts()))


def drafts() -> Select[str]:
    """The ids of cases whose application is still a draft."""
    return (
        select(models.Case.id)
        .join(models.Application, models.Application.id == models.Case.application_id)
        .where(models.Application.state == DRAFT)
    )


def letters(actor: Actor) -> ColumnElement[bool]:
    """The condition on letters that holds for those the actor may see: operators see what is addressed to their own."""
    if actor.holds(*READERS):
        return true()
    return and_(models.Letter.operator_id.in_(actor.operators), models.Letter.audience == OPERATOR)


def answers(actor: Actor, element: Element | None) -> bool:
    """Whether the actor may read what was answered in the task: the office everything, operators theirs and what is shared."""
    if actor.holds(*READERS):
        return True
    return element is not None and (element.role in OPERATOR_ROLES or element.properties.get(SHARED) == "true")
