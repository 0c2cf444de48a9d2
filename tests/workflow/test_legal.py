"""What other tools write in a rare but legal way means the same as the plain way, and runs."""

import pytest

from engine.domain.errors import Invalid
from engine.workflow import plain_text, read, read_all
from engine.workflow.elements import EventKind, TimerKind
from tests.workflow.drawing import NAMESPACES, drawn, flow, node, path, task

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OTHER = (
    '<?xml version="1.0" encoding="UTF-8"?><!-- drawn elsewhere -->'
    f'<bpmn2:definitions xmlns:bpmn2="{MODEL}" xmlns:tns="https://example.org/p" xmlns:o="https://example.org/o" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="https://example.org/p">{root}'
    '<bpmn2:process id="permit" isExecutable=" 1 ">{body}</bpmn2:process></bpmn2:definitions>'
)


def other(body: str, root: str = "") -> bytes:
    return OTHER.format(body=body, root=root).encode()


def test_a_reference_with_a_prefix_is_the_id_behind_it() -> None:
    diagram = read(
        other(
            '<bpmn2:laneSet id="l"><bpmn2:lane id="analyst"><bpmn2:flowNodeRef>\n tns:look </bpmn2:flowNodeRef>'
            '</bpmn2:lane></bpmn2:laneSet><bpmn2:userTask id="look" default="tns:go">'
            "<bpmn2:outgoing>tns:go</bpmn2:outgoing></bpmn2:userTask>"
            '<bpmn2:boundaryEvent id="late" attachedToRef="tns:look"><bpmn2:messageEventDefinition messageRef="tns:m"/>'
            '</bpmn2:boundaryEvent><bpmn2:callActivity id="ask" calledElement="tns:validation"/>'
            '<bpmn2:sequenceFlow id="go" sourceRef=" tns:look " targetRef="tns:ask"/>',
            '<bpmn2:message id="m" name="change_reported"/>',
        )
    )

    look, late = diagram.elements["look"], diagram.elements["late"]

    assert (look.lane, look.default, look.outgoing) == ("analyst", "go", ("go",))
    assert (late.attached_to, [event.name for event in late.events]) == ("look", ["change_reported"])
    assert diagram.elements["ask"].incoming == ("go",)
    assert diagram.called == {"validation"}


def test_a_reference_into_another_file_is_not_one_into_this_one() -> None:
    diagram = read(
        other(
            '<bpmn2:receiveTask id="wait" messageRef="o:m"/>',
            '<bpmn2:import importType="x" location="o.bpmn" namespace="https://example.org/o"/>'
            '<bpmn2:message id="m" name="change_reported"/>',
        )
    )

    (event,) = diagram.elements["wait"].events

    assert (event.name, event.ref) == ("", "o:m")


def test_definitions_may_stand_at_the_root_and_be_referred_to() -> None:
    root = (
        '<bpmn2:timerEventDefinition id="hour"><bpmn2:timeDuration id="d">PT1H</bpmn2:timeDuration>'
        '</bpmn2:timerEventDefinition><bpmn2:signalEventDefinition id="s" signalRef="tns:closing"/>'
        '<bpmn2:signal id="closing" name="closing"/>'
    )
    refs = "<bpmn2:eventDefinitionRef>{}</bpmn2:eventDefinitionRef>"
    event = '<bpmn2:intermediateCatchEvent id="{}">{}</bpmn2:intermediateCatchEvent>'
    body = event.format("one", refs.format("tns:hour")) + event.format("two", refs.format("hour") + refs.format("s"))

    diagram = read(other(body, root))

    (one,) = diagram.elements["one"].events
    assert (one.kind, one.timer, one.text) == (EventKind.TIMER, TimerKind.DURATION, "PT1H")
    assert [event.kind for event in diagram.elements["two"].events] == [EventKind.TIMER, EventKind.SIGNAL]
    assert [event.name for event in diagram.elements["two"].events] == ["", "closing"]


def test_a_definition_that_is_not_there_is_not_passed_over() -> None:
    body = '<intermediateCatchEvent id="one"><eventDefinitionRef>lost</eventDefinitionRef></intermediateCatchEvent>'

    assert read(drawn(body)).elements["one"].extras == ("eventDefinitionRef",)


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ('<bpmn2:task xsi:type="bpmn2:tUserTask" id="a"/>', "userTask"),
        ('<bpmn2:flowElement xsi:type="bpmn2:tScriptTask" id="a"/>', "scriptTask"),
        ('<bpmn2:subProcess xsi:type="bpmn2:tTransaction" id="a"/>', "transaction"),
        ('<bpmn2:task xsi:type="bpmn2:tTask" id="a"/>', "task"),
        ('<bpmn2:task xsi:type="o:tUserTask" id="a"/>', "task"),
    ],
)
def test_an_element_is_what_its_type_says(element: str, kind: str) -> None:
    assert read(other(element)).elements["a"].kind == kind


