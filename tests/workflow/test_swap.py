"""A running case goes over to another drawing: what it keeps, what changes, and every reason why it cannot go."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.errors import Invalid
from engine.workflow import Definition, Run, swap
from tests.workflow.drawing import drawn, flow, node, path, task

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
MESSAGES = '<message id="m_news" name="news"/><message id="m_word" name="word"/><signal id="s_bell" name="bell"/>'
NEWS = '<messageEventDefinition messageRef="m_news"/>'
WORD = '<messageEventDefinition messageRef="m_word"/>'
BELL = '<signalEventDefinition signalRef="s_bell"/>'
START, END = node("startEvent", "begin"), node("endEvent", "done")


def built(body: str, **called: str) -> Definition:
    others = {name: drawn(inner, process=name) for name, inner in called.items()}
    return Definition.build(drawn(body, root=MESSAGES), others)


def line(*middle: str, names: str) -> str:
    return "".join((START, *middle, END)) + path("begin", *names.split(), "done")


def timer(name: str, kind: str, text: str) -> str:
    return node("intermediateCatchEvent", name, inner=definition(kind, text))


def definition(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, host: str, inner: str, *, interrupting: bool = True) -> str:
    marks = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, inner=inner, attributes=marks)


def begun(definition: Definition, data: Mapping[str, object] | None = None) -> Run:
    return advanced(Run.start(definition, data or {}, NOW))


def advanced(run: Run) -> Run:
    for call in run.advance():
        raise AssertionError(call)
    return run


def do(run: Run, element: str, **answers: object) -> Run:
    run.complete(next(task.id for task in run.open_tasks() if task.element == element), answers)
    return advanced(run)


def moved(run: Run, new: Definition, again: tuple[str, ...] = (), **mapping: str) -> Run:
    """The case in the new drawing two days later; the plan must agree with the move."""
    planned = swap.plan(run.definition, new, run.dump(), mapping, LATER, again)
    assert [str(reason) for reason in planned.reasons] == []
    assert planned.missing == ()
    return advanced(Run.load(new, swap.swap(run.definition, new, run.dump(), mapping, LATER, again), LATER))


def refusals(run: Run, new: Definition, again: tuple[str, ...] = (), **mapping: str) -> list[str]:
    """Why the case cannot go; the move must refuse it too."""
    planned = swap.plan(run.definition, new, run.dump(), mapping, LATER, again)
    with pytest.raises(Invalid):
        swap.swap(run.definition, new, run.dump(), mapping, LATER, again)
    return [str(reason) for reason in planned.reasons]


def said(run: Run, new: Definition, kind: str, **mapping: str) -> list[str]:
    return [str(one) for one in getattr(swap.plan(run.definition, new, run.dump(), mapping, LATER), kind)]


def opened(run: Run) -> list[str]:
    return sorted(task.element for task in run.open_tasks())


def waiting(run: Run) -> dict[str, datetime | None]:
    return {wait.element: wait.due for wait in run.waits()}


ONE = line(task("one"), names="one")


def test_a_task_behind_the_token_is_done_and_one_before_it_is_not() -> None:
    run = begun(built(ONE))
    new = built(line(task("zero"), task("one"), task("two"), names="zero one two"))

    assert said(run, new, "warnings") == [
        "zero: This step is new and lies before where the case stands: it will not be done."
    ]
    assert said(run, new, "changes") == ["two: This step is new; the case may still come to it."]
    after = moved(run, new)
    assert [task.id for task in after.open_tasks()] == [task.id for task in run.open_tasks()]
    assert opened(do(after, "one")) == ["two"]
    assert do(after, "two").finished


def test_a_task_that_is_gone_from_the_way_ahead_is_not_done() -> None:
    run = begun(built(line(task("one"), task("two"), names="one two")))

    assert do(moved(run, built(ONE)), "one").finished


def test_a_case_that_stands_at_a_missing_element_needs_to_be_told_where_to_go() -> None:
    run = begun(built(ONE))
    new = built(line(task("uno"), task("dos"), names="uno dos"))

    planned = swap.plan(run.definition, new, run.dump(), {}, LATER)

    assert [str(one) for one in planned.reasons] == [
        "one: The case stands here, and the new drawing has no such element."
    ]
    assert planned.missing == ("one",)
    assert swap.candidates(run.definition, new, "one") == ["uno", "dos"]
    assert said(run, new, "changes", one="dos") == ["one: From here the case goes on at «dos»."]
    after = moved(run, new, one="dos")
    assert [task.id for task in after.open_tasks()] == [task.id for task in run.open_tasks()]
    assert do(after, "dos").finished
    assert refusals(run, new, one="tres")[0] == "one: The new drawing has no «tres»."


@pytest.mark.parametrize(
    "instead",
    [
        timer("one", "timeDuration", "P3D"),
        node("subProcess", "one", inner=START.replace("begin", "b") + END.replace("done", "d") + flow("b", "d")),
        node("receiveTask", "one", attributes='messageRef="m_news"'),
        task(
            "one",
            inner='<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1]"/></extensionElements></multiInstanceLoopCharacteristics>',
        ),
    ],
    ids=["timer", "sub-process", "receive task", "several"],
)
def test_an_element_of_another_kind_is_no_place_for_the_token(instead: str) -> None:
    run = begun(built(ONE))

    assert len(refusals(run, built(line(instead, names="one")))) == 1


def test_an_element_that_moved_into_a_sub_process_is_refused() -> None:
    run = begun(built(ONE))
    inner = node("startEvent", "b") + task("one") + node("endEvent", "d") + path("b", "one", "d")

    assert refusals(run, built(line(node("subProcess", "part", inner=inner), names="part"))) == [
        "one: The case stands here; in the new drawing it belongs to «part»."
    ]


def test_a_timer_keeps_its_due_date_unless_it_is_to_be_reckoned_again() -> None:
    run = begun(built(line(timer("pause", "timeDuration", "P10D"), names="pause")))
    new = built(line(timer("pause", "timeDuration", "P30D"), names="pause"))

    assert said(run, new, "changes") == ["pause: What is waited for is drawn anew; due date and key stay as they are."]
    assert waiting(moved(run, new)) == {"pause": NOW + timedelta(days=10)}
    assert waiting(moved(run, new, ("pause",))) == {"pause": LATER + timedelta(days=30)}


def test_a_timer_that_repeats_in_only_one_drawing_must_be_reckoned_again() -> None:
    def watched(kind: str, text: str) -> Definition:
        late = boundary("late", "one", definition(kind, text), interrupting=False)
        return built(ONE + late + node("endEvent", "told") + flow("late", "told"))

    run = begun(watched("timeDuration", "P10D"))
    new = watched("timeCycle", "R3/P1D")

    assert len(refusals(run, new)) == 1
    assert waiting(moved(run, new, ("late",))) == {"late": LATER + timedelta(days=1)}


def test_a_message_keeps_its_key_unless_it_is_to_be_reckoned_again() -> None:
    def waits(key: str) -> Definition:
        root = f'<message id="m" name="news"><extensionElements><zeebe:subscription correlationKey="={key}"/></extensionElements></message>'
        body = line(
            node("intermediateCatchEvent", "hear", inner='<messageEventDefinition messageRef="m"/>'), names="hear"
        )
        return Definition.build(drawn(body, root=root), {})

    run = begun(waits("old"), {"old": "a", "new": "b"})

    assert [wait.key for wait in moved(run, waits("new")).waits()] == ["a"]
    assert [wait.key for wait in moved(run, waits("new"), ("hear",)).waits()] == ["b"]


def test_a_receive_task_and_a_catch_event_wait_alike_but_for_the_same_kind_of_event() -> None:
    run = begun(built(line(node("intermediateCatchEvent", "hear", inner=NEWS), names="hear")))

    after = moved(run, built(line(node("receiveTask", "hear", attributes='messageRef="m_word"'), names="hear")))
    assert after.deliver("word", None, {})
    assert advanced(after).finished
    assert refusals(run, built(line(node("intermediateCatchEvent", "hear", inner=BELL), names="hear"))) == [
        "hear: The case waits here; in the new drawing it waits for another kind of event."
    ]


def test_a_boundary_event_that_is_new_is_armed_and_one_that_is_gone_is_not() -> None:
    late = (
        boundary("late", "one", definition("timeDuration", "P5D"))
        + node("endEvent", "too_late")
        + flow("late", "too_late")
    )
    bare, watched = built(ONE), built(ONE + late)

    after = moved(begun(bare), watched)
    assert waiting(after) == {"late": LATER + timedelta(days=5)}
    assert said(begun(bare), watched, "changes") == ["late: The case listens for this from now on."]
    assert waiting(moved(begun(watched), bare)) == {}
    assert "goes" in said(begun(watched), bare, "warnings")[0]
    assert do(moved(begun(watched), bare), "one").finished


def test_a_renamed_boundary_timer_keeps_its_due_date_if_it_is_mapped() -> None:
    def watched(name: str) -> Definition:
        late = boundary(name, "one", definition("timeDuration", "P5D"))
        return built(ONE + late + node("endEvent", "too_late") + flow(name, "too_late"))

    run = begun(watched("late"))

    assert waiting(moved(run, watched("expired"), late="expired")) == {"expired": NOW + timedelta(days=5)}
    assert waiting(moved(run, watched("expired"))) == {"expired": LATER + timedelta(days=5)}


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, True)])
def test_a_boundary_event_interrupts_as_the_new_drawing_says(before: bool, after: bool) -> None:  # noqa: FBT001 - a table
    def watched(*, interrupting: bool) -> Definition:
        bell = boundary("rung", "one", BELL, interrupting=interrupting)
        return built(ONE + bell + task("look") + node("endEvent", "seen") + path("rung", "look", "seen"))

    run = moved(begun(watched(interrupting=before)), watched(interrupting=after))
    run.signal("bell", {})

    assert opened(advanced(run)) == (["look"] if after else ["look", "one"])


def test_a_reminder_that_went_off_once_does_not_go_off_again() -> None:
    def watched(length: str) -> Definition:
        late = boundary("late", "one", definition("timeDuration", length), interrupting=False)
        return built(ONE + late + node("endEvent", "told") + flow("late", "told"))

    run = begun(watched("P1D"))
    run.now = LATER
    run.fire_due()
    advanced(run)

    assert waiting(moved(run, watched("P9D"))) == {}


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


def test_new_inputs_of_an_open_task_are_evaluated_and_old_ones_stay() -> None:
    def shown(*lines: str) -> Definition:
        mapping = "".join(
            f'<zeebe:input source="{line.split(">")[0]}" target="{line.split(">")[1]}"/>' for line in lines
        )
        return built(line_of(f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>"))

    def line_of(said_: str) -> str:
        return line(task("one", said=said_), names="one")

    run = begun(shown("=x>seen"), {"x": 1})

    after = moved(run, shown("=x + 1>seen", "=x + 5>more"))

    data = after.task_data(after.open_tasks()[0].id)
    assert (data["seen"], data["more"]) == (1, 6)


@pytest.mark.parametrize(
    ("before", "after", "again", "due"),
    [
        ("P5D", "P9D", False, NOW + timedelta(days=5)),
        ("P5D", "P9D", True, LATER + timedelta(days=9)),
        ("", "P9D", False, LATER + timedelta(days=9)),
        ("P5D", "", False, None),
    ],
)
def test_the_due_date_of_an_open_task(before: str, after: str, again: bool, due: datetime | None) -> None:  # noqa: FBT001 - a table
    def until(text: str) -> Definition:
        return built(line(task("one", said=f'<zeebe:taskSchedule dueDate="{text}"/>' if text else ""), names="one"))

    run = moved(begun(until(before)), until(after), ("one",) if again else ())

    assert [task.due for task in run.open_tasks()] == [due]


def test_a_case_that_has_ended_does_not_move() -> None:
    assert refusals(do(begun(built(ONE)), "one"), built(ONE)) == ["The case has ended."]


def test_a_move_after_which_the_new_drawing_fails_is_refused_with_its_reason() -> None:
    run = begun(built(ONE))
    new = built(
        ONE
        + boundary("late", "one", definition("timeDuration", "=nothing + 1"))
        + node("endEvent", "x")
        + flow("late", "x")
    )

    assert refusals(run, new)[0].startswith("late: ")
