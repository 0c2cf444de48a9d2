"""Tasks, services, calls and scripts refer to what exists, or the diagram is refused."""

import dataclasses

import pytest

from engine.workflow.checks import Known
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, known, node, path, plain, properties, refused, task

LOOP = "<multiInstanceLoopCharacteristics{}><extensionElements><zeebe:loopCharacteristics {}/></extensionElements>{}</multiInstanceLoopCharacteristics>"


def at(element: str, name: str = "look", *, surroundings: Known | None = None) -> str:
    return refused(drawn(plain(element, names=name)), surroundings).get(name, "")


def mapped(**inputs: str) -> str:
    lines = "".join(f'<zeebe:input source="{source}" target="{target}"/>' for target, source in inputs.items())
    return f"<zeebe:ioMapping>{lines}</zeebe:ioMapping>"


def service(kind: str, **inputs: str) -> str:
    return at(node("serviceTask", "look", f'<zeebe:taskDefinition type="{kind}"/>{mapped(**inputs)}'))


def calling(process: str, surroundings: Known | None = None) -> str:
    element = node("callActivity", "look", f'<zeebe:calledElement processId="{process}"/>')
    return at(element, surroundings=surroundings)


def beside(process: str, body: str) -> Known:
    """The usual surroundings with one more process."""
    usual = known()
    more = {process: read(drawn(body, process=process))}
    return dataclasses.replace(usual, processes={**usual.processes, **more})


def test_a_user_task_has_a_form() -> None:
    assert "has no form" in at(node("userTask", "look"))


def test_the_form_exists() -> None:
    assert "There is no form lost" in at(task("look", form="lost"))


def test_the_form_of_the_start_exists() -> None:
    start = node("startEvent", "begin", '<zeebe:formDefinition formId="lost"/>')

    assert "There is no form lost" in refused(drawn(start + node("endEvent", "done") + path("begin", "done")))["begin"]


def test_a_form_where_nobody_sees_it_is_refused() -> None:
    element = node("intermediateThrowEvent", "look", '<zeebe:formDefinition formId="review"/>')

    assert "Nobody sees the form" in at(element)


def test_a_user_task_has_a_role() -> None:
    assert "Nobody may do look" in at(node("userTask", "look", '<zeebe:formDefinition formId="review"/>'))


def test_the_lane_of_a_user_task_is_a_role() -> None:
    lane = '<laneSet id="l"><lane id="analyst"><flowNodeRef>look</flowNodeRef></lane></laneSet>'

    assert at(lane + node("userTask", "look", '<zeebe:formDefinition formId="review"/>')) == ""


@pytest.mark.parametrize("role", ["plumber", "analyst,director"])
def test_the_role_exists_and_is_one(role: str) -> None:
    assert "choose one of: analyst, director, preparer" in at(task("look", role=role))


def test_a_role_is_written_out() -> None:
    assert "not computed" in at(task("look", role="=groups"))


def test_tasks_are_not_for_named_users() -> None:
    assert "not for named users" in at(
        node("userTask", "look", '<zeebe:assignmentDefinition candidateUsers="ana" candidateGroups="analyst"/>')
    )


def test_the_roles_that_start_a_process_exist() -> None:
    found = refused(drawn(plain(task("look"), names="look"), said=properties(start_roles="preparer,plumber")))

    assert "no role plumber" in found["permit"]


def test_a_process_with_start_roles_can_be_started_by_hand() -> None:
    start = node("startEvent", "begin", inner='<messageEventDefinition messageRef="m"/>')
    body = start + node("endEvent", "done") + path("begin", "done")

    found = refused(drawn(body, said=properties(start_roles="preparer"), root='<message id="m" name="told"/>'))

    assert "no plain start event" in found["permit"]


def test_a_service_task_names_a_service() -> None:
    assert "names no service" in at(node("serviceTask", "look"))


