"""Standard loops, and what the instances of a repeated activity throw by themselves."""

import pytest

from engine.workflow import Fault
from tests.workflow.drawing import node, path, plain, properties, task
from tests.workflow.playing import Play
from tests.workflow.test_data import mapping

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


def turning(condition: str = "", attributes: str = "") -> str:
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics {attributes}>{inner}</standardLoopCharacteristics>"


def looped(condition: str = "", attributes: str = "", **data: object) -> Play:
    return Play(plain(task("look", inner=turning(condition, attributes)), task("then"), names="look then"), data)


def test_a_loop_turns_as_long_as_its_condition_is_true() -> None:
    play = looped("=more", more=True).do("look").do("look")

    assert play.open == ["look"]
    assert play.do("look", more=False).open == ["then"]


def test_a_loop_that_asks_before_may_not_turn_at_all() -> None:
    assert looped("=more", 'testBefore="true"', more=False).open == ["then"]
    assert looped("=more", 'testBefore="true"', more=True).do("look", more=False).open == ["then"]
    assert looped("=more", more=False).do("look").open == ["then"]


def test_a_loop_turns_no_more_often_than_its_maximum() -> None:
    assert looped("=true", 'loopMaximum="2"').do("look").do("look").open == ["then"]
    assert looped("", 'loopMaximum="2"').do("look").do("look").open == ["then"]


def test_each_turn_knows_its_number_and_the_condition_knows_how_many_were_done() -> None:
    said = mapping(("input", "=loopCounter", "n"), ("output", "=n", "turn"))
    play = Play(plain(task("look", said=said, inner=turning("=loopCounter &lt; 3")), task("then"), names="look then"))

    for turn in (1, 2, 3):
        (opened,) = play.run.open_tasks()
        assert play.run.task_data(opened.id)["loopCounter"] == turn
        play.do("look")
    assert play.open == ["then"]
    assert play.data == {"turn": 3}


def test_a_script_may_turn_many_times_within_one_command() -> None:
    script = '<zeebe:script expression="=n + 1" resultVariable="n"/>'

    assert Play(plain(node("scriptTask", "count", script, turning("=n &lt; 500")), names="count"), {"n": 0}).data == {
        "n": 500
    }
    with pytest.raises(Fault):
        Play(plain(node("scriptTask", "count", script, turning("=true")), names="count"), {"n": 0})


def test_a_condition_that_is_none_is_a_fault() -> None:
    with pytest.raises(Fault) as caught:
        looped("=5").do("look")

    assert caught.value.element == "look"


def test_a_boundary_event_ends_all_turns() -> None:
    parts = task("look", inner=turning("=true")) + task("instead")
    parts += node("boundaryEvent", "late", inner=TIMER, attributes='attachedToRef="look"')
    play = Play(plain(parts, names="look") + path("late", "instead")).do("look")

    assert play.after(days=1).open == ["instead"]


def test_a_sub_process_turns_with_all_that_is_in_it() -> None:
    inner = turning("=more") + task("a") + task("b") + path("a", "b")
    play = Play(plain(node("subProcess", "part", inner=inner), task("then"), names="part then"), {"more": True})

    assert play.do("a").do("b").open == ["a"]
    assert play.do("a").do("b", more=False).open == ["then"]


def test_what_is_told_of_a_loop_is_its_begin_and_its_end() -> None:
    play = looped("=false").do("look")

    assert [(s.element, s.kind) for s in play.run.take_steps()] == [("look", "completed"), ("then", "entered")]


ROOT = """<signal id="s" name="first"/><signal id="t" name="half"/><escalation id="e" name="e" escalationCode="E"/>
<signalEventDefinition id="first_done" signalRef="s"/><escalationEventDefinition id="each_done" escalationRef="e"/>"""


