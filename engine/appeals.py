"""Appeals: lodged against an act, which stands meanwhile unless it is stayed; upheld, sent back or dismissed (T35, T36)."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import applications, authorisations, bars, clocks, dependents, endings, programmes, statuses, terms
from engine.domain.dependencies import REVOKED, SUSPENDED
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import SYSTEM, Work

Result = dict[str, object]
Subject = models.Application | models.Authorisation
# What a state says of the act that brought it about, and how that act comes back when a stay is over.
ACTS: Final = {
    "A14": "refused",
    "A16": "refused",
    "B4": "suspended",
    "B5": "suspended",
    "B7": "revoked",
    "B8": "annulled",
}
BACK: Final = {"suspended": "suspend_after_stay", "revoked": "revoke_after_stay", "annulled": "annul_after_stay"}
GRANTED: Final = "A13"
REINSTATED: Final = "reinstated"
SENT_BACK: Final = "sent_back"
DISMISSED: Final = "dismissed"


def lodge(
    work: Work,
    case: models.Case,
    reasons: str,
    application_id: str | None = None,
    authorisation_id: str | None = None,
    body: str | None = None,
) -> Result:
    """An appeal against a refusal, or against the suspension, revocation or annulment that is in force, inside its period.

    Non-acceptance is no decision: nothing can be appealed (domain page §14.3). Where the law says that an appeal stays the
    act, it is stayed at once; else the act goes on having its effect.
    """
    subject = _subject(work, application_id, authorisation_id)
    act = _act(work, subject)
    if act is None:
        raise Conflict("There is no act that could be appealed.")
    if _open(work, subject.id) is not None:
        raise Conflict("An appeal against this act is pending already.")
    appeal = _new(work, case, subject, act, reasons, body)
    facts = Facts(over=applications.over(work, subject.id, "appeal"))
    statuses.move(work, case, appeal, "lodge_appeal", reason=reasons, facts=facts)
    work.session.add(appeal)
    work.session.flush()
    clocks.meet(work, case, "appeal", subject.id)
    if programmes.of(work, case, subject.programme).review.suspensive and isinstance(subject, models.Authorisation):
        with _by_law(work):
            stay(work, case, appeal.id, "appeal")
    effect = "stayed" if appeal.stayed_on else "continues"
    return {"appeal_id": appeal.id, "act_challenged": appeal.act, "lodged_on": work.today.isoformat(), "effect": effect}


def stay(work: Work, case: models.Case, appeal_id: str, reason: str) -> Result:
    """The act waits for the decision on the appeal: the status is in force again, and the bar does not run."""
    appeal = _pending(work, appeal_id)
    if appeal.authorisation_id is None or appeal.stayed_on is not None:
        raise Conflict("There is nothing to stay: the act is stayed already, or it gave nothing that could go on.")
    authorisation = authorisations.get(work, appeal.authorisation_id)
    statuses.move(work, case, appeal, "stay", reason=reason)
    authorisation.suspended_parts = []
    statuses.move(work, case, authorisation, "stay", reason=reason)
    authorisation.ended_on = None
    terms.resume(work, case, programmes.of(work, case, authorisation.programme), authorisation)
    appeal.stayed_on = work.today
    bars.lift(work, case, authorisation.id, bars.STAYED)
    dependents.restore(work, case, authorisation.id, reason)
    return {"stayed_on": work.today.isoformat()}


def uphold(
    work: Work, case: models.Case, appeal_id: str, outcome: str, reasons: str, effect_from: str | None = None
) -> Result:
    """In favour of who appealed: `reinstated` from a day on (the day of the act, if none is given), or `sent_back`.

    The bar of the act ends with it. A refusal is always sent back: the office decides anew on what it refused.
    """
    appeal = _pending(work, appeal_id)
    if outcome not in {REINSTATED, SENT_BACK}:
        raise Invalid("The outcome is not known.", [Problem("outcome", "Choose reinstated or sent_back.")])
    statuses.move(work, case, appeal, "uphold", reason=reasons)
    subject = _subject(work, appeal.application_id, appeal.authorisation_id)
    bars.lift(work, case, subject.id, "upheld")
    if isinstance(subject, models.Application):
        outcome = SENT_BACK
        _decide_anew(work, case, subject, reasons)
    elif outcome == SENT_BACK:
        _send_back(work, case, subject, reasons)
    else:
        appeal.effect_from = date.fromisoformat(effect_from) if effect_from else _act_day(work, subject)
        _reinstate(work, case, subject, appeal, reasons)
    appeal.outcome, appeal.decided_on = outcome, work.today
    since = appeal.effect_from.isoformat() if appeal.effect_from else None
    return {
        "outcome": outcome,
        "decided_on": work.today.isoformat(),
        "effect_from": since,
        "act_challenged": appeal.act,
    }


def dismiss(work: Work, case: models.Case, appeal_id: str, reasons: str) -> Result:
    """The act stands; where it was stayed, it has its effect again from today, and its bar goes on to the same last day."""
    appeal = _pending(work, appeal_id)
    statuses.move(work, case, appeal, "dismiss", reason=reasons)
    _back(work, case, appeal, reasons)
    appeal.outcome, appeal.decided_on = DISMISSED, work.today
    return {"outcome": DISMISSED, "decided_on": work.today.isoformat(), "act_challenged": appeal.act}


def withdraw(work: Work, case: models.Case, appeal_id: str, reason: str) -> Result:
    """Who appealed gives it up; a stay ends as it does when the appeal is dismissed."""
    appeal = _pending(work, appeal_id)
    statuses.move(work, case, appeal, "withdraw_appeal", reason=reason)
    with _by_law(work):
        _back(work, case, appeal, reason)
    appeal.outcome, appeal.decided_on = "withdrawn", work.today
    return {"outcome": "withdrawn"}


def _back(work: Work, case: models.Case, appeal: models.Appeal, reason: str) -> None:
    if appeal.stayed_on is None or appeal.authorisation_id is None:
        return
    authorisation = authorisations.get(work, appeal.authorisation_id)
    if appeal.act == "suspended":
        open_ones = endings.open_measures(work, authorisation.id, endings.SUSPENSION)
        authorisation.suspended_parts = sorted({part for one in open_ones for part in one.parts})
        if not open_ones:
            return  # its period ran out while the appeal was pending
    statuses.move(work, case, authorisation, BACK[appeal.act], reason=reason)
    rules = programmes.of(work, case, authorisation.programme)
    _reach_again(work, case, rules, authorisation)
    if appeal.act != "suspended":
        authorisation.ended_on = work.today
        terms.end(work, case, rules, authorisation, work.today)
    bars.resume(work, case, rules, authorisation)


def _reinstate(
    work: Work, case: models.Case, authorisation: models.Authorisation, appeal: models.Appeal, reasons: str
) -> None:
    """In force again, from the day that the appeal body says; a stayed act had no effect that could be undone."""
    for measure in endings.open_measures(work, authorisation.id, endings.SUSPENSION):
        statuses.move(work, case, measure, "lift", reason=reasons, facts=Facts(outcome="upheld"))
        endings.close(work, case, measure, "upheld")
    authorisation.suspended_parts = []
    if appeal.stayed_on is None:
        statuses.move(work, case, authorisation, "reinstate", valid_from=appeal.effect_from, reason=reasons)
    authorisation.ended_on = authorisation.bar_until = None
    terms.resume(work, case, programmes.of(work, case, authorisation.programme), authorisation)
    dependents.restore(work, case, authorisation.id, reasons)


def _send_back(work: Work, case: models.Case, authorisation: models.Authorisation, reasons: str) -> None:
    if authorisation.state in ACTS:
        statuses.move(work, case, authorisation, "send_back", reason=reasons)
    authorisation.ended_on = authorisation.bar_until = None
    rules = programmes.of(work, case, authorisation.programme)
    terms.resume(work, case, rules, authorisation)
    dependents.restore(work, case, authorisation.id, reasons)
    _reach_again(work, case, rules, authorisation)


def _reach_again(work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation) -> None:
    """What other decisions suffer from the state in which the certificate is now: revoked, or suspended as it was before."""
    if authorisation.state in {"B7", "B8"}:
        dependents.reach(work, case, rules, authorisation, REVOKED, rules.includes(authorisation.type), ())
        return
    parts = authorisation.suspended_parts
    query = select(models.Measure.criteria).where(
        models.Measure.authorisation_id == authorisation.id, models.Measure.kind == endings.SUSPENSION
    )
    last = work.session.scalars(query.order_by(models.Measure.created_at.desc()).limit(1)).first()
    if parts:
        dependents.reach(work, case, rules, authorisation, SUSPENDED, parts, last or ())


def _decide_anew(work: Work, case: models.Case, application: models.Application, reasons: str) -> None:
    statuses.move(work, case, application, "send_back", reason=reasons)
    application.decided_on = None
    for row in applications.type_rows(work, application):
        if row.state == "refused":
            row.state, row.decided_on = applications.ASKED, None
    clocks.start(work, case, programmes.of(work, case, application.programme), "decision", application.id)


def _act_day(work: Work, authorisation: models.Authorisation) -> date:
    """Since when the act that is challenged was valid."""
    states = [row for row in statuses.moves(work, authorisation.id) if row.to_state in ACTS]
    return min(states[-1].valid_from, work.today) if states else work.today


def _subject(work: Work, application_id: str | None, authorisation_id: str | None) -> Subject:
    if authorisation_id:
        return authorisations.get(work, authorisation_id)
    if application_id:
        return applications.get(work, application_id)
    problem = Problem("authorisation_id", "Say which application or certificate the act is about.")
    raise Invalid("An appeal is about an act.", [problem])


def _act(work: Work, subject: Subject) -> str | None:
    """The act that can be appealed; of an application that was granted (A13), the refusal of some of its types."""
    if isinstance(subject, models.Application) and subject.state == GRANTED:
        refused = any(row.state == "refused" for row in applications.type_rows(work, subject))
        return "refused" if refused else None
    return ACTS.get(subject.state)


def _new(work: Work, case: models.Case, subject: Subject, act: str, reasons: str, body: str | None) -> models.Appeal:
    about = isinstance(subject, models.Application)
    rules = programmes.of(work, case, subject.programme)
    return models.Appeal(
        id=work.new_id(),
        application_id=subject.id if about else None,
        authorisation_id=None if about else subject.id,
        case_id=case.id,
        act=act,
        body=body or rules.review.body.es,
        reasons=reasons,
        state=UNBORN,
        lodged_on=work.today,
        created_at=work.now,
    )


def _open(work: Work, subject_id: str) -> str | None:
    about = (models.Appeal.application_id == subject_id) | (models.Appeal.authorisation_id == subject_id)
    return work.session.scalars(select(models.Appeal.id).where(about, models.Appeal.state == "open")).first()


def _pending(work: Work, appeal_id: str) -> models.Appeal:
    appeal = work.session.get(models.Appeal, appeal_id, with_for_update=True)
    if appeal is None:
        raise NotFound("There is no such appeal.")
    return appeal


@contextmanager
def _by_law(work: Work) -> Generator[None]:
    """What the law does by itself is no act of the person whose command brought it about."""
    actor, work.actor = work.actor, SYSTEM
    try:
        yield
    finally:
        work.actor = actor
