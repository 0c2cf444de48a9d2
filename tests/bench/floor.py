"""The floor under a command: the engine's step in memory, and one bare transaction that writes exactly the same rows.

Whatever a command writes is noted as it goes to the driver, and then written once more, to a copy of the database, over
the driver's own connection. The copy keeps step, so each row that the command wrote is written there under the same id.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, event

from engine.store.database import Database
from engine.workflow import Definition, Run
from tests.bench import bare

WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class Shadow:
    """The copy, and what is to be written to it next."""

    def __init__(self, database: Database, copy: str) -> None:
        self._connection = bare.connect(copy)
        self._noted: list[tuple[str, Any]] = []
        event.listen(database.database, "before_cursor_execute", self._note)

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

    def _note(
        self,
        _connection: Connection,
        _cursor: object,
        statement: str,
        parameters: object,
        *_how: object,
    ) -> None:
        if statement.lstrip().upper().startswith(WRITES):
            self._noted.append((statement, parameters))


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
