"""What a diagram may ask of legal clocks: start, wait, extend, end one, and what days and windows come of it."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from engine import calendars, clock_rules, clocks, programmes
from engine.domain.calendars import Unit, add, until
from engine.domain.clocks import Period, over
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.states import INTENDED
from engine.domain.suspensions import Verified
from engine.domain.suspensions import end as end_of
from engine.domain.terms import reminders as days_of
from engine.domain.terms import window
from engine.store import models
from engine.work import Work

Result = dict[str, object]
PROLONGED: Final = "prolonged"
EXPIRY: Final = "expiry"  # the last day of an authorisation, as a programme's reminders call it
CRIMINAL: Final = "criminal"  # what lengthens a period for as long as proceedings last
BROUGHT: Final = frozenset({"information", "hearing", "consultation_extension"})  # days that another act brings along
OF_AUTHORISATIONS: Final = (clock_rules.VALIDITY, clock_rules.RETENTION, "renewal", "review")


def start(
    work: Work,
    case: models.Case,
    name: str,
    starts_on: str | None = None,
    days: int | None = None,
    subject_id: str | None = None,
) -> Result:
    """Starts a clock of the programme; answers `<name>_starts_on`, `<name>_due` and `<name>_due_at`."""
    rules = programmes.of_case(work, case)
    on = _day(starts_on, "starts_on") if starts_on else None
    clock = clocks.start(work, case, rules, name, _subject(work, case, name, subject_id), on, days)
    return {f"{name}_starts_on": clock.starts_on.isoformat(), **clocks.due(clock)}


def wait(work: Work, case: models.Case, name: str, reason: str, subject_id: str | None = None) -> Result:
    """Lets a clock wait, where the programme says that it may."""
    subject = _subject(work, case, name, subject_id)
    clocks.wait(work, case, programmes.of_case(work, case), name, subject, reason)
    return {f"{name}_waits_since": work.today.isoformat()}


def resume(work: Work, case: models.Case, name: str, on: str | None = None, subject_id: str | None = None) -> Result:
    """Lets a clock that waits begin again, or run on, from a legal date; from today where none is given."""
    day = _day(on, "on") if on else work.today
    subject = _subject(work, case, name, subject_id)
    return clocks.due(clocks.resume(work, case, programmes.of_case(work, case), name, subject, day))


def extend(
    work: Work,
    case: models.Case,
    name: str,
    kind: str,
    reason: str,
    days: int | None = None,
    subject_id: str | None = None,
) -> Result:
    """Adds days to a running clock by the rule `kind` of the programme: its legal basis, its unit, its caps.

    Invalid where that rule does not add to this clock.
    """
    rules = programmes.of_case(work, case)
    rule = rules.clock(kind)
    if rule.adds_to != name:
        problem = Problem("kind", "Choose one of %(kinds)s.", {"kinds": ", ".join(rules.additions_to(name)) or "—"})
        raise Invalid("This period is not lawful.", [problem])
    added = Period(clock_rules.base(rule, days), rule.period.unit, rule.legal_basis.es)
    subject = _subject(work, case, name, subject_id)
    return clocks.due(clocks.extend(work, case, rules, name, subject, added, reason, kind))


def meet(work: Work, case: models.Case, name: str, subject_id: str | None = None) -> Result:
    """What the clock asks for was done today: it ends as met, or as expired where that was too late."""
    subject = _subject(work, case, name, subject_id)
    clocks.meet(work, case, name, subject)
    return {f"{name}_ended": _newest(work, subject, name).state}


def stop(work: Work, case: models.Case, name: str, subject_id: str | None = None) -> Result:
    """Ends the clock because nothing is left that it could measure."""
    subject = _subject(work, case, name, subject_id)
    clocks.end(work, case, name, subject, clocks.STOPPED)
    return {f"{name}_ended": _newest(work, subject, name).state}


def due(work: Work, case: models.Case, name: str, subject_id: str | None = None) -> Result:
    """How a clock stands today: last day, days and working days left, whether it is over, and what silence does then."""
    rules = programmes.of_case(work, case)
    clock = _newest(work, _subject(work, case, name, subject_id), name)
    office = calendars.of(work, rules)
    return {
        **clocks.due(clock),
        f"{name}_days_left": until(work.today, clock.due_on, Unit.CALENDAR, office),
        f"{name}_working_days_left": until(work.today, clock.due_on, Unit.WORKING, office),
        f"{name}_over": clock.due_at <= work.now,
        f"{name}_at_expiry": clock_rules.of(rules, name).at_expiry,
    }


def additions(work: Work, case: models.Case, name: str) -> Result:
    """What the authority may add to a clock by an act of its own, as the programme says: options for a form.

    Answers `<name>_additions`, each {value, label, label_en, most, unit, criminal}; `value` is the `kind` of an extension.
    Days that another act brings along (information asked for, a hearing, a consultation) are not among them.
    """
    rules = programmes.of_case(work, case)
    found = [
        {
            "value": kind,
            "label": rule.name.es,
            "label_en": rule.name.en,
            "most": rule.most,
            "unit": str(rule.period.unit),
            "criminal": kind == CRIMINAL,
        }
        for kind, rule in rules.additions_to(name).items()
        if kind not in BROUGHT
    ]
    return {f"{name}_additions": found}


def working_days(work: Work, case: models.Case, from_day: str, to_day: str) -> Result:
    """How many working days of the office lie after the first day, up to and with the second."""
    office = calendars.of(work, programmes.of_case(work, case))
    return {"working_days": until(_day(from_day, "from_day"), _day(to_day, "to_day"), Unit.WORKING, office)}


def last_day(work: Work, case: models.Case, from_day: str, count: int, unit: str) -> Result:
    """The last day of so many calendar days, working days, months or years after a day."""
    if unit not in frozenset(Unit):
        message = "Choose one of %(kinds)s."
        raise Invalid("This period is not lawful.", [Problem("unit", message, {"kinds": ", ".join(Unit)})])
    clock_rules.require_some(count)
    office = calendars.of(work, programmes.of_case(work, case))
    return {"day": add(_day(from_day, "from_day"), count, Unit(unit), office).isoformat()}


def day_over(work: Work, case: models.Case, day: str) -> Result:
    """The instant at which a day is over in the office: until then, what is asked for by that day is in time."""
    del case
    return {"day_over_at": over(_day(day, "day"), work.zone).isoformat()}


def reminders(work: Work, case: models.Case, name: str, subject_id: str | None = None) -> Result:
    """The days on which the programme reminds of a clock, or of the `expiry` of the case's authorisation, from today on."""
    last = _expires_on(work, case) if name == EXPIRY else _newest_of(work, case, name, subject_id).due_on
    coming = days_of(last, programmes.of_case(work, case).reminders.get(name, ()), since=work.today)
    first = coming[0] if coming else None
    return {
        f"{name}_reminders": [day.isoformat() for day in coming],
        f"{name}_next_reminder": first.isoformat() if first else None,
        f"{name}_next_reminder_at": _begins(work, first).isoformat() if first else None,
    }


