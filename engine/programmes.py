"""The programme that a case goes by: the version its release pinned, and the working days of its country."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import holidays as holiday_package

from engine import pins
from engine.domain import programme
from engine.domain.calendars import OfficeCalendar
from engine.domain.errors import Invalid, Problem
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

YEARS: Final = range(2000, 2101)


def of(work: Work, case: models.Case, key: str) -> Programme:
    """The programme `key` (`sv`) as the case's release pinned it; NotFound if it pinned none of that name."""
    return _read(pins.version(work, case.release_id, "programme", key).content)


def calendar(rules: Programme) -> OfficeCalendar:
    """The working days of the office: none on the holidays of its place, nor on the days when it is closed by itself."""
    return _calendar(rules.holidays, rules.closed)


def check(content: bytes) -> None:
    """Invalid for a programme file that cannot be used, also where nobody knows the holidays of its place."""
    rules = programme.read(content)
    country, _dash, part = rules.holidays.partition("-")
    known = holiday_package.list_supported_countries()
    if country and (country not in known or (part and part not in known[country])):
        problem = Problem("day_count.holidays", "No holidays are known for %(place)s.", {"place": rules.holidays})
        raise Invalid("The programme cannot be read.", [problem])


@lru_cache(64)
def _calendar(place: str, closed: frozenset[date]) -> OfficeCalendar:
    return OfficeCalendar(_FreeDays(place, closed))


@lru_cache(64)
def _read(content: bytes) -> Programme:
    return programme.read(content)


class _FreeDays(Mapping[date, str]):
    """The days when an office is closed: its own, and the holidays of its place, worked out as years are asked for."""

    def __init__(self, place: str, closed: frozenset[date]) -> None:
        country, _dash, part = place.partition("-")
        self._place, self._closed = (country, part or None), closed
        self._days = holiday_package.country_holidays(country, subdiv=part or None) if country else {}

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self._closed or day in self._days)

    def __getitem__(self, day: date) -> str:
        return "" if day in self._closed else str(self._days[day])

    def __iter__(self) -> Iterator[date]:
        country, part = self._place
        named = holiday_package.country_holidays(country, subdiv=part, years=YEARS) if country else {}
        return iter(self._closed.union(named))

    def __len__(self) -> int:
        return sum(1 for _day in self)
