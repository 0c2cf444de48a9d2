"""Applications: what the diagrams of intake, review, validation and granting do to the registry, in lawful steps."""

from collections.abc import Sequence

from sqlalchemy import select

from engine import clocks, numbers, programmes, statuses
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.programme import Programme
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
        state="A0",
        created_at=work.now,
    )
    work.session.add(application)
    work.session.flush()
    case.application_id = application.id
    statuses.begin(work, case, application, "A0")
    return {"application_id": application.id, "application_number": application.number}


def submit(work: Work, case: models.Case, application_id: str) -> Result:
    """A0 → A1: received; the acceptance clock starts (EU: UCC art. 22(2))."""
    application, rules = _find(work, case, application_id)
    statuses.move(work, case, application, "submit")
    application.submitted_on = application.complete_on = work.today
    clock = clocks.start(work, case, rules, "acceptance", application.id)
    return {"submitted_on": work.today.isoformat(), **_due("acceptance", clock)}


def request_completion(work: Work, case: models.Case, application_id: str, items: Sequence[object]) -> Result:
    """A1 → A2: something is missing; the acceptance clock waits, the applicant's reply clock starts (EU: IA art. 12(2))."""
    application, rules = _find(work, case, application_id)
    if not items:
        raise Invalid("Nothing is asked for.", [Problem("items", "Name at least one item that is missing, and why.")])
    statuses.move(work, case, application, "request_completion")
    clocks.end(work, case, "acceptance", application.id, clocks.WAITING)
    clock = clocks.start(work, case, rules, "reply", application.id)
    return _due("reply", clock)


def receive_completion(work: Work, case: models.Case, application_id: str) -> Result:
    """A2 → A1: the last item came in; completeness, and with it the acceptance date, is today (EU: IA art. 12(3))."""
    application, rules = _find(work, case, application_id)
    statuses.move(work, case, application, "receive_completion")
    application.complete_on = work.today
    clocks.meet(work, case, "reply", application.id)
    clock = clocks.start(work, case, rules, "acceptance", application.id)
    return _due("acceptance", clock)


def accept(work: Work, case: models.Case, application_id: str) -> Result:
    """A1 → A4: accepted as of the day on which all information was held, not of the click; the decision clock starts then."""
    application, rules = _find(work, case, application_id)
    accepted_on = application.complete_on or work.today
    statuses.move(work, case, application, "accept", valid_from=accepted_on)
    application.accepted_on = accepted_on
    clocks.meet(work, case, "acceptance", application.id)
    clock = clocks.start(work, case, rules, "decision", application.id, starts_on=accepted_on)
    return {"accepted_on": accepted_on.isoformat(), **_due("decision", clock)}


def not_accept(work: Work, case: models.Case, application_id: str, reason: str) -> Result:
    """A1/A2 → A3: not accepted. It is no decision: no hearing, no appeal, no bar (domain page §14.3)."""
    application, _rules = _find(work, case, application_id)
    statuses.move(work, case, application, "not_accept", reason=reason)
    clocks.meet(work, case, "reply", application.id)
    clocks.meet(work, case, "acceptance", application.id)
    clocks.end_all(work, case, application.id, "stopped")
    return {}


def start_review(work: Work, case: models.Case, application_id: str) -> Result:
    """A4 → A5: the desk review begins."""
    return _step(work, case, application_id, "start_review")


def request_information(
    work: Work, case: models.Case, application_id: str, items: Sequence[object], days: object = None
) -> Result:
    """A5 → A6: more is asked for; the decision period grows by the days given, and the applicant is told (EU: DA art. 13(1))."""
    application, rules = _find(work, case, application_id)
    if not items:
        raise Invalid("Nothing is asked for.", [Problem("items", "Name at least one item that is needed, and why.")])
    statuses.move(work, case, application, "request_information")
    clock = clocks.start(work, case, rules, "information", application.id, days=_days(days))
    basis = rules.clock("information").legal_basis.es
    added = Period(clock.base, Unit(clock.unit), basis)
    decision = clocks.extend(work, case, rules, "decision", application.id, added, "information")
    return {"information_days": clock.base, **_due("information", clock), **_due("decision", decision)}


def receive_information(work: Work, case: models.Case, application_id: str) -> Result:
    """A6 → A5: the answer came in, or its period ran out unanswered; the review goes on either way."""
    application, _rules = _find(work, case, application_id)
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


def start_hearing(work: Work, case: models.Case, application_id: str, grounds: Sequence[object]) -> Result:
    """A11 → A12: the intention to refuse is notified; the decision period grows by the hearing (EU: DA art. 8 and 13(2))."""
    application, rules = _find(work, case, application_id)
    if not grounds:
        raise Invalid("A refusal needs grounds.", [Problem("grounds", "Name each ground and what it rests on.")])
    statuses.move(work, case, application, "start_hearing")
    hearing = clocks.start(work, case, rules, "hearing", application.id)
    added = Period(hearing.base, Unit(hearing.unit), hearing.legal_basis)
    decision = clocks.extend(work, case, rules, "decision", application.id, added, "hearing")
    return {**_due("hearing", hearing), **_due("decision", decision)}


def end_hearing(work: Work, case: models.Case, application_id: str) -> Result:
    """A12 → A11: the applicant was heard, or let the period pass."""
    application, _rules = _find(work, case, application_id)
    statuses.move(work, case, application, "end_hearing")
    clocks.meet(work, case, "hearing", application.id)
    return {}


def refuse(work: Work, case: models.Case, application_id: str, reasons: str) -> Result:
    """A11 → A14: refused, with reasons, after the hearing."""
    application, _rules = _find(work, case, application_id)
    if clocks.find(work, application.id, "hearing") is None:
        raise Conflict("Nobody is refused unheard: the hearing has not been held.")
    statuses.move(work, case, application, "refuse", reason=reasons)
    application.decided_on = work.today
    clocks.meet(work, case, "decision", application.id)
    clocks.end_all(work, case, application.id, "stopped")
    return {"refused_on": work.today.isoformat()}


def withdraw(work: Work, case: models.Case, application_id: str, reason: str | None = None) -> Result:
    """→ A15: the applicant desists before a decision; it carries no bar."""
    application, _rules = _find(work, case, application_id)
    statuses.move(work, case, application, "withdraw", reason=reason or "")
    clocks.end_all(work, case, application.id, "stopped")
    return {"withdrawn_on": work.today.isoformat()}


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


def _due(name: str, clock: models.LegalClock) -> Result:
    return {f"{name}_due": clock.due_on.isoformat(), f"{name}_due_at": clock.due_at.isoformat()}


def _days(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Invalid("This period is not lawful.", [Problem("days", "Write the days as a whole number.")])


def _check_types(rules: Programme, types: Sequence[str]) -> None:
    unknown = [name for name in types if name not in rules.types]
    if not types or unknown:
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
        raise Conflict("A new application is barred until %(day)s.", day=barred.isoformat())
