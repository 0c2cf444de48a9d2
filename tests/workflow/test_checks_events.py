"""Timers, messages, signals and errors say exactly what they mean, or the diagram is refused."""

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


@pytest.mark.parametrize("text", ["PT1H", "P10D", "P1M", "P1Y", "P2W", "P1DT12H", "P1Y2M", "P1M10D"])
def test_a_period_of_iso_8601_is_a_timer(text: str) -> None:
    assert waiting(timer("timeDuration", text)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "1 hour",
        "P",
        "PT",
        "P1",
        "1D",
        "PT1X",
        "P1H",
        "P0D",
        "PT0S",
        "2026-11-23",
        "R3/P1D",
        "P" + "1" * 80 + "D",
        "P999Y9999999M",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    assert "cannot read" in waiting(timer("timeDuration", text))


@pytest.mark.parametrize("text", ["-PT1H", "-P1M"])
def test_a_negative_period_is_refused(text: str) -> None:
    assert "is negative" in waiting(timer("timeDuration", text))


@pytest.mark.parametrize(
    "text", ["2026-11-23", "2026-11-23T10:00:00", "2026-11-23T10:00:00-06:00", "2026-11-23T16:00:00Z"]
)
def test_a_date_is_a_timer(text: str) -> None:
    assert waiting(timer("timeDate", text)) == ""


@pytest.mark.parametrize("text", ["23.11.2026", "2026-02-30", "tomorrow", "PT1H"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert "cannot read" in waiting(timer("timeDate", text))


@pytest.mark.parametrize("text", ["R3/PT1H", "R/P1D", "R12/P1M"])
def test_a_cycle_beside_a_task_is_a_timer(text: str) -> None:
    assert beside(timer("timeCycle", text), interrupting="false") == ""


@pytest.mark.parametrize(
    "text", ["R0/PT1H", "PT1H", "R3/2026-11-23/PT1H", "0 0 9 * * MON", "R3/PT0S", "R00/P1D", "R3/P1M/P1D"]
)
def test_what_is_no_cycle_is_refused(text: str) -> None:
    assert "cannot read" in beside(timer("timeCycle", text), interrupting="false")


def test_a_negative_cycle_is_refused() -> None:
    assert "is negative" in beside(timer("timeCycle", "R3/-PT1H"), interrupting="false")


@pytest.mark.parametrize("definition", ["<timerEventDefinition/>", timer("timeDuration", " ")])
def test_a_timer_says_a_time(definition: str) -> None:
    assert "says no time" in waiting(definition)


def test_a_cycle_where_it_could_happen_once_only_is_refused() -> None:
    assert "once only" in waiting(timer("timeCycle", "R3/PT1H"))
    assert "once only" in beside(timer("timeCycle", "R3/PT1H"), interrupting="true")


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
