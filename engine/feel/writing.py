"""Values as the text that `string()` gives: a value inside a list or context as FEEL would write it."""

from datetime import date, time
from decimal import Decimal

from engine.feel import iso, limits, numbers
from engine.feel.calendar import FarDate, FineMoment, FineTime
from engine.feel.values import Range, Spend

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def text_of(value: object, spend: Spend) -> str:
    """The text of a value; a text is itself. Counts its pieces as steps."""
    if isinstance(value, str):
        return value
    pieces: list[str] = []
    _write(value, pieces, spend, 0)
    return limits.checked_text("".join(pieces))


def quoted(text: str) -> str:
    """The text as a FEEL literal."""
    return f'"{text.translate(_ESCAPES)}"'


def _write(value: object, pieces: list[str], spend: Spend, level: int) -> None:
    limits.check_levels(level)
    if isinstance(value, list):
        spend(len(value))
        pieces.append("[")
        for place, item in enumerate(value):
            pieces.append(", " if place else "")
            _write(item, pieces, spend, level + 1)
        pieces.append("]")
    elif isinstance(value, dict):
        spend(len(value))
        pieces.append("{")
        for place, (key, item) in enumerate(value.items()):
            pieces.append(f"{', ' if place else ''}{_key(key)}: ")
            _write(item, pieces, spend, level + 1)
        pieces.append("}")
    elif isinstance(value, Range):
        pieces.append(_range_text(value))
    else:
        piece = _scalar(value)
        spend(1 + limits.length_cost(piece))
        pieces.append(piece)


def _range_text(value: Range) -> str:
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_scalar(value.low)}..{_scalar(value.high)}{closing}"


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
