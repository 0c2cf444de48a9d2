"""Moves of running cases to a newer release: who asked for which, who approved them, and how each case fared."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class Upgrade(Model):
    """Cases of one process that are to go on in the release `release_id`; `status` is asked, approved or left.

    `mapping` is from ids of elements and flows in the releases that the cases have to ids in the new one; `again` are
    elements whose due date or key is reckoned anew.
    """

    __tablename__ = "upgrade"

    id: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    mapping: Mapped[dict[str, object]]
    again: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    left_reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class UpgradeCase(Model):
    """One case of an upgrade; `status` is waiting, moved, refused, left or undone.

    `state` is the case's as it was before the move; `problems` say why it was refused, each as element, sentence and
    values; `leftover` keeps answers of drafts, by task, for which the new form has no field.
    """

    __tablename__ = "upgrade_case"

    upgrade_id: Mapped[str] = mapped_column(ForeignKey("upgrade.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    status: Mapped[str]
    problems: Mapped[list[object] | None]
    leftover: Mapped[dict[str, object] | None]
    moved_at: Mapped[datetime | None]
    state: Mapped[bytes | None] = mapped_column(deferred=True)
