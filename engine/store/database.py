"""One database, SQLite or PostgreSQL: how it is opened, and how a transaction begins on it."""

import time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from engine.store.transaction import Transaction, keep_order

OFFICE_ZONE: Final = "America/El_Salvador"
BUSY_SECONDS: Final = 30  # how long a writer waits for another on SQLite before it gives up
_ONLY_WHERE_TOLD: Final = 2**31  # uses before the driver prepares a query whose best plan hangs on its values
RESTED_SECONDS: Final = 1  # after which a connection to PostgreSQL is asked whether it lives before it is used
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}")


_LOST_ON_POSTGRESQL: Final = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available
_LOST_ON_SQLITE: Final = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED; the upper bytes of the code only say more


def lost_lock(error: DBAPIError) -> bool:
    """Whether the database gave up on this transaction only because another one was in its way."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in _LOST_ON_SQLITE
    return getattr(error.orig, "sqlstate", None) in _LOST_ON_POSTGRESQL


class Database:
    """A database by its URL, e.g. `sqlite:////var/lib/marchamo/marchamo.db` or `postgresql+psycopg:///marchamo`.

    `zone` is the office's time zone (IANA name): what "today" and "the end of the day" mean there.

    `writing()` and `reading()` open a transaction each; only `engine/work.py` does so.
    """

    def __init__(self, url: str | URL, zone: str = OFFICE_ZONE) -> None:
        self.url = make_url(url)
        self.zone = ZoneInfo(zone)
        self.on_sqlite = self.url.get_backend_name() == "sqlite"
        self.database: Engine = _sqlite(self.url) if self.on_sqlite else _postgresql(self.url)

    def writing(self) -> Transaction:
        """A transaction that may change rows; on SQLite no other can until it ends."""
        return Transaction(self.database, reads=False)

    def reading(self) -> Transaction:
        """A transaction in which the database refuses any change."""
        return Transaction(self.database, reads=True)

    def close(self) -> None:
        """Gives every pooled connection back to the server or the file."""
        self.database.dispose()


def _postgresql(url: URL) -> Engine:
    database = create_engine(url, pool_size=10, max_overflow=10, connect_args={"prepare_threshold": _ONLY_WHERE_TOLD})

    @event.listens_for(database, "connect")
    def _connect(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.autocommit = True  # we say BEGIN ourselves: the driver's own would be waited for

    keep_order(database)
    _ask_the_idle(database)
    return database


def _ask_the_idle(database: Engine) -> None:
    """A connection that rested is asked whether it still lives before it is used: one in use would have told."""

    @event.listens_for(database, "checkin")
    def _rests(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(database, "checkout")
    def _asked(connection: DBAPIConnection, record: ConnectionPoolEntry, _fairy: PoolProxiedConnection) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) < RESTED_SECONDS:
            return
        try:
            database.dialect.do_ping(connection)
        except database.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool opens another one


def _sqlite(url: URL) -> Engine:
    database = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(database, "connect")
    def _connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: the driver's own would start too late to lock
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    keep_order(database)
    return database
