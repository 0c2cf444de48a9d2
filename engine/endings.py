"""What ends with an authorisation: its open measures, their clocks, and the decisions that rested on it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import clocks, dependents, statuses, terms
from engine.domain.dependencies import REVOKED
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

SUSPENSION: Final = "suspension"
RENEWAL: Final = "renewal"


def open_measures(work: Work, authorisation_id: str, kind: str | None = None) -> Sequence[models.Measure]:
    """The measures that are still open about an authorisation."""
    query = select(models.Measure).where(
        models.Measure.authorisation_id == authorisation_id, models.Measure.state == "open"
    )
    rows = work.session.scalars(query.order_by(models.Measure.created_at)).all()
    return [row for row in rows if kind in {None, row.kind}]


def close(work: Work, case: models.Case, measure: models.Measure, outcome: str) -> None:
    """A measure has ended: on this day, with this outcome, and its clocks with it."""
    measure.closed_on, measure.outcome = work.today, outcome
    for clock in ("suspension", "hearing", "renewal"):
        clocks.meet(work, case, clock, measure.id)


def wind_up(
    work: Work,
    case: models.Case,
    rules: Programme,
    authorisation: models.Authorisation,
    day: date,
    measure_ends: str = "end",
) -> list[dict[str, object]]:
    """Ends what was open about an authorisation that is over on a day; the dependent decisions as letters want them.

    What begins with its end (bar, appeal) is begun after this, for every clock of it stops here.
    `measure_ends` is the trigger by which its suspension ends (`revoke`, `end`).
    """
    authorisation.ended_on = day
    for measure in open_measures(work, authorisation.id):
        trigger = measure_ends if measure.kind == SUSPENSION else "end"
        statuses.move(work, case, measure, trigger)
        close(work, case, measure, "revoked" if trigger == "revoke" else "ended")
    terms.end(work, case, rules, authorisation, day)
    return dependents.reach(work, case, rules, authorisation, REVOKED, rules.includes(authorisation.type), ())
