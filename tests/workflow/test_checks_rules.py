"""A business rule task asks one decision that exists and says where its answer goes, or calls one service."""

import pytest

from tests.workflow.drawing import drawn, node, plain, refused

ASKS = '<zeebe:calledDecision decisionId="{}" resultVariable="{}"/>'
CALLS = '<zeebe:taskDefinition type="applications.accept"/>'
GIVES = '<zeebe:ioMapping><zeebe:input source="=1" target="application_id"/></zeebe:ioMapping>'


def ruled(said: str) -> dict[str, str]:
    return refused(drawn(plain(node("businessRuleTask", "rate", said), names="rate")))


@pytest.mark.parametrize("said", [ASKS.format("risk", "level"), CALLS + GIVES])
def test_a_business_rule_task_asks_a_decision_or_calls_a_service(said: str) -> None:
    assert ruled(said) == {}


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("", "names no decision; choose one"),
        (ASKS.format("luck", "level"), "There is no decision luck"),
        (ASKS.format("=chosen", "level"), "The decision must be written out"),
        (ASKS.format("risk", ""), "needs a name for its result"),
        (ASKS.format("risk", "risk level"), "needs a name for its result"),
        (ASKS.format("risk", "level") + CALLS + GIVES, "names a decision and a service"),
        (CALLS, "needs the parameter application_id"),
        ('<zeebe:taskDefinition type="magic"/>', "There is no service magic"),
    ],
)
def test_a_business_rule_task_that_would_ask_in_vain_is_refused(said: str, says: str) -> None:
    assert says in ruled(said)["rate"]


def test_only_a_business_rule_task_asks_a_decision() -> None:
    found = refused(drawn(plain(node("serviceTask", "odd", CALLS + GIVES + ASKS.format("risk", "x")), names="odd")))

    assert "zeebe:calledDecision does nothing here" in found["odd"]
