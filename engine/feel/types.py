"""The types of FEEL: whether a value is of one, and how a value is brought to one."""

from collections.abc import Callable

from engine.feel.nodes import Type
from engine.feel.values import CONTEXT, FUNCTION, LIST, RANGE, Function, Range, Spend, kind

_WRITTEN_OTHERWISE = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


Defined = Callable[[object, str], bool | None]


def _nothing(_value: object, _name: str) -> bool | None:
    return None


def conforms(value: object, wanted: Type, spend: Spend, defined: Defined = _nothing) -> bool:
    """Whether `value instance of wanted`; null is of no type but Null.

    `defined` answers for types that are defined outside FEEL, and None for a name that is not.
    """
    if (answer := defined(value, wanted.name)) is not None:
        return answer and value is not None
    name = _standard(wanted)
    if value is None:
        return name == "Null"
    if name == "Any":
        return True
    if kind(value) != name:
        return False
    if not wanted.parts and not wanted.keys:
        return True
    return _parts_conform(value, wanted, spend, defined)


def coerced(value: object, wanted: Type | None, spend: Spend, defined: Defined = _nothing) -> object:
    """The value as an argument of that type: one element for a list or out of it; null when it does not fit."""
    if wanted is None or value is None or conforms(value, wanted, spend, defined):
        return value
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted, spend, defined):
        return value[0]
    if not isinstance(value, list) and conforms([value], wanted, spend, defined):
        return [value]
    return None


def _parts_conform(value: object, wanted: Type, spend: Spend, defined: Defined) -> bool:
    if wanted.name == LIST and isinstance(value, list):
        spend(len(value))
        return all(item is None or conforms(item, wanted.parts[0], spend, defined) for item in value)
    if wanted.name == CONTEXT and isinstance(value, dict):
        return all(
            key in value and (value[key] is None or conforms(value[key], part, spend, defined))
            for key, part in zip(wanted.keys, wanted.parts, strict=True)
        )
    if wanted.name == RANGE and isinstance(value, Range):
        return all(end is None or conforms(end, wanted.parts[0], spend, defined) for end in (value.low, value.high))
    if wanted.name == FUNCTION and isinstance(value, Function):
        return value.arity is None or (
            value.arity == len(wanted.parts)
            and all(_includes(value.takes(place), part) for place, part in enumerate(wanted.parts))
        )
    return False


def _includes(wider: Type | None, narrower: Type) -> bool:
    """Whether all values of a type are of another one (DMN 1.5, 10.3.2.9.2); no type takes any value."""
    if wider is None or wider.name == "Any" or narrower.name == "Null":
        return True
    if _standard(wider) != _standard(narrower):
        return False
    if wider.name == CONTEXT:
        given = dict(zip(narrower.keys, narrower.parts, strict=True))
        return all(
            key in given and _includes(part, given[key]) for key, part in zip(wider.keys, wider.parts, strict=True)
        )
    if wider.name == FUNCTION:
        return wider.result is None or wider == narrower
    return not wider.parts or (bool(narrower.parts) and _includes(wider.parts[0], narrower.parts[0]))


def _standard(named: Type) -> str:
    return _WRITTEN_OTHERWISE.get(named.name, named.name)
