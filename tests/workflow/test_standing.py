"""What failed stands where it is: caught as an error where the diagram catches it, else until somebody sees to it."""

from collections.abc import Mapping

import pytest

from engine.domain.errors import Conflict
from engine.workflow import Definition, Failed, Fault, Run, swap
from tests.workflow.drawing import drawn, flow, node, path, plain, task
from tests.workflow.playing import NOW
from tests.workflow.test_data import mapping
from tests.workflow.test_events import E1, ERROR, boundary, sub

Answer = Mapping[str, object] | Failed
GONE = Failed("gone", "The office is closed.", by="ana")
CATCH_ALL = "<errorEventDefinition/>"


def service(name: str, said: str = "", retries: str = "") -> str:
    count = f' retries="{retries}"' if retries else ""
    return node("serviceTask", name, f'<zeebe:taskDefinition type="{name}"{count}/>' + said)


def advance(run: Run, answer: Answer = GONE) -> Run:
    """To rest, the same answer to every call; as another process finds it afterwards."""
    moves = run.advance()
    try:
        next(moves)
        while True:
            moves.send(answer)
    except StopIteration:
        return Run.load(run.definition, run.dump(), NOW)


def begun(body: str, answer: Answer = GONE, *, root: str = "", data: Mapping[str, object] | None = None) -> Run:
    return advance(Run.start(Definition.build(drawn(body, root=root), {}), data or {}, NOW), answer)


def open_tasks(run: Run) -> list[str]:
    return sorted(task.element for task in run.open_tasks())


def token(run: Run, element: str) -> str:
    return next(one.task_id for one in run.tokens() if one.element == element)


def test_a_service_that_fails_leaves_its_token_standing_and_the_rest_goes_on() -> None:
    parts = node("parallelGateway", "split") + service("ask") + task("other")
    run = begun(node("startEvent", "begin") + parts + path("begin", "split", "ask") + path("split", "other"))

    (failure,) = run.failures()

    assert (failure.element, failure.code, failure.message) == ("ask", "gone", "The office is closed.")
    assert (failure.tries, failure.tries_left, failure.by, failure.service) == (1, 0, "ana", "ask")
    assert open_tasks(run) == ["other"]
    assert not run.finished


def test_a_service_is_asked_again_with_what_is_known_of_the_tries_before() -> None:
    run = begun(plain(service("ask", retries="7"), task("then"), names="ask then"))
    run.retry(run.failures()[0].task_id)
    moves = run.advance()
    call = next(moves)

    assert (call.retries, call.tries, call.by) == (7, 1, "ana")
    with pytest.raises(StopIteration):
        moves.send({"answer": 42})

    assert (open_tasks(run), run.failures(), run.data) == (["then"], [], {"answer": 42})


def test_a_token_that_does_not_stand_is_not_tried_again() -> None:
    run = begun(plain(task("then"), names="then"))

    with pytest.raises(Conflict, match="Nothing failed here"):
        run.retry(token(run, "then"))
    with pytest.raises(Conflict, match="does not stand there any more"):
        run.retry("nothing")


@pytest.mark.parametrize(("retries", "count"), [("", 3), ("5", 5), ("=n + 1", 3), ("0", 0)])
def test_the_diagram_says_how_often_a_service_is_tried(retries: str, count: int) -> None:
    run = Run.start(Definition.build(drawn(plain(service("ask", retries=retries), names="ask")), {}), {"n": 2}, NOW)

    assert next(run.advance()).retries == count


@pytest.mark.parametrize("retries", ["-1", "often", "=null", "101"])
def test_what_is_no_number_of_tries_is_a_fault_at_its_element(retries: str) -> None:
    with pytest.raises(Fault, match=r"ask: .* is no number of tries from 0 to 100"):
        begun(plain(service("ask", retries=retries), names="ask"))


@pytest.mark.parametrize(
    ("code", "definition", "caught"),
    [("refused", ERROR, True), ("gone", ERROR, False), ("gone", CATCH_ALL, True), ("refused", CATCH_ALL, True)],
)
def test_the_error_of_a_service_is_caught_at_its_boundary_by_its_code(
    code: str, definition: str, *, caught: bool
) -> None:
    body = plain(service("ask") + task("instead") + boundary("bad", "ask", definition), names="ask")

    run = begun(body + path("bad", "instead"), Failed(code, "No."), root=E1)

    assert open_tasks(run) == (["instead"] if caught else [])
    assert [failure.element for failure in run.failures()] == ([] if caught else ["ask"])
    assert run.data == {}


def test_the_error_of_a_service_climbs_to_the_sub_process_around_it() -> None:
    body = plain(sub("around", service("ask"), names="ask"), task("instead"), names="around")
    body += boundary("bad", "around", ERROR) + path("bad", "instead")

    run = begun(body, Failed("refused", "No."), root=E1)

    assert open_tasks(run) == ["instead"]


