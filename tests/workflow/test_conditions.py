"""Conditions are asked whenever data change; and who is reached first when an event reaches several."""

import pytest

from engine.workflow import Fault
from tests.workflow.drawing import node, path, plain, task
from tests.workflow.playing import Play
from tests.workflow.test_event_subprocesses import BESIDE, CONDITION, MESSAGE, ROOT, SIGNAL, handling, sub


def test_a_condition_is_asked_again_whenever_data_change() -> None:
    body = plain(task("ask") + task("again") + handling(CONDITION, task("in"), "in", BESIDE), names="ask again")
    wait = node("boundaryEvent", "come", inner=MESSAGE, attributes='attachedToRef="ask" cancelActivity="false"')
    play = Play(body + wait + node("endEvent", "x") + path("come", "x"), {"id": 1, "n": 0}, root=ROOT)

    play.deliver("paid", "1", n=9)
    assert play.open == ["ask", "in"]
    play.deliver("paid", "1", n=1)
    play.deliver("paid", "1", n=7)
    assert play.open == ["ask", "in", "in"]


def test_a_condition_that_is_true_for_a_moment_only_has_become_true() -> None:
    def sets(name: str, value: str) -> str:
        return node("scriptTask", name, f'<zeebe:script expression="={value}" resultVariable="n"/>')

    body = plain(
        sets("up", "9") + sets("down", "1") + task("ask") + handling(CONDITION, task("in"), "in", BESIDE),
        names="up down ask",
    )

    assert sorted(Play(body, {"n": 0}).open) == ["ask", "in"]


def test_conditions_that_set_each_other_off_for_ever_are_stopped() -> None:
    def flips(name: str, condition: str, value: str) -> str:
        took = f'<zeebe:ioMapping><zeebe:output source="={value}" target="n"/></zeebe:ioMapping>'
        definition = f"<conditionalEventDefinition><condition>=n = {condition}</condition></conditionalEventDefinition>"
        event = node("boundaryEvent", name, took, definition, 'attachedToRef="ask" cancelActivity="false"')
        return event + node("endEvent", f"{name}_e") + path(name, f"{name}_e")

    with pytest.raises(Fault, match=r"10000 steps|5 seconds"):
        Play(plain(task("ask"), names="ask") + flips("one", "1", "2") + flips("two", "2", "1"), {"n": 1})


def test_signals_reach_the_oldest_first() -> None:
    first = sub("early", node("intermediateCatchEvent", "inner", inner=SIGNAL), names="inner")
    late = node("intermediateCatchEvent", "late", inner=SIGNAL)
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + first + task("ask") + late
    body += path("begin", "fork", "early") + path("fork", "ask", "late")
    play = Play(body, root=ROOT).do("ask").signal("closing")

    assert [step.element for step in play.run.take_steps() if step.kind == "fired"] == ["inner", "late"]
