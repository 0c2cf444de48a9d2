"""A case goes over to another drawing with what it remembers, or not at all."""

from engine.workflow import Definition, Run
from engine.workflow.swap import plan, swap
from tests.workflow.drawing import drawn, plain, task
from tests.workflow.playing import NOW, Play
from tests.workflow.test_compensation import compensable, records, sub, throwing, undone_in_turn


def trip(*more: str, names: str = "part b throw", inside: str = "") -> bytes:
    part = sub("part", inside or compensable("a"), "a")
    return drawn(plain(part + task("b") + throwing() + "".join(more), names=names))


def gone(name: str) -> Play:
    """At `b`, with the sub-process around `a` completed."""
    play = Play(plain(sub("part", compensable("a"), "a") + task("b") + throwing(), names="part b throw")).do("a")
    assert play.open == [name]
    return play


def test_what_can_be_undone_can_be_undone_in_the_new_drawing() -> None:
    play, new = gone("b"), Definition.build(trip(task("c"), names="part b throw c"), {})
    state = play.run.dump()

    assert plan(play.definition, new, state, {}, NOW).movable
    play.definition, play.run = new, Run.load(new, swap(play.definition, new, state, {}, NOW), NOW)
    assert records(play) == [["#part"]]
    assert undone_in_turn(play.do("b")) == ["undo_a"]
    assert play.open == ["c"]


def test_what_the_new_drawing_does_not_say_how_to_undo_stays() -> None:
    play, new = gone("b"), Definition.build(trip(inside=task("a")), {})

    (reason,) = plan(play.definition, new, play.run.dump(), {}, NOW).reasons

    assert reason.where == "a"
    assert "does not say in the same way how" in reason.message
