"""Three-valued logic, comparisons and equality."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel

TRUTH = {True: "true", False: "false", None: "null", "x": '"x"'}  # what is no boolean counts as null


def _least(left: object, right: object) -> bool | None:
    values = [value if isinstance(value, bool) else None for value in (left, right)]
    if False in values:
        return False
    return None if None in values else True


def _most(left: object, right: object) -> bool | None:
    values = [value if isinstance(value, bool) else None for value in (left, right)]
    if True in values:
        return True
    return None if None in values else False


@pytest.mark.parametrize(("left", "right"), list(product(TRUTH, TRUTH)))
def test_and_is_the_least_and_or_the_most_of_false_null_true(left: object, right: object) -> None:
    one, other = TRUTH[left], TRUTH[right]  # type: ignore[index]  # the keys are those of the table

    assert feel.evaluate(f"{one} and {other}", {}) is _least(left, right)
    assert feel.evaluate(f"{one} or {other}", {}) is _most(left, right)
    assert feel.evaluate(f"all([{one}, {other}])", {}) is _least(left, right)
    assert feel.evaluate(f"any({one}, {other})", {}) is _most(left, right)
    assert feel.evaluate(f"every b in [{one}, {other}] satisfies b", {}) is _least(left, right)
    assert feel.evaluate(f"some b in [{one}, {other}] satisfies b", {}) is _most(left, right)


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6))
def test_de_morgan_holds_in_three_values(terms: list[bool | None]) -> None:
    scope = {f"t{place}": term for place, term in enumerate(terms)}
    joined = " and ".join(scope)
    negated = " or ".join(f"not({name})" for name in scope)

    assert feel.evaluate(f"not({joined})", scope) is feel.evaluate(negated, scope)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("null = null", True),
        ("null = 0", False),
        ("0 != null", True),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("{a: 1} = {a: 1, b: null}", False),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ('1 < "2"', None),
        ("null < 1", None),
        ("true < false", None),
        ('"Ana" < "Luis"', True),
        ("3 between 1 and 3", True),
        ("3 between 4 and null", False),
        ("3 between 1 and null", None),
        ("3 in [1..3)", False),
        ("3 in (1..5)", True),
        ("3 in (< 2, > 2)", True),
        ("3 in (2, 3)", True),
        ("3 in [1, 2]", False),
        ("3 in ([1..2], [3..4])", True),
        ('"b" in ["a".."c"]', True),
        ("if null then 1 else 2", 2),
        ('if "yes" then 1 else 2', 2),
    ],
)
def test_comparisons_know_null_and_kinds(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, {})) == value


@pytest.mark.parametrize(
    ("value", "tests", "holds"),
    [
        (5, "-", True),
        (5, "< 10", True),
        (5, "[1..5)", False),
        (5, "1, 5", True),
        (5, "not(1, 5)", False),
        (5, "not(< 3)", True),
        (5, "? > 4 and ? < limit", True),
        (5, "limit", False),
        (5, "[1, 5, 9]", True),
        (None, "null", True),
        (None, "< 10", False),
        (None, "not(1)", True),
        ("low", '"low", "none"', True),
        ("2026-11-23", 'date(?) > date("2026-01-01")', True),
        (True, "true", True),
        ([1, 2], "list contains(?, 2)", True),
    ],
)
def test_unary_tests_decide_about_an_input(value: object, tests: str, holds: bool) -> None:  # noqa: FBT001
    assert feel.tests(tests)(value, {"limit": 6}) is holds
