"""What the engine does not run as drawn is refused, each with a way out."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.workflow import Definition, Run
from engine.workflow.checks import check
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, known, node, path, plain, properties, refused, task

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = (
    '<signal id="s" name="closing"/><message id="m" name="told"><extensionElements>'
    '<zeebe:subscription correlationKey="=id"/></extensionElements></message>'
)


def middle(element: str, name: str = "odd", *, root: str = "") -> dict[str, str]:
    return refused(drawn(plain(element, names=name), root=root))


@pytest.mark.parametrize("kind", ["choreographyTask", "magicTask"])
def test_an_element_that_does_not_run_is_refused(kind: str) -> None:
    assert f"{kind}, which does not run" in middle(node(kind, "odd"))["odd"]


@pytest.mark.parametrize(
    ("kind", "definition"),
    [
        ("intermediateThrowEvent", "timerEventDefinition"),
        ("intermediateCatchEvent", "errorEventDefinition"),
    ],
)
def test_an_event_that_would_silently_do_nothing_is_refused(kind: str, definition: str) -> None:
    assert "does not run here" in middle(node(kind, "odd", inner=f"<{definition}/>"))["odd"]


def test_a_signal_at_the_end_is_accepted_and_thrown() -> None:
    end = node("endEvent", "finish", inner=STARTS["signal"])
    data = drawn(node("startEvent", "begin") + end + path("begin", "finish"), root=ROOT)
    run = Run.start(Definition.build(data, {}), {}, NOW)
    list(run.advance())

    assert refused(data) == {}
    assert [(thrown.kind, thrown.name) for thrown in run.take_thrown()] == [("signal", "closing")]


def an_event_subprocess(start: str) -> str:
    inner = f"{start}{task('handle')}{node('endEvent', 'closed')}{path('asked', 'handle', 'closed')}"
    return node("subProcess", "closing", inner=inner, attributes='triggeredByEvent="true"')


def a_start(definition: str, *, interrupting: str = "false") -> str:
    return node("startEvent", "asked", inner=definition, attributes=f'isInterrupting="{interrupting}"')


STARTS = {
    "signal": '<signalEventDefinition signalRef="s"/>',
    "message": '<messageEventDefinition messageRef="m"/>',
    "timer": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
}


@pytest.mark.parametrize("interrupting", ["true", "false"])
@pytest.mark.parametrize("nested", [True, False], ids=["in a sub-process", "at the top"])
@pytest.mark.parametrize("start", ["message", "timer"])
def test_an_event_sub_process_is_accepted_and_runs_as_drawn(start: str, interrupting: str, *, nested: bool) -> None:
    part = an_event_subprocess(a_start(STARTS[start], interrupting=interrupting))
    body = plain(task("look"), part, names="look")
    if nested:
        body = plain(node("subProcess", "whole", inner=body), names="whole", ends="2")
    data = drawn(body, root=ROOT)
    run = Run.start(Definition.build(data, {}), {"id": "1"}, NOW)
    list(run.advance())

    later = Run.load(run.definition, run.dump(), NOW + timedelta(hours=1))
    later.fire_due()
    later.deliver("told", "1", {})
    list(later.advance())

    assert refused(data) == {}
    assert [open_.element for open_ in later.open_tasks()] == (["look"] if interrupting == "false" else []) + ["handle"]


def test_an_event_sub_process_by_signal_is_accepted() -> None:
    assert (
        refused(drawn(plain(task("look"), an_event_subprocess(a_start(STARTS["signal"])), names="look"), root=ROOT))
        == {}
    )


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("<terminateEventDefinition/>", "does not run here"),
        ("<cancelEventDefinition/>", "does not run here"),
        ("", "must say what starts it"),
    ],
)
def test_an_event_sub_process_that_would_not_start_right_is_refused(start: str, reason: str) -> None:
    data = drawn(plain(task("look") + an_event_subprocess(a_start(start)), names="look"), root=ROOT)

    assert reason in refused(data)["asked"]


@pytest.mark.parametrize(
    "part",
    [
        "<ioSpecification><inputSet/><inputSet/></ioSpecification>",
        "<dataInputAssociation><sourceRef>a</sourceRef><sourceRef>b</sourceRef></dataInputAssociation>",
        "<potentialOwner/>",
    ],
)
def test_a_part_that_would_be_ignored_is_refused(part: str) -> None:
    assert "does not run; remove it" in middle(task("odd", inner=part))["odd"]


def test_a_script_in_another_language_is_refused() -> None:
    assert "scripts are FEEL" in middle(node("scriptTask", "odd", inner="<script>import os</script>"))["odd"]


def test_a_definition_that_the_file_does_not_have_is_refused() -> None:
    event = node("intermediateCatchEvent", "odd", inner="<eventDefinitionRef>timer</eventDefinitionRef>")

    assert "refers to an event definition that the file does not have" in middle(event)["odd"]


@pytest.mark.parametrize(
    "extension", ["<zeebe:executionListeners/>", "<camunda:formData/>", "<zeebe:linkedResources/>"]
)
def test_an_extension_that_another_engine_would_execute_is_refused(extension: str) -> None:
    assert "does not run here" in middle(task("odd", said=extension))["odd"]


@pytest.mark.parametrize(
    ("element", "says"),
    [
        (node("callActivity", "odd", '<zeebe:calledElement processId="validation" versionTag="2"/>'), "is kept"),
        (node("callActivity", "odd", '<zeebe:calledElement processIdExpression="=x"/>'), "must be written out"),
        (node("serviceTask", "odd", "<zeebe:taskHeaders/>"), "enter them as inputs"),
        (task("odd", said='<zeebe:taskListeners><zeebe:taskListener type="x"/></zeebe:taskListeners>'), "service task"),
        (task("odd", said='<zeebe:loopCharacteristics inputCollection="=x"/>'), "does not run here"),
        (node("userTask", "odd", attributes='camunda:assignee="ana"'), "camunda:assignee does not run here"),
        (node("userTask", "odd", attributes='xmlns:c="http://activiti.org/bpmn" c:x="1"'), "activiti:x does not run"),
        (
            node(
                "intermediateCatchEvent", "odd",
                inner='<conditionalEventDefinition><extensionElements><linked xmlns="http://camunda.org/schema/zeebe/1.0"'
                "/></extensionElements><condition>=x</condition></conditionalEventDefinition>",
            ),
            "zeebe:linked does not run here",
        ),
    ],
)  # fmt: skip
def test_what_the_desktop_modeler_can_say_and_does_not_run_here_is_refused(element: str, says: str) -> None:
    assert says in middle(element)["odd"]


@pytest.mark.parametrize(
    "said",
    [
        '<zeebe:priorityDefinition priority="50"/>',
        '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)" followUpDate="=now()"/>',
        '<zeebe:taskHeaders><zeebe:header key="a" value="b"/></zeebe:taskHeaders>',
    ],
)
def test_what_only_another_task_list_would_show_is_a_warning(said: str) -> None:
    complaints = check(read(drawn(plain(task("odd", said=said), names="odd"))), known())

    assert [(c.where, c.severity) for c in complaints if "not read" in c.message] == [("odd", "warning")]
    assert middle(task("odd", said=said)) == {}


def test_the_attributes_of_templates_and_of_the_modeler_mean_nothing() -> None:
    body = node("userTask", "odd", attributes='zeebe:modelerTemplate="x" zeebe:modelerTemplateVersion="1"')

    complaints = check(read(drawn(body, said='<zeebe:versionTag value="1"/>')), known())

    assert not [complaint for complaint in complaints if "modelerTemplate" in str(complaint) or "Tag" in str(complaint)]


def test_an_extension_that_only_nobody_reads_is_a_warning() -> None:
    said = '<colour xmlns="https://example.org/paint"/>' + properties(note="x")

    complaints = check(read(drawn(plain(task("odd", said=said), names="odd"))), known())

    assert [(c.where, c.severity) for c in complaints if "not read" in c.message] == [("odd", "warning")]


def test_what_does_not_belong_into_a_process_is_refused() -> None:
    assert "does not belong there" in refused(drawn(plain(task("look"), names="look") + "<camunda:task/>"))["permit"]


@pytest.mark.parametrize(
    "fact",
    [
        '<zeebe:taskDefinition type="applications.accept"/>',
        '<zeebe:script expression="=1" resultVariable="x"/>',
        '<zeebe:calledElement processId="validation"/>',
        '<zeebe:taskSchedule dueDate="=x"/>',
        '<zeebe:assignmentDefinition candidateGroups="analyst"/>',
    ],
)
def test_a_fact_where_it_does_nothing_is_refused(fact: str) -> None:
    assert "does nothing here" in middle(node("intermediateThrowEvent", "odd", fact))["odd"]


MAPPED = '<zeebe:ioMapping><zeebe:{} source="=x" target="y"/></zeebe:ioMapping>'


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("exclusiveGateway", "input"),
        ("exclusiveGateway", "output"),
        ("intermediateCatchEvent", "input"),
        ("intermediateThrowEvent", "output"),
        ("sendTask", "output"),
        ("receiveTask", "input"),
    ],
)
def test_a_mapping_where_it_does_nothing_is_refused(kind: str, way: str) -> None:
    assert f"{way.capitalize()} mappings do nothing" in middle(node(kind, "odd", MAPPED.format(way)))["odd"]


@pytest.mark.parametrize("way", ["input", "output"])
def test_a_task_may_map_both_ways(way: str) -> None:
    assert middle(task("odd", said=MAPPED.format(way))) == {}
