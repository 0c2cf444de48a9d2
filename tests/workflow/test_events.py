"""Messages, signals, errors, escalations and conditions: who catches them, and what happens to what was going on."""

import pytest

from engine.workflow import Definition, Run, Thrown
from tests.workflow.drawing import drawn, flow, node, path, plain, properties, task
from tests.workflow.playing import NOW, Play
from tests.workflow.test_data import mapping

GRANTED = (
    '<message id="m1" name="granted"><extensionElements>'
    '<zeebe:subscription correlationKey="=application_id"/></extensionElements></message>'
)
MESSAGE = '<messageEventDefinition messageRef="m1"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'
E1 = '<error id="e1" name="refused" errorCode="refused"/><error id="e2" name="other" errorCode="other"/>'


def boundary(name: str, host: str, definition: str, said: str = "", *, interrupting: bool = True) -> str:
    marks = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, said, definition, marks)


def sub(name: str, *middle: str, names: str, attributes: str = "") -> str:
    inner = "".join(middle) + node("startEvent", f"{name}_b") + node("endEvent", f"{name}_e")
    return node("subProcess", name, inner=inner + path(f"{name}_b", *names.split(), f"{name}_e"), attributes=attributes)


def test_a_message_reaches_who_waits_for_it_with_its_key() -> None:
    body = plain(node("intermediateCatchEvent", "wait", inner=MESSAGE), task("then"), names="wait then")
    play = Play(body, {"application_id": 7}, root=GRANTED)
    (wait,) = play.run.waits()

    assert (wait.kind, wait.name, wait.key, wait.due) == ("message", "granted", "7", None)
    assert not play.deliver("granted", "8")
    assert not play.deliver("refused", "7")
    assert play.deliver("granted", "7", authorisation_id="a1")
    assert play.open == ["then"]
    assert play.data == {"application_id": 7, "authorisation_id": "a1"}
    assert not play.deliver("granted", "7")


def test_a_receive_task_maps_what_it_takes_from_a_message() -> None:
    said = mapping(("output", "=id", "authorisation.id"))
    body = plain(node("receiveTask", "wait", said, attributes='messageRef="m1"'), names="wait")
    play = Play(body, {"application_id": "x"}, root=GRANTED)

    play.deliver("granted", "x", id=3, rest=1)

    assert play.data == {"application_id": "x", "authorisation": {"id": 3}}
    assert play.run.finished


def test_a_message_starts_a_case_at_its_own_start_event() -> None:
    body = node("startEvent", "by_hand") + node("startEvent", "by_message", inner=MESSAGE) + task("a") + task("b")
    body += path("by_hand", "a") + path("by_message", "b")

    assert Play(body, root=GRANTED).open == ["a"]
    assert Play(body, {"x": 1}, root=GRANTED, message="granted").open == ["b"]


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent", "sendTask"])
def test_a_message_that_is_thrown_leaves_the_case_with_its_key_and_payload(kind: str) -> None:
    said = mapping(("input", "=n + 1", "n")) + properties(correlationKey="=other_id")
    inner, attributes = ("", 'messageRef="m1"') if kind == "sendTask" else (MESSAGE, "")
    throw = node(kind, "tell", said, inner, attributes)
    body = node("startEvent", "begin") + throw + path("begin", "tell")

    play = Play(body, {"n": 1, "other_id": 9, "application_id": 0}, root=GRANTED)

    assert play.run.take_thrown() == [Thrown("tell", "message", "granted", "9", {"n": 2})]
    assert play.run.take_thrown() == []
    assert play.run.finished


def test_an_interrupting_message_ends_the_task_it_is_attached_to() -> None:
    parts = task("ask") + task("instead") + boundary("come", "ask", MESSAGE)
    play = Play(plain(parts, names="ask") + path("come", "instead"), {"application_id": 1}, root=GRANTED)

    assert play.deliver("granted", "1", news=True)
    assert play.open == ["instead"]
    assert ("ask", "cancelled") in [(step.element, step.kind) for step in play.run.take_steps()]
    assert play.run.waits() == []


def test_a_non_interrupting_message_may_come_again_and_again() -> None:
    parts = task("ask") + task("beside") + boundary("come", "ask", MESSAGE, interrupting=False)
    play = Play(plain(parts, names="ask") + path("come", "beside"), {"application_id": 1}, root=GRANTED)

    for _ in range(3):
        assert play.deliver("granted", "1")

    assert sorted(play.open) == ["ask", "beside", "beside", "beside"]
    play.do("ask")
    assert not play.run.finished
    assert not play.deliver("granted", "1")


