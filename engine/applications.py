"""Applications: what the diagrams of intake, review, validation and granting do to the registry, in lawful steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import (
    answers,
    bars,
    calendars,
    clocks,
    committees,
    consents,
    findings,
    history,
    numbers,
    partners,
    programmes,
    sites,
    statuses,
)
from engine.domain import guards
from engine.domain.calendars import Unit
from engine.domain.clocks import Period, filed_on
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.events import ActDated, ConsultationClosed
from engine.domain.guards import NO_EFFECT, Facts
from engine.domain.programme import Programme, Words
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]
OVERTAKEN: Final = "overtaken"  # a consultation whose application ended before the reply
CRIMINAL: Final = "criminal"  # what lengthens a period for as long as proceedings last; its name brings no cap
ASKED = "asked"  # the type is applied for, and nothing is decided
OF_ACTS: Final = ("appeal", "bar_refused")  # what a refusal of some types began runs on when the rest is decided
EFFECTS = frozenset({guards.ACCEPTED, guards.GRANTED, guards.REFUSED})  # of silence


def open_new(
    work: Work,
    case: models.Case,
    operator_id: str,
    programme: str,
    types: Sequence[str],
    sites_asked: Sequence[object] | None = None,
) -> Result:
    """A0: an application for one or several types and some of the sites (all, if none is named) begins.

    A running bar refuses it (domain page, T5).
    """
    rules = programmes.of(work, case, programme)
    _check_types(rules, types)
    application = models.Application(
        id=work.new_id(),
        number=numbers.take(work, rules.numbers.get("application", "SOL")),
        operator_id=operator_id,
        programme=programme,
        types=list(dict.fromkeys(types)),
        state=UNBORN,
        created_at=work.now,
    )
    statuses.move(work, case, application, "open", facts=Facts(bar_until=bars.until(work, operator_id, programme)))
    work.session.add(application)
    work.session.flush()
    sites.ask(work, application, sites_asked)
    type_rows(work, application)
    case.application_id = application.id
    return {"application_id": application.id, "application_number": application.number}


def submit(
    work: Work,
    case: models.Case,
    application_id: str,
    consent_publication: bool | None = None,  # noqa: FBT001 - what the applicant said
    consent_sharing: bool | None = None,  # noqa: FBT001 - as above
) -> Result:
    """A0 → A1: received; the acceptance clock starts on the day that counts for it (EU: UCC art. 22(2)).

    Publication and mutual recognition are agreed to separately; null means that it was not asked.
    """
    application, rules = find(work, case, application_id)
    filed = _filed_on(work, rules)
    statuses.move(work, case, application, "submit", valid_from=filed, facts=_bar(work, application))
    application.submitted_on = application.complete_on = filed
    partners.consent(work, case, application.operator_id, application.programme, consent_publication, consent_sharing)
    clock = clocks.start(work, case, rules, "acceptance", application.id, starts_on=filed)
    return {"submitted_on": filed.isoformat(), **clocks.due(clock)}


def request_completion(work: Work, case: models.Case, application_id: str, items: Sequence[object]) -> Result:
    """A1 → A2: something is missing; the acceptance clock waits, the applicant's reply clock starts (EU: IA art. 12(2))."""
    application, rules = find(work, case, application_id)
    facts = Facts(items=len(items), over=over(work, application.id, "acceptance"), silence=silence(rules, "acceptance"))
    statuses.move(work, case, application, "request_completion", facts=facts)
    clocks.end(work, case, "acceptance", application.id, clocks.WAITING)
    return clocks.due(clocks.start(work, case, rules, "reply", application.id))


def receive_completion(work: Work, case: models.Case, application_id: str) -> Result:
    """A2 → A1: the last item came in; completeness, and with it the acceptance date, is today (EU: IA art. 12(3))."""
    application, rules = find(work, case, application_id)
    filed = _filed_on(work, rules)
    statuses.move(work, case, application, "receive_completion", valid_from=filed)
    application.complete_on = filed
    clocks.meet(work, case, "reply", application.id)
    return clocks.due(clocks.resume(work, case, rules, "acceptance", application.id, filed))


