"""Applications: what the diagrams of intake, review, validation and granting do to the registry, in lawful steps."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from engine import calendars, clocks, numbers, programmes, statuses
from engine.domain.calendars import Unit
from engine.domain.clocks import Period, filed_on
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.programme import Programme
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]


def open_new(work: Work, case: models.Case, operator_id: str, programme: str, types: Sequence[str]) -> Result:
    """A0: an application for one or several types begins; a running bar refuses it (domain page, T5)."""
    rules = programmes.of(work, case, programme)
    _check_types(rules, types)
    _require_no_bar(work, operator_id, programme)
    application = models.Application(
        id=work.new_id(),
        number=numbers.take(work, rules.numbers.get("application", "SOL")),
        operator_id=operator_id,
        programme=programme,
        types=list(types),
        state=UNBORN,
        created_at=work.now,
    )
    statuses.move(work, case, application, "open")
    work.session.add(application)
    work.session.flush()
    case.application_id = application.id
    return {"application_id": application.id, "application_number": application.number}


def submit(work: Work, case: models.Case, application_id: str) -> Result:
    """A0 → A1: received; the acceptance clock starts on the day that counts for it (EU: UCC art. 22(2))."""
    application, rules = _find(work, case, application_id)
    filed = _filed_on(work, rules)
    statuses.move(work, case, application, "submit", valid_from=filed)
    application.submitted_on = application.complete_on = filed
    clock = clocks.start(work, case, rules, "acceptance", application.id, starts_on=filed)
    return {"submitted_on": filed.isoformat(), **clocks.due(clock)}


def request_completion(work: Work, case: models.Case, application_id: str, items: Sequence[object]) -> Result:
    """A1 → A2: something is missing; the acceptance clock waits, the applicant's reply clock starts (EU: IA art. 12(2))."""
    application, rules = _find(work, case, application_id)
    if not items:
        raise Invalid("Nothing is asked for.", [Problem("items", "Name at least one item that is missing, and why.")])
    statuses.move(work, case, application, "request_completion")
    clocks.end(work, case, "acceptance", application.id, clocks.WAITING)
    return clocks.due(clocks.start(work, case, rules, "reply", application.id))


def receive_completion(work: Work, case: models.Case, application_id: str) -> Result:
    """A2 → A1: the last item came in; completeness, and with it the acceptance date, is today (EU: IA art. 12(3))."""
    application, rules = _find(work, case, application_id)
    filed = _filed_on(work, rules)
    statuses.move(work, case, application, "receive_completion", valid_from=filed)
    application.complete_on = filed
    clocks.meet(work, case, "reply", application.id)
    return clocks.due(clocks.resume(work, case, rules, "acceptance", application.id, filed))


def accept(work: Work, case: models.Case, application_id: str) -> Result:
    """A1 → A4: accepted as of the day on which all information was held, not of the click; the decision clock starts then."""
    application, rules = _find(work, case, application_id)
    accepted_on = application.complete_on or work.today
    statuses.move(work, case, application, "accept", valid_from=accepted_on)
    application.accepted_on = accepted_on
    clocks.meet(work, case, "acceptance", application.id)
    clock = clocks.start(work, case, rules, "decision", application.id, starts_on=accepted_on)
    return {"accepted_on": accepted_on.isoformat(), **clocks.due(clock)}


def not_accept(work: Work, case: models.Case, application_id: str, reason: str) -> Result:
    """A1/A2 → A3: not accepted. It is no decision: no hearing, no appeal, no bar (domain page §14.3)."""
    application = get(work, application_id)
    if application.state == "A2" and not clocks.is_over(work, application.id, "reply"):
        raise Conflict("The applicant may still reply: the period to complete is not over.")
    statuses.move(work, case, application, "not_accept", reason=reason)
    clocks.meet(work, case, "reply", application.id)
    clocks.meet(work, case, "acceptance", application.id)
    clocks.end_all(work, case, application.id)
    return {}


def start_review(work: Work, case: models.Case, application_id: str) -> Result:
    """A4 → A5: the desk review begins."""
    return _step(work, case, application_id, "start_review")


def request_information(
    work: Work, case: models.Case, application_id: str, items: Sequence[object], days: int | None = None
) -> Result:
    """A5 → A6: more is asked for; the decision period grows by the days given, and the applicant is told (EU: DA art. 13(1))."""
    application, rules = _find(work, case, application_id)
    if not items:
        raise Invalid("Nothing is asked for.", [Problem("items", "Name at least one item that is needed, and why.")])
    statuses.move(work, case, application, "request_information")
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


def plan_validation(work: Work, case: models.Case, application_id: str) -> Result:
    """A5 → A8: team, sites and dates are planned."""
    return _step(work, case, application_id, "plan_validation")


def start_visit(work: Work, case: models.Case, application_id: str) -> Result:
    """A8 → A9: the visit begins."""
    return _step(work, case, application_id, "start_visit")


def require_actions(work: Work, case: models.Case, application_id: str) -> Result:
    """A9 → A10: the applicant must correct what was found."""
    return _step(work, case, application_id, "require_actions")


