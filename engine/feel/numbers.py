"""Numbers of 34 decimal digits; what has no such result is null."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from engine.feel.limits import DIGITS

# decimal128 of IEEE 754; no traps: results that are no number are asked for afterwards.
CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
_PLAIN = 60  # digits up to which a number is written without an exponent


def finite(number: Decimal) -> Decimal | None:
    """The number, or None for an infinity or no number."""
    return number if number.is_finite() else None


def integer(number: Decimal) -> int | None:
    """The whole number, or None when it is not whole or too large to be an index or a count."""
    if number.adjusted() > DIGITS or number != number.to_integral_value():
        return None
    return int(number)


def truncated(number: Decimal) -> int | None:
    """The whole number towards zero, or None when it is too large to be an index or a count."""
    return None if number.adjusted() > DIGITS else int(number)


def text_of(number: Decimal) -> str:
    """The digits of a number, without idle zeros and, where that can be read, without exponent."""
    if not number:
        return "0"
    plain = number.normalize(CONTEXT)
    if abs(plain.adjusted()) <= _PLAIN:
        return format(plain, "f")
    return str(plain)
