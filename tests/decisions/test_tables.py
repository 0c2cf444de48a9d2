"""What a table answers under each hit policy of DMN 1.5 (8.2.10), and that it refuses rather than guesses."""

import pytest

from engine.domain.errors import Invalid
from tests.decisions.drawn import a_decision, a_table, decided

SCORE = [("score", "number")]
OUT = [("band", "string")]
RANKED = [("band", "string", '"high","middle","low"')]
THREE = (["< 50", '"low"'], ["[30..80]", '"middle"'], ["> 70", '"high"'])
POINTS = (["< 50", "1"], ["[30..80]", "5"], ["> 70", "2"])


def table(*rules: list[str], policy: str, outputs: object = OUT, inputs: object = SCORE) -> str:
    return a_decision("d", a_table(inputs, outputs, *rules, policy=policy))


@pytest.mark.parametrize(
    ("policy", "score", "answer"),
    [
        ("U", 20, "low"),
        ("U", 60, "middle"),
        ("F", 40, "low"),
        ("F", 75, "middle"),
        ("R", 40, ["low", "middle"]),
        ("C", 75, ["middle", "high"]),
        ("C", 60, ["middle"]),
    ],
)
def test_the_hit_policy_says_which_of_the_matching_rules_answer(policy: str, score: int, answer: object) -> None:
    assert decided(table(*THREE, policy=policy), score=score).value == answer


@pytest.mark.parametrize(
    ("policy", "answer"), [("P", "high"), ("O", ["high", "middle"]), ("R", ["middle", "high"]), ("F", "middle")]
)
def test_priority_and_output_order_go_by_the_list_of_output_values(policy: str, answer: object) -> None:
    assert decided(table(*THREE, policy=policy, outputs=RANKED), score=75).value == answer


@pytest.mark.parametrize(("policy", "answer"), [("C+", 6), ("C<", 1), ("C>", 5), ("C#", 2), ("C", [1, 5])])
def test_a_collecting_table_gathers_or_reckons(policy: str, answer: object) -> None:
    assert decided(table(*POINTS, policy=policy, outputs=[("points", "number")]), score=40).value == answer


def test_rules_that_agree_may_match_together_under_any() -> None:
    rules = (["< 50", '"low"'], ["< 10", '"low"'])

    assert decided(table(*rules, policy="A"), score=5).value == "low"


@pytest.mark.parametrize(("policy", "says"), [("U", "Rules 1, 2 match at once"), ("A", "Rules 1, 2 match with")])
def test_rules_that_contradict_each_other_are_refused_with_their_numbers(policy: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        decided(table(*THREE, policy=policy), score=40)


def test_several_outputs_make_a_context() -> None:
    outputs = [("band", "string"), ("days", "number")]
    rules = (["< 50", '"low"', "30"], [">= 50", '"high"', "score / 10"])

    assert decided(table(*rules, policy="U", outputs=outputs), score=60).value == {"band": "high", "days": 6}


def test_priority_goes_by_the_first_output_and_then_by_the_next() -> None:
    outputs = [("band", "string", '"high","low"'), ("days", "number", "30, 10, 5")]
    rules = (["-", '"low"', "30"], ["-", '"high"', "5"], ["-", '"high"', "10"])

    assert decided(table(*rules, policy="P", outputs=outputs), score=1).value == {"band": "high", "days": 10}


@pytest.mark.parametrize("policy", ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"])
def test_without_a_matching_rule_and_without_a_default_there_is_no_answer(policy: str) -> None:
    rules = (["> 1000", "1"],)

    assert decided(table(*rules, policy=policy, outputs=[("n", "number", "1, 2")]), score=1).value is None


def test_the_default_answers_where_no_rule_does() -> None:
    outputs = [("band", "string", "", '"unknown"'), ("days", "number")]

    assert decided(table(["> 1000", '"x"', "1"], policy="U", outputs=outputs), score=1).value == {
        "band": "unknown",
        "days": None,
    }


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("-", None, True),
        ("", 5, True),
        ("5", 5, True),
        ("not(5)", 5, False),
        ("1, 5", 5, True),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("]1..5[", 1, False),
        (">= limit", 7, True),
        ("? >= limit and ? < 8", 7, True),
        ("null", None, True),
        ("< 5", None, False),
    ],
)
def test_a_cell_is_a_unary_test(cell: str, value: object, holds: bool) -> None:  # noqa: FBT001
    answer = decided(table([cell, '"yes"'], policy="F"), score=value, limit=7).value

    assert (answer == "yes") is holds


def test_an_input_outside_its_allowed_values_is_refused_with_the_column() -> None:
    inputs = [("kind", "string", '"exporter","importer"')]

    with pytest.raises(Invalid, match="input kind is smuggler, which the table does not allow"):
        decided(table(["-", '"yes"'], policy="U", inputs=inputs), kind="smuggler")


def test_an_input_of_another_type_is_refused_with_the_column() -> None:
    with pytest.raises(Invalid, match="input score is many, which is no number"):
        decided(table(["-", '"yes"'], policy="U"), score="many")


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        ([("n", "number")], "Rule 1 answers many for n, which is no number"),
        ([("n", "string", '"few"')], "Rule 1 answers many for n, which is not among its values"),
    ],
)
def test_an_answer_that_does_not_fit_its_column_is_refused_with_the_rule(outputs: object, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        decided(table(["-", 'lower case("MANY")'], policy="U", outputs=outputs), score=1)


def test_dates_that_come_as_text_are_dates_where_the_column_says_so() -> None:
    inputs = [("on", "date")]
    rules = (['< @"2026-06-01"', '"early"'], ['>= @"2026-06-01"', '"late"'])

    assert decided(table(*rules, policy="U", inputs=inputs), on="2026-09-30").value == "late"
