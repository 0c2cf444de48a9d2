"""A BPMN file becomes plain frozen values that say everything the file says in our dialect."""

import dataclasses
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.workflow.diagram import Diagram, read
from engine.workflow.elements import Assignment, Event, EventKind, Phase, TimerKind
from tests.workflow.drawing import drawn, flow, node, path, properties, task

MESSAGE = (
    '<message id="m1" name="change_reported"><extensionElements>'
    '<zeebe:subscription correlationKey="=authorisation_id"/></extensionElements></message>'
)
LANES = (
    '<laneSet id="lanes"><lane id="analyst" name="Analista"><flowNodeRef>check</flowNodeRef>'
    "<flowNodeRef>part</flowNodeRef></lane><lane id='director'><flowNodeRef> decide </flowNodeRef></lane></laneSet>"
)


def one(element: str, **more: str) -> Diagram:
    return read(drawn(element, **more))


def test_a_user_task_tells_its_form_role_due_date_and_duties() -> None:
    said = '<zeebe:taskSchedule dueDate="=acceptance_due_at"/>' + properties(
        not_by="check, visit", phase="review", clock="acceptance", documentation_en="Look"
    )
    diagram = one(
        task("decide", form="decision", role="director", said=said, inner="<documentation> Ver </documentation>")
    )

    decide = diagram.elements["decide"]

    assert (decide.kind, decide.name, decide.name_en) == ("userTask", "decide es", "decide")
    assert (decide.form, decide.role, decide.due) == ("decision", "director", "=acceptance_due_at")
    assert decide.not_by == ("check", "visit")
    assert (decide.phase, decide.clock) == ("review", "acceptance")
    assert (decide.documentation, decide.documentation_en) == ("Ver", "Look")


def test_the_lane_is_the_role_where_no_group_is_named() -> None:
    inside = node("subProcess", "part", inner='<userTask id="within"/>')
    late = '<boundaryEvent id="late" attachedToRef="check"/>'
    diagram = one(f'{LANES}<userTask id="check"/>{task("decide", role="committee")}{inside}{late}')

    assert {element.id: element.role for element in diagram.elements.values()} == {
        "check": "analyst",
        "decide": "committee",
        "part": "analyst",
        "within": "analyst",
        "late": "analyst",
    }
    assert diagram.elements["decide"].lane == "director"


def test_a_role_that_is_an_expression_is_no_role() -> None:
    diagram = one(f"{LANES}{task('check', role='=groups')}")

    assert diagram.elements["check"].role is None


def test_contents_of_sub_processes_know_where_they_stand() -> None:
    inner = node("subProcess", "inner", inner='<task id="deepest"/>')
    diagram = one(node("subProcess", "outer", inner=inner))

    deepest = diagram.elements["deepest"]

    assert (deepest.scope, deepest.process) == ("inner", "permit")
    assert diagram.scopes == ("permit", "outer", "inner")


def test_service_tasks_map_their_parameters_and_results() -> None:
    said = (
        '<zeebe:taskDefinition type="applications.accept"/><zeebe:ioMapping>'
        '<zeebe:input source="=id" target="application_id"/><zeebe:output source="=due" target="due"/></zeebe:ioMapping>'
    )
    diagram = one(node("serviceTask", "accept", said))

    accept = diagram.elements["accept"]

    assert accept.service == "applications.accept"
    assert accept.inputs == (Assignment("application_id", "=id"),)
    assert accept.outputs == (Assignment("due", "=due"),)
    assert diagram.services == {"applications.accept"}


@pytest.mark.parametrize(
    ("attributes", "outputs", "everything"),
    [
        ("", "", True),
        ("", '<zeebe:output source="=a" target="a"/>', False),
        ('propagateAllChildVariables="true"', '<zeebe:output source="=a" target="a"/>', True),
        ('propagateAllChildVariables="false"', "", False),
    ],
)
def test_a_call_hands_back_everything_only_where_the_diagram_says_so(
    attributes: str, outputs: str, *, everything: bool
) -> None:
    said = f'<zeebe:calledElement processId="validation" {attributes}/><zeebe:ioMapping>{outputs}</zeebe:ioMapping>'
    diagram = one(node("callActivity", "validate", said))

    assert diagram.elements["validate"].all_out is everything
    assert diagram.called == {"validation"}