def test_an_error_is_caught_around_the_sub_process_that_throws_it() -> None:
    inner = node("endEvent", "bad", inner=ERROR) + task("ask") + task("beside") + node("parallelGateway", "fork")
    inner += node("startEvent", "b") + path("b", "fork", "ask", "bad") + path("fork", "beside")
    parts = node("subProcess", "part", inner=inner) + task("mend")
    parts += boundary("other", "part", '<errorEventDefinition errorRef="e2"/>') + boundary("any", "part", ERROR)
    body = plain(parts, names="part") + path("any", "mend") + path("other", "done")

    play = Play(body, root=E1).do("ask")

    assert play.open == ["mend"]
    assert play.run.take_thrown() == []


def test_an_error_climbs_out_of_a_called_process() -> None:
    called = node("startEvent", "b") + node("endEvent", "bad", inner=ERROR) + path("b", "bad")
    parts = node("callActivity", "call", '<zeebe:calledElement processId="called"/>') + task("mend")
    body = plain(parts + boundary("any", "call", "<errorEventDefinition/>"), names="call") + path("any", "mend")

    play = Play(body, called={"called": drawn(called, root=E1, process="called")})

    assert play.open == ["mend"]


def test_an_error_that_nothing_catches_stands_beside_the_work_that_goes_on() -> None:
    inner = node("startEvent", "b") + node("endEvent", "bad", inner=ERROR) + path("b", "bad")
    fork = node("parallelGateway", "fork") + task("ask") + path("fork", "ask")

    play = Play(plain(fork, node("subProcess", "part", inner=inner), names="fork part"), root=E1)

    assert not play.run.finished
    assert play.open == ["ask"]
    assert [failure.element for failure in play.run.failures()] == ["bad"]
    assert play.run.take_thrown() == [Thrown("bad", "error", "refused", None, {})]


def test_an_escalation_is_caught_beside_the_work_that_goes_on() -> None:
    definition = '<escalationEventDefinition escalationRef="x1"/>'
    inner = sub("part", node("intermediateThrowEvent", "up", inner=definition), task("ask"), names="up ask")
    parts = inner + task("look") + boundary("seen", "part", definition, interrupting=False)
    root = '<escalation id="x1" name="late" escalationCode="late"/>'

    play = Play(plain(parts, names="part") + path("seen", "look"), root=root)

    assert sorted(play.open) == ["ask", "look"]
    assert play.run.take_thrown() == []


def test_a_throw_that_interrupts_its_own_sub_process_goes_no_further() -> None:
    definition = '<escalationEventDefinition escalationRef="x1"/>'
    inner = sub("part", node("intermediateThrowEvent", "up", inner=definition), task("ask"), names="up ask")
    parts = inner + task("look") + boundary("seen", "part", definition)
    root = '<escalation id="x1" name="late" escalationCode="late"/>'

    assert Play(plain(parts, names="part") + path("seen", "look"), root=root).open == ["look"]


def test_a_signal_reaches_all_that_wait_in_the_case() -> None:
    definition = '<signalEventDefinition signalRef="s1"/>'
    waits = "".join(node("intermediateCatchEvent", name, inner=definition) for name in ("one", "two"))
    parts = (
        node("parallelGateway", "fork") + waits + task("go") + node("intermediateThrowEvent", "tell", inner=definition)
    )
    links = path("begin", "fork", "one") + path("fork", "two") + path("fork", "go", "tell")
    play = Play(node("startEvent", "begin") + parts + links, root='<signal id="s1" name="now"/>')

    play.do("go")

    assert play.run.finished
    assert play.run.take_thrown() == [Thrown("tell", "signal", "now", None, {})]


def test_a_signal_leaves_the_case_for_all_others() -> None:
    throw = node("intermediateThrowEvent", "tell", inner='<signalEventDefinition signalRef="s1"/>')

    play = Play(plain(throw, names="tell"), root='<signal id="s1" name="now"/>')

    assert play.run.take_thrown() == [Thrown("tell", "signal", "now", None, {})]


