"""How points and ranges lie to one another: before, meets, overlaps, during and their kin (DMN 1.5, 10.3.4.10)."""

from collections.abc import Callable

from engine.feel.signature import Signature, signature
from engine.feel.values import Range, both, either, equal, less, negated

Answer = bool | None


def _same(left: object, right: object) -> Answer:
    return equal(left, right, lambda _steps: None)  # points and ranges are small


def _is_range(value: object) -> bool:
    return isinstance(value, Range)


def _and(*answers: Answer) -> Answer:
    found: Answer = True
    for answer in answers:
        found = both(found, answer)
    return found


def _touch(left: object, right: object, *, shared: bool) -> Answer:
    """Whether two ends lie at one point that both ranges (`shared`) own."""
    return _and(_same(left, right), shared)


def _before(left: object, right: object) -> Answer:
    """All of the left lies before all of the right."""
    last, first = _end(left), _start(right)
    owned = _owns_end(left) and _owns_start(right)
    return either(less(last, first), _touch(last, first, shared=not owned))


def _start(value: object) -> object:
    return value.low if isinstance(value, Range) else value


def _end(value: object) -> object:
    return value.high if isinstance(value, Range) else value


def _owns_start(value: object) -> bool:
    return not isinstance(value, Range) or value.low_included


def _owns_end(value: object) -> bool:
    return not isinstance(value, Range) or value.high_included


def _after(left: object, right: object) -> Answer:
    return _before(right, left)


def _meets(left: Range, right: Range) -> Answer:
    return _touch(left.high, right.low, shared=left.high_included and right.low_included)


def _met_by(left: Range, right: Range) -> Answer:
    return _meets(right, left)


def _overlaps(left: Range, right: Range) -> Answer:
    return _and(negated(_before(left, right)), negated(_before(right, left)))


def _starts_before(left: Range, right: Range) -> Answer:
    owned = left.low_included and not right.low_included
    return either(less(left.low, right.low), _touch(left.low, right.low, shared=owned))


def _ends_before(left: Range, right: Range) -> Answer:
    owned = right.high_included and not left.high_included
    return either(less(left.high, right.high), _touch(left.high, right.high, shared=owned))


def _overlaps_before(left: Range, right: Range) -> Answer:
    """The left begins first, and ends inside the right or with it (DMN 1.5, table 78)."""
    return _and(_starts_before(left, right), negated(_before(left, right)), negated(_ends_before(right, left)))


def _overlaps_after(left: Range, right: Range) -> Answer:
    """The left begins last, inside the right, and ends with it or after it (DMN 1.5, table 78)."""
    return _overlaps_before(right, left)


def _finishes(left: object, right: Range) -> Answer:
    """The left ends where the right does, and lies inside it."""
    if not isinstance(left, Range):
        return _touch(left, right.high, shared=right.high_included)
    same = left.high_included == right.high_included
    return _and(_touch(left.high, right.high, shared=same), negated(_starts_before(left, right)))


def _finished_by(left: Range, right: object) -> Answer:
    return _finishes(right, left)


def _starts(left: object, right: Range) -> Answer:
    """The left begins where the right does, and lies inside it."""
    if not isinstance(left, Range):
        return _touch(left, right.low, shared=right.low_included)
    same = left.low_included == right.low_included
    return _and(_touch(left.low, right.low, shared=same), negated(_ends_before(right, left)))


def _started_by(left: Range, right: object) -> Answer:
    return _starts(right, left)


def _includes(left: Range, right: object) -> Answer:
    """All of the right lies inside the left."""
    if not isinstance(right, Range):
        return left.contains(right)
    return _and(negated(_starts_before(right, left)), negated(_ends_before(left, right)))


def _during(left: object, right: Range) -> Answer:
    return _includes(right, left)


def _coincides(left: object, right: object) -> Answer:
    return _same(left, right) if _is_range(left) == _is_range(right) else None


_POINT = "number|string|date|time|moment|days|months"
_BOTH = "range1: range, range2: range"


def _of_points_and_ranges(body: Callable[[object, object], Answer]) -> tuple[Signature, ...]:
    return (
        signature(f"point1: {_POINT}, point2: {_POINT}", body),
        signature(f"point: {_POINT}, range: range", body),
        signature(f"range: range, point: {_POINT}", body),
        signature(_BOTH, body),
    )


def _point_in_range(body: Callable[..., Answer]) -> tuple[Signature, ...]:
    return (signature(f"point: {_POINT}, range: range", body), signature(_BOTH, body))


def _range_around(body: Callable[..., Answer]) -> tuple[Signature, ...]:
    return (signature(f"range: range, point: {_POINT}", body), signature(_BOTH, body))


TABLE = {
    "before": _of_points_and_ranges(_before),
    "after": _of_points_and_ranges(_after),
    "meets": signature(_BOTH, _meets),
    "met by": signature(_BOTH, _met_by),
    "overlaps": signature(_BOTH, _overlaps),
    "overlaps before": signature(_BOTH, _overlaps_before),
    "overlaps after": signature(_BOTH, _overlaps_after),
    "finishes": _point_in_range(_finishes),
    "finished by": _range_around(_finished_by),
    "includes": _range_around(_includes),
    "during": _point_in_range(_during),
    "starts": _point_in_range(_starts),
    "started by": _range_around(_started_by),
    "coincides": (signature(f"point1: {_POINT}, point2: {_POINT}", _coincides), signature(_BOTH, _coincides)),
}
