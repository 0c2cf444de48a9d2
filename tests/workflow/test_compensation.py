"""What was completed is undone: in reverse order, once for each completion, with the data of then."""

import pytest

from engine.workflow.codec import unpacked
from tests.workflow.drawing import drawn, flow, node, path, plain, refused, task
from tests.workflow.playing import Play
from tests.workflow.test_data import mapping

UNDO = "<compensateEventDefinition/>"
EACH = (
    "<multiInstanceLoopCharacteristics{}><extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
)


def compensable(name: str, inner: str = "", *, handler: str = "") -> str:
    """A user task `name`, with the user task `undo_name` to compensate it."""
    return task(name, inner=inner) + undone(name, handler or undoing(f"undo_{name}"))


def undone(name: str, handler: str) -> str:
    event = node("boundaryEvent", f"{name}_event", inner=UNDO, attributes=f'attachedToRef="{name}"')
    joined = f'<association id="{name}_joined" sourceRef="{name}_event" targetRef="undo_{name}"/>'
    return event + handler + joined


def undoing(name: str, said: str = "") -> str:
    return task(name, said=said).replace(f'id="{name}"', f'id="{name}" isForCompensation="true"', 1)


def throwing(name: str = "throw", attributes: str = "", kind: str = "intermediateThrowEvent") -> str:
    return node(kind, name, inner=f"<compensateEventDefinition {attributes}/>")


def sub(name: str, inner: str, names: str, attributes: str = "", kind: str = "subProcess") -> str:
    around = (
        node("startEvent", f"{name}_b") + node("endEvent", f"{name}_e") + path(f"{name}_b", *names.split(), f"{name}_e")
    )
    return node(kind, name, inner=inner + around, attributes=attributes)


def handling(name: str, definition: str, inner: str, names: str, attributes: str = "") -> str:
    """An event sub-process."""
    start = node("startEvent", f"{name}_b", inner=definition, attributes=attributes)
    inner = start + inner + node("endEvent", f"{name}_e") + path(f"{name}_b", *names.split(), f"{name}_e")
    return node("subProcess", name, inner=inner, attributes='triggeredByEvent="true"')


def undone_in_turn(play: Play) -> list[str]:
    """Does each handler that opens, one after the other: never two at once."""
    order = []
    while any(name.startswith("undo_") for name in play.open):
        (name,) = [name for name in play.open if name.startswith("undo_")]
        order.append(name)
        play.do(name)
    return order


def test_completed_activities_are_undone_in_reverse_order_and_the_throw_waits() -> None:
    body = plain(compensable("a") + compensable("b") + throwing() + task("after"), names="a b throw after")
    play = Play(body)
    assert refused(drawn(body)) == {}

    play.do("a").do("b")
    assert play.open == ["undo_b"]
    play.run.take_steps()
    assert play.do("undo_b").open == ["undo_a"]
    assert [(step.element, step.kind) for step in play.run.take_steps()] == [
        ("undo_b", "completed"),
        ("b", "compensated"),
        ("undo_a", "entered"),
    ]
    assert play.do("undo_a").open == ["after"]
    assert play.do("after").run.finished


def test_a_handler_is_never_part_of_normal_flow() -> None:
    play = Play(plain(compensable("a"), names="a"))

    assert play.open == ["a"]
    assert play.do("a").run.finished
    assert not [step for step in play.run.take_steps() if step.element in {"undo_a", "a_event"}]


def test_what_goes_on_is_not_compensated() -> None:
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + compensable("a") + compensable("b")
    body += throwing() + path("begin", "fork", "a", "throw") + path("fork", "b")
    play = Play(body).do("a")

    assert sorted(play.open) == ["b", "undo_a"]
    assert undone_in_turn(play) == ["undo_a"]
    assert play.do("b").run.finished


def test_nothing_to_compensate_is_no_error() -> None:
    assert Play(plain(throwing() + compensable("a") + task("then"), names="throw a then")).do("a").open == ["then"]


def test_a_throw_may_name_the_activity() -> None:
    parts = compensable("a") + compensable("b") + throwing("first", 'activityRef="a"') + throwing("second")
    body = plain(parts, names="a b first second")

    assert refused(drawn(body)) == {}
    assert undone_in_turn(Play(body).do("a").do("b")) == ["undo_a", "undo_b"]


def test_a_throw_that_does_not_wait_goes_on_at_once() -> None:
    parts = compensable("a") + throwing(attributes='waitForCompletion="false"') + task("after")
    play = Play(plain(parts, names="a throw after")).do("a")

    assert sorted(play.open) == ["after", "undo_a"]
    assert not play.do("after").run.finished
    assert play.do("undo_a").run.finished


def test_a_compensation_end_event_ends_when_all_is_undone() -> None:
    body = node("startEvent", "begin") + compensable("a") + throwing("end", kind="endEvent") + path("begin", "a", "end")
    play = Play(body).do("a")

    assert not play.run.finished
    assert undone_in_turn(play) == ["undo_a"]
    assert play.run.finished
    assert play.run.ends == ("end",)


