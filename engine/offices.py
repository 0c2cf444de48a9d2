"""When an office works, by the file of its programme: the holidays of its place, its own free days, its hours."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import holidays as holiday_package

from engine.domain import programme
from engine.domain.calendars import OfficeCalendar
from engine.domain.programme import Programme
from engine.domain.worktime import WorkingTime

YEARS: Final = range(2000, 2101)


@lru_cache(64)
def read(content: bytes) -> Programme:
    """The programme in a file, read once."""
    return programme.read(content)


def calendar(rules: Programme) -> OfficeCalendar:
    """The working days of the office: none on the holidays of its place, nor on the days when it is closed by itself."""
    return _calendar(rules.holidays, rules.closed)


def working_time(content: bytes) -> WorkingTime:
    """The working days and hours of the office whose programme is in the file."""
    rules = read(content)
    return WorkingTime(calendar(rules), rules.opens, rules.closes)


@lru_cache(64)
def _calendar(place: str, closed: frozenset[date]) -> OfficeCalendar:
    return OfficeCalendar(_FreeDays(place, closed))


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
