"""Renewal of a certificate: its window, filed inside it, pending, granted, refused after a hearing, or withdrawn (T33)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from engine import authorisations, calendars, clocks, endings, hearings, history, programmes, refusals, statuses, terms
from engine.domain.calendars import add
from engine.domain.clocks import over
from engine.domain.errors import Conflict
from engine.domain.events import TermRenewed
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.renewing import BY_DECLARATION, BY_REVALIDATION, Filing, filing, window
from engine.domain.states import INTENDED, UNBORN
from engine.domain.terms import reminders
from engine.store import models
from engine.work import Work

Result = dict[str, object]
REMINDED: Final = "expiry"  # the key of the programme's reminders


def begin(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """How and when this certificate is renewed, as its programme says; Conflict where nothing is renewed.

    One case at a time accompanies the renewal of a certificate: it reminds, takes the filing, and sees the term end.
    """
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    found = _filing(work, rules, authorisation)
    if found is None:
        message = (
            "The programme %(programme)s renews nothing here: the certificate has no term, and is monitored instead."
        )
        raise Conflict(message, programme=rules.id)
    _require_only(work, case, authorisation)
    last_day = authorisation.expires_on
    return {
        "by_declaration": rules.renewal.model == BY_DECLARATION,
        "by_revalidation": rules.renewal.model == BY_REVALIDATION,
        "window_opens_on": found.opens_on.isoformat(),
        "window_opens_at": _begins(work, found.opens_on).isoformat(),
        "window_closes_on": found.closes_on.isoformat(),
        "filing_until": found.last_on.isoformat(),
        "filing_until_at": over(found.last_on, work.zone).isoformat(),
        "has_term": last_day is not None,
        "expires_on": _iso(last_day),
        "term_ends_at": over(last_day, work.zone).isoformat() if last_day else None,
    }


def reminder(work: Work, case: models.Case, authorisation_id: str, after: str | None = None) -> Result:
    """The next day on which the programme reminds of the last day (D28): of the term, else of the window; after a day."""
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    found = _filing(work, rules, authorisation)
    last = authorisation.expires_on or (found.closes_on if found else work.today)
    since = date.fromisoformat(after) + timedelta(days=1) if after else work.today
    coming = reminders(last, rules.reminders.get(REMINDED, ()), since=max(since, work.today))
    first = coming[0] if coming else None
    return {
        "reminder_left": first is not None,
        "reminder_on": _iso(first),
        "reminder_at": _begins(work, first).isoformat() if first else None,
        "days_left": (last - first).days if first else None,
        "reminds_of": last.isoformat(),
    }


def file(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """B1 → B10: filed inside the window; what comes late counts as not filed where the programme says so (Mexico)."""
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    facts = Facts(window=_window(work, rules, authorisation))
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


def renew(work: Work, case: models.Case, measure_id: str, reason: str = "") -> Result:
    """B10 → B1: the certificate goes on for another term, counted from the end of the one before.

    After a hearing (B6) the intended refusal is given up first, for the `reason` that is written.
    """
    measure, authorisation = _find(work, measure_id)
    if authorisation.state == INTENDED:
        statuses.move(work, case, authorisation, "give_up_adverse_act", reason=reason)
        statuses.move(work, case, authorisation, "resume_renewal")
        clocks.meet(work, case, "hearing", authorisation.id)
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


def refuse(
    work: Work,
    case: models.Case,
    measure_id: str,
    reasons: str | Sequence[object],
    answers: Sequence[object] | None = None,
) -> Result:
    """B6 → B1: not renewed, after a hearing with each argument answered; the term that runs is the last (T33, T34).

    A certificate that stood only because its renewal was pending expires at once.
    """
    measure, authorisation = _find(work, measure_id)
    if answers:
        hearings.answer(work, case, authorisation.id, answers)
    facts = hearings.facts(work, case, authorisation.id, reasons)
    statuses.move(work, case, measure, "refuse", facts=facts)
    endings.close(work, case, measure, "refused")
    statuses.move(work, case, authorisation, "refuse_renewal", facts=facts)
    clocks.meet(work, case, "hearing", authorisation.id)
    _end_if_over(work, case, authorisation)
    hearing = hearings.latest(work, authorisation.id)
    rules = programmes.of(work, case, authorisation.programme)
    return {
        "refused_on": work.today.isoformat(),
        "expires_on": _iso(authorisation.expires_on),
        "grounds": list(hearing.grounds) if hearing else [],
        "argument_answers": hearings.answered(hearing) if hearing else [],
    } | refusals.appeal_begins(work, case, rules, authorisation.id, refusals.REFUSED)


def withdraw(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """B10 → B1: the holder no longer asks for it; a term that has run out meanwhile ends the certificate at once."""
    measure, authorisation = _find(work, measure_id)
    statuses.move(work, case, measure, "withdraw", reason=reason)
    endings.close(work, case, measure, "withdrawn")
    statuses.move(work, case, authorisation, "withdraw_renewal", reason=reason)
    _end_if_over(work, case, authorisation)
    return {"expires_on": _iso(authorisation.expires_on)}


def _end_if_over(work: Work, case: models.Case, authorisation: models.Authorisation) -> None:
    """A term that has run out meanwhile ends the certificate at once."""
    if authorisation.expires_on and authorisation.expires_on < work.today:
        authorisations.follow_calendar(work, case, authorisation.id)


def _require_only(work: Work, case: models.Case, authorisation: models.Authorisation) -> None:
    query = select(models.Case.number).where(
        models.Case.authorisation_id == authorisation.id,
        models.Case.process == case.process,
        models.Case.status == "active",
        models.Case.id != case.id,
    )
    other = work.session.scalars(query.limit(1)).first()
    if other is not None:
        raise Conflict("The renewal of this certificate is under way in the case %(case)s.", case=other)


def _find(work: Work, measure_id: str) -> tuple[models.Measure, models.Authorisation]:
    measure = work.session.get(models.Measure, measure_id, with_for_update=True)
    if measure is None or measure.kind != endings.RENEWAL:
        raise Conflict("No renewal is pending.")
    return measure, authorisations.get(work, measure.authorisation_id)


def _window(work: Work, rules: Programme, authorisation: models.Authorisation) -> str:
    """Whether the window is open today; a certificate without an end, or of a programme without renewal, has none."""
    return window(rules.renewal, work.today, authorisation.expires_on, _turn(work, rules, authorisation))


def _filing(work: Work, rules: Programme, authorisation: models.Authorisation) -> Filing | None:
    return filing(rules.renewal, work.today, authorisation.expires_on, _turn(work, rules, authorisation))


def _turn(work: Work, rules: Programme, authorisation: models.Authorisation) -> date | None:
    """The day on which the next revalidation falls due: so many turns after the certificate took effect."""
    cycle = rules.renewal.cycle
    if rules.renewal.model != BY_REVALIDATION or cycle is None or not cycle.count:
        return None
    office, turns = calendars.of(work, rules), 1
    while (due := add(authorisation.effective_on, cycle.count * turns, cycle.unit, office)) < work.today:
        turns += 1
    return due


def _begins(work: Work, day: date) -> datetime:
    """The instant at which a day begins in the office."""
    return over(day - timedelta(days=1), work.zone)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
