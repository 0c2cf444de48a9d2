"""What a check says of a decision."""

from dataclasses import dataclass
from typing import Literal

from engine.domain.errors import Problem

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """Something about a decision; publication refuses errors, lets warnings pass, and notes say what was not judged."""

    severity: Severity = "error"
