"""The programme that a case goes by: the version its release pinned, and the working days of its country."""

import holidays as holiday_package

from engine import offices, pins
from engine.domain import programme
from engine.domain.calendars import OfficeCalendar
from engine.domain.errors import Conflict, Invalid, Problem
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work


def of(work: Work, case: models.Case, key: str) -> Programme:
    """The programme `key` (`sv`) as the case's release pinned it; NotFound if it pinned none of that name."""
    return offices.read(pins.version(work, case.release_id, "programme", key).content)


def in_release(work: Work, release_id: str, key: str) -> Programme:
    """The programme `key` as a release pinned it; the only one that it pinned where the key is empty."""
    known = list(pins.contents(work, release_id, "programme")) if not key else [key]
    if len(known) != 1:
        raise Conflict("It is not known by which programme this case goes.")
    return offices.read(pins.version(work, release_id, "programme", known[0]).content)


def of_case(work: Work, case: models.Case) -> Programme:
    """The programme that a case goes by: that of its application or authorisation, or the only one of its release."""
    about = ((models.Application, case.application_id), (models.Authorisation, case.authorisation_id))
    for model, id_ in about:
        row = work.session.get(model, id_) if id_ else None
        if isinstance(row, models.Application | models.Authorisation):
            return in_release(work, case.release_id, row.programme)
    return in_release(work, case.release_id, "")


def of_clock(work: Work, case: models.Case, clock: models.LegalClock) -> Programme:
    """The programme by whose rules a clock of a case runs; clocks of release 0.2 did not say it themselves."""
    return in_release(work, case.release_id, clock.programme) if clock.programme else of_case(work, case)


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
