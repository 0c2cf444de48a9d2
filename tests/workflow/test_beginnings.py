"""A case begins by hand, by a message, a signal or a timer, where the diagram says so and nowhere else."""

import pytest

from engine.domain.errors import Conflict
from engine.workflow import Fault, read
from tests.workflow.drawing import drawn, node, path, refused, task
from tests.workflow.playing import Play

ROOT = (
    '<message id="m_order" name="order"><extensionElements><zeebe:subscription correlationKey="=order_number"/>'
    '</extensionElements></message><message id="m_paid" name="paid"><extensionElements>'
    '<zeebe:subscription correlationKey="=order_number"/></extensionElements></message>'
    '<message id="m_keyless" name="keyless"/>'
    '<signal id="s_open" name="open"/>'
)
ORDER = '<messageEventDefinition messageRef="m_order"/>'
PAID = '<messageEventDefinition messageRef="m_paid"/>'
OPEN = '<signalEventDefinition signalRef="s_open"/>'
DAILY = "<timerEventDefinition><timeCycle>R/2027-01-04T09:00/P1D</timeCycle></timerEventDefinition>"


def begins(name: str, definition: str = "", attributes: str = "") -> str:
    """A start event with a task of its own behind it."""
    return node("startEvent", name, inner=definition, attributes=attributes) + task(f"after_{name}") + _end(name)


def _end(name: str) -> str:
    return node("endEvent", f"end_{name}") + path(name, f"after_{name}", f"end_{name}")


SEVERAL = begins("by_hand") + begins("by_order", ORDER) + begins("by_signal", OPEN) + begins("daily", DAILY)


def gateway(kind: str, *behind: str) -> str:
    """An event-based gateway that begins the case, with the events and a task behind each."""
    names = ("one", "two", "three")[: len(behind)]
    parts = "".join(
        (
            node("intermediateCatchEvent", name, inner=inner)
            if inner.startswith("<")
            else node("receiveTask", name, "", "", inner)
        )
        + task(f"after_{name}")
        + node("endEvent", f"end_{name}")
        + path("gate", name, f"after_{name}", f"end_{name}")
        for name, inner in zip(names, behind, strict=True)
    )
    return node("eventBasedGateway", "gate", "", "", f'instantiate="true" eventGatewayType="{kind}"') + parts


@pytest.mark.parametrize(
    ("start", "opened"),
    [
        ({}, "after_by_hand"),
        ({"message": "order"}, "after_by_order"),
        ({"signal": "open"}, "after_by_signal"),
        ({"timer": "daily"}, "after_daily"),
    ],
)
def test_of_several_start_events_the_one_that_occurs_begins_the_case(start: dict[str, str], opened: str) -> None:
    assert refused(drawn(SEVERAL, root=ROOT)) == {}
    assert Play(SEVERAL, root=ROOT, start=start).open == [opened]


@pytest.mark.parametrize("start", [{"message": "open"}, {"signal": "order"}, {"timer": "by_hand"}, {"at": "daily"}])
def test_what_the_diagram_does_not_begin_with_begins_nothing(start: dict[str, str]) -> None:
    with pytest.raises(Conflict):
        Play(SEVERAL, root=ROOT, start=start)


def test_of_several_plain_starts_one_is_taken() -> None:
    body = begins("first") + begins("second")

    assert refused(drawn(body)) == {}
    assert Play(body).open == ["after_first"]
    assert Play(body, start={"at": "second"}).open == ["after_second"]


def test_a_start_event_with_several_definitions_begins_by_any_of_them() -> None:
    body = begins("any", ORDER + OPEN + DAILY)

    assert refused(drawn(body, root=ROOT)) == {}
    for start in ({"message": "order"}, {"signal": "open"}, {"timer": "any"}):
        assert Play(body, root=ROOT, start=start).open == ["after_any"]


def test_a_diagram_tells_what_begins_its_cases() -> None:
    diagram = read(drawn(SEVERAL + gateway("Exclusive", PAID, OPEN), root=ROOT))

    assert diagram.messages_started == {"order", "paid"}
    assert diagram.signals_started == {"open"}
    assert [one.element.id for one in diagram.timers_started] == ["daily"]


def test_a_receive_task_begins_a_case_with_its_message() -> None:
    receive = node("receiveTask", "hear", "", "", 'messageRef="m_keyless" instantiate="true"')
    body = receive + task("then") + node("endEvent", "done") + path("hear", "then", "done")

    play = Play(body, {"n": 1}, root=ROOT, start={"message": "keyless"})

    assert refused(drawn(body, root=ROOT)) == {}
    assert play.open == ["then"]
    assert play.data == {"n": 1}
    assert [(step.kind, step.element) for step in play.run.take_steps()][:3] == [
        ("entered", "hear"),
        ("fired", "hear"),
        ("completed", "hear"),
    ]
    with pytest.raises(Conflict):
        Play(body, root=ROOT)