def accept(
    work: Work, case: models.Case, application_id: str, accepted_on: str | None = None, reason: str | None = None
) -> Result:
    """A1 → A4: accepted as of the day on which all information was held, not of the click; the decision clock starts then.

    That day is the one of the last item received; where the office held everything on another day, `accepted_on` says so
    (from the submission until today) with its reason, and the record keeps both days (domain page §14.1).
    """
    application, rules = find(work, case, application_id)
    day = date.fromisoformat(accepted_on) if accepted_on else application.complete_on or work.today
    if accepted_on:
        guards.require(("reason_given",), Facts(reasons=reason or ""))
    bar = _bar(work, application).bar_until
    facts = Facts(
        earliest=application.submitted_on,
        filed=application.complete_on,
        bar_until=bar,
        over=over(work, application.id, "acceptance"),
        silence=silence(rules, "acceptance"),
    )
    statuses.move(work, case, application, "accept", valid_from=day, reason=reason or "", facts=facts)
    return take_in(work, case, application, rules, day, reason or "")


def take_in(
    work: Work, case: models.Case, application: models.Application, rules: Programme, day: date, reason: str
) -> Result:
    """The application counts as accepted from a day on: the decision clock runs from then."""
    application.accepted_on = day
    if day < work.today:
        history.record(work, ActDated(application.id, "accept", day.isoformat(), reason), case=case)
    clocks.meet(work, case, "acceptance", application.id)
    clock = clocks.start(work, case, rules, "decision", application.id, starts_on=day)
    return {"accepted_on": day.isoformat(), **clocks.due(clock)}


def not_accept(work: Work, case: models.Case, application_id: str, reason: str) -> Result:
    """A1/A2 → A3: not accepted. It is no decision: no hearing, no appeal (domain page §14.3).

    It brings no bar either, unless the programme names one for it; the letter D04 says what remains of any.
    """
    application = get(work, application_id)
    barred = bars.running(work, application.operator_id, application.programme)
    facts = Facts(over=over(work, application.id, "reply"))
    statuses.move(work, case, application, "not_accept", reason=reason, facts=facts)
    clocks.meet(work, case, "reply", application.id)
    clocks.meet(work, case, "acceptance", application.id)
    clocks.end_all(work, case, application.id)
    rules = programmes.of(work, case, application.programme)
    own = bars.start(work, case, rules, "not_accepted", application, work.today, application.types)
    ends = [bar.ends_on for bar in (barred, own) if bar]
    return {"bar_until": max(ends).isoformat() if ends else None}


def start_review(work: Work, case: models.Case, application_id: str) -> Result:
    """A4 → A5: the desk review begins."""
    return _step(work, case, application_id, "start_review")


def request_information(
    work: Work, case: models.Case, application_id: str, items: Sequence[object], days: int | None = None
) -> Result:
    """A5 → A6: more is asked for; the decision period grows by the days given, and the applicant is told (EU: DA art. 13(1))."""
    application, rules = find(work, case, application_id)
    statuses.move(work, case, application, "request_information", facts=Facts(items=len(items)))
    clock = clocks.start(work, case, rules, "information", application.id, days=days)
    added = Period(clock.base, Unit(clock.unit), clock.legal_basis)
    decision = clocks.extend(work, case, rules, "decision", application.id, added, "information")
    return {"information_days": clock.base, **clocks.due(clock), **clocks.due(decision)}


def receive_information(work: Work, case: models.Case, application_id: str) -> Result:
    """A6 → A5: the answer came in, or its period ran out unanswered; the review goes on either way."""
    application = get(work, application_id)
    statuses.move(work, case, application, "receive_information")
    clocks.meet(work, case, "information", application.id)
    return {}


def plan_validation(
    work: Work,
    case: models.Case,
    application_id: str,
    visits: Sequence[object] | None = None,
    places: Sequence[object] | None = None,
    sample_reason: str | None = None,
) -> Result:
    """A5 → A8: team, sites and dates are planned; `visits` name their `site`, `places` are all sites by `name`.

    Every place is visited, or the sample has its reason: Invalid names what is left out (EU: IA art. 29).
    """
    if not (sample_reason or "").strip():
        named = {str(one.get("site")) for one in visits or () if isinstance(one, Mapping)}
        known = [str(one.get("name")) for one in places or () if isinstance(one, Mapping)]
        left = [name for name in known if name not in named]
        if left:
            problem = Problem("sample_reason", "Say why these are not visited: %(sites)s.", {"sites": ", ".join(left)})
            raise Invalid("Every site is visited, or the sample has its reason.", [problem])
    return _step(work, case, application_id, "plan_validation")


def start_visit(work: Work, case: models.Case, application_id: str) -> Result:
    """A8 → A9: the visit begins."""
    return _step(work, case, application_id, "start_visit")