def test_white_space_around_ids_and_truths_means_nothing() -> None:
    diagram = read(
        other(
            '<bpmn2:userTask id="\n  look "/><bpmn2:boundaryEvent id="late" attachedToRef=" look" cancelActivity="0"/>'
            '<bpmn2:subProcess id="part" triggeredByEvent=" true "/>'
        )
    )

    assert list(diagram.elements) == ["look", "late", "part"]
    assert not diagram.elements["late"].interrupting
    assert diagram.elements["part"].event_subprocess


def test_an_expression_may_be_typed_and_stand_in_a_section_of_characters() -> None:
    typed = (
        '<bpmn2:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn2:conditionExpression '
        'xsi:type="bpmn2:tFormalExpression"><![CDATA[ =x > 1 and <!-- no comment --> y ]]></bpmn2:conditionExpression>'
        "</bpmn2:sequenceFlow>"
    )

    assert read(other(typed)).flows["f"].condition == "=x > 1 and <!-- no comment --> y"


def test_a_comment_does_not_cut_an_expression_in_two() -> None:
    diagram = read(drawn(task("a") + flow("a", "b", "=x &gt;<!-- more than -->1 <?tool hint?>and y")))

    assert diagram.flows["a__b"].condition == "=x >1 and y"


def test_only_its_own_documentation_belongs_to_an_element() -> None:
    inner = node("subProcess", "part", inner='<task id="deep"><documentation>Deep</documentation></task>')

    assert read(drawn(inner)).elements["part"].documentation == ""


def test_incoming_and_outgoing_may_be_missing_and_order_the_flows_where_they_are_not() -> None:
    listed = "<outgoing>a__c</outgoing><outgoing>a__b</outgoing>"
    flows = flow("a", "b", "=x") + flow("a", "c", "=x") + flow("a", "d", "=x")

    unlisted = read(drawn(node("exclusiveGateway", "a") + flows))
    ordered = read(drawn(node("exclusiveGateway", "a", inner=listed) + flows))

    assert unlisted.elements["a"].outgoing == ("a__b", "a__c", "a__d")
    assert ordered.elements["a"].outgoing == ("a__c", "a__b", "a__d")


def test_the_innermost_lane_counts_also_in_sub_processes() -> None:
    lanes = (
        '<laneSet id="s"><lane id="office"><flowNodeRef>look</flowNodeRef><flowNodeRef>ask</flowNodeRef>'
        '<flowNodeRef>part</flowNodeRef><childLaneSet id="c"><lane id="analyst"><flowNodeRef>look</flowNodeRef></lane>'
        "</childLaneSet></lane></laneSet>"
    )
    own = '<laneSet id="t"><lane id="director"><flowNodeRef>sign</flowNodeRef></lane></laneSet>'
    part = node("subProcess", "part", inner=f'{own}<userTask id="sign"/><userTask id="store"/>')
    diagram = read(drawn(f'{lanes}<userTask id="look"/><userTask id="ask"/>{part}'))

    assert {id_: element.lane for id_, element in diagram.elements.items()} == {
        "look": "analyst",
        "ask": "office",
        "part": "office",
        "sign": "director",
        "store": "office",
    }


TWO = (
    f"<definitions {NAMESPACES} xmlns:p='https://example.org/permit'><collaboration id='c'>"
    "<participant id='us' name='Aduana' processRef='p:permit'/><participant id='them' name='Operador' "
    "processRef='p:reply'/><messageFlow id='mf' sourceRef='them' targetRef='us'/></collaboration>"
    "<process id='permit' isExecutable='true'><userTask id='look'/></process>"
    "<process id='reply' isExecutable='true'><userTask id='answer'/></process>"
    "<process id='drawn'><userTask id='imagine'/></process></definitions>"
).encode()


def test_a_file_may_have_several_processes_each_a_diagram_of_its_own() -> None:
    diagrams = read_all(TWO)

    assert [(one.process_id, list(one.elements)) for one in diagrams] == [("permit", ["look"]), ("reply", ["answer"])]
    assert diagrams[0].pools == ("Aduana", "Operador")
    assert list(read(TWO, process="reply").elements) == ["answer"]


def test_of_several_processes_one_must_be_named() -> None:
    with pytest.raises(Invalid, match=r"several executable processes \(permit, reply\)"):
        read(TWO, process="lost")


def test_a_file_that_is_plain_stays_as_it_is_written() -> None:
    data = drawn(task("look") + path("look", "look")).replace(b"<process", b"<!-- why -->\n<process")

    assert plain_text(data) == data.decode()


def test_for_the_canvas_what_is_written_in_a_rare_way_is_written_plainly() -> None:
    root = '<bpmn2:message id="m" name="a"/><!-- why -->'
    data = other('<bpmn2:receiveTask id=" wait " messageRef="tns:m"/>', root).replace(b"UTF-8", b"ISO-8859-1")

    text = plain_text(data)

    assert '<bpmn2:receiveTask id="wait" messageRef="m"/>' in text
    assert text.startswith('<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert 'isExecutable="true"' in text
    assert "<!-- why -->" in text
