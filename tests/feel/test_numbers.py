"""Arithmetic is that of decimal numbers of 34 digits."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel

EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30).map(EXACT.plus)


@given(numbers, numbers)
def test_sums_products_and_quotients_are_those_of_decimal(left: Decimal, right: Decimal) -> None:
    scope = {"a": left, "b": right}

    assert feel.evaluate("a + b", scope) == EXACT.add(left, right)
    assert feel.evaluate("a - b", scope) == EXACT.subtract(left, right)
    assert feel.evaluate("a * b", scope) == EXACT.multiply(left, right)
    assert feel.evaluate("a / b", scope) == (EXACT.divide(left, right) if right else None)
    assert feel.evaluate("a < b", scope) is (left < right)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6).filter(bool))
def test_modulo_has_the_sign_of_the_divisor(dividend: int, divisor: int) -> None:
    assert feel.evaluate("modulo(a, b)", {"a": dividend, "b": divisor}) == dividend % divisor


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(-3, 7))
def test_rounding_never_moves_a_number_by_more_than_one_unit(number: Decimal, scale: int) -> None:
    unit = Decimal(1).scaleb(-scale)
    scope = {"n": number, "s": scale}
    up, down = feel.evaluate("round up(n, s)", scope), feel.evaluate("round down(n, s)", scope)
    floor, ceiling = feel.evaluate("floor(n, s)", scope), feel.evaluate("ceiling(n, s)", scope)

    assert isinstance(up, Decimal)
    assert isinstance(down, Decimal)
    assert isinstance(floor, Decimal)
    assert isinstance(ceiling, Decimal)
    assert abs(down) <= abs(number) <= abs(up)
    assert floor <= number <= ceiling
    assert up - down in (0, unit, -unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", 0.3),
        ("1 / 3 * 3 = 1", False),
        ("1 / 0", None),
        ("0 / 0", None),
        ("2 ** 10", 1024),
        ("2 ** -1", 0.5),
        ("1e6144 * 10", None),
        ('1 + "1"', None),
        ("-null", None),
        ("decimal(2.5, 0)", 2),
        ("decimal(1 / 3, 2)", 0.33),
        ("round half up(2.5, 0)", 3),
        ("round half down(2.5, 0)", 2),
        ("round half up(-2.5, 0)", -3),
        ("round up(1.21, -1)", 10),
        ("round up(1, -3)", 1000),
        ("ceiling(-1.5)", -1),
        ("floor(1.56, 1)", 1.5),
        ("abs(-3)", 3),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("even(4) and odd(-3)", True),
        ("even(2.5)", None),
        ('number("1.000,5", ".", ",")', 1000.5),
        ('number("one")', None),
        ('number("1,000", ",", ",")', None),
        ("string(1.50)", "1.5"),
        ("string(1e3)", "1000"),
        ("mean(1, 2, 6)", 3),
        ("median([1, 2, 3, 10])", 2.5),
        ("mode([6, 3, 9, 6, 6])", [6]),
        ("stddev(2, 4, 7, 5)", 2.081665999466132735282297706979931),
        ("sum([])", None),
        ("product(2, 3, 4)", 24),
        ("count([1, null])", 2),
        ('max("a", "c", "b")', "c"),
        ("max(1, null)", None),
    ],
)
def test_numbers_have_the_standards_functions(text: str, value: object) -> None:
    found = feel.to_json(feel.evaluate(text, {}))

    assert found == (pytest.approx(value) if isinstance(value, float) and not isinstance(found, str) else value) or (
        isinstance(found, str) and isinstance(value, float) and float(found) == value
    )
