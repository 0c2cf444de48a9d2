"""Legal clocks: due = start + base + Σ additions; nothing ever pauses after acceptance, days are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from engine.domain.calendars import OfficeCalendar, Unit, add

END_OF_DAY: Final = time(23, 59, 59)
START: Final = "start"
BASE: Final = "base"
HOLIDAY: Final = "holiday"


@dataclass(frozen=True, slots=True)
class DayCount:
    """How a programme counts days (domain page §3; in the EU, Regulation 1182/71).

    `first_day_counts`: the day of the event is the first of the period. `moves_off_holidays`: a period that would end on
    a day when the office is closed ends on the next working day. `deemed_receipt_days`: calendar days after which a
    notice counts as received. `cut_off`: what is filed after this time of the office's day counts as filed on the next
    working day.
    """

    first_day_counts: bool = False
    moves_off_holidays: bool = True
    deemed_receipt_days: int = 0
    cut_off: time = END_OF_DAY


@dataclass(frozen=True, slots=True)
class Period:
    """So many units, and what says so."""

    count: int
    unit: Unit
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum as an auditor writes it: what, how much, and the day reached.

    `what` is `start`, `base`, `holiday` (the end moved off it), or the legal basis of an addition.
    """

    what: str
    count: int
    unit: Unit | None
    day: date


def due(start: date, base: Period, additions: Sequence[Period], count: DayCount, office: OfficeCalendar) -> date:
    """The last day of the period. Every addition runs from the last day reached before it.

    An addition runs on from the day that the arithmetic gives, also where that is a holiday: only the end moves.
    """
    return explain(start, base, additions, count, office)[-1].day


def explain(
    start: date, base: Period, additions: Sequence[Period], count: DayCount, office: OfficeCalendar
) -> tuple[Line, ...]:
    """The sum by which the last day is found: the start, the base, each addition, and the move off a holiday."""
    lines = [Line(START, 0, None, start)]
    day = start - timedelta(days=1) if count.first_day_counts else start
    for number, period in enumerate((base, *additions)):
        day = add(day, period.count, period.unit, office)
        lines.append(Line(period.legal_basis if number else BASE, period.count, period.unit, day))
    if count.moves_off_holidays and not office.works(day):
        lines.append(Line(HOLIDAY, 0, None, office.next_working_day(day)))
    return tuple(lines)


def filed_on(moment: datetime, count: DayCount, office: OfficeCalendar) -> date:
    """The day that counts for what was filed at a moment of the office's wall clock."""
    day = moment.date()
    if moment.time().replace(microsecond=0) <= count.cut_off:
        return day
    return office.next_working_day(day + timedelta(days=1))


def received_on(sent: date, count: DayCount) -> date:
    """The day on which a notice sent on a day counts as received."""
    return sent + timedelta(days=count.deemed_receipt_days)


def over(last_day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a period with this last day has run out: the midnight that ends it in the office."""
    return datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def bar_until(start: date, base: Period, office: OfficeCalendar) -> date | None:
    """Until when a new application is barred, counted from the day of the act; None where there is no bar."""
    return add(start, base.count, base.unit, office) if base.count else None
