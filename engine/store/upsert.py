"""Inserting a row that somebody else may be inserting at this very moment."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from engine.store.models import Model
from engine.store.prepared import Prepared
from engine.store.transaction import Transaction


def insert_if_absent(transaction: Transaction, model: type[Model], **values: object) -> bool:
    """Inserts the row unless its key exists (also in a transaction not yet committed: then it waits); True if it did."""
    whole = {**_usual(model), **values}
    return bool(_statement(model, tuple(whole), transaction.dialect.name).rows(transaction, **whole))


@cache
def _usual(model: type[Model]) -> Mapping[str, object]:
    """What stands in a column for which no value is given: a prepared statement works out no default by itself."""
    found = {column.name: column.default for column in model.__table__.columns if column.default is not None}
    return {name: default.arg for name, default in found.items() if isinstance(default, ScalarElementColumnDefault)}


@cache
def _statement(model: type[Model], names: tuple[str, ...], dialect: str) -> Prepared:
    """Built once for each set of columns: building it costs more than executing it."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model)
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in names}
    return Prepared(make(table).values(values).on_conflict_do_nothing().returning(*table.primary_key))
