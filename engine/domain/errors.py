"""The four refusals: every "no" that a person may read is one of them, with a sentence and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where: a form field, a BPMN element, a line of a file.

    `message` is an English sentence with `%(name)s` places for `params`; the edge translates it.
    """

    where: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        text = self.message % self.params if self.params else self.message
        return f"{self.where}: {text}" if self.where else text


class Refusal(Exception):  # noqa: N818 - the house names refusals by what they are, not as errors
    """A request that is answered with "no" and a reason; `message` is translated at the edge.

    `code` is what a diagram may catch it by, as a BPMN error, where a service says no.
    """

    code = "refused"

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params

    def named(self, code: str) -> Self:
        """The same refusal under a code of its own, for a diagram that treats this one apart."""
        self.code = code
        return self


class NotFound(Refusal):
    """The thing asked for does not exist, or not for this actor."""

    code = "not_found"


class NotAllowed(Refusal):
    """The actor may not do this; the sentence says which rule, and who may."""

    code = "not_allowed"


class Conflict(Refusal):
    """Somebody else was first, or the page is old; nothing was changed."""

    code = "conflict"


class Invalid(Refusal):
    """What was handed in is wrong; `problems` says where and what to do, one by one."""

    code = "invalid"

    def __init__(self, message: str, problems: Sequence[Problem] = (), **params: object) -> None:
        super().__init__(message, **params)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"- {problem}" for problem in self.problems)])
