"""Calendars of countries and offices: seeded by what is known of a country, changed day by day by two people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import holidays as holiday_package
from sqlalchemy import Select, and_, or_, select

from engine import history, offices
from engine.domain.calendars import Change, DayKind, OfficeCalendar
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import CalendarChangeApproved, CalendarChangeAsked, CalendarChangeRefused
from engine.domain.programme import Programme
from engine.domain.worktime import WorkingTime
from engine.store import models
from engine.work import Work

CHANGERS: Final = frozenset({"process_owner", "administrator"})
ASKED, APPROVED, REFUSED = "asked", "approved", "refused"
LONGEST: Final = 200  # characters of a name
Row = models.CalendarChange


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calendar: that of a place (`SV`, `SV-SS`; office empty), or an office's own (place empty)."""

    place: str = ""
    office: str = ""

    @property
    def stream(self) -> str:
        """The chain of the history in which its changes stand."""
        return f"calendar:office:{self.office}" if self.office else f"calendar:{self.place}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants a calendar to say of a day, since when it counts, and why."""

    day: date
    kind: str
    name_es: str
    name_en: str
    reason: str
    effective_from: date
    closes_at: str | None = None


def of(work: Work, rules: Programme, at: datetime | None = None) -> OfficeCalendar:
    """The working days of the programme's office by the calendar that is, or at that instant was, in force.

    Of one day the office's own word counts before that of its part of the country, and that before the country's.
    """
    return offices.calendar(rules).changed(in_force(work, scopes(rules), at or work.now))


class Offices(Mapping[str, WorkingTime]):
    """When the office of each programme works by the calendars in force: looked up when somebody asks, for this work only."""

    def __init__(self, work: Work, rules: Mapping[str, Programme]) -> None:
        self._work, self._rules = work, rules

    def __getitem__(self, programme: str) -> WorkingTime:
        rules = self._rules[programme]
        return WorkingTime(of(self._work, rules), rules.opens, rules.closes)

    def __contains__(self, programme: object) -> bool:
        return programme in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def scopes(rules: Programme) -> tuple[Scope, ...]:
    """Whose calendars the programme's office keeps, the most general first."""
    country = rules.holidays.partition("-")[0]
    places = (Scope(place=place) for place in dict.fromkeys((country, rules.holidays)) if place)
    return (*places, Scope(office=code(rules)))


def code(rules: Programme) -> str:
    """The code of the programme's office; an office without one is called as its programme."""
    return rules.office.get("code", "") or rules.id


def in_force(work: Work, whose: Sequence[Scope], at: datetime) -> tuple[Change, ...]:
    """The changes of these calendars that count at an instant; the later in the sequence goes before the earlier."""
    return tuple(_change(row) for row in rows_in_force(work, whose, at))


def rows_in_force(work: Work, whose: Sequence[Scope], at: datetime) -> Sequence[models.CalendarChange]:
    """Those changes as they stand in the register, in the same order."""
    query = _rows(whose).where(
        Row.status == APPROVED, Row.decided_at <= at, Row.effective_from <= at.astimezone(work.zone).date()
    )
    rank = {scope: number for number, scope in enumerate(whose)}
    return sorted(work.session.scalars(query), key=lambda row: (rank[scope_of(row)], row.decided_at, row.id))


