"""Making a decision: all that it requires first, each seeing what those before it found, within one budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from engine import feel
from engine.decisions import code, order, telling
from engine.decisions.bench import Bench, Code, Hearing
from engine.decisions.model import (
    Choice,
    Context,
    Decision,
    FunctionLogic,
    Invocation,
    Items,
    Literal,
    Logic,
    Loop,
    Model,
    Table,
)
from engine.decisions.told import MOST_ROWS, Decided, Explained, Seen, Step, clipped, plain, short
from engine.decisions.types import Types
from engine.domain.errors import Invalid, NotFound, Problem

KEPT: Final = 256  # compiled files


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A file ready to decide: the code and the names of each decision by id, and what is wrong with the file."""

    codes: Mapping[str, Code]
    names: Mapping[str, frozenset[str]]
    types: Types
    known: frozenset[str]
    problems: tuple[Problem, ...]


def decide(model: Model, decision: str, inputs: Mapping[str, object], now: datetime | None) -> Decided:
    """Decides on JSON inputs at a moment of the office's clock; names that the file does not know do no harm.

    Raises NotFound for a decision that the file does not have, Invalid (with the decision) where none can be made.
    """
    return _decided(model, decision, inputs, feel.Run(now))


def explain(model: Model, decision: str, inputs: Mapping[str, object], now: datetime | None) -> Explained:
    """Decides as `decide` does, and says how: every table, expression and context on the way, in bounded size."""
    hearing = Hearing(now)
    decided = _decided(model, decision, inputs, hearing)
    ids = order.needed(model, decision)
    requires = {id_: tuple(one for one in model.decisions[id_].requires if one in ids) for id_ in ids}
    return Explained(decided.value, decided.inputs, tuple(hearing.steps_told), requires, hearing.more)


def _decided(model: Model, decision: str, inputs: Mapping[str, object], run: feel.Run) -> Decided:
    drawn = model.decisions.get(decision)
    if drawn is None or drawn.knowledge:
        raise NotFound("There is no decision %(decision)s.", decision=decision)
    made = book(model)
    if made.problems:
        raise Invalid("This decision cannot be made as it is written.", made.problems)
    steps = order.needed(model, decision)
    try:
        values = _given(model, made.types, inputs, run)
        for id_ in steps:
            values[model.decisions[id_].variable] = _made(model.decisions[id_], made, values, run)
        value = feel.to_json(values[drawn.variable])
    except feel.FeelError as error:
        raise Invalid("The decision cannot be made.", [Problem(decision, error.message, error.params)]) from error
    used = frozenset().union(*(made.names[id_] for id_ in steps))
    seen = {name: plain(found) for name, found in values.items() if name in inputs and name in used}
    return Decided(value, seen)


@lru_cache(KEPT)
def book(model: Model) -> Book:
    """The file compiled, with every text in it that is not FEEL among the problems."""
    known = frozenset(name for name in _names(model) if not name.isidentifier() and "." not in name)
    types = Types(model.types, lambda text: feel.tests(text, known))
    codes: dict[str, Code] = {}
    names: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for id_ in model.order:
        drawn = model.decisions[id_]
        bench = Bench(id_, known, types, problems)
        bench.require_type(drawn.type)
        codes[id_] = code.compiled(drawn.logic, bench) if drawn.logic is not None else _undrawn
        names[id_] = frozenset(bench.names)
    problems += _of_types(model, known)
    return Book(codes, names, types, known, tuple(problems))


def _undrawn(_frame: feel.Frame) -> object:
    return None


def _given(model: Model, types: Types, inputs: Mapping[str, object], run: feel.Run) -> dict[str, object]:
    values = {name: feel.from_json(value) for name, value in inputs.items()}
    for fact in model.facts.values():
        value = types.given(values.get(fact.name), fact.type, run)
        if fact.type and value is not None:
            fitting = types.coerced(value, fact.type, run)
            if fitting is None:
                message = "The input %(input)s is %(value)s, which is no %(type)s."
                params = {"input": fact.name, "value": plain(value), "type": fact.type}
                raise Invalid("The decision cannot be made.", [Problem(fact.id, message, params)])
            value = fitting
        values[fact.name] = value
    return values


