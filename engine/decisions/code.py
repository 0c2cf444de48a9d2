"""Compiling the logic of decisions: each box becomes one closure over the closures of what it contains."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine import feel
from engine.decisions import tables
from engine.decisions.bench import Bench, Code, Hearing, Lenient
from engine.decisions.model import (
    Choice,
    Context,
    FunctionLogic,
    Invocation,
    Items,
    Literal,
    Logic,
    Loop,
    Outside,
    Table,
)
from engine.decisions.types import Types
from engine.domain.errors import Invalid
from engine.feel.nodes import FunctionDefinition, walk

_BARE_RANGE: Final = re.compile(r"[^\[\](){}\"'.]+\.\.[^\[\](){}\"'.]+")
_VALUES_OF_RANGE: Final = feel.compile("for each in range return each")


def inside(frame: feel.Frame, names: Mapping[str, object]) -> feel.Frame:
    """A frame in which these names stand before those around it."""
    frame.run.spend(1 + (len(frame.scope) >> 5))
    return feel.Frame.of_values(frame.run, {**frame.scope, **names}, frame.types)


class Knowledge(feel.Function):
    """A function drawn in boxes, with the values around it."""

    __slots__ = ("_body", "_frame", "_parameters", "_types")

    def __init__(self, parameters: Sequence[tuple[str, str]], body: Code, frame: feel.Frame, types: Types) -> None:
        self._parameters = parameters
        self._body = body
        self._frame = frame
        self._types = types

    @property
    def arity(self) -> int:
        """The number of its parameters."""
        return len(self._parameters)

    def call(self, run: feel.Run, arguments: Sequence[object]) -> object:
        """The body's value with the arguments as names; null when their number is wrong, or one is not of its type."""
        if len(arguments) != len(self._parameters):
            return None
        names: dict[str, object] = {}
        for (name, type_), value in zip(self._parameters, arguments, strict=True):
            names[name] = self._types.coerced(value, type_, run)
            if value is not None and names[name] is None:
                return None
        run.spend(1 + (len(self._frame.scope) >> 5))
        run.enter()
        value = self._body(feel.Frame.of_values(run, {**self._frame.scope, **_nested(names)}, self._types.fits_named))
        run.leave()
        return value

    def call_named(self, run: feel.Run, arguments: Mapping[str, object]) -> object:
        """As `call`; every parameter must be named, and nothing else."""
        names = [name for name, _type in self._parameters]
        return self.call(run, [arguments[name] for name in names]) if set(names) == set(arguments) else None


def _nested(names: Mapping[str, object]) -> dict[str, object]:
    """The names, those with a dot in them as entries of contexts."""
    found: dict[str, object] = {}
    for name, value in names.items():
        head, _dot, tail = name.partition(".")
        inner = found.get(head)
        found[head] = {**(inner if isinstance(inner, dict) else {}), tail: value} if tail else value
    return found


def compiled(logic: Logic, bench: Bench) -> Code:
    """The closure that finds the value of a box, brought to its type."""
    before = len(bench.problems)
    make = _RULES[type(logic)](logic, bench)
    if isinstance(logic, Table | Invocation):
        make = _excused(make, broken=len(bench.problems) > before)
    name, types = logic.type, bench.types
    bench.require_type(name)
    if not name or isinstance(logic, FunctionLogic):
        return make
    return lambda frame: types.coerced(make(frame), name, frame.run)


def _excused(make: Code, *, broken: bool) -> Code:
    """To the letter of the standard, a table or a call that cannot be made is null, and so is one that cannot be read."""

    def excused(frame: feel.Frame) -> object:
        if not isinstance(frame.run, Lenient):
            return make(frame)
        try:
            return None if broken else make(frame)
        except Invalid:
            return None

    return excused


def _all(boxes: Iterable[Logic], bench: Bench) -> list[Code]:
    return [compiled(box, bench) for box in boxes]


def _nothing(_frame: feel.Frame) -> object:
    return None


def _literal(logic: Literal, bench: Bench) -> Code:
    if not logic.text:
        return _nothing
    expression = bench.expression(logic.text, "expression")
    if expression is None:
        return _nothing
    for node in walk(expression.node):
        if isinstance(node, FunctionDefinition) and node.external:
            bench.outside.append("Java")
    return expression.within


def _outside(logic: Outside, bench: Bench) -> Code:
    bench.call_outside(logic.kind, logic.line)
    return _nothing


