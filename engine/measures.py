"""Measures against an authorisation: a suspension with its ground and period, and the three ways in which it ends."""

from collections.abc import Sequence

from sqlalchemy import select

from engine import authorisations, clocks, programmes, statuses
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.store import models
from engine.work import Work

Result = dict[str, object]
GROUNDS = ("a", "b", "c")  # EU: DA art. 16: elements missing; conditions not met; asked for by the holder


def open_suspension(
    work: Work, case: models.Case, authorisation_id: str, ground: str, reasons: str, days: int
) -> Result:
    """B1/B2/B3 → B4: benefits stop today, the suspension clock runs for the days that the act sets."""
    authorisation = authorisations.get(work, authorisation_id)
    if ground not in GROUNDS:
        raise Invalid("The ground is not known.", [Problem("ground", "Choose a, b or c.")])
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, "suspend", reason=reasons)
    authorisations.settle_benefits(authorisation)
    measure = models.Measure(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        case_id=case.id,
        kind="suspension",
        ground=ground,
        reasons=reasons,
        state="open",
        starts_on=work.today,
        created_at=work.now,
    )
    work.session.add(measure)
    work.session.flush()
    statuses.begin(work, case, measure, "T24")
    clock = clocks.start(work, case, rules, "suspension", measure.id, days=days)
    measure.ends_on = clock.due_on
    return {"measure_id": measure.id, "suspended_on": work.today.isoformat(), **_due("suspension", clock)}


def prolong(work: Work, case: models.Case, measure_id: str, days: int, reason: str) -> Result:
    """Adds days to an open suspension, before it has run out (EU: DA art. 17)."""
    measure, authorisation = _find(work, measure_id)
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, measure, "prolong", reason=reason)
    added = Period(days, Unit.CALENDAR, rules.clock("suspension").legal_basis.es)
    clock = clocks.extend(work, case, rules, "suspension", measure.id, added, reason)
    measure.ends_on = clock.due_on
    return _due("suspension", clock)


def lift(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """B4/B6 → B1: cured, not revoked, or the period simply ran out (`expired`: EU, DA art. 18); benefits are on again."""
    measure, authorisation = _find(work, measure_id)
    lapsed = reason == "expired"
    statuses.move(work, case, measure, "lapse" if lapsed else "lift", reason=reason)
    statuses.move(work, case, authorisation, "lapse_suspension" if lapsed else "lift", reason=reason)
    authorisations.settle_benefits(authorisation)
    measure.closed_on, measure.outcome = work.today, reason
    _end_clocks(work, case, measure, "expired" if lapsed else "met")
    return {"lifted_on": work.today.isoformat()}


def start_revocation_hearing(work: Work, case: models.Case, measure_id: str, grounds: str | Sequence[object]) -> Result:
    """B4 → B6: the intention to revoke is notified; the suspension is prolonged until the act takes effect (EU: DA art. 17(3))."""
    measure, authorisation = _find(work, measure_id)
    if not grounds:
        raise Invalid("A revocation needs grounds.", [Problem("grounds", "Name each ground and what it rests on.")])
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, "intend_adverse_act")
    authorisations.settle_benefits(authorisation)
    hearing = clocks.start(work, case, rules, "hearing", measure.id)
    return _due("hearing", hearing)


def end_hearing(work: Work, case: models.Case, measure_id: str) -> Result:
    """The holder was heard, or let the period pass: the hearing clock ends on this day, not on that of the decision."""
    measure, _authorisation = _find(work, measure_id)
    clocks.meet(work, case, "hearing", measure.id)
    return {}


def close_revoked(work: Work, case: models.Case, authorisation_id: str) -> None:
    """The open suspension of an authorisation that was revoked ends with it."""
    query = select(models.Measure).where(
        models.Measure.authorisation_id == authorisation_id, models.Measure.state == "open"
    )
    for measure in work.session.scalars(query):
        statuses.move(work, case, measure, "revoke")
        measure.closed_on, measure.outcome = work.today, "revoked"
        _end_clocks(work, case, measure, "met")


def revoke(work: Work, case: models.Case, authorisation_id: str, reasons: str) -> Result:
    """Revokes the authorisation and ends its open suspension: one act, never half done. Nobody is revoked unheard."""
    authorisation = authorisations.get(work, authorisation_id)
    if authorisation.state != "B6":
        raise Conflict("Nobody is revoked unheard: the hearing has not been held.")
    result = authorisations.revoke(work, case, authorisation_id, reasons)
    close_revoked(work, case, authorisation_id)
    return result


def _find(work: Work, measure_id: str) -> tuple[models.Measure, models.Authorisation]:
    measure = work.session.get(models.Measure, measure_id, with_for_update=True)
    if measure is None:
        raise NotFound("There is no such measure.")
    return measure, authorisations.get(work, measure.authorisation_id)


def _end_clocks(work: Work, case: models.Case, measure: models.Measure, state: str) -> None:
    clocks.end(work, case, "suspension", measure.id, state)
    clocks.meet(work, case, "hearing", measure.id)


def _due(name: str, clock: models.LegalClock) -> Result:
    return {f"{name}_due": clock.due_on.isoformat(), f"{name}_due_at": clock.due_at.isoformat()}
