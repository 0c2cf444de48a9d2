"""Running cases and what can be seen of them without loading their state: tasks, waits, messages, incidents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class Incident(Model):
    """A case that cannot go on by itself: what failed, where, who can mend it and how, and who did.

    `message` is a sentence with places for `params`, translated where it is shown; `owner` is a role, `remedy` the name of
    what to do; `task_id` is the token that stands still.
    """

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "resolved_at", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    outbox_id: Mapped[str | None]
    element: Mapped[str] = mapped_column(default="")
    cause: Mapped[str]
    message: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, object] | None]
    task_id: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="administrator")
    remedy: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    resolution: Mapped[str | None] = mapped_column(Text)


class Case(Model):
    """One running process. `state` is the engine's, in the codec of `engine/workflow`; nobody else reads it.

    `revision` grows by one with every command; `status` is active, completed, cancelled or failed.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_status_updated_at", "status", "updated_at"),
        Index("ix_cases_updated_at", "updated_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    process: Mapped[str] = mapped_column(index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    title: Mapped[str] = mapped_column(default="", index=True)
    status: Mapped[str]
    phase: Mapped[str] = mapped_column(default="")
    operator_id: Mapped[str | None] = mapped_column(ForeignKey("operator.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    authorisation_id: Mapped[str | None] = mapped_column(ForeignKey("authorisation.id"), index=True)
    started_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()
    state: Mapped[bytes] = mapped_column(deferred=True)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class Task(Model):
    """A human task; `id` is the engine's. `status` is open, done or cancelled.

    `release_id` is the release in which it is open or was ended: its form and element are those. `counts_as` is the
    element that stands for it since its case was moved to a release that calls it otherwise. `duty` is what the law sees
    in it (words of `domain/duties`, with spaces), `unit` whose it is where a diagram says so, `about` the account of whom it is about, `done_for` the absent person
    in whose place it was done.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_inbox_role", "status", "role", "assignee_id", "due_at"),
        Index("ix_task_inbox_person", "status", "assignee_id", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    element: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    role: Mapped[str]
    form: Mapped[str]
    status: Mapped[str]
    phase: Mapped[str] = mapped_column(default="")
    operator_id: Mapped[str | None] = mapped_column(index=True)
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    viewed_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    draft: Mapped[dict[str, object] | None] = mapped_column(deferred=True)
    draft_by: Mapped[str | None]
    draft_at: Mapped[datetime | None]
    release_id: Mapped[str] = mapped_column(default="")
    counts_as: Mapped[str | None]
    duty: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    about: Mapped[str | None]
    done_for: Mapped[str | None]


class Wait(Model):
    """What a case waits for: a timer (`due_at`), or a message or signal (`name`, `key`).

    `since` is when it began to wait; none for what waited already when the release came that keeps it.
    """

    __tablename__ = "wait"
    __table_args__ = (Index("ix_wait_due", "kind", "due_at"), Index("ix_wait_event", "kind", "name", "key"))

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    task_id: Mapped[str]
    element: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(default="")
    clock: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None]


class StartTimer(Model):
    """A timer that starts cases of a process: when the next is due, and how it goes on (as in a case's own timers).

    The rows of a process are those of its current diagram; another version of the diagram replaces them.
    """

    __tablename__ = "start_timer"
    __table_args__ = (UniqueConstraint("process", "element"), Index("ix_start_timer_due", "due_at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str]
    element: Mapped[str]
    due_at: Mapped[datetime]
    every: Mapped[str] = mapped_column(default="")
    times: Mapped[int | None]
    counted_from: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


class StartKey(Model):
    """The case of a process that a message with this key started: while it is active, no second one is started with it."""

    __tablename__ = "start_key"

    process: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)


class Message(Model):
    """A message that arrived, by its own id (a second arrival is no second message); it waits until somebody waits for it.

    `status` is waiting, delivered, expired, dropped (it was not to be kept) or discarded (somebody decided so).
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_waiting", "status", "name", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, object]]
    status: Mapped[str]
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)


class Watch(Model):
    """How far the watchdog has looked: all cases up to `place` in its round over all, and what changed until `looked_at`.

    `since` is when it began to look without a longer break: what came due before was nobody's fault but the break's.
    """

    __tablename__ = "watch"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(default="")
    looked_at: Mapped[datetime]
    since: Mapped[datetime]
