"""An ad-hoc sub-process that people could not work with is refused."""

import pytest

from tests.workflow.drawing import drawn, node, path, plain, refused, task

SCRIPT = '<zeebe:script expression="=1" resultVariable="x"/>'
FORM = '<zeebe:formDefinition formId="review"/>'
ROLE = '<zeebe:assignmentDefinition candidateGroups="analyst"/>'


def adhoc(inner: str, *, active: str = "", marks: str = "", said: str = "") -> dict[str, str]:
    chosen = f'<zeebe:adHoc activeElementsCollection="{active}"/>' if active else ""
    return refused(drawn(plain(node("adHocSubProcess", "part", chosen + said, inner, marks), names="part")))


def test_user_tasks_to_choose_from_run() -> None:
    done = "<completionCondition>=done</completionCondition>"

    assert adhoc(task("a") + task("b") + path("a", "b") + done, marks='ordering="Sequential"') == {}


def test_what_a_person_begins_has_a_form_and_a_role() -> None:
    found = adhoc(node("scriptTask", "count", SCRIPT))["count"]

    assert "choose the form" in found
    assert "Nobody may do count" in found
    assert adhoc(node("scriptTask", "count", SCRIPT + FORM + ROLE)) == {}


def test_what_a_collection_begins_needs_neither() -> None:
    assert adhoc(node("scriptTask", "count", SCRIPT), active="=chosen") == {}
    assert "Nobody sees the form" in adhoc(node("scriptTask", "count", SCRIPT + FORM), active="=chosen")["count"]
    assert "is FEEL" in adhoc(node("scriptTask", "count", SCRIPT), active="count")["part"]


@pytest.mark.parametrize(
    ("inner", "where", "reason"),
    [
        ("", "part", "Nothing in part can be chosen"),
        (task("a") + node("startEvent", "go") + path("go", "a"), "go", "no start and end events"),
        (task("a") + node("endEvent", "stop") + path("a", "stop"), "stop", "no start and end events"),
        (
            task("a") + node("exclusiveGateway", "which") + path("which", "a") + task("b"),
            "which",
            "Nobody can begin which",
        ),
        (task("a") + "<completionCondition>=x +</completionCondition>", "part", "is not FEEL"),
    ],
)
def test_what_could_not_be_chosen_or_ended_is_refused(inner: str, where: str, reason: str) -> None:
    assert reason in adhoc(inner)[where]


def test_the_ordering_is_one_of_two() -> None:
    assert "Parallel or Sequential" in adhoc(task("a"), marks='ordering="Alphabetical"')["part"]


def test_the_collection_stands_on_an_ad_hoc_sub_process_only() -> None:
    other = node(
        "subProcess", "part", '<zeebe:adHoc activeElementsCollection="=x"/>', plain(task("a"), names="a", ends="2")
    )

    assert "zeebe:adHoc does nothing here" in refused(drawn(plain(other, names="part")))["part"]


def test_a_loop_around_something_to_choose_waits() -> None:
    part = node("adHocSubProcess", "part", inner=node("scriptTask", "count", SCRIPT + FORM + ROLE))
    again = node("exclusiveGateway", "again")

    assert "again" not in refused(
        drawn(node("startEvent", "begin") + again + part + path("begin", "again", "part", "again"))
    )
