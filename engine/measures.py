"""Measures against an authorisation: a suspension with its ground and period, and the three ways in which it ends."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from engine import authorisations, clocks, programmes, statuses
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]
# EU: DA art. 16: (a) elements are missing, (b) conditions are not met, (c) the holder asks. Each is a transition of its own.
GROUNDS: Final = {"a": "to_clarify", "b": "to_cure", "c": "at_request"}
EXPIRED: Final = "expired"


def open_suspension(
    work: Work, case: models.Case, authorisation_id: str, ground: str, reasons: str, days: int
) -> Result:
    """B1/B2/B3 → B4: benefits stop today, the suspension clock runs for the days that the act sets (EU: DA art. 16)."""
    authorisation = authorisations.get(work, authorisation_id)
    if ground not in GROUNDS:
        raise Invalid("The ground is not known.", [Problem("ground", "Choose a, b or c.")])
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, f"suspend_{GROUNDS[ground]}", reason=reasons)
    authorisations.settle_benefits(authorisation)
    measure = models.Measure(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        case_id=case.id,
        kind="suspension",
        ground=ground,
        reasons=reasons,
        state=UNBORN,
        starts_on=work.today,
        created_at=work.now,
    )
    statuses.move(work, case, measure, f"open_{GROUNDS[ground]}", reason=reasons)
    work.session.add(measure)
    work.session.flush()
    clock = clocks.start(work, case, rules, "suspension", measure.id, days=days)
    measure.ends_on = clock.due_on
    return {"measure_id": measure.id, "suspended_on": work.today.isoformat(), **clocks.due(clock)}


def prolong(work: Work, case: models.Case, measure_id: str, days: int, reason: str) -> Result:
    """Adds days to an open suspension, before it has run out (EU: DA art. 17(2))."""
    measure, authorisation = _find(work, measure_id)
    rules = programmes.of(work, case, authorisation.programme)
    if clocks.is_over(work, measure.id, "suspension"):
        raise Conflict("The suspension period is over: it can no longer be prolonged.")
    statuses.move(work, case, measure, "prolong", reason=reason)
    added = Period(days, Unit.CALENDAR, rules.clock("suspension").legal_basis.es)
    clock = clocks.extend(work, case, rules, "suspension", measure.id, added, reason)
    measure.ends_on = clock.due_on
    return clocks.due(clock)


def lift(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """B4/B6 → B1: cured, not revoked, or the period simply ran out (`expired`: EU, DA art. 18); benefits are on again.

    Conflict where it is said to have expired and has not.
    """
    measure, authorisation = _find(work, measure_id)
    lapsed = reason == EXPIRED
    if lapsed and not clocks.is_over(work, measure.id, "suspension"):
        raise Conflict("The suspension period is not over yet.")
    statuses.move(work, case, measure, "lapse" if lapsed else "lift", reason=reason)
    given_up = authorisation.state == "B6"
    trigger = "lapse_suspension" if lapsed else "give_up_adverse_act" if given_up else "lift"
    statuses.move(work, case, authorisation, trigger, reason=reason)
    authorisations.settle_benefits(authorisation)
    _close(work, case, measure, reason)
    return {"lifted_on": work.today.isoformat()}


def start_revocation_hearing(work: Work, case: models.Case, measure_id: str, grounds: str | Sequence[object]) -> Result:
    """B4 → B6: the intention to revoke is notified; the suspension is prolonged until the act takes effect (EU: DA art. 17(3))."""
    measure, authorisation = _find(work, measure_id)
    if not grounds:
        raise Invalid("A revocation needs grounds.", [Problem("grounds", "Name each ground and what it rests on.")])
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, "intend_to_revoke")
    authorisations.settle_benefits(authorisation)
    clocks.meet(work, case, "suspension", measure.id)
    measure.ends_on = None
    return clocks.due(clocks.start(work, case, rules, "hearing", measure.id))


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
        _close(work, case, measure, "revoked")


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


def _close(work: Work, case: models.Case, measure: models.Measure, outcome: str) -> None:
    measure.closed_on, measure.outcome = work.today, outcome
    clocks.meet(work, case, "suspension", measure.id)
    clocks.meet(work, case, "hearing", measure.id)
