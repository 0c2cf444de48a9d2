"""Case data: what a task sees, what it may change, and what a called process gets and gives back."""

import pytest

from tests.workflow.drawing import drawn, node, path, plain, task
from tests.workflow.playing import Play


def mapping(*lines: tuple[str, str, str]) -> str:
    texts = (f'<zeebe:{kind} source="{source}" target="{target}"/>' for kind, source, target in lines)
    return f"<zeebe:ioMapping>{''.join(texts)}</zeebe:ioMapping>"


def call(said: str = "", attributes: str = "") -> str:
    return node("callActivity", "call", f'<zeebe:calledElement processId="called" {attributes}/>{said}')


def play_call(caller: str, **data: object) -> Play:
    inside = node("startEvent", "b") + task("inner") + node("endEvent", "e") + path("b", "inner", "e")
    called = drawn(inside, process="called")
    return Play(plain(caller, task("after"), names="call after"), data, called={"called": called})


def test_answers_become_case_data_where_nothing_is_mapped() -> None:
    play = Play(plain(task("ask"), task("then"), names="ask then"), {"kept": 1}).do("ask", decision="grant")

    assert play.data == {"kept": 1, "decision": "grant"}


def test_inputs_are_seen_at_the_task_and_nowhere_else() -> None:
    said = mapping(("input", "=operator.name", "who"), ("input", "=who + &quot;!&quot;", "greeting"))
    play = Play(plain(task("ask", said=said), task("then"), names="ask then"), {"operator": {"name": "Ana"}})
    (opened,) = play.run.open_tasks()

    assert play.run.task_data(opened.id) == {"operator": {"name": "Ana"}, "who": "Ana", "greeting": "Ana!"}
    assert play.data == {"operator": {"name": "Ana"}}


def test_outputs_decide_what_answers_change() -> None:
    said = mapping(
        ("input", "=5", "limit"), ("output", "=amount &gt; limit", "visit.large"), ("output", "=note", "note")
    )
    play = Play(plain(task("ask", said=said), names="ask"), {"visit": {"site": "Acajutla"}, "limit": "outer"})

    play.do("ask", amount=7, note=None, secret="x")

    assert play.data == {"visit": {"site": "Acajutla", "large": True}, "limit": "outer", "note": None}


def test_branches_see_each_other_and_overwrite_nothing_they_did_not_touch() -> None:
    parts = node("parallelGateway", "fork") + node("parallelGateway", "join") + task("a") + task("b") + task("last")
    body = node("startEvent", "begin") + parts + path("begin", "fork", "a", "join", "last") + path("fork", "b", "join")
    play = Play(body, {"x": 0, "items": [1, 2, 3]})

    play.do("a", x=1, items=[3]).do("b", y=2)

    assert play.data == {"x": 1, "y": 2, "items": [3]}
    assert play.open == ["last"]


def test_a_sub_process_shares_the_data_around_it_and_hides_its_inputs() -> None:
    said = mapping(("input", "=1", "local"), ("output", "=x + local", "sum"))
    inner = node("startEvent", "b") + node("endEvent", "e") + task("ask") + path("b", "ask", "e")
    play = Play(plain(node("subProcess", "part", said, inner), task("last"), names="part last"), {"x": 0})

    play.do("ask", x=4, local=10)

    assert play.data == {"x": 4, "sum": 14}


def test_a_called_process_sees_what_is_mapped_in_beside_a_copy_of_everything() -> None:
    play = play_call(call(mapping(("input", "=a + 1", "n"), ("input", "=0", "b"))), a=1, b=2)
    (opened,) = play.run.open_tasks()

    assert play.run.task_data(opened.id) == {"a": 1, "b": 0, "n": 2}


def test_a_called_process_sees_only_what_is_mapped_in_where_the_diagram_says_so() -> None:
    play = play_call(call(mapping(("input", "=a + 1", "n")), 'propagateAllParentVariables="false"'), a=1, b=2)
    (opened,) = play.run.open_tasks()

    assert play.run.task_data(opened.id) == {"n": 2}


