"""Values as the text that `string()` gives: a value inside a list or context as FEEL would write it."""

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from engine.feel import iso, limits, numbers
from engine.feel.calendar import FarDate, FineMoment, FineTime
from engine.feel.values import Range

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text_of(value: object) -> str:
    """The text of a value; a text is itself."""
    if isinstance(value, str):
        return value
    length, pieces = 0, []
    for piece in _pieces(value, 0):
        length += len(piece)
        if length > limits.TEXT:
            limits.checked_text(" " * length)
        pieces.append(piece)
    return "".join(pieces)


def quoted(text: str) -> str:
    """The text as a FEEL literal."""
    return f'"{text.translate(_ESCAPES)}"'


def _pieces(value: object, level: int) -> Iterator[str]:
    limits.check_levels(level)
    if isinstance(value, list):
        yield "["
        for place, item in enumerate(value):
            yield ", " if place else ""
            yield from _pieces(item, level + 1)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for place, (key, item) in enumerate(value.items()):
            yield f"{', ' if place else ''}{_key(key)}: "
            yield from _pieces(item, level + 1)
        yield "}"
    elif isinstance(value, Range):
        yield "[" if value.low_included else "("
        yield from _pieces(value.low, level + 1)
        yield ".."
        yield from _pieces(value.high, level + 1)
        yield "]" if value.high_included else ")"
    else:
        yield _scalar(value)


def _key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else quoted(key)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Decimal):
        return numbers.text_of(value)
    if isinstance(value, date | time | FarDate | FineTime | FineMoment):
        return iso.text_of(value)
    return str(value)
