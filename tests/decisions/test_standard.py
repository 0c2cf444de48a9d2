"""Claims of the standard about models (DMN 1.5, chapters 7, 8 and 10), asked to the letter: what cannot be made is null."""

from decimal import Decimal

import pytest

from engine import decisions
from tests.decisions.drawn import a_decision, a_file, a_table, a_text

ONE, TWO, THREE = map(Decimal, (1, 2, 3))
FACT = '<inputData id="in_x" name="x"><variable name="x" typeRef="{}"/></inputData>'
LIST = '<itemDefinition name="tL" isCollection="true"><typeRef>number</typeRef>{}</itemDefinition>'
WORD = '<itemDefinition name="tX"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
WHOLE = "<typeConstraint><text>count(?) &gt; 1</text></typeConstraint>"
EACH = "<allowedValues><text>[1..5]</text></allowedValues>"
TAKES = '<itemDefinition name="tF"><functionItem outputTypeRef="number"><parameters name="a" typeRef="number"/></functionItem></itemDefinition>'
FACTORIAL = (
    '<functionDefinition><formalParameter name="n" typeRef="number"/>'
    + a_text("if n = 0 then 1 else n * fact(n - 1)")
    + "</functionDefinition>"
)
MINUS = (
    '<businessKnowledgeModel id="fn" name="f"><variable name="f" typeRef="number"/><encapsulatedLogic>'
    '<formalParameter name="a" typeRef="number"/><formalParameter name="b" typeRef="Any"/>'
    + a_text("if b = null then string(a) else a - b")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def evaluated(body: str, **inputs: object) -> object:
    """The FEEL value of the decision `d`."""
    return decisions.evaluate(decisions.read(a_file(body)), "d", inputs, None)


def a_context(*entries: tuple[str, str], result: str = "") -> str:
    """A context in boxes; an entry is its name and its box."""
    lines = "".join(f'<contextEntry><variable name="{name}"/>{box}</contextEntry>' for name, box in entries)
    return f"<context>{lines}{f'<contextEntry>{a_text(result)}</contextEntry>' if result else ''}</context>"


def a_call(called: str, **bound: str) -> str:
    """An invocation in boxes."""
    lines = "".join(f'<binding><parameter name="{name}"/>{a_text(text)}</binding>' for name, text in bound.items())
    return f"<invocation>{a_text(called)}{lines}</invocation>"


@pytest.mark.parametrize(
    ("types", "type_", "text", "value"),
    [
        (WORD, "tX", '"c"', None),
        (WORD, "tX", '["a"]', "a"),
        (LIST.format(""), "tL", "5", [Decimal(5)]),
        (LIST.format(EACH), "tL", "[1, 9]", None),
        (LIST.format(WHOLE), "tL", "[1]", None),
        (LIST.format(WHOLE), "tL", "[1, 2]", [ONE, TWO]),
        (TAKES, "tF", "1", None),
        (TAKES, "tF", "function(a, b) a", None),
        ("", "number", "[3]", THREE),
        ("", "number", '"3"', None),
        ("", "Any", "[3]", [THREE]),
        ("", "tNowhere", "3", None),
    ],
)
def test_a_value_is_brought_to_the_type_of_its_decision(types: str, type_: str, text: str, value: object) -> None:
    assert evaluated(types + a_decision("d", a_text(text), type_=type_)) == value


def test_a_date_becomes_a_moment_where_one_is_asked_for() -> None:
    found = evaluated(a_decision("d", a_text('date("2026-01-31")'), type_="date and time"))

    assert str(found) == "2026-01-31 00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('["a" instance of tX, "c" instance of tX, 1 instance of tX]', [True, False, False]),
        ("[[1] instance of tL, 1 instance of tL, [[1]] instance of list<tL>]", [True, False, True]),
        ('(function(z: tX) z)("c")', None),
        ('(function(z: tX) z)("b")', "b"),
    ],
)
def test_types_of_the_file_are_named_in_expressions(text: str, value: object) -> None:
    assert evaluated(WORD + LIST.format("") + a_decision("d", a_text(text))) == value


@pytest.mark.parametrize(
    ("policy", "output", "rules", "value"),
    [
        ("U", [("o", "string")], (["-", '"l"'], ["-", '"h"']), None),
        ("A", [("o", "string")], (["-", '"l"'], ["-", '"h"']), None),
        ("C+", [("o", "number"), ("p", "number")], (["-", "1", "2"],), None),
        ("C#", [("o", "number")], (["-", "1"], ["-", "1"]), TWO),
        ("C", [("o", "number")], (["7", "1"],), None),
        ("U", [("o", "string")], (["-", "1"],), None),
        ("U", [("o", "string", '"a"')], (["-", '"b"'],), None),
        ("U", [("o", "string", "", '"z"')], (["7", '"a"'],), "z"),
        ("U", [("o", "number"), ("p", "number")], (["-", "1", ""],), {"o": ONE, "p": None}),
        ("U", [("o", "number")], (), None),
        ("U", [("o", "number")], (["? > 0 and ? < 2", "1"],), ONE),
        ("U", [("o", "number")], (["1 +", "1"],), None),
    ],
)
def test_a_table_that_cannot_answer_is_null(
    policy: str, output: list[tuple[str, str]], rules: tuple[list[str], ...], value: object
) -> None:
    table = a_table([("x", "number")], output, *rules, policy=policy)

    assert evaluated(FACT.format("Any") + a_decision("d", table, "in_x"), x=ONE) == value


@pytest.mark.parametrize("given", ["text", [ONE, TWO]])
def test_an_input_that_is_not_of_its_type_is_null(given: object) -> None:
    body = FACT.format("number") + a_decision("d", a_text("x = null"), "in_x")

    assert evaluated(body, x=given) is True


@pytest.mark.parametrize(
    ("box", "value"),
    [
        (a_call("f", b="1", a="5"), Decimal(4)),
        (a_call("f", a="5"), None),
        (a_call("f", a='"x"', b="1"), None),  # never called
        (a_call("f", a="5", b="null"), None),  # what it answers is no number
        (a_call("nobody", a="5"), None),
        (a_call("sum", list="[1, 2]"), THREE),
        (a_context(("g", a_text("f")), result="g(5, 3)"), TWO),
        (a_context(("fact", FACTORIAL), result="fact(3)"), Decimal(6)),
        (a_context(("a", a_text("1 +")), ("b", a_text("2"))), {"a": None, "b": TWO}),
        (a_context(("a", a_table([("1", "number")], [("o", "")], ["-", "1"], ["-", "2"])), result="2"), TWO),
        (
            '<for iteratorVariable="i"><in>' + a_text("1..3") + "</in><return>" + a_text("i") + "</return></for>",
            [ONE, TWO, THREE],
        ),
        (
            '<for iteratorVariable="i"><in>' + a_text("[1..2]") + "</in><return>" + a_text("i") + "</return></for>",
            [ONE, TWO],
        ),
    ],
)
def test_boxes_that_cannot_be_made_are_null_and_the_others_go_on(box: str, value: object) -> None:
    assert evaluated(MINUS + a_decision("d", box, "fn")) == value
