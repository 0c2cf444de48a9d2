"""Legal clocks: due = start + base + Σ additions; nothing ever pauses after acceptance, days are only added."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from engine.domain.calendars import OfficeCalendar, Unit, add

END_OF_DAY: Final = time(23, 59, 59)
START: Final = "start"
BASE: Final = "base"
WAIT: Final = "wait"
HOLIDAY: Final = "holiday"
MOVES: Final = frozenset({Unit.MONTHS, Unit.YEARS})  # end on a number of the month, not after so many days


@dataclass(frozen=True, slots=True)
class Receipt:
    """After how many days a notice counts as received."""

    days: int = 0
    unit: Unit = Unit.CALENDAR


@dataclass(frozen=True, slots=True)
class DayCount:
    """How a programme counts days (domain page §3; in the EU, Regulation 1182/71).

    `first_day_counts`: the day of the event is the first of the period. `moves_off_holidays`: a period that would end on
    a day when the office is closed ends on the next working day. `deemed_receipt_days`: days after which a notice counts
    as received, in `deemed_receipt_unit`; `receipts` are the channels where that is otherwise. `cut_off`: what is filed
    after this time of the office's day counts as filed on the next working day.
    """

    first_day_counts: bool = False
    moves_off_holidays: bool = True
    deemed_receipt_days: int = 0
    cut_off: time = END_OF_DAY
    deemed_receipt_unit: Unit = Unit.CALENDAR
    receipts: tuple[tuple[str, Receipt], ...] = ()

    def receipt(self, channel: str = "") -> Receipt:
        """What counts for a notice sent through this channel."""
        return dict(self.receipts).get(channel, Receipt(self.deemed_receipt_days, self.deemed_receipt_unit))


@dataclass(frozen=True, slots=True)
class Period:
    """So many units, and what says so."""

    count: int
    unit: Unit
    legal_basis: str
    legal_basis_en: str = field(default="", compare=False)


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
    day = _first(start, base, count, office)
    lines: tuple[Line, ...] = (Line(START, 0, None, start), Line(BASE, base.count, base.unit, day))
    for addition in additions:
        lines = extended(lines, addition, addition.legal_basis, office)
    return ended(lines, count, office)


def extended(lines: Sequence[Line], added: Period, what: str, office: OfficeCalendar) -> tuple[Line, ...]:
    """A sum with one addition more, which runs from the day that the arithmetic gave, not from the one moved to.

    What was counted before stays as it was counted: a calendar that changed meanwhile counts for the addition only.
    """
    summed = [line for line in lines if line.what != HOLIDAY]
    day = add(summed[-1].day, added.count, added.unit, office)
    return (*summed, Line(what, added.count, added.unit, day))


def ended(lines: Sequence[Line], count: DayCount, office: OfficeCalendar) -> tuple[Line, ...]:
    """A sum whose end, where the office is closed on it, has moved to the next working day."""
    summed = tuple(line for line in lines if line.what != HOLIDAY)
    day = summed[-1].day
    if not count.moves_off_holidays or office.works(day):
        return summed
    return (*summed, Line(HOLIDAY, 0, None, office.next_working_day(day)))


def filed_on(moment: datetime, count: DayCount, office: OfficeCalendar) -> date:
    """The day that counts for what was filed at a moment of the office's wall clock.

    On a day on which the office closes early, that hour is the cut-off where it comes first.
    """
    day = moment.date()
    cut_off = min(count.cut_off, office.closes_early.get(day, count.cut_off))
    if moment.time().replace(microsecond=0) <= cut_off:
        return day
    return office.next_working_day(day + timedelta(days=1))


def received_on(sent: date, count: DayCount, office: OfficeCalendar | None = None, channel: str = "") -> date:
    """The day on which a notice sent on a day through a channel counts as received.

    Working days need the office's calendar; ValueError without it.
    """
    receipt = count.receipt(channel)
    if office is None and receipt.unit is Unit.WORKING:
        raise ValueError(receipt)
    return add(sent, receipt.days, receipt.unit, office or OfficeCalendar())


def _first(start: date, base: Period, count: DayCount, office: OfficeCalendar) -> date:
    """The last day of the base: it runs from the day after the start, or from the start where the first day counts.

    A month from 1 March on, that day included, is March; from 31 January on it ends with February, which has no 31st.
    """
    if not count.first_day_counts:
        return add(start, base.count, base.unit, office)
    if base.unit not in MOVES:
        return add(start - timedelta(days=1), base.count, base.unit, office)
    day = add(start, base.count, base.unit, office)
    return day if day.day != start.day else day - timedelta(days=1)


def over(last_day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a period with this last day has run out: the midnight that ends it in the office."""
    return datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def bar_until(start: date, base: Period, office: OfficeCalendar) -> date | None:
    """Until when a new application is barred, counted from the day of the act; None where there is no bar."""
    return add(start, base.count, base.unit, office) if base.count else None