def evaluate(work: Work, case: models.Case, application_id: str) -> Result:
    """A5/A9/A10 → A11: the dossier is complete; proposal and committee follow."""
    return _step(work, case, application_id, "evaluate")


def extend(work: Work, case: models.Case, application_id: str, days: int, reason: str) -> Result:
    """A4…A12: the authority itself takes more days, told before the period is over (EU: DA art. 28(1), at most 60)."""
    application, rules = _find(work, case, application_id)
    rule = rules.clock("extension")
    if rule.most is not None and days > rule.most:
        raise Invalid(
            "This period is not lawful.", [Problem("days", "Give at most %(most)s days.", {"most": rule.most})]
        )
    if clocks.is_over(work, application.id, "decision"):
        raise Conflict("The decision period is over: it can no longer be extended.")
    statuses.move(work, case, application, "extend", reason=reason)
    added = Period(days, rule.period.unit, rule.legal_basis.es)
    return clocks.due(clocks.extend(work, case, rules, "decision", application.id, added, reason, "extension"))


def start_hearing(work: Work, case: models.Case, application_id: str, grounds: Sequence[object]) -> Result:
    """A11 → A12: the intention to refuse is notified; the decision period grows by the hearing (EU: DA art. 8 and 13(2))."""
    application, rules = _find(work, case, application_id)
    if not grounds:
        raise Invalid("A refusal needs grounds.", [Problem("grounds", "Name each ground and what it rests on.")])
    statuses.move(work, case, application, "start_hearing")
    hearing = clocks.start(work, case, rules, "hearing", application.id)
    added = Period(hearing.base, Unit(hearing.unit), hearing.legal_basis)
    decision = clocks.extend(work, case, rules, "decision", application.id, added, "hearing")
    return {**clocks.due(hearing), **clocks.due(decision)}


def end_hearing(work: Work, case: models.Case, application_id: str) -> Result:
    """A12 → A11: the applicant was heard, or let the period pass."""
    application = get(work, application_id)
    statuses.move(work, case, application, "end_hearing")
    clocks.meet(work, case, "hearing", application.id)
    return {}


def refuse(work: Work, case: models.Case, application_id: str, reasons: str) -> Result:
    """A11 → A14: refused, with reasons, after the hearing."""
    application = get(work, application_id)
    if clocks.find(work, application.id, "hearing") is None:
        raise Conflict("Nobody is refused unheard: the hearing has not been held.")
    if not reasons.strip():
        raise Invalid("A refusal needs reasons.", [Problem("reasons", "Write why, criterion by criterion.")])
    statuses.move(work, case, application, "refuse", reason=reasons)
    decide(work, case, application)
    return {"refused_on": work.today.isoformat()}


def withdraw(work: Work, case: models.Case, application_id: str, reason: str | None = None) -> Result:
    """→ A15: the applicant desists before a decision; it carries no bar."""
    application = get(work, application_id)
    statuses.move(work, case, application, "withdraw", reason=reason or "")
    clocks.end_all(work, case, application.id)
    return {"withdrawn_on": work.today.isoformat()}


def decide(work: Work, case: models.Case, application: models.Application) -> None:
    """The decision is taken today: its clock is kept, or was overrun; every other clock stops."""
    application.decided_on = work.today
    clocks.meet(work, case, "decision", application.id)
    clocks.end_all(work, case, application.id)


def get(work: Work, application_id: str) -> models.Application:
    """The application, locked for this work; NotFound if there is none."""
    application = work.session.get(models.Application, application_id, with_for_update=True)
    if application is None:
        raise NotFound("There is no such application.")
    return application


def _find(work: Work, case: models.Case, application_id: str) -> tuple[models.Application, Programme]:
    application = get(work, application_id)
    return application, programmes.of(work, case, application.programme)


def _step(work: Work, case: models.Case, application_id: str, trigger: str) -> Result:
    statuses.move(work, case, get(work, application_id), trigger)
    return {}


def _filed_on(work: Work, rules: Programme) -> date:
    """The day that counts for what the applicant files now."""
    office = calendars.of(work, rules)
    return filed_on(work.now.astimezone(work.zone), rules.day_count, office)


def _check_types(rules: Programme, types: Sequence[str]) -> None:
    known = all(isinstance(name, str) and name in rules.types for name in types)
    if not types or not known:
        message = "Choose at least one of %(types)s."
        problem = Problem("types", message, {"types": ", ".join(rules.types)})
        raise Invalid("The programme does not know what is applied for.", [problem])


def _require_no_bar(work: Work, operator_id: str, programme: str) -> None:
    """The bar belongs to the person and the programme (domain page §14.7)."""
    query = select(models.Authorisation.bar_until).where(
        models.Authorisation.operator_id == operator_id,
        models.Authorisation.programme == programme,
        models.Authorisation.bar_until >= work.today,
    )
    barred = work.session.scalars(query.order_by(models.Authorisation.bar_until.desc())).first()
    if barred is not None:
        raise Conflict("A new application is barred until %(day)s.", day=barred.isoformat()).named("barred")
