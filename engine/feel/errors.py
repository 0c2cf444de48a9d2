"""What is wrong with an expression, and where: a sentence that a person can act on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.domain.wording import Phrase

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the text of an expression: offset from 0, line and column from 1."""

    offset: int
    line: int
    column: int

    @classmethod
    def of(cls, text: str, offset: int) -> "Position":
        """The place of `offset` in `text`."""
        before = text[:offset]
        return cls(offset, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


class FeelError(Exception):
    """An expression that cannot be read, or that asks for more than its budget.

    `message` is an English sentence with `%(name)s` places for `params`; the edge translates it.
    Wrong types and divisions by zero are no errors in FEEL: they give null.
    """

    def __init__(self, message: str, position: Position | None = None, params: Mapping[str, object] = _NOTHING) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.params = params

    @property
    def reason(self) -> Phrase:
        """What is wrong, for a sentence that says the place itself."""
        return Phrase(self.message, self.params)

    @property
    def told(self) -> Phrase:
        """Where, and what is wrong."""
        if self.position is None:
            return self.reason
        at = {"line": self.position.line, "column": self.position.column}
        return Phrase("Line %(line)s, column %(column)s: %(reason)s", {**at, "reason": self.reason})

    def __str__(self) -> str:
        return str(self.told)
