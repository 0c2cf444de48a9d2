"""A programme as data: its names, types, clocks, day count, bars and signatories, read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from engine.domain.calendars import Unit
from engine.domain.clocks import DayCount, Period
from engine.domain.errors import Invalid, Problem

Table = Mapping[str, object]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Words:
    """A name in Spanish and English."""

    es: str
    en: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What the programme says of a clock; `most` is the cap of what an officer may set, `assumed`: ours, unconfirmed."""

    name: Words
    period: Period
    legal_basis: Words
    most: int | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A certification programme of one customs administration, as in force in one version of its file."""

    id: str
    names: tuple[tuple[date, Words], ...]
    office: Mapping[str, str]
    signatories: Mapping[str, Words]
    types: Mapping[str, Words]
    legal_basis: Words
    numbers: Mapping[str, str]
    day_count: DayCount
    holidays: str
    clocks: Mapping[str, ClockRule]
    bars: Mapping[str, Period]
    effect: Period
    validity: Period
    appeal: Words

    def name_on(self, day: date) -> Words:
        """What the programme was called on that day."""
        called = [words for since, words in self.names if since <= day]
        return called[-1] if called else self.names[0][1]

    def clock(self, name: str) -> ClockRule:
        """The rule of a clock; Invalid where the programme has none of that name."""
        if name not in self.clocks:
            raise Invalid("The programme %(programme)s has no clock %(clock)s.", programme=self.id, clock=name)
        return self.clocks[name]


def read(content: bytes) -> Programme:
    """The programme in a TOML file; Invalid names every key that is missing or wrong."""
    try:
        said = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(
            "The programme cannot be read.", [Problem("", "This is not TOML: %(reason)s.", {"reason": str(error)})]
        ) from error
    reader = _Reader([])
    programme = _programme(reader, said)
    if reader.problems:
        raise Invalid("The programme cannot be read.", reader.problems)
    return programme


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads typed values out of TOML tables and remembers what was wrong instead of stopping at the first."""

    problems: list[Problem]

    def table(self, said: Table, key: str, where: str = "") -> Table:
        value = said.get(key, {})
        return value if isinstance(value, dict) else self._wrong(f"{where}{key}", "Write a table.", {})

    def text(self, said: Table, key: str, where: str, *, empty: bool = False) -> str:
        value = said.get(key, "")
        if isinstance(value, str) and (value or empty):
            return value
        return self._wrong(f"{where}{key}", "Write a text.", "")

    def number(self, said: Table, key: str, where: str) -> int:
        value = said.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        return self._wrong(f"{where}{key}", "Write a whole number, zero or more.", 0)

    def unit(self, said: Table, where: str) -> Unit:
        value = said.get("unit")
        if isinstance(value, str) and value in set(Unit):
            return Unit(value)
        return self._wrong(f"{where}unit", "Write calendar, working, months or years.", Unit.CALENDAR)

    def words(self, said: Table, where: str, stem: str = "") -> Words:
        return Words(self.text(said, f"{stem}es", where), self.text(said, f"{stem}en", where))

    def _wrong(self, where: str, message: str, instead: Value) -> Value:
        self.problems.append(Problem(where, message))
        return instead


def _programme(reader: _Reader, said: Table) -> Programme:
    head, count = reader.table(said, "programme"), reader.table(said, "day_count")
    return Programme(
        id=reader.text(head, "id", "programme."),
        names=_names(reader, head),
        office={key: value for key, value in reader.table(said, "office").items() if isinstance(value, str)},
        signatories={
            role: reader.words(table, f"signatories.{role}.", "post_")
            for role, table in _tables(reader, said, "signatories")
        },
        types={name: reader.words(table, f"types.{name}.") for name, table in _tables(reader, said, "types")},
        legal_basis=reader.words(reader.table(said, "legal_basis"), "legal_basis."),
        numbers={key: str(value) for key, value in reader.table(said, "numbers").items()},
        day_count=DayCount(
            first_day_counts=count.get("first_day_counts") is True,
            moves_off_holidays=count.get("last_day_on_holiday") == "next_working_day",
            deemed_receipt_days=reader.number(count, "deemed_receipt_days", "day_count."),
        ),
        holidays=reader.text(count, "holidays", "day_count.", empty=True),
        clocks={name: _clock(reader, table, f"clocks.{name}.") for name, table in _tables(reader, said, "clocks")},
        bars={name: _period(reader, table, f"bars.{name}.") for name, table in _tables(reader, said, "bars")},
        effect=_period(reader, reader.table(said, "effect"), "effect.", "days_after_grant"),
        validity=_period(reader, reader.table(said, "validity"), "validity.", "term"),
        appeal=reader.words(reader.table(said, "appeal"), "appeal."),
    )


def _names(reader: _Reader, head: Table) -> tuple[tuple[date, Words], ...]:
    rows = head.get("names")
    if not isinstance(rows, list) or not rows:
        reader.problems.append(Problem("programme.names", "Write at least one name with its first day."))
        return ((date.min, Words("", "")),)
    found = []
    for index, row in enumerate(rows):
        since = row.get("from")
        if not isinstance(since, date):
            reader.problems.append(Problem(f"programme.names[{index}].from", "Write a date."))
            since = date.min
        found.append((since, reader.words(row, f"programme.names[{index}].")))
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _tables(reader: _Reader, said: Table, key: str) -> list[tuple[str, Table]]:
    inner = reader.table(said, key)
    return [(name, reader.table(inner, name, f"{key}.")) for name in inner]


def _clock(reader: _Reader, table: Table, where: str) -> ClockRule:
    most = table.get("most")
    return ClockRule(
        name=reader.words(table, where),
        period=_period(reader, table, where),
        legal_basis=reader.words(table, where, "legal_basis_"),
        most=most if isinstance(most, int) else None,
        assumed=table.get("assumption") is True,
    )


def _period(reader: _Reader, table: Table, where: str, key: str = "base") -> Period:
    basis = table.get("legal_basis_es")
    return Period(reader.number(table, key, where), reader.unit(table, where), basis if isinstance(basis, str) else "")
