"""The window in which a renewal is filed: too early, open, or late, counted back from the last day of the certificate."""

from datetime import date, timedelta
from typing import Final

from engine.domain.programme_parts import Renewal

NONE: Final = "none"
EARLY: Final = "early"
OPEN: Final = "open"
LATE: Final = "late"
WITHOUT: Final = "none_monitoring"  # the certificate has no term, it is only watched


def window(rules: Renewal, day: date, last_day: date | None) -> str:
    """Where a day stands to the window; `none` where nothing is renewed. Late filing counts where the programme accepts it.

    Mexico: a late notice is not filed (domain page, T34).
    """
    if rules.model == WITHOUT or last_day is None:
        return NONE
    if rules.window_opens and day < last_day - timedelta(days=rules.window_opens):
        return EARLY
    if day > last_day:
        return LATE
    late = day > last_day - timedelta(days=rules.window_closes)
    return LATE if late and rules.late != "accepted" else OPEN
