"""Accounts, their roles, units and operators; who stands in for whom, what keeps somebody from a task, and log-ins."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.models.base import Model


class Account(Model):
    """A human being who may log in; `language` is `es` or `en`."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="es")
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    unit_id: Mapped[str | None]
    roles: Mapped[list["AccountRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    operators: Mapped[list["AccountOperator"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class Unit(Model):
    """A part of the office in which people work (`intake`), below another one or at the top."""

    __tablename__ = "unit"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))


class AccountRole(Model):
    """An account holds a role (`analyst`, `director`, `auditor`, …)."""

    __tablename__ = "account_role"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class AccountOperator(Model):
    """An account acts for an operator, from a day on, up to a day, by an act (none: without limit)."""

    __tablename__ = "account_operator"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    act: Mapped[str] = mapped_column(default="", server_default="")

    def holds(self, day: date) -> bool:
        """Whether the mandate runs on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class LoginSession(Model):
    """Somebody is logged in: the browser holds the token, the row holds only its SHA-256."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Absence(Model):
    """Somebody is away on these days of the office, the last included, and who stands in; `act` delegates an office.

    `ended_at`: it was called off.
    """

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_substitute", "substitute_id", "first_day", "last_day"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    act: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class ConflictOfInterest(Model):
    """Somebody's conflict of interest with an operator: declared, and in force until it is ended with a reason."""

    __tablename__ = "conflict"
    __table_args__ = (Index("ix_conflict_of", "account_id", "operator_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[str]
    declared_at: Mapped[datetime]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")


class Override(Model):
    """An exception from a rule that keeps duties apart, for one person and task: `status` asked, granted or refused.

    `reason` is the asker's, `answer` that of the second person who decides; `used_at` is when the task was done under it.
    """

    __tablename__ = "duty_override"
    __table_args__ = (Index("ix_duty_override_of", "task_id", "account_id"), Index("ix_duty_override_open", "status"))

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    rule: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(default="asked")
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    used_at: Mapped[datetime | None]
