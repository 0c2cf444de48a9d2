"""A running case goes over to another drawing where more than one token stands: joins, parts, several, events."""

from datetime import timedelta

import pytest

from engine.workflow import Definition, swap
from tests.workflow.drawing import flow, node, path, task
from tests.workflow.moving import (
    BELL,
    END,
    LATER,
    NEWS,
    NOW,
    ONE,
    START,
    advanced,
    begun,
    boundary,
    built,
    definition,
    do,
    line,
    moved,
    opened,
    refusals,
    said,
    waiting,
)

FORK = node("parallelGateway", "fork") + node("parallelGateway", "join")


def forked(*branches: str, more: str = "") -> str:
    """A fork whose branches are elements one after the other; all meet in a join."""
    text = START + END + FORK + flow("begin", "fork") + flow("join", "done") + more
    names = {name for branch in branches for name in branch.split()}
    text += "".join(task(name) for name in sorted(names))
    return text + "".join(path("fork", *branch.split(), "join") for branch in branches)


def test_a_task_in_front_of_an_open_join_is_done_by_those_who_still_come() -> None:
    run = do(begun(built(forked("left", "right"))), "left")

    after = moved(run, built(forked("left", "right extra")))

    assert opened(do(after, "right")) == ["extra"]
    assert do(after, "extra").finished


def test_who_waits_at_a_join_waits_on_even_if_a_task_is_drawn_in_behind_them() -> None:
    run = do(begun(built(forked("left", "right"))), "left")
    new = built(forked("left extra", "right"))

    assert said(run, new, "warnings") == [
        "extra: This step is new and lies before where the case stands: it will not be done."
    ]
    assert do(moved(run, new), "right").finished


def test_a_task_drawn_into_the_flow_that_keeps_its_id_leaves_the_arrival_where_it_is() -> None:
    """As bpmn-js does: the flow that was `left → join` now leads to the new task, and a new one leads on."""
    run = do(begun(built(forked("left", "right"))), "left")
    body = forked("left extra", "right").replace('id="left__extra"', 'id="left__join"')

    assert do(moved(run, built(body)), "right").finished


def test_an_arrival_on_a_flow_that_is_gone_needs_a_flow() -> None:
    run = do(begun(built(forked("left", "right"))), "left")
    new = built(forked("other", "right"))

    planned = swap.plan(run.definition, new, run.dump(), {}, LATER)

    assert planned.missing == ("left__join",)
    assert swap.candidates(run.definition, new, "left__join") == ["other__join", "right__join"]
    assert do(moved(run, new, left__join="other__join"), "right").finished


def test_a_branch_that_nobody_can_bring_any_more_would_hold_the_join_for_ever() -> None:
    run = do(begun(built(forked("left", "right"))), "left")

    assert refusals(run, built(forked("left", "right", "third"))) == [
        "join: It would wait for a token on «third__join», which cannot come."
    ]
    assert refusals(begun(built(forked("left", "right"))), built(forked("left", "right", "third"))) == [
        "join: It would wait for a token on «third__join», which cannot come."
    ]


def test_a_branch_added_before_the_fork_was_reached_is_done() -> None:
    def led(*branches: str) -> Definition:
        return built(
            forked(*branches, more=task("first")).replace(flow("begin", "fork"), path("begin", "first", "fork"))
        )

    after = do(moved(begun(led("left", "right")), led("left", "right", "third")), "first")

    assert opened(after) == ["left", "right", "third"]


def test_a_join_that_needs_fewer_tokens_fires_when_it_has_them_all() -> None:
    run = do(do(begun(built(forked("left", "right", "third"))), "left"), "third")
    new = built(forked("left", "third"))

    assert refusals(run, new) == ["right: The case stands here, and the new drawing has no such element."]
    alone = do(begun(built(forked("left", "right"))), "left")
    assert [str(one) for one in swap.plan(alone.definition, new, alone.dump(), {}, LATER).reasons] == [
        "right: The case stands here, and the new drawing has no such element."
    ]
    assert do(moved(alone, new, right="third"), "third").finished


def test_a_join_that_waited_for_a_branch_which_is_not_drawn_any_more_goes_on_at_once() -> None:
    late = boundary("late", "right", definition("timeDuration", "P1D")) + node("endEvent", "x") + flow("late", "x")
    run = do(do(begun(built(forked("left", "right", "third") + late)), "left"), "third")
    run.now = LATER
    run.fire_due()
    assert opened(advanced(run)) == []

    assert moved(run, built(forked("left", "third"))).finished


