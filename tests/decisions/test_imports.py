"""Imports between files: types, functions, decisions and inputs of another file under the import's name (DMN 1.5, 6.3.3)."""

import pytest

from engine import decisions
from engine.domain.errors import Invalid
from tests.decisions.drawn import a_library, a_text

BAND = '<itemDefinition name="tBand"><typeRef>string</typeRef><allowedValues><text>"low", "high"</text></allowedValues></itemDefinition>'
SCORE = '<inputData id="score" name="the score"><variable name="the score" typeRef="number"/></inputData>'
KNOWN = (
    '<businessKnowledgeModel id="twice" name="twice of"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    + a_text("n * 2")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)
RATED = (
    '<decision id="rated" name="rated">'
    '<informationRequirement><requiredInput href="#score"/></informationRequirement>'
    + a_text("the score + 1")
    + "</decision>"
)


def a_caller(text: str, *requires: str, kind: str = "requiredKnowledge", type_: str = "Any") -> str:
    """A decision `d` that requires those."""
    tag = "knowledge" if kind == "requiredKnowledge" else "information"
    lines = "".join(f'<{tag}Requirement><{kind} href="{one}"/></{tag}Requirement>' for one in requires)
    return f'<decision id="d" name="d"><variable name="d" typeRef="{type_}"/>{lines}{a_text(text)}</decision>'


BASE = a_library("urn:base", BAND + SCORE + KNOWN + RATED)


def found(body: str, *beside: bytes, given: dict[str, object] | None = None, **imports: str) -> object:
    """What `d` of a file with these imports finds."""
    model = decisions.parse(a_library("urn:main", body, **imports), beside)
    return decisions.decide(model, "d", given or {}, None).value


def test_a_function_of_another_file_is_called_under_the_name_of_the_import() -> None:
    assert found(a_caller("base.twice of(4)", "urn:base#twice"), BASE, base="urn:base") == 8


def test_an_import_without_a_name_lends_its_names_as_they_are() -> None:
    assert found(a_caller("twice of(4)", "urn:base#twice"), BASE, _="urn:base") == 8


def test_a_decision_of_another_file_is_made_on_inputs_under_the_name_of_the_import() -> None:
    body = a_caller("base.rated * 10", "urn:base#rated", kind="requiredDecision")

    assert found(body, BASE, base="urn:base", given={"base": {"the score": 4}}) == 50


def test_what_is_imported_twice_is_told_apart() -> None:
    inner = '<decision id="own" name="own"><informationRequirement><requiredDecision href="urn:base#rated"/></informationRequirement>'
    one = a_library("urn:one", inner + a_text("base.rated") + "</decision>", base="urn:base")
    other = a_library("urn:other", inner + a_text("base.rated") + "</decision>", base="urn:base")
    body = a_caller("[one.own, other.own]", "urn:one#own", "urn:other#own", kind="requiredDecision")
    given = {"one": {"base": {"the score": 1}}, "other": {"base": {"the score": 2}}}

    assert found(body, BASE, one, other, given=given, one="urn:one", other="urn:other") == [2, 3]


@pytest.mark.parametrize(
    ("text", "value"), [('"low"', "low"), ('"none"', None), ('"low" instance of base.tBand', None)]
)
def test_a_type_of_another_file_is_named_with_the_import(text: str, value: object) -> None:
    assert found(a_caller(text, type_="base.tBand"), BASE, base="urn:base") == value


def test_a_value_is_asked_whether_it_is_of_an_imported_type() -> None:
    text = '["low" instance of base.tBand, "none" instance of base.tBand, null instance of base.tBand]'

    assert found(a_caller(text), BASE, base="urn:base") == [True, False, False]


def test_a_reference_with_the_own_namespace_means_the_own_file() -> None:
    body = SCORE + a_caller("the score", "urn:main#score", kind="requiredInput")

    assert found(body, given={"the score": 3}) == 3


@pytest.mark.parametrize(
    ("body", "imports", "beside", "says"),
    [
        (a_caller("1"), {"base": "urn:base"}, (), "no file of that namespace is beside it"),
        (a_caller("1", "urn:base#twice"), {}, (BASE,), "in no file that is imported"),
        (a_caller("1", "urn:base#nothing"), {"base": "urn:base"}, (BASE,), "which the file does not have"),
        (a_caller("1"), {"me": "urn:main"}, (), "which imports this file again"),
        (
            a_caller("1"),
            {"one": "urn:one"},
            (a_library("urn:one", RATED + SCORE, main="urn:main"),),
            "imports this file again",
        ),
    ],
)
def test_an_import_that_leads_nowhere_is_refused(
    body: str, imports: dict[str, str], beside: tuple[bytes, ...], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        found(body, *beside, **imports)


def test_imports_that_multiply_are_refused_before_they_fill_the_memory() -> None:
    levels = [a_library(f"urn:{n}", "", a=f"urn:{n + 1}", b=f"urn:{n + 1}") for n in range(19)]

    with pytest.raises(Invalid, match="more than 200 files"):
        found(a_caller("1"), *levels, a_library("urn:19", ""), a="urn:0")
