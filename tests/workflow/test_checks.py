"""What the checks find in whole diagrams: a good one passes, a hostile one is refused, and nothing is ever raised."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import xml
from engine.domain.errors import Invalid
from engine.workflow import Definition
from engine.workflow.checks import RULES, Known, check
from engine.workflow.checks.limits import MAX_ELEMENTS
from engine.workflow.diagram import read
from tests.workflow.drawing import drawn, flow, known, node, path, plain, properties, refused, task

KEYED = (
    '<message id="m" name="change_reported"><extensionElements>'
    '<zeebe:subscription correlationKey="=authorisation_id"/></extensionElements></message>'
)
PERMIT = drawn(
    node("startEvent", "begin", '<zeebe:formDefinition formId="new_permit"/>')
    + task("check", said=properties(phase="review"))
    + '<boundaryEvent id="late" name="Tarde" attachedToRef="check" cancelActivity="false"><extensionElements>'
    + properties(name_en="late", clock="acceptance")
    + "</extensionElements><timerEventDefinition><timeDuration>=due</timeDuration></timerEventDefinition></boundaryEvent>"
    + node("scriptTask", "count", '<zeebe:script expression="=1 + turns" resultVariable="turns"/>')
    + node("endEvent", "reminded")
    + node("exclusiveGateway", "complete", attributes='default="complete__correct"')
    + task("correct", role="preparer", said=properties(not_by="check"))
    + node("parallelGateway", "both")
    + node("intermediateCatchEvent", "told", inner='<messageEventDefinition messageRef="m"/>')
    + node("serviceTask", "accept", '<zeebe:taskDefinition type="applications.accept"/><zeebe:ioMapping>'
           '<zeebe:input source="=id" target="application_id"/></zeebe:ioMapping>')
    + node("parallelGateway", "joined")
    + node("callActivity", "validate", '<zeebe:calledElement processId="validation"/>')
    + node("endEvent", "done")
    + path("begin", "check", "complete", "correct", "check")
    + path("late", "count", "reminded")
    + flow("complete", "both", "=complete = true")
    + path("both", "told", "joined")
    + path("both", "accept", "joined", "validate", "done"),
    root=KEYED,
    said=properties(start_roles="preparer", phases="review|Revisión|Review"),
)  # fmt: skip
VALIDATION = drawn(plain(task("visit"), names="visit", ends="v"), process="validation")
HOSTILE = {
    "a loop without a wait": (
        drawn(
            node("startEvent", "begin")
            + node("exclusiveGateway", "again", attributes='default="again__work"')
            + node("scriptTask", "work", '<zeebe:script expression="=1" resultVariable="x"/>')
            + path("begin", "again", "work", "again")
        ),
        "again",
    ),
    "unknown elements": (drawn(plain(node("magicTask", "abracadabra"), names="abracadabra")), "abracadabra"),
    "elements of another standard": (drawn(plain(task("look"), names="look") + "<camunda:task/>"), "permit"),
    "more elements than anybody reads": (
        drawn("".join(node("userTask", f"t{n}") for n in range(MAX_ELEMENTS + 1))),
        "permit",
    ),
    "six levels of sub-processes": (
        drawn("".join(f'<subProcess id="sub_{n}">' for n in range(1, 7)) + "</subProcess>" * 6),
        "sub_6",
    ),
}


def test_a_diagram_that_runs_as_drawn_is_published() -> None:
    assert refused(PERMIT) == {}


@pytest.mark.parametrize(("data", "where"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_diagram_is_refused_at_its_element(data: bytes, where: str) -> None:
    assert where in refused(data)


def test_errors_come_before_warnings() -> None:
    severities = [complaint.severity for complaint in check(read(drawn("<userTask id='Task_1'/>")), known())]

    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


def test_every_complaint_reads_as_a_sentence() -> None:
    for data, _ in HOSTILE.values():
        for complaint in check(read(data), Known()):
            assert re.fullmatch(r"[^:]+: .+\.", str(complaint)), str(complaint)


def test_no_rule_is_asked_twice() -> None:
    assert len(set(RULES)) == len(RULES)


DRAWN = {value for element in xml.parse(PERMIT).iter() for value in element.attrib.values()}
VALUES = [*sorted(DRAWN), "", "=", "=1 +"]
CHANGES = st.tuples(
    st.sampled_from(["drop", "move", "retag", "say", "write"]), st.integers(2, 200), st.integers(2, 200)
)


@given(st.lists(CHANGES, min_size=1, max_size=6), st.sampled_from(VALUES))
@settings(max_examples=300)
def test_a_diagram_changed_in_any_way_is_refused_or_can_be_built(
    changes: list[tuple[str, int, int]], value: str
) -> None:
    root = xml.parse(PERMIT)
    for change, place, other in changes:
        _change(root, change, place, other, value)

    data = etree.tostring(root)
    try:
        complaints = check(read(data), known())
    except Invalid:
        return

    if all(complaint.severity == "warning" for complaint in complaints):
        assert Definition.build(data, {"validation": VALIDATION}).process_id


def _change(root: etree._Element, change: str, place: int, other: int, value: str) -> None:
    elements = list(root.iter())
    one, two = elements[place % len(elements)], elements[other % len(elements)]
    if change == "drop" and one is not root:
        one.getparent().remove(one)
    elif change == "move" and one is not root and one not in two.iterancestors() and one is not two:
        two.append(one)
    elif change == "retag":
        one.tag = two.tag
    elif change == "say" and one.attrib:
        one.set(one.attrib.keys()[other % len(one.attrib)], value)
    elif change == "write":
        one.text = value


KINDS = ["exclusiveGateway", "parallelGateway", "scriptTask", "userTask", "endEvent", "startEvent", "subProcess"]


@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30, unique=True),
)
def test_any_tangle_of_elements_is_checked(kinds: list[str], ways: list[tuple[int, int]]) -> None:
    elements = "".join(f'<{kind} id="n{place}"/>' for place, kind in enumerate(kinds))
    flows = "".join(flow(f"n{one}", f"n{two}") for one, two in ways)

    assert check(read(drawn(elements + flows)), known())
