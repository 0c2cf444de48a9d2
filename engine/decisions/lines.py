"""The values of a column as lines: on each, the values that cells name and what lies between, before and behind them.

Every cell of the column says the same to all values of one place, so that one sample of it stands for all.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any, Final

from engine import feel
from engine.decisions.comparing import written

EMPTY: Final = object()  # the sample of a place in which no value lies
OTHER: Final[dict[str, object]] = {}  # a value that no cell compares with
_LAST_TIME: Final = 'time("23:59:59.999999999")'
_NEXT: Final = {
    "number": ("a - 1", "(a + b) / 2", "b + 1"),
    "date": ('a - duration("P1D")', 'a + duration("P1D")', 'b + duration("P1D")'),
    "date and time": ('a - duration("PT1S")', "a + (b - a) / 2", 'b + duration("PT1S")'),
    "time": ('time("00:00:00")', "a + (b - a) / 2", _LAST_TIME),
    "days and time duration": ('a - duration("PT1S")', "(a + b) / 2", 'b + duration("PT1S")'),
    "years and months duration": ('a - duration("P1M")', 'a + duration("P1M")', 'b + duration("P1M")'),
}
_FIRST: Final = {
    "number": "0",
    "string": '""',
    "date": 'date("2026-01-01")',
    "time": 'time("12:00:00")',
    "date and time": 'date and time("2026-01-01T12:00:00")',
    "days and time duration": 'duration("PT1H")',
    "years and months duration": 'duration("P1M")',
}


@dataclass(frozen=True, slots=True)
class Line:
    """Values that can be compared with each other.

    `points` are in order, if the line is `ordered`. The places of an ordered line are: before the first point, the first
    point, between it and the next, …, behind the last. The places of any other line are its points and, if not `closed`,
    all the rest. `samples` has one value of each place. A `quiet` line is not asked about where a table has gaps.
    """

    kind: str
    points: tuple[object, ...]
    samples: tuple[object, ...]
    ordered: bool
    closed: bool = False
    quiet: bool = False

    def has(self, value: object) -> bool:
        """Whether a value that a cell names is one of its points."""
        return _group(value) == self.kind

    def place(self, value: object) -> int:
        """The place of one of its points."""
        at = bisect_left(self.points, _KEY(value), key=_KEY) if self.ordered else self.points.index(value)
        return 2 * at + 1 if self.ordered else at

    def written(self, first: int, last: int) -> str:
        """The places from the first to the last, as a unary test."""
        if not self.ordered:
            return ", ".join(self._one(place) for place in range(first, last + 1))
        low, high = (first - 1) // 2 if first else None, last // 2 if last < len(self.samples) - 1 else None
        if first == last and first % 2:
            return written(self.points[first // 2])
        if low is None and high is None:
            return "-"
        if low is None or high is None:
            sign, end = ("<", high) if low is None else (">", low)
            at = last if low is None else first
            return f"{sign}{'=' if at % 2 else ''} {written(self.points[end or 0])}"
        return f"{'[' if first % 2 else '('}{written(self.points[low])}..{written(self.points[high])}{']' if last % 2 else ')'}"

    def _one(self, place: int) -> str:
        if place < len(self.points):
            return written(self.points[place])
        return f"not({', '.join(written(point) for point in self.points)})" if self.points else "-"


def lines(points: Iterable[object], kind: str, ordered_kinds: frozenset[str]) -> list[Line]:
    """The lines of a column of that kind (empty: of any), on which these points lie; null has a line of its own.

    `ordered_kinds` are the kinds whose values some cell compares by order; texts that none does are merely told apart.
    """
    groups: dict[str, list[object]] = {}
    null = False
    for point in points:
        if point is None:
            null = True
        elif not kind or feel.kind(point) == kind:
            groups.setdefault(_group(point), []).append(point)
    if kind and not groups:
        groups[kind] = []
    found = [_line(group, _distinct(values), ordered_kinds) for group, values in groups.items()]
    if not kind or kind == "date and time":
        # Moments with a zone and without cannot be compared: there may be values that are on no line of the cells.
        other = feel.evaluate('date and time("2026-01-01T00:00:00Z")', {}) if kind and kind in groups else OTHER
        found.append(Line("other", (), (other,), ordered=False, quiet=bool(groups)))
    return [*found, Line("Null", (None,), (None,), ordered=False, closed=True, quiet=not null)]


def _group(point: object) -> str:
    zoned = feel.kind(point) == "date and time" and getattr(point, "tzinfo", None) is not None
    return "date and time, zoned" if zoned else feel.kind(point)


def _line(group: str, points: Sequence[object], ordered_kinds: frozenset[str]) -> Line:
    if group == "boolean":
        return Line(group, (True, False), (True, False), ordered=False, closed=True)
    if group == "string" and group not in ordered_kinds:
        rest = "\N{ELEMENT OF}".join(["", *sorted(str(point) for point in points)])
        return Line(group, tuple(points), (*points, rest), ordered=False)
    kind = group.partition(",")[0]
    if not points:
        return Line(group, (), (feel.evaluate(_FIRST[kind], {}),), ordered=True)
    samples: list[object] = [_before(kind, points[0])]
    for low, high in zip(points, [*points[1:], None], strict=True):
        samples += [low, _between(kind, low, high) if high is not None else _behind(kind, low)]
    return Line(group, tuple(points), tuple(samples), ordered=True)


def _before(kind: str, first: object) -> object:
    found = "" if kind == "string" else _reckoned(_NEXT[kind][0], first, first)
    return found if feel.less(found, first) is True else EMPTY


def _behind(kind: str, last: object) -> object:
    found = f"{last}\0" if kind == "string" else _reckoned(_NEXT[kind][2], last, last)
    return found if feel.less(last, found) is True else EMPTY


def _between(kind: str, low: object, high: object) -> object:
    """A value between two others; EMPTY where there is none, as between two days that follow each other."""
    found = f"{low}\0" if kind == "string" else _reckoned(_NEXT[kind][1], low, high)
    return found if feel.less(low, found) is True and feel.less(found, high) is True else EMPTY


def _reckoned(text: str, low: object, high: object) -> object:
    try:
        return feel.evaluate(text, {"a": low, "b": high})
    except feel.FeelError:
        return None


def _distinct(values: Iterable[object]) -> list[object]:
    """The values in order, each once; those of no order as they come."""
    found: list[object] = []
    for value in sorted(values, key=_KEY):
        if not found or _ordering(found[-1], value) != 0:
            found.append(value)
    return found


def _ordering(left: object, right: object) -> int:
    if isinstance(left, bool):
        return (left is False) - (right is False)
    return -1 if feel.less(left, right) is True else int(feel.less(right, left) is True)


_KEY: Final[Callable[[object], Any]] = cmp_to_key(_ordering)
