"""A diagram as it is drawn: boxes, lines and labels of its BPMN DI, for tests that look at it as a person would."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from lxml import etree

FOLDER: Final = Path(__file__).parents[2] / "bpmn"
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.bpmn")))
BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
DI: Final = "{http://www.omg.org/spec/DD/20100524/DI}"

NO_NODES: Final = ("sequenceFlow", "laneSet", "messageEventDefinition")

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> Point:
        """The centre."""
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share area; touching edges do not count."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: "Box") -> bool:
        """Whether the other lies wholly inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def grown(self, by: float) -> "Box":
        """The same box with a margin all around, or shrunk by a negative one."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What stands on the page; all by the id of the BPMN element. `around` is the sub-process in which one stands."""

    nodes: Mapping[str, etree._Element]
    flows: Mapping[str, etree._Element]
    lanes: Mapping[str, tuple[str, ...]]
    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Box]
    around: Mapping[str, str]

    def apart(self, one: str, other: str) -> bool:
        """Whether neither of two nodes stands in the other, or on its edge."""
        held = {(one, other), (other, one)}
        inside = {(id_, part) for id_, part in self.around.items()}
        attached = {(id_, host) for id_, node in self.nodes.items() if (host := node.get("attachedToRef"))}
        return held.isdisjoint(inside | attached)

    def segments(self) -> Iterator[tuple[str, Segment]]:
        """Every straight piece of every line, with the flow it belongs to."""
        for id_, points in self.lines.items():
            yield from ((id_, pair) for pair in pairwise(points))

    def ends(self, flow: str) -> tuple[str, str]:
        """The ids of the source and the target."""
        node = self.flows[flow]
        return said(node, "sourceRef"), said(node, "targetRef")


@cache
def drawing(name: str) -> Drawing:
    """The shipped diagram of that name."""
    root = etree.parse(FOLDER / f"{name}.bpmn").getroot()
    process = root.find(f"{BPMN}process")
    assert process is not None
    inside = {said(node, "id"): node for node in _drawn_in(process)}
    shapes = list(root.iter(f"{BPMNDI}BPMNShape"))
    edges = list(root.iter(f"{BPMNDI}BPMNEdge"))
    return Drawing(
        nodes={id_: node for id_, node in inside.items() if etree.QName(node).localname not in NO_NODES},
        flows={id_: node for id_, node in inside.items() if etree.QName(node).localname == "sequenceFlow"},
        lanes={
            said(lane, "id"): tuple(ref.text or "" for ref in lane.findall(f"{BPMN}flowNodeRef"))
            for lane in process.iter(f"{BPMN}lane")
        },
        boxes={said(shape, "bpmnElement"): _box(shape) for shape in shapes},
        lines={said(edge, "bpmnElement"): _points(edge) for edge in edges},
        labels={
            said(owner, "bpmnElement"): _box(label)
            for owner in (*shapes, *edges)
            if (label := owner.find(f"{BPMNDI}BPMNLabel")) is not None
        },
        around={
            said(node, "id"): said(part, "id")
            for part in process.iter(f"{BPMN}subProcess")
            for node in _drawn_in(part)
            if node.getparent() is part
        },
    )


@cache
def ends(name: str) -> tuple[str, ...]:
    """The ids of every end event of the shipped diagram of that name, within subprocesses too."""
    root = etree.parse(FOLDER / f"{name}.bpmn").getroot()
    return tuple(said(node, "id") for node in root.iter(f"{BPMN}endEvent"))


@cache
def timers(name: str) -> tuple[str, ...]:
    """The ids of every event of the diagram that waits for time."""
    root = etree.parse(FOLDER / f"{name}.bpmn").getroot()
    owners = (node.getparent() for node in root.iter(f"{BPMN}timerEventDefinition"))
    return tuple(said(owner, "id") for owner in owners if owner is not None)


@cache
def letters(name: str) -> tuple[str, ...]:
    """The codes of the letters that the diagram names."""
    root = etree.parse(FOLDER / f"{name}.bpmn").getroot()
    said_ = " ".join(str(value) for node in root.iter() for value in node.attrib.values())
    return tuple(sorted(set(re.findall(r'"(D\d\d)_\w+"', said_))))


def said(node: etree._Element, name: str) -> str:
    """An attribute that must be there."""
    return str(node.attrib[name])


def cuts(box: Box, segment: Segment) -> bool:
    """Whether an upright or level line passes through the inside of the box."""
    (x1, y1), (x2, y2) = segment
    across = min(x1, x2) < box.right and max(x1, x2) > box.left
    return across and min(y1, y2) < box.bottom and max(y1, y2) > box.top


def meet(one: Segment, other: Segment) -> bool:
    """Whether two upright or level lines cross, overlap or touch."""
    xs, ys = _spans(one)
    others_xs, others_ys = _spans(other)
    return xs[0] <= others_xs[1] and others_xs[0] <= xs[1] and ys[0] <= others_ys[1] and others_ys[0] <= ys[1]


def _spans(segment: Segment) -> tuple[Point, Point]:
    (x1, y1), (x2, y2) = segment
    return (min(x1, x2), max(x1, x2)), (min(y1, y2), max(y1, y2))


def _drawn_in(part: etree._Element) -> Iterator[etree._Element]:
    """What stands in a process or sub-process, what stands in its sub-processes included."""
    for node in part:
        if "id" in node.attrib:
            yield node
            if node.tag == f"{BPMN}subProcess":
                yield from _drawn_in(node)


def _box(shape: etree._Element) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    assert bounds is not None
    left, top, width, height = (float(bounds.attrib[name]) for name in ("x", "y", "width", "height"))
    return Box(left, top, left + width, top + height)


def _points(edge: etree._Element) -> tuple[Point, ...]:
    return tuple((float(point.attrib["x"]), float(point.attrib["y"])) for point in edge.findall(f"{DI}waypoint"))
