"""Appeals: lodged against an act, which stands meanwhile unless it is stayed; upheld, sent back or dismissed (T35, T36)."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import applications, authorisations, bars, clocks, dependents, programmes, reversals, statuses, terms
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.guards import Facts
from engine.domain.states import ENDS, UNBORN
from engine.reversals import Changed
from engine.store import models
from engine.work import SYSTEM, Work

Result = dict[str, object]
Subject = models.Application | models.Authorisation
# What a state says of the act that brought it about; in the others it is an adverse amendment, if there was one.
ACTS: Final = {
    "A14": "refused",
    "A16": "refused",
    "B4": "suspended",
    "B5": "suspended",
    "B7": "revoked",
    "B8": "annulled",
}
APPEAL: Final = "appeal"
GRANTED, LAPSED = "A13", "A16"
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
    """An appeal against a refusal, a suspension, revocation or annulment in force, or an adverse amendment, inside its period.

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
    facts = Facts(over=applications.over(work, subject.id, APPEAL))
    statuses.move(work, case, appeal, "lodge_appeal", reason=reasons, facts=facts)
    work.session.add(appeal)
    work.session.flush()
    clocks.meet(work, case, APPEAL, subject.id)
    changed = Changed()
    if programmes.of(work, case, subject.programme).review.suspensive and isinstance(subject, models.Authorisation):
        with _by_law(work):
            changed = _stay(work, case, appeal, APPEAL)
    effect = "stayed" if appeal.stayed_on else "continues"
    told = {"appeal_id": appeal.id, "act_challenged": appeal.act, "lodged_on": work.today.isoformat(), "effect": effect}
    return told | changed.told()


def stay(work: Work, case: models.Case, appeal_id: str, reason: str) -> Result:
    """The act waits for the decision on the appeal: the status is in force again, and the bar does not run."""
    changed = _stay(work, case, _pending(work, appeal_id), reason)
    return {"stayed_on": work.today.isoformat(), **changed.told()}


def _stay(work: Work, case: models.Case, appeal: models.Appeal, reason: str) -> Changed:
    if appeal.authorisation_id is None or appeal.stayed_on is not None:
        raise Conflict("There is nothing to stay: the act is stayed already, or it gave nothing that could go on.")
    authorisation = authorisations.get(work, appeal.authorisation_id)
    statuses.move(work, case, appeal, "stay", reason=reason)
    changed = reversals.wait(work, case, appeal, authorisation, reason)
    appeal.stayed_on = work.today
    return changed


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
    if appeal.act not in {reversals.SUSPENDED, reversals.AMENDED}:  # which bring no bar
        bars.lift(work, case, subject.id, "upheld")
    changed = Changed()
    if isinstance(subject, models.Application):
        outcome = SENT_BACK
        _decide_anew(work, case, subject, reasons)
    elif outcome == SENT_BACK:
        changed = _send_back(work, case, appeal, subject, reasons)
    else:
        appeal.effect_from = date.fromisoformat(effect_from) if effect_from else _act_day(work, subject)
        changed = reversals.fall(work, case, appeal, subject, reasons, appeal.effect_from)
    appeal.outcome, appeal.decided_on = outcome, work.today
    since = appeal.effect_from.isoformat() if appeal.effect_from else None
    return {
        "outcome": outcome,
        "decided_on": work.today.isoformat(),
        "effect_from": since,
        "act_challenged": appeal.act,
        "set_aside_key": reversals.waits_under(work, appeal),
        **changed.told(),
    }


def dismiss(work: Work, case: models.Case, appeal_id: str, reasons: str) -> Result:
    """The act stands; where it was stayed, it has its effect again from today, and its bar goes on to the same last day."""
    appeal = _pending(work, appeal_id)
    statuses.move(work, case, appeal, "dismiss", reason=reasons)
    changed = reversals.back(work, case, appeal, reasons)
    appeal.outcome, appeal.decided_on = DISMISSED, work.today
    told = {"outcome": DISMISSED, "decided_on": work.today.isoformat(), "act_challenged": appeal.act}
    return told | changed.told()


def withdraw(work: Work, case: models.Case, appeal_id: str, reason: str) -> Result:
    """Who appealed gives it up; a stay ends as it does when the appeal is dismissed."""
    appeal = _pending(work, appeal_id)
    statuses.move(work, case, appeal, "withdraw_appeal", reason=reason)
    with _by_law(work):
        changed = reversals.back(work, case, appeal, reason)
    appeal.outcome, appeal.decided_on = "withdrawn", work.today
    return {"outcome": "withdrawn", **changed.told()}


def _send_back(
    work: Work, case: models.Case, appeal: models.Appeal, subject: models.Authorisation, reasons: str
) -> Changed:
    """The office decides anew: on a revocation with a new hearing, on a suspension or an amendment when the act has fallen."""
    if appeal.act in {reversals.SUSPENDED, reversals.AMENDED}:
        return reversals.fall(work, case, appeal, subject, reasons, work.today)
    if subject.state in ACTS:
        statuses.move(work, case, subject, "send_back", reason=reasons)
    subject.ended_on = subject.bar_until = None
    rules = programmes.of(work, case, subject.programme)
    terms.resume(work, case, rules, subject)
    dependents.restore(work, case, subject.id, reasons)
    reversals.reach_again(work, case, rules, subject)
    return Changed()


def _decide_anew(work: Work, case: models.Case, application: models.Application, reasons: str) -> None:
    statuses.move(work, case, application, "send_back", reason=reasons)
    application.decided_on = None
    for row in applications.type_rows(work, application):
        if row.state == "refused":
            row.state, row.decided_on = applications.ASKED, None
    clocks.start(work, case, programmes.of(work, case, application.programme), "decision", application.id)


def _act_day(work: Work, authorisation: models.Authorisation) -> date:
    """Since when the act that is challenged was valid; a version that an amendment made, since it was made."""
    if authorisation.state not in ACTS and authorisation.replaces_id:
        return authorisation.effective_on
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
    """The act that can be appealed: the one that the state tells of, else the adverse amendment that made the version.

    Of an application that was granted (A13), or on which silence decided (A16), it is what was refused of it.
    """
    if isinstance(subject, models.Application) and subject.state in {GRANTED, LAPSED}:
        refused = any(row.state == "refused" for row in applications.type_rows(work, subject))
        return "refused" if refused else None
    if subject.state in ACTS or isinstance(subject, models.Application):
        return ACTS.get(subject.state)
    clock = clocks.find(work, subject.id, APPEAL)
    begun = clock is not None and clock.created_at == subject.created_at and clock.state != clocks.MET
    return reversals.AMENDED if begun and subject.replaces_id and subject.state not in ENDS else None


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