def test_scripts_and_conditions_keep_their_text() -> None:
    script = node("scriptTask", "count", '<zeebe:script expression="=1 + 1" resultVariable="two"/>')
    diagram = one(script + flow("count", "choose", "=two &gt; 1"))

    assert (diagram.elements["count"].script, diagram.elements["count"].result) == ("=1 + 1", "two")
    assert diagram.flows["count__choose"].condition == "=two > 1"


def test_a_business_rule_task_names_its_decision_and_where_the_answer_goes() -> None:
    said = '<zeebe:calledDecision decisionId="risk" resultVariable="level"/>'
    diagram = one(node("businessRuleTask", "rate", said))

    rate = diagram.elements["rate"]

    assert (rate.decision, rate.result, rate.extensions) == ("risk", "level", ())


def test_flows_are_known_at_both_ends() -> None:
    diagram = one(node("startEvent", "begin") + task("check") + path("begin", "check"))

    assert diagram.elements["begin"].outgoing == ("begin__check",)
    assert diagram.elements["check"].incoming == ("begin__check",)
    assert diagram.flows["begin__check"].scope == "permit"


@pytest.mark.parametrize(
    ("definition", "event"),
    [
        (
            "<timerEventDefinition><timeDuration> PT1H </timeDuration></timerEventDefinition>",
            Event(EventKind.TIMER, text="PT1H", timer=TimerKind.DURATION),
        ),
        (
            "<timerEventDefinition><timeCycle>=cycle</timeCycle></timerEventDefinition>",
            Event(EventKind.TIMER, text="=cycle", timer=TimerKind.CYCLE),
        ),
        ("<timerEventDefinition/>", Event(EventKind.TIMER)),
        (
            '<messageEventDefinition messageRef="m1"/>',
            Event(EventKind.MESSAGE, name="change_reported", ref="m1", key="=authorisation_id"),
        ),
        ('<messageEventDefinition messageRef="lost"/>', Event(EventKind.MESSAGE, ref="lost")),
        ('<signalEventDefinition signalRef="s1"/>', Event(EventKind.SIGNAL, name="closing", ref="s1")),
        ('<errorEventDefinition errorRef="e1"/>', Event(EventKind.ERROR, name="no_fee", ref="e1")),
        (
            "<conditionalEventDefinition><condition>=a</condition></conditionalEventDefinition>",
            Event(EventKind.CONDITION, text="=a"),
        ),
        ("<terminateEventDefinition/>", Event(EventKind.TERMINATE)),
        ('<linkEventDefinition name="there"/>', Event(EventKind.LINK, name="there")),
    ],
)
def test_events_say_what_they_wait_for(definition: str, event: Event) -> None:
    root = f'{MESSAGE}<signal id="s1" name="closing"/><error id="e1" name="Sin pago" errorCode="no_fee"/>'

    diagram = one(node("intermediateCatchEvent", "wait", inner=definition), root=root)

    assert diagram.elements["wait"].event == event


def test_a_thrown_message_takes_its_key_from_a_property() -> None:
    thrown = node("sendTask", "tell", properties(correlationKey="=authorisation_id"), attributes='messageRef="m1"')

    diagram = one(thrown, root='<message id="m1" name="change_reported"/>')

    assert diagram.elements["tell"].event == Event(
        EventKind.MESSAGE, name="change_reported", ref="m1", key="=authorisation_id"
    )


def test_a_boundary_event_says_what_it_hangs_on_and_whether_it_interrupts() -> None:
    late = '<boundaryEvent id="late" attachedToRef="check" cancelActivity="false"/>'

    diagram = one(task("check") + late)

    assert [(event.id, event.interrupting) for event in diagram.attached("check")] == [("late", False)]


def test_loops_say_over_what_they_go() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true"><extensionElements><zeebe:loopCharacteristics '
        'inputCollection="=sites" inputElement="site" outputCollection="reports" outputElement="=report"/>'
        "</extensionElements><completionCondition>=enough</completionCondition></multiInstanceLoopCharacteristics>"
    )
    diagram = one(task("visit", inner=loop))

    drawn_loop = diagram.elements["visit"].loop

    assert drawn_loop is not None
    assert (drawn_loop.kind, drawn_loop.collection, drawn_loop.item) == ("sequential", "=sites", "site")
    assert (drawn_loop.results, drawn_loop.result, drawn_loop.until) == ("reports", "=report", "=enough")