def require_actions(work: Work, case: models.Case, application_id: str) -> Result:
    """A9 → A10: the applicant must correct what was found."""
    return _step(work, case, application_id, "require_actions")


def visit_again(work: Work, case: models.Case, application_id: str) -> Result:
    """A10 → A9: a validator of the team verifies on the spot what the applicant says to have corrected."""
    statuses.move(
        work, case, get(work, application_id), "visit_again", facts=Facts(by_team=work.actor.holds("validator"))
    )
    return {}


def evaluate(work: Work, case: models.Case, application_id: str) -> Result:
    """A5/A9/A10 → A11: the dossier is complete, every consultation closed; proposal and committee follow.

    Conflict (code `unscored`) where officers judged some of the criteria that the case asks, and left others out.
    """
    facts = Facts(consultations=open_consultations(work, application_id), unscored=answers.unjudged(work, case))
    statuses.move(work, case, get(work, application_id), "evaluate", facts=facts)
    return {}


def extend(
    work: Work, case: models.Case, application_id: str, days: int, reason: str, kind: str = "extension"
) -> Result:
    """A4…A12: the authority takes more days by a rule of the programme, told before the period is over (EU: DA art. 28(1)).

    `kind` is a rule that adds to the decision period (`clocks.additions`); Invalid for any other, and beyond its cap.
    """
    application, rules = find(work, case, application_id)
    rule = rules.additions_to("decision").get(kind)
    if rule is None:
        known = ", ".join(rules.additions_to("decision")) or "—"
        raise Invalid("This period is not lawful.", [Problem("kind", "Choose one of %(kinds)s.", {"kinds": known})])
    if rule.most is not None and days > rule.most:
        raise Invalid(
            "This period is not lawful.", [Problem("days", "Give at most %(most)s days.", {"most": rule.most})]
        )
    added = Period(days, rule.period.unit, rule.legal_basis.es)
    return _extend(work, case, application, rules, "extend", added, reason, kind)


def extend_for_proceedings(work: Work, case: models.Case, application_id: str, days: int, reason: str) -> Result:
    """A4…A12: criminal proceedings are pending; the time needed to finish them, without a cap (EU: DA art. 28(2))."""
    application, rules = find(work, case, application_id)
    rule = rules.clock(CRIMINAL if CRIMINAL in rules.clocks else "extension")
    added = Period(days, rule.period.unit, rule.legal_basis.es)
    return _extend(work, case, application, rules, "extend_for_proceedings", added, reason, CRIMINAL)


def withdraw(work: Work, case: models.Case, application_id: str, reason: str | None = None) -> Result:
    """→ A15: the applicant desists before a decision; it carries no bar."""
    application = get(work, application_id)
    statuses.move(work, case, application, "withdraw", reason=reason or "")
    for row in type_rows(work, application):
        row.state = "withdrawn" if row.state == ASKED else row.state
    _stop(work, case, application)
    return {"withdrawn_on": work.today.isoformat()}


def decide(work: Work, case: models.Case, application: models.Application) -> None:
    """The decision is taken today: its clock is kept, or was overrun; every other clock of the procedure stops."""
    application.decided_on = work.today
    clocks.meet(work, case, "decision", application.id)
    _stop(work, case, application)


def type_rows(work: Work, application: models.Application) -> list[models.ApplicationType]:
    """The types that are asked for, each with what became of it; made where an application of release 0.2 has none yet."""
    query = select(models.ApplicationType).where(models.ApplicationType.application_id == application.id)
    rows = {row.type: row for row in work.session.scalars(query)}
    for name in application.types:
        if name not in rows:
            rows[name] = models.ApplicationType(
                id=work.new_id(), application_id=application.id, type=name, state=ASKED, reasons=""
            )
            work.session.add(rows[name])
    work.session.flush()
    return [rows[name] for name in application.types]


def outline(work: Work, case: models.Case, application_id: str) -> Result:
    """What is to be decided: the types that are open, in both languages, and of what kind the operator is."""
    application, rules = find(work, case, application_id)
    rows = [row.type for row in type_rows(work, application) if row.state == ASKED]
    known = {name: rules.types.get(name, Words(name, name)) for name in rows}
    operator = work.session.get_one(models.Operator, application.operator_id)
    return {
        "open_types": [{"value": name, "label": words.es, "label_en": words.en} for name, words in known.items()],
        "operator_kind": operator.kind,
    }


