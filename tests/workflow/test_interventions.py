"""By hand a token is tried again, skipped or moved, and a value put right; what the diagram could not reach is refused."""

import pytest

from engine.domain.errors import Conflict
from engine.workflow import Failed, Fault, Run
from tests.workflow.drawing import flow, node, path, plain, task
from tests.workflow.playing import NOW
from tests.workflow.test_data import mapping
from tests.workflow.test_events import E1, ERROR, GRANTED, MESSAGE, boundary, sub
from tests.workflow.test_standing import advance, begun, open_tasks, service, token

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
EACH = (
    '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1, 2]"/>'
    "</extensionElements></multiInstanceLoopCharacteristics>"
)


def skipped(run: Run, element: str, **values: object) -> Run:
    run.skip(token(run, element), values)
    return advance(run, {})


def moved(run: Run, element: str, to: str) -> Run:
    run.move(token(run, element), to)
    return advance(run, {})


def test_a_service_that_stands_is_skipped_with_what_it_would_have_answered() -> None:
    said = mapping(("output", "=answer * 2", "twice"))
    run = begun(plain(service("ask", said), task("then"), names="ask then"))

    run = skipped(run, "ask", answer=21)

    assert (open_tasks(run), run.failures(), run.data) == (["then"], [], {"twice": 42})


def test_skipping_without_values_writes_nothing() -> None:
    run = begun(plain(service("ask", mapping(("output", "=answer", "twice"))), task("then"), names="ask then"))

    assert skipped(run, "ask").data == {}


def test_a_user_task_is_skipped_and_its_reminder_goes_with_it() -> None:
    body = plain(task("ask"), task("then"), names="ask then") + boundary("remind", "ask", TIMER, interrupting=False)
    run = skipped(begun(body), "ask", remark="by hand")

    assert (open_tasks(run), run.waits(), run.data) == (["then"], [], {"remark": "by hand"})


def test_one_of_several_is_skipped_and_so_is_the_whole() -> None:
    run = begun(plain(task("each", inner=EACH), task("then"), names="each then"))
    whole = next(one.task_id for one in run.tokens() if one.state == "running")

    one_less = skipped(Run.load(run.definition, run.dump(), NOW), "each")
    run.skip(next(one.task_id for one in run.tokens() if one.state == "open"), {})
    run = advance(run)
    assert open_tasks(run) == ["each"]
    run.skip(whole, {})

    assert open_tasks(advance(run)) == ["then"]
    assert open_tasks(one_less) == ["then"]


@pytest.mark.parametrize("kind", ["intermediateCatchEvent", "receiveTask"])
def test_an_event_that_never_came_is_skipped_as_if_it_had_happened(kind: str) -> None:
    inner, attributes = ("", 'messageRef="m1"') if kind == "receiveTask" else (MESSAGE, "")
    body = plain(node(kind, "wait", inner=inner, attributes=attributes), task("then"), names="wait then")
    run = begun(body, root=GRANTED, data={"application_id": 1})

    run = skipped(run, "wait", news=True)

    assert (open_tasks(run), run.waits()) == (["then"], [])
    assert run.data == {"application_id": 1, "news": True}


def test_behind_an_event_based_gateway_the_skipped_event_is_the_one_that_came() -> None:
    catch = node("intermediateCatchEvent", "late", inner=TIMER) + node(
        "receiveTask", "news", attributes='messageRef="m1"'
    )
    body = node("startEvent", "begin") + node("eventBasedGateway", "first") + catch + task("then") + task("other")
    body += path("begin", "first", "late", "then") + path("first", "news", "other")
    run = begun(body, root=GRANTED, data={"application_id": 1})

    run = skipped(run, "late")

    assert (open_tasks(run), run.waits()) == (["then"], [])


def test_a_sub_process_is_skipped_with_all_that_runs_in_it() -> None:
    run = begun(plain(sub("around", task("inside"), names="inside"), task("then"), names="around then"))

    assert open_tasks(skipped(run, "around")) == ["then"]


