"""An event with several definitions: any of them, or all of them, in every place where an event may wait."""

import pytest

from engine.workflow import Thrown
from tests.workflow.drawing import drawn, node, path, plain, refused, task
from tests.workflow.playing import NOW, Play

ROOT = (
    '<message id="m1" name="paid"><extensionElements><zeebe:subscription correlationKey="=id"/></extensionElements>'
    '</message><signal id="s1" name="closing"/><escalation id="x1" name="Late" escalationCode="late"/>'
    '<error id="e1" name="Bad" errorCode="bad"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m1"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'
CONDITION = "<conditionalEventDefinition><condition>=n &gt; 5</condition></conditionalEventDefinition>"
ESCALATION = '<escalationEventDefinition escalationRef="x1"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'
ALL = 'parallelMultiple="true"'


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def caught(inner: str, attributes: str = "") -> Play:
    wait = node("intermediateCatchEvent", "wait", inner=inner, attributes=attributes)
    return Play(plain(wait, task("then"), names="wait then"), {"id": 1, "n": 0}, root=ROOT)


def attached(inner: str, *, interrupting: bool, attributes: str = "") -> Play:
    marks = f'attachedToRef="ask" cancelActivity="{str(interrupting).lower()}" {attributes}'
    event = node("boundaryEvent", "come", inner=inner, attributes=marks)
    body = plain(task("ask") + event + task("beside"), names="ask") + path("come", "beside")
    return Play(body, {"id": 1, "n": 0}, root=ROOT)


def test_the_first_of_several_things_withdraws_the_others() -> None:
    play = caught(MESSAGE + SIGNAL + timer("P1D") + timer("P2D"))
    waits = [(wait.kind, wait.element, wait.due and (wait.due - NOW).days) for wait in play.run.waits()]

    assert waits == [
        ("message", "wait", None),
        ("signal", "wait", None),
        ("timer", "wait", 1),
        ("timer", "wait", 2),
    ]
    assert len({wait.task_id for wait in play.run.waits()}) == len(waits)
    assert play.deliver("paid", "1", amount=3)
    assert play.open == ["then"]
    assert play.data["amount"] == 3
    assert play.run.waits() == []


@pytest.mark.parametrize("nth", ["message", "signal", "timer", "condition"])
def test_each_of_several_things_is_enough(nth: str) -> None:
    play = caught(MESSAGE + SIGNAL + timer("P1D") + CONDITION)
    happen = {
        "message": lambda: play.deliver("paid", "1"),
        "signal": lambda: play.signal("closing"),
        "timer": lambda: play.after(days=1),
        "condition": lambda: play.deliver("paid", "1", n=9),
    }

    happen[nth]()

    assert play.open == ["then"]
    assert [step.element for step in play.run.take_steps() if step.kind == "fired"] == ["wait"]


def test_all_of_several_things_are_needed_in_any_order_and_their_payloads_meet() -> None:
    play = caught(MESSAGE + SIGNAL + timer("P1D"), ALL)

    play.signal("closing", a=1)
    assert [wait.kind for wait in play.run.waits()] == ["message", "timer"]
    assert play.after(days=1).open == []
    assert [wait.kind for wait in play.run.waits()] == ["message"]
    assert "a" not in play.data
    assert play.deliver("paid", "1", b=2)

    assert play.open == ["then"]
    assert play.data == {"id": 1, "n": 0, "a": 1, "b": 2}


def test_the_same_thing_twice_is_not_all_of_several() -> None:
    play = caught(MESSAGE + SIGNAL, ALL).signal("closing").signal("closing")

    assert play.open == []
    assert not play.deliver("paid", "2")
    assert play.deliver("paid", "1")
    assert play.open == ["then"]


def test_any_of_several_things_interrupts() -> None:
    play = attached(MESSAGE + timer("P1D"), interrupting=True).after(days=1)

    assert play.open == ["beside"]
    assert play.run.waits() == []


def test_several_things_beside_a_task_come_again_and_again_but_a_period_once() -> None:
    play = attached(MESSAGE + timer("P1D"), interrupting=False).after(days=1)

    assert [wait.kind for wait in play.run.waits()] == ["message"]
    assert play.after(days=9).open == ["ask", "beside"]
    assert play.deliver("paid", "1")
    assert play.deliver("paid", "1")
    assert sorted(play.open) == ["ask", "beside", "beside", "beside"]
    assert play.do("ask").run.waits() == []


def test_a_cycle_among_several_things_goes_on_counting() -> None:
    play = attached(MESSAGE + timer("R2/P1D", "timeCycle"), interrupting=False)

    play.after(days=1)
    play.deliver("paid", "1")
    play.after(days=1)
    play.after(days=1)

    assert sorted(play.open) == ["ask", "beside", "beside", "beside"]
    assert [wait.kind for wait in play.run.waits()] == ["message"]


def test_several_periods_that_are_used_up_leave_nothing_to_wait_for() -> None:
    play = attached(timer("P1D") + timer("P2D"), interrupting=False).after(days=1).after(days=1)

    assert play.open == ["ask", "beside", "beside"]
    assert play.run.waits() == []


def test_all_of_several_things_beside_a_task_are_needed_anew_each_time() -> None:
    play = attached(MESSAGE + SIGNAL, interrupting=False, attributes=ALL)

    for _ in range(2):
        play.deliver("paid", "1")
        play.signal("closing")
    play.signal("closing")

    assert play.open == ["ask", "beside", "beside"]
    assert [wait.kind for wait in play.run.waits()] == ["message"]


def test_all_of_several_things_with_a_period_among_them_happen_once() -> None:
    play = attached(MESSAGE + timer("P1D"), interrupting=False, attributes=ALL)

    play.deliver("paid", "1")
    play.after(days=1)

    assert play.open == ["ask", "beside"]
    assert play.run.waits() == []


def test_all_of_several_things_interrupt_together() -> None:
    play = attached(MESSAGE + SIGNAL, interrupting=True, attributes=ALL).signal("closing")

    assert play.open == ["ask"]
    assert play.deliver("paid", "1")
    assert play.open == ["beside"]


@pytest.mark.parametrize("code", ["escalation", "error"])
def test_one_of_several_things_may_rise_from_inside(code: str) -> None:
    end = {"escalation": ESCALATION, "error": ERROR}[code]
    inner = node("startEvent", "b") + task("work") + node("endEvent", "e", inner=end) + path("b", "work", "e")
    event = node("boundaryEvent", "come", inner=ESCALATION + ERROR + MESSAGE, attributes='attachedToRef="part"')
    body = plain(node("subProcess", "part", inner=inner) + event + task("mend"), names="part") + path("come", "mend")

    play = Play(body, {"id": 1}, root=ROOT).do("work")

    assert play.open == ["mend"]
    assert play.run.take_thrown() == []


@pytest.mark.parametrize(("attributes", "after_one"), [("", ["then"]), (ALL, [])])
def test_several_things_behind_an_event_gateway(attributes: str, after_one: list[str]) -> None:
    both = node("intermediateCatchEvent", "both", inner=MESSAGE + SIGNAL, attributes=attributes)
    late = node("intermediateCatchEvent", "late", inner=timer("P1D"))
    body = node("startEvent", "begin") + node("eventBasedGateway", "first") + both + late + task("then") + task("other")
    body += path("begin", "first", "both", "then") + path("first", "late", "other")
    play = Play(body, {"id": 1}, root=ROOT)

    play.signal("closing")
    assert play.open == after_one
    play.deliver("paid", "1")

    assert play.open == ["then"]
    assert play.run.waits() == []


@pytest.mark.parametrize(("attributes", "opened"), [("", ["ask", "in", "in", "in"]), (ALL, ["ask", "in"])])
def test_several_things_begin_an_event_sub_process(attributes: str, opened: list[str]) -> None:
    start = node("startEvent", "come", inner=MESSAGE + SIGNAL, attributes=f'isInterrupting="false" {attributes}')
    inner = start + task("in") + node("endEvent", "e") + path("come", "in", "e")
    event = node("subProcess", "listen", inner=inner, attributes='triggeredByEvent="true"')
    play = Play(plain(task("ask") + event, names="ask"), {"id": 1}, root=ROOT)

    play.deliver("paid", "1")
    play.signal("closing")
    play.signal("closing")

    assert sorted(play.open) == opened
    while play.open:
        play.do(play.open[0])
    assert play.run.finished


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_an_event_with_several_definitions_throws_them_all(kind: str) -> None:
    throw = node(kind, "tell", inner=ESCALATION + MESSAGE + SIGNAL)

    play = Play(node("startEvent", "begin") + throw + path("begin", "tell"), {"id": 7}, root=ROOT)

    assert [(thrown.kind, thrown.name) for thrown in play.run.take_thrown()] == [
        ("message", "paid"),
        ("signal", "closing"),
        ("escalation", "late"),
    ]


def test_what_ends_the_process_is_thrown_last() -> None:
    inner = node("startEvent", "b") + node("endEvent", "e", inner=ERROR + MESSAGE) + path("b", "e")
    event = node("boundaryEvent", "bad", inner=ERROR, attributes='attachedToRef="part"')
    body = plain(node("subProcess", "part", inner=inner) + event + task("mend"), names="part") + path("bad", "mend")

    play = Play(body, {"id": 7}, root=ROOT)

    assert play.open == ["mend"]
    assert play.run.take_thrown() == [Thrown("e", "message", "paid", "7", {})]


@pytest.mark.parametrize(
    ("kind", "inner", "attributes", "reason"),
    [
        ("intermediateCatchEvent", MESSAGE + '<linkEventDefinition name="x"/>', "", "cannot be one of several"),
        ("intermediateCatchEvent", timer("R3/P1D", "timeCycle") + SIGNAL, "", "once only"),
        ("intermediateCatchEvent", MESSAGE + ERROR, "", "does not run here"),
        ("intermediateThrowEvent", MESSAGE + timer("P1D"), "", "does not run here"),
    ],
)
def test_several_definitions_that_do_not_go_together_are_refused(
    kind: str, inner: str, attributes: str, reason: str
) -> None:
    found = refused(drawn(plain(node(kind, "odd", inner=inner, attributes=attributes), names="odd"), root=ROOT))

    assert reason in found["odd"]


def test_an_event_cannot_wait_for_all_where_one_of_them_ends_the_activity() -> None:
    event = node("boundaryEvent", "odd", inner=ERROR + MESSAGE, attributes=f'attachedToRef="ask" {ALL}')

    found = refused(drawn(plain(task("ask") + event, names="ask") + path("odd", "done"), root=ROOT))

    assert "ends the activity before" in found["odd"]


def test_several_definitions_that_go_together_are_accepted() -> None:
    wait = node("intermediateCatchEvent", "wait", inner=MESSAGE + SIGNAL + timer("P1D") + CONDITION, attributes=ALL)
    tell = node("intermediateThrowEvent", "tell", inner=MESSAGE + SIGNAL + ESCALATION)

    assert refused(drawn(plain(wait, tell, names="wait tell"), root=ROOT)) == {}


def gateway(*events: str) -> dict[str, str]:
    body = node("startEvent", "begin") + node("eventBasedGateway", "first") + path("begin", "first") + task("then")
    for name in ("one", "two"):
        body += path("first", name, "then")
    return refused(drawn(body + "".join(events), root=ROOT))


def test_a_receive_task_behind_an_event_gateway_has_no_boundary_events_and_no_message_events_beside() -> None:
    receive = node("receiveTask", "one", attributes='messageRef="m1"')
    event = node("boundaryEvent", "late", inner=timer("P1D"), attributes='attachedToRef="one"') + path("late", "then")

    assert gateway(receive, node("intermediateCatchEvent", "two", inner=SIGNAL)) == {}
    assert "no boundary events" in gateway(receive, event, node("intermediateCatchEvent", "two", inner=SIGNAL))["one"]
    assert "one of the two kinds" in gateway(receive, node("intermediateCatchEvent", "two", inner=MESSAGE))["first"]


HOSTS = {
    "user task": task("host"),
    "receive task": node("receiveTask", "host", attributes='messageRef="m1"'),
    "call activity": node("callActivity", "host", '<zeebe:calledElement processId="called"/>'),
    "sub-process": node("subProcess", "host", inner=node("startEvent", "b") + task("in") + path("b", "in")),
    "transaction": node("transaction", "host", inner=node("startEvent", "b") + task("in") + path("b", "in")),
    "several instances": task(
        "host",
        inner="<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=items" inputElement="item"/></extensionElements></multiInstanceLoopCharacteristics>',
    ),
}


@pytest.mark.parametrize("host", HOSTS)
def test_boundary_events_watch_every_activity_that_takes_time(host: str) -> None:
    beside = node("boundaryEvent", "beside", inner=timer("R/P1D", "timeCycle"), attributes='attachedToRef="host"')
    beside = beside.replace("attached", 'cancelActivity="false" attached')
    stop = node("boundaryEvent", "stop", inner=SIGNAL, attributes='attachedToRef="host"')
    body = plain(HOSTS[host] + beside + stop + task("look") + task("instead"), names="host")
    called = drawn(node("startEvent", "cb") + task("call_in") + path("cb", "call_in"), process="called")
    body += path("beside", "look") + path("stop", "instead")
    play = Play(body, {"id": 1, "items": [1, 2]}, root=ROOT, called={"called": called}).after(days=1).after(days=1)

    assert [name for name in play.open if name == "look"] == ["look", "look"]
    assert sorted(play.signal("closing").open) == ["instead", "look", "look"]
    assert play.run.waits() == []
