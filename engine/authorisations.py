"""Authorisations: one for each type that is granted; they live on when the application's case has ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from engine import (
    applications,
    calendars,
    certificates,
    endings,
    history,
    numbers,
    outbox,
    programmes,
    sites,
    statuses,
    terms,
)
from engine.domain.calendars import Unit, add
from engine.domain.clocks import over
from engine.domain.errors import NotFound
from engine.domain.events import ChangeRecorded, TypeDecided
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.renewing import WITHOUT
from engine.domain.states import ENDS, INTENDED, UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]
GRANTED: Final = "granted"
IN_FORCE: Final = ("B1", "B2", "B3", "B4", "B5", "B6")  # a suspended term runs on
UNTOUCHED: Final = ("B1", "B2", "B3")  # neither suspended, nor about to be, nor waiting for its renewal
REASSESSED: Final = "B3"
SUSPENDED: Final = ("B4", "B5")
EXPIRED: Final = "B11"
PENDING: Final = "B10"  # may hold beyond its term, where the programme says so


def grant(
    work: Work,
    case: models.Case,
    application_id: str,
    types: Sequence[str] | None = None,
    sites_granted: Sequence[object] | None = None,
) -> Result:
    """A11 → A13 and B1 (B0 until it takes effect) for each type: own number, validity and sites; the clock is met.

    `types` grants only some of what was asked for; the application stays where it is until the rest is decided. Conflict
    while a finding or a consultation stands open, or (code `gate`) an officer judged as failed what must be met for one of
    these types: a score never outvotes it (domain page §8).
    """
    application, rules = applications.find(work, case, application_id)
    rows, last = applications.undecided(work, application, types)
    facts = applications.readiness(work, case, application, rules, [row.type for row in rows])
    statuses.move(work, case, application, "grant" if last else "grant_partly", facts=facts)
    if last:
        applications.decide(work, case, application)
    return bring_into_being(work, case, application, rules, rows, "come_into_being", sites_granted)


def bring_into_being(
    work: Work,
    case: models.Case,
    application: models.Application,
    rules: Programme,
    rows: Sequence[models.ApplicationType],
    trigger: str,
    sites_granted: Sequence[object] | None = None,
) -> Result:
    """Makes an authorisation of each of these types; `authorisations` in the answer lists them all."""
    made = [_make(work, case, application, rules, row, trigger, sites_granted) for row in rows]
    first = made[0]
    case.authorisation_id = case.authorisation_id or first.id
    return {
        "authorisation_id": first.id,
        "certificate_number": first.number,
        "effective_on": first.effective_on.isoformat(),
        "granted_on": first.granted_on.isoformat(),
        "authorisations": [_told(one) for one in made],
    }


def follow_calendar(work: Work, case: models.Case, authorisation_id: str) -> None:
    """What a date does by itself: acts of a later day, B0 → B1 on the day of effect, in force → B11 at the end (T34).

    A certificate whose renewal is pending ends with its term only where the programme says so. The case that watches an
    authorisation is told.
    """
    authorisation = get(work, authorisation_id)
    statuses.take_up(work, case, authorisation)
    if authorisation.state == "B0" and authorisation.effective_on <= work.today:
        statuses.move(work, case, authorisation, "take_effect", valid_from=authorisation.effective_on)
    last_day = authorisation.expires_on
    if last_day and last_day < work.today and _ends(work, case, authorisation):
        _expire(work, case, authorisation, last_day)


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


def look_up(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """What a case that accompanies a certificate must know of it today; days that have come are taken up first.

    `in_force`, `reassessed`, `suspended`, `renewing` and `over` say where it stands; a case that went on beside another
    (a suspension, an end of its term) asks before it acts.
    """
    follow_calendar(work, case, authorisation_id)
    authorisation = get(work, authorisation_id)
    state, rules = authorisation.state, programmes.of(work, case, authorisation.programme)
    return {
        "in_force": state in UNTOUCHED,
        "reassessed": state == REASSESSED,
        "suspended": state in SUSPENDED,
        "renewing": state == PENDING,
        "over": state in ENDS,
        "expired": state == EXPIRED,
        "state": state,
        "types": [authorisation.type],
        "other_types": [{"value": code, "label": words.es} for code, words in rules.types.items()],
        "sites": sites.addresses(work, authorisation.id, work.today),
        "operator_sites": sites.of_operator(work, authorisation.operator_id),
        "granted_on": authorisation.granted_on.isoformat(),
        "effective_on": authorisation.effective_on.isoformat(),
        "expires_on": authorisation.expires_on.isoformat() if authorisation.expires_on else None,
        "renews": rules.renewal.model != WITHOUT,
        "next_version": certificates.next_version(work, authorisation),
    }


def open_reassessment(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """B1 → B3: something was detected that is looked into; benefits stay on."""
    statuses.move(work, case, get(work, authorisation_id), "open_reassessment", reason=reason)
    return {"opened_on": work.today.isoformat()}


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


def look_to_calendar(work: Work, case: models.Case, authorisation: models.Authorisation) -> None:
    """Lets the days come on which the calendar changes the authorisation: when it takes effect, and after its last day."""
    days = [authorisation.effective_on]
    if authorisation.expires_on is not None:
        days.append(authorisation.expires_on + timedelta(days=1))
    for day in days:
        if day > work.today:
            outbox.add(work, statuses.EFFECT, {"authorisation_id": authorisation.id}, case, at=_begins(work, day))


def get(work: Work, authorisation_id: str) -> models.Authorisation:
    """The authorisation, locked for this work; NotFound if there is none."""
    authorisation = work.session.get(models.Authorisation, authorisation_id, with_for_update=True)
    if authorisation is None:
        raise NotFound("There is no such authorisation.")
    return authorisation


def _ends(work: Work, case: models.Case, authorisation: models.Authorisation) -> bool:
    heard = authorisation.state == INTENDED and endings.open_measures(work, authorisation.id, endings.RENEWAL)
    if authorisation.state == PENDING or heard:  # who filed in time does not lose the term while being heard
        return programmes.of(work, case, authorisation.programme).renewal.while_pending == "ends"
    return authorisation.state in IN_FORCE


def _expire(work: Work, case: models.Case, authorisation: models.Authorisation, last_day: date) -> None:
    after = last_day + timedelta(days=1)
    statuses.move(work, case, authorisation, "expire", valid_from=after, facts=Facts(earliest=after))
    endings.wind_up(work, case, programmes.of(work, case, authorisation.programme), authorisation, last_day)
    told = {"ended_by": "expiry", "ended_on": last_day.isoformat()}
    outbox.add(
        work,
        "message",
        {"name": "authorisation_ended", "key": authorisation.id, "payload": told, "everyone": True},
        case,
    )


def _begins(work: Work, day: date) -> datetime:
    """The instant at which a day begins in the office."""
    return over(day - timedelta(days=1), work.zone)


def _make(
    work: Work,
    case: models.Case,
    application: models.Application,
    rules: Programme,
    row: models.ApplicationType,
    trigger: str,
    sites_granted: Sequence[object] | None,
) -> models.Authorisation:
    authorisation = _new(work, application, rules, row.type)
    work.session.add(authorisation)
    work.session.flush()
    statuses.move(work, case, authorisation, trigger)
    terms.begin(work, case, rules, authorisation)
    row.state, row.decided_on, row.authorisation_id = GRANTED, work.today, authorisation.id
    history.record(work, TypeDecided(application.id, row.type, GRANTED, authorisation.id), case=case)
    places = [(site.id, site.name) for site in sites.chosen(work, application, sites_granted)]
    sites.include(work, case, authorisation.id, places, authorisation.effective_on)
    follow_calendar(work, case, authorisation.id)
    look_to_calendar(work, case, authorisation)
    return authorisation


def _told(authorisation: models.Authorisation) -> dict[str, object]:
    return {
        "authorisation_id": authorisation.id,
        "certificate_number": authorisation.number,
        "type": authorisation.type,
        "effective_on": authorisation.effective_on.isoformat(),
        "expires_on": authorisation.expires_on.isoformat() if authorisation.expires_on else None,
    }


def _new(work: Work, application: models.Application, rules: Programme, type_: str) -> models.Authorisation:
    office = calendars.of(work, rules)
    validity = rules.validity_of([type_])
    effective = add(work.today, rules.effect.count, Unit(rules.effect.unit), office)
    return models.Authorisation(
        id=work.new_id(),
        number=numbers.take(work, rules.numbers.get("certificate", "CERT")),
        operator_id=application.operator_id,
        application_id=application.id,
        programme=application.programme,
        type=type_,
        state=UNBORN,
        granted_on=work.today,
        effective_on=effective,
        expires_on=add(effective, validity.count, validity.unit, office) if validity.count else None,
        suspended_parts=[],
        created_at=work.now,
    )
