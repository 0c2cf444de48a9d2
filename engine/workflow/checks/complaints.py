"""What a rule takes and what it answers."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.domain.errors import Problem
from engine.workflow.checks.facts import Facts
from engine.workflow.diagram import Diagram


@dataclass(frozen=True, slots=True)
class Complaint(Problem):
    """A problem of a diagram; publication refuses errors and lets warnings pass; notes say what was not judged."""

    severity: Literal["error", "warning", "note"] = "error"


@dataclass(frozen=True, slots=True)
class Known:
    """What a diagram may refer to: its surroundings as they will be when it is published.

    `services` are the parameters of each service, all of them mandatory but those that `optional` names for it.
    `processes` are the other diagrams by process id. An empty `clocks` leaves clock names unchecked, and no `facts`
    whether what expressions name is set; `programmes` are the clocks of each programme, all of which a diagram may have to
    run under.
    """

    services: Mapping[str, Collection[str]] = field(default_factory=dict)
    forms: Collection[str] = ()
    processes: Mapping[str, Diagram] = field(default_factory=dict)
    roles: Collection[str] = ()
    letters: Collection[str] = ()
    clocks: Collection[str] = ()
    optional: Mapping[str, Collection[str]] = field(default_factory=dict)
    decisions: Collection[str] = ()
    facts: Facts | None = None
    programmes: Mapping[str, Collection[str]] = field(default_factory=dict)


Rule = Callable[[Diagram, Known], Iterator[Complaint]]


def error(where: str, message: str, **params: object) -> Complaint:
    """Something that would not run as drawn."""
    return Complaint(where, message, params, "error")


def warning(where: str, message: str, **params: object) -> Complaint:
    """Something that runs, but that people should put right."""
    return Complaint(where, message, params, "warning")


def written_out(source: str) -> str | None:
    """The text of a source that is plain text, or a FEEL string and nothing else."""
    text = source.removeprefix("=").strip()
    if not source.startswith("="):
        return text
    return text[1:-1] if re.fullmatch(r'"[^"\\]*"', text) else None
