"""What the page of a programme is made of: groups of items, each with its lines; empty ones are left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from engine.domain.clocks import Period
from engine.domain.programme import Programme, Words
from engine.domain.programme_parts import Remark


@dataclass(frozen=True, slots=True)
class Code:
    """One of a closed set of words; the page has its wording under `table`."""

    table: str
    code: str


Value = str | int | bool | date | time | Words | Period | Code | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said: `what` is the code of its label, `remark` what the file adds about this value alone."""

    what: str
    value: Value
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What belongs together, a clock or a benefit: `key` is the same in every version; `remark` is about the whole."""

    key: str
    title: Words | Code
    lines: tuple[Line, ...]
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the page, and its items."""

    code: str
    items: tuple[Item, ...]


Said = tuple[str, Value, str]  # the code of the label, the value, and its key in the table of the file


def item(rules: Programme, place: str, title: Words | Code, said: Sequence[Said], key: str = "") -> Iterator[Item]:
    """The item whose table stands at `place`; none where it has no lines and only a title that every programme has."""
    lines = tuple(Line(what, value, _own_remark(rules, place, name)) for what, value, name in said if not _empty(value))
    if lines or isinstance(title, Words):
        yield Item(key or place, title, lines, _remark(rules, place))


def yes_or_no(value: bool) -> Code:  # noqa: FBT001 - it is the value that is said
    """Yes or no, also where no is what matters."""
    return Code("answers", "yes" if value else "no")


def named(names: Sequence[str], words: Mapping[str, Words]) -> tuple[Value, ...]:
    """The words of some names; a name that nobody explains stands for itself."""
    return tuple(words.get(name, name) for name in names)


def _empty(value: Value) -> bool:
    return value in ("", 0, (), False) or value == Words("", "")


def _remark(rules: Programme, place: str) -> Remark | None:
    """What the file says of the whole table."""
    return next((one for one in rules.remarks if one.place == place and not one.keys), None)


def _own_remark(rules: Programme, place: str, key: str) -> Remark | None:
    """What the file says of some of the values of the table only."""
    found = (one for one in rules.remarks if one.keys and one.concerns(f"{place}.{key}"))
    return next(found, None)
