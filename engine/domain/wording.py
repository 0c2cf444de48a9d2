"""Phrase inside a sentence that the edge translates too: a reason, or the name of a part."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

_NOTHING: Mapping[str, object] = MappingProxyType({})


class Phrase(str):
    """An English text with `%(name)s` places for `params`, as a value in the place of another sentence.

    As a string it is the English text with its places filled, so that logs and JSON need no translation.
    """

    __slots__ = ("message", "params")

    message: str
    params: Mapping[str, object]

    def __new__(cls, message: str, params: Mapping[str, object] = _NOTHING) -> Self:
        """The words for these parameters."""
        self = super().__new__(cls, message % params if params else message)
        self.message = message
        self.params = params
        return self


def stored(value: object) -> object:
    """A parameter as JSON that keeps what `told` needs: words as their message and parameters."""
    if isinstance(value, Phrase):
        return {"message": value.message, "params": {name: stored(one) for name, one in value.params.items()}}
    return value


def told(value: object) -> Phrase | None:
    """The words that a parameter is, also after it was stored; None for any other value."""
    if isinstance(value, Phrase):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("message"), str) and isinstance(value.get("params"), dict):
        return Phrase(value["message"], {name: told(one) or one for name, one in value["params"].items()})
    return None
