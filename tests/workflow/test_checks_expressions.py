"""Every FEEL text of a diagram compiles, or the diagram is refused with the place of the fault."""

import pytest

from engine.workflow.checks.expressions import MAX_TEXT
from tests.workflow.drawing import drawn, flow, node, path, plain, refused, task

WRONG = "=1 +"
MESSAGE = (
    '<message id="m" name="told"><extensionElements>'
    f'<zeebe:subscription correlationKey="{WRONG}"/></extensionElements></message>'
)
MAPPED = '<zeebe:ioMapping><zeebe:{} source="=1 +" target="x"/></zeebe:ioMapping>'
LOOP = (
    '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="{}" '
    'outputCollection="r" outputElement="{}"/></extensionElements><completionCondition>{}</completionCondition>'
    "</multiInstanceLoopCharacteristics>"
)
PLACES = {
    "assignee": task("look", said=f'<zeebe:assignmentDefinition assignee="{WRONG}"/>'),
    "due date": task("look", said=f'<zeebe:taskSchedule dueDate="{WRONG}"/>'),
    "script": node("scriptTask", "look", f'<zeebe:script expression="{WRONG}" resultVariable="x"/>'),
    "input x": task("look", said=MAPPED.format("input")),
    "output x": task("look", said=MAPPED.format("output")),
    "correlation key": node("intermediateCatchEvent", "look", inner='<messageEventDefinition messageRef="m"/>'),
    "timer": node(
        "intermediateCatchEvent",
        "look",
        inner=f"<timerEventDefinition><timeDuration>{WRONG}</timeDuration></timerEventDefinition>",
    ),
    "condition": node(
        "intermediateCatchEvent",
        "look",
        inner=f"<conditionalEventDefinition><condition>{WRONG}</condition></conditionalEventDefinition>",
    ),
    "collection": task("look", inner=LOOP.format(WRONG, "=r", "=ok")),
    "output element": task("look", inner=LOOP.format("=s", WRONG, "=ok")),
    "completion condition": task("look", inner=LOOP.format("=s", "=r", WRONG)),
}


def at(element: str) -> str:
    return refused(drawn(plain(element, names="look"), root=MESSAGE)).get("look", "")


@pytest.mark.parametrize(("what", "element"), PLACES.items(), ids=PLACES)
def test_what_is_not_feel_is_refused_with_its_place(what: str, element: str) -> None:
    assert f"The {what} {WRONG} is not FEEL in line 1, column " in at(element)


@pytest.mark.parametrize("condition", ["=1 +", "1 +", "=if x then"])
def test_a_condition_that_is_not_feel_is_refused_at_its_flow(condition: str) -> None:
    gateway = node("exclusiveGateway", "which", attributes='default="which__done"')
    ways = path("begin", "which", "done") + flow("which", "look", condition) + path("look", "done")
    body = node("startEvent", "begin") + gateway + task("look") + node("endEvent", "done") + ways

    assert "is not FEEL in line 1" in refused(drawn(body))["which__look"]


def test_an_expression_of_many_pages_is_refused() -> None:
    text = "=" + "1 + " * (MAX_TEXT // 4) + "1"

    assert "more than 4000 characters" in at(task("look", said=f'<zeebe:taskSchedule dueDate="{text}"/>'))


@pytest.mark.parametrize(
    "element",
    [
        node("scriptTask", "look", '<zeebe:script expression="1 + 1" resultVariable="x"/>'),
        task("look", inner=LOOP.format("sites", "=r", "=ok")),
    ],
)
def test_what_must_be_computed_begins_with_an_equals_sign(element: str) -> None:
    assert "is FEEL; begin it with" in at(element)
