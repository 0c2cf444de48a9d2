"""What cannot be decided right is refused with decision, rule and column; hostile files cost no more than their budget."""

import pytest

from engine import decisions
from engine.domain.errors import Invalid
from tests.decisions.drawn import a_decision, a_file, a_table, a_text, decided, findings, model

SCORE = [("score", "number")]
OUT = [("band", "string")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "The file has no decision"),
        (
            '<import namespace="urn:x" name="x"/>' + a_decision("d", a_text("1")),
            "imports urn:x, and no file of that namespace",
        ),
        (a_decision("d", a_text("1"), "nowhere"), "d: The decision requires nowhere"),
        (a_decision("d", a_text("1")) * 2, "The id d is given to several"),
        ('<decision name="x">' + a_text("1") + "</decision>", "has no id"),
        (a_decision("d", a_table(SCORE, OUT, ["1"])), "Rule 1 has 1 inputs and 0 outputs"),
        (a_decision("d", a_table(SCORE, [], ["1"])), "The table answers nothing"),
        (a_decision("d", a_table(SCORE, [("a", ""), ("a", "")])), "Each of several outputs needs a name"),
        (a_decision("d", a_table(SCORE, [("a", ""), ("b", "")], policy="C+")), r"C\+ works on one output"),
        (a_decision("d", a_table(SCORE, OUT).replace("UNIQUE", "LUCKY")), "There is no hit policy LUCKY"),
    ],
)
def test_a_file_that_would_decide_otherwise_than_drawn_is_not_read(body: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        model(body)


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_a_function_that_calls_code_outside_is_refused(kind: str) -> None:
    outside = f'<encapsulatedLogic kind="{kind}">{a_text("1")}</encapsulatedLogic>'
    body = f'<businessKnowledgeModel id="fn" name="f">{outside}</businessKnowledgeModel>' + a_decision("d", a_text("1"))

    (found,) = findings(body)

    assert found.startswith("error fn: The function in line 1 calls code outside")
    with pytest.raises(Invalid, match="calls code outside"):
        decided(body)


def test_another_language_than_feel_is_refused() -> None:
    logic = '<literalExpression expressionLanguage="http://www.java.com/java"><text>1</text></literalExpression>'

    with pytest.raises(Invalid, match="Expressions are FEEL"):
        model(a_decision("d", logic))


def test_a_file_that_is_no_decision_is_refused() -> None:
    with pytest.raises(Invalid, match=r"choose a \.dmn file"):
        decisions.parse(b"<definitions/>")


def test_a_cell_that_is_not_feel_is_named_by_rule_and_column() -> None:
    body = a_decision("d", a_table(SCORE, OUT, ["1", '"a"'], [">> 3", '"a'], ["2", "if"]))

    said = findings(body)

    assert [line.partition(" is not FEEL")[0] for line in said] == [
        "error d/r2: Rule 2, column score: >> 3",
        'error d/r2: Rule 2, column band: "a',
        "error d/r3: Rule 3, column band: if",
    ]
    with pytest.raises(Invalid, match="Rule 2, column score"):
        decided(body, score=1)


@pytest.mark.parametrize(
    ("policy", "rules", "said"),
    [
        (
            "U",
            (["< 5", '"a"'], ["[4..9]", '"b"'], [">= 9", '"c"']),
            ["error d/r2: Rules 1 and 2", "error d/r3: Rules 2 and 3"],
        ),
        (
            "A",
            (["< 5", '"a"'], ["<= 5", '"a"'], ["-", '"b"']),
            ["error d/r3: Rules 1 and 3", "error d/r3: Rules 2 and 3"],
        ),
        ("F", (["< 9", '"a"'], ["[1..3]", '"b"'], ["-", '"c"']), ["warning d/r2: Rule 2 is never reached: rule 1"]),
        ("U", (["< 5", '"a"'], ["> 5", '"b"']), ["warning d: No rule answers where score: 5, such as score = 5;"]),
        ("F", (["not(1, 2)", '"a"'], ["1", '"b"']), ["warning d: No rule answers where score: 2, such as score = 2;"]),
        ("C", (["< 5", '"a"'],), []),
        ("U", (["< 5", '"a"'], [">= 5", '"b"']), []),
        (
            "U",
            (["< other", '"a"'], ["< 5", '"b"'], [">= 5", '"b"']),
            ["note d: Column score cannot be judged in the rules 1, which"],
        ),
        ("U", (['"a"', '"a"'], ["-", "3"]), ["error d/r1: Rule 1, column score", "error d/r2: Rule 2, column band"]),
    ],
)
def test_the_check_finds_overlaps_gaps_and_rules_without_effect(
    policy: str, rules: tuple[list[str], ...], said: list[str]
) -> None:
    found = findings(a_decision("d", a_table(SCORE, OUT, *rules, policy=policy)))

    assert len(found) == len(said) or (policy == "U" and len(found) > len(said) > 1)
    assert all(any(line.startswith(one) for line in found) for one in said)


def test_the_check_looks_at_all_columns_together() -> None:
    inputs = [("kind", "string", '"a","b"'), ("urgent", "boolean")]
    rules = (['"a"', "true", '"x"'], ['"a"', "false", '"x"'], ['"b"', "true", '"x"'])

    (found,) = findings(a_decision("d", a_table(inputs, OUT, *rules)))

    assert found.startswith('warning d: No rule answers where kind: "b", urgent: false, such as')


def test_columns_that_look_at_the_same_thing_are_not_judged() -> None:
    inputs = [("score", "number"), ("score > 5", "boolean")]
    rules = (["-", "true", '"x"'], ["< 5", "-", '"x"'])

    (said,) = findings(a_decision("d", a_table(inputs, OUT, *rules)))

    assert said.startswith("note d: Column score > 5 looks at what is computed")


def test_a_default_value_closes_all_gaps() -> None:
    assert findings(a_decision("d", a_table(SCORE, [("band", "string", "", '"z"')], ["< 5", '"a"']))) == []


@pytest.mark.parametrize("policy", ["P", "O"])
def test_a_ranking_policy_without_ranks_is_refused(policy: str) -> None:
    (found,) = findings(a_decision("d", a_table(SCORE, OUT, ["-", '"a"'], policy=policy)))

    assert found.startswith(f"error d: {policy} needs the list of output values")


def test_a_decision_without_logic_and_a_type_that_nobody_defined_are_errors() -> None:
    found = findings(a_decision("d", "", type_="tNothing"))

    assert found == [
        "error d: There is no type tNothing; define it, or choose one of FEEL's.",
        "error d: The decision d has no table and no expression.",
    ]


_LOOPED = '<for iteratorVariable="{0}"><in>{1}</in><return>{2}</return></for>'
_FOREVER = (
    '<businessKnowledgeModel id="fn" name="f"><encapsulatedLogic><formalParameter name="x"/>'
    + a_text("f(x) + f(x)")
    + '</encapsulatedLogic></businessKnowledgeModel><decision id="d" name="d">'
    '<knowledgeRequirement><requiredKnowledge href="#fn"/></knowledgeRequirement>' + a_text("f(1)") + "</decision>"
)
_MANY = a_text("for i in 1..50000 return i")


@pytest.mark.parametrize(
    "body",
    [
        a_decision("d", a_text("for i in 1..10000000000 return i")),
        a_decision("d", _LOOPED.format("a", _MANY, _LOOPED.format("b", _MANY, a_text("1")))),
        a_decision("d", a_table(SCORE, OUT, *([['matches(text, "(a+)+$")', '"x"']] * 300), policy="R")),
        "".join(a_decision(f"e{n}", a_text("for i in 1..2000 return [i, i]")) for n in range(500))
        + a_decision("d", a_text("1"), *(f"e{n}" for n in range(500))),
        _FOREVER,
    ],
)
def test_a_hostile_decision_ends_within_its_budget(body: str) -> None:
    try:
        answer = decided(body, score=1, text="a" * 60_000).value
    except Invalid as refused:
        answer = str(refused)

    assert answer is None or any(said in str(answer) for said in ("more than", "would be longer", "too long"))


def test_a_large_table_is_checked_within_bounds() -> None:
    rules = [[f"{n}", f"{-n}", '"x"'] for n in range(390)]

    found = findings(a_decision("d", a_table([("a", "number"), ("b", "number")], OUT, *rules)))

    assert not any(line.startswith("error") for line in found)


def test_a_doctype_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Invalid, match="DOCTYPE"):
        decisions.parse(b'<!DOCTYPE x [<!ENTITY a "b">]>' + a_file(""))