def renewal_window(work: Work, case: models.Case) -> Result:
    """When a renewal of the case's authorisation is filed in time, and where today stands: before, open, late, over."""
    found = window(_expires_on(work, case), programmes.of_case(work, case).renewal)
    return {
        "window_opens_on": found.opens_on.isoformat(),
        "window_opens_at": _begins(work, found.opens_on).isoformat(),
        "window_closes_on": found.closes_on.isoformat(),
        "window_closes_at": over(found.closes_on, work.zone).isoformat(),
        "expires_on": found.expires_on.isoformat(),
        "window": found.on(work.today),
    }


def end_of_suspension(work: Work, case: models.Case, measure_id: str, verified: str) -> Result:
    """What becomes of a suspension by its ground and by what was verified (`yes`, `no`, `pending`): three outcomes.

    Answers `suspension_outcome` (goes_on, ends, lift, revoke; prolonged, while an act that another case announced is
    neither done nor given up: EU, DA art. 17(3)), `suspension_why`, and until when measures are verified:
    `verification_due`, the last day, and `verification_due_at`, the instant when it is over.
    """
    if verified not in frozenset(Verified):
        problem = Problem("verified", "Choose one of %(kinds)s.", {"kinds": ", ".join(Verified)})
        raise Invalid("This is not known of the measures.", [problem])
    measure = work.session.get(models.Measure, measure_id)
    if measure is None:
        raise NotFound("There is no such measure.")
    ground = programmes.of_case(work, case).suspension.get(measure.ground or "")
    if ground is None:
        raise NotFound("The programme knows no such ground of suspension.")
    if _act_intended(work, case, measure):
        return {"suspension_outcome": PROLONGED, "suspension_why": "intended"}
    clock = _newest(work, measure.id, "suspension")
    verify_until = clock.due_on + timedelta(days=ground.verification)
    verifying_ends = over(verify_until, work.zone)
    found = end_of(ground, Verified(verified), over=clock.due_at <= work.now, verifying=verifying_ends > work.now)
    return {
        "suspension_outcome": found.outcome,
        "suspension_why": found.why,
        "verification_due": verify_until.isoformat(),
        "verification_due_at": verifying_ends.isoformat(),
    }


