"""The legal clocks of a case: start, add days, let wait, end; when a clock moves, its timers move with it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import calendars, clock_rules, history, sums
from engine.domain import clocks
from engine.domain.calendars import Unit, until
from engine.domain.clocks import WAIT, Line, Period
from engine.domain.errors import Conflict
from engine.domain.events import (
    ClockAddedLate,
    ClockEnded,
    ClockExtended,
    ClockResumed,
    ClockStarted,
    ClockWaits,
)
from engine.domain.notices import PORTAL
from engine.domain.programme import ClockRule, Programme
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
    rule = clock_rules.of(programme, name)
    base = clock_rules.base(rule, days)
    clock = _begun(work, case, name, subject_id)
    clock.starts_on = starts_on or _first_day(work, programme, name, rule)
    clock.at_receipt, clock.notice_id = starts_on is None and rule.from_receipt, None
    return _run(work, case, programme, clock, rule, base)


def start_term(
    work: Work,
    case: models.Case,
    programme: Programme,
    name: str,
    subject_id: str,
    starts_on: date,
    types: Sequence[str],
) -> models.LegalClock | None:
    """Starts `validity`, `retention` or `bar_<cause>`, which acts bring and which types may have longer or shorter.

    None where the programme sets no such time.
    """
    rule = clock_rules.term(programme, name, types)
    if rule is None:
        return None
    clock = _begun(work, case, name, subject_id)
    clock.starts_on = starts_on
    return _run(work, case, programme, clock, rule, rule.period.count)


def extend(
    work: Work,
    case: models.Case,
    programme: Programme,
    name: str,
    subject_id: str,
    added: Period,
    reason: str,
    kind: str = "",
) -> models.LegalClock:
    """Adds days to a running clock: nothing pauses after acceptance, the law only adds (domain page §3).

    `kind` is the rule of the programme by which they are added: its caps hold. The addition waits for its notice, the
    letter that is issued next in this work (`notice`). Conflict once the last day has passed, for a period that is over
    cannot be lengthened; days that come with another period which the law itself starts (a hearing) are then recorded
    as late, and add nothing.
    """
    clock_rules.require_some(added.count)
    clock = running(work, subject_id, name)
    kind = clock_rules.kind_of(programme, name, reason, kind)
    if clock.due_at <= work.now:
        return _add_late(work, case, programme, clock, added, reason, kind)
    clock_rules.require_within_caps(programme, kind, added, clock.additions)
    before = clock.due_on
    sums.add(work, case, programme, clock_rules.of(programme, name).day_count, clock, added, sums.EXTENDED)
    clock.additions.append(_addition(work, programme, clock, added, before, reason, kind))
    was, due, basis = before.isoformat(), clock.due_on.isoformat(), added.legal_basis
    event = ClockExtended(name, subject_id, added.count, added.unit, basis, reason, was, due)
    history.record(work, event, case=case)
    return clock


def wait(
    work: Work, case: models.Case, programme: Programme, name: str, subject_id: str, reason: str
) -> models.LegalClock:
    """Lets a running clock wait, where the programme says that it may: before acceptance, and never after it."""
    clock = running(work, subject_id, name)
    if not clock_rules.of(programme, name).waits_for_completion:
        raise Conflict("The clock %(clock)s never waits: the law only adds days to it.", clock=name)
    clock.state, clock.waits_since = WAITING, work.today
    history.record(work, ClockWaits(name, subject_id, work.today.isoformat(), reason), case=case)
    return clock


def resume(
    work: Work, case: models.Case, programme: Programme, name: str, subject_id: str, on: date
) -> models.LegalClock:
    """Lets a clock that waits run from a legal date: it begins again, or runs on with the days that it waited."""
    rule = clock_rules.of(programme, name)
    clock = find(work, subject_id, name)
    if clock is None or clock.state != WAITING:
        raise Conflict("The clock %(clock)s does not wait.", clock=name)
    if not rule.resumes or clock.waits_since is None:
        return start(work, case, programme, name, subject_id, starts_on=on)
    unit = Unit.WORKING if clock.unit == Unit.WORKING else Unit.CALENDAR
    waited = Period(
        max(until(clock.waits_since, on, unit, calendars.of(work, programme)), 0), unit, rule.legal_basis.es
    )
    clock.state, clock.waits_since = RUNNING, None
    if waited.count:
        before = clock.due_on
        sums.add(work, case, programme, rule.day_count, clock, waited, sums.RESUMED)
        clock.additions.append(_addition(work, programme, clock, waited, before, "", WAIT))
    event = ClockResumed(name, subject_id, on.isoformat(), waited.count, unit, clock.due_on.isoformat())
    history.record(work, event, case=case)
    return clock


def end(work: Work, case: models.Case, name: str, subject_id: str, state: str) -> None:
    """Ends a clock if it runs or waits: `met`, `expired` or `stopped`; or lets it wait (`waiting`)."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state not in LIVE:
        return
    clock.state, clock.ended_on, clock.runs_out_at = state, None if state == WAITING else work.today, None
    clock.waits_since = work.today if state == WAITING else None
    history.record(work, ClockEnded(name, subject_id, state, work.today.isoformat()), case=case)


def meet(work: Work, case: models.Case, name: str, subject_id: str) -> None:
    """Ends a running clock because what it asks for was done: `met`, or `expired` where that came after its last day."""
    clock = find(work, subject_id, name)
    if clock is not None and clock.state == RUNNING:
        end(work, case, name, subject_id, EXPIRED if clock.due_at <= work.now else MET)


