"""Decisions of DMN 1.2 to 1.5: read a file, check it, decide, and say why; everything in it is FEEL and nothing else."""

from engine.decisions.asking import Question, answered, questions
from engine.decisions.checking import check
from engine.decisions.deciding import decide, evaluate, explain
from engine.decisions.findings import Finding
from engine.decisions.model import Decision, Model, Policy, Service
from engine.decisions.reading import parse, read
from engine.decisions.told import Decided, Explained

__all__ = [
    "Decided",
    "Decision",
    "Explained",
    "Finding",
    "Model",
    "Policy",
    "Question",
    "Service",
    "answered",
    "check",
    "decide",
    "evaluate",
    "explain",
    "parse",
    "questions",
    "read",
]