@pytest.mark.parametrize("kind", ["applications.burn", "=service"])
def test_the_service_exists(kind: str) -> None:
    assert "There is no service" in service(kind)


def test_a_service_gets_its_parameters() -> None:
    assert service("applications.accept", application_id="=id") == ""
    assert "needs the parameter application_id" in service("applications.accept")


def test_a_service_gets_no_other_parameters() -> None:
    assert "has no parameter colour" in service("applications.accept", application_id="=id", colour="=red")


def test_a_parameter_may_be_optional() -> None:
    assert service("authorisations.grant", application_id="=id") == ""
    assert service("authorisations.grant", application_id="=id", decided_by="=who") == ""


@pytest.mark.parametrize("template", ["D99_nothing", "=&quot;D99_nothing&quot;"])
def test_a_letter_exists(template: str) -> None:
    assert "There is no letter D99_nothing" in service("letters.issue", template=template, facts="={}")


@pytest.mark.parametrize("template", ["D03_admission", "=&quot;D03_admission&quot;", "=letter_of_the_case"])
def test_a_letter_that_exists_or_is_computed_is_accepted(template: str) -> None:
    assert service("letters.issue", template=template, facts="={}") == ""


def test_a_call_names_a_process() -> None:
    assert "names no process" in at(node("callActivity", "look"))


def test_the_called_process_exists() -> None:
    assert calling("validation") == ""
    assert "There is no process lost" in calling("lost")


def test_the_called_process_is_written_out() -> None:
    assert "written out" in calling("=process")


def test_a_process_does_not_call_itself() -> None:
    assert "calls this process again" in calling("permit")


def test_a_process_does_not_call_itself_through_another() -> None:
    back = node("callActivity", "back", '<zeebe:calledElement processId="permit"/>')

    assert "calls this process again" in calling("other", beside("other", plain(back, names="back", ends="2")))


def test_a_process_that_only_a_message_starts_cannot_be_called() -> None:
    start = node("startEvent", "told", inner='<messageEventDefinition messageRef="m"/>')

    assert "no plain start event" in calling("other", beside("other", start))


def test_ids_are_unique_across_calls() -> None:
    found = calling("other", beside("other", plain(task("look"), names="look", ends="2")))

    assert "stands in permit and in other" in found


def test_ids_are_unique_between_two_called_processes() -> None:
    surroundings = beside("other", plain(task("visit"), names="visit", ends="2"))
    calls = [
        node("callActivity", name, f'<zeebe:calledElement processId="{name}"/>') for name in ("validation", "other")
    ]

    found = refused(drawn(plain(*calls, names="validation other")), surroundings)

    assert "visit stands in" in found["permit"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('<zeebe:script resultVariable="x"/>', "no FEEL expression"),
        ('<zeebe:script expression="=1"/>', "a name for its result"),
        ('<zeebe:script expression="=1" resultVariable="my x"/>', "a name for its result"),
    ],
)
def test_a_script_has_an_expression_and_a_result(script: str, reason: str) -> None:
    assert reason in at(node("scriptTask", "look", script))


@pytest.mark.parametrize("inputs", [{"": "=x"}, {"two words": "=x"}, {"answers.": "=x"}, {"x": ""}])
def test_a_mapping_says_what_goes_where(inputs: dict[str, str]) -> None:
    assert "is incomplete" in at(task("look", said=mapped(**inputs)))


def test_separation_of_duties_names_tasks_of_this_process_or_another() -> None:
    assert at(task("look", said=properties(not_by="visit"))) == ""


@pytest.mark.parametrize("other", ["nobody", "begin"])
def test_separation_of_duties_names_user_tasks_only(other: str) -> None:
    assert "no such user task" in at(task("look", said=properties(not_by=other)))


def test_separation_of_duties_stands_on_user_tasks_only() -> None:
    assert "for user tasks" in at(node("intermediateThrowEvent", "look", properties(not_by="visit")))


