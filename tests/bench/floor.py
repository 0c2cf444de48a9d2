"""The floor under a command: the engine's step in memory, and one bare transaction that writes exactly the same rows.

Whatever a command writes is noted as the driver gets it, and then written once more, to a copy of the database, over
the driver's own connection. The copy keeps step, so each row that the command wrote is written there under the same id.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from sqlalchemy import Dialect, event

from engine.store.database import Database
from engine.workflow import Definition, Run
from tests.bench import bare

WRITES: Final = ("INSERT", "UPDATE", "DELETE")
Note = Callable[[str, object], None]


class Shadow:
    """The copy, and what is to be written to it next."""

    def __init__(self, database: Database, copy: str) -> None:
        self._connection = bare.connect(copy)
        self._noted: list[tuple[str, Any]] = []
        event.listen(database.database, "do_connect", self._listen)

    def follow(self) -> float:
        """Writes what was noted, in one transaction; seconds."""
        cursor = self._connection.cursor()
        begun = time.perf_counter()
        with bare.transaction(self._connection):
            for statement, parameters in self._noted:
                if isinstance(parameters, list):
                    cursor.executemany(statement, parameters)
                else:
                    cursor.execute(statement, parameters)
        taken = time.perf_counter() - begun
        self._noted.clear()
        return taken

    def close(self) -> None:
        """Lets go of the copy."""
        self._connection.close()

    def _listen(self, dialect: Dialect, _record: object, _words: object, options: dict[str, Any]) -> None:
        """Lets the product's connections, which must still be opened, tell what they are given to write."""
        if dialect.name == "sqlite":
            options["factory"] = _telling_file(self._note)
        else:
            options["cursor_factory"] = _telling_cursor(psycopg.Cursor, self._note)

    def _note(self, statement: str, parameters: object) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            self._noted.append((statement, parameters))


def _telling_file(note: Note) -> type[sqlite3.Connection]:
    telling = _telling_cursor(sqlite3.Cursor, note)

    class Telling(sqlite3.Connection):
        def cursor(self, factory: Any = telling) -> Any:
            return super().cursor(factory)

    return Telling


def _telling_cursor(kind: Any, note: Note) -> Any:
    class Telling(kind):
        def execute(self, statement: Any, parameters: Any = (), **more: Any) -> Any:
            note(statement, parameters)
            return super().execute(statement, parameters, **more)

        def executemany(self, statement: Any, parameters: Any, **more: Any) -> Any:
            note(statement, parameters)
            return super().executemany(statement, parameters, **more)

    return Telling


class InMemory:
    """A case that is never stored: what the engine alone takes for a step."""

    def __init__(self, definition: Definition, data: Mapping[str, object]) -> None:
        self._run = Run.start(definition, data, datetime.now(UTC))
        _to_rest(self._run)

    def step(self, answers: Mapping[str, object]) -> float:
        """Does the one open task; seconds."""
        task = self._run.open_tasks()[0]
        begun = time.perf_counter()
        self._run.complete(task.id, answers)
        _to_rest(self._run)
        return time.perf_counter() - begun


def _to_rest(run: Run) -> None:
    for call in run.advance():
        message = f"the measured diagrams call no service, this one called {call.service}"
        raise RuntimeError(message)
