"""The language of a page: English msgids in code and templates, Spanish from `translations/es.po`, read at start."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import g, has_request_context

LANGUAGES: Final = {"es": "Español", "en": "English"}
DEFAULT: Final = "es"
TRANSLATIONS: Final = Path(__file__).parent / "translations"
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


def language() -> str:
    """What `speaking` says, else the language of the page that is being answered, else Spanish."""
    asked = getattr(g, "language", DEFAULT) if has_request_context() else DEFAULT
    return _SPOKEN.get() or str(asked)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within the block messages are in this language: at a terminal, or for what leaves the house in both."""
    before = _SPOKEN.set(code)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def of_terminal(environment: Mapping[str, str]) -> str:
    """The language of who sits at a terminal (POSIX, 8.2): English unless it is set to Spanish."""
    named = next((environment[one] for one in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(one)), "")
    return "es" if named.startswith("es") else "en"


def other_language() -> str:
    """The language that the switch in the header offers."""
    return "en" if language() == "es" else "es"


def gettext(message: str, /, **params: object) -> str:
    """The message in the reader's language, its `%(name)s` places filled."""
    text = _catalog(language()).get(message, message)
    return text % params if params else text


def ngettext(singular: str, plural: str, number: int, /, **params: object) -> str:
    """The message for this many things; `%(num)s` is the number itself."""
    return plain_ngettext(singular, plural, number) % {"num": number, **params}


def plain_gettext(message: str) -> str:
    """The message with its places unfilled: templates fill them, escaped."""
    return _catalog(language()).get(message, message)


def plain_ngettext(singular: str, plural: str, number: int) -> str:
    """Likewise, for a number of things."""
    one, many = _plurals(language()).get(singular, (singular, plural))
    return one if number == 1 else many


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Marks a message to be translated where it is shown."""
    return message


def said(spanish: str, english: str) -> str:
    """Which of two texts of a diagram or form the reader gets; Spanish stands in for a missing English one."""
    return english if language() == "en" and english else spanish


@cache
def _catalog(code: str) -> Mapping[str, str]:
    return {str(m.id): str(m.string) for m in _messages(code) if m.id and isinstance(m.id, str) and m.string}


@cache
def _plurals(code: str) -> Mapping[str, tuple[str, str]]:
    pairs = {}
    for message in _messages(code):
        if isinstance(message.id, tuple) and isinstance(message.string, tuple) and all(message.string):
            pairs[message.id[0]] = (message.string[0], message.string[1])
    return pairs


@cache
def _messages(code: str) -> tuple[Message, ...]:
    path = TRANSLATIONS / f"{code}.po"
    if not path.exists():
        return ()
    with path.open("rb") as file:
        return tuple(read_po(file, locale=code))
