"""Transactions: cancelled as a whole, undone in reverse order, and left where the diagram says; a hazard undoes nothing."""

import pytest

from tests.workflow.drawing import drawn, node, path, plain, refused, task
from tests.workflow.playing import Play
from tests.workflow.test_compensation import EACH, compensable, handling, throwing, undone_in_turn

CANCEL = "<cancelEventDefinition/>"
ERROR = '<errorEventDefinition errorRef="e1"/>'
ROOT = '<error id="e1" name="bad" errorCode="bad"/><signal id="s1" name="now"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'


def at(name: str, definition: str, host: str = "trip") -> str:
    return node("boundaryEvent", name, inner=definition, attributes=f'attachedToRef="{host}"')


def trip(*more: str, loop: str = "") -> str:
    """Hotel, then flight beside a choice: go on, cancel or fail."""
    inner = node("startEvent", "b") + compensable("hotel") + compensable("flight") + task("beside")
    inner += node("parallelGateway", "fork") + node("exclusiveGateway", "how", attributes='default="how__good"')
    inner += node("endEvent", "good") + node("endEvent", "stop", inner=CANCEL) + node("endEvent", "bad", inner=ERROR)
    inner += (
        node("endEvent", "aside")
        + path("b", "fork", "hotel", "flight", "how", "good")
        + path("fork", "beside", "aside")
    )
    for target in ("stop", "bad"):
        inner += f'<sequenceFlow id="to_{target}" sourceRef="how" targetRef="{target}">'
        inner += f'<conditionExpression>=how = "{target}"</conditionExpression></sequenceFlow>'
    return node("transaction", "trip", inner=inner + "".join(more) + loop)


def whole(*more: str, after: str = "") -> str:
    parts = trip(*more) + at("cancelled", CANCEL) + at("failed", ERROR) + at("called_off", SIGNAL)
    parts += task("booked") + task("excused") + task("mended") + task("off") + after
    body = plain(parts, names="trip booked") + path("cancelled", "excused", "done") + path("failed", "mended", "done")
    return body + path("called_off", "off", "done")


def test_a_transaction_that_succeeds_goes_on() -> None:
    play = Play(whole(), root=ROOT).do("hotel").do("flight", how="good").do("beside")

    assert refused(drawn(whole(), root=ROOT)) == {}
    assert play.open == ["booked"]


def test_a_cancelled_transaction_is_undone_in_reverse_order_and_then_left() -> None:
    play = Play(whole(), root=ROOT).do("hotel").do("flight", how="stop")

    assert play.open == ["undo_flight"]
    assert undone_in_turn(play) == ["undo_flight", "undo_hotel"]
    assert play.open == ["excused"]
    assert play.run.waits() == []
    assert play.do("excused").run.finished


def test_only_a_hazard_ends_a_transaction_that_is_being_undone() -> None:
    play = Play(whole(), root=ROOT).do("hotel").do("flight", how="stop").signal("now")

    assert play.open == ["undo_flight"]
    assert play.run.waits() == []


def test_a_cancelled_transaction_with_nothing_to_undo_is_left_at_once() -> None:
    inner = node("startEvent", "b") + node("endEvent", "stop", inner=CANCEL) + path("b", "stop")
    body = plain(node("transaction", "trip", inner=inner) + at("cancelled", CANCEL) + task("excused"), names="trip")

    assert Play(body + path("cancelled", "excused")).open == ["excused"]


def test_a_hazard_undoes_nothing() -> None:
    play = Play(whole(), root=ROOT).do("hotel").do("flight", how="bad")

    assert play.open == ["mended"]


def test_a_cancel_from_a_sub_process_inside_cancels_the_transaction() -> None:
    inner = node("startEvent", "ib") + task("ask") + node("endEvent", "stop", inner=CANCEL) + path("ib", "ask", "stop")
    part = node("startEvent", "b") + compensable("a") + node("subProcess", "part", inner=inner) + node("endEvent", "e")
    part += path("b", "a", "part", "e")
    body = plain(node("transaction", "trip", inner=part) + at("cancelled", CANCEL) + task("excused"), names="trip")
    play = Play(body + path("cancelled", "excused", "done")).do("a").do("ask")

    assert refused(drawn(body + path("cancelled", "excused", "done"))) == {}
    assert undone_in_turn(play) == ["undo_a"]
    assert play.open == ["excused"]


