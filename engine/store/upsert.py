"""Inserting a row that somebody else may be inserting at this very moment."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.store.models import Model


def insert_if_absent(session: Session, model: type[Model], **values: object) -> bool:
    """Inserts the row unless its key exists (also in a transaction not yet committed: then it waits); True if it did."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model)
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    result = session.execute(make(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key))
    return result.first() is not None