def _made(drawn: Decision, made: Book, values: Mapping[str, object], run: feel.Run) -> object:
    if isinstance(run, Hearing):
        run.watched, run.entries = drawn.logic, {}
    value = made.codes[drawn.id](feel.Frame.of_values(run, dict(values)))
    kept = value if drawn.knowledge else made.types.coerced(value, drawn.type, run)
    if isinstance(run, Hearing) and not drawn.knowledge and not isinstance(drawn.logic, Table):
        run.tell(_step(drawn, made, values, run, kept))
    return kept


def _step(drawn: Decision, made: Book, values: Mapping[str, object], run: Hearing, value: object) -> Step:
    """How a decision that is no table found its value: its text or its entries, and the values of the names in it."""
    logic = drawn.logic
    texts = {name: text_in(box) for name, box in logic.entries} if isinstance(logic, Context) else {}
    used = [name for name in sorted(made.names[drawn.id]) if name in values and name not in texts]
    shown = [name for name in used if not isinstance(values[name], feel.Function)][:MOST_ROWS]
    kinds = {Literal: "expression", Context: "context"}
    return Step(
        decision=drawn.id,
        kind=kinds.get(type(logic), "boxes") if logic else "boxes",
        value=short(value),
        inputs=tuple(Seen(name, name, short(values[name])) for name in shown),
        text=clipped(text_in(logic)) if logic else "",
        entries=telling.entries(texts, run.entries),
    )


def text_in(box: Logic) -> str:
    """The text that a box is, if it is one."""
    if isinstance(box, Context) and not box.entries and box.result is not None:
        return text_in(box.result)
    return box.text if isinstance(box, Literal) else ""


def _of_types(model: Model, known: frozenset[str]) -> list[Problem]:
    problems: list[Problem] = []
    todo = [(name, one) for name, one in model.types.items()]
    while todo:
        name, one = todo.pop()
        todo += [(name, part) for part in one.parts.values()]
        bench = Bench(name, known, Types(model.types, feel.tests), problems)
        bench.require_type(one.base)
        bench.tests(one.allowed, "allowed values")
    return problems


def _names(model: Model) -> set[str]:
    """Every name that the file gives to anything: expressions may use those with signs or keywords in them."""
    found = {one.variable for one in model.decisions.values()} | {one.name for one in model.facts.values()}
    types = [*model.types.values()]
    while types:
        one = types.pop()
        found |= set(one.parts)
        types += one.parts.values()
    boxes = [one.logic for one in model.decisions.values() if one.logic is not None]
    while boxes:
        box = boxes.pop()
        names, inner = _parts(box)
        found |= names
        boxes += inner
    return found - {""}


def _parts(box: Logic) -> tuple[set[str], list[Logic]]:
    """The names that a box gives, and the boxes in it."""
    names: set[str] = set()
    inner: list[Logic | None] = []
    if isinstance(box, Table):
        names = {output.name for output in box.outputs}
    elif isinstance(box, Context):
        names, inner = {name for name, _ in box.entries}, [box.result, *(one for _, one in box.entries)]
    elif isinstance(box, Items):
        inner = [*box.items]
    elif isinstance(box, Invocation):
        names, inner = {name for name, _ in box.arguments}, [one for _, one in box.arguments]
    elif isinstance(box, FunctionLogic):
        names, inner = {name for name, _ in box.parameters}, [box.body]
    elif isinstance(box, Loop):
        names, inner = {box.name}, [box.domain, box.body]
    elif isinstance(box, Choice):
        inner = [box.condition, box.yes, box.no]
    return names, [one for one in inner if one is not None]
