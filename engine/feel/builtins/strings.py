"""Texts: cutting, searching, joining."""

from decimal import Decimal

from engine.feel import limits, writing
from engine.feel.numbers import truncated
from engine.feel.run import Run
from engine.feel.signature import running, signature


def _string(run: Run, value: object) -> str | None:
    return None if value is None else writing.text_of(value, run.spend)


def _length(text: str) -> Decimal:
    return Decimal(len(text))


def _substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first = truncated(start)
    count = len(text) if length is None else truncated(length)
    if not first or count is None or count < 1 or abs(first) > len(text):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + count]


def _before(text: str, match: str) -> str:
    found = text.find(match)
    return text[:found] if found > 0 else ""


def _after(text: str, match: str) -> str:
    found = text.find(match)
    return text[found + len(match) :] if found >= 0 else ""


def _join(run: Run, items: list[object], delimiter: object = None) -> str | None:
    run.spend(len(items))
    if delimiter is not None and not isinstance(delimiter, str):
        return None
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != sum(item is not None for item in items):
        return None
    mark = delimiter or ""
    if sum(len(text) for text in texts) + len(mark) * len(texts) > 2 * limits.TEXT:
        limits.checked_text(" " * (limits.TEXT + 1))
    return limits.checked_text(mark.join(texts))


_TWO = "string: string, match: string"
TABLE = {
    "string": running("from: any", _string),
    "string length": signature("string: string", _length),
    "substring": signature("string: string, start position: number, length?: number", _substring),
    "upper case": signature("string: string", str.upper),
    "lower case": signature("string: string", str.lower),
    "substring before": signature(_TWO, _before),
    "substring after": signature(_TWO, _after),
    "contains": signature(_TWO, str.__contains__),
    "starts with": signature(_TWO, str.startswith),
    "ends with": signature(_TWO, str.endswith),
    "string join": running("list: list, delimiter?: any", _join),
}
