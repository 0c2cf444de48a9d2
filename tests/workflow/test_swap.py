"""A running case goes over to another drawing: what it keeps, what changes, and every reason why it cannot go."""

from datetime import datetime, timedelta

import pytest

from engine.workflow import Definition, swap
from tests.workflow.drawing import drawn, flow, node, path, task
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
    timer,
    waiting,
)


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