def test_while_tries_are_left_nothing_is_thrown() -> None:
    body = plain(service("ask") + task("instead") + boundary("bad", "ask", CATCH_ALL), names="ask")
    body += path("bad", "instead")

    run = begun(body, Failed("gone", "No.", tries_left=2))

    assert (open_tasks(run), run.failures()[0].tries_left) == ([], 2)
    assert run.catches(run.failures()[0].task_id, "gone")
    run.retry(run.failures()[0].task_id)
    assert open_tasks(advance(run)) == ["instead"]


def test_what_catches_may_map_the_code_and_the_message_out() -> None:
    said = mapping(("output", "=[errorCode, errorMessage]", "why"))
    body = plain(service("ask") + task("instead") + boundary("bad", "ask", CATCH_ALL, said), names="ask")

    run = begun(body + path("bad", "instead"))

    assert run.data == {"why": ["gone", "The office is closed."]}


def test_one_of_several_calls_that_fails_ends_them_all_where_the_whole_catches_it() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1, 2, 3]"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    several = node("serviceTask", "ask", '<zeebe:taskDefinition type="ask"/>', loop)
    body = plain(several + task("instead") + boundary("bad", "ask", CATCH_ALL), names="ask") + path("bad", "instead")

    assert open_tasks(begun(body)) == ["instead"]
    assert len(begun(plain(several, names="ask")).failures()) == 3


def test_a_timer_at_a_service_that_stands_still_ends_it() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    body = plain(service("ask") + task("late") + boundary("limit", "ask", timer), names="ask") + path("limit", "late")
    run = begun(body)
    assert [wait.element for wait in run.waits()] == ["limit"]

    run = Run.load(run.definition, run.dump(), NOW.replace(day=NOW.day + 1))
    run.fire_due()
    list(run.advance())

    assert (open_tasks(run), run.failures()) == (["late"], [])


def test_an_error_that_nothing_catches_stands_and_is_no_success() -> None:
    parts = node("parallelGateway", "split") + task("other")
    body = node("startEvent", "begin") + parts + node("endEvent", "bad", inner=ERROR) + path("begin", "split", "bad")
    run = begun(body + path("split", "other"), root=E1)

    (failure,) = run.failures()
    run.complete(token(run, "other"), {})
    run = advance(run)

    assert (failure.element, failure.code, failure.service) == ("bad", "refused", None)
    assert (run.finished, run.ends) == (False, ())
    assert run.tokens()[0].state == "failed"


def test_an_error_that_was_not_caught_is_thrown_again_when_it_is_tried_again() -> None:
    run = begun(node("startEvent", "begin") + node("endEvent", "bad", inner=ERROR) + path("begin", "bad"), root=E1)
    run.retry(run.failures()[0].task_id)

    run = advance(run)

    assert run.failures()[0].tries == 2


def test_of_several_events_of_an_end_only_the_error_is_thrown_again() -> None:
    said = '<messageEventDefinition messageRef="m"/>' + ERROR
    body = node("startEvent", "begin") + node("endEvent", "bad", inner=said) + path("begin", "bad")
    definition = Definition.build(drawn(body, root=E1 + '<message id="m" name="news"/>'), {})
    run = Run.start(definition, {}, NOW)
    list(run.advance())
    first = [thrown.kind for thrown in run.take_thrown()]

    run.retry(run.failures()[0].task_id)
    list(run.advance())

    assert first == ["message", "error"]
    assert [thrown.kind for thrown in run.take_thrown()] == ["error"]


def test_budgets_are_told_with_the_element_and_the_limit() -> None:
    again = node("exclusiveGateway", "again") + node("exclusiveGateway", "back")
    body = node("startEvent", "begin") + again + path("begin", "again", "back", "again")
    definition = Definition.build(drawn(body), {})

    with pytest.raises(Fault, match=r"(again|back): The process took 10000 steps in one go without coming to rest"):
        list(Run.start(definition, {}, NOW).advance())
    with pytest.raises(Fault, match=r"begin: The process ran for 0 seconds in one go without coming to rest"):
        list(Run.start(definition, {}, NOW).advance(seconds=0))


def test_one_long_expression_is_stopped_by_its_own_budget_and_told_at_its_element() -> None:
    text = "=count(for i in 1..3000, j in 1..3000 return i * j) = 1"
    body = node("startEvent", "begin") + node("exclusiveGateway", "choose", attributes='default="choose__b"')
    body += task("a") + task("b") + path("begin", "choose") + flow("choose", "a", text) + flow("choose", "b")

    with pytest.raises(Fault, match=r"choose: .*takes more than 150000 steps"):
        begun(body)


def test_what_stands_still_moves_to_a_newer_drawing_that_catches_its_error() -> None:
    run = begun(plain(service("ask") + task("instead"), names="ask") + path("instead", "done"))
    body = plain(service("ask") + task("instead") + boundary("bad", "ask", CATCH_ALL), names="ask")
    newer = Definition.build(drawn(body + path("instead", "done") + path("bad", "instead")), {})

    state = swap.swap(run.definition, newer, run.dump(), {}, NOW)
    run = Run.load(newer, state, NOW)
    run.retry(run.failures()[0].task_id)

    assert open_tasks(advance(run)) == ["instead"]
