"""Authorisations: granted, watched, suspended, revoked; they live on when the application's case has ended."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from engine import applications, calendars, findings, history, numbers, outbox, programmes, statuses
from engine.domain.calendars import Unit, add
from engine.domain.clocks import bar_until, over
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import ChangeRecorded
from engine.domain.programme import Programme
from engine.domain.states import BENEFITS, UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]
IN_FORCE: Final = ("B1", "B2", "B3", "B4")  # a suspended term runs on


def grant(work: Work, case: models.Case, application_id: str) -> Result:
    """A11 → A13 and B1 (B0 until it takes effect): the certificate gets its number, the decision clock is met.

    Conflict while a finding stands open: a score never outvotes a criterion that must be met (domain page §8).
    """
    application = applications.get(work, application_id)
    rules = programmes.of(work, case, application.programme)
    if findings.unsolved(work, case.id):
        raise Conflict("A finding is still open: it must be corrected and verified first.")
    statuses.move(work, case, application, "grant")
    applications.decide(work, case, application)
    authorisation = _new(work, application, rules)
    statuses.move(work, case, authorisation, "come_into_being")
    work.session.add(authorisation)
    work.session.flush()
    case.authorisation_id = authorisation.id
    follow_calendar(work, case, authorisation.id)
    for day in _coming(work, authorisation):
        outbox.add(work, "effect", {"authorisation_id": authorisation.id}, case, at=_begins(work, day))
    return {
        "authorisation_id": authorisation.id,
        "certificate_number": authorisation.number,
        "effective_on": authorisation.effective_on.isoformat(),
        "granted_on": authorisation.granted_on.isoformat(),
    }


def follow_calendar(work: Work, case: models.Case, authorisation_id: str) -> None:
    """What a date does by itself: B0 → B1 on the day of effect, in force → B11 when the term is over (T34).

    Whatever ended otherwise, or has a renewal pending, stays as it is. The case that watches an authorisation is told.
    """
    authorisation = get(work, authorisation_id)
    if authorisation.state == "B0" and authorisation.effective_on <= work.today:
        statuses.move(work, case, authorisation, "take_effect", valid_from=authorisation.effective_on)
    last_day = authorisation.expires_on
    if last_day and last_day < work.today and authorisation.state in IN_FORCE:
        _expire(work, case, authorisation, last_day)
    settle_benefits(authorisation)


def next_review(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """When the next yearly review falls due: the first anniversary of taking effect that is still to come."""
    authorisation = get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    office, period = calendars.of(work, rules), rules.clock("review").period
    turn = 1
    due = add(authorisation.effective_on, period.count, period.unit, office)
    while due <= work.today:
        turn += 1
        due = add(authorisation.effective_on, period.count * turn, period.unit, office)
    authorisation.next_review_on = due
    return {"review_due": due.isoformat(), "review_due_at": _begins(work, due).isoformat()}


def open_reassessment(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """B1 → B3: something was detected that is looked into; benefits stay on."""
    statuses.move(work, case, get(work, authorisation_id), "open_reassessment", reason=reason)
    return {}


def close_reassessment(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """B3 → B1: nothing was found that stands against the holder."""
    statuses.move(work, case, get(work, authorisation_id), "close_reassessment", reason=reason)
    return {}


def record_change(work: Work, case: models.Case, authorisation_id: str, change: Mapping[str, object]) -> Result:
    """The holder told customs of a change that may touch the criteria (EU: UCC art. 23(2))."""
    history.record(work, ChangeRecorded(get(work, authorisation_id).id, "change", change), case=case)
    return {}


def record_incident(work: Work, case: models.Case, authorisation_id: str, incident: Mapping[str, object]) -> Result:
    """The holder, or an officer, told of an incident in the supply chain."""
    history.record(work, ChangeRecorded(get(work, authorisation_id).id, "incident", incident), case=case)
    return {}


def revoke(work: Work, case: models.Case, authorisation_id: str, reasons: str) -> Result:
    """B6 → B7, from today on: benefits end, the bar starts (EU: DA art. 11). `measures.revoke` is the whole act."""
    authorisation = get(work, authorisation_id)
    if not reasons.strip():
        raise Invalid("A revocation needs reasons.", [Problem("reasons", "Write why, ground by ground.")])
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, "revoke", reason=reasons)
    authorisation.ended_on = work.today
    office = calendars.of(work, rules)
    authorisation.bar_until = bar_until(work.today, rules.bars["revoked"], office) if "revoked" in rules.bars else None
    settle_benefits(authorisation)
    barred = authorisation.bar_until.isoformat() if authorisation.bar_until else None
    return {"revoked_on": work.today.isoformat(), "bar_until": barred}


def settle_benefits(authorisation: models.Authorisation) -> None:
    """The holder has the benefits in exactly the states that carry them (domain page §2.2)."""
    authorisation.benefits_on = authorisation.state in BENEFITS


def get(work: Work, authorisation_id: str) -> models.Authorisation:
    """The authorisation, locked for this work; NotFound if there is none."""
    authorisation = work.session.get(models.Authorisation, authorisation_id, with_for_update=True)
    if authorisation is None:
        raise NotFound("There is no such authorisation.")
    return authorisation


def _expire(work: Work, case: models.Case, authorisation: models.Authorisation, last_day: date) -> None:
    statuses.move(work, case, authorisation, "expire", valid_from=last_day + timedelta(days=1))
    authorisation.ended_on = last_day
    told = {"ended_by": "expiry", "ended_on": last_day.isoformat()}
    outbox.add(work, "message", {"name": "authorisation_ended", "key": authorisation.id, "payload": told}, case)


def _coming(work: Work, authorisation: models.Authorisation) -> list[date]:
    """The days on which the calendar changes the authorisation: when it takes effect, and after its last day."""
    days = [authorisation.effective_on]
    if authorisation.expires_on is not None:
        days.append(authorisation.expires_on + timedelta(days=1))
    return [day for day in days if day > work.today]


def _begins(work: Work, day: date) -> datetime:
    """The instant at which a day begins in the office."""
    return over(day - timedelta(days=1), work.zone)


def _new(work: Work, application: models.Application, rules: Programme) -> models.Authorisation:
    office = calendars.of(work, rules)
    validity = rules.validity
    effective = add(work.today, rules.effect.count, Unit(rules.effect.unit), office)
    return models.Authorisation(
        id=work.new_id(),
        number=numbers.take(work, rules.numbers.get("certificate", "CERT")),
        operator_id=application.operator_id,
        application_id=application.id,
        programme=application.programme,
        type=", ".join(application.types),
        state=UNBORN,
        granted_on=work.today,
        effective_on=effective,
        expires_on=add(effective, validity.count, validity.unit, office) if validity.count else None,
        created_at=work.now,
    )
