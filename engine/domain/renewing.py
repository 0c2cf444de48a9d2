"""The window in which a renewal is filed: too early, open, or late, as the programme renews: by term, year or turn."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from engine.domain.programme_parts import Renewal

NONE: Final = "none"
EARLY: Final = "early"
OPEN: Final = "open"
LATE: Final = "late"
WITHOUT: Final = "none_monitoring"  # the certificate has no term, it is only watched
BY_DECLARATION: Final = "annual_declaration"  # India T1: declared once a year between two days
BY_REVALIDATION: Final = "revalidation"  # US, CA: visited again after a turn of years


@dataclass(frozen=True, slots=True)
class Filing:
    """The first day of the window, the last day in time, and the last day on which filing still counts."""

    opens_on: date
    closes_on: date
    last_on: date


def filing(rules: Renewal, day: date, last_day: date | None, turn: date | None = None) -> Filing | None:
    """The window that is open on a day, or the next one; None where nothing is renewed.

    `last_day` is the end of the term, `turn` the day on which the next revalidation falls due. Late filing counts until
    the end of the term where the programme accepts it.
    """
    if rules.model == BY_DECLARATION and all(rules.declaration):
        return _declared(rules, day)
    end = turn if rules.model == BY_REVALIDATION else last_day
    if rules.model == WITHOUT or end is None:
        return None
    opens = end - timedelta(days=rules.window_opens) if rules.window_opens else min(day, end)
    closes = end - timedelta(days=rules.window_closes)
    return Filing(opens, closes, end if rules.late == "accepted" else closes)


def window(rules: Renewal, day: date, last_day: date | None, turn: date | None = None) -> str:
    """Where a day stands to the window; `none` where nothing is renewed. Late filing counts where the programme accepts it.

    Mexico: a late notice is not filed (domain page, T34).
    """
    found = filing(rules, day, last_day, turn)
    if found is None:
        return NONE
    return EARLY if day < found.opens_on else OPEN if day <= found.last_on else LATE


def _declared(rules: Renewal, day: date) -> Filing:
    """The yearly period of the declaration that is not over yet; it may run over the turn of the year."""
    first, last = rules.declaration
    for year in range(day.year - 1, day.year + 2):
        opens = date.fromisoformat(f"{year}-{first}")
        closes = date.fromisoformat(f"{year + (last < first)}-{last}")
        if closes >= day:
            break
    return Filing(opens, closes, closes)
