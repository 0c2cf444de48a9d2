"""Clocks counted again: from the history alone, to prove the register; and by a changed calendar, when somebody orders it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson
from sqlalchemy import select

from engine import calendars, cases, clock_rules, history, outbox, programmes, sums
from engine.domain import clocks
from engine.domain.calendars import OfficeCalendar, Unit
from engine.domain.clocks import DayCount, Line, Period
from engine.domain.errors import Conflict, Invalid, NotAllowed, Problem
from engine.domain.events import ClockRecounted, ClocksRecounted
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work
from engine.workflow import Run

JOB: Final = "recount"
RUNNING: Final = "running"


@dataclass(frozen=True, slots=True)
class Difference:
    """A running clock whose last day would be another by the calendar in force; a longer period is moved, none is cut."""

    case: str
    clock: str
    due_on: date
    would_be: date

    @property
    def moves(self) -> bool:
        """Whether a recount moves it: who was told of a day may rely on having at least that long."""
        return self.would_be > self.due_on


def differences(work: Work, office: str) -> Sequence[Difference]:
    """The dry run: each running clock of an office that would end on another day, by case number."""
    found = []
    for case, clock, rules in _running(work, office):
        lines = _anew(work, rules, clock)
        if lines[-1].day != clock.due_on:
            found.append(Difference(case.number, clock.name, clock.due_on, lines[-1].day))
    return sorted(found, key=lambda one: (one.case, one.clock))


def order(work: Work, office: str, reason: str) -> int:
    """Has every running clock of an office counted anew, case by case, by the worker; how many cases that are.

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
    """Counts the running clocks of one case anew; with each that moves, its timers move."""
    if job.case_id is None:
        raise ValueError(job.id)
    case, reason = cases.lock(work, job.case_id), str(job.payload["reason"])
    query = select(models.LegalClock).where(
        models.LegalClock.case_id == case.id, models.LegalClock.state == RUNNING, models.LegalClock.due_at > work.now
    )
    found = [clock for clock in work.session.scalars(query) if not clock_rules.mirrors(clock.name)]
    counted = [_recount(work, case, clock, reason) for clock in found]
    moved = [event for event in counted if event is not None]
    if not moved:
        return
    for event in moved[1:]:
        history.record(work, event, case=case)
    if case.status != cases.ACTIVE:
        history.record(work, moved[0], case=case)
        return

    def change(_run: Run) -> ClockRecounted:
        return moved[0]

    cases.move(work, case, change)


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
        if kind == "ClockStarted":
            self.start = date.fromisoformat(str(fact["starts_on"]))
            self.periods = (Period(int(fact["base"]), Unit(str(fact["unit"])), ""),)
            self.lines = clocks.explain(self.start, self.periods[0], (), count, office)
            return
        added = Period(int(fact["days"]), Unit(str(fact["unit"])), "")
        if added.count:
            self.periods += (added,)
            self.lines = clocks.ended(clocks.extended(self.lines, added, "", office), count, office)


_REPLAYED: Final = ("ClockStarted", "ClockExtended", "ClockResumed", "ClockRecounted")


def _running(work: Work, office: str) -> Iterator[tuple[models.Case, models.LegalClock, Programme]]:
    """The running clocks of an office, each with its case and programme."""
    query = select(models.LegalClock, models.Case).join(models.Case, models.Case.id == models.LegalClock.case_id)
    for clock, case in work.session.execute(query.where(models.LegalClock.state == RUNNING)):
        rules = programmes.of_clock(work, case, clock)
        if calendars.code(rules) == office and clock.due_at > work.now and not clock_rules.mirrors(clock.name):
            yield case, clock, rules


def _anew(work: Work, rules: Programme, clock: models.LegalClock) -> tuple[Line, ...]:
    return sums.anew(work, rules, clock_rules.of(rules, clock.name).day_count, clock)


def _recount(work: Work, case: models.Case, clock: models.LegalClock, reason: str) -> ClockRecounted | None:
    """Moves a clock to the later day that the calendar in force gives it; None where that is not later."""
    lines, before = _anew(work, programmes.of_clock(work, case, clock), clock), clock.due_on
    if lines[-1].day <= before:
        return None
    sums.keep(work, case, clock, lines, sums.RECOUNTED, reason)
    return ClockRecounted(clock.name, clock.subject_id, before.isoformat(), clock.due_on.isoformat(), reason)