def _act_intended(work: Work, case: models.Case, measure: models.Measure) -> bool:
    """Whether another case has announced a revocation, which prolongs the suspension."""
    authorisation = work.session.get_one(models.Authorisation, measure.authorisation_id)
    query = select(models.Hearing.case_id).where(models.Hearing.subject_id == authorisation.id)
    newest = work.session.scalar(query.order_by(models.Hearing.created_at.desc(), models.Hearing.id.desc()).limit(1))
    return authorisation.state == INTENDED and newest != case.id


def _subject(work: Work, case: models.Case, name: str, subject_id: str | None) -> str:
    """Whose clock is meant: as given; or that of the newest of that name in the case; or what the case is about."""
    if subject_id:
        return subject_id
    query = select(models.LegalClock.subject_id).where(
        models.LegalClock.case_id == case.id, models.LegalClock.name == name
    )
    found = work.session.scalars(query.order_by(models.LegalClock.id.desc()).limit(1)).first()
    return found or _natural_subject(work, case, name)


def _natural_subject(work: Work, case: models.Case, name: str) -> str:
    authorised = case.authorisation_id or case.application_id or case.id
    if name in OF_AUTHORISATIONS or name.startswith(clock_rules.BAR):
        return authorised
    query = select(models.Measure.id).where(models.Measure.case_id == case.id, models.Measure.closed_on.is_(None))
    measure = work.session.scalars(query.order_by(models.Measure.id.desc()).limit(1)).first()
    application = _application(work, case)
    if measure:
        return measure
    return application.id if application and application.decided_on is None else authorised


def _newest_of(work: Work, case: models.Case, name: str, subject_id: str | None) -> models.LegalClock:
    return _newest(work, _subject(work, case, name, subject_id), name)


def _newest(work: Work, subject_id: str, name: str) -> models.LegalClock:
    clock = clocks.find(work, subject_id, name)
    if clock is None:
        raise NotFound("The clock %(clock)s never ran.", clock=name)
    return clock


def _expires_on(work: Work, case: models.Case) -> date:
    authorisation = _authorisation(work, case)
    if authorisation is None or authorisation.expires_on is None:
        raise Conflict("This case has no authorisation with a term.")
    return authorisation.expires_on


def _application(work: Work, case: models.Case) -> models.Application | None:
    return work.session.get(models.Application, case.application_id) if case.application_id else None


def _authorisation(work: Work, case: models.Case) -> models.Authorisation | None:
    return work.session.get(models.Authorisation, case.authorisation_id) if case.authorisation_id else None


def _begins(work: Work, day: date) -> datetime:
    """The instant at which a day begins in the office."""
    return over(day - timedelta(days=1), work.zone)


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        problem = Problem(where, "Write a date: 2026-01-31.")
        raise Invalid("This is no date.", [problem]) from error
