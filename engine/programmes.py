"""The programme that a case goes by: the version its release pinned, and the working days of its country."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import holidays as holiday_package

from engine import pins
from engine.domain import programme
from engine.domain.calendars import OfficeCalendar
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

YEARS: Final = range(2000, 2101)


def of(work: Work, case: models.Case, key: str) -> Programme:
    """The programme `key` (`sv`) as the case's release pinned it; NotFound if it pinned none of that name."""
    return _read(pins.version(work, case.release_id, "programme", key).content)


@lru_cache(64)
def calendar(country: str) -> OfficeCalendar:
    """The working days of a country (ISO 3166); an empty country has no holidays."""
    return OfficeCalendar(_Holidays(country)) if country else OfficeCalendar()


@lru_cache(64)
def _read(content: bytes) -> Programme:
    return programme.read(content)


class _Holidays(Mapping[date, str]):
    """The holidays of a country, worked out year by year as they are asked for."""

    def __init__(self, country: str) -> None:
        self._days = holiday_package.country_holidays(country)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self._days

    def __getitem__(self, day: date) -> str:
        return str(self._days[day])

    def __iter__(self) -> Iterator[date]:
        return iter(holiday_package.country_holidays(self._days.country, years=YEARS))

    def __len__(self) -> int:
        return sum(1 for _day in self)
