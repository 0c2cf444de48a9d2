"""What an ad-hoc sub-process may hold."""

from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import ACTIVITIES, begins_by_itself

_ORDERINGS = {"Parallel", "Sequential"}


def contents(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """There is something to choose, and neither start nor end events (BPMN 2.0.2, 10.3.5)."""
    for part in diagram.elements.values():
        if part.kind != "adHocSubProcess":
            continue
        inside = diagram.inside(part.id)
        if not any(element.kind in ACTIVITIES and begins_by_itself(element) for element in inside):
            message = "Nothing in %(id)s can be chosen; draw an activity in it that no flow leads to."
            yield error(part.id, message, id=part.id)
        for element in inside:
            if element.kind in {"startEvent", "endEvent"}:
                yield error(
                    element.id, "An ad-hoc sub-process has no start and end events; remove %(id)s.", id=element.id
                )
            elif begins_by_itself(element) and element.kind not in ACTIVITIES | {"intermediateCatchEvent"}:
                message = "Nobody can begin %(id)s; lead a flow to it."
                yield error(element.id, message, id=element.id)


def orderings(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """The ordering is one of BPMN's two."""
    for part in diagram.elements.values():
        ordering = part.attributes.get("ordering", "Parallel")
        if part.kind == "adHocSubProcess" and ordering not in _ORDERINGS:
            message = "The ordering of %(id)s is Parallel or Sequential, not %(ordering)s."
            yield error(part.id, message, id=part.id, ordering=ordering)


RULES: tuple[Rule, ...] = (contents, orderings)
