"""Compiling for, some, every and filters: what looks at one element after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from engine.feel import limits, nodes
from engine.feel.calendar import Date, Moment, date_at, ordinal
from engine.feel.code import Code, Compiled
from engine.feel.nodes import (
    Comparison,
    Conjunction,
    Disjunction,
    Filter,
    For,
    Name,
    Node,
    Quantified,
    Steps,
    walk,
    weight,
)
from engine.feel.numbers import integer
from engine.feel.run import Frame
from engine.feel.values import Range, both, either, less


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
    low, high = ordinal(first), ordinal(last)
    return map(date_at, range(low, high + 1) if low <= high else range(low, high - 1, -1))


def _range_values(values: Range) -> Iterable[object] | None:
    counted = None if values.low is None or values.high is None else _counted(values.low, values.high)
    if counted is None:
        return None
    if less(values.high, values.low):
        return None
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
