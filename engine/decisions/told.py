"""What a decision says of how it was made, as plain values of bounded size: each step with what it saw and what it found."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from engine import feel

LONGEST: Final = 200  # characters of one value or text that is told
MOST_STEPS: Final = 50  # a function may ask its table in a loop
MOST_ROWS: Final = 50  # rules of one table, of those that matched and of those that did not
ROOM: Final = 24_000  # characters of all rules that matched, and half as many again of those that did not


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that was looked at: what it is called, the expression it came from, and the value."""

    name: str
    text: str
    value: feel.Json


@dataclass(frozen=True, slots=True)
class Because:
    """A cell that held: the column, the value it saw there, and the test as written."""

    column: str
    value: feel.Json
    test: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matched: its number from 1, its id, why, what it answered by column, and its remarks."""

    number: int
    id: str
    because: tuple[Because, ...]
    answers: Mapping[str, feel.Json]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A rule that did not match, and the first cell that spoke against it: column, value seen and test."""

    number: int
    column: str
    value: feel.Json
    test: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How one decision (or a table that it asked) found its value.

    `kind` is `table`, `expression` (its `text`), `context` (its `entries`) or `boxes`. Of a table: its `policy`, how many
    `rules` it has, those that `matched` and those that `missed` (each with how many `more` there were than are told), how
    many were `unasked` because the first hit ended it, the numbers `chosen` by the policy, and whether it answered by
    `default`, without any rule.
    """

    decision: str
    kind: str
    value: feel.Json
    inputs: tuple[Seen, ...] = ()
    text: str = ""
    entries: tuple[Seen, ...] = ()
    policy: str = ""
    rules: int = 0
    matched: tuple[Matched, ...] = ()
    more_matched: int = 0
    missed: tuple[Missed, ...] = ()
    more_missed: int = 0
    unasked: int = 0
    chosen: tuple[int, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision found, as plain JSON, and the inputs that it may have looked at."""

    value: feel.Json
    inputs: Mapping[str, feel.Json]


@dataclass(frozen=True, slots=True)
class Explained(Decided):
    """What a decision found, and how: its steps in order, and which decisions each decision required.

    `more_steps` counts those that are not told.
    """

    steps: tuple[Step, ...]
    requires: Mapping[str, tuple[str, ...]]
    more_steps: int = 0

    def told(self) -> dict[str, object]:
        """All of it as plain JSON."""
        steps = self.steps_told()
        return {"value": self.value, "inputs": dict(self.inputs), "steps": steps, "more_steps": self.more_steps}

    def steps_told(self) -> list[dict[str, object]]:
        """The steps as plain JSON, each with what it required; what a step has none of is left out of it."""
        return [_told(step) | _required(self.requires.get(step.decision, ())) for step in self.steps]


def plain(value: object) -> feel.Json:
    """A value as it is told of: plain JSON, a function by its kind."""
    try:
        return feel.to_json(value)
    except feel.FeelError:
        return feel.kind(value)


def short(value: object) -> feel.Json:
    """A value as an explanation tells of it: what is long is cut, and is text then."""
    found = plain(value)
    if isinstance(found, str):
        return clipped(found)
    if isinstance(found, list | dict) and len(written := json.dumps(found, ensure_ascii=False)) > LONGEST:
        return clipped(written)
    return found


def clipped(text: str) -> str:
    """A text, cut where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _told(step: Step) -> dict[str, object]:
    return {name: one for name, one in _plain(step).items() if name == "value" or one not in ("", 0, [], False)}


def _required(ids: tuple[str, ...]) -> dict[str, object]:
    return {"requires": list(ids)} if ids else {}


def _plain(one: Step | Seen | Because | Matched | Missed) -> dict[str, object]:
    return {field.name: _part(getattr(one, field.name)) for field in fields(one)}


def _part(value: object) -> object:
    if isinstance(value, tuple):
        return [_part(one) for one in value]
    if isinstance(value, Seen | Because | Matched | Missed):
        return _plain(value)
    return dict(value) if isinstance(value, Mapping) else value
