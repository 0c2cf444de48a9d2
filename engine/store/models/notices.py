"""What makes a letter hold: how it reached its addressee, who was empowered to sign it, and what was certified."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class Delivery(Model):
    """One way by which a letter goes to its addressee: `channel` portal, mail or paper.

    `state` is queued, sent, delivered or failed. `message_id` is that of the mail, the same however often it is tried;
    `read_at` is when somebody of the addressee first opened it in the portal.
    """

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), index=True)
    channel: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Delegation(Model):
    """The competent authority lets somebody sign certain letters for it, from a day to a day, by an act of its own.

    `templates` are codes (`D15`); an empty list stands for every letter of the programme.
    """

    __tablename__ = "delegation"

    id: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    templates: Mapped[list[str]]
    act: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date]
    granted_by: Mapped[str]
    created_at: Mapped[datetime]
    ended_on: Mapped[date | None]


class Certificate(Model):
    """One version of what is certified: the facts as canonical JSON, and the Ed25519 signature over them."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("authorisation_id", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str] = mapped_column(ForeignKey("authorisation.id"), index=True)
    version: Mapped[int]
    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), unique=True)
    facts: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"))
    signature: Mapped[str | None]
    signed_at: Mapped[datetime | None]


class SigningKey(Model):
    """A public key with which certificates were signed; its id is the beginning of its SHA-256."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    first_used_at: Mapped[datetime]
