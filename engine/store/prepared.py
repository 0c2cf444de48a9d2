"""Statements of the commands that everybody waits for: SQLAlchemy compiles each once, the driver gets it as it is.

Executing a statement through SQLAlchemy takes ten times as long as the driver needs for it (measured: 14 µs against
1.5); a command executes a dozen. Types are converted by SQLAlchemy's own processors, and the driver's errors are
raised as SQLAlchemy raises them, so that nobody who calls sees a difference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Executable, SelectBase
from sqlalchemy.engine import Compiled
from sqlalchemy.sql.compiler import SQLCompiler

from engine.store.transaction import Check, Transaction

Convert = Callable[[Any], Any]


class Prepared:
    """A statement that is compiled once for each kind of database; its parameters are plain columns or bindparams."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def ahead(self, transaction: Transaction, **values: object) -> None:
        """Says that `rows` will be asked for these values soon: the question travels with the next one that is waited for.

        Whoever asks for them gets what was found then, unless rows were written or a query was made in between.
        """
        if transaction.waits:
            how = self._how(transaction)
            transaction.ahead[self, *values.items()] = transaction.ask(how.text, how.parameters(values))

    def rows(self, transaction: Transaction, **values: object) -> list[tuple[Any, ...]]:
        """The rows that a SELECT or RETURNING gives."""
        how = self._how(transaction)
        asked = transaction.ahead.pop((self, *values.items()), None) if transaction.ahead else None
        found = transaction.answer(asked or transaction.ask(how.text, how.parameters(values)))
        return [how.read(row) for row in found] if how.reads else found

    def run(self, transaction: Transaction, values: Mapping[str, object], check: Check | None = None) -> None:
        """Changes rows; `check` is told how many there were, as soon as that is known."""
        how = self._how(transaction)
        transaction.write(how.text, how.parameters(values), check)

    def run_each(self, transaction: Transaction, many: Sequence[Mapping[str, object]]) -> None:
        """Executes once for each of several sets of values."""
        how = self._how(transaction)
        found = [how.parameters(values) for values in many]
        transaction.write(how.text, found[0] if len(found) == 1 else found)

    def _how(self, transaction: Transaction) -> "_Compiled":
        how = self._compiled.get(transaction.dialect.name)
        if how is None:
            how = self._compiled[transaction.dialect.name] = _compile(self._statement, transaction.dialect)
        return how


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The text, what puts the parameters in the driver's order (None: it takes them by name), and what converts values."""

    text: str
    order: Callable[[Mapping[str, object]], tuple[object, ...]] | None
    writes: tuple[tuple[str, Convert], ...]
    fixed: Mapping[str, object]
    reads: tuple[tuple[int, Convert], ...]

    def parameters(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        said = {**self.fixed, **values}
        for name, convert in self.writes:
            said[name] = convert(said[name])
        return said if self.order is None else self.order(said)

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row as Python knows it; NULL is None, whatever the type."""
        found = list(row)
        for index, convert in self.reads:
            if found[index] is not None:
                found[index] = convert(found[index])
        return tuple(found)


def _compile(statement: Executable, dialect: Dialect) -> _Compiled:
    made: Compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every statement compiles
    if not isinstance(made, SQLCompiler):
        raise TypeError(statement)
    writes = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in made.binds.items()}
    reads = [_reader(column.type, dialect) for column in _columns(statement)]
    return _Compiled(
        text=str(made),
        order=_in_order(made.positiontup) if made.positiontup else None,
        writes=tuple((name, convert) for name, convert in writes.items() if convert is not None),
        fixed={name: bind.value for name, bind in made.binds.items() if not bind.required},
        reads=tuple((index, convert) for index, convert in enumerate(reads) if convert is not None),
    )


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    if len(names) == 1:
        (name,) = names
        return lambda said: (said[name],)
    return itemgetter(*names)


def _columns(statement: Executable) -> Sequence[Any]:
    return list(statement.selected_columns) if isinstance(statement, SelectBase) else ()


def _reader(kind: Any, dialect: Dialect) -> Convert | None:
    found: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found
