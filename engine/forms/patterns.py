"""Patterns that a form's owner writes are matched in linear time: no text a person types can make one run away.

Python's `re` backtracks; a pattern such as `(a+)+$` hangs it. Here a pattern becomes a set of states that walk over the
text together (K. Thompson, "Regular expression search algorithm", CACM 11:6, 1968).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MAX_PATTERN = 300
MAX_STATES = 400
MAX_DEPTH = 20

_CLASSES: dict[str, Callable[[str], bool]] = {
    "d": lambda c: "0" <= c <= "9",
    "w": lambda c: c == "_" or (c.isascii() and c.isalnum()),
    "s": str.isspace,
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SPECIAL = frozenset("\\^$.|?*+()[]{}/-")


class BadPattern(Exception):  # noqa: N818 - named by what it is, as the house does
    """The pattern cannot be used; the text says why."""


Test = Callable[[str], bool]


@dataclass(slots=True)
class _State:
    """`test` eats one character and goes to `then`; without test the state is free and goes to every one of `free`.

    `anchor` lets pass only at the start ("^") or the end ("$") of the text.
    """

    test: Test | None = None
    then: int = -1
    free: list[int] = field(default_factory=list)
    anchor: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A compiled pattern; `source` is the text as the owner wrote it."""

    source: str
    _states: tuple[_State, ...]
    _start: int
    _end: int

    def found_in(self, text: str) -> bool:
        """Whether the pattern occurs in the text, as JavaScript's `RegExp.test` would say of it."""
        active: set[int] = set()
        for at, char in enumerate(text):
            active = self._reach((*active, self._start), first=at == 0, last=False)
            if self._end in active:
                return True
            active = {state.then for state in map(self._states.__getitem__, active) if state.test and state.test(char)}
        return self._end in self._reach((*active, self._start), first=not text, last=True)

    def _reach(self, begin: Iterable[int], *, first: bool, last: bool) -> set[int]:
        seen: set[int] = set()
        todo = list(begin)
        while todo:
            number = todo.pop()
            state = self._states[number]
            if number in seen or (state.anchor == "^" and not first) or (state.anchor == "$" and not last):
                continue
            seen.add(number)
            todo += state.free
        return seen


def compile_pattern(source: str) -> Pattern:
    r"""Compile literals, `.`, classes, `\d \w \s`, groups, `|`, `? * + {m,n}`, `^`, `$`.

    Raises:
        BadPattern: for look-around, back references and whatever else needs backtracking.
    """
    if len(source) > MAX_PATTERN:
        raise BadPattern("The pattern is longer than 300 characters.")
    parser = _Parser(source)
    start, end = parser.whole()
    return Pattern(source, tuple(parser.states), start, end)


_Part = tuple[int, int]


