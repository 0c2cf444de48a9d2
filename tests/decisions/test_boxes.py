"""Boxes other than tables, required decisions and functions, and the types of a file."""

import pytest

from engine import decisions
from engine.domain.errors import Invalid, NotFound
from tests.decisions.drawn import a_decision, a_file, a_table, a_text, decided, model

FEEL_OF_1_1 = 'xmlns:feel="http://www.omg.org/spec/FEEL/20140401"'
FEE = a_text("base * 2")
CONTEXT = (
    '<context><contextEntry><variable name="a"/>' + a_text("n + 1") + "</contextEntry>"
    '<contextEntry><variable name="b c"/>' + a_text("a * 2") + "</contextEntry>{}</context>"
)
FUNCTION = (
    '<businessKnowledgeModel id="fn" name="rate of"><variable name="rate of"/><encapsulatedLogic>'
    '<formalParameter name="x" typeRef="number"/>{}</encapsulatedLogic></businessKnowledgeModel>'
)
CALL = "<invocation>" + a_text("rate of") + '<binding><parameter name="x"/>' + a_text("n") + "</binding></invocation>"
BOUND = "<{0}{1}><in>" + a_text("numbers") + "</in><{2}>" + a_text("{3}") + "</{2}></{0}>"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ],
)
def test_files_of_every_version_in_use_are_read(namespace: str) -> None:
    read = decisions.parse(a_file(a_decision("d", a_text("1 + 1")), namespace))

    assert decisions.decide(read, "d", {}, None).value == 2


def test_a_table_of_dmn_1_1_names_its_types_with_a_prefix_and_is_read() -> None:
    table = a_table([("score", "feel:number")], [("fee", "feel:number")], ["< 50", "10"], [">= 50", '"none"'])
    text = a_file(a_decision("d", table), "http://www.omg.org/spec/DMN/20151101/dmn.xsd").decode()
    read = decisions.parse(text.replace(' id="file"', f' id="file" {FEEL_OF_1_1}', 1).encode())

    assert decisions.decide(read, "d", {"score": 10}, None).value == 10
    with pytest.raises(Invalid, match="is no number"):
        decisions.decide(read, "d", {"score": 60}, None)


def test_a_file_of_dmn_1_0_is_refused_with_the_versions_that_are_read() -> None:
    with pytest.raises(Invalid, match=r"DMN 1\.1 to 1\.5"):
        decisions.parse(a_file(a_decision("d", a_text("1")), "http://www.omg.org/spec/DMN/20130901"))


def test_a_decision_sees_what_the_decisions_it_requires_found() -> None:
    body = a_decision("total", a_text("fee + 1"), "fee") + a_decision("fee", FEE)

    assert decided(body, "total", base=5).value == 11


def test_a_long_chain_of_required_decisions_is_no_deep_recursion() -> None:
    links = [a_decision(f"d{n}", a_text(f"d{n - 1} + 1"), f"d{n - 1}") for n in range(1, 1500)]

    assert decided(a_decision("d0", a_text("0")) + "".join(links), "d1499").value == 1499


def test_decisions_that_require_each_other_are_refused() -> None:
    with pytest.raises(Invalid, match="requires itself"):
        model(a_decision("a", a_text("b"), "b") + a_decision("b", a_text("a"), "a"))


@pytest.mark.parametrize(
    ("result", "answer"), [("", {"a": 4, "b c": 8}), (f"<contextEntry>{a_text('b c - a')}</contextEntry>", 4)]
)
def test_a_context_gives_each_entry_those_before_it(result: str, answer: object) -> None:
    assert decided(a_decision("d", CONTEXT.format(result)), n=3).value == answer


@pytest.mark.parametrize("logic", [CALL, a_text("rate of(n)"), a_text("rate of(x: n)")])
def test_a_function_of_the_file_is_called_by_box_or_by_text(logic: str) -> None:
    table = a_table([("x", "number")], [("o", "number")], ["< 10", "x * 2"], [">= 10", "0"])

    assert decided(FUNCTION.format(table) + a_decision("d", logic, "fn"), n=4).value == 8


@pytest.mark.parametrize(
    ("kind", "attribute", "body", "text", "answer"),
    [
        ("filter", "", "match", "item > 2", [3, 4]),
        ("for", ' iteratorVariable="n"', "return", "n * count(partial)", [0, 2, 6, 12]),
        ("some", ' iteratorVariable="n"', "satisfies", "n > 3", True),
        ("every", ' iteratorVariable="n"', "satisfies", "n > 3", False),
        ("every", ' iteratorVariable="n"', "satisfies", '"no truth"', None),
    ],
)
def test_loops_in_boxes_work_as_in_text(kind: str, attribute: str, body: str, text: str, answer: object) -> None:
    logic = BOUND.format(kind, attribute, body, text).replace(" > ", " &gt; ")

    assert decided(a_decision("d", logic), numbers=[1, 2, 3, 4]).value == answer


def test_choices_lists_and_relations_are_values() -> None:
    choice = (
        f"<conditional><if>{a_text('n = 1')}</if><then>{a_text('1')}</then><else>{a_text('2')}</else></conditional>"
    )
    relation = f'<relation><column name="k"/><row>{a_text("1")}</row><row>{a_text("n")}</row></relation>'

    assert decided(a_decision("d", f"<list>{choice}{relation}</list>"), n=7).value == [2, [{"k": 1}, {"k": 7}]]


def test_a_result_is_brought_to_its_type_and_null_where_it_does_not_fit() -> None:
    assert decided(a_decision("d", a_text("[5]"), type_="number")).value == 5
    assert decided(a_decision("d", a_text('"five"'), type_="number")).value is None


def test_a_type_of_the_file_has_parts_and_allowed_values() -> None:
    types = (
        '<itemDefinition name="tColour"><typeRef>string</typeRef><allowedValues><text>"red","blue"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="tThing"><itemComponent name="colour"><typeRef>tColour</typeRef>'
        '</itemComponent></itemDefinition><inputData id="in" name="thing"><variable name="thing" typeRef="tThing"/></inputData>'
    )
    body = types + a_decision("d", a_text("thing.colour"), "in")

    assert decided(body, thing={"colour": "red"}).value == "red"
    with pytest.raises(Invalid, match=r"input thing is .* which is no tThing"):
        decided(body, thing={"colour": "green"})


def test_a_decision_that_the_file_does_not_have_is_not_found() -> None:
    with pytest.raises(NotFound):
        decided(a_decision("d", a_text("1")), "other")
