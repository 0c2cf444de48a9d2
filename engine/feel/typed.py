"""What is known of a value's type before there is a value; whatever the type, the value may turn out to be null.

A type is written as in `instance of`. A context with keys has these entries and no others; without keys, nobody knows.
"""

from collections.abc import Iterable, Mapping

from engine.feel.nodes import Type
from engine.feel.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DAYS,
    FUNCTION,
    LIST,
    MOMENT,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    TEXT,
    TIME,
)

ANY = Type(0, "Any")
NOTHING = Type(0, NULL)
_WRITTEN_OTHERWISE = {
    "dateTime": MOMENT,
    "dayTimeDuration": DAYS,
    "yearMonthDuration": MONTHS,
    "days": DAYS,
    "months": MONTHS,
    "moment": MOMENT,
}
_KINDS = frozenset(
    {NUMBER, TEXT, BOOLEAN, DATE, TIME, MOMENT, DAYS, MONTHS, LIST, CONTEXT, RANGE, FUNCTION, NULL, "Any"}
)
_AS_TEXT = frozenset({DATE, TIME, MOMENT, DAYS, MONTHS})


def of_kind(name: str) -> Type:
    """The type of a kind, by the standard's name; Any for a name that FEEL does not know."""
    return normal(Type(0, name))


def list_of(part: Type) -> Type:
    """A list whose elements are of one type."""
    return Type(0, LIST, (part,))


def range_of(part: Type) -> Type:
    """A range between two values of one type."""
    return Type(0, RANGE, (part,))


def context_of(entries: Mapping[str, Type]) -> Type:
    """A context with these entries and no others."""
    return Type(0, CONTEXT, tuple(entries.values()), tuple(entries))


def entries(type_: Type) -> Mapping[str, Type] | None:
    """The entries of a context; None for what is none, or where nobody knows them."""
    return dict(zip(type_.keys, type_.parts, strict=True)) if type_.name == CONTEXT and type_.keys else None


def element(type_: Type) -> Type:
    """The type of what a list or range holds; anything else stands for itself, as a list of one."""
    if type_.name in {LIST, RANGE}:
        return type_.parts[0] if type_.parts else ANY
    return type_


def normal(type_: Type | None) -> Type:
    """A written type by FEEL's own names, all the way down; Any for none, or for one that is not FEEL's."""
    if type_ is None:
        return ANY
    name = _WRITTEN_OTHERWISE.get(type_.name, type_.name)
    if name not in _KINDS:
        return ANY
    result = normal(type_.result) if type_.result else None
    return Type(0, name, tuple(map(normal, type_.parts)), type_.keys, result)


def joined(types: Iterable[Type]) -> Type:
    """The one type of what may be any of these; Any where they have nothing in common."""
    found: Type | None = None
    for each in types:
        found = each if found is None else _join(found, each)
    return found or ANY


def stored(type_: Type) -> Type:
    """The type that a value has after it was case data: dates and durations are kept as text, ranges as contexts."""
    if type_.name in _AS_TEXT:
        return of_kind(TEXT)
    if type_.name == FUNCTION:
        return ANY
    if type_.name == RANGE:
        ends, included = stored(element(type_)), of_kind(BOOLEAN)
        return context_of({"start": ends, "end": ends, "start included": included, "end included": included})
    return Type(0, type_.name, tuple(map(stored, type_.parts)), type_.keys)


def _join(one: Type, other: Type) -> Type:
    if one == other or other.name == NULL:
        return one
    if one.name == NULL:
        return other
    if one.name != other.name:
        return ANY
    if one.name in {LIST, RANGE}:
        return Type(0, one.name, (_join(element(one), element(other)),))
    first, second = entries(one), entries(other)
    if first is None or second is None:
        return Type(0, one.name)
    return context_of({key: _join(first.get(key, NOTHING), second.get(key, NOTHING)) for key in {**first, **second}})
