"""Decision tables: which rules match, and what the hit policy makes of their answers (DMN 1.5, 8.2.10 and 8.2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine import feel
from engine.decisions import telling
from engine.decisions.bench import Bench, Cell, Code, Hearing
from engine.decisions.model import LISTS, ORDERED_BY_OUTPUT, Input, Output, Policy, Rule, Table
from engine.decisions.told import plain
from engine.feel.nodes import UnaryTests

_SUMS: Final = {Policy.SUM: "sum", Policy.LEAST: "min", Policy.MOST: "max", Policy.COUNT: "count"}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that is asked: its value, and the tests of what it may be."""

    drawn: Input
    code: feel.Expression | None
    allowed: feel.Tests | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """A column that is answered: the tests of its possible values, one by one in their rank, and its default."""

    drawn: Output
    ranks: tuple[feel.Tests, ...]
    default: feel.Expression | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule, its cells compiled; a test that is None holds for everything."""

    number: int
    drawn: Rule
    tests: tuple[feel.Tests | None, ...]
    answers: tuple[feel.Expression | None, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A rule that matched, with what it answers, column by column."""

    line: _Line
    answers: list[object]


def compiled(table: Table, bench: Bench) -> Code:
    """The closure that asks a table; it tells the hearing what it saw and which rules matched."""
    columns = [_column(one, bench) for one in table.inputs]
    answers = [_answer(one, bench) for one in table.outputs]
    lines = [_line(number, rule, table, bench) for number, rule in enumerate(table.rules, 1)]
    if table.policy in ORDERED_BY_OUTPUT and not any(one.ranks for one in answers):
        bench.refuse(
            "%(policy)s needs the list of output values, the first in rank first; enter it.", policy=table.policy
        )

    def ask(frame: feel.Frame) -> object:
        run = frame.run
        run.spend(1)
        seen = [_seen(column, frame, bench) for column in columns]
        missed: list[tuple[_Line, int]] | None = [] if isinstance(run, Hearing) else None
        matching = _matching(lines, seen, frame, missed, first=table.policy is Policy.FIRST)
        hits = [_Hit(line, _answered(line, answers, frame, bench)) for line in matching]
        chosen = _chosen(table, hits, answers, frame, bench)
        value = _value(table, chosen, answers, frame)
        if isinstance(run, Hearing):
            run.tell(telling.step(run, bench.decision, table, seen, hits, chosen, missed or (), value))
        return value

    return ask


def _column(drawn: Input, bench: Bench) -> _Column:
    if not drawn.text:
        bench.refuse("The input %(input)s does not say what it looks at; enter an expression.", input=drawn.label)
    bench.require_type(drawn.type)
    code = bench.expression(drawn.text, "input") if drawn.text else None
    return _Column(drawn, code, bench.tests(drawn.allowed or bench.types.allowed(drawn.type), "allowed values"))


def _answer(drawn: Output, bench: Bench) -> _Answer:
    bench.require_type(drawn.type)
    tests = bench.tests(drawn.allowed or bench.types.allowed(drawn.type), "output values")
    node = tests.node if tests else None
    ranks: list[feel.Tests] = []
    if tests is not None and isinstance(node, UnaryTests):
        ranks = [feel.Tests(tests.text, replace(node, tests=(one,))) for one in node.tests]
    return _Answer(drawn, tuple(ranks), bench.expression(drawn.default, "default value") if drawn.default else None)


def _line(number: int, rule: Rule, table: Table, bench: Bench) -> _Line:
    tests = tuple(
        bench.tests(text, "test", Cell(number, rule.id, column.label))
        for text, column in zip(rule.tests, table.inputs, strict=True)
    )
    answers = tuple(
        bench.expression(text, "answer", Cell(number, rule.id, column.label or str(place))) if text else None
        for place, (text, column) in enumerate(zip(rule.answers, table.outputs, strict=True), 1)
    )
    return _Line(number, rule, tests, answers)


