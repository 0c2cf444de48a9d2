"""Every token has a way in, a way on and a way out, or the diagram is refused."""

import pytest

from engine.workflow.checks import check
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, flow, known, node, path, plain, refused, task

MESSAGE = '<message id="m" name="told"/>'
TOLD = '<messageEventDefinition messageRef="m"/>'
ENDS = "without an end event"
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


def warned(data: bytes, about: str) -> set[str]:
    return {complaint.where for complaint in check(read(data), known()) if about in complaint.message}


def test_a_process_needs_neither_start_nor_end_event() -> None:
    assert refused(drawn(task("look") + task("then") + path("look", "then"))) == {}


def test_something_must_begin() -> None:
    loop = path("look", "look")

    assert "Nothing in permit can begin" in refused(drawn(task("look") + loop + node("endEvent", "done")))["permit"]


def test_a_sub_process_has_one_start_at_most() -> None:
    starts = "".join(node("startEvent", f"go_{n}") + flow(f"go_{n}", "left") for n in range(2))
    part = node("subProcess", "look", inner=starts + node("endEvent", "left"))

    assert "exactly one start event" in around(part)["look"]


def test_a_process_may_start_by_hand_and_by_message() -> None:
    second = node("startEvent", "told", inner=TOLD) + flow("told", "look")

    assert around(task("look"), second) == {}


def test_a_message_starts_a_process_at_one_place() -> None:
    both = "".join(node("startEvent", name, inner=TOLD) + flow(name, "look") for name in ("one", "two"))

    assert "already starts the process at one" in around(task("look"), both)["two"]


def test_a_way_may_end_without_an_end_event_but_beside_one_people_are_told() -> None:
    aside = task("aside") + flow("look", "aside")

    assert around(task("look"), aside) == {}
    assert warned(drawn(plain(task("look"), names="look") + aside), ENDS) == {"aside"}
    assert warned(drawn(node("startEvent", "begin") + task("look") + path("begin", "look")), ENDS) == set()


@pytest.mark.parametrize("loose", [node("startEvent", "loose"), node("boundaryEvent", "loose", inner=TIMER,
                                                                     attributes='attachedToRef="look"')])  # fmt: skip
def test_what_begins_a_way_leads_on(loose: str) -> None:
    assert "Nothing follows loose" in around(task("look"), loose)["loose"]


def test_several_ways_out_of_a_task_or_an_event_run() -> None:
    aside = node("endEvent", "aside") + flow("look", "aside") + node("endEvent", "off") + flow("begin", "off")

    assert around(task("look"), aside) == {}


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


def conditional(source: str, *, beside: str = "", default: str = "") -> dict[str, str]:
    """A condition on the way from the start or from a task to the end."""
    marks = f'default="{default}"' if default else ""
    look = task("look").replace("<userTask", f"<userTask {marks}")
    ways = path("begin", "look") + flow("look", "done", "=x" if source == "look" else "")
    ways += flow("begin", "off", "=x") if source == "begin" else ""
    return refused(drawn(node("startEvent", "begin") + look + "".join(node("endEvent", end) for end in ("done", "off"))
                         + ways + beside))  # fmt: skip


def test_conditions_stand_behind_tasks_too() -> None:
    assert conditional("look", beside=flow("look", "off")) == {}
    assert conditional("look", beside=flow("look", "off"), default="look__off") == {}


def test_a_condition_behind_an_event_is_refused() -> None:
    assert "would be ignored" in conditional("begin")["begin__off"]


def test_a_condition_on_the_only_way_on_is_refused() -> None:
    assert "the only way on" in conditional("look")["look__done"]


def a_choice(first: str = "=x", second: str = "", default: str = "which__done") -> dict[str, str]:
    gateway = node("exclusiveGateway", "which", attributes=f'default="{default}"')
    ways = flow("which", "look", first) + flow("which", "done", second)
    ends = node("startEvent", "begin") + node("endEvent", "done")
    return refused(drawn(ends + gateway + task("look") + path("begin", "which") + path("look", "done") + ways))


def test_a_choice_with_a_condition_and_a_default_runs() -> None:
    assert a_choice() == {}


def test_a_flow_of_a_choice_needs_a_condition() -> None:
    assert "needs a condition" in a_choice(first="")["which__look"]


def test_the_condition_of_a_default_flow_is_ignored_and_people_are_told() -> None:
    assert a_choice(second="=y") == {}
    gateway = node("exclusiveGateway", "which", attributes='default="which__done"')
    ways = path("begin", "which") + flow("which", "off", "=x") + flow("which", "done", "=y")
    ends = node("startEvent", "begin") + node("endEvent", "done") + node("endEvent", "off")

    assert warned(drawn(ends + gateway + ways), "is ignored; remove it") == {"which__done"}


def test_a_default_flow_leaves_its_own_gateway() -> None:
    assert "would be ignored" in a_choice(second="=y", default="begin__which")["which"]
