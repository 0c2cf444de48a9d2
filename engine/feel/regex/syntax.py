"""Reading a pattern into a tree."""

from dataclasses import dataclass

from engine.feel.regex import charsets
from engine.feel.regex.charsets import CharSet

_DEPTH = 50
_MOST_REPEATS = 1000
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", **{sign: sign for sign in "\\|.?*+(){}[]-^$"}}


class BadPattern(Exception):  # noqa: N818 - the text functions answer null to it, as the standard says
    """The pattern, its flags or its replacement is not what XPath allows."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class Edge:
    """The start (`^`) or end (`$`) of the text, or of a line."""

    start: bool


@dataclass(frozen=True, slots=True)
class Back:
    """What a group matched, once more."""

    group: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch that leads to a match."""

    branches: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A part in parentheses; number 0 captures nothing."""

    part: "Part"
    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; `most` None is without bound."""

    part: "Part"
    least: int
    most: int | None
    greedy: bool


Part = Chars | Edge | Back | Sequence | Choice | Group | Repeat


class PatternReader:
    """Reads one pattern; `groups` is how many captures it has once read."""

    def __init__(self, text: str, flags: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0
        self._any_case = "i" in flags
        self._dot = charsets.ANY if "s" in flags else charsets.NOT_A_LINE_END
        self._closed: set[int] = set()
        self.groups = 0

    def read(self) -> Part:
        """The tree of the whole pattern; raises BadPattern."""
        part = self._choice()
        if self._place < len(self._text):
            raise BadPattern
        return part

    def _next(self) -> str:
        return self._text[self._place : self._place + 1]

    def _take(self) -> str:
        char = self._next()
        if not char:
            raise BadPattern
        self._place += 1
        return char

    def _accept(self, text: str) -> bool:
        if self._text.startswith(text, self._place):
            self._place += len(text)
            return True
        return False

    def _choice(self) -> Part:
        self._depth += 1
        if self._depth > _DEPTH:
            raise BadPattern
        branches = [self._branch()]
        while self._accept("|"):
            branches.append(self._branch())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _branch(self) -> Part:
        parts: list[Part] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._piece())
        return Sequence(tuple(parts))

    def _piece(self) -> Part:
        atom = self._atom()
        sign = self._next()
        if sign not in ("?", "*", "+", "{") or not sign:
            return atom
        self._take()
        least, most = self._counts() if sign == "{" else {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        return Repeat(atom, least, most, greedy=not self._accept("?"))

    def _counts(self) -> tuple[int, int | None]:
        least = self._digits()
        most: int | None = least
        if self._accept(","):
            most = None if self._next() == "}" else self._digits()
        if not self._accept("}") or (most is not None and most < least) or max(least, most or 0) > _MOST_REPEATS:
            raise BadPattern
        return least, most

    def _digits(self) -> int:
        start = self._place
        while self._next() and self._next() in "0123456789":
            self._place += 1
        if not 0 < self._place - start <= len(str(_MOST_REPEATS)):
            raise BadPattern
        return int(self._text[start : self._place])

    def _atom(self) -> Part:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._set())
        if char == "\\":
            return self._escape()
        if char == ".":
            return Chars(self._dot)
        if char in "^$":
            return Edge(start=char == "^")
        if char in "?*+{}])":
            raise BadPattern
        return Chars(self._cased(charsets.one(char)))

    def _group(self) -> Part:
        number = 0
        if not self._accept("?:"):
            self.groups += 1
            number = self.groups
        part = self._choice()
        if not self._accept(")"):
            raise BadPattern
        self._closed.add(number)
        return Group(part, number)

    def _escape(self) -> Part:
        if self._next() and self._next() in "123456789":
            number = int(self._take())
            while self._next().isascii() and self._next().isdigit() and number * 10 + int(self._next()) <= self.groups:
                number = number * 10 + int(self._take())
            if number not in self._closed:
                raise BadPattern
            return Back(number)
        return Chars(self._escaped_set())

    def _escaped_set(self) -> CharSet:
        char = self._take()
        if char in _PLAIN_ESCAPES:
            return self._cased(charsets.one(_PLAIN_ESCAPES[char]))
        if char in charsets.CLASSES:
            return charsets.CLASSES[char]
        if char in "pP" and self._accept("{"):
            end = self._text.find("}", self._place)
            found = charsets.category(self._text[self._place : end]) if end >= 0 else None
            if found is not None:
                self._place = end + 1
                return found.inverted() if char == "P" else found
        raise BadPattern

    def _set(self) -> CharSet:
        inverted = self._accept("^")
        members: list[CharSet] = []
        removed: CharSet | None = None
        while not self._accept("]") or not members:
            if self._text[self._place - 1] == "]" and not members:
                raise BadPattern
            if members and self._accept("-["):
                self._depth += 1
                if self._depth > _DEPTH:
                    raise BadPattern
                removed = self._set()
                self._depth -= 1
                if not self._accept("]"):
                    raise BadPattern
                break
            members.append(self._member())
        found = charsets.any_of(members)
        found = found.inverted() if inverted else found
        return found.without(removed) if removed else found

    def _member(self) -> CharSet:
        low = self._take()
        if low == "[":
            raise BadPattern
        if low == "\\":
            if self._next() not in _PLAIN_ESCAPES:
                return self._escaped_set()
            low = _PLAIN_ESCAPES[self._take()]
        if self._next() != "-" or self._text[self._place + 1 : self._place + 2] in ("]", "["):
            return self._cased(charsets.one(low))
        self._take()
        high = self._take()
        if high == "\\":
            escaped = self._take()
            if escaped not in _PLAIN_ESCAPES:
                raise BadPattern
            high = _PLAIN_ESCAPES[escaped]
        if high < low:
            raise BadPattern
        return self._cased(charsets.between(low, high))

    def _cased(self, chars: CharSet) -> CharSet:
        """In both cases, where the flag i asks; it leaves categories alone, and comes before `^` (XPath 3.1, 5.6.2)."""
        return chars.in_any_case() if self._any_case else chars
