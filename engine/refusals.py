"""Refusing an application: the intention, the hearing, the answers, the reasons; one act that cannot be half done."""

from collections.abc import Sequence

from engine import applications, bars, clocks, committees, hearings, history, statuses
from engine import grounds as reasoned
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.events import TypeDecided
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

Result = dict[str, object]
REFUSED = "refused"


def start_hearing(
    work: Work,
    case: models.Case,
    application_id: str,
    grounds: Sequence[object],
    documents: Sequence[object] | None = None,
) -> Result:
    """A11 → A12: the intention to refuse is notified; the decision period grows by the hearing (EU: DA art. 8 and 13(2)).

    Every criterion that must be met and was judged as not met is among the grounds (T19): Invalid for one left out.
    """
    application, rules = applications.find(work, case, application_id)
    reasoned.require_failed(work, case, application.id, grounds)
    statuses.move(work, case, application, "start_hearing", facts=_intended(work, case, application, grounds))
    hearings.begin(work, case, application.id, "refuse", grounds, documents)
    hearing = clocks.start(work, case, rules, "hearing", application.id)
    added = Period(hearing.base, Unit(hearing.unit), hearing.legal_basis)
    decision = clocks.extend(work, case, rules, "decision", application.id, added, "hearing")
    stated = reasoned.stated(work, case, grounds)
    return {"stated_grounds": stated, **clocks.due(hearing), **clocks.due(decision)}


def end_hearing(
    work: Work,
    case: models.Case,
    application_id: str,
    arguments: Sequence[object] | None = None,
    waived: str | None = None,
) -> Result:
    """A12 → A11: the applicant was heard, waives it with a reason, or let the period pass; arguments want their answers.

    Answers the arguments, each with an answer still to be written, and how many they are.
    """
    application = applications.get(work, application_id)
    statuses.move(work, case, application, "end_hearing")
    hearings.end(work, case, application.id, arguments, waived or "")
    clocks.meet(work, case, "hearing", application.id)
    hearing = hearings.latest(work, application.id)
    return {
        "unanswered": hearings.unanswered(hearing) if hearing else 0,
        "argument_answers": hearings.answered(hearing) if hearing else [],
    }


def refuse(
    work: Work,
    case: models.Case,
    application_id: str,
    reasons: str | Sequence[object],
    answers: Sequence[object] | None = None,
    types: Sequence[str] | None = None,
) -> Result:
    """A11 → A14: refused after the hearing, criterion by criterion, each argument answered (domain page §14.10).

    `types` refuses only some of what was asked for: the rest stays open, or was granted before (A13).
    """
    application, rules = applications.find(work, case, application_id)
    rows, last = applications.undecided(work, application, types)
    if answers and hearings.latest(work, application.id) is not None:
        hearings.answer(work, case, application.id, answers)
    facts = hearings.facts(work, case, application.id, reasons)
    statuses.move(work, case, application, _trigger(work, application, last=last), facts=facts)
    for row in rows:
        row.state, row.decided_on, row.reasons = REFUSED, work.today, facts.reasons
        history.record(work, TypeDecided(application.id, row.type, REFUSED, ""), case=case)
    if last:
        applications.decide(work, case, application)
    return _result(work, case, application, rules, [row.type for row in rows])


def _intended(work: Work, case: models.Case, application: models.Application, grounds: Sequence[object]) -> Facts:
    """What the guards of the intention ask: grounds, every consultation closed, a binding committee that agrees."""
    return Facts(
        items=len(grounds),
        consultations=applications.open_consultations(work, application.id),
        committee=committees.stance(work, case, "refuse"),
    )


def _trigger(work: Work, application: models.Application, *, last: bool) -> str:
    if not last:
        return "refuse_partly"
    granted = any(row.state == "granted" for row in applications.type_rows(work, application))
    return "refuse_the_rest" if granted else "refuse"


def _result(
    work: Work, case: models.Case, application: models.Application, rules: Programme, types: list[str]
) -> Result:
    """What letter D17 says; the bar, where the programme has one for refusals, and the appeal period begin."""
    bar = bars.start(work, case, rules, REFUSED, application, work.today, types)
    hearing = hearings.latest(work, application.id)
    result: Result = {
        "refused_on": work.today.isoformat(),
        "refused_types": types,
        "bar_until": bar.ends_on.isoformat() if bar else None,
        "argument_answers": hearings.answered(hearing) if hearing else [],
    }
    return result | appeal_begins(work, case, rules, application.id, REFUSED)


def appeal_begins(work: Work, case: models.Case, rules: Programme, subject_id: str, act: str) -> Result:
    """An act may be appealed from its notification on, where the programme says against which acts and for how long."""
    if "appeal" not in rules.clocks or act not in rules.review.against:
        return {}
    return clocks.due(clocks.start(work, case, rules, "appeal", subject_id))
