"""One transaction: prepared statements run on it as they are, and a session is there for whoever asks for one.

A session costs more than all statements of a command (measured: 0.2 ms to open, commit and close it), and the commands
that everybody waits for need none: what they read is loaded as it is (`loaded`), what they write is prepared (`rows`).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.pool import PoolProxiedConnection

from engine.store.models import Model

ON_IT: Final = "the transaction on this connection"
READS: Final = "whether what begins on this connection only reads"
Check = Callable[[int], None]


_BEGIN: Final = {  # by dialect, and whether it only reads
    ("sqlite", False): "BEGIN IMMEDIATE",
    ("sqlite", True): "BEGIN",
    ("postgresql", False): "BEGIN",
    ("postgresql", True): "BEGIN READ ONLY",
}


@dataclass(eq=False, slots=True)
class Sent:
    """A statement that was given to the database or waits for it; `cursor` has what came of it."""

    text: str
    parameters: Any = ()
    check: Check | None = None
    cursor: Any = None


class Transaction:
    """A transaction that begins with its first statement; whoever opened it closes it, which undoes what it did not commit.

    PostgreSQL is not waited for statement by statement: what begins the transaction, what is only written, what is asked
    ahead, and what commits wait for the next question and travel with it (measured: 0.06 ms a wait, five times a command).
    """

    def __init__(self, database: Engine, *, reads: bool) -> None:
        self.dialect: Dialect = database.dialect
        self.waits = database.dialect.name == "postgresql"
        self.waiting: list[Sent] = []
        self.ahead: dict[object, Sent] = {}
        self.locked: set[Model] = set()  # whose rows nobody else can have changed since they were read
        self._database, self._reads = database, reads
        self._pooled: PoolProxiedConnection | None = None
        self._driver: Any = None
        self._connection: Connection | None = None
        self._session: Session | None = None
        self._held: dict[tuple[type[Model], object], Model] = {}

    def ask(self, text: str, parameters: Any) -> Sent:
        """A statement whose rows `answer` gives; several may be asked before the first is answered."""
        self._begun()
        sent = Sent(text, parameters)
        if self.waits:
            self.waiting.append(sent)
        else:
            self._execute(sent)
        return sent

    def answer(self, sent: Sent) -> list[tuple[Any, ...]]:
        """The rows of what was asked, as the driver gives them."""
        if sent.cursor is None:
            self.send()
        found: list[tuple[Any, ...]] = sent.cursor.fetchall()
        sent.cursor.close()
        return found

    def write(self, text: str, parameters: Any, check: Check | None = None) -> None:
        """Writes at once where asking costs nothing (SQLite), else together with what follows.

        A list of parameters is executed once for each. `check` is told how many rows there were, as soon as that is known.
        """
        sent = self.ask(text, parameters)
        sent.check = check
        self.ahead.clear()  # it may not be true any more
        if not self.waits:
            _tell(sent)

    def send(self) -> None:
        """Gives the database what waits, in its order, and waits once for all of it."""
        if not self.waiting:
            return
        sent, self.waiting = self.waiting, []
        if len(sent) == 1:
            self._execute(sent[0])
        else:
            self._execute_all(sent)
        for one in sent:
            if one.check is not None:
                _tell(one)

    def _execute_all(self, several: list[Sent]) -> None:
        try:
            with self._driver.pipeline():
                for one in several:
                    self._execute(one)
        except self.dialect.loaded_dbapi.Error as error:
            refuse(self.dialect, error, several[0].text)

    def _execute(self, sent: Sent) -> None:
        cursor = sent.cursor = self._driver.cursor()
        try:
            if isinstance(sent.parameters, list):
                cursor.executemany(sent.text, sent.parameters)
            elif self.waits:
                cursor.execute(sent.text, sent.parameters, prepare=True)
            else:
                cursor.execute(sent.text, sent.parameters)
        except self.dialect.loaded_dbapi.Error as error:
            refuse(self.dialect, error, sent.text, sent.parameters)

    @property
    def session(self) -> Session:
        """The session of this transaction, opened when it is first asked for; it knows the objects that were loaded."""
        if self._session is None:
            self._begun()
            self._connection = Connection(self._database, self._pooled)
            self._connection.begin()
            self._session = Session(self._connection, expire_on_commit=False, autoflush=not self._reads)
            self._session.add_all(self._held.values())
            self._held.clear()
        return self._session

    def held(self, model: type[Model], key: object) -> Any | None:
        """The object that stands for the row with this id, if one was loaded."""
        if self._session is None:
            return self._held.get((model, key))
        return self._session.identity_map.get(self._session.identity_key(model, key))

    def hold(self, row: Model, key: object) -> None:
        """Keeps an object as it is in the database (detached, as SQLAlchemy says): changes to it will be written."""
        if self._session is None:
            self._held[type(row), key] = row
        else:
            self._session.add(row)

    def forget(self, model: type[Model], key: object) -> None:
        """Holds the object of this row no longer, if one was loaded."""
        if self._session is None:
            self._held.pop((model, key), None)
        elif (row := self.held(model, key)) is not None:
            self._session.expunge(row)

    def flush(self) -> None:
        """Writes what was changed in objects."""
        if self._session is not None or any(instance_state(row).modified for row in self._held.values()):
            self.session.flush()

    def commit(self) -> None:
        """Makes lasting all that was written."""
        self.flush()
        if self._pooled is None:
            return
        if any(one.check is not None for one in self.waiting):
            self.send()  # what may still turn out wrong is not committed in the same breath
        if self.waits:
            self.waiting.append(Sent("COMMIT"))
            self.send()
            return
        try:
            self._pooled.commit()
        except self.dialect.loaded_dbapi.Error as error:
            refuse(self.dialect, error, "COMMIT")

    def close(self) -> None:
        """Gives the connection back; what was not committed is undone."""
        self.waiting.clear()
        if self._session is not None:
            self._session.close()
        if self._pooled is not None:
            self._pooled.info.pop(ON_IT, None)
            if self._reads and self.waits:  # after a ROLLBACK its driver would prepare every statement anew
                with suppress(self.dialect.loaded_dbapi.Error):  # of a connection that broke: the pool sees to it
                    self._pooled.commit()
            (self._connection or self._pooled).close()

    def _begun(self) -> None:
        if self._pooled is not None:
            return
        try:
            pooled = self._database.raw_connection()
            try:
                self._begin(pooled, pooled.driver_connection)
            except BaseException:
                pooled.close()
                raise
        except self.dialect.loaded_dbapi.Error as error:
            refuse(self.dialect, error)
        self._pooled = pooled

    def _begin(self, pooled: PoolProxiedConnection, driver: Any) -> None:
        """Tells the connection to begin, and whether what begins only reads."""
        begin = _BEGIN[self.dialect.name, self._reads]
        if self.waits:
            self.waiting.append(Sent(begin))
        else:
            _only_reads(pooled, reads=self._reads)
            driver.execute(begin).close()
        pooled.info[ON_IT], self._driver = self, driver


def _only_reads(pooled: PoolProxiedConnection, *, reads: bool) -> None:
    """Says to SQLite whether what begins next on a connection only reads: it goes by that until told otherwise."""
    driver: Any = pooled.driver_connection
    if pooled.info.get(READS, False) is not reads:
        driver.execute(f"PRAGMA query_only = {'ON' if reads else 'OFF'}").close()
        pooled.info[READS] = reads


def _tell(sent: Sent) -> None:
    changed: int = sent.cursor.rowcount
    sent.cursor.close()
    if sent.check is not None:
        sent.check(changed)


def refuse(dialect: Dialect, error: Exception, text: str | None = None, parameters: Any = None) -> NoReturn:
    """Raises what SQLAlchemy would raise for an error of the driver."""
    base = dialect.loaded_dbapi.Error
    raise DBAPIError.instance(text, parameters, error, base, dialect=dialect) from error


def keep_order(database: Engine) -> None:
    """Sees to it that what waits is written before anything else is executed, and is forgotten where it is undone.

    Whoever begins on a connection past our transactions (a migration) may write, whatever was done on it before.
    """
    on_sqlite = database.dialect.name == "sqlite"

    def begin(connection: Connection) -> None:
        if ON_IT in connection.info:  # a transaction of ours has begun
            return
        if on_sqlite:
            _only_reads(connection.connection, reads=False)
        connection.exec_driver_sql(_BEGIN[database.dialect.name, False])

    def send(connection: Connection, *_more: object) -> None:
        if (transaction := connection.info.get(ON_IT)) is not None:
            transaction.send()
            transaction.ahead.clear()  # it may not be true after what is executed now

    def forget(connection: Connection, *_more: object) -> None:
        if (transaction := connection.info.get(ON_IT)) is not None:
            transaction.waiting.clear()
            transaction.ahead.clear()
            transaction.locked.clear()  # locks that were taken since are undone too

    for name in ("before_cursor_execute", "savepoint", "release_savepoint"):
        event.listen(database, name, send)
    event.listen(database, "rollback_savepoint", forget)
    event.listen(database, "begin", begin)
