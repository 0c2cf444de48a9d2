"""What all tables share: ids as text, instants in UTC, JSON as text, names of constraints."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Dialect, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as UTC on both databases; a naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        """Writes UTC; on SQLite as SQLAlchemy writes an instant without zone, which takes it three times as long."""
        as_text = dialect.name == "sqlite"

        def write(value: datetime | None) -> object:
            if value is None:
                return None
            if value.tzinfo is None:
                message = "an instant needs a time zone"
                raise ValueError(message)
            value = value.astimezone(UTC)
            return value.replace(tzinfo=None).isoformat(" ", "microseconds") if as_text else value

        return write

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Reads UTC."""
        del coltype
        as_text = dialect.name == "sqlite"

        def read(value: Any) -> datetime | None:
            if value is None:
                return None
            found: datetime = datetime.fromisoformat(value) if as_text else value
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

        return read


class Model(DeclarativeBase):
    """A row of Marchamo."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: String(255),
        datetime: UtcDateTime(),
        date: Date(),
        bytes: LargeBinary(),
        dict[str, object]: JSON(),
        list[str]: JSON(),
        list[object]: JSON(),
    }