def test_each_turn_of_a_loop_is_undone_once() -> None:
    body = node("startEvent", "begin") + node("exclusiveGateway", "merge") + compensable("a") + throwing()
    body += node("exclusiveGateway", "again", attributes='default="again__throw"') + node("endEvent", "done")
    body += path("begin", "merge", "a", "again", "throw", "done") + flow("again", "merge", "=more")
    play = Play(body).do("a", more=True).do("a", more=True).do("a", more=False)

    assert undone_in_turn(play) == ["undo_a", "undo_a", "undo_a"]
    assert play.run.finished


@pytest.mark.parametrize("sequential", ["", ' isSequential="true"'])
def test_each_of_several_instances_is_undone_with_its_own_item(sequential: str) -> None:
    parts = compensable("a", EACH.format(sequential)) + throwing()
    play = Play(plain(parts, names="a throw"), {"items": ["x", "y"]}).do("a").do("a")
    seen = []

    while play.open:
        (opened,) = play.run.open_tasks()
        seen.append(play.run.task_data(opened.id)["item"])
        play.do(opened.element)

    assert seen == ["y", "x"]
    assert play.run.finished


def test_instances_are_not_undone_while_others_of_them_go_on() -> None:
    body = node("startEvent", "begin") + node("parallelGateway", "fork") + compensable("a", EACH.format(""))
    body += task("go") + throwing() + path("begin", "fork", "a") + path("fork", "go", "throw")
    play = Play(body, {"items": [1, 2]}).do("a").do("go")

    assert play.open == ["a"]


def test_a_completed_sub_process_is_undone_from_inside() -> None:
    inner = compensable("a") + compensable("b")
    body = plain(sub("part", inner, "a b") + compensable("c") + throwing(), names="part c throw")
    play = Play(body).do("a").do("b").do("c")

    assert refused(drawn(body)) == {}
    assert undone_in_turn(play) == ["undo_c", "undo_b", "undo_a"]
    assert play.run.finished
    told = [step.element for step in play.run.take_steps() if step.kind == "compensated"]
    assert told == ["a", "part"]


def test_a_handler_at_the_boundary_undoes_a_sub_process_as_a_whole() -> None:
    inner = sub("part", compensable("a"), "a") + undone("part", undoing("undo_part"))
    play = Play(plain(inner + throwing(), names="part throw")).do("a")

    assert undone_in_turn(play) == ["undo_part"]
    assert play.run.finished


def test_a_compensation_event_sub_process_sees_the_data_of_its_sub_process() -> None:
    undo = handling("undoing", UNDO, task("undo_all") + throwing("inside"), "undo_all inside")
    each = EACH.format("")
    part = sub("part", compensable("a") + undo, "a").replace("</subProcess>", "</subProcess>", 1)
    part = part[: part.rindex("</subProcess>")] + each + "</subProcess>"
    body = plain(part + throwing(), names="part throw")
    play = Play(body, {"items": ["x", "y"]}).do("a").do("a")
    seen = []

    assert refused(drawn(body)) == {}
    while play.open:
        (opened,) = play.run.open_tasks()
        seen.append((opened.element, play.run.task_data(opened.id)["item"]))
        play.do(opened.element)

    assert seen == [("undo_all", "y"), ("undo_a", "y"), ("undo_all", "x"), ("undo_a", "x")]
    assert play.run.finished


def test_a_called_process_is_undone_with_its_own_data() -> None:
    called = node("startEvent", "b") + compensable("a") + node("endEvent", "e") + path("b", "a", "e")
    said = '<zeebe:calledElement processId="called" propagateAllParentVariables="false"/>'
    call = node("callActivity", "call", said + mapping(("input", "=n", "mine")))
    play = Play(
        plain(call + task("then") + throwing(), names="call then throw"),
        {"n": 1},
        called={"called": drawn(called, process="called")},
    )
    play.do("a", mine=2).do("then", n=3)
    (opened,) = play.run.open_tasks()

    assert opened.element == "undo_a"
    assert play.run.task_data(opened.id) == {"mine": 2}
    assert play.do("undo_a").run.finished


def test_an_error_handler_undoes_what_its_sub_process_had_done() -> None:
    error = '<errorEventDefinition errorRef="e1"/>'
    mend = handling("mend", error, throwing("undo"), "undo")
    inner = node("startEvent", "b") + compensable("a") + compensable("c") + node("endEvent", "bad", inner=error)
    inner += path("b", "a", "c", "bad") + mend
    body = plain(node("subProcess", "part", inner=inner) + task("after"), names="part after")
    play = Play(body, root='<error id="e1" name="bad" errorCode="bad"/>').do("a").do("c")

    assert refused(drawn(body, root='<error id="e1" name="bad" errorCode="bad"/>')) == {}
    assert undone_in_turn(play) == ["undo_c", "undo_a"]
    assert play.open == ["after"]


def test_what_a_boundary_event_brought_about_is_undone_before_its_activity() -> None:
    come = node(
        "boundaryEvent",
        "come",
        inner='<signalEventDefinition signalRef="s1"/>',
        attributes='attachedToRef="a" cancelActivity="false"',
    )
    body = plain(compensable("a") + come + compensable("b") + throwing(), names="a throw") + path("come", "b")
    play = Play(body, root='<signal id="s1" name="now"/>').signal("now").do("b").do("a")

    assert undone_in_turn(play) == ["undo_b", "undo_a"]


