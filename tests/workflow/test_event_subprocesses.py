"""Event sub-processes: of every kind, interrupting or beside the work, at every place where one may stand."""

import pytest

from engine.workflow import Thrown
from tests.workflow.drawing import drawn, node, path, plain, refused, task
from tests.workflow.playing import Play

ROOT = (
    '<message id="m1" name="paid"><extensionElements><zeebe:subscription correlationKey="=id"/></extensionElements>'
    '</message><signal id="s1" name="closing"/><escalation id="x1" name="Late" escalationCode="late"/>'
    '<escalation id="x2" name="Lost" escalationCode="lost"/><error id="e1" name="Bad" errorCode="bad"/>'
    '<error id="e2" name="Worse" errorCode="worse"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m1"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'
CONDITION = "<conditionalEventDefinition><condition>=n &gt; 5</condition></conditionalEventDefinition>"
ERROR = '<errorEventDefinition errorRef="e1"/>'
ESCALATION = '<escalationEventDefinition escalationRef="x1"/>'
TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
BESIDE = 'isInterrupting="false"'
EACH = (
    "<multiInstanceLoopCharacteristics><extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
)


def handling(definition: str, inner: str, names: str, attributes: str = "", *, name: str = "handling") -> str:
    start = node("startEvent", f"{name}_b", inner=definition, attributes=attributes)
    inner = start + inner + node("endEvent", f"{name}_e") + path(f"{name}_b", *names.split(), f"{name}_e")
    return node("subProcess", name, inner=inner, attributes='triggeredByEvent="true"')


def sub(name: str, *inside: str, names: str, apart: str = "") -> str:
    around = node("startEvent", f"{name}_b") + node("endEvent", f"{name}_e")
    flows = path(f"{name}_b", *names.split(), f"{name}_e")
    return node("subProcess", name, inner="".join(inside) + around + flows + apart)


def happen(play: Play, kind: str) -> None:
    if kind == "message":
        play.deliver("paid", "1")
    elif kind == "signal":
        play.signal("closing")
    elif kind == "timer":
        play.after(days=1)
    elif kind == "escalation":
        play.do("tell")
    elif kind == "error":
        play.do("fail")
    else:
        play.do("tell", n=9)


DEFINITIONS = {
    "message": MESSAGE,
    "signal": SIGNAL,
    "timer": TIMER,
    "escalation": ESCALATION,
    "conditional": CONDITION,
    "error": ERROR,
}


def around(place: str, attributes: str, definition: str) -> tuple[str, dict[str, bytes]]:
    """Three tasks at once, one of which escalates and one of which fails, beside an event sub-process."""
    work = node("startEvent", "wb") + node("parallelGateway", "fork") + task("ask") + task("tell") + task("fail")
    work += node("intermediateThrowEvent", "up", inner=ESCALATION) + node("endEvent", "bad", inner=ERROR)
    work += path("wb", "fork", "ask") + path("fork", "tell", "up") + path("fork", "fail", "bad")
    work += handling(definition, task("in"), "in", attributes)
    after = task("after")
    if place == "process":
        return work, {}
    if place == "sub-process":
        return plain(node("subProcess", "part", inner=work) + after, names="part after"), {}
    if place == "nested":
        inner = sub("middle", node("subProcess", "part", inner=work), names="part")
        return plain(inner + after, names="middle after"), {}
    if place == "event sub-process":
        start = node("startEvent", "go", inner='<messageEventDefinition messageRef="m2"/>', attributes=BESIDE)
        outer = node(
            "subProcess",
            "outer",
            inner=work.replace(' id="wb"', ' id="wb"') + start,
            attributes='triggeredByEvent="true"',
        )
        outer = outer.replace(node("startEvent", "wb"), "").replace('sourceRef="wb"', 'sourceRef="go"')
        return plain(outer + after, names="after"), {}
    call = node("callActivity", "call", '<zeebe:calledElement processId="called"/>')
    return plain(call + after, names="call after"), {"called": drawn(work, root=ROOT, process="called")}


@pytest.mark.parametrize("place", ["process", "sub-process", "nested", "called process", "event sub-process"])
@pytest.mark.parametrize(
    ("kind", "attributes"),
    [(kind, marks) for kind in DEFINITIONS for marks in ("", BESIDE) if kind != "error" or not marks],
)
def test_an_event_sub_process_begins_wherever_it_stands(place: str, kind: str, attributes: str) -> None:
    body, called = around(place, attributes, DEFINITIONS[kind])
    root = (
        ROOT
        + '<message id="m2" name="go"><extensionElements><zeebe:subscription correlationKey="=id"/></extensionElements></message>'
    )
    play = Play(body, {"id": 1, "n": 0}, root=root, called=called)
    if place == "event sub-process":
        play.deliver("go", "1")
        play.do("after")

    happen(play, kind)

    told = {"escalation", "conditional"} & {kind}
    left = [name for name in ("ask", "tell", "fail") if not (told and name == "tell")]
    assert sorted(play.open) == sorted(["in"] if not attributes else ["in", *left])
    play.do("in")
    if not attributes:
        assert play.open == (["after"] if called or place not in {"process", "event sub-process"} else [])
    assert play.run.finished == (not play.open)


def test_one_beside_the_work_may_run_several_times_at_once_and_the_process_waits_for_all() -> None:
    play = Play(plain(task("ask") + handling(MESSAGE, task("in"), "in", BESIDE), names="ask"), {"id": 1}, root=ROOT)
    for _ in range(3):
        assert play.deliver("paid", "1")

    play.do("ask").do("in").do("in")

    assert not play.run.finished
    assert play.open == ["in"]
    assert play.do("in").run.finished


def test_a_cycle_begins_one_again_and_again_while_the_work_goes_on() -> None:
    cycle = "<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>"
    body = plain(task("ask") + handling(cycle, task("in"), "in", BESIDE), names="ask")
    play = Play(body).after(days=1)

    assert refused(drawn(body)) == {}
    assert play.open == ["ask", "in"]
    assert play.after(hours=1).open == ["ask", "in"]
    assert play.after(days=1).open == ["ask", "in", "in"]
    assert play.run.waits() == []
    assert play.after(days=9).open == ["ask", "in", "in"]


def test_a_period_begins_one_beside_the_work_once() -> None:
    play = Play(plain(task("ask") + handling(TIMER, task("in"), "in", BESIDE), names="ask")).after(days=1).after(days=1)

    assert play.open == ["ask", "in"]


def test_nothing_interrupts_an_interruption() -> None:
    other = handling(SIGNAL, task("other"), "other", name="second")
    play = Play(plain(task("ask") + handling(MESSAGE, task("in"), "in") + other, names="ask"), {"id": 1}, root=ROOT)

    play.deliver("paid", "1")
    play.signal("closing")

    assert play.open == ["in"]
    assert play.run.waits() == []
    assert play.do("in").run.finished


def test_an_interruption_ends_what_runs_beside_the_work_too() -> None:
    other = handling(SIGNAL, task("other"), "other", BESIDE, name="second")
    play = Play(plain(task("ask") + handling(MESSAGE, task("in"), "in") + other, names="ask"), {"id": 1}, root=ROOT)

    play.signal("closing")
    play.deliver("paid", "1")

    assert play.open == ["in"]


def test_an_error_is_caught_inside_before_the_boundary_outside() -> None:
    inner = task("work") + node("endEvent", "bad", inner=ERROR) + handling(ERROR, task("in"), "in")
    inner = node("startEvent", "b") + inner + path("b", "work", "bad")
    event = node("boundaryEvent", "out", inner=ERROR, attributes='attachedToRef="part"')
    body = plain(node("subProcess", "part", inner=inner) + event + task("after") + task("mend"), names="part after")
    body += path("out", "mend", "done")
    play = Play(body, root=ROOT).do("work")

    assert refused(drawn(body, root=ROOT)) == {}
    assert play.open == ["in"]
    assert play.do("in").open == ["after"]


def test_an_error_thrown_by_its_own_handler_goes_outside() -> None:
    again = node("startEvent", "hb", inner=ERROR) + node("endEvent", "again", inner=ERROR) + path("hb", "again")
    event = node("subProcess", "handling", inner=again, attributes='triggeredByEvent="true"')
    inner = node("startEvent", "b") + node("endEvent", "bad", inner=ERROR) + path("b", "bad") + event
    out = node("boundaryEvent", "out", inner="<errorEventDefinition/>", attributes='attachedToRef="part"')
    play = Play(
        plain(node("subProcess", "part", inner=inner) + out + task("mend"), names="part") + path("out", "mend"),
        root=ROOT,
    )

    assert play.open == ["mend"]
    assert play.run.take_thrown() == []


def test_the_exact_code_catches_before_the_one_for_every_code_and_the_inner_before_the_outer() -> None:
    throws = node("endEvent", "bad", inner='<errorEventDefinition errorRef="e2"/>')
    inner = node("startEvent", "b") + throws + path("b", "bad") + handling(ERROR, task("wrong"), "wrong", name="exact")
    inner += handling("<errorEventDefinition/>", task("right"), "right", name="every")
    out = node("boundaryEvent", "out", inner='<errorEventDefinition errorRef="e2"/>', attributes='attachedToRef="part"')
    body = plain(node("subProcess", "part", inner=inner) + out + task("outer"), names="part") + path("out", "outer")

    assert Play(body, root=ROOT).open == ["right"]


def test_an_escalation_for_every_code_is_caught_beside_the_work() -> None:
    up = node("intermediateThrowEvent", "up", inner=ESCALATION)
    every = handling("<escalationEventDefinition/>", task("every"), "every", BESIDE, name="all")
    exact = handling(ESCALATION, task("exact"), "exact", BESIDE, name="one")
    other = node("intermediateThrowEvent", "other", inner='<escalationEventDefinition escalationRef="x2"/>')
    play = Play(plain(up + other + task("ask") + every + exact, names="up other ask"), root=ROOT)

    assert sorted(play.open) == ["ask", "every", "exact"]
    assert play.run.take_thrown() == []


def test_an_escalation_that_nothing_catches_changes_nothing_and_is_told() -> None:
    play = Play(plain(node("intermediateThrowEvent", "up", inner=ESCALATION) + task("ask"), names="up ask"), root=ROOT)

    assert play.open == ["ask"]
    assert play.run.take_thrown() == [Thrown("up", "escalation", "late", None, {})]


def test_the_payload_of_an_error_is_mapped_where_it_is_caught() -> None:
    said = '<zeebe:ioMapping><zeebe:input source="=n + 1" target="amount"/></zeebe:ioMapping>'
    took = '<zeebe:ioMapping><zeebe:output source="=amount" target="seen"/></zeebe:ioMapping>'
    start = node("startEvent", "hb", took, ERROR)
    event = node("subProcess", "h", inner=start + task("in") + path("hb", "in"), attributes='triggeredByEvent="true"')
    inner = node("startEvent", "b") + node("endEvent", "bad", said, ERROR) + path("b", "bad") + event

    play = Play(plain(node("subProcess", "part", inner=inner), names="part"), {"n": 1}, root=ROOT)

    assert play.data == {"n": 1, "seen": 2}


def test_each_instance_of_a_repeated_sub_process_has_its_own() -> None:
    inner = node("startEvent", "b") + task("ask") + node("endEvent", "bad", inner=ERROR) + path("b", "ask", "bad")
    part = node("subProcess", "part", inner=inner + handling(ERROR, task("in"), "in") + EACH)
    play = Play(plain(part + task("after"), names="part after"), {"items": [1, 2]}, root=ROOT)

    assert play.do("ask").open == ["ask", "in"]
    assert play.do("in").open == ["ask"]
    assert play.do("ask").do("in").open == ["after"]


def test_one_inside_another_listens_while_the_other_runs() -> None:
    nested = handling(SIGNAL, task("deeper"), "deeper", name="nested")
    outer = handling(MESSAGE, task("in") + nested, "in", BESIDE)
    play = Play(plain(task("ask") + outer, names="ask"), {"id": 1}, root=ROOT).signal("closing")

    assert play.open == ["ask"]
    play.deliver("paid", "1")
    play.deliver("paid", "1")
    assert sorted(play.open) == ["ask", "in", "in"]
    assert sorted(play.signal("closing").open) == ["ask", "deeper", "deeper"]
    assert play.do("deeper").do("deeper").do("ask").run.finished


def test_a_terminate_end_in_one_ends_only_itself() -> None:
    start = node("startEvent", "hb", inner=MESSAGE, attributes=BESIDE)
    inner = (
        start
        + node("parallelGateway", "f")
        + task("in")
        + node("endEvent", "stop", inner="<terminateEventDefinition/>")
    )
    event = node(
        "subProcess", "h", inner=inner + path("hb", "f", "in") + path("f", "stop"), attributes='triggeredByEvent="true"'
    )
    play = Play(plain(task("ask") + event, names="ask"), {"id": 1}, root=ROOT)

    play.deliver("paid", "1")

    assert play.open == ["ask"]


def test_a_terminate_end_in_one_of_several_instances_ends_only_that() -> None:
    inner = node("startEvent", "b") + node("parallelGateway", "f") + task("ask") + task("beside")
    inner += (
        node("endEvent", "stop", inner="<terminateEventDefinition/>")
        + path("b", "f", "ask", "stop")
        + path("f", "beside")
    )
    play = Play(
        plain(node("subProcess", "part", inner=inner + EACH) + task("after"), names="part after"), {"items": [1, 2]}
    )

    assert sorted(play.do("ask").open) == ["ask", "beside"]
    assert play.do("ask").open == ["after"]


@pytest.mark.parametrize(
    ("start", "attributes", "reason"),
    [
        (ERROR, BESIDE, "An error always interrupts"),
        ("<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>", "", "once only"),
        ("", "", "must say what starts it"),
        ('<linkEventDefinition name="x"/>', "", "does not run here"),
    ],
)
def test_one_that_could_not_begin_as_drawn_is_refused(start: str, attributes: str, reason: str) -> None:
    found = refused(drawn(plain(task("ask") + handling(start, task("in"), "in", attributes), names="ask"), root=ROOT))

    assert reason in found["handling_b"]


@pytest.mark.parametrize("definition", [ERROR, ESCALATION, "<errorEventDefinition/>"])
def test_two_that_catch_the_same_in_one_place_are_refused(definition: str) -> None:
    twice = handling(definition, task("a"), "a") + handling(definition, task("b"), "b", name="second")
    inner = node("startEvent", "ib") + task("ask") + path("ib", "ask") + twice
    body = plain(node("subProcess", "part", inner=inner), names="part")

    assert "catches the same as handling_b" in refused(drawn(body, root=ROOT))["second_b"]