def test_a_called_process_without_inputs_gets_a_copy_of_everything() -> None:
    play = play_call(call(attributes='propagateAllChildVariables="false"'), a={"deep": 1})
    play.do("inner", a={"deep": 2}, new=1)

    assert play.data == {"a": {"deep": 1}}
    assert play.open == ["after"]


def test_a_called_process_changes_its_caller_only_through_outputs() -> None:
    said = mapping(("input", "=a", "n"), ("output", "=n * 2 + a", "result.value"))
    play = play_call(call(said, 'propagateAllChildVariables="false"'), a=1)

    play.do("inner", n=5, other=1)

    assert play.data == {"a": 1, "result": {"value": 11}}


def test_a_called_process_hands_everything_back_where_the_diagram_says_so() -> None:
    play = play_call(call(mapping(("input", "=a", "n")), 'propagateAllChildVariables="true"'), a=1)

    play.do("inner", other=1)

    assert play.data == {"a": 1, "n": 1, "other": 1}


@pytest.mark.parametrize("value", [12, 1.5, True, None, "text", [1, {"a": []}], {"typename": "x"}])
def test_values_pass_through_mappings_unchanged(value: object) -> None:
    said = mapping(("input", "=given", "seen"), ("output", "=seen", "back"))
    play = Play(plain(task("ask", said=said), names="ask"), {"given": value}).do("ask")

    assert play.data == {"given": value, "back": value}


def test_dates_are_stored_as_text() -> None:
    script = (
        '<zeebe:script expression="=date(&quot;2026-01-31&quot;) + duration(&quot;P1M&quot;)" resultVariable="day"/>'
    )

    assert Play(plain(node("scriptTask", "day", script), names="day")).data == {"day": "2026-02-28"}


def test_today_is_the_office_s_day() -> None:
    script = '<zeebe:script expression="=string(now())" resultVariable="at"/>'

    assert str(Play(plain(node("scriptTask", "day", script), names="day")).data["at"]).startswith("2026-03-02T09:00:00")


def test_a_value_that_is_only_local_stays_local() -> None:
    """Without outputs an answer goes to the nearest place that has its name, the task's own inputs first (Camunda 8)."""
    said = mapping(("input", "=x", "draft"))
    play = Play(plain(task("ask", said=said), names="ask"), {"x": 1}).do("ask", draft=2, x=3)

    assert play.data == {"x": 3}


def test_a_called_process_gives_back_what_it_changed_and_nothing_it_only_copied() -> None:
    """The caller's other branch changes y meanwhile: the copy that the called process had does not undo it."""
    parts = call() + task("beside") + task("after") + node("parallelGateway", "join")
    body = (
        node("startEvent", "begin") + parts + path("begin", "call", "join", "after") + path("begin", "beside", "join")
    )
    inside = node("startEvent", "b") + task("inner") + path("b", "inner")
    play = Play(body, {"x": 1, "y": 1}, called={"called": drawn(inside, process="called")})

    play.do("beside", y=2).do("inner", x=5, new=6)

    assert play.data == {"x": 5, "y": 2, "new": 6}


def test_lists_are_values_that_nobody_shares() -> None:
    said = mapping(("output", "=append(items, 4)", "more"), ("output", "=items", "same"))
    parts = node("parallelGateway", "fork") + node("parallelGateway", "join") + task("a", said=said) + task("b")
    body = node("startEvent", "begin") + parts + path("begin", "fork", "a", "join") + path("fork", "b", "join")
    play = Play(body, {"items": [1, [2]], "deep": {"list": [1]}})

    play.do("a").do("b", deep={"list": [2]})
    seen = play.run.data
    seen["items"].append("mine")
    seen["same"][1].append("mine")

    assert play.data == {"items": [1, [2]], "more": [1, [2], 4], "same": [1, [2]], "deep": {"list": [2]}}
