"""The wall: the only package that imports SpiffWorkflow; everybody else speaks of diagrams and runs."""

from engine.workflow.repairs import VERIFIED  # isort: skip - the repairs come before anything that could need them
from engine.workflow.checks import Asked, Complaint, DecisionFacts, Facts, FormFacts, Known, check, read_names
from engine.workflow.checks.events import clocks_started
from engine.workflow.checks.offers import offers, verdicts
from engine.workflow.definition import Definition
from engine.workflow.diagram import Diagram, drawing, plain_text, read, read_all
from engine.workflow.elements import Element, EventKind, Phase
from engine.workflow.encodings import encoded
from engine.workflow.faults import Fault
from engine.workflow.records import Failed, Failure, OpenTask, Recount, ServiceCall, Step, Thrown, Token, Wait
from engine.workflow.rules import DECISION
from engine.workflow.run import Run
from engine.workflow.schedule import Planned, following, schedule

__all__ = [
    "DECISION",
    "VERIFIED",
    "Asked",
    "Complaint",
    "DecisionFacts",
    "Definition",
    "Diagram",
    "Element",
    "EventKind",
    "Facts",
    "Failed",
    "Failure",
    "Fault",
    "FormFacts",
    "Known",
    "OpenTask",
    "Phase",
    "Planned",
    "Recount",
    "Run",
    "ServiceCall",
    "Step",
    "Thrown",
    "Token",
    "Wait",
    "check",
    "clocks_started",
    "drawing",
    "encoded",
    "following",
    "offers",
    "plain_text",
    "read",
    "read_all",
    "read_names",
    "schedule",
    "verdicts",
]