def test_a_completed_transaction_can_be_compensated_later() -> None:
    body = plain(trip() + at("cancelled", CANCEL) + at("failed", ERROR) + throwing(), names="trip throw")
    body += path("cancelled", "done") + path("failed", "done")
    play = Play(body, root=ROOT).do("hotel").do("flight", how="good").do("beside")

    assert undone_in_turn(play) == ["undo_flight", "undo_hotel"]
    assert play.run.finished


def test_an_event_sub_process_may_cancel_its_transaction() -> None:
    stop = node("endEvent", "called", inner=CANCEL)
    start = node("startEvent", "come", inner=SIGNAL, attributes='isInterrupting="false"')
    event = node("subProcess", "off", inner=start + stop + path("come", "called"), attributes='triggeredByEvent="true"')
    inner = (
        node("startEvent", "b") + compensable("a") + task("ask") + node("endEvent", "e") + path("b", "a", "ask", "e")
    )
    body = plain(
        node("transaction", "trip", inner=inner + event) + at("cancelled", CANCEL) + task("excused"), names="trip"
    )
    play = Play(body + path("cancelled", "excused"), root=ROOT).do("a").signal("now")

    assert undone_in_turn(play) == ["undo_a"]
    assert play.open == ["excused"]


def test_a_cancel_of_one_of_several_instances_cancels_and_undoes_them_all() -> None:
    inner = (
        node("startEvent", "b")
        + compensable("hotel")
        + task("ask")
        + node("exclusiveGateway", "how", attributes='default="how__e"')
    )
    inner += node("endEvent", "e") + node("endEvent", "stop", inner=CANCEL) + path("b", "hotel", "ask", "how", "e")
    inner += '<sequenceFlow id="x" sourceRef="how" targetRef="stop"><conditionExpression>=stop</conditionExpression></sequenceFlow>'
    part = node("transaction", "trip", inner=inner + EACH.format(""))
    body = plain(part + at("cancelled", CANCEL) + task("excused"), names="trip") + path("cancelled", "excused")
    play = Play(body, {"items": ["x", "y", "z"], "stop": False})
    for _ in range(3):
        play.do("hotel")

    play.do("ask").do("ask", stop=True)
    assert sorted(play.open) == ["undo_hotel", "undo_hotel"]
    play.do("undo_hotel").do("undo_hotel")
    (opened,) = play.run.open_tasks()

    assert (opened.element, play.run.task_data(opened.id)["item"]) == ("undo_hotel", "x")
    assert play.do("undo_hotel").open == ["excused"]


@pytest.mark.parametrize(
    ("body", "where", "reason"),
    [
        (node("startEvent", "b") + node("endEvent", "stop", inner=CANCEL) + path("b", "stop"), "stop", "is in none"),
        (plain(trip(), names="trip"), "stop", "attach a cancel event"),
        (
            plain(task("trip") + at("cancelled", CANCEL), names="trip") + path("cancelled", "done"),
            "cancelled",
            "attach cancelled to one",
        ),
        (
            plain(trip() + at("one", CANCEL) + at("two", CANCEL), names="trip")
            + path("one", "done")
            + path("two", "done"),
            "two",
            "several cancel events",
        ),
        (
            plain(trip() + at("one", CANCEL).replace("attached", 'cancelActivity="false" attached'), names="trip")
            + path("one", "done"),
            "one",
            "always interrupts",
        ),
        (plain(task("a") + handling("h", CANCEL, task("u"), "u"), names="a"), "h_b", "does not run here"),
    ],
)
def test_a_cancel_that_cancels_no_transaction_is_refused(body: str, where: str, reason: str) -> None:
    assert reason in refused(drawn(body, root=ROOT))[where]
