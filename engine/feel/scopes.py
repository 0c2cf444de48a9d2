"""Compiling what opens a scope of its own: for, some, every, filters, functions, calls, and tests of an input."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from engine.feel import limits, nodes, operators
from engine.feel.basics import COMPARISONS
from engine.feel.calendar import Date, Moment
from engine.feel.code import Code, Compiled
from engine.feel.durations import DAY, DaysDuration
from engine.feel.nodes import (
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    Filter,
    For,
    FunctionDefinition,
    In,
    Name,
    Node,
    Parameter,
    Quantified,
    Steps,
    Test,
    UnaryTests,
    walk,
)
from engine.feel.numbers import integer
from engine.feel.run import Frame, Run
from engine.feel.types import coerced
from engine.feel.values import Function, Range, both, either, equal, less

_INPUT = "?"


def weight(node: Node) -> int:
    """The steps that one evaluation of a node counts: its parts."""
    return sum(1 for _ in walk(node))


def for_loop(node: For, code: Code) -> Compiled:
    """`for`: the list of the body's values, over all combinations; null when a domain is none."""
    names = tuple(each.name for each in node.iterators)
    domains = _domains(node.iterators, code)
    inside = code.binding(*names, "partial")
    body, cost = inside.compile(node.body), weight(node.body)
    partial = any(isinstance(part, Name) and part.name == "partial" for part in walk(node.body))

    def loop(frame: Frame) -> object:
        found: list[object] = []
        run = frame.run
        for values in _combinations(frame, domains, {}):
            if values is None:
                return None
            run.at = node.at
            run.spend(cost)
            limits.check_items(len(found) + 1)
            if partial:
                run.spend(len(found))
                values["partial"] = found.copy()
            found.append(body(frame.inner(values)))
        return found

    return loop


def quantified(node: Quantified, code: Code) -> Compiled:
    """`some` and `every`, with the three-valued logic of `or` and `and`."""
    domains = _domains(node.iterators, code)
    body = code.binding(*(each.name for each in node.iterators)).compile(node.body)
    cost, join, end = weight(node.body), both if node.every else either, not node.every

    def decide(frame: Frame) -> object:
        answer: bool | None = node.every
        for values in _combinations(frame, domains, {}):
            if values is None:
                return None
            frame.run.at = node.at
            frame.run.spend(cost)
            answer = join(answer, body(frame.inner(values)))
            if answer is end:
                return answer
        return answer

    return decide


Domain = tuple[str, Callable[[Frame], Iterable[object] | None]]


def _domains(iterators: Sequence[nodes.Iterator], code: Code) -> list[Domain]:
    found: list[Domain] = []
    names: list[str] = []
    for each in iterators:
        found.append((each.name, _domain(each.domain, code.binding(*names))))
        names.append(each.name)
    return found


def _domain(node: Node, code: Code) -> Callable[[Frame], Iterable[object] | None]:
    if isinstance(node, Steps):
        first, last = code.compile(node.first), code.compile(node.last)
        return lambda frame: _counted(first(frame), last(frame))
    value = code.compile(node)

    def elements(frame: Frame) -> Iterable[object] | None:
        found = value(frame)
        if isinstance(found, Range):
            return _range_values(found)
        if found is None or isinstance(found, list):
            return found
        return [found]

    return elements


def _combinations(frame: Frame, domains: list[Domain], given: dict[str, object]) -> Iterator[dict[str, object] | None]:
    """Every choice of one value per iterator, as names; None when a domain is no list."""
    if len(given) == len(domains):
        yield dict(given)
        return
    name, domain = domains[len(given)]
    values = domain(frame.inner(given) if given else frame)
    if values is None:
        yield None
        return
    for value in values:
        frame.run.spend(1)
        yield from _combinations(frame, domains, {**given, name: value})


def _counted(first: object, last: object) -> Iterable[object] | None:
    """From first to last, up or down, by one or by days."""
    if isinstance(first, Decimal) and isinstance(last, Decimal):
        low, high = integer(first), integer(last)
        if low is None or high is None:
            return None
        return map(Decimal, range(low, high + 1) if low <= high else range(low, high - 1, -1))
    if isinstance(first, Moment) or isinstance(last, Moment):
        return None
    if isinstance(first, Date) and isinstance(last, Date):
        return _days(first, last)
    return None


def _days(first: Date, last: Date) -> Iterator[object]:
    step = DaysDuration(-DAY if less(last, first) else DAY)
    value: object = first
    yield value
    while value != last:
        value = operators.add(value, step)
        yield value


def _range_values(values: Range) -> Iterable[object] | None:
    counted = None if values.low is None or values.high is None else _counted(values.low, values.high)
    if counted is None:
        return None
    if less(values.high, values.low):
        return []
    return (value for value in counted if values.contains(value))


