"""What is wrong with a file, or could be better, before anybody decides by it: with the rules' numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from engine import feel
from engine.decisions import cells, deciding
from engine.decisions.bench import Cell, place
from engine.decisions.cells import Column
from engine.decisions.model import Context, Decision, FunctionLogic, Logic, Model, Policy, Table
from engine.decisions.types import BASIC
from engine.domain.errors import Problem
from engine.feel.nodes import Literal as LiteralNode

MOST_RULES: Final = 400  # of a table whose rules are compared with each other
MOST_STEPS: Final = 20_000  # in looking for gaps; a table that takes more is not judged
MOST_SAID: Final = 10  # findings of one kind for one table
_ANSWERS_ALWAYS: Final = {Policy.UNIQUE, Policy.ANY, Policy.PRIORITY, Policy.FIRST}


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """Something about a decision; publication refuses errors and lets warnings pass."""

    severity: Literal["error", "warning"] = "error"


def check(model: Model) -> list[Finding]:
    """Every finding of the file: texts that are not FEEL, and of each table overlaps, gaps and rules without effect."""
    book = deciding.book(model)
    found = [Finding(one.where, one.message, one.params) for one in book.problems]
    message = "The decision %(id)s has no table and no expression."
    found += [Finding(one.id, message, {"id": one.id}) for one in model.decisions.values() if one.logic is None]
    if found:
        return found
    for drawn in model.decisions.values():
        table = _table(drawn.logic)
        if table is not None:
            found += _of_table(drawn, table, book.known)
    return found


def _table(logic: Logic | None) -> Table | None:
    """The table that a decision or a function is."""
    if isinstance(logic, FunctionLogic):
        return _table(logic.body)
    if isinstance(logic, Context) and not logic.entries:
        return _table(logic.result)
    return logic if isinstance(logic, Table) else None


def _of_table(drawn: Decision, table: Table, known: frozenset[str]) -> Iterator[Finding]:
    if not table.rules:
        yield Finding(drawn.id, "The table has no rules; add one.", {}, "warning")
    yield from _kinds(drawn, table, known)
    columns = cells.columns(table, known) if len(table.rules) <= MOST_RULES else None
    if columns is None:
        return
    if table.policy is Policy.UNIQUE:
        yield from _overlaps(drawn, table, columns)
    if table.policy is Policy.ANY:
        yield from _contradictions(drawn, table, columns)
    if table.policy is Policy.FIRST:
        yield from _covered(drawn, table, columns)
    if table.rules and table.policy in _ANSWERS_ALWAYS and not any(output.default for output in table.outputs):
        yield from _gaps(drawn, columns, len(table.rules))


def _kinds(drawn: Decision, table: Table, known: frozenset[str]) -> Iterator[Finding]:
    """A plain value in a cell is of the kind of its column."""
    for number, rule in enumerate(table.rules, 1):
        for text, column in zip(rule.tests, table.inputs, strict=True):
            wanted = BASIC.get(column.type)
            wrong = [one for one in cells.literals(text, known) or () if wanted and feel.kind(one) != wanted]
            if wrong and wanted in {"number", "string", "boolean"}:
                message = "Rule %(rule)s, column %(column)s: %(text)s can never hold; the column is %(type)s."
                said = {"rule": number, "column": column.label, "text": text, "type": wanted}
                yield Finding(place(drawn.id, rule.id), message, said)
        for text, output in zip(rule.answers, table.outputs, strict=True):
            if text:
                yield from _answer_kind(drawn.id, Cell(number, rule.id, output.label), text, output.type, known)


def _answer_kind(decision: str, cell: Cell, text: str, type_: str, known: frozenset[str]) -> Iterator[Finding]:
    node, wanted = feel.compile(text, known).node, BASIC.get(type_)
    if wanted and isinstance(node, LiteralNode) and node.value is not None and feel.kind(node.value) != wanted:
        message = "Rule %(rule)s, column %(column)s: %(text)s is no %(type)s."
        said = {"rule": cell.rule, "column": cell.column, "text": text, "type": wanted}
        yield Finding(place(decision, cell.id), message, said)


def _overlaps(drawn: Decision, table: Table, columns: Sequence[Column]) -> Iterator[Finding]:
    for one, other in _meeting(columns, len(table.rules))[:MOST_SAID]:
        message = "Rules %(one)s and %(other)s match at once, and the table allows one rule (U); narrow one of them."
        yield Finding(place(drawn.id, table.rules[other].id), message, {"one": one + 1, "other": other + 1})


def _contradictions(drawn: Decision, table: Table, columns: Sequence[Column]) -> Iterator[Finding]:
    meeting = _meeting(columns, len(table.rules))
    wrong = [(one, other) for one, other in meeting if table.rules[one].answers != table.rules[other].answers]
    for one, other in wrong[:MOST_SAID]:
        message = "Rules %(one)s and %(other)s match at once and answer differently, which A does not allow."
        said = {"one": one + 1, "other": other + 1}
        yield Finding(place(drawn.id, table.rules[other].id), message, said, "warning")


def _meeting(columns: Sequence[Column], rules: int) -> list[tuple[int, int]]:
    """The pairs of rules of which it is certain that some values match both."""
    return [pair for pair in combinations(range(rules), 2) if all(_meet(column, *pair) for column in columns)]


def _meet(column: Column, one: int, other: int) -> bool:
    first, second = column.accepts[one], column.accepts[other]
    return first is not None and second is not None and first & second != 0


def _covered(drawn: Decision, table: Table, columns: Sequence[Column]) -> Iterator[Finding]:
    said = 0
    for later, rule in enumerate(table.rules):
        earlier = next((one for one in range(later) if all(_covers(column, one, later) for column in columns)), None)
        if earlier is not None and said < MOST_SAID:
            said += 1
            message = "Rule %(rule)s is never reached: rule %(earlier)s above it takes all that it would."
            said_of = {"rule": later + 1, "earlier": earlier + 1}
            yield Finding(place(drawn.id, rule.id), message, said_of, "warning")


def _covers(column: Column, one: int, other: int) -> bool:
    first, second = column.accepts[one], column.accepts[other]
    return first is not None and (first == column.whole or (second is not None and second & ~first == 0))


def _gaps(drawn: Decision, columns: Sequence[Column], rules: int) -> Iterator[Finding]:
    """Values for which no rule is there: looked for column by column, as long as it takes no more than its steps."""
    steps, found = MOST_STEPS, 0
    todo: list[tuple[int, tuple[int, ...], tuple[str, ...]]] = [(0, tuple(range(rules)), ())]
    while todo and found < MOST_SAID:
        at, left, path = todo.pop()
        steps -= 1 + len(left)
        if steps < 0:
            return
        if not left:
            found += 1
            message = "No rule answers where %(values)s; add a rule or a default value."
            yield Finding(drawn.id, message, {"values": ", ".join(path)}, "warning")
        elif at < len(columns):
            column = columns[at]
            for bit, part in reversed(list(enumerate(column.parts))):
                kept = tuple(rule for rule in left if _takes(column.accepts[rule], bit))
                said = path if len(kept) == len(left) else (*path, f"{column.label}: {part.written}")
                todo.append((at + 1, kept, said))


def _takes(accepted: int | None, bit: int) -> bool:
    """Whether a rule may match there; one that cannot be judged may."""
    return accepted is None or bool(accepted >> bit & 1)
