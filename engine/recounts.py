"""Clocks counted again: from the history alone, to prove the register; and by a changed calendar, when somebody orders it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import orjson
from sqlalchemy import Select, select

from engine import calendars, cases, clock_rules, history, outbox, pins, programmes, sums
from engine.domain import clocks
from engine.domain.calendars import OfficeCalendar, Unit
from engine.domain.clocks import DayCount, Line, Period
from engine.domain.errors import Conflict, Invalid, NotAllowed, Problem
from engine.domain.events import ClockRecounted, ClocksRecounted, Event, TimerRecounted
from engine.domain.programme import Programme, Words
from engine.store import models
from engine.work import Work
from engine.workflow import Element, Recount, Run

JOB: Final = "recount"
NAMELESS: Final = Words("", "")
_ACTIVE: Final = models.Case.status == cases.ACTIVE
RUNNING: Final = "running"


@dataclass(frozen=True, slots=True)
class Difference:
    """A running period whose end would be another by the calendar in force; a longer one is moved, none is cut.

    A legal clock ends on a day; a timer or the due date of a task in working time, the `step` of a diagram, at a moment.
    """

    case: str
    clock: str
    due_on: date
    would_be: date
    step: Words = NAMELESS
    due_at: datetime | None = None
    would_be_at: datetime | None = None

    @property
    def moves(self) -> bool:
        """Whether a recount moves it: who was told of a day may rely on having at least that long."""
        if self.due_at is not None and self.would_be_at is not None:
            return self.would_be_at > self.due_at
        return self.would_be > self.due_on


def differences(work: Work, office: str) -> Sequence[Difference]:
    """The dry run: each running period of an office that would end otherwise, by case number."""
    found = list(_of_steps(work, office))
    for case, clock, rules in _running(work, office):
        lines = _anew(work, rules, clock)
        if lines[-1].day != clock.due_on:
            found.append(Difference(case.number, clock.name, clock.due_on, lines[-1].day))
    return sorted(found, key=lambda one: (one.case, one.clock, one.step.es))


def order(work: Work, office: str, reason: str) -> int:
    """Has every running period of an office counted anew, case by case, by the worker; how many cases that are.

    Only for a reason in law: what was announced else keeps its day. Conflict where no period would be longer.
    """
    if not work.actor.holds(*calendars.CHANGERS):
        raise NotAllowed("Only process owners and administrators change a calendar.")
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write the act that orders it: the history keeps it.")])
    moving = {one.case for one in differences(work, office) if one.moves}
    if not moving:
        raise Conflict("No running period would be longer by the calendar in force.")
    query = select(models.Case).where(models.Case.number.in_(moving)).order_by(models.Case.number)
    for case in work.session.scalars(query):
        outbox.add(work, JOB, {"reason": reason.strip()}, case)
    scope = calendars.Scope(office=office)
    history.record(work, ClocksRecounted(office, len(moving), reason.strip()), stream=scope.stream)
    return len(moving)


def perform(work: Work, job: models.Outbox) -> None:
    """Counts the running periods of one case anew: its clocks, with whose move their timers move, and its working time."""
    if job.case_id is None:
        raise ValueError(job.id)
    case, reason = cases.lock(work, job.case_id), str(job.payload["reason"])
    steps = [one for one in _recounts(work, case) if one.after > one.before]
    moved: list[Event] = [*_clocks_moved(work, case, reason)]
    moved += [TimerRecounted(one.element, one.before.isoformat(), one.after.isoformat(), reason) for one in steps]
    for event in moved[1:] if case.status == cases.ACTIVE else moved:
        history.record(work, event, case=case)
    if moved and case.status == cases.ACTIVE:
        _move(work, case, moved[0], steps)


def from_history(work: Work, case: models.Case) -> Mapping[tuple[str, str], date]:
    """The last day of each clock of a case, by name and subject, as its history alone gives it.

    Each fact is counted by the programme of the release, and by the calendar, that were in force when it happened.
    """
    query = select(models.LegalClock).where(models.LegalClock.case_id == case.id)
    programme = {(row.name, row.subject_id): row.programme for row in work.session.scalars(query)}
    replays: dict[tuple[str, str], _Replay] = {}
    for link in history.events_of(work, f"case:{case.id}"):
        if link.type in _REPLAYED:
            fact = orjson.loads(link.data)
            key = str(fact["clock"]), str(fact["subject_id"])
            rules = programmes.in_release(work, link.release_id or case.release_id, programme[key])
            count, office = clock_rules.of(rules, key[0]).day_count, calendars.of(work, rules, link.at)
            replays.setdefault(key, _Replay()).take(link.type, fact, count, office)
    return {key: replay.lines[-1].day for key, replay in replays.items()}


@dataclass(slots=True)
class _Replay:
    """A clock as its facts tell it one after the other: the periods that count, and the sum that they have come to."""

    lines: tuple[Line, ...] = ()
    start: date = date.min
    periods: tuple[Period, ...] = ()

    def take(self, kind: str, fact: Mapping[str, str | int], count: DayCount, office: OfficeCalendar) -> None:
        """Takes one fact in."""
        if kind == "ClockRecounted":
            self.lines = clocks.explain(self.start, self.periods[0], self.periods[1:], count, office)
            return
        if kind == "ClockFollowed":
            self.start = date.fromisoformat(str(fact["starts_on"]))
            self.lines = clocks.explain(self.start, self.periods[0], self.periods[1:], count, office)
            return
        if kind == "ClockStarted":
            self.start = date.fromisoformat(str(fact["starts_on"]))
            self.periods = (Period(int(fact["base"]), Unit(str(fact["unit"])), ""),)
            self.lines = clocks.explain(self.start, self.periods[0], (), count, office)
            return
        added = Period(int(fact["days"]), Unit(str(fact["unit"])), "")
        if added.count:
            self.periods += (added,)
            self.lines = clocks.ended(clocks.extended(self.lines, added, "", office), count, office)


_REPLAYED: Final = ("ClockStarted", "ClockExtended", "ClockResumed", "ClockFollowed", "ClockRecounted")


def _running(work: Work, office: str) -> Iterator[tuple[models.Case, models.LegalClock, Programme]]:
    """The running clocks of an office, each with its case and programme."""
    query = select(models.LegalClock, models.Case).join(models.Case, models.Case.id == models.LegalClock.case_id)
    for clock, case in work.session.execute(query.where(models.LegalClock.state == RUNNING)):
        rules = programmes.of_clock(work, case, clock)
        if calendars.code(rules) == office and clock.due_at > work.now and not clock_rules.mirrors(clock.name):
            yield case, clock, rules


def _of_steps(work: Work, office: str) -> Iterator[Difference]:
    """The periods of an office that diagrams count in working time; only cases that stand in one are looked into."""
    for release_id in work.session.scalars(select(models.Case.release_id).where(_ACTIVE).distinct()).all():
        definition = pins.definition(work, release_id)
        if not definition.in_working_time:
            continue
        for case in work.session.scalars(_standing(work, release_id, definition.in_working_time)).all():
            for one in _recounts(work, case):
                if calendars.code(programmes.in_release(work, release_id, one.programme)) == office:
                    yield _difference(work, case, definition.elements[one.element], one)


def _standing(work: Work, release_id: str, elements: frozenset[str]) -> Select[models.Case]:
    """The active cases of a release that wait at one of the elements, or have a task there."""
    case, wait, task = models.Case, models.Wait, models.Task
    waits = select(wait.case_id).where(wait.element.in_(elements), wait.kind == "timer", wait.due_at > work.now)
    tasks = select(task.case_id).where(task.element.in_(elements), task.status == "open", task.due_at > work.now)
    return select(case).where(_ACTIVE, case.release_id == release_id, case.id.in_(waits.union(tasks)))


def _recounts(work: Work, case: models.Case) -> Sequence[Recount]:
    definition = pins.definition(work, case.release_id)
    if case.status != cases.ACTIVE or not definition.in_working_time:
        return ()
    return Run.load(definition, case.state, work.now).recounts()


def _difference(work: Work, case: models.Case, element: Element, one: Recount) -> Difference:
    due_on, would_be = (at.astimezone(work.zone).date() for at in (one.before, one.after))
    words = Words(element.name or element.id, element.name_en)
    return Difference(case.number, "", due_on, would_be, words, one.before, one.after)


def _move(work: Work, case: models.Case, event: Event, steps: Sequence[Recount]) -> None:
    """Moves the timers of the clocks that moved, and what the diagram itself counts in working time."""

    def change(run: Run) -> Event:
        for one in steps:
            run.recount(one)
        return event

    cases.move(work, case, change)
    for one in steps:
        task = work.session.get(models.Task, one.task_id)
        if task is not None:
            task.due_at = one.after


def _clocks_moved(work: Work, case: models.Case, reason: str) -> Sequence[ClockRecounted]:
    query = select(models.LegalClock).where(
        models.LegalClock.case_id == case.id, models.LegalClock.state == RUNNING, models.LegalClock.due_at > work.now
    )
    found = [clock for clock in work.session.scalars(query) if not clock_rules.mirrors(clock.name)]
    counted = [_recount(work, case, clock, reason) for clock in found]
    return [event for event in counted if event is not None]


def _anew(work: Work, rules: Programme, clock: models.LegalClock) -> tuple[Line, ...]:
    return sums.anew(work, rules, clock_rules.of(rules, clock.name).day_count, clock)


def _recount(work: Work, case: models.Case, clock: models.LegalClock, reason: str) -> ClockRecounted | None:
    """Moves a clock to the later day that the calendar in force gives it; None where that is not later."""
    lines, before = _anew(work, programmes.of_clock(work, case, clock), clock), clock.due_on
    if lines[-1].day <= before:
        return None
    sums.keep(work, case, clock, lines, sums.RECOUNTED, reason)
    return ClockRecounted(clock.name, clock.subject_id, before.isoformat(), clock.due_on.isoformat(), reason)
