"""Clocks, messages, signals and errors say exactly what they mean, or the diagram is refused."""

import pytest

from tests.workflow.drawing import drawn, flow, node, path, plain, properties, refused, task

ROOT = (
    '<message id="keyless" name="told"/><message id="nameless"/><signal id="quiet"/>'
    '<error id="codeless" name="Fallo"/><escalation id="silent" name="Aviso"/>'
)


def waiting(definition: str, kind: str = "intermediateCatchEvent", said: str = "") -> str:
    found = refused(drawn(plain(node(kind, "wait", said, definition), names="wait"), root=ROOT))
    return found.get("wait", "")


def beside(definition: str, *, interrupting: str = "true", said: str = "") -> str:
    event = node("boundaryEvent", "late", said, definition, f'attachedToRef="look" cancelActivity="{interrupting}"')
    return refused(drawn(plain(task("look") + event, names="look") + flow("late", "done"), root=ROOT)).get("late", "")


def ending(definition: str) -> str:
    end = node("endEvent", "finish", inner=definition)
    return refused(drawn(node("startEvent", "begin") + end + path("begin", "finish"), root=ROOT)).get("finish", "")


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def test_a_clock_of_the_programme_moves_a_timer() -> None:
    assert waiting(timer("timeDuration", "=due"), said=properties(clock="acceptance")) == ""


def test_a_clock_that_no_programme_has_is_refused() -> None:
    assert "choose one of: acceptance" in waiting(timer("timeDuration", "=due"), said=properties(clock="lunch"))


def test_a_clock_at_what_is_no_timer_is_refused() -> None:
    found = refused(drawn(plain(task("look", said=properties(clock="acceptance")), names="look")))

    assert "moves timers only" in found["look"]


@pytest.mark.parametrize("ref", ['messageRef="nowhere"', 'messageRef="nameless"', ""])
def test_a_message_exists_and_has_a_name(ref: str) -> None:
    assert "has no message" in waiting(f"<messageEventDefinition {ref}/>")


def test_whoever_waits_for_a_message_has_a_key() -> None:
    assert "needs a correlation key" in waiting('<messageEventDefinition messageRef="keyless"/>')
    assert "needs a correlation key" in beside('<messageEventDefinition messageRef="keyless"/>')


def test_a_receive_task_has_a_key_too() -> None:
    receive = node("receiveTask", "wait", attributes='messageRef="keyless"')

    assert "needs a correlation key" in refused(drawn(plain(receive, names="wait"), root=ROOT))["wait"]


def test_whoever_sends_a_message_needs_no_key() -> None:
    assert waiting('<messageEventDefinition messageRef="keyless"/>', kind="intermediateThrowEvent") == ""


def test_a_message_that_starts_a_process_needs_no_key() -> None:
    start = node("startEvent", "begin", inner='<messageEventDefinition messageRef="keyless"/>')

    assert refused(drawn(start + node("endEvent", "done") + path("begin", "done"), root=ROOT)) == {}


@pytest.mark.parametrize("ref", ['signalRef="nowhere"', 'signalRef="quiet"', ""])
def test_a_signal_exists_and_has_a_name(ref: str) -> None:
    assert "has no signal" in waiting(f"<signalEventDefinition {ref}/>")


@pytest.mark.parametrize("definition", ["errorEventDefinition", "escalationEventDefinition"])
def test_what_is_thrown_has_a_code(definition: str) -> None:
    assert "has no code" in ending(f"<{definition}/>")


def test_a_code_that_is_missing_where_one_is_meant_is_refused() -> None:
    assert "has no code" in beside('<errorEventDefinition errorRef="codeless"/>')


@pytest.mark.parametrize("definition", ["<errorEventDefinition/>", "<escalationEventDefinition/>"])
def test_an_event_may_catch_every_code(definition: str) -> None:
    assert beside(definition) == ""


def test_an_error_always_interrupts() -> None:
    assert "make late interrupting" in beside("<errorEventDefinition/>", interrupting="false")


def test_a_conditional_event_has_a_condition() -> None:
    assert "has no condition" in waiting("<conditionalEventDefinition/>")
