"""What process owners edit: resources, their immutable versions, and the releases that pin them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.models.base import Model


class Resource(Model):
    """A process, form, letter, criteria set, programme or decision, by its key (`application`, `check_admissibility`).

    `offered_sha256` is the text that came with Marchamo last; `newer`: it has changed since the office made the resource
    its own, and nobody of the office has published another version since.
    """

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str]
    offered_sha256: Mapped[str] = mapped_column(default="")
    newer: Mapped[bool] = mapped_column(default=False)


class ResourceVersion(Model):
    """One text of a resource: draft → submitted → published, or returned; a published one never changes.

    `number` is given at publication and counts 1, 2, 3 … per resource.
    """

    __tablename__ = "resource_version"
    __table_args__ = (UniqueConstraint("resource_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resource.id"), index=True)
    number: Mapped[int | None]
    status: Mapped[str] = mapped_column(index=True)
    content: Mapped[bytes]
    sha256: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    based_on: Mapped[str | None] = mapped_column(ForeignKey("resource_version.id"))
    author_id: Mapped[str]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    returned_reason: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()
    resource: Mapped[Resource] = relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own declarative form


class Release(Model):
    """A process as it runs: one published version of it with everything it refers to, pinned.

    A new release is made whenever the process or anything it pins is published; new cases take the current one.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("process", "number"),
        Index(
            "uq_release_current",
            "process",
            unique=True,
            sqlite_where=text("current = 1"),
            postgresql_where=text("current"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str]
    number: Mapped[int]
    current: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    pins: Mapped[list["Pin"]] = relationship(lazy="selectin")


class Pin(Model):
    """A release uses exactly this version of that resource; a process is named by its own id, not by that of its file."""

    __tablename__ = "pin"

    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("resource_version.id"), index=True)
    version: Mapped[ResourceVersion] = relationship()
