"""A run goes from rest to rest, and says what it did, what it waits for and what it needs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.domain.errors import Conflict, Invalid
from engine.workflow import Definition, Fault, Run
from tests.workflow.drawing import drawn, flow, node, path, plain, task
from tests.workflow.playing import NOW, Play

ACCEPT = '<zeebe:taskDefinition type="applications.accept"/>'
LOOP = (
    node("startEvent", "begin")
    + node("endEvent", "done")
    + task("ask")
    + node("exclusiveGateway", "more", attributes='default="more__done"')
    + path("begin", "ask", "more", "done")
    + flow("more", "ask", "=again")
)


def script(name: str, expression: str, result: str = "") -> str:
    return node("scriptTask", name, f'<zeebe:script expression="{expression}" resultVariable="{result}"/>')


def test_a_case_without_anything_to_do_is_finished_at_once() -> None:
    play = Play(plain(script("double", "=2 * n", "n"), names="double"), {"n": 21})

    assert play.run.finished
    assert play.data == {"n": 42}
    assert play.run.ends == ("done",)


def test_a_service_is_asked_of_the_caller_and_its_result_becomes_data() -> None:
    lines = '<zeebe:input source="=application_id" target="application_id"/><zeebe:input source="fast" target="how"/>'
    body = plain(node("serviceTask", "accept", f"{ACCEPT}<zeebe:ioMapping>{lines}</zeebe:ioMapping>"), names="accept")

    play = Play(body, {"application_id": "7"}, services={"applications.accept": lambda _: {"due": "2026-05-01"}})

    assert play.calls == [("applications.accept", {"application_id": "7", "how": "fast"})]
    assert play.data == {"application_id": "7", "due": "2026-05-01"}


def test_a_task_is_done_once() -> None:
    play = Play(plain(task("ask"), names="ask"))
    (opened,) = play.run.open_tasks()

    play.run.complete(opened.id, {})

    with pytest.raises(Conflict):
        play.run.complete(opened.id, {})


@pytest.mark.parametrize("task_id", ["", "nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_task_that_does_not_exist_is_a_conflict(task_id: str) -> None:
    play = Play(plain(task("ask"), names="ask"))

    with pytest.raises(Conflict):
        play.run.complete(task_id, {})
    with pytest.raises(Conflict):
        play.run.task_data(task_id)


def test_only_a_start_that_exists_starts_a_case() -> None:
    definition = Definition.build(drawn(plain(task("ask"), names="ask")), {})

    with pytest.raises(Conflict):
        Run.start(definition, {}, NOW, message="nobody_sends_this")


def test_steps_are_told_in_the_order_in_which_they_happened() -> None:
    play = Play(plain(task("ask"), names="ask"))
    begun = [(step.element, step.kind) for step in play.run.take_steps()]

    play.do("ask")

    assert begun == [("begin", "entered"), ("begin", "completed"), ("ask", "entered")]
    assert [(step.element, step.kind) for step in play.run.take_steps()] == [
        ("ask", "completed"),
        ("done", "entered"),
        ("done", "completed"),
    ]
    assert play.run.take_steps() == []


def test_a_process_without_an_end_event_finishes_when_nothing_is_left() -> None:
    play = Play(node("startEvent", "begin") + task("ask") + path("begin", "ask"))

    play.do("ask")

    assert play.run.finished
    assert play.run.ends == ()


def test_a_gateway_takes_the_first_flow_that_is_true() -> None:
    gateway = node("exclusiveGateway", "which", attributes='default="which__c"') + task("a") + task("b") + task("c")
    body = node("startEvent", "begin") + gateway + path("begin", "which", "c")
    body += flow("which", "a", "=n &gt; 10") + flow("which", "b", "=n &gt; 5")

    assert [Play(body, {"n": n}).open for n in (20, 7, 1, None)] == [["a"], ["b"], ["c"], ["c"]]


@pytest.mark.parametrize(("condition", "said"), [("=n &gt; 10", "no default"), ("=n", "neither true nor false")])
def test_a_gateway_that_cannot_decide_is_a_fault_at_its_element(condition: str, said: str) -> None:
    body = node("startEvent", "begin") + node("exclusiveGateway", "which") + task("a") + task("b")
    body += path("begin", "which") + flow("which", "a", condition) + flow("which", "b", condition)

    with pytest.raises(Fault, match=said) as caught:
        Play(body, {"n": 1})

    assert caught.value.element == "which"


def test_an_inclusive_join_waits_for_a_token_that_may_still_come_over_a_boundary_event() -> None:
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + task("a") + task("b") + task("then")
    body += node("boundaryEvent", "late", inner=timer, attributes='attachedToRef="b"') + node("endEvent", "out")
    body += node("inclusiveGateway", "join") + path("begin", "fork", "a", "join", "then") + path("fork", "b", "out")
    body += path("late", "join")

    assert Play(body).do("a").open == ["b"]
    assert Play(body).do("a").do("b").open == ["then"]
    assert Play(body).do("a").after(days=1).open == ["then"]


def test_an_inclusive_join_does_not_wait_for_what_only_it_can_send() -> None:
    body = node("startEvent", "begin") + node("inclusiveGateway", "merge") + task("ask") + task("back")
    body += node("exclusiveGateway", "more", attributes='default="more__done"') + node("endEvent", "done")
    body += path("begin", "merge", "ask", "more", "done") + flow("more", "back", "=again") + path("back", "merge")

    assert Play(body).do("ask", again=True).do("back").do("ask", again=False).run.finished


@pytest.mark.parametrize("due", ["=soon", "tomorrow", "=5"])
def test_a_due_date_that_is_none_is_a_fault_at_the_task(due: str) -> None:
    with pytest.raises(Fault) as caught:
        Play(plain(task("ask", said=f'<zeebe:taskSchedule dueDate="{due}"/>'), names="ask"), {"soon": "soon"})

    assert caught.value.element == "ask"


def test_a_start_event_maps_what_the_case_was_started_with() -> None:
    said = '<zeebe:ioMapping><zeebe:output source="=n + 1" target="m"/></zeebe:ioMapping>'

    assert Play(node("startEvent", "begin", said) + task("a") + path("begin", "a"), {"n": 1}).data == {"n": 1, "m": 2}


def test_an_expression_that_fails_is_a_fault_at_its_element() -> None:
    with pytest.raises(Fault) as caught:
        Play(plain(script("sum", "=count(for i in 1..10000 return for j in 1..10000 return i)", "n"), names="sum"))

    assert caught.value.element == "sum"


def test_a_process_that_never_comes_to_rest_is_stopped() -> None:
    body = node("startEvent", "begin") + node("exclusiveGateway", "round") + path("begin", "round")
    body += script("turn", "=1", "n") + path("round", "turn", "round")

    with pytest.raises(Fault, match="without coming to rest"):
        Play(body)


@pytest.mark.parametrize(
    "odd",
    [
        node("complexGateway", "odd"),
        node("receiveTask", "odd"),
        node("intermediateCatchEvent", "odd"),
        node("intermediateThrowEvent", "odd", inner='<linkEventDefinition name="there"/>'),
        task("odd", inner="<standardLoopCharacteristics/>"),
        task("odd", inner='<standardLoopCharacteristics loopMaximum="many"/>'),
        task("odd", inner="<multiInstanceLoopCharacteristics/>"),
    ],
)
def test_what_does_not_run_is_refused_when_the_definition_is_built(odd: str) -> None:
    with pytest.raises(Invalid) as caught:
        Definition.build(drawn(plain(odd, names="odd")), {})

    assert [problem.where for problem in caught.value.problems] == ["odd"]


def test_without_a_start_event_a_process_begins_where_nothing_leads_to() -> None:
    assert Play(task("a") + task("b") + task("c") + path("a", "c")).open == ["a", "b"]


def test_a_called_process_that_is_missing_is_refused_when_the_definition_is_built() -> None:
    call = node("callActivity", "call", '<zeebe:calledElement processId="elsewhere"/>')

    with pytest.raises(Invalid) as caught:
        Definition.build(drawn(plain(call, names="call")), {})

    assert [problem.where for problem in caught.value.problems] == ["call"]


def test_elements_may_have_names_that_the_library_uses_itself() -> None:
    body = node("startEvent", "Start") + task("End") + node("endEvent", "Root") + path("Start", "End", "Root")

    assert Play(body).do("End").run.ends == ("Root",)


def test_the_state_of_a_loop_does_not_grow() -> None:
    play = Play(LOOP, {"again": True})
    size = len(play.do("ask", again=True).run.dump())

    for _ in range(2000):
        play.do("ask", again=True)

    assert abs(len(play.run.dump()) - size) <= 8  # ids compress a little better or worse
    assert play.do("ask", again=False).run.finished


def test_a_loop_inside_one_command_keeps_no_trail() -> None:
    body = node("startEvent", "begin") + script("count", "=n + 1", "n")
    body += node("exclusiveGateway", "more", attributes='default="more__ask"') + task("ask")
    body += path("begin", "count", "more", "ask") + flow("more", "count", "=n &lt; 2000")

    play = Play(body, {"n": 0})

    assert play.data == {"n": 2000}
    assert len(play.run.dump()) < 300


def test_a_definition_is_never_written_to_and_serves_many_threads() -> None:
    definition = Definition.build(drawn(LOOP), {})
    before = written(definition)

    def walk(turns: int) -> bool:
        run = Run.start(definition, {"again": True}, NOW)
        for turn in range(turns):
            list(run.advance())
            run = Run.load(definition, run.dump(), NOW)
            run.complete(run.open_tasks()[0].id, {"again": turn + 1 < turns})
        list(run.advance())
        return run.finished

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(walk, range(1, 30)))
    assert written(definition) == before


def written(definition: Definition) -> dict[str, dict[str, str]]:
    nodes = [node for spec in definition.specs.values() for node in spec.task_specs.values()]
    return {node.name: {name: repr(value) for name, value in vars(node).items()} for node in nodes}