def filtered(node: Filter, code: Code) -> Compiled:
    """`list[condition]`: the elements for which it is true; `list[number]`: the element at that place."""
    base = code.compile(node.base)
    inside = code.filtering().compile(node.condition)
    may_be_place = not isinstance(node.condition, Comparison | Conjunction | Disjunction)
    cost = weight(node.condition)

    def choose(frame: Frame) -> object:
        found = base(frame)
        items = found if isinstance(found, list) else [] if found is None else [found]
        frame.run.at = node.at
        frame.run.spend(cost * (len(items) + 1))
        place = inside(frame) if may_be_place else None
        if isinstance(place, Decimal):
            return _element(items, place)
        return [item for item in items if inside(_around(frame, item)) is True]

    return choose


def _element(items: list[object], place: Decimal) -> object:
    index = integer(place)
    if not index or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]


def _around(frame: Frame, item: object) -> Frame:
    inner = frame.inner({"item": item})
    return inner.inner(item) if isinstance(item, dict) else inner


class Defined(Function):
    """A function written in an expression, with the names around it."""

    __slots__ = ("_body", "_cost", "_frame", "_parameters")

    def __init__(self, parameters: tuple[Parameter, ...], body: Compiled, frame: Frame, cost: int) -> None:
        self._parameters = parameters
        self._body = body
        self._frame = frame
        self._cost = cost

    @property
    def arity(self) -> int:
        """The number of its parameters."""
        return len(self._parameters)

    def call(self, run: Run, arguments: Sequence[object]) -> object:
        """The body's value with the arguments as names; null when their number is wrong."""
        if len(arguments) != len(self._parameters):
            return None
        names: dict[str, object] = {}
        for parameter, argument in zip(self._parameters, arguments, strict=True):
            names[parameter.name] = coerced(argument, parameter.type)
        run.spend(self._cost)
        run.enter()
        value = self._body(self._frame.inner(names, run))
        run.leave()
        return value

    def call_named(self, run: Run, arguments: Mapping[str, object]) -> object:
        """As `call`; every parameter must be named, and nothing else."""
        names = [parameter.name for parameter in self._parameters]
        if set(names) != set(arguments):
            return None
        return self.call(run, [arguments[name] for name in names])


def function(node: FunctionDefinition, code: Code) -> Compiled:
    """A function; what would call code outside FEEL is null."""
    if node.external:
        return lambda _frame: None
    body = code.binding(*(parameter.name for parameter in node.parameters)).compile(node.body)
    cost = weight(node.body)
    return lambda frame: Defined(node.parameters, body, frame, cost)


def call(node: Call, code: Code) -> Compiled:
    """A call; of what is no function it is null."""
    callee, arguments, names = code.compile(node.function), code.all(node.arguments), node.names

    def invoke(frame: Frame) -> object:
        function = callee(frame)
        values = [argument(frame) for argument in arguments]
        if not isinstance(function, Function):
            return None
        run = frame.run
        run.at = node.at
        run.spend(1)
        if names:
            return function.call_named(run, dict(zip(names, values, strict=True)))
        return function.call(run, values)

    return invoke


def is_in(node: In, code: Code) -> Compiled:
    """`value in tests`."""
    value, tests = code.compile(node.value), [_test(each, code) for each in node.tests]

    def decide(frame: Frame) -> object:
        found = value(frame)
        answer: bool | None = False
        for test in tests:
            answer = either(answer, test(frame, found))
        return answer

    return decide


def unary_tests(node: UnaryTests, code: Code) -> Compiled:
    """A cell: true when one test holds for the input `?` (none, when negated)."""
    inside = code.binding(_INPUT)
    tests = [_test(each, inside) for each in node.tests]

    def decide(frame: Frame) -> object:
        value = frame.find(_INPUT, None)
        answer: bool | None = not tests
        for test in tests:
            answer = either(answer, test(frame, value))
        return (answer is True) != node.negated

    return decide


def _test(node: Node, code: Code) -> Callable[[Frame, object], bool | None]:
    if isinstance(node, Test):
        operand, rule = code.compile(node.operand), COMPARISONS[node.operator][1]
        return lambda frame, value: rule(value, operand(frame))
    expected = code.compile(node)
    if any(isinstance(part, Name) and part.name == _INPUT for part in walk(node)):
        return lambda frame, value: _says(expected(frame), value)
    return lambda frame, value: _matches(value, expected(frame))


def _says(answer: object, value: object) -> bool | None:
    return answer if isinstance(answer, bool) or answer is None else _matches(value, answer)


def _matches(value: object, expected: object) -> bool | None:
    if isinstance(expected, Range) and not isinstance(value, Range):
        return expected.contains(value)
    if isinstance(expected, list):
        return any(_matches(value, each) is True for each in expected) or equal(value, expected) is True
    return equal(value, expected)
