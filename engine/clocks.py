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
from engine.domain.programme import ClockRule, Programme
from engine.domain.tables import LARGEST
from engine.store import models
from engine.work import Work

RUNNING: Final = "running"
WAITING: Final = "waiting"
MET: Final = "met"
EXPIRED: Final = "expired"
STOPPED: Final = "stopped"
LIVE: Final = (RUNNING, WAITING)


def start(
    work: Work,
    case: models.Case,
    programme: Programme,
    name: str,
    subject_id: str,
    starts_on: date | None = None,
    days: int | None = None,
) -> models.LegalClock:
    """Starts the clock `name` of the programme, on a legal date or, where none is given, as the programme says.

    `days` replaces the programme's base where an officer sets the period; Invalid beyond the programme's cap. A clock of
    that name that runs or waits begins again; one that has ended stays in the record, and a new one begins.
    """
    rule = programme.clock(name)
    if days is not None:
        _require_lawful(days, rule)
    last = find(work, subject_id, name)
    clock = last if last and last.state in LIVE and not last.additions else _new(work, case, name, subject_id)
    if last is not None and clock is not last:
        end(work, case, name, subject_id, STOPPED)
    clock.state, clock.starts_on, clock.base = (
        RUNNING,
        starts_on or _first_day(work, programme, rule),
        _base(rule, days),
    )
    clock.unit, clock.legal_basis, clock.ended_on = rule.period.unit, rule.legal_basis.es, None
    _compute(work, programme, clock)
    started, due = clock.starts_on.isoformat(), clock.due_on.isoformat()
    history.record(work, ClockStarted(name, subject_id, started, clock.base, clock.unit, due), case=case)
    return clock


def extend(
    work: Work, case: models.Case, programme: Programme, name: str, subject_id: str, added: Period, reason: str
) -> models.LegalClock:
    """Adds days to a running clock: nothing pauses after acceptance, the law only adds (domain page §3).

    The addition waits for its notice: the letter that is issued next in this work (`notice`).
    """
    _require_some(added.count)
    clock = running(work, subject_id, name)
    before = clock.due_on
    clock.additions.append(
        models.ClockAddition(
            id=work.new_id(),
            days=added.count,
            unit=added.unit,
            legal_basis=added.legal_basis,
            reason=reason,
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


def notice(work: Work, case: models.Case, letter: models.Letter) -> None:
    """The letter is the notice of what was added to the case's clocks in the same command: the law asks for one each."""
    query = (
        select(models.ClockAddition)
        .join(models.LegalClock, models.LegalClock.id == models.ClockAddition.clock_id)
        .where(
            models.LegalClock.case_id == case.id,
            models.ClockAddition.notice_id.is_(None),
            models.ClockAddition.recorded_at == work.now,
        )
    )
    for addition in work.session.scalars(query):
        addition.notice_id = letter.id


def notified(work: Work, letter: models.Letter) -> None:
    """The addressee can read the letter: what it announced was notified today."""
    query = select(models.ClockAddition).where(models.ClockAddition.notice_id == letter.id)
    for addition in work.session.scalars(query):
        addition.notified_on = work.today


def end(work: Work, case: models.Case, name: str, subject_id: str, state: str) -> None:
    """Ends a clock if it runs or waits: `met`, `expired` or `stopped`; or lets it wait (`waiting`)."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state not in LIVE:
        return
    clock.state, clock.ended_on = state, None if state == WAITING else work.today
    history.record(work, ClockEnded(name, subject_id, state, work.today.isoformat()), case=case)


def meet(work: Work, case: models.Case, name: str, subject_id: str) -> None:
    """Ends a running clock because what it asks for was done: `met`, or `expired` where that came after its last day."""
    clock = find(work, subject_id, name)
    if clock is not None and clock.state == RUNNING:
        end(work, case, name, subject_id, EXPIRED if clock.due_at <= work.now else MET)


def end_all(work: Work, case: models.Case, subject_id: str) -> None:
    """Stops every clock of the subject that still runs or waits: nothing is left that it could measure."""
    query = select(models.LegalClock.name).where(
        models.LegalClock.subject_id == subject_id, models.LegalClock.state.in_(LIVE)
    )
    for name in work.session.scalars(query).all():
        end(work, case, name, subject_id, STOPPED)


def running(work: Work, subject_id: str, name: str) -> models.LegalClock:
    """The running clock of that name; Conflict if there is none."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state != RUNNING:
        raise Conflict("The clock %(clock)s is not running.", clock=name)
    return clock


def is_over(work: Work, subject_id: str, name: str) -> bool:
    """Whether the last day of the clock has passed; no for one that never ran."""
    clock = find(work, subject_id, name)
    return clock is not None and clock.due_at <= work.now


def find(work: Work, subject_id: str, name: str) -> models.LegalClock | None:
    """The newest clock of that name of a subject, running or not."""
    query = select(models.LegalClock).where(models.LegalClock.subject_id == subject_id, models.LegalClock.name == name)
    return work.session.scalars(query.order_by(models.LegalClock.id.desc()).limit(1)).first()


def explain(programme: Programme, clock: models.LegalClock) -> Sequence[Line]:
    """The sum by which the clock's last day was found, line by line."""
    office = programmes.calendar(programme)
    base = Period(clock.base, Unit(clock.unit), clock.legal_basis)
    additions = [Period(a.days, Unit(a.unit), a.legal_basis) for a in clock.additions]
    return clocks.explain(clock.starts_on, base, additions, programme.day_count, office)


def due(clock: models.LegalClock) -> dict[str, object]:
    """What a service answers about a clock: its last day, and the instant at which that day is over."""
    return {f"{clock.name}_due": clock.due_on.isoformat(), f"{clock.name}_due_at": clock.due_at.isoformat()}


def _require_lawful(days: int, rule: ClockRule) -> None:
    _require_some(days)
    if rule.most is not None and days > rule.most:
        problem = Problem("days", "Give at most %(most)s days.", {"most": rule.most})
        raise Invalid("This period is not lawful.", [problem])


def _require_some(days: int) -> None:
    if not 1 <= days <= LARGEST:
        problem = Problem("days", "Give at least 1 and at most %(most)s days.", {"most": LARGEST})
        raise Invalid("This period is not lawful.", [problem])


def _base(rule: ClockRule, days: int | None) -> int:
    return rule.period.count if days is None else days


def _first_day(work: Work, programme: Programme, rule: ClockRule) -> date:
    return clocks.received_on(work.today, programme.day_count) if rule.from_receipt else work.today


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
