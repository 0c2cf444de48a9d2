"""What a decision says of how it was made: steps as plain data, of a size that a history can keep."""

import json

import pytest

from tests.decisions.drawn import a_decision, a_table, a_text, decided, explained

SCORE = [("score", "number")]
OUT = [("band", "string")]
LARGEST = 80_000  # characters that an explanation may have, whatever the table
THREE = (["< 50", '"low"'], ["[30..80]", '"middle"'], ["> 70", '"high"', "Art. 12"])
RANKED = [("band", "string", '"high","middle","low"')]


def test_a_table_tells_what_it_saw_which_rules_matched_and_which_cell_of_the_others_said_no() -> None:
    inputs = [("score", "number"), ("kind", "string")]
    rules = (["< 50", "-", '"low"'], [">= 50", '"exporter"', '"high"', "Art. 12"], ["-", '"importer"', '"low"'])
    body = a_decision("d", a_table(inputs, OUT, *rules, policy="U"))

    said = explained(body, score=72, kind="exporter", secret="x").told()

    assert said == {
        "value": "high",
        "inputs": {"score": 72, "kind": "exporter"},
        "steps": [
            {
                "decision": "d",
                "kind": "table",
                "value": "high",
                "inputs": [
                    {"name": "score", "text": "score", "value": 72},
                    {"name": "kind", "text": "kind", "value": "exporter"},
                ],
                "policy": "U",
                "rules": 3,
                "matched": [
                    {
                        "number": 2,
                        "id": "r2",
                        "because": [
                            {"column": "score", "value": 72, "test": ">= 50"},
                            {"column": "kind", "value": "exporter", "test": '"exporter"'},
                        ],
                        "answers": {"band": "high"},
                        "notes": ["Art. 12"],
                    }
                ],
                "missed": [
                    {"number": 1, "column": "score", "value": 72, "test": "< 50"},
                    {"number": 3, "column": "kind", "value": "exporter", "test": '"importer"'},
                ],
                "chosen": [2],
            }
        ],
        "more_steps": 0,
    }


@pytest.mark.parametrize(
    ("policy", "matched", "chosen", "unasked"),
    [
        ("F", [2], [2], 1),
        ("P", [3, 2], [3], 0),
        ("R", [2, 3], [2, 3], 0),
        ("O", [2, 3], [3, 2], 0),
        ("C", [2, 3], [2, 3], 0),
    ],
)
def test_the_hit_policy_tells_which_of_the_matching_rules_it_chose(
    policy: str, matched: list[int], chosen: list[int], unasked: int
) -> None:
    (step,) = explained(a_decision("d", a_table(SCORE, RANKED, *THREE, policy=policy)), score=75).steps

    assert [rule.number for rule in step.matched] == matched
    assert (list(step.chosen), step.unasked) == (chosen, unasked)


def test_without_a_matching_rule_the_default_is_told_as_such() -> None:
    outputs = [("band", "string", "", '"none"')]

    (step,) = explained(a_decision("d", a_table(SCORE, outputs, ["> 5", '"x"'])), score=1).steps

    assert (step.default, step.value, step.matched, step.missed[0].test) == (True, "none", (), "> 5")


def test_required_decisions_expressions_and_contexts_are_told_in_the_order_of_making() -> None:
    entries = (("half", "base / 2"), ("more", "half + bonus"))
    context = "".join(f'<contextEntry><variable name="{name}"/>{a_text(text)}</contextEntry>' for name, text in entries)
    body = (
        a_decision("base", a_table(SCORE, [("n", "number")], ["-", "score * 2"]))
        + a_decision("boxed", f"<context>{context}</context>", "base")
        + a_decision("d", a_text("boxed.more + 1"), "boxed")
    )

    said = explained(body, score=4, bonus=1)

    assert [(step.decision, step.kind, step.value) for step in said.steps] == [
        ("base", "table", 8),
        ("boxed", "context", {"half": 4, "more": 5}),
        ("d", "expression", 6),
    ]
    assert [(entry.name, entry.text, entry.value) for entry in said.steps[1].entries] == [
        ("half", "base / 2", 4),
        ("more", "half + bonus", 5),
    ]
    assert [(one.name, one.value) for one in said.steps[1].inputs] == [("base", 8), ("bonus", 1)]
    assert (said.steps[2].text, said.requires) == ("boxed.more + 1", {"base": (), "boxed": ("base",), "d": ("boxed",)})


def test_a_context_with_a_result_tells_its_entries_too() -> None:
    context = (
        f'<context><contextEntry><variable name="half"/>{a_text("score / 2")}</contextEntry>'
        f"<contextEntry>{a_text('half > 5')}</contextEntry></context>"
    )

    (step,) = explained(a_decision("d", context), score=4).steps

    assert ([(one.name, one.value) for one in step.entries], step.value) == ([("half", 2)], False)


@pytest.mark.parametrize("policy", ["C", "F"])
def test_the_explanation_of_a_large_table_stays_small_and_counts_what_it_leaves_out(policy: str) -> None:
    columns = [(f"column_{place}", "string") for place in range(6)]
    rules = [[*(["-", f'"{"x" * 220}", "{rule}"'] * 3), '"y"'] for rule in range(2000)]
    body = a_decision("d", a_table(columns, OUT, *rules, policy=policy))
    long = {f"column_{place}": "x" * 220 for place in range(6)}

    for values in (long, long | {"column_5": "none"}):
        said = explained(body, **values)
        (step,) = said.steps
        assert len(json.dumps(said.told()["steps"])) < LARGEST
        told = len(step.matched) + step.more_matched + len(step.missed) + step.more_missed + step.unasked
        assert told == len(rules)


def test_a_table_asked_in_a_loop_is_told_of_so_many_times_and_counted_further() -> None:
    table = a_table([("x", "number")], [("n", "number")], ["-", "x"])
    knowledge = (
        '<businessKnowledgeModel id="fn" name="f"><encapsulatedLogic><formalParameter name="x"/>'
        f"{table}</encapsulatedLogic></businessKnowledgeModel>"
    )
    body = knowledge + a_decision("d", a_text("sum(for i in 1..200 return f(i))"), "fn")

    said = explained(body)

    assert (said.value, len(said.steps), said.more_steps) == (20_100, 50, 151)


def test_deciding_and_explaining_find_the_same() -> None:
    body = a_decision("d", a_table(SCORE, RANKED, *THREE, policy="O"))

    assert decided(body, score=75).value == explained(body, score=75).value == ["high", "middle"]


def test_a_remark_that_a_modeler_kept_as_the_description_of_a_rule_is_told_too() -> None:
    table = a_table([("score", "number")], [("band", "string")], ["-", '"low"'])
    described = table.replace('<rule id="r1">', '<rule id="r1"><description>Art. 9 de la ley</description>')
    assert described != table

    steps = explained(a_decision("d", described), score=1).steps_told()

    assert steps[0]["matched"][0]["notes"] == ["Art. 9 de la ley"]
