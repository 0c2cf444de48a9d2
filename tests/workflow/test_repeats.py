"""An activity for each item of a list: at once or in turn, each with its item, its results in the order of the items."""

import pytest

from engine.domain.errors import Invalid
from engine.workflow import Fault
from tests.workflow.drawing import node, path, plain, task
from tests.workflow.playing import Play
from tests.workflow.test_data import mapping

ALL = 'inputCollection="=sites" inputElement="site" outputCollection="visits" outputElement="={site: site, result: result}"'


def repeat(said: str = ALL, inner: str = "", *, sequential: bool = False) -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements>'
        f"<zeebe:loopCharacteristics {said}/></extensionElements>{inner}</multiInstanceLoopCharacteristics>"
    )


def visits(*, sequential: bool = False, inner: str = "", said: str = "") -> Play:
    visit = task("visit", said=said, inner=repeat(inner=inner, sequential=sequential))
    return Play(plain(visit, task("then"), names="visit then"), {"sites": ["A", "B", "C"]})


def do_instance(play: Play, index: int, **answers: object) -> None:
    run = play.loaded()
    run.complete(next(t.id for t in run.open_tasks() if t.multi_index == index), answers)
    play.settle()


def test_parallel_instances_are_open_at_once_and_see_their_item() -> None:
    play = visits()
    seen = [(t.multi_index, play.run.task_data(t.id)["site"]) for t in play.run.open_tasks()]

    assert seen == [(1, "A"), (2, "B"), (3, "C")]


def test_results_are_collected_in_the_order_of_the_items() -> None:
    play = visits()

    for index in (3, 1, 2):
        do_instance(play, index, result=index * 10)

    assert play.open == ["then"]
    assert play.data == {
        "sites": ["A", "B", "C"],
        "visits": [{"site": "A", "result": 10}, {"site": "B", "result": 20}, {"site": "C", "result": 30}],
    }


def test_instances_in_turn_are_open_one_after_the_other() -> None:
    play = visits(sequential=True)

    for index in (1, 2, 3):
        assert [t.multi_index for t in play.run.open_tasks()] == [index]
        do_instance(play, index, result=index)

    assert [visit["result"] for visit in play.data["visits"]] == [1, 2, 3]  # type: ignore[index, union-attr]


def test_a_missing_item_is_an_item_too() -> None:
    body = plain(task("visit", inner=repeat(sequential=True)), names="visit")
    play = Play(body, {"sites": [None, None]})

    do_instance(play, 1, result=1)
    do_instance(play, 2, result=2)

    assert play.run.finished


def test_nothing_to_do_for_is_done_at_once() -> None:
    body = plain(task("visit", inner=repeat()), task("then"), names="visit then")

    play = Play(body, {"sites": []})

    assert play.open == ["then"]
    assert play.data["visits"] == []


def test_enough_instances_end_the_others() -> None:
    condition = "<completionCondition>=numberOfCompletedInstances = 2</completionCondition>"
    play = visits(inner=condition)

    do_instance(play, 3, result=1)
    do_instance(play, 1, result=2)

    assert play.open == ["then"]
    assert play.data["visits"] == [{"site": "A", "result": 2}, None, {"site": "C", "result": 1}]


def test_each_instance_has_its_own_mappings() -> None:
    said = mapping(("input", "=site + &quot;!&quot;", "title"), ("output", "=ok", "result"))
    play = visits(said=said)
    titles = [play.run.task_data(t.id)["title"] for t in play.run.open_tasks()]

    for index in (1, 2, 3):
        do_instance(play, index, ok=index)

    assert titles == ["A!", "B!", "C!"]
    assert [visit["result"] for visit in play.data["visits"]] == [1, 2, 3]  # type: ignore[index, union-attr]
    assert "result" not in play.data


def test_a_sub_process_for_each_item_keeps_its_results_apart() -> None:
    inner = node("startEvent", "b") + task("ask") + task("sum") + path("b", "ask", "sum")
    part = node("subProcess", "part", inner=repeat() + inner)
    play = Play(plain(part, names="part"), {"sites": ["A", "B"]})

    for result in (1, 2):
        play.do("ask", result=result)
    assert play.open == ["sum", "sum"]
    play.do("sum").do("sum")

    assert [visit["result"] for visit in play.data["visits"]] == [1, 2]  # type: ignore[index, union-attr]
    assert play.run.finished


def test_a_service_is_called_for_each_item() -> None:
    said = '<zeebe:taskDefinition type="visits.plan"/>' + mapping(("input", "=site", "site"))
    body = plain(node("serviceTask", "plan", said, repeat()), names="plan")

    play = Play(body, {"sites": ["A", "B"]}, services={"visits.plan": lambda given: {"result": given["site"]}})

    assert [visit["result"] for visit in play.data["visits"]] == ["A", "B"]  # type: ignore[index, union-attr]


def test_a_boundary_event_ends_all_instances() -> None:
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    parts = task("visit", inner=repeat()) + task("instead")
    parts += node("boundaryEvent", "late", inner=timer, attributes='attachedToRef="visit"')
    play = Play(plain(parts, names="visit") + path("late", "instead"), {"sites": [1, 2, 3]})
    do_instance(play, 2, result=1)

    assert play.after(days=1).open == ["instead"]


def test_a_number_of_instances_may_stand_for_a_list() -> None:
    loop = repeat("", "<loopCardinality>=n</loopCardinality>")

    assert Play(plain(task("visit", inner=loop), names="visit"), {"n": 2}).open == ["visit", "visit"]


@pytest.mark.parametrize("sites", [None, "A", {"a": 1}, list(range(1_001))])
def test_a_collection_that_is_no_list_or_too_long_is_a_fault(sites: object) -> None:
    with pytest.raises(Fault) as caught:
        Play(plain(task("visit", inner=repeat()), names="visit"), {"sites": sites})

    assert caught.value.element == "visit"


def test_a_result_that_is_no_expression_is_refused_when_the_definition_is_built() -> None:
    broken = ALL.replace("{site: site, result: result}", "{site:")

    with pytest.raises(Invalid) as caught:
        Play(plain(task("visit", inner=repeat(broken)), names="visit"), {"sites": [1]})

    assert [problem.where for problem in caught.value.problems] == ["visit"]
