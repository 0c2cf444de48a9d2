"""What the cells of a column accept, as sets that can be compared: only for cells of plain values and bounds.

A column's values are divided into parts in which every cell says the same; a cell is the set of parts it accepts,
as the bits of a number. Whoever cannot be read so (other names, functions) says nothing: no claim is made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from engine import feel
from engine.decisions.model import Input, Table
from engine.decisions.types import BASIC
from engine.feel.nodes import Literal, Name, Negation, Node, RangeLiteral, Test, UnaryTests

MOST_CELLS: Final = 40_000  # cells times parts of one column: what takes more is not judged
Plain = Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some values of a column: one of them, and how all of them are written."""

    sample: Plain
    written: str


@dataclass(frozen=True, slots=True)
class Column:
    """The parts of a column, and for each rule the parts that its cell accepts (None: it cannot be said)."""

    label: str
    parts: tuple[Part, ...]
    accepts: tuple[int | None, ...]

    @property
    def whole(self) -> int:
        """All parts."""
        return (1 << len(self.parts)) - 1


def columns(table: Table, known: frozenset[str]) -> list[Column] | None:
    """The columns of a table; None where they do not look at different plain names, so that they may depend on each other."""
    looked = [feel.compile(one.text, known).node for one in table.inputs]
    names = [node.name for node in looked if isinstance(node, Name)]
    if len(set(names)) < len(table.inputs):
        return None
    return [_column(one, [rule.tests[place] for rule in table.rules], known) for place, one in enumerate(table.inputs)]


def literals(text: str, known: frozenset[str]) -> list[Plain] | None:
    """The plain values that the unary tests compare with; None for tests that do anything else."""
    if text in {"", "-"}:
        return []
    node = feel.tests(text, known).node
    found: list[Plain] = []
    for test in node.tests if isinstance(node, UnaryTests) else ():
        values = _compared(test)
        if values is None:
            return None
        found += values
    return found


def _column(drawn: Input, texts: Sequence[str], known: frozenset[str]) -> Column:
    read = [literals(text, known) for text in texts]
    allowed = (literals(drawn.allowed, known) or []) if drawn.allowed else []
    values = {value for some in (*read, allowed) for value in some or ()}
    parts = [part for part in _parts(values, BASIC.get(drawn.type, "")) if _holds(drawn.allowed, part, known)]
    if len(parts) * len(texts) > MOST_CELLS:
        return Column(drawn.label, (), (None,) * len(texts))
    accepts = [
        None if some is None else sum(_holds(text, part, known) << place for place, part in enumerate(parts))
        for text, some in zip(texts, read, strict=True)
    ]
    return Column(drawn.label, tuple(parts), tuple(accepts))


def _holds(text: str, part: Part, known: frozenset[str]) -> bool:
    return text in {"", "-"} or feel.tests(text, known)(part.sample, {})


def _parts(values: set[Plain], type_: str) -> list[Part]:
    texts = sorted(value for value in values if isinstance(value, str))
    numbers = sorted(value for value in values if isinstance(value, Decimal))
    found = [Part(text, f'"{text}"') for text in texts]
    if numbers and not texts:
        found = list(_stretches(numbers))
    elif type_ == "boolean" or any(isinstance(value, bool) for value in values):
        return [Part(sample=True, written="true"), Part(sample=False, written="false")]
    else:
        other = "\N{ELEMENT OF}".join(["", *texts])
        found.append(Part(other, f"not({', '.join(part.written for part in found)})" if found else "-"))
    return found


def _stretches(numbers: Sequence[Decimal]) -> Iterator[Part]:
    """Each number that a cell names, and what lies between, before and behind them."""
    yield Part(numbers[0] - 1, f"< {numbers[0]}")
    for low, high in pairwise(numbers):
        yield Part(low, str(low))
        yield Part((low + high) / 2, f"({low}..{high})")
    yield Part(numbers[-1], str(numbers[-1]))
    yield Part(numbers[-1] + 1, f"> {numbers[-1]}")


def _compared(test: Node) -> list[Plain] | None:
    if isinstance(test, Test):
        return _plain_all(test.operand, ordered=test.operator not in {"=", "!="})
    if isinstance(test, RangeLiteral):
        ends = [end for end in (test.low, test.high) if end is not None]
        found = [_plain_all(end, ordered=True) for end in ends]
        return None if None in found else [value for some in found for value in some or ()]
    return _plain_all(test, ordered=False)


def _plain_all(node: Node, *, ordered: bool) -> list[Plain] | None:
    sign = Decimal(1)
    if isinstance(node, Negation):
        node, sign = node.operand, Decimal(-1)
    if not isinstance(node, Literal) or node.value is None:
        return None
    value = node.value
    if isinstance(value, Decimal):
        return [value * sign]
    return None if ordered or sign < 0 else [value]
