"""`range("[18..21)")`: a range from its text; its ends are literals, never anything to be worked out."""

from collections.abc import Callable

from engine.feel import durations, iso, operators
from engine.feel.errors import FeelError
from engine.feel.nodes import AtLiteral, Call, Literal, Name, Negation, Node
from engine.feel.parser import parse
from engine.feel.signature import signature
from engine.feel.values import Range, at_most

_READERS: dict[str, Callable[[str], object]] = {
    "date": iso.parse_date,
    "time": iso.parse_time,
    "date and time": iso.parse_moment,
    "duration": durations.parse,
}
_SHORTEST = 5  # characters of a range with one end: "(1..)" has as many


def _range(text: str) -> Range | None:
    plain = text.strip()
    if len(plain) < _SHORTEST or plain[0] not in "[(]" or plain[-1] not in "])[":
        return None
    first, dots, last = plain[1:-1].partition("..")
    low, high = _end(first), _end(last)
    found = Range(low, high, plain[0] == "[", plain[-1] == "]")
    if not dots or not _is_sound(found, first.strip(), last.strip()):
        return None
    return found


def _is_sound(found: Range, first: str, last: str) -> bool:
    """Both ends in order, or one end and no bound on the other side, which then is not included."""
    if first and last:
        return at_most(found.low, found.high) is True
    if first:
        return at_most(found.low, found.low) is True and not found.high_included
    return bool(last) and at_most(found.high, found.high) is True and not found.low_included


def _end(text: str) -> object:
    try:
        return _constant(parse(text)) if text.strip() else None
    except FeelError:
        return None


def _constant(node: Node) -> object:
    match node:
        case Literal(value=value):
            return value
        case AtLiteral(text=text):
            return iso.parse(text)
        case Negation(operand=Literal(value=value)):
            return operators.negate(value)
        case Call(function=Name(name=name), arguments=(Literal(value=str(text)),)) if name in _READERS:
            return _READERS[name](text)
        case _:
            return None


TABLE = {"range": signature("from: string", _range)}
