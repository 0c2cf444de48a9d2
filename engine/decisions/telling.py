"""How a table found its answer, told in a step: which rules matched and why, and which cell of each other said no."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from engine import feel
from engine.decisions.bench import Hearing
from engine.decisions.model import Context, Decision, Literal, Logic, Policy, Rule, Table
from engine.decisions.told import MOST_ROWS, Because, Matched, Missed, Seen, Step, clipped, short


class Line(Protocol):
    """A rule of a compiled table."""

    @property
    def number(self) -> int:
        """Its number, from 1."""

    @property
    def drawn(self) -> Rule:
        """The rule as written."""

    @property
    def tests(self) -> Sequence[object | None]:
        """Its tests; None for one that holds for everything."""


class Hit(Protocol):
    """A rule that matched."""

    @property
    def line(self) -> Line:
        """The rule."""

    @property
    def answers(self) -> Sequence[object]:
        """What it answers, column by column."""


def step(
    run: Hearing,
    decision: str,
    table: Table,
    seen: Sequence[object],
    hits: Sequence[Hit],
    chosen: Sequence[Hit],
    missed: Sequence[tuple[Line, int]],
    value: object,
) -> Step:
    """The step of a table. Of a large one, only so many rules are told as there is room for; the rest is counted."""
    looked = [short(one) for one in seen]
    answering = {hit.line.number for hit in chosen}
    matched = tuple(_matched(run, table, looked, sorted(hits, key=lambda hit: hit.line.number not in answering)))
    against = tuple(_missed(run, table, looked, missed))
    return Step(
        decision=decision,
        kind="table",
        value=short(value),
        inputs=tuple(
            Seen(clipped(column.label), clipped(column.text), one)
            for column, one in zip(table.inputs, looked, strict=True)
        ),
        policy=table.policy,
        rules=len(table.rules),
        matched=matched,
        more_matched=len(hits) - len(matched),
        missed=against,
        more_missed=len(missed) - len(against),
        unasked=len(table.rules) - len(hits) - len(missed) if table.policy is Policy.FIRST else 0,
        chosen=tuple(hit.line.number for hit in chosen[:MOST_ROWS]),
        default=not hits and any(output.default for output in table.outputs),
    )


def found(run: Hearing, drawn: Decision, names: frozenset[str], values: Mapping[str, object], value: object) -> Step:
    """How a decision that is no table found its value: its text or its entries, and the values of the names in it."""
    logic = drawn.logic
    texts = {name: text_in(box) for name, box in logic.entries} if isinstance(logic, Context) else {}
    used = [name for name in sorted(names) if name in values and name not in texts]
    shown = [name for name in used if not isinstance(values[name], feel.Function)][:MOST_ROWS]
    kinds = {Literal: "expression", Context: "context"}
    return Step(
        decision=drawn.id,
        kind=kinds.get(type(logic), "boxes") if logic else "boxes",
        value=short(value),
        inputs=tuple(Seen(name, name, short(values[name])) for name in shown),
        text=clipped(text_in(logic)) if logic else "",
        entries=entries(texts, run.entries),
    )


def text_in(box: Logic) -> str:
    """The text that a box is, if it is one."""
    if isinstance(box, Context) and not box.entries and box.result is not None:
        return text_in(box.result)
    return box.text if isinstance(box, Literal) else ""


def entries(drawn: Mapping[str, str], found: Mapping[str, object]) -> tuple[Seen, ...]:
    """The entries of a context: each by its name, with its text where it is one, and what it was."""
    names = [name for name in drawn if name in found][:MOST_ROWS]
    return tuple(Seen(clipped(name), clipped(drawn[name]), short(found[name])) for name in names)


def _matched(run: Hearing, table: Table, looked: Sequence[feel.Json], hits: Sequence[Hit]) -> Iterator[Matched]:
    for hit in hits[:MOST_ROWS]:
        rule = hit.line.drawn
        cells = zip(table.inputs, looked, rule.tests, hit.line.tests, strict=True)
        answers = zip(table.outputs, hit.answers, strict=True)
        told = Matched(
            number=hit.line.number,
            id=rule.id,
            because=tuple(
                Because(clipped(one.label), value, clipped(text)) for one, value, text, test in cells if test
            ),
            answers={clipped(one.label or one.name): short(value) for one, value in answers},
            notes=tuple(clipped(note) for note in rule.notes),
        )
        run.room -= len(repr(told))
        if run.room < 0:
            return
        yield told


def _missed(
    run: Hearing, table: Table, looked: Sequence[feel.Json], missed: Sequence[tuple[Line, int]]
) -> Iterator[Missed]:
    for line, place in missed[:MOST_ROWS]:
        test = clipped(line.drawn.tests[place])
        told = Missed(line.number, clipped(table.inputs[place].label), looked[place], test)
        run.missed_room -= len(repr(told))
        if run.missed_room < 0:
            return
        yield told