def _seen(column: _Column, frame: feel.Frame, bench: Bench) -> object:
    value = column.code.within(frame) if column.code else None
    value = bench.types.given(value, column.drawn.type, frame.run)
    if value is not None and not bench.types.fits(value, column.drawn.type, frame.run):
        message = "The input %(input)s is %(value)s, which is no %(type)s."
        raise bench.halt(message, input=column.drawn.label, value=plain(value), type=column.drawn.type)
    for one in value if isinstance(value, list) else [value]:
        if column.allowed and one is not None and not column.allowed.within(frame, one):
            message = "The input %(input)s is %(value)s, which the table does not allow (%(allowed)s)."
            raise bench.halt(message, input=column.drawn.label, value=plain(one), allowed=column.allowed.text)
    return value


def _matching(
    lines: Sequence[_Line],
    seen: Sequence[object],
    frame: feel.Frame,
    missed: list[tuple[_Line, int]] | None,
    *,
    first: bool,
) -> list[_Line]:
    """The rules whose every test holds, in order; `missed` gets the others with the first column that speaks against."""
    found = []
    for line in lines:
        frame.run.spend(1 + len(seen))
        against = next(
            (place for place, test in enumerate(line.tests) if test and not test.within(frame, seen[place])), None
        )
        if against is not None:
            if missed is not None:
                missed.append((line, against))
            continue
        found.append(line)
        if first:
            break
    return found


def _answered(line: _Line, columns: Sequence[_Answer], frame: feel.Frame, bench: Bench) -> list[object]:
    values = []
    for code, column in zip(line.answers, columns, strict=True):
        value = code.within(frame) if code else None
        kept = bench.types.coerced(value, column.drawn.type, frame.run)
        place = {"rule": line.number, "column": column.drawn.label, "value": plain(value)}
        if value is not None and kept is None:
            raise bench.halt(
                "Rule %(rule)s answers %(value)s for %(column)s, which is no %(type)s.", **place, type=column.drawn.type
            )
        if kept is not None and column.ranks and _rank(column, kept, frame) == len(column.ranks):
            raise bench.halt("Rule %(rule)s answers %(value)s for %(column)s, which is not among its values.", **place)
        values.append(kept)
    return values


def _chosen(
    table: Table, hits: Sequence[_Hit], columns: Sequence[_Answer], frame: feel.Frame, bench: Bench
) -> Sequence[_Hit]:
    """The rules that the policy lets answer, in the order in which they do."""
    if table.policy in ORDERED_BY_OUTPUT:
        hits = sorted(hits, key=lambda hit: [_rank(*pair, frame) for pair in zip(columns, hit.answers, strict=True)])
    if table.policy is Policy.UNIQUE and len(hits) > 1:
        raise bench.halt("Rules %(rules)s match at once, and the table allows one (U).", rules=_numbers(hits))
    if table.policy is Policy.ANY and len(hits) > 1:
        values = [_composed(table, hit.answers) for hit in hits]
        if any(feel.equal(values[0], one, frame.run.spend) is not True for one in values):
            message = "Rules %(rules)s match with different answers, which A does not allow."
            raise bench.halt(message, rules=_numbers(hits))
    return hits if table.policy in LISTS or table.policy in _SUMS else hits[:1]


def _value(table: Table, chosen: Sequence[_Hit], columns: Sequence[_Answer], frame: feel.Frame) -> object:
    if not chosen:
        return _default(table, columns, frame)
    values = [_composed(table, hit.answers) for hit in chosen]
    if table.policy in _SUMS:
        return feel.compile(f"{_SUMS[table.policy]}(found)").within(feel.Frame.of_values(frame.run, {"found": values}))
    return values if table.policy in LISTS else values[0]


def _default(table: Table, columns: Sequence[_Answer], frame: feel.Frame) -> object:
    """The default values; null without any, also for the policies that give lists (DMN 1.5, 8.3.3)."""
    if not any(column.default for column in columns):
        return None
    return _composed(table, [column.default.within(frame) if column.default else None for column in columns])


def _composed(table: Table, values: Sequence[object]) -> object:
    if len(table.outputs) == 1:
        return values[0]
    return {output.name: value for output, value in zip(table.outputs, values, strict=True)}


def _rank(column: _Answer, value: object, frame: feel.Frame) -> int:
    """The place of a value among the possible ones; behind them all for any other."""
    return next((place for place, test in enumerate(column.ranks) if test.within(frame, value)), len(column.ranks))


def _numbers(hits: Sequence[_Hit]) -> str:
    return ", ".join(str(number) for number in sorted(hit.line.number for hit in hits))
