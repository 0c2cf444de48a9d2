"""Reading a TOML file that people edit: typed values, and for what is wrong its key and line, all in one go."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Self, TypeVar

from engine.domain.errors import Invalid, Problem

Table = Mapping[str, object]
Value = TypeVar("Value")
LARGEST: Final = 10_000  # of any number in such a file: 27 years in days; more is a slip of the pen
_HEADER: Final = re.compile(r"\s*(?P<open>\[{1,2})\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]")
_KEY: Final = re.compile(r"\s*(?P<key>[A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values by their dotted place (`clocks.reply.base`) and remembers what was wrong instead of stopping."""

    root: Table
    lines: Mapping[str, int]
    problems: list[Problem]

    @classmethod
    def of(cls, content: bytes, refusal: str) -> Self:
        """A reader of a TOML text; Invalid with the sentence `refusal` where it is none."""
        try:
            text = content.decode()
            return cls(tomllib.loads(text), _lines(text), [])
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Invalid(refusal, [Problem("", "This is not TOML: %(reason)s.", {"reason": str(error)})]) from error

    def table(self, place: str) -> Table:
        """The table at a place; an empty one, and a problem, where there is none."""
        here: object = self.root
        for key in place.split("."):
            here = here.get(key) if isinstance(here, dict) else None
        return here if isinstance(here, dict) else self.wrong(place, "Write a table.", {})

    def names(self, place: str) -> list[str]:
        """The names of the tables within the table at a place."""
        return [name for name, inner in self.table(place).items() if isinstance(inner, dict)]

    def inner(self, place: str) -> list[str]:
        """The names of the tables within a table that may be missing."""
        here: object = self.root
        for key in place.split("."):
            here = here.get(key) if isinstance(here, dict) else None
        return self.names(place) if here is not None else []

    def rows(self, place: str) -> list[tuple[str, Table]]:
        """The tables of a list (`[[benefits]]`), each with its place; none where there is no such list."""
        here: object = self.root
        for key in place.split("."):
            here = here.get(key) if isinstance(here, dict) else None
        if here is None:
            return []
        if not isinstance(here, list) or not all(isinstance(row, dict) for row in here):
            return self.wrong(place, "Write a list of tables: [[%(name)s]].", [], name=place)
        return [(f"{place}[{index}]", row) for index, row in enumerate(here)]

    def texts(self, table: Table, place: str, key: str, choices: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts, of some words only where there are choices; none where the key is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            return self.wrong(f"{place}.{key}", 'Write a list of texts: ["a", "b"].', ())
        odd = sorted(set(value) - set(choices)) if choices is not None else []
        if choices is not None and odd:
            message = "%(odd)s is not known here: choose from %(choices)s."
            self.wrong(f"{place}.{key}", message, None, odd=", ".join(odd), choices=", ".join(sorted(choices)) or "—")
        return tuple(value)

    def numbers(self, table: Table, place: str, key: str) -> tuple[int, ...]:
        """A list of whole numbers from 0 to `LARGEST`; none where the key is missing."""
        value = table.get(key, [])
        if isinstance(value, list) and all(type(one) is int and 0 <= one <= LARGEST for one in value):
            return tuple(value)
        return self.wrong(f"{place}.{key}", "Write a list of whole numbers: [90, 60, 30].", ())

    def text(self, table: Table, place: str, key: str, *, empty: bool = False) -> str:
        """A text; one of nothing but spaces does not count unless it may be empty."""
        value = table.get(key, "")
        if isinstance(value, str) and (value.strip() or empty):
            return value
        return self.wrong(f"{place}.{key}", "Write a text.", "")

    def number(self, table: Table, place: str, key: str, least: int = 0) -> int:
        """A whole number from `least` to `LARGEST`."""
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST:
            return value
        message = "Write a whole number from %(least)s to %(most)s."
        return self.wrong(f"{place}.{key}", message, least, least=least, most=LARGEST)

    def choice(self, table: Table, place: str, key: str, choices: Collection[str], instead: str) -> str:
        """One of some words; `instead` where the key is missing."""
        value = table.get(key, instead)
        if isinstance(value, str) and value in choices:
            return value
        return self.wrong(f"{place}.{key}", "Write one of %(choices)s.", instead, choices=", ".join(sorted(choices)))

    def flag(self, table: Table, place: str, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"{place}.{key}", "Write true or false.", None)
        return value is True

    def day(self, table: Table, place: str, key: str) -> date:
        """A date."""
        value = table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return self.wrong(f"{place}.{key}", "Write a date: 2026-01-31.", date.min)

    def days(self, table: Table, place: str, key: str) -> frozenset[date]:
        """A list of dates; none where the key is missing."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(day, date) and not isinstance(day, datetime) for day in value):
            return frozenset(value)
        return self.wrong(f"{place}.{key}", "Write a list of dates: [2026-12-24, 2026-12-31].", frozenset())

    def clock_time(self, table: Table, place: str, key: str, instead: time) -> time:
        """A time of day, as text or as TOML's own; `instead` where the key is missing."""
        value = table.get(key, instead)
        if isinstance(value, time):
            return value
        try:
            return time.fromisoformat(str(value))
        except ValueError:
            return self.wrong(f"{place}.{key}", "Write a time of day: 16:30:00.", instead)

    def only(self, table: Table, place: str, known: Collection[str]) -> None:
        """Every key that nobody reads is a slip of the pen, and is said."""
        for key in sorted(set(table) - set(known)):
            self.wrong(f"{place}.{key}", "This key is not known here.", None)

    def wrong(self, place: str, message: str, instead: Value, **params: object) -> Value:
        """Remembers what is wrong at a place, with its line, and goes on with `instead`."""
        line = self.line(place)
        self.problems.append(Problem(f"line {line}, {place}" if line else place, message, params))
        return instead

    def line(self, place: str) -> int | None:
        """The line of a place; that of the table it is missing from where it is not there."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place.rpartition(".")[0]
        return None


def _lines(text: str) -> dict[str, int]:
    """The line of each table and key by its dotted place; tables of a list are numbered: `programme.names[0]`."""
    found: dict[str, int] = {}
    rows: dict[str, int] = {}
    place = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = place = header["name"]
            if header["open"] == "[[":
                place = f"{name}[{rows.setdefault(name, 0)}]"
                rows[name] += 1
            found.setdefault(place, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{place}.{key['key']}" if place else key["key"], number)
    return found
