"""From the tree of a pattern to the steps of the machine."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from engine.feel.regex import charsets
from engine.feel.regex.charsets import CharSet
from engine.feel.regex.syntax import (
    Back,
    BadPattern,
    Chars,
    Choice,
    Edge,
    Group,
    Part,
    PatternReader,
    Repeat,
    Sequence,
)

_MOST_STEPS = 5_000
_LONGEST = 2_000
_FLAGS = frozenset("smixq")
_NONE = charsets.ANY


class Op(IntEnum):
    """What a step of the machine does."""

    CHARS = 0  # take one character of `chars`
    FORK = 1  # go on at `to`; if that fails, at `other`
    JUMP = 2  # go on at `to`
    SAVE = 3  # note the place as capture mark number `to`
    BACK = 4  # take what group `to` matched
    START = 5  # be at the start of the text (or line, when `to`)
    END = 6  # be at the end of the text (or line, when `to`)
    DONE = 7


@dataclass(slots=True)
class Step:
    """One step; `to` and `other` are places in the program, or numbers as `Op` says."""

    op: Op
    chars: CharSet = _NONE
    to: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; shared between threads, never changed."""

    steps: tuple[Step, ...]
    groups: int
    looks_back: bool
    any_case: bool


@lru_cache(maxsize=512)
def compile_pattern(text: str, flags: str = "") -> Pattern:
    """The machine of a pattern with XPath's flags s, m, i, x and q; raises BadPattern."""
    if not _FLAGS.issuperset(flags) or len(text) > _LONGEST:
        raise BadPattern
    if "q" in flags:
        text = "".join(f"\\{char}" if char in "\\|.?*+(){}[]-^$" else char for char in text)
    elif "x" in flags:
        text = _without_space(text)
    reader = PatternReader(text, flags)
    tree = reader.read()
    builder = _Builder(lines="m" in flags and "q" not in flags)
    builder.add(tree)
    builder.emit(Step(Op.DONE))
    looks_back = any(step.op is Op.BACK for step in builder.steps)
    return Pattern(tuple(builder.steps), reader.groups, looks_back, "i" in flags)


def _without_space(text: str) -> str:
    kept: list[str] = []
    inside = 0
    for place, char in enumerate(text):
        escaped = place > 0 and text[place - 1] == "\\"
        inside += (char == "[") - (char == "]") if not escaped else 0
        if inside or char not in " \t\n\r":
            kept.append(char)
    return "".join(kept)


class _Builder:
    def __init__(self, *, lines: bool) -> None:
        self.steps: list[Step] = []
        self._lines = lines

    def emit(self, step: Step) -> Step:
        if len(self.steps) >= _MOST_STEPS:
            raise BadPattern
        self.steps.append(step)
        return step

    def add(self, part: Part) -> None:
        match part:
            case Chars(chars):
                self.emit(Step(Op.CHARS, chars))
            case Edge(start):
                self.emit(Step(Op.START if start else Op.END, to=int(self._lines)))
            case Back(group):
                self.emit(Step(Op.BACK, to=group))
            case Sequence(parts):
                for each in parts:
                    self.add(each)
            case Group(inner, number):
                self._group(inner, number)
            case Choice(branches):
                self._choice(branches)
            case Repeat():
                self._repeat(part)

    def _group(self, inner: Part, number: int) -> None:
        if not number:
            self.add(inner)
            return
        self.emit(Step(Op.SAVE, to=2 * number))
        self.add(inner)
        self.emit(Step(Op.SAVE, to=2 * number + 1))

    def _choice(self, branches: tuple[Part, ...]) -> None:
        ends = []
        for branch in branches[:-1]:
            fork = self.emit(Step(Op.FORK, to=len(self.steps) + 1))
            self.add(branch)
            ends.append(self.emit(Step(Op.JUMP)))
            fork.other = len(self.steps)
        self.add(branches[-1])
        for end in ends:
            end.to = len(self.steps)

    def _repeat(self, repeat: Repeat) -> None:
        for _ in range(repeat.least):
            self.add(repeat.part)
        if repeat.most is None:
            start = len(self.steps)
            fork = self.emit(Step(Op.FORK))
            self.add(repeat.part)
            self.emit(Step(Op.JUMP, to=start))
            self._lead(fork, start + 1, len(self.steps), greedy=repeat.greedy)
            return
        forks = []
        for _ in range(repeat.most - repeat.least):
            forks.append((self.emit(Step(Op.FORK)), len(self.steps)))
            self.add(repeat.part)
        for fork, inside in forks:
            self._lead(fork, inside, len(self.steps), greedy=repeat.greedy)

    def _lead(self, fork: Step, inside: int, beyond: int, *, greedy: bool) -> None:
        fork.to, fork.other = (inside, beyond) if greedy else (beyond, inside)
