"""Where tokens go: implicit splits, conditions on activities, quantities of tokens, beginnings and ends that nobody drew."""

import pytest

from engine.domain.errors import Invalid
from engine.workflow import Fault
from tests.workflow.drawing import flow, node, path, plain, task
from tests.workflow.playing import Play

LOOK = task("look").replace("<userTask", '<userTask default="look__c"')


def ways(play: Play) -> list[str]:
    return sorted(play.open)


def choosing(first: str, second: str, **data: object) -> list[str]:
    """A task with two conditional flows, one without a condition, and a default one."""
    parts = node("startEvent", "begin") + LOOK + "".join(task(name) for name in "abcd") + path("begin", "look")
    flows = flow("look", "a", first) + flow("look", "b", second) + flow("look", "c") + flow("look", "d")
    return ways(Play(parts + flows, data).do("look"))


def test_several_flows_out_of_a_task_are_a_parallel_split() -> None:
    play = Play(plain(LOOK.replace('default="look__c"', ""), task("a"), task("b"), names="look a") + flow("look", "b"))

    assert ways(play.do("look")) == ["a", "b"]
    assert play.do("a").do("b").run.finished


def test_several_flows_out_of_a_start_event_are_a_parallel_split() -> None:
    assert ways(
        Play(node("startEvent", "begin") + task("a") + task("b") + path("begin", "a") + path("begin", "b"))
    ) == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("x", "open_then"), [(1, ["a", "d"]), (2, ["b", "d"]), (3, ["a", "b", "d"]), (0, ["c", "d"]), (None, ["c", "d"])]
)
def test_a_task_takes_its_true_flows_and_those_without_condition_or_else_the_default(
    x: int | None, open_then: list[str]
) -> None:
    assert choosing("=x = 1 or x = 3", "=x = 2 or x = 3", x=x) == open_then


def test_a_task_that_cannot_go_on_is_a_fault() -> None:
    parts = node("startEvent", "begin") + task("look") + task("a") + task("b") + path("begin", "look")
    play = Play(parts + flow("look", "a", "=x") + flow("look", "b", "=x"), {"x": False})

    with pytest.raises(Fault) as caught:
        play.do("look")

    assert caught.value.element == "look"


def test_without_a_start_event_begins_what_nothing_leads_to() -> None:
    play = Play(
        task("a") + task("b") + node("parallelGateway", "join") + task("c") + path("a", "join", "c") + path("b", "join")
    )

    assert ways(play) == ["a", "b"]
    assert play.do("b").do("a").open == ["c"]


def test_without_an_end_event_the_process_ends_when_nothing_is_left() -> None:
    inner = task("a") + task("b")
    play = Play(node("subProcess", "part", inner=inner) + task("c") + path("part", "c"))

    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["c"]
    assert play.do("c").run.finished
    assert play.run.ends == ()


@pytest.mark.parametrize("kind", ["task", "manualTask"])
def test_a_task_that_nobody_does_is_passed_at_once_and_told(kind: str) -> None:
    play = Play(plain(node(kind, "walk"), task("then"), names="walk then"))

    assert play.open == ["then"]
    assert [(s.element, s.kind) for s in play.run.take_steps() if s.element == "walk"] == [
        ("walk", "entered"),
        ("walk", "completed"),
    ]


def test_two_flows_between_a_split_and_a_join_are_told_apart() -> None:
    double = flow("look", "join").replace("look__join", "second")
    play = Play(plain(task("look"), node("parallelGateway", "join"), task("then"), names="look join then") + double)

    assert play.do("look").open == ["then"]


def a_task_that_needs(count: int) -> Play:
    """Three branches that come to one task."""
    look = task("look").replace("<userTask", f'<userTask startQuantity="{count}"')
    late = node("boundaryEvent", "late", attributes='attachedToRef="look"',
                inner="<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>")  # fmt: skip
    split = node("startEvent", "begin") + "".join(task(name) + path("begin", name, "look") for name in "abc")
    return Play(split + look + late + task("then") + task("instead") + path("look", "then") + path("late", "instead"))


def test_a_task_begins_when_it_has_as_many_tokens_as_it_needs() -> None:
    play = a_task_that_needs(2)

    assert play.do("a").open == ["b", "c"]
    assert ways(play.after(days=2)) == ["b", "c"]
    assert ways(play.do("b")) == ["c", "look"]
    assert ways(play.do("look")) == ["c", "then"]
    assert ways(play.do("c").do("then")) == []
    assert not play.run.finished


def test_a_task_that_got_its_tokens_is_an_ordinary_one() -> None:
    play = a_task_that_needs(3).do("a").do("b").do("c")

    assert play.open == ["look"]
    assert play.after(days=2).open == ["instead"]
    assert play.do("instead").run.finished


def test_a_token_that_did_not_begin_anything_is_not_told_to_end() -> None:
    body = plain(node("subProcess", "part", inner=task("a") + path("a", "b")
        + task("b").replace("<userTask", '<userTask startQuantity="2"')), names="part")  # fmt: skip
    late = node("boundaryEvent", "late", attributes='attachedToRef="part"',
                inner="<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>")  # fmt: skip
    play = Play(body + late + task("instead") + path("late", "instead")).do("a")
    play.run.take_steps()

    assert play.after(days=2).open == ["instead"]
    assert [s.element for s in play.run.take_steps() if s.kind == "cancelled"] == ["part"]


def test_a_task_may_leave_several_tokens_on_each_flow() -> None:
    look = task("look").replace("<userTask", '<userTask completionQuantity="3"')
    play = Play(plain(look, task("then"), names="look then"))

    assert play.do("look").open == ["then"] * 3
    assert play.do("then").do("then").do("then").run.finished


@pytest.mark.parametrize("mark", ['startQuantity="0"', 'completionQuantity="-1"', 'completionQuantity="x"'])
def test_a_quantity_that_is_none_does_not_run(mark: str) -> None:
    with pytest.raises(Invalid):
        Play(plain(task("look").replace("<userTask", f"<userTask {mark}"), names="look"))


def test_a_send_task_may_be_done_by_a_service() -> None:
    said = '<zeebe:taskDefinition type="post"/><zeebe:ioMapping><zeebe:input source="=x" target="y"/></zeebe:ioMapping>'
    play = Play(plain(node("sendTask", "send", said), names="send"), {"x": 1}, services={"post": lambda given: given})

    assert play.calls == [("post", {"y": 1})]
    assert play.run.finished


def test_a_loop_that_never_waits_runs_until_its_condition_ends_it() -> None:
    gateway = node("exclusiveGateway", "again", attributes='default="again__then"')
    count = node("scriptTask", "count", '<zeebe:script expression="=n + 1" resultVariable="n"/>')
    body = node("startEvent", "begin") + node("exclusiveGateway", "merge") + count + gateway + task("then")
    body += path("begin", "merge", "count", "again", "then") + flow("again", "merge", "=n &lt; 100")

    assert Play(body, {"n": 0}).data == {"n": 100}
    with pytest.raises(Fault):
        Play(body.replace("=n &lt; 100", "=true"), {"n": 0})
