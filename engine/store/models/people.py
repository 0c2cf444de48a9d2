"""Accounts, their roles and operators, and the sessions of those who are logged in."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
    roles: Mapped[list["AccountRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    operators: Mapped[list["AccountOperator"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class AccountRole(Model):
    """An account holds a role (`analyst`, `director`, `auditor`, …)."""

    __tablename__ = "account_role"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class AccountOperator(Model):
    """An account acts for an operator (as preparer or signatory)."""

    __tablename__ = "account_operator"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), primary_key=True)


class LoginSession(Model):
    """Somebody is logged in: the browser holds the token, the row holds only its SHA-256."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
