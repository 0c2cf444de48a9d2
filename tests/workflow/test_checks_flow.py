"""Every token has a way in, a way on and a way out, or the diagram is refused."""

import pytest

from tests.workflow.drawing import drawn, flow, node, path, plain, refused, task

MESSAGE = '<message id="m" name="told"/>'
TOLD = '<messageEventDefinition messageRef="m"/>'
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def around(element: str, more: str = "") -> dict[str, str]:
    return refused(drawn(plain(element, names="look") + more, root=MESSAGE))


@pytest.mark.parametrize(
    "loose", [flow("look", "nowhere"), flow("nowhere", "look"), '<sequenceFlow id="look__nowhere"/>']
)
def test_a_flow_with_a_loose_end_is_refused(loose: str) -> None:
    assert any("does not connect" in text for text in around(task("look"), loose).values())


def test_a_flow_across_the_border_of_a_sub_process_is_refused() -> None:
    part = node("subProcess", "look", inner=plain(task("visit"), names="visit", ends="2"))

    assert "does not connect" in around(part, flow("begin", "visit"))["begin__visit"]


def test_a_process_needs_a_start_and_an_end() -> None:
    found = refused(drawn(task("look")))

    assert "no start event" in found["permit"]
    assert "no end event" in found["permit"]


@pytest.mark.parametrize("count", [0, 2])
def test_a_sub_process_has_exactly_one_start(count: int) -> None:
    starts = "".join(node("startEvent", f"go_{n}") + flow(f"go_{n}", "left") for n in range(count))
    part = node("subProcess", "look", inner=starts + node("endEvent", "left"))

    assert "start event" in around(part)["look"]


def test_a_process_may_start_by_hand_and_by_message() -> None:
    second = node("startEvent", "told", inner=TOLD) + flow("told", "look")

    assert around(task("look"), second) == {}


def test_a_message_starts_a_process_at_one_place() -> None:
    both = "".join(node("startEvent", name, inner=TOLD) + flow(name, "look") for name in ("one", "two"))

    assert "already starts the process at one" in around(task("look"), both)["two"]


def test_a_sub_process_without_an_end_is_refused() -> None:
    part = node("subProcess", "look", inner=node("startEvent", "go") + task("visit") + path("go", "visit", "go"))

    assert "no end event" in around(part)["look"]


def test_a_dead_end_is_refused() -> None:
    found = around(task("look"), task("stop") + node("exclusiveGateway", "which"))

    assert "Nothing follows stop" in found["stop"]
    assert "Nothing follows which" in found["which"]


def test_several_ways_out_of_a_task_are_refused() -> None:
    assert "2 outgoing flows" in around(task("look"), node("endEvent", "aside") + flow("look", "aside"))["look"]


def test_nothing_follows_an_end() -> None:
    assert "Nothing can follow done" in around(task("look"), flow("done", "look"))["done"]


def test_nothing_leads_to_a_start() -> None:
    assert "No flow can lead to begin" in around(task("look"), flow("look", "begin"))["begin"]


def test_what_cannot_be_reached_is_refused() -> None:
    island = task("one") + task("two") + path("one", "two", "one")

    assert {"one", "two"} <= set(around(task("look"), island))


def test_what_hangs_on_an_unreachable_task_is_unreachable() -> None:
    late = f'<boundaryEvent id="late" attachedToRef="one">{TIMER}</boundaryEvent>'

    assert (
        "Nothing leads to late"
        in around(task("look"), task("one") + late + path("one", "done") + path("late", "done"))["late"]
    )


@pytest.mark.parametrize("host", ["begin", "nowhere", "late", ""])
def test_a_boundary_event_hangs_on_an_activity(host: str) -> None:
    late = f'<boundaryEvent id="late" attachedToRef="{host}">{TIMER}</boundaryEvent>'

    assert "not attached" in around(task("look"), late + flow("late", "done"))["late"]


@pytest.mark.parametrize("kind", ["intermediateCatchEvent", "receiveTask", "sendTask"])
def test_what_waits_says_for_what(kind: str) -> None:
    assert "does not say what it waits for or sends" in around(node(kind, "look"))["look"]


def test_a_boundary_event_says_what_it_waits_for() -> None:
    late = '<boundaryEvent id="late" attachedToRef="look"/>' + flow("late", "done")

    assert "does not say what it waits for" in around(task("look"), late)["late"]


def test_a_condition_behind_a_task_is_refused() -> None:
    found = refused(
        drawn(node("startEvent", "begin") + task("look") + node("endEvent", "done") + path("begin", "look")
              + flow("look", "done", "=x = 1"))
    )  # fmt: skip

    assert "would be ignored" in found["look__done"]


def a_choice(first: str = "=x", second: str = "", default: str = "which__done") -> dict[str, str]:
    gateway = node("exclusiveGateway", "which", attributes=f'default="{default}"')
    ways = flow("which", "look", first) + flow("which", "done", second)
    ends = node("startEvent", "begin") + node("endEvent", "done")
    return refused(drawn(ends + gateway + task("look") + path("begin", "which") + path("look", "done") + ways))


def test_a_choice_with_a_condition_and_a_default_runs() -> None:
    assert a_choice() == {}


def test_a_flow_of_a_choice_needs_a_condition() -> None:
    assert "needs a condition" in a_choice(first="")["which__look"]


def test_the_default_flow_has_no_condition() -> None:
    assert "cannot have a condition" in a_choice(second="=y")["which__done"]


def test_a_default_flow_leaves_its_own_gateway() -> None:
    assert "would be ignored" in a_choice(second="=y", default="begin__which")["which"]
