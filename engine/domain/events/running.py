"""Facts of a running case: how it began, moved and ended; its tasks, timers, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class CaseStarted(Event):
    """A case began, by hand or by a message, a signal or the timer of an element."""

    process: str
    number: str
    release: int
    data: Mapping[str, object] = field(default_factory=dict)
    message: str | None = None
    signal: str | None = None
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class TokensMoved(Event):
    """What the engine did in one command: BPMN elements entered, completed, cancelled or fired, in order."""

    steps: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseCompleted(Event):
    """A case reached its end; `ends` are the end events it passed."""

    ends: Sequence[str]


@dataclass(frozen=True, slots=True)
class CaseCancelled(Event):
    """A case was ended by hand, with a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class TaskClaimed(Event):
    """Somebody took a task; `in_place_of` is the absent person they stand in for."""

    task: str
    element: str
    in_place_of: str | None = None


@dataclass(frozen=True, slots=True)
class TaskAssigned(Event):
    """Somebody gave a task to a colleague; `before` is who had it."""

    task: str
    element: str
    to: str
    before: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class TaskReleased(Event):
    """Somebody gave a task back to its role."""

    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskCompleted(Event):
    """A task was done: `answers` as checked, `before` the same fields as they were.

    `in_place_of` is the absent person they stand in for, `overrides` the exceptions under which they might.
    """

    task: str
    element: str
    answers: Mapping[str, object]
    before: Mapping[str, object]
    opened_at: str
    viewed_at: str | None = None
    claimed_at: str | None = None
    due_at: str | None = None
    form_version: str | None = None
    in_place_of: str | None = None
    overrides: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TimerFired(Event):
    """A timer came due: when it was planned for, and what it was tied to."""

    elements: Sequence[str]
    planned: Sequence[str]


@dataclass(frozen=True, slots=True)
class TimerMoved(Event):
    """A legal clock moved, and its timers with it."""

    clock: str
    due_at: str


@dataclass(frozen=True, slots=True)
class TaskDueMoved(Event):
    """A legal clock moved, and with it the due date of an open task that shows its last day."""

    element: str
    clock: str
    before: str
    due_at: str


@dataclass(frozen=True, slots=True)
class TimerRecounted(Event):
    """A timer or a due date in working time was counted anew by a calendar that had been changed."""

    element: str
    before: str
    due_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class TimerPostponed(Event):
    """Somebody moved a timer by hand, with a reason."""

    element: str
    before: str
    due_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionMade(Event):
    """A decision answered a business rule task: in which version, on what, which rules matched and why, what it found.

    `matched` is a list of rules in order, each with its table (`decision`, `name`, `name_en`, `policy`), its number
    (`rule`), `because` (column, value, test), `answers` by column and `notes`.
    """

    decision: str
    element: str
    name: str
    name_en: str
    version: str
    number: int
    inputs: Mapping[str, object]
    matched: Sequence[Mapping[str, object]]
    outputs: object


@dataclass(frozen=True, slots=True)
class DecisionMadeV2(Event):
    """A decision answered a business rule task: in which version, on what, what it found, and how, step by step.

    `steps` are in the order of making, those that others required first; each has its `decision`, `name`, `name_en`,
    `kind` (table, expression, context, boxes), `value`, and what of the following it has: `inputs` (name, text, value),
    `requires` (ids of decisions); of an expression its `text`; of a context its `entries` (name, text, value); of a table
    its `policy`, the number of its `rules`, those that `matched` (number, id, because, answers, notes) and those that
    `missed` (number, column, value, test) with how many `more_matched` and `more_missed` are not told, how many rules
    stayed `unasked` behind a first hit, the numbers `chosen` by the policy, and `default` where no rule answered but the
    default value did. `more_steps` counts steps that are not told. Long values are cut; `inputs` and `outputs` are whole.
    """

    decision: str
    element: str
    name: str
    name_en: str
    version: str
    number: int
    inputs: Mapping[str, object]
    outputs: object
    steps: Sequence[Mapping[str, object]]
    more_steps: int


@dataclass(frozen=True, slots=True)
class UpgradeAsked(Event):
    """A process owner asked that running cases go on in a newer release."""

    upgrade: str
    release: int
    cases: Sequence[str]
    mapping: Mapping[str, str]
    again: Sequence[str]
    reason: str


@dataclass(frozen=True, slots=True)
class UpgradeApproved(Event):
    """A second process owner let the cases move."""

    upgrade: str


@dataclass(frozen=True, slots=True)
class UpgradeLeft(Event):
    """A move of cases was given up; those that had moved stay where they are."""

    upgrade: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseUpgraded(Event):
    """A case went over from one release (`before`, its number) to another; `unplaced` are answers of drafts, by task.

    `mapping` says what elements are called now, `again` which due dates were reckoned anew. Two people are named.
    """

    upgrade: str
    before: int
    after: int
    mapping: Mapping[str, str]
    again: Sequence[str]
    reason: str
    asked_by: str
    approved_by: str
    unplaced: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class CaseUpgradeUndone(Event):
    """A moved case went back to the release in which it was, as it was."""

    upgrade: str
    before: int
    after: int
    reason: str