def test_an_inclusive_join_waits_for_whoever_is_under_way_in_the_new_drawing() -> None:
    def split(*branches: str) -> Definition:
        return built(forked(*branches).replace("parallelGateway", "inclusiveGateway"))

    run = do(begun(split("left", "right")), "left")
    after = moved(run, split("left", "right extra", "third"))

    assert opened(do(after, "right")) == ["extra"]
    assert do(after, "extra").finished


PART = node("startEvent", "b") + task("inside") + node("endEvent", "d") + path("b", "inside", "d")
WIDER = (
    node("startEvent", "b") + task("inside") + task("after") + node("endEvent", "d") + path("b", "inside", "after", "d")
)


def test_a_running_sub_process_goes_on_as_it_is_drawn_now() -> None:
    run = begun(built(line(node("subProcess", "part", inner=PART), names="part")))

    after = do(
        moved(run, built(line(node("subProcess", "part", inner=WIDER), task("last"), names="part last"))), "inside"
    )

    assert opened(after) == ["after"]
    assert opened(do(after, "after")) == ["last"]


def test_a_running_sub_process_may_have_another_name() -> None:
    run = begun(built(line(node("subProcess", "part", inner=PART), names="part")))
    new = built(line(node("subProcess", "share", inner=PART), names="share"))

    planned = swap.plan(run.definition, new, run.dump(), {}, LATER)

    assert planned.missing == ("part",)
    assert len(planned.reasons) == 1
    assert do(moved(run, new, part="share"), "inside").finished


def test_a_called_process_goes_on_in_the_version_that_the_new_release_calls() -> None:
    call = line(node("callActivity", "call", '<zeebe:calledElement processId="visit"/>'), names="call")
    run = begun(built(call, visit=PART), {"x": 1})

    after = do(moved(run, built(call, visit=WIDER)), "inside", x=2)

    assert opened(after) == ["after"]
    assert after.data["x"] == 1
    assert do(after, "after").data["x"] == 2


def several(mode: str, item: str = "item", result: str = "=answer", form: str = "review") -> str:
    sequential = str(mode == "sequential").lower()
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements><zeebe:loopCharacteristics '
        f'inputCollection="=[&quot;a&quot;,&quot;b&quot;,&quot;c&quot;]" inputElement="{item}" outputCollection="answers" outputElement="{result}"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    return task("each", form=form, inner=loop)


@pytest.mark.parametrize("mode", ["parallel", "sequential"])
def test_of_several_instances_what_is_done_stays_done(mode: str) -> None:
    run = do(begun(built(line(several(mode), names="each"))), "each", answer=1)
    new = built(line(several(mode, form="new_permit"), task("last"), names="each last"))

    after = moved(run, new)
    do(do(after, "each", answer=2), "each", answer=3)

    assert opened(after) == ["last"]
    assert after.data["answers"] == [1, 2, 3]
    assert "answer" not in after.data


def test_the_item_of_an_instance_goes_by_its_new_name() -> None:
    run = begun(built(line(several("parallel"), names="each")))

    after = moved(run, built(line(several("parallel", item="thing", result="=other"), names="each")))

    assert [after.task_data(task.id)["thing"] for task in after.open_tasks()] == ["a", "b", "c"]
    for n in range(3):
        do(after, "each", other=n)
    assert after.data["answers"] == [0, 1, 2]
    assert "other" not in after.data


def test_several_at_once_do_not_become_several_in_turn() -> None:
    run = begun(built(line(several("parallel"), names="each")))

    assert refusals(run, built(line(several("sequential"), names="each"))) == [
        "each: The case stands here; in the new drawing it is repeated in another way."
    ]


def choice(**events: str) -> Definition:
    text = START + END + node("eventBasedGateway", "choice") + flow("begin", "choice")
    for name, inner in events.items():
        text += node("intermediateCatchEvent", name, inner=inner) + path("choice", name, "done")
    return built(text)


def test_behind_an_event_gateway_events_come_and_go() -> None:
    run = begun(choice(hear=NEWS, late=definition("timeDuration", "P9D")))
    new = choice(late=definition("timeDuration", "P1D"), ring=BELL)

    after = moved(run, new)

    assert waiting(after) == {"late": NOW + timedelta(days=9), "ring": None}
    after.signal("bell", {})
    assert advanced(after).finished


