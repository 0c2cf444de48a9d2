"""A database with nobody in between: the driver's own connection, as durable as the product's. Knows nothing of us."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from sqlalchemy import make_url

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")  # as engine/store/database.py sets them

Connection = sqlite3.Connection | psycopg.Connection


def connect(url: str) -> Connection:
    """A connection that begins and commits only where it is told to."""
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        host = str(target.query["host"])
        return psycopg.connect(host=host, user=target.username, dbname=target.database, autocommit=True)
    connection = sqlite3.connect(str(target.database), timeout=30, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """One transaction; SQLite takes its lock at once."""
    connection.execute("BEGIN IMMEDIATE" if isinstance(connection, sqlite3.Connection) else "BEGIN")
    yield
    connection.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class _Words:
    make: str
    load: str
    save: str
    new: str


_SQLITE: Final = _Words(
    make="CREATE TABLE IF NOT EXISTS bench_state (id TEXT PRIMARY KEY, state BLOB NOT NULL)",
    load="SELECT state FROM bench_state WHERE id = ?",
    save="UPDATE bench_state SET state = ? WHERE id = ?",
    new="INSERT INTO bench_state (state, id) VALUES (?, ?)",
)
_POSTGRESQL: Final = _Words(
    make="CREATE TABLE IF NOT EXISTS bench_state (id TEXT PRIMARY KEY, state BYTEA NOT NULL)",
    load="SELECT state FROM bench_state WHERE id = %s FOR UPDATE",
    save="UPDATE bench_state SET state = %s WHERE id = %s",
    new="INSERT INTO bench_state (state, id) VALUES (%s, %s)",
)


class States:
    """One table with the state of each case, and nothing else: load it, save it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._words = _SQLITE if isinstance(connection, sqlite3.Connection) else _POSTGRESQL
        connection.execute(self._words.make)

    def load(self, name: str) -> bytes:
        """The state of a case, locked."""
        row = self.connection.execute(self._words.load, (name,)).fetchone()
        assert row is not None
        return bytes(row[0])

    def save(self, name: str, state: bytes) -> None:
        """Keeps the state of a case."""
        self.connection.execute(self._words.save, (state, name))

    def new(self, name: str, state: bytes) -> None:
        """Keeps the first state of a case."""
        with transaction(self.connection):
            self.connection.execute(self._words.new, (state, name))
