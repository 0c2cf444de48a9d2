"""Ad-hoc sub-processes: what is offered, what is offered again, and when it is enough."""

import pytest

from engine.workflow import Fault
from tests.workflow.drawing import flow, node, path, plain, properties, task
from tests.workflow.playing import Play
from tests.workflow.test_data import mapping

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
ENOUGH = "=enough = true"


def adhoc(inner: str, until: str = "", marks: str = "", active: str = "", **data: object) -> Play:
    """An ad-hoc sub-process `part`, then a task `then`."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    said = f'<zeebe:adHoc activeElementsCollection="{active}"/>' if active else ""
    part = node("adHocSubProcess", "part", said, inner + condition, marks)
    root = '<signal id="s" name="told"/>'
    return Play(plain(part, task("then"), names="part then"), data, root=root)


def opened(play: Play) -> str:
    return " ".join(sorted(play.open))


def test_what_is_done_is_offered_again_until_everything_was_done_once() -> None:
    play = adhoc(task("a") + task("b"))

    assert opened(play) == "a b"
    assert opened(play.do("a")) == "a b"
    assert opened(play.do("a")) == "a b"
    assert opened(play.do("b")) == "then"


def test_the_completion_condition_is_asked_after_each_activity() -> None:
    play = adhoc(task("a") + task("b"), ENOUGH)

    assert opened(play.do("a").do("b").do("b")) == "a b"
    assert opened(play.do("b", enough=True)) == "then"
    assert play.do("then").run.finished


def test_flows_inside_order_what_they_join() -> None:
    play = adhoc(task("a") + task("c") + path("a", "c") + task("b"))

    assert opened(play.do("a")) == "a b c"
    assert opened(play.do("b")) == "a b c"
    assert opened(play.do("c")) == "then"


def test_nothing_follows_when_it_is_enough() -> None:
    play = adhoc(task("a") + task("c") + path("a", "c"), ENOUGH)

    assert opened(play.do("a", enough=True)) == "then"


def test_what_runs_is_let_end_where_the_diagram_says_so() -> None:
    """b has been done and is only offered again; c is open for the first time, and d because a flow led to it."""
    inner = "".join(task(name) for name in "abcde") + path("a", "d", "e")
    play = adhoc(inner, ENOUGH, 'cancelRemainingInstances="false"').do("b").do("a")

    assert opened(play) == "a b c d"
    assert opened(play.do("b", enough=True)) == "c d"
    assert opened(play.do("d")) == "c"
    assert opened(play.do("c")) == "then"


def test_what_runs_is_cancelled_otherwise() -> None:
    inner = node("subProcess", "deep", inner=task("x")) + task("a")
    play = adhoc(inner, ENOUGH).do("deep")

    assert opened(play) == "a deep x"
    assert opened(play.do("a", enough=True)) == "then"


def test_an_activity_that_is_no_user_task_is_begun_by_a_person() -> None:
    said = '<zeebe:script expression="=n + 1" resultVariable="n"/>'
    play = adhoc(node("scriptTask", "count", said) + task("a"), ENOUGH, n=0)

    assert opened(play) == "a count"
    assert opened(play.do("count").do("count")) == "a count"
    assert play.data == {"n": 2}
    steps = [(s.element, s.kind) for s in play.run.take_steps() if s.element == "count"]
    assert steps == [("count", "entered"), ("count", "completed")]


def test_parallel_instances_of_one_activity_may_run() -> None:
    play = adhoc(node("subProcess", "deep", inner=task("x")), ENOUGH).do("deep").do("deep")

    assert opened(play) == "deep x x"
    assert opened(play.do("x")) == "deep x"
    assert opened(play.do("x", enough=True)) == "then"


def test_one_at_a_time_nothing_else_is_open_while_an_activity_runs() -> None:
    inner = node("subProcess", "deep", inner=task("x")) + task("a") + task("b") + path("a", "b")
    play = adhoc(inner, ENOUGH, 'ordering="Sequential"').do("a")

    assert opened(play) == "a b deep"
    assert opened(play.do("deep")) == "x"
    assert opened(play.do("x")) == "a b deep"
    assert opened(play.do("b", enough=True)) == "then"


def test_one_at_a_time_what_flows_lead_to_lines_up() -> None:
    deep = "".join(node("subProcess", f"deep{n}", inner=task(f"x{n}")) for n in (1, 2))
    inner = task("a") + deep + path("a", "deep1") + path("a", "deep2")
    play = adhoc(inner, "", 'ordering="Sequential"')

    assert opened(play.do("a")) == "x1"
    assert opened(play.do("x1")) == "x2"
    assert opened(play.do("x2")) == "then"


def test_a_collection_chooses_what_begins_and_each_is_done_once() -> None:
    said = '<zeebe:script expression="=1" resultVariable="n"/>'
    inner = task("a") + task("b") + node("scriptTask", "count", said) + task("c") + path("a", "c")
    play = adhoc(inner, active="=chosen", chosen=["a", "count"])

    assert opened(play) == "a"
    assert play.data["n"] == 1
    assert opened(play.do("a")) == "c"
    assert opened(play.do("c")) == "then"


def test_a_collection_may_be_empty() -> None:
    assert opened(adhoc(task("a"), active="=chosen", chosen=[])) == "then"


def test_what_was_chosen_and_is_not_enough_is_offered() -> None:
    play = adhoc(task("a") + task("b"), ENOUGH, active="=chosen", chosen=["a"])

    assert opened(play) == "a"
    assert opened(play.do("a")) == "a b"
    assert opened(play.do("b", enough=True)) == "then"


@pytest.mark.parametrize("chosen", [None, "a", ["lost"], [1], ["c"]])
def test_a_collection_names_what_may_begin(chosen: object) -> None:
    with pytest.raises(Fault) as caught:
        adhoc(task("a") + task("c") + path("a", "c"), active="=chosen", chosen=chosen)

    assert caught.value.element == "part"


def test_an_event_inside_happens_as_often_as_it_comes() -> None:
    event = node("intermediateCatchEvent", "heard", inner='<signalEventDefinition signalRef="s"/>')
    play = adhoc(event + task("tell") + path("heard", "tell") + task("a"), ENOUGH)

    assert opened(play.signal("told")) == "a tell"
    assert opened(play.signal("told").do("tell")) == "a tell"
    assert opened(play.do("a", enough=True)) == "then"


def test_an_interrupted_activity_counts_as_done_once() -> None:
    late = node("boundaryEvent", "late", inner=TIMER, attributes='attachedToRef="a"')
    play = adhoc(task("a") + late + task("instead") + path("late", "instead") + task("b")).after(days=1)

    assert opened(play) == "a b instead"
    assert opened(play.do("b").do("instead")) == "then"


def test_joins_and_gateways_inside_run_as_anywhere() -> None:
    inner = (
        task("a") + task("b") + node("parallelGateway", "join") + task("c") + path("a", "join", "c") + path("b", "join")
    )
    play = adhoc(inner)

    assert opened(play.do("a").do("b")) == "a b c"
    assert opened(play.do("c")) == "then"


def test_a_repeated_activity_inside_is_one_activity() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>=2</loopCardinality></multiInstanceLoopCharacteristics>"
    play = adhoc(task("a", inner=loop) + task("b"), 'ordering="Sequential"').do("a")

    assert opened(play).count("a") >= 2
    play = adhoc(task("a", inner=loop) + task("b"), "", 'ordering="Sequential"').do("a")
    assert opened(play) == "a a"
    assert opened(play.do("a").do("a")) == "a b"
    assert opened(play.do("b")) == "then"


def test_a_loop_inside_comes_back_to_what_is_also_offered() -> None:
    gateway = node("exclusiveGateway", "again", attributes='default="again__c"')
    inner = task("a") + task("b") + gateway + task("c") + path("a", "b", "again", "c") + flow("again", "b", "=more")
    play = adhoc(inner, more=True)

    assert opened(play.do("a").do("b")) == "a b"
    assert opened(play.do("b", more=False)) == "a c"
    assert opened(play.do("c")) == "then"


def test_several_ad_hoc_sub_processes_at_once_keep_their_offers_apart() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=sites" inputElement="site" outputCollection="all" outputElement="=answer"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    said = mapping(("output", "=said", "answer"))
    part = node("adHocSubProcess", "part", properties(), loop + task("a", said=said) + task("b"))
    play = Play(plain(part, task("then"), names="part then"), {"sites": [1, 2]})

    assert opened(play) == "a a b b"
    play.do("a", said="one").do("b")
    assert opened(play) == "a b"
    play.do("b").do("a", said="two")
    assert opened(play) == "then"
    assert play.data == {"sites": [1, 2], "all": ["one", "two"]}


def test_a_boundary_event_ends_an_ad_hoc_sub_process() -> None:
    part = node("adHocSubProcess", "part", inner=task("a") + node("subProcess", "deep", inner=task("x")))
    late = node("boundaryEvent", "late", inner=TIMER, attributes='attachedToRef="part"')
    play = Play(plain(part + late + task("instead"), names="part") + path("late", "instead")).do("deep")

    assert opened(play.after(days=1)) == "instead"
