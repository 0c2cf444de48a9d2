"""Business rule tasks ask a decision that exists and say where its answer goes, or call a service."""

import re
from collections.abc import Iterator

from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.checks.tasks import service_call
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element

_NAME = re.compile(r"[^\W\d]\w*")


def business_rules(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Each names one decision or one service, not both."""
    for element in diagram.elements.values():
        if element.kind != "businessRuleTask":
            continue
        if element.decision and element.service:
            yield error(element.id, "%(id)s names a decision and a service; keep one of them.", id=element.id)
        elif element.decision:
            yield from _decision(element, element.decision, known)
        elif element.service:
            yield from service_call(element, element.service, known)
        else:
            yield error(element.id, "The business rule task %(id)s names no decision; choose one.", id=element.id)


def _decision(element: Element, decision: str, known: Known) -> Iterator[Complaint]:
    if decision.startswith("="):
        yield error(element.id, "The decision must be written out, so that its version can be kept.")
    elif decision not in known.decisions:
        yield error(element.id, "There is no decision %(decision)s; choose one that exists.", decision=decision)
    if element.result is None or not _NAME.fullmatch(element.result):
        yield error(element.id, "The business rule task %(id)s needs a name for its result.", id=element.id)


RULES: tuple[Rule, ...] = (business_rules,)