def _context(logic: Context, bench: Bench) -> Code:
    entries = [(name, compiled(box, bench)) for name, box in logic.entries]
    result = compiled(logic.result, bench) if logic.result is not None else None

    def make(frame: feel.Frame) -> object:
        scope = dict(frame.scope)
        own = feel.Frame.of_values(frame.run, scope, frame.types)
        own.run.spend(1 + len(entries) + (len(scope) >> 5))
        values: dict[str, object] = {}
        for name, code in entries:
            values[name] = scope[name] = own.converted[name] = code(own)
        if isinstance(frame.run, Hearing) and frame.run.watched is logic:
            frame.run.entries = values
        return values if result is None else result(own)

    return make


def _items(logic: Items, bench: Bench) -> Code:
    codes = _all(logic.items, bench)
    return lambda frame: [code(frame) for code in codes]


def _invocation(logic: Invocation, bench: Bench) -> Code:
    called = bench.expression(logic.called, "called function")
    arguments = [(name, compiled(box, bench)) for name, box in logic.arguments]

    def make(frame: feel.Frame) -> object:
        function = called.within(frame) if called else None
        if not isinstance(function, feel.Function):
            raise bench.halt("There is no function %(name)s to call.", name=logic.called)
        frame.run.spend(1)
        return function.call_named(frame.run, {name: code(frame) for name, code in arguments})

    return make


def _function(logic: FunctionLogic, bench: Bench) -> Code:
    body, types = compiled(logic.body, bench), bench.types
    for _name, type_ in logic.parameters:
        bench.require_type(type_)
    if isinstance(logic.body, Outside):
        return _nothing

    def answer(frame: feel.Frame) -> object:
        return types.returned(body(frame), logic.type, frame.run)

    return lambda frame: Knowledge(logic.parameters, answer if logic.type else body, frame, types)


def _choice(logic: Choice, bench: Bench) -> Code:
    condition, yes, no = _all((logic.condition, logic.yes, logic.no), bench)
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def _loop(logic: Loop, bench: Bench) -> Code:
    domain, body = compiled(_ranged(logic), bench), compiled(logic.body, bench)
    gather = {"filter": _filtered, "for": _mapped, "some": _some, "every": _every}[logic.kind]

    def make(frame: feel.Frame) -> object:
        found = domain(frame)
        if found is None:
            return [] if logic.kind == "filter" else None
        items = _elements(found, frame)
        if items is None:
            return None
        return gather(frame, logic.name, items, body)

    return make


def _ranged(logic: Loop) -> Logic:
    """What a loop goes through; `1..5` is written there as in FEEL's `for`, where it is no expression of its own."""
    domain = logic.domain
    if isinstance(domain, Literal) and logic.kind != "filter" and _BARE_RANGE.fullmatch(domain.text):
        return replace(domain, text=f"for each in {domain.text} return each")
    return domain


def _elements(found: object, frame: feel.Frame) -> Sequence[object] | None:
    """What a box goes through: the elements of a list, the values of a range, or the one value that it is given."""
    if isinstance(found, feel.Range):
        values = _VALUES_OF_RANGE.within(feel.Frame.of_values(frame.run, {"range": found}))
        return values if isinstance(values, list) else None
    return found if isinstance(found, list) else [found]


def _filtered(frame: feel.Frame, name: str, items: Sequence[object], body: Code) -> object:
    """The elements for which the body is true; null where it is neither true, false nor null."""
    kept = []
    for item in items:
        entries = item if isinstance(item, dict) else {}
        answer = body(inside(frame, {name: item, **entries}))
        if answer is not None and not isinstance(answer, bool):
            return None
        if answer:
            kept.append(item)
    return kept


def _mapped(frame: feel.Frame, name: str, items: Sequence[object], body: Code) -> object:
    results: list[object] = []
    for item in items:
        frame.run.spend(len(results) >> 5)
        results.append(body(inside(frame, {name: item, "partial": list(results)})))
    return results


def _some(frame: feel.Frame, name: str, items: Sequence[object], body: Code) -> object:
    answers = _truths(frame, name, items, body)
    if answers is None:
        return None
    return True if True in answers else None if None in answers else False


def _every(frame: feel.Frame, name: str, items: Sequence[object], body: Code) -> object:
    answers = _truths(frame, name, items, body)
    if answers is None:
        return None
    return False if False in answers else None if None in answers else True


def _truths(frame: feel.Frame, name: str, items: Sequence[object], body: Code) -> list[bool | None] | None:
    """The body's answers; None when one is neither true, false nor null."""
    found: list[bool | None] = []
    for item in items:
        answer = body(inside(frame, {name: item}))
        if answer is not None and not isinstance(answer, bool):
            return None
        found.append(answer)
    return found


_RULES: Mapping[type[Logic], Callable[..., Code]] = {
    Literal: _literal,
    Context: _context,
    Items: _items,
    Invocation: _invocation,
    FunctionLogic: _function,
    Outside: _outside,
    Choice: _choice,
    Loop: _loop,
    Table: tables.compiled,
}
