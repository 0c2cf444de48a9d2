"""Renewal of a certificate with a term: filed inside its window, pending, granted, or withdrawn (T33)."""

from datetime import date

from engine import authorisations, calendars, clocks, endings, history, programmes, statuses, terms
from engine.domain.calendars import add
from engine.domain.errors import Conflict
from engine.domain.events import TermRenewed
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.renewing import window
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]


def file(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """B1 → B10: filed inside the window; what comes late counts as not filed where the programme says so (Mexico)."""
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    facts = Facts(window=_window(rules, authorisation, work.today))
    statuses.move(work, case, authorisation, "file_renewal", facts=facts)
    measure = models.Measure(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        case_id=case.id,
        kind=endings.RENEWAL,
        ground="",
        reasons="",
        state=UNBORN,
        starts_on=work.today,
        criteria=[],
        parts=[],
        created_at=work.now,
    )
    statuses.move(work, case, measure, "file", facts=facts)
    work.session.add(measure)
    work.session.flush()
    started = clocks.start(work, case, rules, "renewal", measure.id) if "renewal" in rules.clocks else None
    holds = rules.renewal.while_pending != "ends"
    return {
        "measure_id": measure.id,
        "received_on": work.today.isoformat(),
        "expires_on": _iso(authorisation.expires_on),
        "validity_holds": holds,
        **(clocks.due(started) if started else {}),
    }


def renew(work: Work, case: models.Case, measure_id: str) -> Result:
    """B10 → B1: the certificate goes on for another term, counted from the end of the one before."""
    measure, authorisation = _find(work, measure_id)
    rules = programmes.of(work, case, authorisation.programme)
    before, term = authorisation.expires_on, rules.validity_of([authorisation.type])
    statuses.move(work, case, measure, "renew")
    endings.close(work, case, measure, "renewed")
    office = calendars.of(work, rules)
    authorisation.expires_on = add(before or work.today, term.count, term.unit, office) if term.count else None
    after = authorisation.expires_on
    history.record(work, TermRenewed(authorisation.id, _iso(before) or "", _iso(after) or ""), case=case)
    statuses.move(work, case, authorisation, "renew")
    terms.renew(work, case, rules, authorisation, before)
    authorisations.look_to_calendar(work, case, authorisation)
    return {"renewed_on": work.today.isoformat(), "expires_on": _iso(after)}


def withdraw(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """B10 → B1: the holder no longer asks for it; a term that has run out meanwhile ends the certificate at once."""
    measure, authorisation = _find(work, measure_id)
    statuses.move(work, case, measure, "withdraw", reason=reason)
    endings.close(work, case, measure, "withdrawn")
    statuses.move(work, case, authorisation, "withdraw_renewal", reason=reason)
    if authorisation.expires_on and authorisation.expires_on < work.today:
        authorisations.follow_calendar(work, case, authorisation.id)
    return {"expires_on": _iso(authorisation.expires_on)}


def _find(work: Work, measure_id: str) -> tuple[models.Measure, models.Authorisation]:
    measure = work.session.get(models.Measure, measure_id, with_for_update=True)
    if measure is None or measure.kind != endings.RENEWAL:
        raise Conflict("No renewal is pending.")
    return measure, authorisations.get(work, measure.authorisation_id)


def _window(rules: Programme, authorisation: models.Authorisation, day: date) -> str:
    """Whether the window is open; one without an end, or of a programme without renewal, has none."""
    return window(rules.renewal, day, authorisation.expires_on)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
