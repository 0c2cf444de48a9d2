"""Numbers and logic: rounding, roots, remainders; not, is."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel import calendar, limits, values
from engine.feel.calendar import Moment, Time
from engine.feel.durations import DaysDuration, MonthsDuration
from engine.feel.numbers import CONTEXT, finite, integer
from engine.feel.run import Run
from engine.feel.signature import running, signature

_LEAST_SCALE, _MOST_SCALE = -6111, 6176


class _Rounding:
    """Rounds to a number of digits after the point (before it, when negative) in one way."""

    def __init__(self, way: str) -> None:
        self._way = way

    def __call__(self, number: Decimal, scale: Decimal | None = None) -> Decimal | None:
        digits = 0 if scale is None else integer(CONTEXT.to_integral_value(scale))
        if digits is None or not _LEAST_SCALE <= digits <= _MOST_SCALE:
            return None
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or -digits <= exponent:
            return number
        if digits < 0 and -digits > number.adjusted() + 1:
            return Decimal(f"1E{-digits}").copy_sign(number) if self._away(number) else Decimal(0)
        return finite(number.quantize(Decimal((0, (1,), -digits)), rounding=self._way, context=CONTEXT))

    def _away(self, number: Decimal) -> bool:
        if self._way == ROUND_UP:
            return bool(number)
        return (self._way == ROUND_CEILING and number > 0) or (self._way == ROUND_FLOOR and number < 0)


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    if not divisor:
        return None
    quotient = CONTEXT.divide(dividend, divisor)
    if not quotient.is_finite():
        return None
    floor = quotient.to_integral_value(rounding=ROUND_FLOOR, context=CONTEXT)
    return finite(CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, floor)))


def _abs(number: object) -> object:
    if isinstance(number, Decimal):
        return abs(number)
    if isinstance(number, DaysDuration):
        return DaysDuration(abs(number.nanoseconds))
    return MonthsDuration(abs(number.months)) if isinstance(number, MonthsDuration) else None


def _sqrt(number: Decimal) -> Decimal | None:
    return finite(CONTEXT.sqrt(number))


def _log(run: Run, number: Decimal) -> Decimal | None:
    run.spend(limits.SLOW)
    return finite(CONTEXT.ln(number))


def _exp(run: Run, number: Decimal) -> Decimal | None:
    run.spend(limits.SLOW)
    return finite(CONTEXT.exp(number))


def _parity(number: Decimal, wanted: int) -> bool | None:
    if number != number.to_integral_value():
        return None
    return abs(CONTEXT.remainder(number, Decimal(2))) == wanted


def _odd(number: Decimal) -> bool | None:
    return _parity(number, 1)


def _even(number: Decimal) -> bool | None:
    return _parity(number, 0)


def _number(text: str, grouping: object = None, point: object = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ",") or (grouping and grouping == point):
        return None
    plain = text.replace(str(grouping), "") if grouping else text
    plain = plain.replace(str(point), ".") if point else plain
    if len(plain) > limits.DIGITS * 200 or not set(plain) <= set("0123456789.+-eE"):
        return None
    return finite(CONTEXT.create_decimal(plain))


def _is(run: Run, left: object, right: object) -> bool:
    """Whether two values are the same in FEEL's semantic domain (DMN 1.5, 10.3.2.2), zone and all."""
    if values.kind(left) != values.kind(right):
        return False
    if isinstance(left, Moment) and isinstance(right, Moment):
        return calendar.local_nanos(left) == calendar.local_nanos(right) and _same_offset(left, right)
    if isinstance(left, Time) and isinstance(right, Time):
        return calendar.clock_nanos(left) == calendar.clock_nanos(right) and _same_offset(left, right)
    return values.equal(left, right, run.spend) is True


def _same_offset(left: Moment | Time, right: Moment | Time) -> bool:
    """Whether two clocks are equally far ahead of UTC; summer time leaves a time of day without such a number."""
    ahead = calendar.offset(left)
    if ahead is None or calendar.offset(right) is None:
        return left.tzinfo == right.tzinfo
    return ahead == calendar.offset(right)


_ROUND = "n: number, scale?: number"
TABLE = {
    "not": signature("negand: any", values.negated),
    "is": running("value1: any, value2: any", _is),
    "number": signature("from: string, grouping separator?: any, decimal separator?: any", _number),
    "decimal": signature("n: number, scale: number", _Rounding(ROUND_HALF_EVEN)),
    "floor": signature(_ROUND, _Rounding(ROUND_FLOOR)),
    "ceiling": signature(_ROUND, _Rounding(ROUND_CEILING)),
    "round up": signature("n: number, scale: number", _Rounding(ROUND_UP)),
    "round down": signature("n: number, scale: number", _Rounding(ROUND_DOWN)),
    "round half up": signature("n: number, scale: number", _Rounding(ROUND_HALF_UP)),
    "round half down": signature("n: number, scale: number", _Rounding(ROUND_HALF_DOWN)),
    "abs": signature("n: number|days|months", _abs),
    "modulo": signature("dividend: number, divisor: number", _modulo),
    "sqrt": signature("number: number", _sqrt),
    "log": running("number: number", _log),
    "exp": running("number: number", _exp),
    "odd": signature("number: number", _odd),
    "even": signature("number: number", _even),
}
