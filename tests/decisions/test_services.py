"""Decision services: asked outright, called from FEEL and in boxes (DMN 1.5, 6.3.10 and 10.4)."""

import pytest

from engine import decisions
from engine.domain.errors import Invalid
from tests.decisions.drawn import a_decision, a_text, decided, findings, model

SCORE = '<inputData id="in_score" name="score"><variable name="score" typeRef="number"/></inputData>'
BASE = a_decision("base", a_text("100"))
FEE = (
    '<decision id="fee" name="fee"><variable name="fee"/>'
    '<informationRequirement><requiredInput href="#in_score"/></informationRequirement>'
    '<informationRequirement><requiredDecision href="#base"/></informationRequirement>'
    + a_text("base + score")
    + "</decision>"
)
DOUBLE = a_decision("double", a_text("fee * 2"), "fee")
KNOWS = '<knowledgeRequirement><requiredKnowledge href="#{0}"/></knowledgeRequirement>'


def a_service(*outputs: str, inner: str = "", type_: str = "") -> str:
    """A service named `rate it` with these output decisions."""
    typed = f' typeRef="{type_}"' if type_ else ""
    shown = "".join(f'<outputDecision href="#{one}"/>' for one in outputs)
    return (
        f'<decisionService id="rating" name="rate it"><variable name="rate it"{typed}/>{shown}{inner}</decisionService>'
    )


def asked(service: str, text: str) -> object:
    """What a decision finds that calls the service."""
    caller = f'<decision id="d" name="d"><variable name="d"/>{KNOWS.format("rating")}{a_text(text)}</decision>'
    return decided(SCORE + BASE + FEE + DOUBLE + service + caller).value


ONE = a_service("fee", inner='<inputDecision href="#base"/><inputData href="#in_score"/>')
ENCLOSED = a_service("double", inner='<encapsulatedDecision href="#fee"/><inputData href="#in_score"/>')
TWO = a_service("fee", "double", inner='<inputData href="#in_score"/>')


@pytest.mark.parametrize(
    ("service", "text", "value"),
    [
        (ONE, "rate it(3, 20)", 23),  # input data before input decisions
        (ONE, "rate it(base: 20, score: 3)", 23),
        (ONE, "rate it([3], 20)", 23),
        (ONE, 'rate it("x", 20)', None),
        (ONE, "rate it(3)", None),
        (ONE, "rate it(base: 20, points: 3)", None),
        (ENCLOSED, "rate it(3)", 206),
        (TWO, "rate it(3)", {"fee": 103, "double": 206}),
        (TWO, "rate it(3).double", 206),
        (a_service("fee", inner='<inputData href="#in_score"/>', type_="string"), "rate it(3)", None),
        (ONE, "for n in 1..2 return rate it(n, 0)", [1, 2]),
        (ONE, "rate it instance of function<number, Any> -> Any", True),
    ],
)
def test_a_service_is_a_function_of_its_inputs(service: str, text: str, value: object) -> None:
    assert asked(service, text) == value


def test_a_service_is_called_in_a_box() -> None:
    binding = '<binding><parameter name="{0}"/>{1}</binding>'
    bound = binding.format("base", a_text("1")) + binding.format("score", a_text("2"))
    box = f"<invocation>{a_text('rate it')}{bound}</invocation>"
    caller = f'<decision id="d" name="d">{KNOWS.format("rating")}{box}</decision>'

    assert decided(SCORE + BASE + FEE + ONE + caller).value == 3


def test_a_service_asked_outright_does_not_make_its_input_decisions() -> None:
    body = SCORE + BASE + FEE + ONE

    assert decided(body, "rating", score=3, base=1).value == 4
    assert decided(body, "fee", score=3).value == 103
    assert decisions.evaluate(model(body), "rating", {"score": 3}, None) is None


def test_a_decision_sees_only_what_it_requires() -> None:
    body = SCORE + BASE + a_decision("d", a_text("base"))

    assert decisions.evaluate(model(body), "d", {}, None) is None
    assert findings(body) == [
        "error d: The decision uses base, but no line leads from it to the decision; draw the requirement."
    ]


def test_a_service_that_its_own_decision_calls_is_refused() -> None:
    looping = f'<decision id="fee" name="fee">{KNOWS.format("rating")}{a_text("rate it()")}</decision>'

    with pytest.raises(Invalid, match="requires itself"):
        model(a_service("fee") + looping)


@pytest.mark.parametrize(
    ("service", "says"),
    [(a_service(), "answers nothing"), (a_service("nowhere"), "names nowhere, which the file does not have")],
)
def test_a_service_that_is_not_whole_is_refused(service: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        model(service + a_decision("d", a_text("1")))


def test_a_function_may_call_itself_and_another_that_calls_it() -> None:
    even = '<businessKnowledgeModel id="{0}" name="{0}">{2}<encapsulatedLogic><formalParameter name="n"/>{1}</encapsulatedLogic></businessKnowledgeModel>'
    body = even.format("even", a_text("if n = 0 then true else odd(n - 1)"), KNOWS.format("odd"))
    body += even.format("odd", a_text("if n = 0 then false else even(n - 1)"), KNOWS.format("even"))
    body += f'<decision id="d" name="d">{KNOWS.format("even")}{a_text("[even(4), even(5)]")}</decision>'

    assert decided(body).value == [True, False]