def test_the_process_says_its_phases_who_may_start_it_and_with_which_form() -> None:
    said = properties(series="OC", start_roles="preparer, signatory", phases="review|Revisión|Review, end|Fin|End")
    start = node("startEvent", "begin", '<zeebe:formDefinition formId="new_application"/>')
    message = node("startEvent", "told", inner='<messageEventDefinition messageRef="m1"/>')

    diagram = one(start + message + task("check"), said=said, root=MESSAGE)

    assert (diagram.process_id, diagram.name, diagram.name_en, diagram.series) == ("permit", "Permiso", "Permit", "OC")
    assert diagram.phases == (Phase("review", "Revisión", "Review"), Phase("end", "Fin", "End"))
    assert diagram.start_roles == ("preparer", "signatory")
    assert diagram.roles == {"preparer", "signatory", "analyst"}
    assert diagram.start_form() == "new_application"
    assert diagram.forms == {"new_application", "review"}
    assert diagram.messages_started == {"change_reported"}


def test_other_pools_are_pictures() -> None:
    pools = (
        '<collaboration id="c"><participant id="us" name="Aduana" processRef="permit"/>'
        '<participant id="them" name="Operador" processRef="theirs"/></collaboration>'
        '<process id="theirs"><userTask id="prepare_papers"/></process>'
    )
    diagram = one(task("check"), root=pools)

    assert list(diagram.elements) == ["check"]
    assert diagram.pools == ("Aduana", "Operador")


def test_what_is_drawn_has_a_shape() -> None:
    shapes = (
        '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="check"/>'
        '<bpmndi:BPMNEdge bpmnElement="check__visit"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    diagram = one(task("check") + task("visit") + path("check", "visit"), root=shapes)

    assert {element.id: element.has_shape for element in diagram.elements.values()} == {"check": True, "visit": False}
    assert diagram.flows["check__visit"].has_shape


def test_what_nothing_reads_is_kept_for_the_checks() -> None:
    odd = node(
        "userTask", "check", '<zeebe:executionListeners/><camunda:formData/><zeebe:formDefinition formKey="x"/>',
        inner="<potentialOwner/>",
    )  # fmt: skip
    diagram = one(f"{odd}<magicTask id='abracadabra'/><camunda:foo/><ioSpecification/>")

    check = diagram.elements["check"]

    assert check.extensions == ("zeebe:executionListeners", "camunda:formData", "zeebe:formDefinition formKey")
    assert check.extras == ("potentialOwner",)
    assert diagram.elements["abracadabra"].kind == "magicTask"
    assert [(stranger.where, stranger.tag) for stranger in diagram.strangers] == [
        ("permit", "foo"),
        ("permit", "ioSpecification"),
    ]


def test_a_diagram_cannot_be_changed() -> None:
    diagram = one(task("check"))

    with pytest.raises(dataclasses.FrozenInstanceError):
        diagram.elements["check"].name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        diagram.elements["more"] = diagram.elements["check"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("data", "where", "reason"),
    [
        (b"<svg/>", "line 1", "not a BPMN 2.0 diagram"),
        (drawn("").replace(b'isExecutable="true"', b""), "permit", "No process of the file is executable"),
        (
            drawn("", root='<process id="other" isExecutable="true"/>'),
            "permit",
            "several executable processes (other, permit)",
        ),
        (drawn('<task id="a"/><task id="a"/>'), "a", "is given to 2 elements"),
        (drawn("\n<task/>"), "line 2", "The task in line 2 has no id"),
        (drawn("\n\n<sequenceFlow/>"), "line 3", "The sequenceFlow in line 3 has no id"),
    ],
)
def test_what_is_no_diagram_is_refused_with_place_and_reason(data: bytes, where: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(data, name="permit.bpmn")

    assert "permit.bpmn" in str(refusal.value)
    assert refusal.value.problems[0].where == where
    assert reason in str(refusal.value.problems[0])


WHOLE = drawn(
    LANES
    + node("startEvent", "begin", '<zeebe:formDefinition formId="new"/>')
    + task("check", said=properties(not_by="decide"))
    + node("subProcess", "part", inner=node("startEvent", "b2") + task("decide") + path("b2", "decide"))
    + node("intermediateCatchEvent", "wait", inner='<messageEventDefinition messageRef="m1"/>')
    + path("begin", "check", "part", "wait"),
    root=MESSAGE,
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.binary(max_size=6)), max_size=4))
@settings(max_examples=300)
def test_a_damaged_diagram_is_read_or_refused_and_nothing_else(damage: list[tuple[int, int, bytes]]) -> None:
    data = WHOLE
    for place, length, instead in damage:
        data = data[:place] + instead + data[place + length :]

    with suppress(Invalid):
        read(data)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_diagram_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        read(WHOLE[:length])