def end_all(work: Work, case: models.Case, subject_id: str, but: Sequence[str] = ()) -> None:
    """Stops every clock of the subject that still runs or waits, but for those named: nothing is left that it could measure."""
    query = select(models.LegalClock.name).where(
        models.LegalClock.subject_id == subject_id, models.LegalClock.state.in_(LIVE)
    )
    for name in work.session.scalars(query.where(models.LegalClock.name.not_in(but))).all():
        end(work, case, name, subject_id, STOPPED)


def running(work: Work, subject_id: str, name: str) -> models.LegalClock:
    """The running clock of that name; Conflict if there is none."""
    clock = find(work, subject_id, name)
    if clock is None or clock.state != RUNNING:
        raise Conflict("The clock %(clock)s is not running.", clock=name)
    return clock


def is_over(work: Work, subject_id: str, name: str) -> bool:
    """Whether the last day of the clock has passed; no for one that never ran, nor while its letter was not notified."""
    clock = find(work, subject_id, name)
    return clock is not None and clock.due_at <= work.now and not untold(work, clock)


def untold(work: Work, clock: models.LegalClock) -> bool:
    """Whether the letter at whose receipt the clock starts was issued and not notified yet: its period has not begun."""
    letter = work.session.get(models.Letter, clock.notice_id) if clock.notice_id else None
    return letter is not None and letter.notified_at is None


def find(work: Work, subject_id: str, name: str) -> models.LegalClock | None:
    """The clock of that name of a subject which runs or waits, of which there is one at most; else the newest."""
    clock = models.LegalClock
    query = select(clock).where(clock.subject_id == subject_id, clock.name == name)
    order = (clock.state.in_(LIVE).desc(), clock.id.desc())
    return work.session.scalars(query.order_by(*order).limit(1)).first()


def explain(work: Work, programme: Programme, clock: models.LegalClock) -> Sequence[Line]:
    """The sum by which the clock's last day was found, line by line, as it was counted then."""
    return sums.in_force(work, programme, clock_rules.of(programme, clock.name).day_count, clock)


def received_on(work: Work, programme: Programme, sent: date, channel: str = "", name: str = "") -> date:
    """The day on which a notice sent on a day counts as received, for the clock `name` where that has a rule of its own."""
    count = clock_rules.of(programme, name).day_count if name else programme.day_count
    return clocks.received_on(sent, count, calendars.of(work, programme), channel)


def due(clock: models.LegalClock) -> dict[str, object]:
    """What a service answers about a clock: its last day, and the instant at which that day is over."""
    return {f"{clock.name}_due": clock.due_on.isoformat(), f"{clock.name}_due_at": clock.due_at.isoformat()}


def _add_late(
    work: Work,
    case: models.Case,
    programme: Programme,
    clock: models.LegalClock,
    added: Period,
    reason: str,
    kind: str,
) -> models.LegalClock:
    """Days that come after the last one: on the record where another act of the law brings them, else refused."""
    day = clock.due_on.isoformat()
    if clock_rules.silence_speaks(clock_rules.of(programme, clock.name)):
        raise Conflict("The period was over on %(day)s and silence has had its effect: no days can be added.", day=day)
    other = find(work, clock.subject_id, kind) if kind else None
    if other is None or other.state not in LIVE:
        raise Conflict("The period was over on %(day)s: adding days to it now is unlawful.", day=day)
    late = _addition(work, programme, clock, added, clock.due_on, reason, kind)
    late.late = True
    clock.additions.append(late)
    work.session.flush()
    basis = added.legal_basis
    event = ClockAddedLate(clock.name, clock.subject_id, added.count, added.unit, basis, reason, day)
    history.record(work, event, case=case)
    return clock


def _addition(
    work: Work,
    programme: Programme,
    clock: models.LegalClock,
    added: Period,
    before: date,
    reason: str,
    kind: str,
) -> models.ClockAddition:
    return models.ClockAddition(
        id=work.new_id(),
        number=len(clock.additions) + 1,
        days=added.count,
        unit=added.unit,
        legal_basis=added.legal_basis,
        legal_basis_en=clock_rules.english(programme, added.legal_basis),
        kind=kind,
        due_before=before,
        reason=reason,
        recorded_at=work.now,
        actor_id=work.actor.id,
    )


def _first_day(work: Work, programme: Programme, name: str, rule: ClockRule) -> date:
    return received_on(work, programme, work.today, PORTAL, name) if rule.from_receipt else work.today


def _begun(work: Work, case: models.Case, name: str, subject_id: str) -> models.LegalClock:
    """The clock that begins now: the one of that name that runs in this case begins again, else there is a new one."""
    last = find(work, subject_id, name)
    if last is not None and last.state in LIVE and not last.additions and last.case_id == case.id:
        return last
    if last is not None:
        end(work, case, name, subject_id, STOPPED)
    return _new(work, case, name, subject_id)


def _run(
    work: Work, case: models.Case, programme: Programme, clock: models.LegalClock, rule: ClockRule, base: int
) -> models.LegalClock:
    clock.state, clock.programme, clock.base, clock.unit = RUNNING, programme.id, base, rule.period.unit
    clock.legal_basis, clock.legal_basis_en = rule.legal_basis.es, rule.legal_basis.en
    clock.ended_on = clock.waits_since = None
    sums.begin(work, case, programme, rule.day_count, clock)
    clock.runs_out_at = clock.due_at if clock_rules.ends_itself(rule, clock.name) else None
    started, due = clock.starts_on.isoformat(), clock.due_on.isoformat()
    event = ClockStarted(clock.name, clock.subject_id, started, clock.base, clock.unit, due)
    history.record(work, event, case=case)
    return clock


def _new(work: Work, case: models.Case, name: str, subject_id: str) -> models.LegalClock:
    return models.LegalClock(
        id=work.new_id(),
        case_id=case.id,
        subject_id=subject_id,
        name=name,
        at_receipt=False,
        created_at=work.now,
        additions=[],
        sums=[],
    )
