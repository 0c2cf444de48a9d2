"""Consultation of other authorities (T10, T11): asked beside the work, closed by the reply, or by why none came."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from engine import applications, clocks, history, programmes, statuses
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import ConsultationClosed, ConsultationOpened
from engine.domain.guards import Facts
from engine.store import models
from engine.work import Work

Result = dict[str, object]
OPEN = "open"
OBLIGATORY = "answer_obligatory"  # what the programme says of a silence that closes nothing
CLOCK = "consultation"
RESULTS = ("fulfilled", "not_fulfilled", "no_opinion")
BESIDE = ("A6", "A8", "A9", "A10", "A11")


def plan(work: Work, case: models.Case, application_id: str, authorities: Sequence[object]) -> Result:
    """Which of these authorities (`{authority, criteria, question}`) are to be asked now.

    Nobody in a programme without consultation, and nobody a second time: whoever was asked beside the validation is not
    asked again before the proposal, unless the application ended before they replied and is decided anew.
    """
    application, rules = applications.find(work, case, application_id)
    asked = select(models.Consultation.authority).where(
        models.Consultation.application_id == application.id, models.Consultation.state != applications.OVERTAKEN
    )
    known = set(work.session.scalars(asked))
    wanted = [one for one in authorities if isinstance(one, Mapping) and one.get("authority") not in known]
    return {"authorities": wanted if CLOCK in rules.clocks else []}


def silence(work: Work, case: models.Case) -> Result:
    """Whether silence of a consulted authority may close its consultation today (EU: not since 19 May 2025)."""
    return {"silence_closes": programmes.of_case(work, case).consultation_silence_on(work.today) != OBLIGATORY}


def ask(
    work: Work,
    case: models.Case,
    application_id: str,
    authority: str,
    criteria: Sequence[str],
    question: str | None = None,
    days: int | None = None,
) -> Result:
    """Asks another authority about some criteria; its period runs from when they are communicated (EU: IA art. 31)."""
    application, rules = applications.find(work, case, application_id)
    if not authority.strip():
        raise Invalid("Nobody is asked.", [Problem("authority", "Name the authority that is consulted.")])
    trigger = "consult_beside" if application.state in BESIDE else "consult"
    statuses.move(work, case, application, trigger, facts=Facts(items=len(criteria)))
    row = models.Consultation(
        id=work.new_id(),
        application_id=application.id,
        case_id=case.id,
        authority=authority.strip(),
        criteria=[str(one) for one in criteria],
        question=question or "",
        state=OPEN,
        asked_on=work.today,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    clock = clocks.start(work, case, rules, CLOCK, row.id, days=days) if CLOCK in rules.clocks else None
    row.due_on = clock.due_on if clock else None
    due = row.due_on.isoformat() if row.due_on else None
    history.record(work, ConsultationOpened(row.id, application.id, row.authority, due), case=case)
    return {"consultation_id": row.id, "reply_due": due, **(clocks.due(clock) if clock else {})}


def prolong(work: Work, case: models.Case, consultation_id: str, days: int, reason: str) -> Result:
    """The consulted authority has more time; the decision period grows by the same days (EU: DA art. 13(3))."""
    row, application = _find(work, consultation_id)
    _application, rules = applications.find(work, case, application.id)
    rule = rules.clock("consultation_extension" if "consultation_extension" in rules.clocks else CLOCK)
    added = Period(days, Unit.CALENDAR, rule.legal_basis.es)
    clock = clocks.extend(work, case, rules, CLOCK, row.id, added, reason)
    row.due_on = clock.due_on
    former = clocks.running(work, application.id, "decision").due_on
    decision = clocks.extend(work, case, rules, "decision", application.id, added, CLOCK)
    told = {"reply_due": clock.due_on.isoformat(), "former_due": former.isoformat()}
    return {**told, **clocks.due(clock), **clocks.due(decision)}


def receive(work: Work, case: models.Case, consultation_id: str, result: str, justification: str) -> Result:
    """The authority replied with a documented result (EU: IA art. 14): fulfilled, not_fulfilled or no_opinion."""
    row, application = _find(work, consultation_id)
    if result not in RESULTS:
        problem = Problem("result", "Write one of %(choices)s.", {"choices": ", ".join(RESULTS)})
        raise Invalid("The reply is incomplete.", [problem])
    if not justification.strip():
        raise Invalid("The reply is incomplete.", [Problem("justification", "Write what the result rests on.")])
    return _close(work, case, row, application, "answered", result, justification)


def close_unanswered(work: Work, case: models.Case, consultation_id: str, reason: str) -> Result:
    """No reply came in its period; lawful only where the programme tolerates silence (EU: not since 19 May 2025)."""
    row, application = _find(work, consultation_id)
    _application, rules = applications.find(work, case, application.id)
    if rules.consultation_silence_on(work.today) == OBLIGATORY:
        raise Conflict(
            "The consulted authority must reply: its silence closes nothing. Remind it, or prolong its period."
        )
    if not reason.strip():
        raise Invalid("The act needs a reason.", [Problem("reason", "Write why.")])
    return _close(work, case, row, application, "unanswered", "no_reply", reason)


def _close(
    work: Work,
    case: models.Case,
    row: models.Consultation,
    application: models.Application,
    state: str,
    result: str,
    justification: str,
) -> Result:
    row.state, row.result, row.justification, row.closed_on = state, result, justification.strip(), work.today
    clocks.meet(work, case, CLOCK, row.id)
    work.session.flush()
    left = applications.open_consultations(work, application.id)
    back = application.state == "A7" and not left
    facts = Facts(consultations=left)
    statuses.move(work, case, application, "receive_consultation" if back else "receive_beside", facts=facts)
    history.record(work, ConsultationClosed(row.id, state, result), case=case)
    return {"replied_on": work.today.isoformat(), "result": result, "open_consultations": left}


def _find(work: Work, consultation_id: str) -> tuple[models.Consultation, models.Application]:
    row = work.session.get(models.Consultation, consultation_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such consultation.")
    if row.state != OPEN:
        raise Conflict("This consultation is closed already.")
    return row, applications.get(work, row.application_id)
