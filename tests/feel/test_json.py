"""Case data is plain JSON; nothing is lost on the way to FEEL and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_json_comes_back_as_it_went(value: object) -> None:
    assert feel.to_json(feel.from_json(value)) == value
    assert feel.to_json(feel.evaluate("value", {"value": value})) == value


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Decimal("2.50"), 2.5),
        (Decimal(3), 3),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (Decimal(10) ** 25, 1e25),
        (Decimal(10) ** 25 + 1, "10000000000000000000000001"),
        (feel.MonthsDuration(14), "P1Y2M"),
        (feel.Range(Decimal(1), None, low_included=True, high_included=False), {"start": 1, "end": None}),
    ],
)
def test_what_json_cannot_hold_exactly_becomes_text(value: object, json: object) -> None:
    found = feel.to_json(value)

    if isinstance(json, dict):
        assert isinstance(found, dict)
        assert found.items() >= json.items()
    else:
        assert found == json


def test_infinities_are_null_and_strangers_are_refused() -> None:
    assert feel.from_json(float("inf")) is None
    assert feel.from_json((1, 2)) == [Decimal(1), Decimal(2)]
    with pytest.raises(feel.FeelError):
        feel.evaluate("value", {"value": object()})
    with pytest.raises(feel.FeelError):
        feel.to_json(feel.evaluate("function(x) x", {}))


def test_only_what_an_expression_names_is_converted() -> None:
    scope = {"data": {"used": [1, 2], "unused": object()}, "stranger": object()}

    assert feel.evaluate("sum(data.used)", scope) == Decimal(3)


def test_evaluation_never_changes_the_case_data() -> None:
    scope = {"list": [3, 1], "context": {"a": 1}}

    feel.evaluate('[append(list, 2), sort(list), context put(context, "b", 2), reverse(list)]', scope)

    assert scope == {"list": [3, 1], "context": {"a": 1}}
