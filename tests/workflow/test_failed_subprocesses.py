"""A sub-process that an error leaves is undone first, unless it says itself what happens then (BPMN 2.0.2, 13.5.5.3)."""

from engine.workflow.records import Failed
from tests.workflow.drawing import drawn, node, path, plain, task
from tests.workflow.playing import Play
from tests.workflow.test_compensation import EACH, compensable, handling, throwing, undone_in_turn

ROOT = (
    '<error id="e1" name="bad" errorCode="bad"/><error id="e2" name="worse" errorCode="worse"/>'
    '<signal id="s1" name="now"/>'
)
BAD = '<errorEventDefinition errorRef="e1"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'


def failing(name: str, *more: str, kind: str = "subProcess", before: str = "a", end: str = BAD) -> str:
    """Does `before`, then fails, while something else goes on."""
    inner = node("startEvent", f"{name}_b") + node("parallelGateway", f"{name}_fork") + compensable(before)
    inner += task(f"{name}_beside") + node("endEvent", f"{name}_bad", inner=end)
    inner += path(f"{name}_b", f"{name}_fork", before, f"{name}_bad") + path(f"{name}_fork", f"{name}_beside")
    return node(kind, name, inner=inner + "".join(more))


def at(name: str, definition: str, host: str = "part") -> str:
    return node("boundaryEvent", name, inner=definition, attributes=f'attachedToRef="{host}"')


def test_what_was_completed_in_it_is_undone_before_the_error_is_caught_outside() -> None:
    body = plain(failing("part") + at("caught", BAD) + at("off", SIGNAL) + task("mend"), names="part")
    play = Play(body + path("caught", "mend") + path("off", "mend"), root=ROOT).do("a")

    assert play.open == ["undo_a"]
    assert play.signal("now").open == ["undo_a"]
    assert play.do("undo_a").open == ["mend"]
    assert play.do("mend").run.finished


def test_every_sub_process_that_the_error_leaves_is_undone_the_inner_first() -> None:
    outer = node("startEvent", "ob") + compensable("before") + failing("inner") + path("ob", "before", "inner")
    body = plain(node("subProcess", "part", inner=outer) + at("caught", BAD) + task("mend"), names="part")
    play = Play(body + path("caught", "mend"), root=ROOT).do("before").do("a")

    assert undone_in_turn(play) == ["undo_a", "undo_before"]
    assert play.open == ["mend"]


def test_a_sub_process_that_handles_the_error_is_not_undone() -> None:
    mend = handling("mending", BAD, task("mend"), "mend")
    play = Play(plain(failing("part", mend), names="part"), root=ROOT).do("a")

    assert play.open == ["mend"]


def test_a_handler_that_throws_the_error_on_has_said_what_is_to_be_undone() -> None:
    again = node("startEvent", "hb", inner=BAD) + node("endEvent", "on", inner=BAD) + path("hb", "on")
    handler = node("subProcess", "handler", inner=again, attributes='triggeredByEvent="true"')
    body = plain(failing("part", handler) + at("caught", BAD) + task("mend"), names="part")

    assert Play(body + path("caught", "mend"), root=ROOT).do("a").open == ["mend"]


def test_one_inside_is_undone_before_the_handler_around_it_begins() -> None:
    mend = handling("mending", BAD, task("mend"), "mend")
    inner = node("startEvent", "ob") + failing("inner") + path("ob", "inner") + mend
    play = Play(plain(node("subProcess", "part", inner=inner), names="part"), root=ROOT).do("a")

    assert play.open == ["undo_a"]
    assert play.do("undo_a").open == ["mend"]


def test_a_called_process_that_fails_is_undone() -> None:
    call = node("callActivity", "call", '<zeebe:calledElement processId="called"/>') + at("caught", BAD, "call")
    called = failing("called").removeprefix('<subProcess id="called" name="called es" >').removesuffix("</subProcess>")
    called = called.partition("</extensionElements>")[2]
    play = Play(
        plain(call + task("mend"), names="call") + path("caught", "mend"),
        root=ROOT,
        called={"called": drawn(called, root=ROOT, process="called")},
    )

    assert play.do("a").open == ["undo_a"]
    assert play.do("undo_a").open == ["mend"]


