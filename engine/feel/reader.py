"""The parser's place in the text: the next word, what it may be, and the names known so far."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from engine.domain.wording import Phrase
from engine.feel import limits
from engine.feel.errors import FeelError, Position
from engine.feel.lexer import Token, tokens, words
from engine.feel.nodes import Node

A_NAME, A_VALUE, AN_OPERATOR = Phrase("a name"), Phrase("a value"), Phrase("an operator")
KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_AFTER_KEY = frozenset(":,{}[]()")
Layer = dict[tuple[str, ...], str]


def normal(name: str) -> str:
    """The name with single spaces: the form in which names are compared."""
    return " ".join(name.split())


class Reader:
    """Walks over the words of one text; `parse` reads an expression that binds tighter than a power."""

    def __init__(self, text: str, known: Iterable[str], parse: Callable[["Reader", int], Node]) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._index = 0
        self._depth = 0
        self._parse = parse
        self._known: list[Layer] = [{}]
        self._lengths: dict[str, int] = {}  # of the longest name known by its first word
        for name in known:
            self.learn(name)

    @property
    def token(self) -> Token:
        """The next word."""
        return self._tokens[self._index]

    def ahead(self, count: int) -> Token:
        """The word `count` places after the next one; the end stays the end."""
        return self._tokens[min(self._index + count, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next word, which then is behind us."""
        token = self._tokens[self._index]
        if token.kind != "end":
            self._index += 1
        return token

    def at(self, *words: str) -> bool:
        """Whether the next word is one of these signs or keywords."""
        token = self.token
        return token.text in words and token.kind in ("sign", "name")

    def accept(self, *words: str) -> bool:
        """Take the next word if it is one of these."""
        if self.at(*words):
            self._index += 1
            return True
        return False

    def expect(self, word: str) -> Token:
        """Take exactly this word, or say that it was expected."""
        if not self.at(word):
            raise self.unexpected(word)
        return self.take()

    def expression(self, power: int = 0) -> Node:
        """An expression whose operators bind tighter than `power`."""
        self._depth += 1
        if self._depth > limits.DEPTH:
            raise self.error("Expressions are nested more than %(limit)s levels deep.", limit=limits.DEPTH)
        node = self._parse(self, power)
        self._depth -= 1
        return node

    def unexpected(self, expected: str) -> FeelError:
        """What was expected here, and what stands here instead."""
        if self.token.kind == "end":
            return self.error("%(expected)s was expected, but the expression ends here.", expected=expected)
        found = self.text[self.token.start : min(self.token.end, self.token.start + 40)]
        return self.error("%(expected)s was expected, but %(found)s stands here.", expected=expected, found=found)

    def error(self, message: str, **params: object) -> FeelError:
        """An error at the next word."""
        return FeelError(message, Position.of(self.text, self.token.start), params)

    def name(self) -> str:
        """A name: the longest known one, or else the words that follow one another."""
        if found := self._known_name():
            return found
        if not self.is_word():
            raise self.unexpected(A_NAME)
        return self.words()

    def member(self) -> str:
        """The name after a dot; here a keyword is a name like any other."""
        if self.token.kind != "name":
            raise self.unexpected(A_NAME)
        return self.words()

    def words(self) -> str:
        """The word that stands here, whatever it is, and those that follow one another, as one name."""
        found = [self.take().text]
        while self.is_word():
            found.append(self.take().text)
        return " ".join(found)

    def key(self) -> str:
        """A name that is being given, up to a colon, comma or bracket: it may have signs in it."""
        first = self.token
        if first.kind == "string":
            return self.take().text
        last = first
        while not (self.token.kind in ("end", "string", "at") or self.token.text in _AFTER_KEY):
            last = self.take()
        if self.token is first:
            raise self.unexpected(A_NAME)
        return normal(self.text[first.start : last.end])

    def is_word(self) -> bool:
        """Whether the next word can be part of a name that nobody announced."""
        return self.token.kind == "name" and self.token.text not in KEYWORDS

    def knows(self) -> bool:
        """Whether a known name of several words stands here, even if it begins with a keyword."""
        return self._match() is not None

    @contextmanager
    def knowing(self, *names: str) -> Iterator[None]:
        """Within the block these names are known too."""
        self._known.append({})
        for name in names:
            self.learn(name)
        yield
        self._known.pop()

    def learn(self, name: str) -> None:
        """Know this name until the innermost `knowing` block ends."""
        found = words(name)
        if len(found) > 1 or (found and found[0] in KEYWORDS):
            self._known[-1][found] = normal(name)
            self._lengths[found[0]] = max(len(found), self._lengths.get(found[0], 0))

    def _match(self) -> tuple[int, str] | None:
        longest = self._lengths.get(self.token.text, 0) if self.token.kind == "name" else 0
        ahead = tuple(self.ahead(place).text for place in range(longest))
        for length in range(longest, 0, -1):
            for layer in self._known:
                if ahead[:length] in layer:
                    return length, layer[ahead[:length]]
        return None

    def _known_name(self) -> str | None:
        found = self._match()
        if found is None:
            return None
        self._index += found[0]
        return found[1]
