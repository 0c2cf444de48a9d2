"""What goes wrong while a case runs, and is nobody's refusal: it becomes an incident at an element."""

from collections.abc import Mapping
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})


class Fault(Exception):  # noqa: N818 - the house names what happened, not its type
    """The diagram cannot go on at `element`; the command that met it changes nothing.

    `message` is an English sentence with `%(name)s` places for `params`; the edge translates it.
    """

    def __init__(self, element: str, message: str, params: Mapping[str, object] = _NOTHING) -> None:
        super().__init__(element, message, params)
        self.element = element
        self.message = message
        self.params = params

    def __str__(self) -> str:
        sentence = self.message % self.params if self.params else self.message
        return f"{self.element}: {sentence}"