def listening(*, events: str = "", interrupting: bool = False) -> Definition:
    handlers = ""
    for event in events.split():
        start = node(
            "startEvent",
            f"start_{event}",
            inner=BELL if event == "bell" else NEWS,
            attributes=f'isInterrupting="{str(interrupting).lower()}"',
        )
        inner = (
            start
            + task(f"do_{event}")
            + node("endEvent", f"end_{event}")
            + path(f"start_{event}", f"do_{event}", f"end_{event}")
        )
        handlers += node("subProcess", f"on_{event}", inner=inner, attributes='triggeredByEvent="true"')
    return built(ONE + handlers)


def test_event_sub_processes_come_and_go() -> None:
    after = moved(begun(listening(events="bell")), listening(events="news"))

    assert waiting(after) == {"start_news": None}
    assert after.deliver("news", None, {})
    assert opened(advanced(after)) == ["do_news", "one"]


def test_a_running_event_sub_process_goes_on() -> None:
    run = begun(listening(events="bell"))
    run.signal("bell", {})
    after = moved(advanced(run), listening(events="bell news"))

    assert opened(after) == ["do_bell", "one"]
    assert sorted(waiting(after)) == ["start_bell", "start_news"]
    assert do(do(after, "do_bell"), "one").finished


def test_nothing_new_is_listened_for_where_an_event_has_taken_over() -> None:
    run = begun(listening(events="bell", interrupting=True))
    run.signal("bell", {})

    after = moved(advanced(run), listening(events="bell news", interrupting=True))

    assert waiting(after) == {}
    assert opened(after) == ["do_bell"]


def undoable(*names: str, undo: bool = True) -> Definition:
    body = line(*(task(name) for name in names), task("last"), names=" ".join((*names, "last")))
    for name in names if undo else ():
        event = node(
            "boundaryEvent", f"{name}_event", inner="<compensateEventDefinition/>", attributes=f'attachedToRef="{name}"'
        )
        undoing = task(f"undo_{name}").replace("<userTask", '<userTask isForCompensation="true"', 1)
        body += event + undoing + f'<association id="{name}_j" sourceRef="{name}_event" targetRef="undo_{name}"/>'
    stop = node("boundaryEvent", "stop", inner=BELL, attributes='attachedToRef="last"')
    throw = node("endEvent", "undone", inner="<compensateEventDefinition/>")
    return built(body + stop + throw + flow("stop", "undone"))


def test_what_was_done_is_undone_as_the_new_drawing_says() -> None:
    run = do(begun(undoable("hotel")), "hotel")

    after = moved(run, undoable("inn"), hotel="inn")
    after.signal("bell", {})

    assert opened(advanced(after)) == ["undo_inn"]
    assert do(after, "undo_inn").finished


def test_what_could_not_be_undone_in_the_new_drawing_is_a_reason() -> None:
    run = do(begun(undoable("hotel")), "hotel")

    assert refusals(run, undoable("inn")) == [
        "hotel: This was done and may have to be undone; the new drawing has no such element."
    ]
    assert refusals(run, undoable("hotel", undo=False)) == [
        "hotel: This was done and may have to be undone; the new drawing does not say in the same way how."
    ]


def test_a_complex_gateway_that_waits_keeps_its_flows() -> None:
    def gated(*branches: str, enough: int = 2) -> Definition:
        inner = f"<activationCondition>=activationCount &gt;= {enough}</activationCondition>"
        join = node("complexGateway", "join", inner=inner)
        return built(forked(*branches).replace(node("parallelGateway", "join"), join))

    run = do(begun(gated("left", "right", "third")), "left")

    assert do(moved(run, gated("left", "right", "third", enough=1)), "right").ends == ("done",)
    assert refusals(run, gated("left", "right"))[-1] == (
        "join: The gateway waits here for other flows than in the new drawing."
    )


def test_a_loop_keeps_its_turns_and_asks_its_new_condition() -> None:
    def turning(most: int) -> Definition:
        inner = f"<standardLoopCharacteristics><loopCondition>=loopCounter &lt; {most}</loopCondition></standardLoopCharacteristics>"
        return built(line(task("again", inner=inner), names="again"))

    run = do(begun(turning(3)), "again")

    assert do(moved(run, turning(2)), "again").finished
    assert not do(moved(run, turning(3)), "again").finished
    assert len(refusals(run, built(line(task("again"), names="again")))) >= 1