def test_the_instance_that_fails_is_undone_before_all_of_them_end() -> None:
    body = plain(failing("part", EACH.format("")) + at("caught", BAD) + task("mend"), names="part") + path(
        "caught", "mend"
    )
    play = Play(body, {"items": [1, 2]}, root=ROOT).do("a")

    assert sorted(play.open) == ["a", "part_beside", "undo_a"]
    assert play.do("undo_a").open == ["mend"]


def test_an_error_that_nothing_catches_undoes_nothing_and_stands() -> None:
    play = Play(plain(failing("part"), names="part"), root=ROOT).do("a")

    assert play.open == ["part_beside"]
    assert [failure.element for failure in play.run.failures()] == ["part_bad"]


def test_what_is_undone_already_is_not_undone_again() -> None:
    inner = node("startEvent", "b") + compensable("a") + throwing() + node("endEvent", "bad", inner=BAD)
    inner += path("b", "a", "throw", "bad")
    body = plain(node("subProcess", "part", inner=inner) + at("caught", BAD) + task("mend"), names="part")
    play = Play(body + path("caught", "mend"), root=ROOT).do("a")

    assert undone_in_turn(play) == ["undo_a"]
    assert play.open == ["mend"]


def test_a_process_may_undo_all_it_did_when_something_fails_in_it() -> None:
    undo = handling("undoing", BAD, throwing(), "throw")
    body = node("startEvent", "begin") + compensable("a") + compensable("c") + node("endEvent", "bad", inner=BAD)
    play = Play(body + path("begin", "a", "c", "bad") + undo, root=ROOT).do("a").do("c")

    assert undone_in_turn(play) == ["undo_c", "undo_a"]
    assert play.run.finished
    assert play.run.take_thrown() == []


def test_services_and_scripts_undo_in_one_go() -> None:
    def undone_by(host: str, handler: str) -> str:
        event = node(
            "boundaryEvent",
            f"{host}_undone",
            inner="<compensateEventDefinition/>",
            attributes=f'attachedToRef="{host}"',
        )
        joined = f'<association id="{host}_to" sourceRef="{host}_undone" targetRef="undo_{host}"/>'
        return task(host) + event + handler + joined

    script = '<zeebe:script expression="=order + 1" resultVariable="order"/>'
    one = undone_by(
        "one",
        node("serviceTask", "undo_one", '<zeebe:taskDefinition type="cancel"/>', attributes='isForCompensation="true"'),
    )
    two = undone_by("two", node("scriptTask", "undo_two", script, attributes='isForCompensation="true"'))
    body = plain(one + two + throwing(), names="one two throw")
    play = Play(body, {"order": 0}, services={"cancel": lambda _said: {"cancelled": True}}).do("one").do("two")

    assert play.run.finished
    assert play.data == {"order": 1, "cancelled": True}
    told = [step.element for step in play.run.take_steps() if step.kind == "compensated"]
    assert told == ["two", "one"]


def test_a_service_that_fails_while_it_undoes_stands_and_may_be_tried_again() -> None:
    event = node("boundaryEvent", "undone", inner="<compensateEventDefinition/>", attributes='attachedToRef="one"')
    handler = node(
        "serviceTask", "undo_one", '<zeebe:taskDefinition type="cancel"/>', attributes='isForCompensation="true"'
    )
    joined = '<association id="to" sourceRef="undone" targetRef="undo_one"/>'
    answers = [Failed("DOWN", "It is down."), {}]
    body = plain(task("one") + event + handler + joined + throwing(), names="one throw")
    play = Play(body, services={"cancel": lambda _said: answers.pop(0)}).do("one")
    (failure,) = play.run.failures()

    places = [(token.element, token.may_skip, token.places) for token in play.loaded().tokens()]
    play.run.retry(failure.task_id)
    play.settle()

    assert failure.element == "undo_one"
    assert places == [("throw", False, ("one", "throw", "done")), ("undo_one", True, ())]
    assert play.run.finished


def test_a_handler_that_is_skipped_has_undone() -> None:
    play = Play(plain(compensable("one") + compensable("two") + throwing(), names="one two throw")).do("one").do("two")
    handler = next(token for token in play.loaded().tokens() if token.element == "undo_two")

    play.run.skip(handler.task_id, {})
    play.settle()

    assert undone_in_turn(play) == ["undo_one"]
    assert play.run.finished
