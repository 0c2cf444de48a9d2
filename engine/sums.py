"""How the last day of a clock is found: every sum is kept as it was counted, and the newest one is in force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from engine import calendars
from engine.domain import clocks
from engine.domain.calendars import Unit
from engine.domain.clocks import DayCount, Line, Period
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

STARTED, EXTENDED, RESUMED, RECOUNTED, NOTIFIED = "started", "extended", "resumed", "recounted", "notified"


def begin(work: Work, case: models.Case, rules: Programme, count: DayCount, clock: models.LegalClock) -> None:
    """The sum of a clock that starts, or starts again: its start and its base, by the calendar in force."""
    base = Period(clock.base, Unit(clock.unit), clock.legal_basis)
    lines = clocks.explain(clock.starts_on, base, (), count, calendars.of(work, rules))
    keep(work, case, clock, lines, STARTED)


def add(
    work: Work, case: models.Case, rules: Programme, count: DayCount, clock: models.LegalClock, period: Period, why: str
) -> None:
    """The sum with one addition more; what was counted before stays, also where the calendar has changed since."""
    office = calendars.of(work, rules)
    lines = clocks.extended(in_force(work, rules, count, clock), period, period.legal_basis, office)
    keep(work, case, clock, clocks.ended(lines, count, office), why)


def anew(work: Work, rules: Programme, count: DayCount, clock: models.LegalClock) -> tuple[Line, ...]:
    """The whole sum as it would be by the calendar in force now."""
    base = Period(clock.base, Unit(clock.unit), clock.legal_basis)
    additions = [Period(one.days, Unit(one.unit), one.legal_basis) for one in counting(clock)]
    return clocks.explain(clock.starts_on, base, additions, count, calendars.of(work, rules))


def in_force(work: Work, rules: Programme, count: DayCount, clock: models.LegalClock) -> tuple[Line, ...]:
    """The newest sum; for a clock of release 0.2, which kept none, what its rows amount to."""
    return tuple(_lines(clock.sums[-1].lines)) if clock.sums else anew(work, rules, count, clock)


def keep(
    work: Work, case: models.Case, clock: models.LegalClock, lines: Sequence[Line], why: str, reason: str = ""
) -> None:
    """Makes a sum the one in force, and moves the clock's last day to where it ends; the case is told."""
    before: datetime | None = clock.due_at
    clock.due_on = lines[-1].day
    clock.due_at = clocks.over(clock.due_on, work.zone)
    if clock.runs_out_at is not None:
        clock.runs_out_at = clock.due_at
    work.session.add(clock)
    clock.sums.append(
        models.ClockSum(
            id=work.new_id(),
            number=len(clock.sums) + 1,
            why=why,
            reason=reason,
            starts_on=clock.starts_on,
            due_on=clock.due_on,
            due_at=clock.due_at,
            lines=[_row(line) for line in lines],
            release_id=case.release_id,
            recorded_at=work.now,
            actor_id=work.actor.id,
        )
    )
    work.session.flush()
    work.clock_moved(clock.case_id, clock.name, clock.due_at, before)


def counting(clock: models.LegalClock) -> list[models.ClockAddition]:
    """The additions that count, in their order; those that came too late are on the record only."""
    return [one for one in clock.additions if not one.late]


def read(rows: Sequence[object]) -> tuple[Line, ...]:
    """The lines of a sum as they are kept."""
    return tuple(_lines(rows))


def _row(line: Line) -> dict[str, object]:
    return {"what": line.what, "count": line.count, "unit": line.unit, "day": line.day.isoformat()}


def _lines(rows: Sequence[object]) -> Iterator[Line]:
    for row in rows:
        if isinstance(row, Mapping):
            unit = Unit(row["unit"]) if row["unit"] else None
            yield Line(str(row["what"]), int(row["count"]), unit, date.fromisoformat(row["day"]))