def ask(work: Work, scope: Scope, wish: Wish) -> models.CalendarChange:
    """Asks that a calendar say otherwise of a day; a second person decides. It counts for what is computed from its date.

    Invalid names each field that is wrong; a date of effect in the past would change what was counted, and is refused.
    """
    _require_changer(work)
    _require_known(scope)
    problems = _problems(work, wish)
    if problems:
        raise Invalid("The calendar was not changed.", problems)
    waiting = _rows([scope]).where(Row.status == ASKED, Row.day == wish.day)
    if work.session.scalars(waiting).first() is not None:
        raise Conflict("A change of this day waits for approval already.")
    row = Row(
        id=work.new_id(),
        place=scope.place,
        office=scope.office,
        day=wish.day,
        kind=DayKind(wish.kind),
        name_es=wish.name_es.strip(),
        name_en=wish.name_en.strip() or wish.name_es.strip(),
        closes_at=wish.closes_at if wish.kind == DayKind.HALF else None,
        reason=wish.reason.strip(),
        effective_from=wish.effective_from,
        status=ASKED,
        asked_by=work.actor.id,
        asked_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    day, since = wish.day.isoformat(), wish.effective_from.isoformat()
    asked = CalendarChangeAsked(
        row.id, row.place, row.office, day, row.kind, row.name_es, since, row.reason, row.closes_at
    )
    history.record(work, asked, stream=scope.stream)
    return row


def approve(work: Work, change_id: str) -> None:
    """Lets a change count, as a second person; never before this moment, whatever its date of effect."""
    row = _waiting(work, change_id)
    if row.asked_by == work.actor.id:
        raise NotAllowed("You asked for this change: another person must approve it.")
    row.status, row.decided_by, row.decided_at = APPROVED, work.actor.id, work.now
    approved = CalendarChangeApproved(row.id, row.day.isoformat(), row.kind)
    history.record(work, approved, stream=scope_of(row).stream)


def refuse(work: Work, change_id: str, reason: str) -> None:
    """Refuses a change, with the reason; who asked for it may take it back in this way, too."""
    row = _waiting(work, change_id)
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write why the calendar stays as it is.")])
    row.status, row.decided_by, row.decided_at = REFUSED, work.actor.id, work.now
    row.refused_reason = reason.strip()
    history.record(work, CalendarChangeRefused(row.id, row.refused_reason), stream=scope_of(row).stream)


def scope_of(row: models.CalendarChange) -> Scope:
    """Whose calendar a change is about."""
    return Scope(row.place, row.office)


def known_place(place: str) -> bool:
    """Whether holidays are known for a country, or a part of one."""
    country, dash, part = place.partition("-")
    known = holiday_package.list_supported_countries()
    return country in known and (not dash or part in known[country])


def _rows(whose: Sequence[Scope]) -> Select[models.CalendarChange]:
    each = (and_(Row.place == scope.place, Row.office == scope.office) for scope in whose)
    return select(Row).where(or_(*each))


def _change(row: models.CalendarChange) -> Change:
    closes = time.fromisoformat(row.closes_at) if row.closes_at else None
    return Change(row.day, DayKind(row.kind), row.name_es, closes)


def _require_changer(work: Work) -> None:
    if not work.actor.holds(*CHANGERS):
        raise NotAllowed("Only process owners and administrators change a calendar.")


def _require_known(scope: Scope) -> None:
    if bool(scope.place) == bool(scope.office) or (scope.place and not known_place(scope.place)):
        raise NotFound("There is no such calendar.")


def _waiting(work: Work, change_id: str) -> models.CalendarChange:
    _require_changer(work)
    row = work.session.get(Row, change_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such change of a calendar.")
    if row.status != ASKED:
        raise Conflict("This change was decided already.")
    return row


def _problems(work: Work, wish: Wish) -> list[Problem]:
    wrong = []
    if wish.day.year not in offices.YEARS:
        years = {"first": offices.YEARS[0], "last": offices.YEARS[-1]}
        wrong.append(Problem("day", "Choose a day from %(first)s to %(last)s.", years))
    if wish.kind not in frozenset(DayKind):
        wrong.append(Problem("kind", "Choose one of %(kinds)s.", {"kinds": ", ".join(DayKind)}))
    if not wish.name_es.strip() or max(len(wish.name_es), len(wish.name_en)) > LONGEST:
        wrong.append(Problem("name_es", "Write what the day is, in at most %(most)s characters.", {"most": LONGEST}))
    if wish.kind == DayKind.HALF and not _is_time(wish.closes_at or ""):
        wrong.append(Problem("closes_at", "Write when the office closes: 12:00."))
    if not wish.reason.strip():
        wrong.append(Problem("reason", "Write the act that orders it: the history keeps it."))
    if wish.effective_from < work.today:
        message = "It can count from today on, not for what was computed before."
        wrong.append(Problem("effective_from", message))
    return wrong


def _is_time(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True
