"""What expressions are worth, by the standard's rules."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine import feel

SCOPE = {
    "risk_score": 12,
    "status": "open",
    "due": "2026-11-30",
    "site": {"address": {"country": "SV"}},
    "scores": [3, 1, 2],
    "people": [{"name": "Ana", "age": 34}, {"name": "Luis", "age": 61}],
}
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('risk_score >= 10 and status = "open"', True),
        ("= risk_score + 1", 13),
        ("site.address.country", "SV"),
        ("scores[item > 1]", [3, 2]),
        ("scores[-1]", 2),
        ("people[age > 60].name", ["Luis"]),
        ("people[1].name", "Ana"),
        ("sum(for each in people return each.age)", 95),
        ("sort(scores, function(a, b) a > b)", [3, 2, 1]),
        ("if unknown > 3 then 1 else 2", 2),
        ('date(due) + duration("P1M")', "2026-12-30"),
        ("today()", "2026-11-23"),
        ('date and time(date(due), time("17:00:00Z"))', "2026-11-30T17:00:00Z"),
        ('substring(string: "marchamo", start position: 3, length: 2)', "rc"),
        ("risk_score / 0", None),
    ],
)
def test_an_expression_has_its_value(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, SCOPE, now=NOW)) == value


def test_values_of_the_scope_are_decimals_and_dates_stay_what_they_are() -> None:
    scope = {"rate": 0.1, "day": date(2026, 1, 31)}

    assert feel.evaluate("rate * 3", scope) == Decimal("0.3")
    assert feel.evaluate('day + duration("P1M")', scope) == date(2026, 2, 28)


def test_free_names_are_those_that_the_scope_must_give() -> None:
    found = feel.names("{limit: 3, high: for s in scores return s > limit and count(xs) > floor_of}")

    assert found == {"scores", "xs", "floor_of"}
