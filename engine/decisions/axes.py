"""The columns of a table as axes: for each, into which places its values fall and which rules accept each of them.

A set of places is the bits of a number, and so is a set of rules: thousands of either are compared in one step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine import feel
from engine.decisions import comparing
from engine.decisions.comparing import Compared
from engine.decisions.lines import EMPTY, Line, lines
from engine.decisions.model import Input, Table, Type
from engine.decisions.types import BASIC, DEEPEST
from engine.feel.analysis import free_names
from engine.feel.nodes import Name, Node, Path

MOST_WRITTEN: Final = 6  # stretches of a column in one sentence
_ALWAYS: Final = frozenset({"", "-"})


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that a table looks at, perhaps in several columns (their places from 0).

    Each rule `accepts` the places of its number; a rule whose cell cannot be judged is not among the `known` and accepts
    all. The table is only ever given what lies in the `domain`; `asked` are the places in which a gap matters. `free`
    says that every place of the domain may occur, whatever the other axes say: not so for what is computed. `alone` says
    that no other axis looks at the same names.
    `classes` pairs each set of rules with the places that just these accept.
    """

    label: str
    columns: tuple[int, ...]
    lines: tuple[Line, ...]
    accepts: tuple[int, ...]
    known: int
    domain: int
    asked: int
    free: bool
    alone: bool
    classes: tuple[tuple[int, int], ...]

    def takes(self, node: Node) -> bool:
        """Whether these unary tests accept anything of the domain; true where that cannot be said."""
        said = comparing.compared(node)
        return said is None or bool(_filled(accepted(self.lines, feel.Tests("", node), said)) & self.domain)

    def written(self, places: int) -> str:
        """Some places, as unary tests."""
        shown = places & self.asked or places & self.domain
        start, found = 0, []
        for line in self.lines:
            mine = (shown >> start) & _all(len(line.samples))
            found += [line.written(first, last) for first, last in _runs(mine, line)]
            start += len(line.samples)
        return ", ".join([*found[:MOST_WRITTEN], *(["…"] if len(found) > MOST_WRITTEN else [])]) or "-"


