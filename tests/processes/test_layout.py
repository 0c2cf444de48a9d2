"""The shipped diagrams are drawn so that a person likes to look at them; the rules are those of a good drawing."""

import re
from itertools import combinations, pairwise

import pytest
from lxml import etree

from engine.people import ROLES
from tests.processes.drawings import BPMN, NAMES, cuts, drawing, meet

WORDS = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MARGIN = 5  # how far apart two things must stay to be told from each other

every_diagram = pytest.mark.parametrize("name", NAMES)


@every_diagram
def test_everything_drawn_has_its_place(name: str) -> None:
    seen = drawing(name)

    assert set(seen.nodes) | set(seen.lanes) <= set(seen.boxes)
    assert set(seen.flows) == set(seen.lines)


@every_diagram
def test_ids_are_words_because_they_end_up_in_history(name: str) -> None:
    seen = drawing(name)

    assert [id_ for id_ in (*seen.nodes, *seen.flows, *seen.lanes) if not WORDS.fullmatch(id_)] == []


@every_diagram
def test_everything_is_named_in_spanish_and_english(name: str) -> None:
    seen = drawing(name)
    root = next(iter(seen.nodes.values())).getroottree().getroot()
    named = [
        *seen.nodes.values(),
        *root.iter(f"{BPMN}lane"),
        *root.iter(f"{BPMN}process"),
        *root.iter(f"{BPMN}participant"),
    ]
    named += [flow for flow in seen.flows.values() if flow.get("name")]

    assert [one.get("id") for one in named if not (one.get("name") and _property(one, "name_en"))] == []


@every_diagram
def test_a_decision_is_a_question_and_its_ways_are_the_answers(name: str) -> None:
    seen = drawing(name)
    outgoing = {id_: [flow for flow in seen.flows if seen.ends(flow)[0] == id_] for id_ in seen.nodes}
    decisions = [
        id_
        for id_, node in seen.nodes.items()
        if etree.QName(node).localname == "exclusiveGateway" and len(outgoing[id_]) > 1
    ]

    for id_ in decisions:
        question = str(seen.nodes[id_].attrib["name"])
        assert question.startswith("¿")
        assert question.endswith("?")
        assert all(seen.flows[flow].get("name") for flow in outgoing[id_])


@every_diagram
def test_lanes_are_roles_and_hold_every_element_once(name: str) -> None:
    seen = drawing(name)

    assert set(seen.lanes) <= set(ROLES)
    held = {id_ for id_ in seen.nodes if id_ not in seen.around}  # what stands in a sub-process goes by its lane
    assert sorted(id_ for members in seen.lanes.values() for id_ in members) == sorted(held)


@every_diagram
def test_every_element_lies_inside_its_lane(name: str) -> None:
    seen = drawing(name)

    outside = [
        id_ for lane, members in seen.lanes.items() for id_ in members if not seen.boxes[lane].holds(seen.boxes[id_])
    ]
    assert outside == []


@every_diagram
def test_what_stands_in_a_sub_process_lies_inside_it(name: str) -> None:
    seen = drawing(name)

    assert [id_ for id_, part in seen.around.items() if id_ in seen.nodes and not _holds(name, part, id_)] == []


@every_diagram
def test_no_two_elements_overlap_but_an_event_on_its_task(name: str) -> None:
    seen = drawing(name)

    clashes = [
        (one, other)
        for one, other in combinations(seen.nodes, 2)
        if seen.boxes[one].grown(MARGIN).overlaps(seen.boxes[other]) and seen.apart(one, other)
    ]
    assert clashes == []


@every_diagram
def test_lines_run_upright_or_level_from_one_element_to_the_next(name: str) -> None:
    seen = drawing(name)

    for id_, points in seen.lines.items():
        assert all((x1 == x2) != (y1 == y2) for (x1, y1), (x2, y2) in pairwise(points)), id_
        for end, (x, y) in zip(seen.ends(id_), (points[0], points[-1]), strict=True):
            box = seen.boxes[end].grown(0.5)
            assert box.left <= x <= box.right, id_
            assert box.top <= y <= box.bottom, id_


@every_diagram
def test_no_line_crosses_or_touches_another(name: str) -> None:
    seen = drawing(name)

    crossings = {
        (one, other)
        for (one, here), (other, there) in combinations(list(seen.segments()), 2)
        if one != other and meet(here, there)
    }
    assert crossings == set()


@every_diagram
def test_no_line_passes_through_an_element(name: str) -> None:
    seen = drawing(name)

    through = {
        (flow, id_)
        for flow, segment in seen.segments()
        for id_ in seen.nodes
        if cuts(seen.boxes[id_].grown(MARGIN), segment) and id_ not in _near(name, flow)
    }
    assert through == set()


@every_diagram
def test_no_label_lies_on_a_line_an_element_or_another_label(name: str) -> None:
    seen = drawing(name)
    small = {id_: label.grown(-1) for id_, label in seen.labels.items()}

    on_lines = {
        (id_, flow) for id_, label in small.items() for flow, segment in seen.segments() if cuts(label, segment)
    }
    # The box of a diamond or circle is wider than what is drawn, so an element's own label may use the corner.
    on_elements = {
        (id_, other)
        for id_, label in small.items()
        for other in seen.nodes
        if other != id_ and label.overlaps(seen.boxes[other]) and other not in {*_ends(name, id_), seen.around.get(id_)}
    }
    on_labels = {(one, other) for one, other in combinations(small, 2) if small[one].overlaps(small[other])}
    assert (on_lines, on_elements, on_labels) == (set(), set(), set())


@every_diagram
def test_the_flow_goes_from_left_to_right_but_where_it_comes_back(name: str) -> None:
    seen = drawing(name)

    backwards = [
        flow
        for flow in seen.flows
        if seen.boxes[seen.ends(flow)[1]].right < seen.boxes[seen.ends(flow)[0]].left and not _closes_a_loop(name, flow)
    ]
    assert backwards == []


def _property(node: etree._Element, name: str) -> str:
    found = node.findall(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
    return next((str(one.attrib["value"]) for one in found if one.get("name") == name), "")


def _near(name: str, flow: str) -> set[str]:
    """The ends of a flow, the task on whose edge an end sits, and the sub-process in which they stand."""
    seen = drawing(name)
    ends = set(seen.ends(flow))
    hosts = {host for end in ends if (host := seen.nodes[end].get("attachedToRef"))}
    return ends | hosts | {seen.around[end] for end in ends if end in seen.around}


def _holds(name: str, part: str, id_: str) -> bool:
    seen = drawing(name)
    return seen.boxes[part].holds(seen.boxes[id_])


def _ends(name: str, id_: str) -> tuple[str, ...]:
    seen = drawing(name)
    return seen.ends(id_) if id_ in seen.flows else ()


def _closes_a_loop(name: str, flow: str) -> bool:
    seen = drawing(name)
    source, target = seen.ends(flow)
    steps = [seen.ends(other) for other in seen.flows]
    steps += [(host, id_) for id_, node in seen.nodes.items() if (host := node.get("attachedToRef"))]
    reached, todo = {target}, [target]
    while todo:
        here = todo.pop()
        following = {after for before, after in steps if before == here} - reached
        reached |= following
        todo += following
    return source in reached
