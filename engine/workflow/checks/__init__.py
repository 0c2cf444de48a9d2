"""What a diagram must keep to be published: one rule, one function, one test."""

from engine.workflow.checks import (
    adhoc,
    events,
    expressions,
    flow,
    gateways,
    languages,
    limits,
    naming,
    rules,
    several,
    starts,
    support,
    tasks,
    timers,
    undoing,
)
from engine.workflow.checks.complaints import Complaint, Known, Rule
from engine.workflow.checks.facts import Asked, DecisionFacts, Facts, FormFacts
from engine.workflow.checks.variables import variables as read_names
from engine.workflow.diagram import Diagram

RULES: tuple[Rule, ...] = (
    *support.RULES,
    *flow.RULES,
    *gateways.RULES,
    *adhoc.RULES,
    *events.RULES,
    *timers.RULES,
    *starts.RULES,
    *several.RULES,
    *undoing.RULES,
    *tasks.RULES,
    *rules.RULES,
    *expressions.RULES,
    *languages.RULES,
    *naming.RULES,
    read_names,
)
MAX_COMPLAINTS = 500


def check(diagram: Diagram, known: Known) -> list[Complaint]:
    """The complaints about a diagram, errors first, of many the first 500; publication refuses errors. Never raises."""
    too_large = [complaint for rule in limits.RULES for complaint in rule(diagram, known)]
    if too_large:
        return too_large
    found = [complaint for rule in RULES for complaint in rule(diagram, known)]
    return sorted(found, key=lambda complaint: complaint.severity)[:MAX_COMPLAINTS]


__all__ = [
    "RULES",
    "Asked",
    "Complaint",
    "DecisionFacts",
    "Facts",
    "FormFacts",
    "Known",
    "Rule",
    "check",
    "read_names",
]
