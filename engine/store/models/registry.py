"""The registry: operators, applications, authorisations, measures, findings and legal clocks, with their history."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.models.base import Model


class Operator(Model):
    """An economic operator; `tax_id` is the national one (NIT in El Salvador).

    `language` is the one in which it is written to (None: that of the programme).
    """

    __tablename__ = "operator"

    id: Mapped[str] = mapped_column(primary_key=True)
    tax_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    address: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="SV")
    language: Mapped[str | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()
    sites: Mapped[list["Site"]] = relationship(back_populates="operator")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class Site(Model):
    """A place where the operator works."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(Text, default="")
    operator: Mapped[Operator] = relationship(back_populates="sites")


class Application(Model):
    """A request for one or several types; `state` is A0 to A16 of `engine.domain.states`. Dates are legal facts."""

    __tablename__ = "application"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    programme: Mapped[str]
    types: Mapped[list[str]]
    state: Mapped[str] = mapped_column(index=True)
    submitted_on: Mapped[date | None]
    complete_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class Authorisation(Model):
    """A certificate of one type that was granted; `state` is B0 to B13. It lives on when the application's case has ended.

    A new version names the one that it `replaces_id`; `suspended_parts` are types within its type that are suspended.
    """

    __tablename__ = "authorisation"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    programme: Mapped[str]
    type: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    benefits_on: Mapped[bool] = mapped_column(default=False)
    granted_on: Mapped[date]
    effective_on: Mapped[date]
    expires_on: Mapped[date | None]
    next_review_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    bar_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[str | None] = mapped_column(index=True)
    suspended_parts: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class StatusChange(Model):
    """One move of one of the three state machines: valid from a legal date, recorded at an instant; never changed.

    A wrong date is put right by a new row that `corrects_id` the old one.
    """

    __tablename__ = "status_change"
    __table_args__ = (Index("ix_status_change_subject", "subject", "subject_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    subject_id: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    transition: Mapped[str]
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[str | None] = mapped_column(index=True)


class Measure(Model):
    """A suspension, a corrective plan or a renewal of an authorisation: ground, period, and how it ended.

    `criteria` are those that are in doubt or lost, `parts` the types within the certificate's type that they reach.
    """

    __tablename__ = "measure"

    id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]
    ground: Mapped[str]
    reasons: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None]
    criteria: Mapped[list[str]] = mapped_column(default=list)
    parts: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Finding(Model):
    """Something a visit or a review found wrong; `severity` is observation, minor, major or critical.

    `closed_on` is the office's day on which its correction was verified, `root_cause` why it came to be.
    """

    __tablename__ = "finding"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    criterion: Mapped[str]
    site: Mapped[str] = mapped_column(default="")
    severity: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    author_id: Mapped[str]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    root_cause: Mapped[str] = mapped_column(Text, default="")
    actions: Mapped[list["Action"]] = relationship(back_populates="finding")


class Action(Model):
    """What the operator does about a finding; its verifier is never its author."""

    __tablename__ = "action"

    id: Mapped[str] = mapped_column(primary_key=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    extensions: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str]
    author_id: Mapped[str]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finding: Mapped[Finding] = relationship(back_populates="actions")


class LegalClock(Model):
    """A period set by law: start + base + Σ additions. `state` is running, waiting, met, expired or stopped.

    `due_on` is its last day, `due_at` the instant at which that day is over in the office's zone; `waits_since` is the day
    from which it waits. How it came to that day stands in its sums, none of which is ever overwritten. `at_receipt`: it
    starts when a letter is received; `notice_id` is that letter, once it was issued. `runs_out_at`: nobody has to end it,
    the law does (an act becomes firm); that is done then, none while it does not run or where an act ends it.
    """

    __tablename__ = "legal_clock"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    subject_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    state: Mapped[str]
    starts_on: Mapped[date]
    base: Mapped[int]
    unit: Mapped[str]
    legal_basis: Mapped[str] = mapped_column(Text)
    legal_basis_en: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    waits_since: Mapped[date | None]
    at_receipt: Mapped[bool] = mapped_column(default=False)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), index=True)
    ended_on: Mapped[date | None]
    runs_out_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    additions: Mapped[list["ClockAddition"]] = relationship(
        back_populates="clock", order_by="ClockAddition.number, ClockAddition.recorded_at, ClockAddition.id"
    )
    sums: Mapped[list["ClockSum"]] = relationship(order_by="ClockSum.number")


class ClockAddition(Model):
    """Days added to a clock: on what legal basis, by which notice, told when; `due_before` was its last day until then.

    `kind` names the rule of the programme by which they were added (`extension`), or is `wait` for days that it waited.
    `late` ones came after the last day: the record keeps them, the sum does not.
    """

    __tablename__ = "clock_addition"

    id: Mapped[str] = mapped_column(primary_key=True)
    clock_id: Mapped[str] = mapped_column(ForeignKey("legal_clock.id"), index=True)
    number: Mapped[int] = mapped_column(default=0)
    days: Mapped[int]
    unit: Mapped[str] = mapped_column(default="calendar")
    legal_basis: Mapped[str] = mapped_column(Text)
    legal_basis_en: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(default="")
    due_before: Mapped[date | None]
    late: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"))
    notified_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
    clock: Mapped[LegalClock] = relationship(back_populates="additions")


class ClockSum(Model):
    """How the last day of a clock was found at one moment, by which release's law and why; only added to.

    `lines` are objects of what, count, unit, day, and the id of the addition; the newest sum is the one in force.
    """

    __tablename__ = "clock_sum"

    id: Mapped[str] = mapped_column(primary_key=True)
    clock_id: Mapped[str] = mapped_column(ForeignKey("legal_clock.id"), index=True)
    number: Mapped[int]
    why: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime]
    lines: Mapped[list[object]]
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    recorded_at: Mapped[datetime]
    actor_id: Mapped[str]
