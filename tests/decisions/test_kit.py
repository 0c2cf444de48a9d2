"""Test cases in the format of the DMN conformance kit, of our own making: how they are read, run and compared."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.decisions import kit
from tests.decisions.drawn import a_decision, a_file, a_text
from web.cli import main

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>own.dmn</modelName>{}</testCases>'
)
JAVA = '<functionDefinition kind="Java"><formalParameter name="x"/>' + a_text("1") + "</functionDefinition>"
SERVICE = '<decisionService id="s" name="serving"><outputDecision href="#d"/></decisionService>'
FUNCTION = (
    '<businessKnowledgeModel id="fn" name="twice"><encapsulatedLogic><formalParameter name="x"/>'
    + a_text("x * 2")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def a_test(expected: str, given: str = "", of: str = "d", attributes: str = "", more: str = "") -> str:
    """A test case that asks for one result."""
    wanted = f'<resultNode name="{of}" {more}><expected>{expected}</expected></resultNode>'
    return f'<testCase id="t" {attributes}>{given}{wanted}</testCase>'


def said(folder: Path, capsys: pytest.CaptureFixture[str], body: str, *tests: str) -> tuple[int, list[str]]:
    """The exit status and the lines of the command on a model and its test cases in a folder within the folder."""
    inner = folder / "level" / "0001-own"
    inner.mkdir(parents=True)
    (inner / "own.dmn").write_bytes(a_file(body))
    (inner / "own-test-01.xml").write_text(HEAD.format("".join(tests)), encoding="utf-8")
    code = main(["tck", str(folder)])
    return code, capsys.readouterr().out.splitlines()


VALUES = """
<inputNode name="n"><value xsi:type="xsd:decimal">1.50</value></inputNode>
<inputNode name="s"><value> a </value></inputNode>
<inputNode name="b"><value xsi:type="xsd:boolean">true</value></inputNode>
<inputNode name="t"><value xsi:type="xsd:dateTime">2026-01-31T10:00:00Z</value></inputNode>
<inputNode name="p"><value xsi:type="xsd:duration">P1Y2M</value></inputNode>
<inputNode name="l"><list><item><value xsi:type="xsd:date">2026-01-31</value></item><item><value xsi:nil="true"/></item></list></inputNode>
<inputNode name="c"><component name="a b"><value xsi:type="xsd:time">10:00:00</value></component></inputNode>
<inputNode name="z"><value xsi:nil="true"/></inputNode>
"""
NAMES = "nsbtplcz"
FACTS = "".join(f'<inputData id="in_{name}" name="{name}"/>' for name in NAMES)
TEXT = (
    'n = 1.5 and s = " a " and b and t = @"2026-01-31T10:00:00Z" and p = @"P1Y2M" and l = [@"2026-01-31", null]'
    ' and c = {"a b": @"10:00:00"} and z = null'
)


def test_every_kind_of_value_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = FACTS + a_decision("d", a_text(TEXT), *(f"in_{name}" for name in NAMES))
    test = a_test('<value xsi:type="xsd:boolean">true</value>', VALUES)

    code, lines = said(tmp_path, capsys, body, test)

    assert (code, lines[-1]) == (0, "1 passed, 0 failed")


def test_what_fails_is_told_with_what_was_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = a_decision("d", a_text("[1, 2]"))
    right = a_test(
        '<list><item><value xsi:type="xsd:decimal">1</value></item><item><value xsi:type="xsd:decimal">2.0</value></item></list>'
    )

    code, lines = said(tmp_path, capsys, body, right, a_test("<value>x</value>"), a_test("<value/>", of="nowhere"))

    assert code == 1
    assert lines[1:] == [
        "  passed t d",
        '  FAILED t d: expected "x", got [1, 2]',
        '  FAILED t nowhere: expected "", got The model has no decision nowhere.',
        "1 passed, 2 failed",
    ]
    assert lines[0].endswith("own-test-01.xml: 1 passed, 2 failed")


def test_a_broken_decision_is_null_and_does_not_hinder_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = a_decision("d", a_text("1 +")) + a_decision("e", a_text("2"))
    nothing = a_test('<value xsi:nil="true"/>', more='errorResult="true"')

    code, lines = said(tmp_path, capsys, body, nothing, a_test('<value xsi:type="xsd:decimal">2</value>', of="e"))

    assert (code, lines[-1]) == (0, "2 passed, 0 failed")


def test_services_and_functions_are_asked_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = a_decision("d", a_text("7")) + SERVICE + FUNCTION
    seven = a_test(
        '<value xsi:type="xsd:decimal">7</value>', attributes='type="decisionService" invocableName="serving"'
    )
    given = '<inputNode name="x"><value xsi:type="xsd:decimal">4</value></inputNode>'
    eight = a_test('<value xsi:type="xsd:decimal">8</value>', given, attributes='type="bkm" invocableName="twice"')

    code, lines = said(tmp_path, capsys, body, seven, eight)

    assert (code, lines[-1]) == (0, "2 passed, 0 failed")


def test_a_test_that_calls_java_is_named_and_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = a_decision("fn", JAVA) + a_decision("d", a_text("fn(1)"), "fn")

    code, lines = said(tmp_path, capsys, body, a_test('<value xsi:type="xsd:decimal">1</value>'))

    assert code == 0
    assert lines[1:] == [
        "  not run t d: It calls code outside FEEL (Java), which does not run here.",
        "0 passed, 0 failed",
    ]


def test_a_folder_without_test_cases_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tck", str(tmp_path)]) == 2
    assert "There are no test cases" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (Decimal("1.0"), Decimal(1), True),
        (Decimal("0.33333333"), Decimal(1) / 3, True),
        (Decimal("0.3333"), Decimal(1) / 3, False),
        ([Decimal(1)], Decimal(1), False),
        ({"a": None}, {}, False),
        (None, None, True),
        (None, value := "x", False),
        (value, None, False),
        (Decimal(1), True, False),
    ],
)
def test_values_are_compared_as_feel_does_and_numbers_to_eight_places(
    expected: object, found: object, *, same: bool
) -> None:
    assert kit.same(expected, found) is same
