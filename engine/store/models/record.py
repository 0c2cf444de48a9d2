"""Evidence: the history and its chains, documents, letters, what leaves the house, and keys seen once."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.models.base import Model
from engine.store.models.notices import Delivery


class Stream(Model):
    """The end of one hash chain (of a case, an operator, a resource, the accounts …): where the next event is tied on."""

    __tablename__ = "stream"

    id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


class Event(Model):
    """One fact of the history. Append-only: triggers of both databases refuse any change or deletion.

    `data` is the exact canonical JSON that was hashed; `hash` ties it to the event before it in its stream.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("stream", "seq"), Index("ix_event_case", "case_id", "id"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    stream: Mapped[str]
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str] = mapped_column(index=True)
    actor_name: Mapped[str]
    type: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"))
    release_id: Mapped[str | None]
    data: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class Asking(Model):
    """How often somebody without an account asked lately: in the `minute` (since 1970) that it was last, and in the one before.

    `who` is a keyed hash of the address: the table tells nobody who asked.
    """

    __tablename__ = "asking"

    who: Mapped[str] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(index=True)
    count: Mapped[int]
    before: Mapped[int]


class Command(Model):
    """An idempotency key that was used, and the answer it got."""

    __tablename__ = "command"

    key: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)


class Outbox(Model):
    """What leaves the house, or happens after the transaction: a letter to render, a mail, a message to another case.

    A worker holds it by a lease until `leased_until`; `lease` fences off a worker that woke up too late.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "done_at", "next_attempt_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    payload: Mapped[dict[str, object]]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class NumberSeries(Model):
    """A series of numbers without gaps: the last one given in that year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Blob(Model):
    """The bytes of a document, by their SHA-256."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)


class Evidence(Model):
    """A document that somebody handed in with a case, and the form field it answers."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_expiry", "expires_on"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    operator_id: Mapped[str | None] = mapped_column(index=True)
    field: Mapped[str] = mapped_column(default="")
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    expires_on: Mapped[date | None]
    blob: Mapped[Blob] = relationship()


class Letter(Model):
    """A notice: its facts are frozen when it is issued, its PDF is rendered by the worker and never again.

    `audience` is whom it is for: operator, authority (another one), or internal (the office alone). `status` is issued,
    notified, or filed (what is internal). `code` opens the public check, `facts_sha256` is the hash of what it says,
    `received_on` the day on which it counts as received, `corrects_id` the letter that it takes the place of.
    """

    __tablename__ = "letter"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    operator_id: Mapped[str | None] = mapped_column(index=True)
    authorisation_id: Mapped[str | None] = mapped_column(ForeignKey("authorisation.id"), index=True)
    template: Mapped[str]
    audience: Mapped[str] = mapped_column(default="operator", server_default="operator")
    version_id: Mapped[str] = mapped_column(ForeignKey("resource_version.id"))
    facts: Mapped[dict[str, object]]
    facts_sha256: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="es")
    delegation_id: Mapped[str | None] = mapped_column(ForeignKey("delegation.id"))
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("letter.id"), index=True)
    status: Mapped[str]
    issued_at: Mapped[datetime]
    rendered_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    received_on: Mapped[date | None]
    sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    deliveries: Mapped[list[Delivery]] = relationship(order_by=Delivery.id)