def test_of_an_event_based_gateway_the_event_that_comes_begins_the_case_and_no_other_is_waited_for() -> None:
    body = gateway("Exclusive", 'messageRef="m_paid"', 'messageRef="m_keyless"', OPEN)

    assert refused(drawn(body, root=ROOT)) == {}
    for start, opened in (({"message": "paid"}, "one"), ({"message": "keyless"}, "two"), ({"signal": "open"}, "three")):
        play = Play(body, root=ROOT, start=start)
        assert play.open == [f"after_{opened}"]
        assert play.run.waits() == []
        assert [(step.kind, step.element) for step in play.run.take_steps()] == [
            ("entered", "gate"),
            ("entered", opened),
            ("fired", opened),
            ("completed", "gate"),
            ("completed", opened),
            ("entered", f"after_{opened}"),
        ]


def test_of_a_parallel_event_based_gateway_the_case_waits_for_all_other_events() -> None:
    body = gateway("Parallel", ORDER, PAID)

    play = Play(body, {"order_number": 7}, root=ROOT, start={"message": "paid"})

    assert refused(drawn(body, root=ROOT)) == {}
    assert play.open == ["after_two"]
    assert [(wait.kind, wait.name, wait.key) for wait in play.run.waits()] == [("message", "order", "7")]
    assert not play.deliver("order", "8")
    assert play.deliver("order", "7")
    assert sorted(play.open) == ["after_one", "after_two"]
    play.do("after_one").do("after_two")
    assert play.run.finished


def test_a_case_that_waits_for_all_has_a_key() -> None:
    with pytest.raises(Fault) as caught:
        Play(gateway("Parallel", ORDER, PAID), {}, root=ROOT, start={"message": "paid"})

    assert caught.value.element == "one"


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ("<conditionalEventDefinition><condition>=a</condition></conditionalEventDefinition>", "there is no case"),
        ('<errorEventDefinition errorRef="e1"/>', "BPMN starts no process"),
        ('<escalationEventDefinition escalationRef="e2"/>', "BPMN starts no process"),
        ("<compensateEventDefinition/>", "BPMN starts no process"),
    ],
)
def test_what_cannot_begin_a_case_is_refused_with_the_reason(definition: str, reason: str) -> None:
    assert reason in refused(drawn(begins("odd", definition), root=ROOT))["odd"]


def test_a_start_event_that_would_wait_for_all_its_events_is_refused() -> None:
    found = refused(drawn(begins("all", ORDER + PAID, 'parallelMultiple="true"'), root=ROOT))

    assert "parallel event-based gateway" in found["all"]


def test_a_timer_that_begins_a_case_asks_for_no_data() -> None:
    early = "<timerEventDefinition><timeDuration>=period</timeDuration></timerEventDefinition>"

    assert "now() and today() only" in refused(drawn(begins("early", early)))["early"]


@pytest.mark.parametrize(
    ("behind", "where", "reason"),
    [
        (
            (PAID, "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"),
            "two",
            "draw a start",
        ),
        ((PAID, "<conditionalEventDefinition><condition>=a</condition></conditionalEventDefinition>"), "two", "draw a"),
    ],
)
def test_what_cannot_begin_a_case_behind_a_gateway_is_refused(behind: tuple[str, ...], where: str, reason: str) -> None:
    assert reason in refused(drawn(gateway("Exclusive", *behind), root=ROOT))[where]


def test_behind_a_gateway_that_waits_for_all_every_event_finds_its_case_by_a_key() -> None:
    assert "only a message with a key" in refused(drawn(gateway("Parallel", PAID, OPEN), root=ROOT))["two"]
    assert (
        "needs a correlation key"
        in refused(drawn(gateway("Parallel", PAID, 'messageRef="m_keyless"'), root=ROOT))["two"]
    )


def test_a_gateway_in_the_midst_of_a_process_waits_for_one_event_only() -> None:
    body = node("startEvent", "begin") + gateway("Parallel", ORDER, PAID).replace('instantiate="true"', "")

    assert "begins the case" in refused(drawn(body + path("begin", "gate"), root=ROOT))["gate"]


def test_what_begins_a_case_stands_at_the_beginning() -> None:
    receive = node("receiveTask", "hear", "", "", 'messageRef="m_keyless" instantiate="true"')
    body = node("startEvent", "begin") + receive + node("endEvent", "done") + path("begin", "hear", "done")

    assert "nothing leads to it" in refused(drawn(body, root=ROOT))["hear"]


def test_a_message_begins_a_process_at_one_place_only() -> None:
    assert "already starts" in refused(drawn(begins("one", ORDER) + begins("two", ORDER), root=ROOT))["two"]
