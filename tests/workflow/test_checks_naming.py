"""Names are in two languages, ids are words, phases exist, what runs is drawn, and nothing is too large."""

import dataclasses

import pytest

from engine.workflow.checks import MAX_COMPLAINTS, check
from engine.workflow.checks.limits import MAX_ELEMENTS, MAX_LEVELS, MAX_MAPPINGS, MAX_TEXTS
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, flow, known, plain, properties, refused, task

SHAPES = "<bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"


def warned(data: bytes) -> list[str]:
    return [str(complaint) for complaint in check(read(data), known()) if complaint.severity == "warning"]


@pytest.mark.parametrize("id_", ["two words", "a/b", "1st", "a:b", "-a", "a'b"])
def test_an_id_that_cannot_be_one_is_refused(id_: str) -> None:
    body = plain(task("look"), names="look").replace('"look"', f'"{id_}"')

    assert "cannot be an id" in refused(drawn(body))[id_]


@pytest.mark.parametrize("id_", ["Start", "End", "Root", "sid-1A.2", "_6-61", "Añadir", "An\u0303adir", "審査"])
def test_every_id_that_xml_allows_is_one(id_: str) -> None:
    body = plain(task("look"), names="look").replace('"look"', f'"{id_}"')

    assert refused(drawn(body)) == {}


def test_an_id_that_says_nothing_is_a_warning() -> None:
    body = plain(task("Activity_0x1y2z"), names="Activity_0x1y2z")

    assert refused(drawn(body)) == {}
    assert any("such as check_remedy" in text for text in warned(drawn(body)))


def test_missing_names_are_warnings() -> None:
    body = plain(task("look"), names="look").replace('name="look es"', "").replace('value="look"', 'value=""')

    assert [text for text in warned(drawn(body)) if text.startswith("look")] == [
        "look: look has no name; give it one in Spanish.",
        "look: look has no English name; enter it as name_en.",
    ]


def test_a_gateway_that_only_joins_needs_no_name() -> None:
    join = '<exclusiveGateway id="merge"/>'

    assert not [text for text in warned(drawn(plain(join, names="merge"))) if "merge" in text]


def test_the_phase_of_an_element_exists_here_or_in_another_process() -> None:
    body = plain(task("look", said=properties(phase="review")), names="look")
    caller = read(drawn("", process="caller", said=properties(phases="review|Revisión|Review")))
    surroundings = dataclasses.replace(known(), processes={"caller": caller})

    assert "No process has a phase review" in refused(drawn(body))["look"]
    assert refused(drawn(body), surroundings) == {}


@pytest.mark.parametrize("phases", ["review", "review|Revisión", "Review 1|a|b", "a|A|A,a|B|B"])
def test_phases_are_written_with_both_names_once(phases: str) -> None:
    data = drawn(plain(task("look"), names="look"), said=properties(phases=phases))

    assert "id|Español|English" in refused(data)["permit"]


def test_what_runs_unseen_beside_what_is_drawn_is_refused() -> None:
    shapes = SHAPES.format('<bpmndi:BPMNShape bpmnElement="begin"/>')

    assert "is not drawn" in refused(drawn(plain(task("look"), names="look"), root=shapes))["look"]


def test_a_process_without_any_drawing_is_a_warning() -> None:
    assert any("has no drawing" in text for text in warned(drawn(plain(task("look"), names="look"))))


def test_too_many_elements_are_refused_before_anything_else_is_asked() -> None:
    data = drawn("".join(f'<userTask id="t{n}"/>' for n in range(MAX_ELEMENTS + 1)))

    assert [complaint.where for complaint in check(read(data), known())] == ["permit"]


def test_too_many_flows_are_refused() -> None:
    data = drawn("".join(flow(f"a{n}", "b") for n in range(3 * MAX_ELEMENTS + 1)))

    assert "at most 900" in refused(data)["permit"]


def test_too_deep_nesting_is_refused_at_the_first_level_too_many() -> None:
    data = drawn("".join(f'<subProcess id="s{n}">' for n in range(1, 9)) + "</subProcess>" * 8)

    assert list(refused(data)) == [f"s{MAX_LEVELS + 1}"]


def test_too_many_mappings_are_refused() -> None:
    lines = '<zeebe:input source="=1" target="x"/>' * (MAX_MAPPINGS + 1)

    assert "more than 1000" in refused(drawn(task("look", said=f"<zeebe:ioMapping>{lines}</zeebe:ioMapping>")))["look"]


def test_too_much_text_in_expressions_is_refused() -> None:
    due = f'<zeebe:taskSchedule dueDate="={"1 + " * 900}1"/>'
    tasks = "".join(task(f"t{n}", said=due) for n in range(MAX_TEXTS // 3_600 + 1))

    assert "use services" in refused(drawn(tasks))["permit"]


def test_of_very_many_complaints_the_first_are_shown() -> None:
    data = drawn(plain(task("look", said=properties(not_by=",".join(f"t{n}" for n in range(5_000)))), names="look"))

    assert len(check(read(data), known())) == MAX_COMPLAINTS
