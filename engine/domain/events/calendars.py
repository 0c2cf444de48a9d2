"""Facts of calendars, and of what their changes do to legal clocks."""

from dataclasses import dataclass

from engine.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class CalendarChangeAsked(Event):
    """Somebody asked that a calendar say otherwise of one day, for what is computed from a date on."""

    change: str
    place: str
    office: str
    day: str
    kind: str
    name: str
    effective_from: str
    reason: str
    closes_at: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarChangeApproved(Event):
    """A second person approved a change of a calendar: from its date of effect on it counts."""

    change: str
    day: str
    kind: str


@dataclass(frozen=True, slots=True)
class CalendarChangeRefused(Event):
    """A change of a calendar was refused, with the reason."""

    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClockWaits(Event):
    """A legal clock waits from a day on, as the law says of it."""

    clock: str
    subject_id: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClockResumed(Event):
    """A legal clock that waited runs on: the days of the wait are added to it."""

    clock: str
    subject_id: str
    on: str
    days: int
    unit: str
    due_on: str


@dataclass(frozen=True, slots=True)
class ClockAddedLate(Event):
    """Days were to be added to a clock whose last day had passed: they are on the record, and add nothing."""

    clock: str
    subject_id: str
    days: int
    unit: str
    legal_basis: str
    reason: str
    due_on: str


@dataclass(frozen=True, slots=True)
class ClockRanOut(Event):
    """The law alone ended a clock on its last day, and what came of it: firm, ends, purge_allowed, lapsed, renewal_pending."""

    clock: str
    subject_id: str
    effect: str
    valid_from: str


@dataclass(frozen=True, slots=True)
class ClockToldLate(Event):
    """The addressee was told of days added to a clock only after the last day that it had before them."""

    clock: str
    subject_id: str
    letter: str
    notified_on: str
    due_before: str


@dataclass(frozen=True, slots=True)
class ClocksRecounted(Event):
    """Somebody had the running clocks counted anew by the calendar in force, with a reason; `cases` is how many."""

    office: str
    cases: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClockFollowed(Event):
    """A clock that starts at receipt began on the day on which its letter really counted as received."""

    clock: str
    subject_id: str
    letter: str
    before: str
    starts_on: str
    due_on: str


@dataclass(frozen=True, slots=True)
class ClockRecounted(Event):
    """The last day of a clock was counted anew by the calendar in force."""

    clock: str
    subject_id: str
    before: str
    due_on: str
    reason: str
