"""What hangs on the lifecycle: types and sites asked for, hearings, bars, benefits, consents, partners, appeals, successors."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class ApplicationType(Model):
    """One of the types that an application asks for, decided by itself; `state` is asked, granted, refused or withdrawn."""

    __tablename__ = "application_type"
    __table_args__ = (UniqueConstraint("application_id", "type"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    type: Mapped[str]
    state: Mapped[str]
    decided_on: Mapped[date | None]
    reasons: Mapped[str] = mapped_column(Text, default="")
    authorisation_id: Mapped[str | None] = mapped_column(ForeignKey("authorisation.id"))


class ApplicationSite(Model):
    """A site that an application covers."""

    __tablename__ = "application_site"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)


class AuthorisationSite(Model):
    """From a day on a site is within an authorisation, or no longer; the last row that is valid on a day decides."""

    __tablename__ = "authorisation_site"

    id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"), index=True)
    site_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    included: Mapped[bool]
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Hearing(Model):
    """A right to be heard: what is intended on which grounds and documents, what was argued, what was answered.

    `act` is refuse, revoke, annul, restrict or amend; `outcome` is heard, silent or waived once it ended. `grounds` are
    objects with criterion and ground, `documents` what is relied on, `arguments` texts, `answers` texts in their order.
    """

    __tablename__ = "hearing"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    subject_id: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    grounds: Mapped[list[object]]
    documents: Mapped[list[object]]
    arguments: Mapped[list[str]]
    answers: Mapped[list[str]]
    opened_on: Mapped[date]
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Bar(Model):
    """Until when a person may not apply again to a programme, and why; only an appeal or a recorded act ends it earlier."""

    __tablename__ = "bar"
    __table_args__ = (Index("ix_bar_operator", "operator_id", "programme"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"))
    programme: Mapped[str]
    cause: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    authorisation_id: Mapped[str | None] = mapped_column(ForeignKey("authorisation.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[str | None]
    lifted_reason: Mapped[str] = mapped_column(Text, default="")


class BenefitEntry(Model):
    """A benefit was switched on or off; rows are only added. `never`: an annulment says that it was never due.

    `delivered_on` and `proof` are filled in once, when the system that applies the benefit confirmed it.
    """

    __tablename__ = "benefit_entry"

    id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"), index=True)
    code: Mapped[str]
    on: Mapped[bool]
    never: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    transition: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    delivered_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(Text, default="")


class DependentDecision(Model):
    """Another customs decision that rests on an authorisation; `state` is in_force, suspended, revoked or under_review."""

    __tablename__ = "dependent_decision"

    id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"), index=True)
    kind: Mapped[str]
    reference: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]


class DependentEffect(Model):
    """What an act about an authorisation, or about the decision itself, made of a dependent decision."""

    __tablename__ = "dependent_effect"

    id: Mapped[str] = mapped_column(primary_key=True)
    dependent_id: Mapped[str] = mapped_column(ForeignKey("dependent_decision.id"), index=True)
    act: Mapped[str]
    state: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))


class Consent(Model):
    """The holder said yes or no to publication or to mutual recognition; the last word counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_operator", "operator_id", "programme", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"))
    programme: Mapped[str]
    kind: Mapped[str]
    given: Mapped[bool]
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))


class PartnerMessage(Model):
    """What a partner of mutual recognition is told of an authorisation: never a reason, only its class.

    `message_id` is that of the mail by which it left; `failure` says why it did not.
    """

    __tablename__ = "partner_message"
    __table_args__ = (Index("ix_partner_message_authorisation", "authorisation_id", "partner"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"))
    partner: Mapped[str]
    status: Mapped[str]
    facts: Mapped[dict[str, object]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    resends: Mapped[str | None]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))


class Succession(Model):
    """One legal entity came after another; the bar goes with it until a person decides otherwise, with the reason."""

    __tablename__ = "succession"

    id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    successor_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    valid_from: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    freed_by: Mapped[str | None]
    freed_on: Mapped[date | None]
    freed_reason: Mapped[str] = mapped_column(Text, default="")


class Consultation(Model):
    """Another authority was asked about some criteria; `state` is open, answered or unanswered."""

    __tablename__ = "consultation"

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    authority: Mapped[str]
    criteria: Mapped[list[str]]
    question: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str]
    asked_on: Mapped[date]
    due_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")
    justification: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Appeal(Model):
    """An appeal against an act about an application or an authorisation; `state` is that of a measure.

    `act` is refused, suspended, revoked, annulled or amended; `stayed_on` is the day from which the act waits for the appeal.
    """

    __tablename__ = "appeal"

    id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    authorisation_id: Mapped[str | None] = mapped_column(ForeignKey("authorisation.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    act: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str]
    lodged_on: Mapped[date]
    stayed_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    effect_from: Mapped[date | None]
    created_at: Mapped[datetime]
