"""What of the record an actor may see at all: officers and auditors everything, others what concerns their operators."""

from typing import Final

from sqlalchemy import true
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from engine.work import Actor

OFFICERS: Final = frozenset({"intake_officer", "analyst", "validator", "committee", "director", "monitoring_officer"})
READERS: Final = OFFICERS | {"auditor"}


def to(
    actor: Actor, operator_id: InstrumentedAttribute[str | None] | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """The condition on a column with an operator's id that holds for what the actor may see."""
    return true() if actor.holds(*READERS) else operator_id.in_(actor.operators)
