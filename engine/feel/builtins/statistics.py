"""Lists of numbers or of other things in order: sum, mean, min, max and their kin."""

from collections import Counter
from decimal import Decimal

from engine.feel import operators
from engine.feel.numbers import CONTEXT, finite
from engine.feel.run import Run
from engine.feel.signature import running, signature
from engine.feel.values import either, less, negated

_FEWEST_FOR_DEVIATION = 2


def _numbers(items: list[object]) -> list[Decimal] | None:
    found = [item for item in items if isinstance(item, Decimal)]
    return found if found and len(found) == len(items) else None


def _sum(run: Run, items: list[object]) -> object:
    run.spend(len(items))
    if not items:
        return None
    total = items[0] if not isinstance(items[0], str) else None
    if len(items) == 1:
        return operators.negate(operators.negate(total))
    for item in items[1:]:
        total = operators.add(total, item)
    return total


def _product(run: Run, items: list[object]) -> Decimal | None:
    run.spend(len(items))
    numbers = _numbers(items)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result = CONTEXT.multiply(result, number)
    return finite(result)


def _mean(run: Run, items: list[object]) -> object:
    total = _sum(run, items)
    return operators.divide(total, Decimal(len(items))) if total is not None else None


def _median(run: Run, items: list[object]) -> Decimal | None:
    run.spend(len(items))
    numbers = _numbers(items)
    if numbers is None:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return finite(CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2)))


def _stddev(run: Run, items: list[object]) -> Decimal | None:
    run.spend(2 * len(items))
    numbers = _numbers(items)
    if numbers is None or len(numbers) < _FEWEST_FOR_DEVIATION:
        return None
    total = Decimal(0)
    for number in numbers:
        total = CONTEXT.add(total, number)
    mean = CONTEXT.divide(total, Decimal(len(numbers)))
    squares = Decimal(0)
    for number in numbers:
        difference = CONTEXT.subtract(number, mean)
        squares = CONTEXT.fma(difference, difference, squares)
    return finite(CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(numbers) - 1))))


def _mode(run: Run, items: list[object]) -> list[Decimal] | None:
    run.spend(len(items))
    if not items:
        return []
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts = Counter(numbers)
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


def _extreme(run: Run, items: list[object], *, largest: bool) -> object:
    run.spend(len(items))
    if not items:
        return None
    found = items[0]
    if less(found, found) is None:
        return None
    for item in items[1:]:
        better = less(found, item) if largest else less(item, found)
        if better is None:
            return None
        if better:
            found = item
    return found


def _max(run: Run, items: list[object]) -> object:
    return _extreme(run, items, largest=True)


def _min(run: Run, items: list[object]) -> object:
    return _extreme(run, items, largest=False)


def _any(run: Run, items: list[object]) -> bool | None:
    run.spend(len(items))
    answer: bool | None = False
    for item in items:
        answer = either(answer, item)
    return answer


def _all(run: Run, items: list[object]) -> bool | None:
    return negated(_any(run, [negated(item) for item in items]))


def _count(items: list[object]) -> Decimal:
    return Decimal(len(items))


_LIST = "*list: any"
TABLE = {
    "count": signature("list: list", _count),
    "sum": running(_LIST, _sum),
    "product": running(_LIST, _product),
    "mean": running(_LIST, _mean),
    "median": running(_LIST, _median),
    "stddev": running(_LIST, _stddev),
    "mode": running(_LIST, _mode),
    "max": running(_LIST, _max),
    "min": running(_LIST, _min),
    "any": running(_LIST, _any),
    "all": running(_LIST, _all),
}
