"""Number series without gaps: a number is given in the transaction that uses it, or not at all."""

from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work


def take(work: Work, series: str) -> str:
    """The next number of the series in the office's year, e.g. `OC-2026-0118`; the row stays locked until the commit."""
    year = work.today.year
    row = work.session.get(models.NumberSeries, (series, year), with_for_update=True)
    if row is None:
        insert_if_absent(work.transaction, models.NumberSeries, series=series, year=year, last=0)
        row = work.session.get_one(models.NumberSeries, (series, year), with_for_update=True)
    row.last += 1
    return f"{series}-{year}-{row.last:04}"