def test_an_interrupted_activity_leaves_nothing_to_undo() -> None:
    come = node(
        "boundaryEvent", "come", inner='<signalEventDefinition signalRef="s1"/>', attributes='attachedToRef="part"'
    )
    body = plain(
        sub("part", compensable("a") + task("b"), "a b") + come + throwing() + task("then"), names="part throw then"
    )
    play = Play(body + path("come", "throw"), root='<signal id="s1" name="now"/>').do("a").signal("now")

    assert play.open == ["then"]


def test_a_handler_may_be_a_sub_process_that_fails_at_its_boundary() -> None:
    error = '<errorEventDefinition errorRef="e1"/>'
    inner = (
        node("startEvent", "b")
        + task("undo_step")
        + node("endEvent", "bad", inner=error)
        + path("b", "undo_step", "bad")
    )
    handler = node("subProcess", "undo_a", inner=inner, attributes='isForCompensation="true"')
    handler += node("boundaryEvent", "failed", inner=error, attributes='attachedToRef="undo_a"')
    body = plain(compensable("a", handler=handler) + compensable("c") + throwing() + task("mend"), names="c a throw")
    body += path("failed", "mend", "done")
    play = Play(body, root='<error id="e1" name="bad" errorCode="bad"/>').do("c").do("a").do("undo_step")

    assert sorted(play.open) == ["mend", "undo_c"]
    assert play.do("undo_c").open == ["mend"]
    assert play.do("mend").run.finished


def records(play: Play) -> list[list[str]]:
    """What the stored state keeps to undo, scope by scope."""
    state = unpacked(play.definition, play.run.dump())
    return [[record["at"] for record in scope.get("records", ())] for scope in state["scopes"]]


def test_the_state_keeps_what_can_be_undone_no_longer_than_its_scope() -> None:
    part = sub("part", compensable("a"), "a")
    part = part[: part.rindex("</subProcess>")] + EACH.format("") + "</subProcess>"
    whole = sub("whole", part + task("then"), "part then") + undone("whole", undoing("undo_whole"))
    play = Play(plain(whole + task("after") + throwing(), names="whole after throw"), {"items": [1]}).do("a")

    assert records(play) == [[], ["#part [each]"]]
    assert records(play.do("then")) == [["#whole"]]
    assert records(play.do("after")) == [[]]
    assert play.do("undo_whole").run.finished


def test_a_case_that_has_ended_remembers_nothing() -> None:
    play = Play(plain(throwing() + compensable("a") + task("after"), names="throw a after")).do("a")

    assert records(play) == [["#a"]]
    assert records(play.do("after")) == [[]]


def test_a_case_that_nothing_undoes_remembers_nothing() -> None:
    assert records(Play(plain(compensable("a") + task("after"), names="a after")).do("a")) == [[]]


ASSOCIATED = '<association id="joined" sourceRef="a_event" targetRef="undo_a"/>'


@pytest.mark.parametrize(
    ("body", "where", "reason"),
    [
        (
            plain(compensable("a"), names="a").replace(ASSOCIATED.replace("joined", "a_joined"), ""),
            "a_event",
            "Join a_event",
        ),
        (plain(compensable("a"), names="a").replace(' isForCompensation="true"', ""), "a_event", "Join a_event"),
        (plain(compensable("a"), names="a") + path("a_event", "done"), "a_event", "Nothing can follow a_event"),
        (plain(compensable("a"), names="a") + path("undo_a", "done"), "undo_a", "Nothing can follow undo_a"),
        (plain(compensable("a"), names="a") + path("begin", "undo_a"), "undo_a", "No flow can lead to undo_a"),
        (plain(undoing("x") + task("a"), names="a"), "x", "is for compensation; join it"),
        (
            plain(compensable("a") + undone("undo_a", undoing("undo_undo_a")), names="a"),
            "undo_a",
            "cannot be compensated",
        ),
        (plain(task("a") + throwing(attributes='activityRef="a"'), names="a throw"), "throw", "nothing says how"),
        (plain(task("a") + throwing(attributes='activityRef="x"'), names="a throw"), "throw", "not in the same"),
        (
            plain(sub("part", compensable("a"), "a") + throwing(attributes='activityRef="a"'), names="part throw"),
            "throw",
            "not in the same",
        ),
        (
            plain(
                sub("part", task("a") + handling("h", UNDO, task("u"), "u"), "a")
                + undone("part", undoing("undo_part")),
                names="part",
            ),
            "part",
            "in several ways",
        ),
    ],
)
def test_what_could_not_be_undone_as_drawn_is_refused(body: str, where: str, reason: str) -> None:
    assert reason in refused(drawn(body))[where]


def test_a_compensation_is_no_message_that_something_could_wait_for() -> None:
    assert (
        "does not run here"
        in refused(drawn(plain(node("intermediateCatchEvent", "odd", inner=UNDO), names="odd")))["odd"]
    )
