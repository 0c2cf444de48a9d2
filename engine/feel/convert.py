"""Between the plain JSON of case data and the values of FEEL."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from engine.feel import iso, limits
from engine.feel import numbers as digits
from engine.feel.calendar import FarDate, FineMoment, FineTime
from engine.feel.durations import DaysDuration, MonthsDuration
from engine.feel.errors import FeelError
from engine.feel.values import KINDS, Function, Range

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

# What is the same on both sides, looked up by exact type because every name of an expression passes here.
PLAIN = frozenset(KINDS) - {list, dict, Range}
_WORD = 2**63  # JSON writers in use carry whole numbers of 64 bits


def from_json(value: object) -> object:
    """The FEEL value of JSON data (or of a value that already is one); raises FeelError for anything else."""
    return _from_json(value, 0)


def to_json(value: object) -> Json:
    """JSON for a FEEL value: numbers as numbers where that is exact, dates and durations as ISO text.

    Raises FeelError for a function, which no JSON can hold.
    """
    return _to_json(value, 0, [limits.STEPS])


def _from_json(value: object, level: int) -> object:
    if type(value) in PLAIN:
        return value
    if isinstance(value, int | float):
        exact = int(value) if isinstance(value, int) else repr(float(value))
        return digits.finite(digits.CONTEXT.create_decimal(exact))
    if isinstance(value, list | tuple | Mapping):
        return _collection(value, level)
    return str(value) if isinstance(value, str) else _from_python(value)  # marked-up text is plain text here


def _collection(value: Sequence[object] | Mapping[object, object], level: int) -> object:
    limits.check_levels(level)
    limits.check_items(len(value))
    if isinstance(value, Mapping):
        return {str(key): _from_json(item, level + 1) for key, item in value.items()}
    return [_from_json(item, level + 1) for item in value]


def _from_python(value: object) -> object:
    if isinstance(value, timedelta):
        return DaysDuration.of(value)
    if isinstance(value, Range | Function):
        return value
    raise FeelError(
        "A value of the kind %(kind)s cannot be used in an expression.", params={"kind": type(value).__name__}
    )


def _to_json(value: object, level: int, budget: list[int]) -> Json:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Range):
        value = _range_fields(value)
    if not isinstance(value, list | dict):
        return _number(value) if isinstance(value, Decimal) else _written(value)
    limits.check_levels(level)
    budget[0] -= len(value) + 1
    if budget[0] < 0:
        limits.check_items(limits.ITEMS + 1)
    if isinstance(value, list):
        return [_to_json(item, level + 1, budget) for item in value]
    return {key: _to_json(item, level + 1, budget) for key, item in value.items()}


def _written(value: object) -> str:
    if isinstance(value, date | time | FarDate | FineTime | FineMoment):
        return iso.text_of(value)
    if isinstance(value, DaysDuration | MonthsDuration):
        return str(value)
    raise FeelError("A function is no value that can be stored.")


def _number(value: Decimal) -> Json:
    if value == value.to_integral_value() and abs(value) < _WORD:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else digits.text_of(value)


def _range_fields(value: Range) -> dict[str, object]:
    return {
        "start": value.low,
        "end": value.high,
        "start included": value.low_included,
        "end included": value.high_included,
    }
