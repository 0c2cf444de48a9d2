"""Wherever an expression stands it is FEEL, and where Camunda 8 takes it with and without "=", both mean the same."""

import pytest

from engine.forms import check, read
from tests.factories import a_form
from tests.workflow.drawing import flow, node, path, plain, task
from tests.workflow.playing import Play

BOTH = pytest.mark.parametrize("mark", ["=", ""])
SCRIPT = '<zeebe:script expression="={}" resultVariable="{}"/>'


def several(inner: str) -> str:
    return f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"


@BOTH
def test_the_condition_of_a_flow(mark: str) -> None:
    gateway = node("exclusiveGateway", "which", attributes='default="which__done"')
    body = (
        node("startEvent", "begin") + gateway + task("look") + node("endEvent", "done") + path("begin", "which", "done")
    )
    body += flow("which", "look", f"{mark}count(sites) &gt; 1") + path("look", "done")

    assert [one.element for one in Play(body, {"sites": [1, 2]}).run.open_tasks()] == ["look"]
    assert Play(body, {"sites": [1]}).run.finished


@BOTH
def test_the_completion_condition_and_the_number_of_instances(mark: str) -> None:
    inner = f"<loopCardinality>{mark}most + 1</loopCardinality>"
    inner += f"<completionCondition>{mark}numberOfCompletedInstances = most</completionCondition>"
    play = Play(plain(task("visit", inner=several(inner)), names="visit"), {"most": 2})

    assert len(play.run.open_tasks()) == 3
    assert not play.do("visit").run.finished
    assert play.do("visit").run.finished


@BOTH
def test_the_condition_of_a_standard_loop(mark: str) -> None:
    loop = f"<standardLoopCharacteristics><loopCondition>{mark}again</loopCondition></standardLoopCharacteristics>"
    play = Play(plain(task("ask", inner=loop), names="ask"))

    assert not play.do("ask", again=True).run.finished
    assert play.do("ask", again=False).run.finished


@BOTH
def test_the_condition_of_an_event(mark: str) -> None:
    wait = node(
        "intermediateCatchEvent",
        "wait",
        inner=f"<conditionalEventDefinition><condition>{mark}score &gt; 3</condition></conditionalEventDefinition>",
    )

    assert Play(plain(wait, names="wait"), {"score": 4}).run.finished
    assert not Play(plain(wait, names="wait"), {"score": 3}).run.finished


def test_a_mapping_without_the_sign_is_plain_text() -> None:
    lines = '<zeebe:ioMapping><zeebe:input source="=1 + 1" target="sum"/><zeebe:input source="1 + 1" target="text"/></zeebe:ioMapping>'
    body = plain(node("scriptTask", "made", lines + SCRIPT.format("[sum, text]", "both")), names="made")

    assert Play(body).run.data["both"] == [2, "1 + 1"]


@BOTH
def test_what_hides_requires_and_computes_in_a_form(mark: str) -> None:
    fields = (
        {"type": "number", "key": "staff", "id": "staff", "label": "Personal"},
        {
            "type": "textfield",
            "key": "plan",
            "id": "plan",
            "label": "Plan",
            "conditional": {"hide": f"{mark}staff < 10"},
        },
        {"type": "expression", "key": "double", "id": "double", "label": "Doble", "expression": f"{mark}staff * 2"},
    )
    form = read(a_form("note", *fields))

    assert check(form, {"staff": "5", "plan": "smuggled in"}, {}) == {"staff": 5, "double": 10}
    assert check(form, {"staff": "50", "plan": "x"}, {}) == {"staff": 50, "plan": "x", "double": 100}
