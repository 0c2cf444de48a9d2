"""A completed sub-process that is undone is brought back for that alone: nothing is offered, entered or cancelled in it."""

from tests.workflow.drawing import node, path, plain, task
from tests.workflow.playing import Play
from tests.workflow.test_compensation import compensable, sub, throwing

SIGNAL = '<signal id="s1" name="stop"/>'


def test_of_an_ad_hoc_sub_process_that_is_undone_nothing_is_offered() -> None:
    inner = compensable("a") + task("b") + "<completionCondition>=enough</completionCondition>"
    play = Play(plain(node("adHocSubProcess", "any", inner=inner), throwing(), task("then"), names="any throw then"))

    play.do("a", enough=False).do("b", enough=True)

    assert play.open == ["undo_a"]
    assert play.do("undo_a").open == ["then"]


def test_what_is_interrupted_while_it_is_undone_was_not_entered_again() -> None:
    inner = sub("part", compensable("a"), "a") + throwing()
    stop = '<signalEventDefinition signalRef="s1"/>'
    event = node("boundaryEvent", "stopped", inner=stop, attributes='attachedToRef="whole"')
    body = plain(sub("whole", inner, "part throw") + event + task("then"), names="whole") + path("stopped", "then")
    play = Play(body, root=SIGNAL).do("a")
    play.run.take_steps()

    play.signal("stop")

    assert sorted((step.kind, step.element) for step in play.run.take_steps()) == [
        ("cancelled", "throw"),
        ("cancelled", "undo_a"),
        ("cancelled", "whole"),
        ("entered", "then"),
        ("fired", "stopped"),
    ]
