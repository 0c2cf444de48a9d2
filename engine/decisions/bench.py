"""The bench on which one decision is compiled and heard: what is known, what is wrong, and what its tables said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine import feel
from engine.decisions.model import Logic
from engine.decisions.told import MOST_STEPS, ROOM, Step
from engine.decisions.types import Types
from engine.domain.errors import Invalid, Problem

Code = Callable[[feel.Frame], object]


class Making(feel.Run):
    """One evaluation of a decision in earnest: what cannot be made is refused. `loose` are inputs that nobody drew, by home."""

    __slots__ = ("loose",)

    def __init__(self, now: datetime | None) -> None:
        super().__init__(now)
        self.loose: Mapping[str, Mapping[str, object]] = {}


class Lenient(feel.Run):
    """One evaluation to the letter of the standard: what cannot be made is null, and what hangs on it goes on."""

    __slots__ = ()


class Hearing(Making):
    """One evaluation that is explained: one budget, the steps told so far, and how much room is left for rules.

    `watched` is the box whose `entries` are to be told: the outermost of the decision that is being made.
    """

    __slots__ = ("entries", "missed_room", "more", "room", "steps_told", "watched")

    def __init__(self, now: datetime | None) -> None:
        super().__init__(now)
        self.steps_told: list[Step] = []
        self.more = 0
        self.room = ROOM
        self.missed_room = ROOM // 2
        self.watched: Logic | None = None
        self.entries: Mapping[str, object] = {}

    def tell(self, step: Step) -> None:
        """Notes a step; of too many, only that there were more."""
        if len(self.steps_told) < MOST_STEPS:
            self.steps_told.append(step)
        else:
            self.more += 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the rule's number and id, and what its column is called."""

    rule: int
    id: str
    column: str


def place(decision: str, rule: str) -> str:
    """Where a problem of a rule is: the decision and, so that an editor finds the line, the rule's id."""
    return f"{decision}/{rule}" if rule else decision


@dataclass(frozen=True, slots=True)
class Bench:
    """What is known while the logic of one decision is compiled; problems and the names it uses gather here."""

    decision: str
    known: frozenset[str]
    types: Types
    problems: list[Problem] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def expression(self, text: str, what: str, cell: Cell | None = None) -> feel.Expression | None:
        """The expression of a text; None, with a problem noted, for what is none."""
        try:
            found = feel.compile(text, self.known)
        except feel.FeelError as error:
            self._note(text, what, error, cell)
            return None
        self.names.update(found.names)
        return found

    def tests(self, text: str, what: str, cell: Cell | None = None) -> feel.Tests | None:
        """The unary tests of a text; None for an empty one, and (with a problem noted) for what is none."""
        if text in {"", "-"}:
            return None
        try:
            found = feel.tests(text, self.known)
        except feel.FeelError as error:
            self._note(text, what, error, cell)
            return None
        self.names.update(found.names)
        return found

    def call_outside(self, kind: str, line: int) -> None:
        """Notes code outside FEEL that the decision would call."""
        self.outside.append(kind)
        self.refuse("The function in line %(line)s calls code outside, which does not run here.", line=line)

    def refuse(self, message: str, **params: object) -> None:
        """Notes what is wrong with the decision."""
        self.problems.append(Problem(self.decision, message, params))

    def require_type(self, name: str) -> None:
        """Notes a type that nobody defined."""
        if not self.types.knows(name):
            self.refuse("There is no type %(type)s; define it, or choose one of FEEL's.", type=name)

    def halt(self, message: str, **params: object) -> Invalid:
        """The refusal that ends an evaluation at this decision."""
        return Invalid("The decision cannot be made.", [Problem(self.decision, message, params)])

    def _note(self, text: str, what: str, error: feel.FeelError, cell: Cell | None) -> None:
        said = {"text": text[:200], "at": error.position.column if error.position else 1, "reason": error.reason}
        if cell is None:
            self.refuse("The %(what)s %(text)s is not FEEL at character %(at)s (%(reason)s).", what=what, **said)
            return
        message = "Rule %(rule)s, column %(column)s: %(text)s is not FEEL at character %(at)s (%(reason)s)."
        said |= {"rule": cell.rule, "column": cell.column}
        self.problems.append(Problem(place(self.decision, cell.id), message, said))
