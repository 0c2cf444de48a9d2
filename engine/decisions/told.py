"""What a decision says of how it was made, as plain values: every table that was asked, its inputs and its rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from engine import feel
from engine.decisions.model import Policy


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
    """A rule that did not match, and the first column that spoke against it; rules after a first hit are not told of."""

    number: int
    column: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One table that was asked: the values of its columns, the rules that matched and those that did not."""

    decision: str
    policy: Policy
    inputs: Mapping[str, feel.Json]
    matched: tuple[Matched, ...]
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision found, as plain JSON, and how: the inputs it looked at, and the tables in the order of asking."""

    value: feel.Json
    inputs: Mapping[str, feel.Json]
    tables: tuple[Asked, ...]

    def explained(self) -> dict[str, object]:
        """All of it as plain JSON."""
        return {**asdict(self), "tables": [asdict(table) for table in self.tables]}


def plain(value: object) -> feel.Json:
    """A value as it is told of: plain JSON, a function by its kind."""
    try:
        return feel.to_json(value)
    except feel.FeelError:
        return feel.kind(value)