def test_a_repeated_task_goes_over_a_collection() -> None:
    whole = LOOP.format("", 'inputCollection="=sites" inputElement="site" outputCollection="r" outputElement="=r"', "")

    assert at(task("look", inner=whole)) == ""


@pytest.mark.parametrize(
    ("loop", "reason"),
    [
        (LOOP.format("", "", ""), "enter the collection"),
        (LOOP.format("", 'inputCollection="=s"', "<loopCardinality>3</loopCardinality>"), "or else the number"),
        (LOOP.format("", 'inputElement="site"', "<loopCardinality>3</loopCardinality>"), "no collection"),
        (LOOP.format(' behavior="Some"', 'inputCollection="=s"', ""), "throws nothing"),
        (LOOP.format(' behavior="One"', 'inputCollection="=s"', ""), "does not say which signal"),
        ("<standardLoopCharacteristics/>", "for how long"),
        ('<standardLoopCharacteristics loopMaximum="0"/>', "whole number"),
        (LOOP.format("", 'inputCollection="=s" inputElement="a site"', ""), "is not a name"),
        (LOOP.format("", 'inputCollection="=s" outputCollection="r"', ""), "or neither"),
    ],
)
def test_a_repeated_task_that_would_not_repeat_right_is_refused(loop: str, reason: str) -> None:
    assert reason in at(task("look", inner=loop))


@pytest.mark.parametrize("retries", ["-1", "often", "101", "1.5"])
def test_how_often_a_service_is_tried_is_a_whole_number(retries: str) -> None:
    said = f'<zeebe:taskDefinition type="letters.issue" retries="{retries}"/>{mapped(template="=1", facts="=2")}'

    assert "is no number of tries from 0 to 100" in at(node("serviceTask", "look", said))


@pytest.mark.parametrize(("retries", "complaint"), [("5", ""), ("=n + 1", ""), ("=n +", "The number of tries =n +")])
def test_how_often_a_service_is_tried_may_be_computed(retries: str, complaint: str) -> None:
    said = f'<zeebe:taskDefinition type="letters.issue" retries="{retries}"/>{mapped(template="=1", facts="=2")}'

    assert complaint in at(node("serviceTask", "look", said))
    assert complaint or not at(node("serviceTask", "look", said))


def announcing(root: str, event: str, border: str = "") -> str:
    """A repeated task that throws `event` at its first instance, with a boundary event."""
    loop = LOOP.format(' behavior="One" oneBehaviorEventRef="thrown"', 'inputCollection="=s"', "")
    late = node("boundaryEvent", "late", inner=border, attributes='attachedToRef="look"') if border else ""
    data = drawn(plain(task("look", inner=loop) + late, names="look") + (path("late", "done") if late else ""),
                 root=root + event.replace("EventDefinition", 'EventDefinition id="thrown"'))  # fmt: skip
    return refused(data).get("look", "")


def test_what_instances_throw_is_caught_at_the_border_unless_it_is_a_signal() -> None:
    signal, code = '<signal id="s" name="first"/>', '<escalation id="e" name="e" escalationCode="E"/>'
    caught = '<escalationEventDefinition escalationRef="e"/>'

    assert announcing(signal, '<signalEventDefinition signalRef="s"/>') == ""
    assert announcing(code, caught, caught) == ""
    assert "draw one" in announcing(code, caught)


def test_a_loop_marker_with_a_condition_or_a_number_of_instances_runs() -> None:
    assert (
        at(
            task(
                "look",
                inner="<standardLoopCharacteristics><loopCondition>=x</loopCondition></standardLoopCharacteristics>",
            )
        )
        == ""
    )
    assert at(task("look", inner='<standardLoopCharacteristics loopMaximum="3"/>')) == ""
    assert (
        at(
            task(
                "look",
                inner="<multiInstanceLoopCharacteristics><loopCardinality>=3</loopCardinality></multiInstanceLoopCharacteristics>",
            )
        )
        == ""
    )
