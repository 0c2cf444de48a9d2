"""A case on its way from one drawing to another: what is called how there, and what is found on the way."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.domain.errors import Problem
from engine.workflow.definition import Definition


@dataclass(slots=True)
class Notes:
    """What was found on the way: see `swap.Plan`."""

    reasons: list[Problem] = field(default_factory=list)
    changes: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def refuse(self, where: str, message: str, **params: object) -> None:
        """A reason why the case cannot move."""
        self._add(self.reasons, Problem(where, message, params))

    def change(self, where: str, message: str, **params: object) -> None:
        """Something that will be different."""
        self._add(self.changes, Problem(where, message, params))

    def warn(self, where: str, message: str, **params: object) -> None:
        """Something that people should know before."""
        self._add(self.warnings, Problem(where, message, params))

    def lack(self, name: str) -> None:
        """An element or flow to which the mapping must give a place."""
        if name not in self.missing:
            self.missing.append(name)

    def _add(self, to: list[Problem], problem: Problem) -> None:
        if problem not in to:
            to.append(problem)


@dataclass(frozen=True, slots=True)
class Journey:
    """From one drawing to another: `mapping` says what an element or flow is called there, `again` what is reckoned anew."""

    old: Definition
    new: Definition
    mapping: Mapping[str, str]
    again: Collection[str]

    def to(self, name: str) -> str:
        """The id that an element or flow of the old drawing has in the new one."""
        return self.mapping.get(name, name)

    def node(self, name: str) -> str:
        """The name that a node of the old drawing has in the new one: the element's, and what it plays beside it."""
        element, _, role = name.removeprefix("#").partition(" ")
        return f"#{self.to(element)}{f' {role}' if role else ''}"
