"""What the template of a letter may reach: other letters, and nothing else. No package from outside, no code from text.

The typesetter would fetch a package from the network wherever an import names one, also one whose name is put together or
comes out of what an applicant wrote; and `eval` would run such text. Neither can be switched off, so both are refused.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from engine.domain.errors import Invalid, Problem

_IMPORT: Final = re.compile(r'#import "[A-Za-z0-9_-]+\.typ"(: [A-Za-z][A-Za-z0-9_, -]*)?')
_NEEDS: Final = re.compile(r"needs(?::| =) \((?P<names>[^)]*)\)")
_NAME: Final = re.compile(r'"(\w+)"')
_APPEALS: Final = re.compile(r"^\s*appeal: true,?\s*$", re.MULTILINE)
_WORD: Final = re.compile(r"(?<![\w-])(import|include|eval|std|plugin)(?![\w-])")
_PROSE: Final = re.compile(r"(?<![\w-])(?P<before>[^\W\d_]+)[ \t]+\Z")
_RUNNING: Final = frozenset({"import", "include"})  # words that a sentence may need
_KEYWORDS: Final = frozenset(
    {"none", "auto", "true", "false", "not", "and", "or", "let", "set", "show", "context", "if", "else", "for", "in"}
    | {"while", "break", "continue", "return", "import", "include", "as"}
)  # of the typesetter: after one of these an import would be obeyed, after any other word it is running text


@lru_cache(512)
def require_local(content: bytes) -> None:
    """Invalid, with each line, for a template that could load what is no letter, or run text as code."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Invalid("The letter cannot be typeset.", [Problem("", "The file is not UTF-8 text.")]) from error
    problems = [problem for number, line in enumerate(text.splitlines(), 1) for problem in _line(number, line)]
    if problems:
        raise Invalid("The letter cannot be typeset.", problems)


@lru_cache(512)
def needs(content: bytes) -> tuple[str, ...]:
    """The facts that the template names as those without which it says nothing: `needs: ("items", "reply_due")`."""
    found = _NEEDS.search(content.decode())
    return tuple(_NAME.findall(found["names"])) if found else ()


@lru_cache(512)
def appeals(content: bytes) -> bool:
    """Whether the template carries the clause on appeals."""
    return _APPEALS.search(content.decode()) is not None


def code(template: str) -> str:
    """The kind of a letter by the key of its template: `D17` of `D17_refusal`."""
    return template.partition("_")[0]


def _line(number: int, line: str) -> Iterator[Problem]:
    if _IMPORT.fullmatch(line.strip()):
        return
    for found in _WORD.finditer(line):
        word = found[0]
        if word in _RUNNING and _in_a_sentence(line[: found.start()]):
            continue
        message = (
            'A letter may take from other letters only, on a line of its own: #import "_letter.typ": fact. '
            "Elsewhere the word «%(word)s» may only stand in a sentence, after another word."
        )
        yield Problem(f"line {number}", message, {"word": word})


def _in_a_sentence(before: str) -> bool:
    """Whether what stands before, on the same line, is a plain word: between two such words no code can begin."""
    prose = _PROSE.search(before)
    return prose is not None and prose["before"] not in _KEYWORDS
