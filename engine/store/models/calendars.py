"""Days on which a country or an office does otherwise than its calendar says; each is asked for, then approved."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.models.base import Model


class CalendarChange(Model):
    """One day of a calendar: closed, open all the same, or half; it counts for what is computed from a date on.

    `place` is a country or a part of one (`SV`, `SV-SS`), or empty; `office` the code of the one office that it is for, or empty
    for all. `closes_at` (`12:00`) is for half days. `status` is asked, approved or refused; an approved row never changes.
    """

    __tablename__ = "calendar_change"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(index=True)
    office: Mapped[str] = mapped_column(index=True)
    day: Mapped[date]
    kind: Mapped[str]
    name_es: Mapped[str]
    name_en: Mapped[str]
    closes_at: Mapped[str | None]
    reason: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date]
    status: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form