def announcing(behavior: str, border: str, *, inner: str = "", interrupting: str = "false") -> Play:
    """Three visits at once that throw something, with a boundary event behind which somebody is told."""
    loop = (
        f"<multiInstanceLoopCharacteristics {behavior}><extensionElements>"
        f'<zeebe:loopCharacteristics inputCollection="=sites" outputCollection="all" outputElement="=loopCounter"/>'
        f"</extensionElements>{inner}</multiInstanceLoopCharacteristics>"
    )
    parts = task("visit", inner=loop) + task("tell") + task("then")
    marks = f'attachedToRef="visit" cancelActivity="{interrupting}"'
    parts += node("boundaryEvent", "heard", inner=border, attributes=marks) + path("heard", "tell")
    return Play(plain(parts, names="visit then"), {"sites": [1, 2, 3]}, root=ROOT)


def do_two(play: Play) -> list[str]:
    return sorted(play.do("visit").do("visit").open)


def test_one_throws_at_the_first_instance_done() -> None:
    play = announcing('behavior="One" oneBehaviorEventRef="first_done"', '<signalEventDefinition signalRef="s"/>')

    assert do_two(play) == ["tell", "visit"]
    assert sorted(play.do("visit").open) == ["tell", "then"]
    assert play.data == {"sites": [1, 2, 3], "all": [1, 2, 3]}


def test_none_throws_at_each_instance_done() -> None:
    play = announcing(
        'behavior="None" noneBehaviorEventRef="tns:each_done"', '<escalationEventDefinition escalationRef="e"/>'
    )

    assert do_two(play) == ["tell", "tell", "visit"]
    assert sorted(play.do("visit").open) == ["tell", "tell", "tell", "then"]


def test_complex_throws_when_its_conditions_say() -> None:
    condition = (
        "<complexBehaviorDefinition><condition>=numberOfCompletedInstances / numberOfInstances &gt; 0.5</condition>"
        '<event><signalEventDefinition signalRef="t"/></event></complexBehaviorDefinition>'
    )
    play = announcing('behavior="Complex"', '<signalEventDefinition signalRef="t"/>', inner=condition)

    assert sorted(play.do("visit").open) == ["visit", "visit"]
    assert sorted(play.do("visit").open) == ["tell", "visit"]


def test_what_is_thrown_may_end_the_whole() -> None:
    play = announcing('behavior="One" oneBehaviorEventRef="first_done"', '<signalEventDefinition signalRef="s"/>',
                      interrupting="true")  # fmt: skip

    assert play.do("visit").open == ["tell"]
    assert play.do("tell").run.finished
    assert "all" not in play.data


def test_a_signal_reaches_others_too() -> None:
    waiting = node("intermediateCatchEvent", "far", inner='<signalEventDefinition signalRef="s"/>') + task("after")
    loop = (
        '<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="first_done">'
        "<loopCardinality>=2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    body = (
        node("startEvent", "begin")
        + task("visit", inner=loop)
        + waiting
        + path("begin", "visit")
        + path("begin", "far", "after")
    )

    assert sorted(Play(body, root=ROOT).do("visit").open) == ["after", "visit"]


def test_many_sub_processes_at_once_each_with_a_service_and_a_boundary_event() -> None:
    """Multi-instance of a sub-process with events at its border and inside of it, in a loop."""
    said = '<zeebe:taskDefinition type="ask"/>' + mapping(("input", "=site", "site"))
    fails = node("boundaryEvent", "reminded", inner=TIMER, attributes='attachedToRef="sign" cancelActivity="false"')
    inner = (
        node("serviceTask", "ask", said)
        + task("sign")
        + fails
        + task("remind")
        + path("ask", "sign")
        + path("reminded", "remind")
    )
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=sites" inputElement="site" outputCollection="all" outputElement="=answer"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    body = plain(node("subProcess", "part", properties(), loop + inner), task("then"), names="part then")
    play = Play(body, {"sites": ["A", None, "C"]}, services={"ask": lambda given: {"answer": given["site"]}})

    assert play.open == ["sign"] * 3
    play.do("sign").after(days=1)
    assert sorted(play.open) == ["remind", "remind", "sign", "sign"]
    play.do("remind").do("sign").do("sign")
    assert play.open == ["remind"]
    assert play.do("remind").open == ["then"]
    assert play.data["all"] == ["A", None, "C"]
