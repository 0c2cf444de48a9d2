"""Statements of the commands that everybody waits for: SQLAlchemy compiles each once, the driver gets it as it is.

Executing a statement through SQLAlchemy takes ten times as long as the driver needs for it (measured: 14 µs against
1.5); a command executes a dozen. Types are converted by SQLAlchemy's own processors, and the driver's errors are
raised as SQLAlchemy raises them, so that nobody who calls sees a difference.

What only writes does not wait for PostgreSQL's answer one by one: it is sent together, before anything else is
executed on the same connection or the transaction ends (measured: 0.06 ms a statement, seven times a command).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Dialect, Engine, Executable, SelectBase, event
from sqlalchemy.engine import Compiled
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

_LINE: Final = "the driver's connection of this session"
Convert = Callable[[Any], Any]
Check = Callable[[int], None]


class Prepared:
    """A statement that is compiled once for each kind of database; its parameters are plain columns or bindparams."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a SELECT or RETURNING gives."""
        line, how = self._how(session)
        line.send()
        cursor = _execute(line, how, how.parameters(values))
        found = cursor.fetchall()
        cursor.close()
        return [how.read(row) for row in found] if how.reads else found

    def run(self, session: Session, values: Mapping[str, object], check: Check | None = None) -> None:
        """Changes rows; `check` is told how many there were, as soon as that is known."""
        line, how = self._how(session)
        line.write(_Writing(how, how.parameters(values), check))

    def run_each(self, session: Session, many: Sequence[Mapping[str, object]]) -> None:
        """Executes once for each of several sets of values."""
        line, how = self._how(session)
        if len(many) == 1:
            line.write(_Writing(how, how.parameters(many[0])))
        else:
            line.write(_Writing(how, [how.parameters(values) for values in many]))

    def _how(self, session: Session) -> "tuple[_Line, _Compiled]":
        line: _Line | None = session.info.get(_LINE)
        if line is None:
            connection = session.connection()
            line = session.info[_LINE] = _Line(connection.connection, connection.dialect)
            connection.info[_LINE] = line
        name = line.dialect.name
        how = self._compiled.get(name)
        if how is None:
            how = self._compiled[name] = _compile(self._statement, line.dialect)
        return line, how


@dataclass(slots=True)
class _Line:
    """The driver's connection during one transaction, and what waits to be written on it."""

    connection: Any
    dialect: Dialect
    waiting: "list[_Writing]" = field(default_factory=list)

    def write(self, writing: "_Writing") -> None:
        """Writes at once where asking costs nothing (SQLite), else together with what follows."""
        if self.dialect.name == "postgresql":
            self.waiting.append(writing)
        else:
            writing.tell(writing.execute(self))

    def send(self) -> None:
        """Writes what waits, in its order, and asks how it went once for all of it."""
        if not self.waiting:
            return
        sent, self.waiting = self.waiting, []
        try:
            with self.connection.pipeline():
                cursors = [writing.execute(self) for writing in sent]
        except self.dialect.loaded_dbapi.Error as error:
            _as_sqlalchemy_does(self, sent[0].how, None, error)
        for writing, cursor in zip(sent, cursors, strict=True):
            writing.tell(cursor)


@dataclass(frozen=True, slots=True)
class _Writing:
    """A statement whose answer nobody reads; `parameters` is a list where it is executed once for each of them."""

    how: "_Compiled"
    parameters: Any
    check: Check | None = None

    def execute(self, line: _Line) -> Any:
        """The driver's cursor, which may not know the answer yet."""
        return _execute(line, self.how, self.parameters)

    def tell(self, cursor: Any) -> None:
        """Tells who wants to know how many rows there were."""
        changed: int = cursor.rowcount
        cursor.close()
        if self.check is not None:
            self.check(changed)


def keep_order(database: Engine) -> None:
    """Sees to it that what waits is written before anything else is executed, and is forgotten where it is undone."""

    def send(connection: Connection, *_more: object) -> None:
        if (line := connection.info.get(_LINE)) is not None:
            line.send()

    def forget(connection: Connection, *_more: object) -> None:
        if (line := connection.info.get(_LINE)) is not None:
            line.waiting.clear()

    def part(connection: Connection, *_more: object) -> None:
        connection.info.pop(_LINE, None)

    for name in ("before_cursor_execute", "savepoint", "release_savepoint", "commit"):
        event.listen(database, name, send)
    for name in ("rollback", "rollback_savepoint"):
        event.listen(database, name, forget)
    for name in ("commit", "rollback"):
        event.listen(database, name, part)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The text, the names of its parameters (in order where the driver counts them), and what converts values."""

    text: str
    names: tuple[str, ...]
    positional: bool
    writes: Mapping[str, Convert]
    fixed: Mapping[str, object]
    reads: tuple[Convert | None, ...]

    def parameters(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        said = {**self.fixed, **values}
        for name, convert in self.writes.items():
            said[name] = convert(said[name])
        return tuple(said[name] for name in self.names) if self.positional else said

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as Python knows it."""
        pairs = zip(row, self.reads, strict=True)
        return tuple(value if convert is None else convert(value) for value, convert in pairs)


def _compile(statement: Executable, dialect: Dialect) -> _Compiled:
    made: Compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every statement compiles
    if not isinstance(made, SQLCompiler):
        raise TypeError(statement)
    writes = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in made.binds.items()}
    read = [_reader(column.type, dialect) for column in _columns(statement)]
    return _Compiled(
        text=str(made),
        names=tuple(made.positiontup or made.binds),
        positional=bool(made.positiontup),
        writes={name: convert for name, convert in writes.items() if convert is not None},
        fixed={name: bind.value for name, bind in made.binds.items() if not bind.required},
        reads=tuple(read) if any(read) else (),
    )


def _columns(statement: Executable) -> Sequence[Any]:
    return list(statement.selected_columns) if isinstance(statement, SelectBase) else ()


def _reader(kind: Any, dialect: Dialect) -> Convert | None:
    found: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


def _execute(line: _Line, how: _Compiled, parameters: Any) -> Any:
    cursor = line.connection.cursor()
    try:
        if isinstance(parameters, list):
            cursor.executemany(how.text, parameters)
        else:
            cursor.execute(how.text, parameters)
    except line.dialect.loaded_dbapi.Error as error:
        _as_sqlalchemy_does(line, how, parameters, error)
    return cursor


def _as_sqlalchemy_does(line: _Line, how: _Compiled, parameters: Any, error: Exception) -> NoReturn:
    base = line.dialect.loaded_dbapi.Error
    raise DBAPIError.instance(how.text, parameters, error, base, dialect=line.dialect) from error
