"""Lists: finding, cutting, joining, sorting."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from engine.feel import limits
from engine.feel.numbers import truncated
from engine.feel.run import Run
from engine.feel.signature import running, signature
from engine.feel.values import Function, equal, less


def _same(run: Run, left: object, right: object) -> bool:
    run.spend(1)
    return equal(left, right, run.spend) is True


def _contains(run: Run, items: list[object], element: object) -> bool:
    return any(_same(run, item, element) for item in items)


def _sublist(items: list[object], start: Decimal, length: Decimal | None = None) -> list[object] | None:
    first = truncated(start)
    count = len(items) if length is None else truncated(length)
    if not first or count is None or count < 0 or abs(first) > len(items):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    return items[begin : begin + count]


def _append(items: list[object], *further: object) -> list[object]:
    return _checked([*items, *further])


def _append_all(items: list[object], further: list[object]) -> list[object]:
    return _checked(items + further)


def _concatenate(run: Run, parts: list[object]) -> list[object]:
    found: list[object] = []
    for part in parts:
        found.extend(part if isinstance(part, list) else [part])
        run.spend(1)
        limits.check_items(len(found))
    return found


def _insert_before(items: list[object], position: Decimal, element: object) -> list[object] | None:
    place = _place(items, position)
    return None if place is None else _checked([*items[:place], element, *items[place:]])


def _remove(items: list[object], position: Decimal) -> list[object] | None:
    place = _place(items, position)
    return None if place is None else items[:place] + items[place + 1 :]


def _replace_at(items: list[object], position: Decimal, element: object) -> list[object] | None:
    place = _place(items, position)
    return None if place is None else [*items[:place], element, *items[place + 1 :]]


def _replace_where(run: Run, items: list[object], match: Function, element: object) -> list[object] | None:
    answers = [match.call(run, (item, element)) for item in items]
    if not all(isinstance(answer, bool) for answer in answers):
        return None
    return [element if answer else item for item, answer in zip(items, answers, strict=True)]


def _reverse(items: list[object]) -> list[object]:
    return items[::-1]


def _index_of(run: Run, items: list[object], match: object) -> list[Decimal]:
    return [Decimal(place) for place, item in enumerate(items, 1) if _same(run, item, match)]


def _distinct(run: Run, items: list[object]) -> list[object]:
    found: list[object] = []
    seen: set[object] = set()
    for item in items:
        if isinstance(item, str | Decimal | bool | None):
            if (type(item), item) not in seen:
                seen.add((type(item), item))
                found.append(item)
        elif not _contains(run, found, item):
            found.append(item)
    return found


def _union(run: Run, parts: list[object]) -> list[object]:
    return _distinct(run, _concatenate(run, parts))


def _flatten(run: Run, items: list[object]) -> list[object]:
    found: list[object] = []
    _flatten_into(run, items, found, 0)
    return found


def _flatten_into(run: Run, items: list[object], found: list[object], level: int) -> None:
    limits.check_levels(level)
    for item in items:
        run.spend(1)
        if isinstance(item, list):
            _flatten_into(run, item, found, level + 1)
        else:
            found.append(item)
    limits.check_items(len(found))


def _sort(run: Run, items: list[object], precedes: Function | None = None) -> list[object] | None:
    unordered = False

    def before(left: object, right: object) -> bool:
        nonlocal unordered
        run.spend(1)
        answer = precedes.call(run, (left, right)) if precedes else less(left, right)
        unordered = unordered or not isinstance(answer, bool)
        return answer is True

    def compare(left: object, right: object) -> int:
        return -1 if before(left, right) else int(before(right, left))

    found = sorted(items, key=cmp_to_key(compare))
    return None if unordered else found


def _place(items: Sequence[object], position: Decimal) -> int | None:
    number = truncated(position)
    if not number or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


def _checked(items: list[object]) -> list[object]:
    limits.check_items(len(items))
    return items


TABLE = {
    "list contains": running("list: list, element: any", _contains),
    "sublist": signature("list: list, start position: number, length?: number", _sublist),
    "append": signature("list: list, *item: any", _append_all),
    "concatenate": running("*list: any", _concatenate),
    "insert before": signature("list: list, position: number, newItem: any", _insert_before),
    "remove": signature("list: list, position: number", _remove),
    "list replace": (
        signature("list: list, position: number, newItem: any", _replace_at),
        running("list: list, match: function, newItem: any", _replace_where),
    ),
    "reverse": signature("list: list", _reverse),
    "index of": running("list: list, match: any", _index_of),
    "union": running("*list: any", _union),
    "distinct values": running("list: list", _distinct),
    "flatten": running("list: list", _flatten),
    "sort": running("list: list, precedes?: function", _sort),
}