def test_a_condition_fires_when_it_becomes_true_and_not_while_it_stays_so() -> None:
    definition = "<conditionalEventDefinition><condition>=n &gt; 5</condition></conditionalEventDefinition>"
    parts = task("ask") + task("seen") + boundary("large", "ask", definition, interrupting=False)
    parts += node("parallelGateway", "fork") + task("set") + task("more")
    body = plain(parts, names="fork ask") + path("fork", "set", "more") + path("large", "seen")
    play = Play(body, {"n": 1})
    before = play.open

    play.do("set", n=9)

    assert sorted(before) == ["ask", "set"]
    assert sorted(play.open) == ["ask", "more", "seen"]
    assert sorted(play.do("more", n=10).open) == ["ask", "seen"]


def test_a_terminate_end_ends_its_own_process_only() -> None:
    inner = node("startEvent", "b") + node("parallelGateway", "fork") + task("a") + task("b2")
    inner += (
        node("endEvent", "stop", inner="<terminateEventDefinition/>")
        + path("b", "fork", "a", "stop")
        + path("fork", "b2")
    )
    play = Play(plain(node("subProcess", "part", inner=inner), task("after"), names="part after"))

    assert play.do("a").open == ["after"]


def test_the_first_event_after_an_event_gateway_turns_the_others_off() -> None:
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    later = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
    events = node("intermediateCatchEvent", "soon", inner=timer) + node("intermediateCatchEvent", "late", inner=later)
    events += node("intermediateCatchEvent", "come", inner=MESSAGE)
    body = node("startEvent", "begin") + node("eventBasedGateway", "first") + events + task("a") + task("b") + task("c")
    body += path("begin", "first", "soon", "a") + path("first", "late", "b") + path("first", "come", "c")
    play = Play(body, {"application_id": 1}, root=GRANTED)

    assert [wait.element for wait in play.run.waits()] == ["soon", "late", "come"]
    assert play.after(days=1).open == ["a"]
    assert play.run.waits() == []
    assert not play.deliver("granted", "1")


@pytest.mark.parametrize(("interrupting", "opened"), [(True, ["inside"]), (False, ["ask", "inside", "inside"])])
def test_an_event_sub_process_listens_as_long_as_its_process_runs(interrupting: bool, opened: list[str]) -> None:  # noqa: FBT001 - a table of cases
    start = node("startEvent", "come", inner=MESSAGE, attributes=f'isInterrupting="{str(interrupting).lower()}"')
    inner = start + task("inside") + node("endEvent", "e") + path("come", "inside", "e")
    event = node("subProcess", "listen", inner=inner, attributes='triggeredByEvent="true"')
    play = Play(plain(task("ask"), event, names="ask"), {"application_id": 1}, root=GRANTED)

    play.deliver("granted", "1", said=1)
    play.deliver("granted", "1")

    assert sorted(play.open) == opened
    assert play.data["said"] == 1
    while play.open:
        play.do(play.open[0])
    assert play.run.finished
    assert play.run.waits() == []


def test_two_flows_from_one_gateway_into_a_join_are_two_tokens() -> None:
    body = (
        node("startEvent", "begin") + node("parallelGateway", "fork") + node("parallelGateway", "join") + task("then")
    )
    body += path("begin", "fork", "join", "then") + flow("fork", "join").replace("fork__join", "second")

    assert Play(body).open == ["then"]


def test_a_token_too_many_waits_at_the_join_for_its_next_partner() -> None:
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + node("exclusiveGateway", "merge")
    body += task("a") + task("b") + task("c") + node("parallelGateway", "join") + task("then")
    body += path("begin", "fork", "a", "merge", "join", "then") + path("fork", "b", "merge") + path("fork", "c", "join")
    play = Play(body).do("a").do("b")

    assert play.open == ["c"]
    assert play.do("c").open == ["then"]


def test_a_definition_knows_its_processes_and_elements() -> None:
    called = drawn(node("startEvent", "b") + task("inner") + path("b", "inner"), process="called")
    call = node("callActivity", "call", '<zeebe:calledElement processId="called"/>')

    definition = Definition.build(drawn(plain(call, names="call")), {"called": called})

    assert definition.process_id == "permit"
    assert set(definition.diagrams) == {"permit", "called"}
    assert definition.elements["inner"].process == "called"
    assert [task.element for task in _rested(Run.start(definition, {}, NOW)).open_tasks()] == ["inner"]


def _rested(run: Run) -> Run:
    assert not list(run.advance())
    return run