def test_an_uncaught_error_is_skipped_by_decision_and_its_end_is_reached() -> None:
    run = begun(node("startEvent", "begin") + node("endEvent", "bad", inner=ERROR) + path("begin", "bad"), root=E1)

    run = skipped(run, "bad")

    assert (run.finished, run.ends) == (True, ("bad",))


def joined(*names: str) -> str:
    body = node("startEvent", "begin") + node("parallelGateway", "split") + node("parallelGateway", "join")
    body += "".join(task(name) for name in names) + task("then") + path("begin", "split") + path("join", "then")
    return body + "".join(path("split", name, "join") for name in names)


def test_a_join_is_not_skipped_and_what_only_listens_neither() -> None:
    run = begun(joined("a", "b"))
    run.complete(token(run, "a"), {})
    run = advance(run)

    with pytest.raises(Conflict, match="cannot be skipped"):
        skipped(run, "join")
    body = plain(task("ask"), names="ask") + boundary("remind", "ask", TIMER)
    run = begun(body)
    reminder = run.waits()[0].task_id
    with pytest.raises(Conflict, match="cannot be skipped"):
        run.skip(reminder, {})
    with pytest.raises(Conflict, match="only listens"):
        run.move(reminder, "done")


def test_a_token_moves_forward_and_back_within_its_process() -> None:
    run = begun(plain(task("a"), task("b"), task("c"), names="a b c"))

    run = moved(run, "a", "c")
    assert open_tasks(run) == ["c"]
    run = moved(run, "c", "b")

    assert open_tasks(run) == ["b"]
    assert set(run.tokens()[0].places) == {"a", "b", "c", "done"}


def test_a_moved_token_leaves_what_hung_on_its_element() -> None:
    body = plain(task("a"), sub("around", task("inside"), names="inside"), names="a around")
    run = moved(begun(body + boundary("remind", "a", TIMER, interrupting=False)), "a", "around")
    assert (open_tasks(run), run.waits()) == (["inside"], [])

    run = moved(run, "around", "a")

    assert (open_tasks(run), [wait.element for wait in run.waits()]) == (["a"], ["remind"])


def test_into_a_join_a_token_comes_as_the_arrival_that_lacks() -> None:
    run = begun(joined("a", "b", "c"))
    run = moved(run, "a", "join")
    run.complete(token(run, "b"), {})
    run = advance(run)
    assert open_tasks(run) == ["c"]

    run = moved(run, "c", "join")

    assert open_tasks(run) == ["then"]


def test_a_token_that_waits_at_a_join_moves_away_again() -> None:
    run = moved(begun(joined("a", "b")), "a", "join")

    run = moved(run, "join", "then")

    assert open_tasks(run) == ["b", "then"]


@pytest.mark.parametrize("to", ["begin", "inside", "remind", "nowhere", "a__b", "extra", "extra_b"])
def test_where_no_token_could_be_none_is_moved_to(to: str) -> None:
    extra = sub("extra", task("late"), names="late", attributes='triggeredByEvent="true"').replace(
        'id="extra_b" name="extra_b es" >', 'id="extra_b" name="extra_b es" isInterrupting="false">', 1
    )
    head, start, rest = extra.partition('<startEvent id="extra_b"')
    inner, end, tail = rest.partition("</startEvent>")
    body = plain(task("a"), sub("b", task("inside"), names="inside"), names="a b")
    body += head + start + inner + MESSAGE + end + tail + boundary("remind", "a", TIMER, interrupting=False)
    run = begun(body, root=GRANTED, data={"application_id": 1})

    with pytest.raises(Conflict, match=f"cannot be moved to «{to}»"):
        run.move(token(run, "a"), to)


def test_one_of_several_is_not_moved_but_the_whole_is() -> None:
    run = begun(plain(task("each", inner=EACH), task("then"), names="each then"))
    instance = next(one for one in run.tokens() if one.state == "open")

    assert instance.places == ()
    with pytest.raises(Conflict, match="One of several"):
        run.move(instance.task_id, "then")
    run.move(next(one.task_id for one in run.tokens() if one.state == "running"), "then")

    assert open_tasks(advance(run)) == ["then"]