def undecided(
    work: Work, application: models.Application, types: Sequence[str] | None
) -> tuple[list[models.ApplicationType], bool]:
    """The rows of these types (all that are open, if none is named), and whether nothing is left open besides them."""
    rows = [row for row in type_rows(work, application) if row.state == ASKED]
    wanted = set(types or [row.type for row in rows])
    if not wanted or not wanted <= {row.type for row in rows}:
        choices = ", ".join(row.type for row in rows) or "—"
        problem = Problem("types", "Choose at least one of %(types)s.", {"types": choices})
        raise Invalid("A type was not applied for, or is decided already.", [problem])
    return [row for row in rows if row.type in wanted], wanted == {row.type for row in rows}


def readiness(
    work: Work, case: models.Case, application: models.Application, rules: Programme, types: Iterable[str]
) -> Facts:
    """What the guards of a grant of these types ask: open findings and consultations, failed gates, consents not asked for."""
    return Facts(
        findings=findings.unsolved(work, case.id),
        consultations=open_consultations(work, application.id),
        failed=answers.failed(work, case, rules, types),
        consents_missing=consents.missing(work, rules, application.operator_id),
        committee=committees.stance(work, case, "grant"),
    )


def open_consultations(work: Work, application_id: str) -> int:
    """How many authorities were asked and have not replied."""
    query = select(models.Consultation.id).where(
        models.Consultation.application_id == application_id, models.Consultation.state == "open"
    )
    return len(work.session.scalars(query).all())


def silence(rules: Programme, clock: str) -> str:
    """What silence means when a clock runs out: accepted, granted, refused, or none."""
    rule = rules.clocks.get(clock)
    return rule.at_expiry if rule and rule.at_expiry in EFFECTS else NO_EFFECT


def over(work: Work, subject_id: str, *names: str) -> frozenset[str]:
    """Which of these clocks of a subject have run out."""
    return frozenset(name for name in names if clocks.is_over(work, subject_id, name))


def get(work: Work, application_id: str) -> models.Application:
    """The application, locked for this work; NotFound if there is none."""
    application = work.session.get(models.Application, application_id, with_for_update=True)
    if application is None:
        raise NotFound("There is no such application.")
    return application


def find(work: Work, case: models.Case, application_id: str) -> tuple[models.Application, Programme]:
    """The application, locked, and the programme that its case goes by."""
    application = get(work, application_id)
    return application, programmes.of(work, case, application.programme)


def _extend(
    work: Work,
    case: models.Case,
    application: models.Application,
    rules: Programme,
    trigger: str,
    added: Period,
    reason: str,
    kind: str,
) -> Result:
    facts = Facts(over=over(work, application.id, "decision"))
    statuses.move(work, case, application, trigger, reason=reason, facts=facts)
    former = clocks.running(work, application.id, "decision").due_on.isoformat()
    return {
        "former_due": former,
        **clocks.due(clocks.extend(work, case, rules, "decision", application.id, added, reason, kind)),
    }


def _stop(work: Work, case: models.Case, application: models.Application) -> None:
    """Nothing runs about the application any more: no period, and no question to another authority.

    Whoever decides it anew asks an authority again that had not replied.
    """
    clocks.end_all(work, case, application.id, but=OF_ACTS)
    query = select(models.Consultation).where(
        models.Consultation.application_id == application.id, models.Consultation.state == "open"
    )
    for row in work.session.scalars(query):
        row.state, row.closed_on = OVERTAKEN, work.today
        clocks.end_all(work, case, row.id)
        history.record(work, ConsultationClosed(row.id, OVERTAKEN, ""), case=case)
    work.session.flush()


def _step(work: Work, case: models.Case, application_id: str, trigger: str) -> Result:
    statuses.move(work, case, get(work, application_id), trigger)
    return {}


def _filed_on(work: Work, rules: Programme) -> date:
    """The day that counts for what the applicant files now."""
    office = calendars.of(work, rules)
    return filed_on(work.now.astimezone(work.zone), rules.day_count, office)


def _bar(work: Work, application: models.Application) -> Facts:
    """The bar belongs to the person and the programme (domain page §14.7)."""
    return Facts(bar_until=bars.until(work, application.operator_id, application.programme))


def _check_types(rules: Programme, types: Sequence[str]) -> None:
    known = all(isinstance(name, str) and name in rules.types for name in types)
    if not types or not known:
        message = "Choose at least one of %(types)s."
        problem = Problem("types", message, {"types": ", ".join(rules.types)})
        raise Invalid("The programme does not know what is applied for.", [problem])
