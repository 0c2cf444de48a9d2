"""The sum of each legal clock as an auditor writes it: what was counted, by which law, told by which notice, and the day reached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from engine import calendars, clock_rules, programmes, sums
from engine.domain.calendars import OfficeCalendar, Unit, until
from engine.domain.clocks import BASE, HOLIDAY, START, WAIT, Line
from engine.domain.programme import Programme, Words
from engine.domain.terms import reminders
from engine.queries import clocks
from engine.queries.clocks import Clock
from engine.store import models
from engine.work import Work

RECEIVED: Final = "received"
ADDITION: Final = "addition"
LATE: Final = "late"
NAMELESS: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sum. `what`: start, received, base, addition, wait, holiday, late.

    `day` is the day reached, `before` the one before it; `name` the rule by which days were added; `notice` is the number of
    the letter that told of it, on `notified_on`; `unlawful`: it was told after the last day that the clock had before.
    """

    what: str
    day: date
    before: date | None = None
    complete: date | None = None
    count: int = 0
    unit: str = ""
    name: Words = NAMELESS
    basis: Words = NAMELESS
    reason: str = ""
    notice: str = ""
    notified_on: date | None = None
    unlawful: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sum that was in force before: why it was made, when, and the last day that it gave."""

    why: str
    reason: str
    at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """A clock with its sum, what is left of it in both kinds of days, what follows its end, and the next reminder."""

    clock: Clock
    name: Words
    basis: Words
    steps: tuple[Step, ...]
    earlier: tuple[Earlier, ...]
    days_left: int
    working_days_left: int
    at_expiry: str
    next_reminder: date | None
    waits_since: date | None


def of_case(work: Work, case_id: str) -> tuple[Told, ...]:
    """Every clock of a case with its sum, the one that runs out first on top."""
    case = work.session.get_one(models.Case, case_id)
    query = select(models.LegalClock).where(models.LegalClock.case_id == case.id)
    rows = work.session.scalars(query.order_by(models.LegalClock.due_at, models.LegalClock.id)).all()
    notices = _notices(work, case)
    return tuple(_told(work, case, row, notices) for row in rows)


def _told(work: Work, case: models.Case, row: models.LegalClock, notices: Mapping[str, str]) -> Told:
    rules = programmes.of_clock(work, case, row)
    rule, office = clock_rules.of(rules, row.name), calendars.of(work, rules)
    lines = sums.in_force(work, rules, rule.day_count, row)
    coming = reminders(row.due_on, rules.reminders.get(row.name, ()), since=work.today)
    return Told(
        clock=clocks.seen(row, work.today),
        name=rule.name if row.name in rules.clocks else NAMELESS,
        basis=Words(row.legal_basis, row.legal_basis_en or row.legal_basis),
        steps=(*_beginning(work, row, lines), *_counted(rules, row, lines, notices), *_late(rules, row, notices)),
        earlier=tuple(Earlier(one.why, one.reason, one.recorded_at, one.due_on) for one in row.sums[:-1]),
        days_left=_left(work, row, Unit.CALENDAR, office),
        working_days_left=_left(work, row, Unit.WORKING, office),
        at_expiry=rule.at_expiry,
        next_reminder=coming[0] if coming else None,
        waits_since=row.waits_since,
    )


def _left(work: Work, row: models.LegalClock, unit: Unit, office: OfficeCalendar) -> int:
    live = row.state in clocks.LIVE and abs((row.due_on - work.today).days) < 10_000  # noqa: PLR2004 - days to look at
    return until(work.today, row.due_on, unit, office) if live else 0


def _beginning(work: Work, row: models.LegalClock, lines: Sequence[Line]) -> Iterator[Step]:
    """The first line: when it begins; of a decision also when the application was received and when it was complete."""
    start = lines[0].day
    application = work.session.get(models.Application, row.subject_id) if row.name == "decision" else None
    if application is None or application.submitted_on is None or application.accepted_on is None:
        yield Step(START, start)
        return
    yield Step(RECEIVED, start, before=application.submitted_on, complete=application.complete_on)


def _counted(
    rules: Programme, row: models.LegalClock, lines: Sequence[Line], notices: Mapping[str, str]
) -> Iterator[Step]:
    additions = iter(sums.counting(row))
    before = lines[0].day
    for line in lines[1:]:
        unit = line.unit or ""
        if line.what == BASE:
            basis = Words(row.legal_basis, row.legal_basis_en or row.legal_basis)
            yield Step(BASE, line.day, before, count=line.count, unit=unit, basis=basis)
        elif line.what == HOLIDAY:
            yield Step(HOLIDAY, line.day, before)
        else:
            yield _addition(rules, next(additions), line.day, before, notices)
        before = line.day


def _late(rules: Programme, row: models.LegalClock, notices: Mapping[str, str]) -> Iterator[Step]:
    for one in row.additions:
        if one.late:
            yield _addition(rules, one, row.due_on, one.due_before or row.due_on, notices)


def _addition(rules: Programme, row: models.ClockAddition, day: date, before: date, notices: Mapping[str, str]) -> Step:
    rule = rules.clocks.get(row.kind)
    told_late = row.notified_on is not None and row.due_before is not None and row.notified_on > row.due_before
    return Step(
        what=LATE if row.late else WAIT if row.kind == WAIT else ADDITION,
        day=day,
        before=row.due_before or before,
        count=row.days,
        unit=row.unit,
        name=rule.name if rule else NAMELESS,
        basis=Words(row.legal_basis, row.legal_basis_en or row.legal_basis),
        reason="" if row.reason == row.kind else row.reason,
        notice=notices.get(row.notice_id or "", ""),
        notified_on=row.notified_on,
        unlawful=told_late and not row.late,
    )


def _notices(work: Work, case: models.Case) -> dict[str, str]:
    """The numbers of the case's letters, by id."""
    rows = work.session.execute(select(models.Letter.id, models.Letter.number).where(models.Letter.case_id == case.id))
    return {row[0]: row[1] for row in rows}