class _Parser:
    """Recursive descent over the pattern; every rule leaves a part of the machine: its first and its last state."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0
        self.states: list[_State] = []

    def whole(self) -> _Part:
        part = self._either()
        if self.at < len(self.source):
            raise BadPattern("A closing bracket has no opening one.")
        return part

    def _either(self) -> _Part:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadPattern("The brackets are nested too deeply.")
        parts = [self._sequence()]
        while self._eat("|"):
            parts.append(self._sequence())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        start, end = self._new(), self._new()
        for first, last in parts:
            self.states[start].free.append(first)
            self.states[last].free.append(end)
        return start, end

    def _sequence(self) -> _Part:
        start = end = self._new()
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            first, last = self._repeated()
            self.states[end].free.append(first)
            end = last
        return start, end

    def _repeated(self) -> _Part:
        begin = self.at
        part = self._atom()
        after = self.at
        least, most = self._quantifier()
        if self.at == after:
            return part
        resume = self.at
        copies = [part]
        while len(copies) < max(least, most or 0):
            self.at = begin
            copies.append(self._atom())
        self.at = resume
        return self._chain(copies, least, most)

    def _chain(self, copies: list[_Part], least: int, most: int | None) -> _Part:
        start, end = self._new(), self._new()
        at = start
        for number, (first, last) in enumerate(copies):
            if number >= least:
                self.states[at].free.append(end)
            if most == 0:
                return start, end
            self.states[at].free.append(first)
            at = last
        self.states[at].free.append(end)
        if most is None:
            self.states[at].free.append(copies[-1][0])
        return start, end

    def _quantifier(self) -> tuple[int, int | None]:
        found: tuple[int, int | None] = (1, 1)
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._eat(sign):
                found = bounds
                break
        else:
            if self._eat("{"):
                found = self._bounds()
            else:
                return found
        if self.at < len(self.source) and self.source[self.at] in "?*+{":
            raise BadPattern("Two repetitions follow each other.")
        return found

    def _bounds(self) -> tuple[int, int | None]:
        close = self.source.find("}", self.at)
        least, comma, most = self.source[self.at : close if close > 0 else self.at].partition(",")
        if not _short_number(least) or (most and not _short_number(most)):
            raise BadPattern("A repetition in braces must read {2}, {2,} or {2,5}.")
        self.at = close + 1
        upper = int(most) if most else None if comma else int(least)
        if upper is not None and upper < int(least):
            raise BadPattern("A repetition in braces must not fall.")
        return int(least), upper

    def _atom(self) -> _Part:
        char = self.source[self.at]
        self.at += 1
        if char == "(":
            return self._group()
        if char in "?*+{":
            raise BadPattern("A repetition has nothing before it.")
        if char in "^$":
            state = self._new(anchor=char)
            return state, state
        if char == ".":
            return self._eater(lambda c: c not in "\r\n")
        if char == "[":
            return self._eater(self._set())
        if char == "\\":
            return self._eater(self._escaped())
        return self._eater(char.__eq__)

    def _group(self) -> _Part:
        if self._eat("?") and not self._eat(":"):
            raise BadPattern("Look-ahead, look-behind and named groups cannot be used.")
        part = self._either()
        if not self._eat(")"):
            raise BadPattern("An opening bracket is never closed.")
        return part

    def _escaped(self) -> Test:
        if self.at >= len(self.source):
            raise BadPattern("The pattern ends in a backslash.")
        char = self.source[self.at]
        self.at += 1
        if char in _CLASSES:
            return _CLASSES[char]
        if char.lower() in _CLASSES:
            inner = _CLASSES[char.lower()]
            return lambda c: not inner(c)
        if char in _ESCAPES:
            return _ESCAPES[char].__eq__
        if char in _SPECIAL or not char.isalnum():
            return char.__eq__
        raise BadPattern("Back references and unknown escapes cannot be used.")

    def _set(self) -> Test:
        negated = self._eat("^")
        tests: list[Test] = []
        while not self._eat("]"):
            if self.at >= len(self.source):
                raise BadPattern("A square bracket is never closed.")
            tests.append(self._member())
        return lambda c: any(test(c) for test in tests) != negated

    def _member(self) -> Test:
        low = self.source[self.at]
        self.at += 1
        if low == "\\":
            return self._escaped()
        if self.source[self.at : self.at + 1] != "-" or self.source[self.at + 1 : self.at + 2] in ("", "]", "\\"):
            return low.__eq__
        high = self.source[self.at + 1]
        self.at += 2
        if high < low:
            raise BadPattern("A range in square brackets must not fall.")
        return lambda c: low <= c <= high

    def _eater(self, test: Test) -> _Part:
        state = self._new(test=test)
        end = self._new()
        self.states[state].then = end
        return state, end

    def _new(self, test: Test | None = None, anchor: str = "") -> int:
        if len(self.states) >= MAX_STATES:
            raise BadPattern("The pattern repeats too much.")
        self.states.append(_State(test=test, anchor=anchor))
        return len(self.states) - 1

    def _eat(self, char: str) -> bool:
        if self.source[self.at : self.at + 1] != char:
            return False
        self.at += 1
        return True


def _short_number(text: str) -> bool:
    return 0 < len(text) < 4 and text.isascii() and text.isdigit()  # noqa: PLR2004 - {999} is the most