@dataclass(frozen=True, slots=True)
class AskedCell:
    """A cell that asks something: its tests, and what they compare with (None: it cannot be said)."""

    tests: feel.Tests
    compared: Compared | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How texts of one file are read: its names that need it, and its types; what was read once is kept."""

    known: frozenset[str]
    types: Mapping[str, Type]
    _nodes: dict[str, Node] = field(default_factory=dict)
    _cells: dict[str, AskedCell] = field(default_factory=dict)

    def node(self, text: str) -> Node:
        """The tree of an expression."""
        if text not in self._nodes:
            self._nodes[text] = feel.compile(text, self.known).node
        return self._nodes[text]

    def cell(self, text: str) -> AskedCell | None:
        """The cell of a text; None for one that accepts everything."""
        if text in _ALWAYS:
            return None
        if text not in self._cells:
            tests = feel.tests(text, self.known)
            self._cells[text] = AskedCell(tests, comparing.compared(tests.node))
        return self._cells[text]

    def kind(self, name: str) -> tuple[str, tuple[str, ...], bool]:
        """Of a type: what kind its values are (empty: any), the tests of what it allows, and whether that says all."""
        allowed: list[str] = []
        for _ in range(DEEPEST):
            found = self.types.get(name)
            if found is None:
                break
            if found.several or found.parts or found.function:
                return "", (), False
            allowed += [found.allowed] if found.allowed else []
            name = found.base
        kind = BASIC.get(name, "")
        return (kind, tuple(allowed), kind not in {"list", "context", "range", "function"})


def axes(table: Table, reading: Reading) -> list[Axis]:
    """The axes of a table; columns that look at the same are one."""
    groups: dict[Node, list[int]] = {}
    for place, column in enumerate(table.inputs):
        groups.setdefault(reading.node(column.text), []).append(place)
    return [_axis(table, reading, node, places, groups) for node, places in groups.items()]


def accepted(axis_lines: Sequence[Line], cell: feel.Tests, compared: Compared) -> list[tuple[int, int]]:
    """The places that a cell accepts, as stretches from the first to behind the last."""
    found, start = [], 0
    for line in axis_lines:
        found += [(start + first, start + end) for first, end in _on_line(line, cell, compared)]
        start += len(line.samples)
    return found


def _axis(table: Table, reading: Reading, node: Node, places: Sequence[int], groups: Iterable[Node]) -> Axis:
    columns = [table.inputs[place] for place in places]
    kind, allowed, whole = _kind(columns, reading)
    limits = [reading.cell(text) for text in allowed]
    cells = [[reading.cell(rule.tests[place]) for place in places] for rule in table.rules]
    found = _lines([*limits, *(cell for row in cells for cell in row)], kind)
    size = sum(len(line.samples) for line in found)
    exists = _bits(sample is not EMPTY for line in found for sample in line.samples)
    domain = exists & _allowed(found, limits)
    accepts = [_mask(found, row, size, known=whole) for row in cells]
    masks = tuple(domain if mask is None else mask & domain for mask in accepts)
    quiet = _bits(line.quiet for line in found for _sample in line.samples)
    return Axis(
        label=columns[0].label,
        columns=tuple(places),
        lines=tuple(found),
        accepts=masks,
        known=_bits(mask is not None for mask in accepts),
        domain=domain,
        asked=domain & ~quiet,
        free=whole and all(limit is None or limit.compared for limit in limits) and _free(node, groups),
        alone=not any(free_names(node) & free_names(other) for other in groups if other is not node),
        classes=_classes([_all(size) if mask is None else mask for mask in accepts], domain, size),
    )


def _kind(columns: Sequence[Input], reading: Reading) -> tuple[str, tuple[str, ...], bool]:
    kinds = [reading.kind(column.type) for column in columns]
    allowed = [text for _kind_of, texts, _whole in kinds for text in texts]
    allowed += [column.allowed for column in columns if column.allowed]
    return next((kind for kind, _, _ in kinds if kind), ""), tuple(allowed), all(whole for _, _, whole in kinds)


def _lines(cells: Sequence[AskedCell | None], kind: str) -> list[Line]:
    said = [cell.compared for cell in cells if cell and cell.compared]
    ordered = {feel.kind(value) for one in said if one.ordered for value in one.values}
    points = [value for one in said for value in one.values]
    return lines(points, kind if kind in comparing.PLAIN else "", frozenset(ordered))


def _allowed(found: Sequence[Line], limits: Iterable[AskedCell | None]) -> int:
    """The places of the values that may come: null always may (tables are asked with what a case does not know yet)."""
    places = -1
    for limit in limits:
        if limit and limit.compared:
            places &= _filled(accepted(found, limit.tests, limit.compared))
    return places | 1 << sum(len(line.samples) for line in found) - 1


def _mask(found: Sequence[Line], row: Sequence[AskedCell | None], size: int, *, known: bool) -> int | None:
    """The places that all cells of a rule on this axis accept; None where one of them cannot be judged."""
    places = _all(size)
    for cell in row:
        if cell is None:
            continue
        if cell.compared is None or not known:
            return None
        places &= _filled(accepted(found, cell.tests, cell.compared))
    return places


def _on_line(line: Line, cell: feel.Tests, compared: Compared) -> list[tuple[int, int]]:
    """Asks the cell about one value of each stretch in which its answer cannot change."""
    mine = sorted({line.place(value) for value in compared.values if line.has(value)})
    if not line.ordered:
        return _apart(line, cell, mine)
    found, start = [], 0
    for place in [*mine, len(line.samples)]:
        stretches = [(start, place)] if place == len(line.samples) else [(start, place), (place, place + 1)]
        found += [one for one in stretches if _holds(line, cell, *one)]
        start = place + 1
    return found


def _apart(line: Line, cell: feel.Tests, mine: Sequence[int]) -> list[tuple[int, int]]:
    others = next((place for place in range(len(line.samples)) if place not in mine), None)
    elsewhere = others is not None and _holds(line, cell, others, others + 1)
    own = {place for place in mine if _holds(line, cell, place, place + 1)}
    if not elsewhere:
        return [(place, place + 1) for place in sorted(own)]
    return [(place, place + 1) for place in range(len(line.samples)) if place not in mine or place in own]


def _holds(line: Line, cell: feel.Tests, first: int, end: int) -> bool:
    sample = next((line.samples[place] for place in range(first, end) if line.samples[place] is not EMPTY), EMPTY)
    if sample is EMPTY:
        return False
    try:
        return cell(sample, {})
    except feel.FeelError:
        return False


def _free(node: Node, groups: Iterable[Node]) -> bool:
    """A name, or a part of what has a name; not so where another column looks at a part of this or at what it is part of."""
    way = _way(node)
    others = [_way(other) for other in groups if other is not node]
    return bool(way) and not any(other and (other[: len(way)] == way or way[: len(other)] == other) for other in others)


def _way(node: Node) -> tuple[str, ...]:
    if isinstance(node, Name):
        return (node.name,)
    if isinstance(node, Path) and (before := _way(node.base)):
        return (*before, node.member)
    return ()


def _classes(masks: Sequence[int], domain: int, size: int) -> tuple[tuple[int, int], ...]:
    """Walks along the places; at each, the rules change whose stretches begin or end there."""
    changes: dict[int, int] = {}
    for rule, mask in enumerate(masks):
        edges = mask ^ (mask << 1)
        while edges:
            low = edges & -edges
            changes[low.bit_length() - 1] = changes.get(low.bit_length() - 1, 0) ^ 1 << rule
            edges ^= low
    found: dict[int, int] = {}
    live = 0
    for place in range(size):
        live ^= changes.get(place, 0)
        if domain >> place & 1:
            found[live] = found.get(live, 0) | 1 << place
    return tuple(found.items())


def _runs(mask: int, line: Line) -> list[tuple[int, int]]:
    """The stretches of a set of places, from first to last; a place that holds no value parts none."""
    found: list[tuple[int, int]] = []
    for place, sample in enumerate(line.samples):
        if not mask >> place & 1:
            continue
        before = found[-1] if found else None
        if line.ordered and before and all(line.samples[gap] is EMPTY for gap in range(before[1] + 1, place)):
            found[-1] = (before[0], place)
        elif sample is not EMPTY:
            found.append((place, place))
    return found


def _filled(stretches: Iterable[tuple[int, int]]) -> int:
    return sum(_all(end - first) << first for first, end in stretches)


def _all(count: int) -> int:
    return (1 << count) - 1


def _bits(flags: Iterable[object]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)
