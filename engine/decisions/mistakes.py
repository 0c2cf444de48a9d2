"""Cells that cannot be meant: a value of another kind than its column, an answer that its column does not allow."""

from collections.abc import Iterator
from typing import Final

from engine import feel
from engine.decisions import comparing
from engine.decisions.axes import Reading
from engine.decisions.bench import Cell, place
from engine.decisions.findings import Finding
from engine.decisions.model import Decision, Output, Table
from engine.decisions.types import BASIC, Types

ANY_KIND: Final = frozenset({"", "list", "context", "range", "function"})


def mistakes(drawn: Decision, table: Table, reading: Reading, types: Types) -> Iterator[Finding]:
    """Every cell of a table whose plain value does not fit its column."""
    for number, rule in enumerate(table.rules, 1):
        for text, column in zip(rule.tests, table.inputs, strict=True):
            kind, _allowed, _whole = reading.kind(column.type)
            yield from _test(drawn.id, Cell(number, rule.id, column.label), text, kind, reading)
        for text, output in zip(rule.answers, table.outputs, strict=True):
            found = answer(text, reading)
            if found is not None:
                yield from _answer(drawn.id, Cell(number, rule.id, output.label), (text, *found), output, types)
    for output in table.outputs:
        default = answer(output.default, reading)
        if default is not None and not _fits(default[0], output, types):
            message = "The default value %(text)s of %(column)s is not what the column allows."
            yield Finding(drawn.id, message, {"text": output.default, "column": output.label or output.name})


def answer(text: str, reading: Reading) -> tuple[object] | None:
    """The value that an answer has whatever the inputs are; None for one that hangs on them."""
    return comparing.constant(reading.node(text)) if text else None


def _test(decision: str, cell: Cell, text: str, kind: str, reading: Reading) -> Iterator[Finding]:
    read = reading.cell(text)
    values = read.compared.values if read and read.compared else ()
    if kind not in ANY_KIND and any(value is not None and feel.kind(value) != kind for value in values):
        message = "Rule %(rule)s, column %(column)s: %(text)s can never hold; the column is %(type)s."
        said = {"rule": cell.rule, "column": cell.column, "text": text, "type": kind}
        yield Finding(place(decision, cell.id), message, said)


def _answer(decision: str, cell: Cell, found: tuple[str, object], output: Output, types: Types) -> Iterator[Finding]:
    text, value = found
    said: dict[str, object] = {"rule": cell.rule, "column": cell.column, "text": text}
    if types.coerced(value, output.type, feel.Run(None)) is None and value is not None:
        message = "Rule %(rule)s, column %(column)s: %(text)s is no %(type)s."
        yield Finding(place(decision, cell.id), message, said | {"type": BASIC.get(output.type, output.type)})
    elif not _fits(value, output, types):
        message = "Rule %(rule)s, column %(column)s: %(text)s is not among the values of the column (%(allowed)s)."
        yield Finding(place(decision, cell.id), message, said | {"allowed": output.allowed})


def _fits(value: object, output: Output, types: Types) -> bool:
    kept = types.coerced(value, output.type, feel.Run(None))
    if value is None or kept is None:
        return value is None
    allowed = output.allowed or types.allowed(output.type)
    try:
        return not allowed or types.tests(allowed)(kept, {})
    except feel.FeelError:
        return True
