"""The programme that a case goes by: the version its release pinned, and the working days of its country."""

import holidays as holiday_package

from engine import offices, pins
from engine.domain import programme
from engine.domain.calendars import OfficeCalendar
from engine.domain.errors import Invalid, Problem
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work


def of(work: Work, case: models.Case, key: str) -> Programme:
    """The programme `key` (`sv`) as the case's release pinned it; NotFound if it pinned none of that name."""
    return offices.read(pins.version(work, case.release_id, "programme", key).content)


def calendar(rules: Programme) -> OfficeCalendar:
    """The working days of the office: none on the holidays of its place, nor on the days when it is closed by itself."""
    return offices.calendar(rules)


def check(content: bytes) -> None:
    """Invalid for a programme file that cannot be used, also where nobody knows the holidays of its place."""
    rules = programme.check(content)
    country, _dash, part = rules.holidays.partition("-")
    known = holiday_package.list_supported_countries()
    if country and (country not in known or (part and part not in known[country])):
        problem = Problem("day_count.holidays", "No holidays are known for %(place)s.", {"place": rules.holidays})
        raise Invalid("The programme cannot be read.", [problem])
