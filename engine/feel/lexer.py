"""The words of an expression: names, numbers, texts, signs, each with its place."""

import re
import sys
from typing import NamedTuple

from engine.feel import limits
from engine.feel.errors import FeelError, Position

# The standard's grammar (DMN 1.5, 10.3.1.2, rules 28 to 30) lists these ranges.
_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u180e\u200b\ufeff"

_TOKEN = re.compile(
    rf"""
    (?P<space>[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<at>@[{_SPACE}]*"(?:\\.|[^"\\])*")
    |(?P<string>"(?:\\.|[^"\\])*")
    |(?P<sign>\.\.|\*\*|<=|>=|!=|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LONGEST_NAME = 200
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One word: `kind` is name, number, string, at, sign or end; `text` is as written, texts unescaped."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All words of `text`, closed by one of kind `end`; raises FeelError for a text or comment without end."""
    if len(text) > limits.SOURCE:
        raise FeelError(
            "The expression is longer than %(limit)s characters.", Position(0, 1, 1), {"limit": limits.SOURCE}
        )
    found = [_token(text, match) for match in _TOKEN.finditer(text) if match.lastgroup != "space"]
    found.append(Token("end", "", len(text), len(text)))
    return found


def words(name: str) -> tuple[str, ...]:
    """The words of a name as they stand in a text; none when no text can hold the name."""
    if '"' in name or "/*" in name or len(name) > _LONGEST_NAME:
        return ()
    return tuple(match.group() for match in _TOKEN.finditer(name) if match.lastgroup != "space")


def _token(text: str, match: re.Match[str]) -> Token:
    kind, word = match.lastgroup or "sign", match.group()
    if kind == "sign" and word == '"':
        raise FeelError('This text has no closing ".', Position.of(text, match.start()))
    if kind == "sign" and word == "/" and text.startswith("/*", match.start()):
        raise FeelError("This comment has no closing */.", Position.of(text, match.start()))
    if kind == "string":
        word = _unescaped(word[1:-1])
    elif kind == "at":
        word = _unescaped(word[word.index('"') + 1 : -1])
    return Token(kind, word, match.start(), match.end())


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_escape, text)
    # Two escapes of a surrogate pair are one character; a lone half is not text.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= sys.maxunicode else "\ufffd"
    return _PLAIN_ESCAPES.get(code, match.group())
