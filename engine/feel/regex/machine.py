"""Running a pattern over a text: backtracking that never tries one state twice, so no pattern can explode."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.feel.regex.compiling import Op, Pattern, Step

_PORTION = 256  # steps charged at once
_SEARCH = 10  # steps that beginning a search counts
Spend = Callable[[int], None]
Marks = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A place where the pattern was found; marks are the starts and ends of group 0, 1, …, or -1."""

    text: str
    marks: Marks

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.marks[0]

    @property
    def end(self) -> int:
        """Where the match ends."""
        return self.marks[1]

    def group(self, number: int) -> str:
        """What a group matched; empty when it took no part."""
        start, end = self.marks[2 * number : 2 * number + 2]
        return self.text[start:end] if start >= 0 and end >= 0 else ""


def find(pattern: Pattern, text: str, spend: Spend, begin: int = 0) -> Match | None:
    """The first match from `begin` on; `spend` counts the machine's steps and may end the search by raising."""
    machine = _Machine(pattern, text, spend)
    spend(_SEARCH)
    for start in range(begin, len(text) + 1):
        marks = machine.match(start)
        if marks is not None:
            return Match(text, marks)
    return None


def find_all(pattern: Pattern, text: str, spend: Spend) -> Iterator[Match]:
    """All matches from left to right that do not overlap; the pattern must not match empty text."""
    begin = 0
    while begin <= len(text) and (match := find(pattern, text, spend, begin)):
        yield match
        begin = max(match.end, match.start + 1)


class _Machine:
    def __init__(self, pattern: Pattern, text: str, spend: Spend) -> None:
        self._pattern = pattern
        self._text = text
        self._spend = spend
        # A state that failed fails again, from whichever start: it depends on the captures only with back-references.
        self._tried: set[object] = set()
        self._waiting: list[tuple[int, int, Marks]] = []
        self._used = 0

    def match(self, start: int) -> Marks | None:
        """The marks of a match that begins exactly at `start`."""
        empty: Marks = (start, *(-1,) * (2 * self._pattern.groups + 1))
        self._waiting = [(0, start, empty)]
        while self._waiting:
            found = self._follow(*self._waiting.pop())
            if found is not None:
                return found
        return None

    def _follow(self, at: int, place: int, marks: Marks) -> Marks | None:
        """Go on from one state until it fails or is done; where the way forks, the other one waits."""
        steps, used = self._pattern.steps, 0
        while at >= 0:
            used += 1
            step = steps[at]
            if step.op is Op.CHARS:
                fits = place < len(self._text) and self._text[place] in step.chars
                at, place = (at + 1, place + 1) if fits else (-1, place)
            elif step.op is Op.FORK:
                at = step.to if self._forks(at, place, marks, step.other) else -1
            elif step.op is Op.JUMP:
                at = step.to
            elif step.op is Op.SAVE:
                marks = (*marks[: step.to], place, *marks[step.to + 1 :])
                at += 1
            elif step.op is Op.DONE:
                self._count(used)
                return (marks[0], place, *marks[2:])
            else:
                moved = self._edge_or_back(step, place, marks)
                at, place = (at + 1, moved) if moved >= 0 else (-1, place)
        self._count(used)
        return None

    def _count(self, used: int) -> None:
        """Charge steps in portions; a pattern that looks back is the slower one."""
        self._used += used * 2 if self._pattern.looks_back else used
        if self._used >= _PORTION:
            self._spend(self._used)
            self._used = 0

    def _forks(self, at: int, place: int, marks: Marks, other: int) -> bool:
        if not self._is_new(at, place, marks):
            return False
        self._waiting.append((other, place, marks))
        return True

    def _is_new(self, at: int, place: int, marks: Marks) -> bool:
        state: object = (at, place, marks[2:]) if self._pattern.looks_back else place * len(self._pattern.steps) + at
        if state in self._tried:
            return False
        self._tried.add(state)
        return True

    def _edge_or_back(self, step: Step, place: int, marks: Marks) -> int:
        """The place after an edge or a back-reference, or -1 when it does not hold."""
        text = self._text
        if step.op is Op.START:
            return place if place == 0 or (step.to and place < len(text) and text[place - 1] == "\n") else -1
        if step.op is Op.END:
            return place if place == len(text) or (step.to and text[place] == "\n") else -1
        start, end = marks[2 * step.to : 2 * step.to + 2]
        wanted = text[start:end] if start >= 0 and end >= 0 else ""
        found = text[place : place + len(wanted)]
        same = found == wanted or (self._pattern.any_case and found.casefold() == wanted.casefold())
        return place + len(wanted) if same else -1
