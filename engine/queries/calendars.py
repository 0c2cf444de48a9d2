"""Calendars as their pages show them: which there are, one year of one, where each day comes from, and what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata
from typing import Final

import holidays as holiday_package
from sqlalchemy import select

from engine import calendars, offices, recounts, releases
from engine.calendars import ASKED, Scope
from engine.domain.calendars import DayKind
from engine.domain.errors import NotFound
from engine.domain.programme import Programme
from engine.recounts import Difference
from engine.store import models
from engine.work import Work

PACKAGE: Final = f"holidays {metadata.version('holidays')}"


@dataclass(frozen=True, slots=True)
class Line:
    """A calendar: of a place, or of an office with its name, the programmes that go by it, and what waits for approval."""

    scope: Scope
    name: str
    name_en: str
    programmes: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which a calendar says something. `source`: `package`, `programme`, or `change` (its id is `change`)."""

    day: date
    name: str
    name_en: str
    kind: str
    closes_at: str | None
    source: str
    scope: Scope
    change: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one day, in any of its states, with who asked and who decided."""

    id: str
    day: date
    kind: str
    name: str
    name_en: str
    closes_at: str | None
    reason: str
    effective_from: date
    status: str
    asked_by: str
    asked_by_id: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    refused_reason: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a calendar by what is in force today, and every change that was ever asked for."""

    line: Line
    year: int
    days: tuple[Day, ...]
    working_days: int
    waiting: tuple[Change, ...]
    decided: tuple[Change, ...]


def listing(work: Work) -> Sequence[Line]:
    """The calendars that the published programmes go by: places first, then offices."""
    found: dict[Scope, list[Programme]] = {}
    for rules in _programmes(work):
        for scope in calendars.scopes(rules):
            found.setdefault(scope, []).append(rules)
    lines = [_line(work, scope, rules) for scope, rules in found.items()]
    return sorted(lines, key=lambda line: (line.scope.office, line.scope.place))


def year(work: Work, scope: Scope, number: int) -> Year:
    """A year of a calendar; NotFound for one that no published programme goes by."""
    using = [rules for rules in _programmes(work) if scope in calendars.scopes(rules)]
    if not using or number not in offices.YEARS:
        raise NotFound("There is no such calendar.")
    rules = using[0]
    whose = [one for one in calendars.scopes(rules) if scope.office or one.place in (scope.place, _country(scope))]
    days = _days(work, rules, scope, whose, number)
    rows = work.session.scalars(
        select(models.CalendarChange)
        .where(models.CalendarChange.place == scope.place, models.CalendarChange.office == scope.office)
        .order_by(models.CalendarChange.asked_at.desc(), models.CalendarChange.id.desc())
    ).all()
    names = {one.id: one.name for one in work.session.scalars(select(models.Account))}
    changes = [_change(row, names) for row in rows]
    return Year(
        line=_line(work, scope, using),
        year=number,
        days=days,
        working_days=_working_days(number, days),
        waiting=tuple(one for one in changes if one.status == ASKED),
        decided=tuple(one for one in changes if one.status != ASKED),
    )


def dry_run(work: Work, office: str) -> Sequence[Difference]:
    """What a recount of an office's running clocks would do."""
    if not any(calendars.code(rules) == office for rules in _programmes(work)):
        raise NotFound("There is no such calendar.")
    return recounts.differences(work, office)


def may_change(work: Work) -> bool:
    """Whether the actor asks for changes and approves those of others."""
    return work.actor.holds(*calendars.CHANGERS)


def _programmes(work: Work) -> list[Programme]:
    found = releases.published(work)
    return [offices.read(version.content) for (kind, _key), version in found.items() if kind == "programme"]


def _line(work: Work, scope: Scope, using: Sequence[Programme]) -> Line:
    rows = select(models.CalendarChange.id).where(
        models.CalendarChange.place == scope.place,
        models.CalendarChange.office == scope.office,
        models.CalendarChange.status == ASKED,
    )
    words = using[0].office
    name, name_en = (words["name_es"], words["name_en"]) if scope.office else (scope.place, scope.place)
    called = tuple(rules.name_on(work.today).es for rules in using)
    return Line(scope, name, name_en, called, len(work.session.scalars(rows).all()))


def _country(scope: Scope) -> str:
    return scope.place.partition("-")[0]


def _days(work: Work, rules: Programme, scope: Scope, whose: Sequence[Scope], number: int) -> tuple[Day, ...]:
    place = rules.holidays if scope.office else scope.place
    found = {day.day: day for day in _known(place, number)}
    if scope.office:
        found |= {
            day: Day(day, "", "", DayKind.CLOSED, None, "programme", scope)
            for day in rules.closed
            if day.year == number
        }
    for row in calendars.rows_in_force(work, whose, work.now):
        if row.day.year == number:
            found[row.day] = Day(
                row.day, row.name_es, row.name_en, row.kind, row.closes_at, "change", calendars.scope_of(row), row.id
            )
    return tuple(sorted(found.values(), key=lambda day: day.day))


def _known(place: str, number: int) -> list[Day]:
    """The holidays that the package knows of a place in a year, in both languages where it has both."""
    if not place:
        return []
    spanish, english = (_names(place, number, language) for language in ("es", "en"))
    scope = Scope(place=place)
    return [
        Day(day, name, english.get(day, name), DayKind.CLOSED, None, "package", scope) for day, name in spanish.items()
    ]


def _names(place: str, number: int, language: str) -> dict[date, str]:
    country, _dash, part = place.partition("-")
    kind = type(holiday_package.country_holidays(country))
    known = [name for name in getattr(kind, "supported_languages", ()) if name.startswith(language)]
    chosen = known[0] if known else None
    return dict(holiday_package.country_holidays(country, subdiv=part or None, years=number, language=chosen))


def _working_days(number: int, days: Sequence[Day]) -> int:
    said = {day.day: day.kind for day in days}
    every = (
        date.fromordinal(one) for one in range(date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1)
    )
    return sum(said.get(day, DayKind.OPEN if day.weekday() < 5 else DayKind.CLOSED) != DayKind.CLOSED for day in every)  # noqa: PLR2004 - Saturday


def _change(row: models.CalendarChange, names: dict[str, str]) -> Change:
    return Change(
        id=row.id,
        day=row.day,
        kind=row.kind,
        name=row.name_es,
        name_en=row.name_en,
        closes_at=row.closes_at,
        reason=row.reason,
        effective_from=row.effective_from,
        status=row.status,
        asked_by=names.get(row.asked_by, row.asked_by),
        asked_by_id=row.asked_by,
        asked_at=row.asked_at,
        decided_by=names.get(row.decided_by or "", row.decided_by or ""),
        decided_at=row.decided_at,
        refused_reason=row.refused_reason,
    )
