"""What is answered and judged by criterion and site, the risks seen, and the time given to corrective actions; only added to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class Answer(Model):
    """What the operator said about one criterion, at one site or ("") for the company; the newest row of a case counts.

    `self_score` is its own judgement from 0 to 3 (None: it does not apply); `set_version_id` is the version of the set of
    criteria by which it was asked.
    """

    __tablename__ = "criterion_answer"
    __table_args__ = (Index("ix_criterion_answer_of", "case_id", "criterion", "site"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    criterion: Mapped[str]
    site: Mapped[str] = mapped_column(default="")
    set_version_id: Mapped[str] = mapped_column(ForeignKey("resource_version.id"))
    answer: Mapped[str] = mapped_column(default="")
    narrative: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[str]] = mapped_column(default=list)
    self_score: Mapped[int | None]
    answered_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Score(Model):
    """How an officer judged one criterion, at one site or ("") for the company; the newest row of a case counts.

    `judgement` is the word or number chosen, `score` what it stands for from 0 (not met) to 3; `level` and `types` are those
    of the criterion in the version of the set by which it was judged.
    """

    __tablename__ = "criterion_score"
    __table_args__ = (Index("ix_criterion_score_of", "case_id", "criterion", "site"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    criterion: Mapped[str]
    site: Mapped[str] = mapped_column(default="")
    set_version_id: Mapped[str] = mapped_column(ForeignKey("resource_version.id"))
    level: Mapped[str]
    types: Mapped[list[str]] = mapped_column(default=list)
    judgement: Mapped[str]
    score: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    scored_by: Mapped[str]
    recorded_at: Mapped[datetime]


class Risk(Model):
    """One risk of a case's risk map (domain page §8); the map is what has the highest `round`.

    Impact and likelihood go from 1 to 5, before (inherent) and after (residual) the control; the bands, and whether the
    site is to be visited, are what the table of bands answered in the version `table_version_id`.
    """

    __tablename__ = "risk"
    __table_args__ = (Index("ix_risk_of", "case_id", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    round: Mapped[int]
    criterion: Mapped[str]
    site: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(Text)
    inherent_impact: Mapped[int]
    inherent_likelihood: Mapped[int]
    inherent_band: Mapped[str]
    control: Mapped[str] = mapped_column(Text, default="")
    residual_impact: Mapped[int]
    residual_likelihood: Mapped[int]
    residual_band: Mapped[str]
    visit: Mapped[bool]
    response: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    table_version_id: Mapped[str] = mapped_column(ForeignKey("resource_version.id"))
    assessed_by: Mapped[str]
    recorded_at: Mapped[datetime]


class ActionExtension(Model):
    """More time for a corrective action: the how-manieth time, from which day to which, and why."""

    __tablename__ = "action_extension"

    id: Mapped[str] = mapped_column(primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("action.id"), index=True)
    number: Mapped[int]
    due_before: Mapped[date | None]
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str]
    recorded_at: Mapped[datetime]
