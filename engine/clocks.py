"""The legal clocks of a case: start, add days, let wait, end; when a clock moves, its timers move with it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import history, programmes
from engine.domain import clocks
from engine.domain.calendars import Unit
from engine.domain.clocks import Line, Period
from engine.domain.errors import Conflict, Invalid, Problem
from engine.domain.events import ClockEnded, ClockExtended, ClockStarted
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

RUNNING: Final = "running"
WAITING: Final = "waiting"


def start(
    work: Work,
    case: models.Case,
    programme: Programme,
    name: str,
    subject_id: str,
    starts_on: date | None = None,
    days: int | None = None,
) -> models.LegalClock:
    """Starts the clock `name` of the programme on a legal date (today unless said otherwise).

    `days` replaces the programme's base where an officer sets the period; Invalid beyond the programme's cap. A clock of
    that name which still runs for the subject begins anew.
    """
    rule = programme.clock(name)
    if days is not None and (days < 1 or (rule.most is not None and days > rule.most)):
        problem = Problem("days", "Give at least 1 and at most %(most)s days.", {"most": rule.most or "—"})
        raise Invalid("This period is not lawful.", [problem])
    clock = find(work, subject_id, name) or _new(work, case, name, subject_id)
    clock.state, clock.starts_on, clock.base = RUNNING, starts_on or work.today, days or rule.period.count
    clock.unit, clock.legal_basis, clock.ended_on = rule.period.unit, rule.legal_basis.es, None
    _compute(work, programme, clock)
    started = clock.starts_on.isoformat()
    event = ClockStarted(name, subject_id, started, clock.base, clock.unit, clock.due_on.isoformat())
    history.record(work, event, case=case)
    return clock


def extend(
    work: Work, case: models.Case, programme: Programme, name: str, subject_id: str, added: Period, reason: str
) -> models.LegalClock:
    """Adds days to a running clock: nothing pauses after acceptance, the law only adds."""
    clock = running(work, subject_id, name)
    before = clock.due_on
    clock.additions.append(
        models.ClockAddition(
            id=work.new_id(),
            days=added.count,
            unit=added.unit,
            legal_basis=added.legal_basis,
            reason=reason,
            notified_on=work.today,
            recorded_at=work.now,
            actor_id=work.actor.id,
        )
    )
    _compute(work, programme, clock)
    event = ClockExtended(
        name,
        subject_id,
        added.count,
        added.unit,
        added.legal_basis,
        reason,
        before.isoformat(),
        clock.due_on.isoformat(),
    )
    history.record(work, event, case=case)
    return clock


def end(work: Work, case: models.Case, name: str, subject_id: str, state: str) -> None:
    """Ends a clock if it runs or waits: `met`, `expired` or `stopped`; or lets it wait (`waiting`)."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state not in (RUNNING, WAITING):
        return
    clock.state, clock.ended_on = state, None if state == WAITING else work.today
    history.record(work, ClockEnded(name, subject_id, state, work.today.isoformat()), case=case)


def meet(work: Work, case: models.Case, name: str, subject_id: str) -> None:
    """Ends a running clock because what it asks for was done: `met`, or `expired` where that came after its last day."""
    clock = find(work, subject_id, name)
    if clock is not None and clock.state == RUNNING:
        end(work, case, name, subject_id, "expired" if clock.due_at <= work.now else "met")


def end_all(work: Work, case: models.Case, subject_id: str, state: str) -> None:
    """Ends every clock of the subject that still runs or waits."""
    query = select(models.LegalClock.name).where(
        models.LegalClock.subject_id == subject_id, models.LegalClock.state.in_((RUNNING, WAITING))
    )
    for name in work.session.scalars(query).all():
        end(work, case, name, subject_id, state)


def running(work: Work, subject_id: str, name: str) -> models.LegalClock:
    """The running clock of that name; Conflict if there is none."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state != RUNNING:
        raise Conflict("The clock %(clock)s is not running.", clock=name)
    return clock


def find(work: Work, subject_id: str, name: str) -> models.LegalClock | None:
    """The clock of that name of a subject, running or not."""
    query = select(models.LegalClock).where(models.LegalClock.subject_id == subject_id, models.LegalClock.name == name)
    return work.session.scalar(query)


def explain(programme: Programme, clock: models.LegalClock) -> Sequence[Line]:
    """The sum by which the clock's last day was found, line by line."""
    office = programmes.calendar(programme.holidays)
    base = Period(clock.base, Unit(clock.unit), clock.legal_basis)
    additions = [Period(a.days, Unit(a.unit), a.legal_basis) for a in clock.additions]
    return clocks.explain(clock.starts_on, base, additions, programme.day_count, office)


def _compute(work: Work, programme: Programme, clock: models.LegalClock) -> None:
    clock.due_on = explain(programme, clock)[-1].day
    clock.due_at = clocks.over(clock.due_on, work.zone)
    work.session.add(clock)
    work.session.flush()
    work.clock_moved(clock.case_id, clock.name, clock.due_at)


def _new(work: Work, case: models.Case, name: str, subject_id: str) -> models.LegalClock:
    return models.LegalClock(
        id=work.new_id(), case_id=case.id, subject_id=subject_id, name=name, created_at=work.now, additions=[]
    )