def test_behind_an_event_based_gateway_the_gateways_token_moves() -> None:
    catch = node("intermediateCatchEvent", "late", inner=TIMER) + node(
        "receiveTask", "news", attributes='messageRef="m1"'
    )
    body = node("startEvent", "begin") + node("eventBasedGateway", "first") + catch + task("then")
    body += path("begin", "first", "late", "then") + path("first", "news")
    run = moved(begun(body, root=GRANTED, data={"application_id": 1}), "news", "then")

    assert (open_tasks(run), run.waits()) == (["then"], [])


def test_a_service_that_stands_is_moved_away_from() -> None:
    run = moved(begun(plain(service("ask"), task("then"), names="ask then")), "ask", "then")

    assert (open_tasks(run), run.failures()) == (["then"], [])


def test_a_value_of_the_case_is_put_right_and_what_failed_goes_well() -> None:
    said = mapping(("input", "=amount", "amount"))
    run = begun(plain(service("ask", said), names="ask"), data={"amount": "ten", "other": 1})
    run.correct({"amount": 10})
    run.retry(token(run, "ask"))

    assert next(run.advance()).arguments == {"amount": 10}
    assert run.data == {"amount": 10, "other": 1}


def test_a_value_is_put_right_where_the_token_sees_it() -> None:
    run = begun(plain(task("ask", said=mapping(("input", "=1", "mine"))), names="ask"), data={"shared": 1})
    run.correct({"mine": 2, "shared": 2, "new": 2}, token(run, "ask"))

    run = advance(run)

    assert run.task_data(token(run, "ask")) == {"mine": 2, "shared": 2, "new": 2}
    assert run.data == {"shared": 2}
    assert run.tokens()[0].holds == {"mine": 2, "new": 2}


def test_a_corrected_value_wakes_the_condition_that_waited_for_it() -> None:
    condition = "<conditionalEventDefinition><condition>=ready</condition></conditionalEventDefinition>"
    run = begun(plain(node("intermediateCatchEvent", "wait", inner=condition), task("then"), names="wait then"))
    run.correct({"ready": True})

    assert open_tasks(advance(run)) == ["then"]


def test_what_is_no_json_is_no_value() -> None:
    run = begun(plain(task("ask"), names="ask"))

    with pytest.raises(Fault, match="no plain JSON"):
        run.correct({"value": object()})


def test_every_token_says_how_it_stands() -> None:
    body = node("startEvent", "begin") + node("parallelGateway", "split") + node("parallelGateway", "join")
    body += service("ask") + task("open") + task("arrive") + sub("around", task("inside"), names="inside")
    body += node("receiveTask", "news", attributes='messageRef="m1"') + path("begin", "split", "arrive", "join")
    body += "".join(path("split", name) for name in ("ask", "open", "around", "news")) + flow("open", "join")
    run = begun(body, Failed("gone", "Gone."), root=GRANTED, data={"application_id": 1})
    run.complete(token(run, "arrive"), {})
    run = advance(run)

    assert {one.element: (one.state, one.may_skip) for one in run.tokens()} == {
        "ask": ("failed", True),
        "open": ("open", True),
        "around": ("running", True),
        "news": ("waiting", True),
        "join": ("joining", False),
        "inside": ("open", True),
    }


def test_inside_an_ad_hoc_sub_process_what_is_offered_is_neither_skipped_nor_moved() -> None:
    free = node("adHocSubProcess", "free", inner=service("ask") + task("note"))
    run = begun(plain(free, task("then"), names="free then"))

    found = {one.element: (one.state, one.may_skip, one.places) for one in run.tokens() if one.element != "free"}

    assert found == {"ask": ("open", False, ()), "note": ("open", True, ())}
    with pytest.raises(Conflict, match="cannot be skipped"):
        run.skip(token(run, "ask"), {})
    with pytest.raises(Conflict, match="ad-hoc"):
        run.move(token(run, "note"), "ask")
    assert open_tasks(moved(run, "free", "then")) == ["then"]
