"""Acts that end an authorisation: revoked, annulled, surrendered, succeeded; each is whole in one transaction.

State, bar, benefits, partners, open measures, clocks and dependent decisions follow together, or nothing happens.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from engine import (
    authorisations,
    bars,
    calendars,
    clocks,
    consents,
    dependents,
    endings,
    hearings,
    programmes,
    refusals,
    statuses,
    successions,
)
from engine.domain.calendars import Unit, add
from engine.domain.errors import Conflict, Invalid, Problem
from engine.domain.guards import Facts
from engine.domain.notices import PORTAL
from engine.domain.programme import Programme
from engine.store import models
from engine.work import SYSTEM, Work

Result = dict[str, object]
INTENDED: Final = ("revoke", "annul", "restrict", "amend", "not_renew")
ENDING: Final = ("revoke", "annul")
SUSPENDED: Final = ("B4", "B5")
BY_LAW: Final = "succession.bar_follows"  # the key of the programme that says so


def intend(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    act: str,
    grounds: str | Sequence[object],
    documents: Sequence[object] | None = None,
) -> Result:
    """→ B6: an adverse act is intended (revoke, annul, restrict, amend, not_renew), on which grounds, resting on which documents.

    The hearing clock runs from the receipt of the letter D24, which the diagram sends next; a suspension that is open is
    prolonged until the act takes effect (EU: DA art. 17(3)).
    """
    authorisation = authorisations.get(work, authorisation_id)
    if act not in INTENDED:
        problem = Problem("act", "Write one of %(choices)s.", {"choices": ", ".join(INTENDED)})
        raise Invalid("The act is not known.", [problem])
    rules = programmes.of(work, case, authorisation.programme)
    trigger = _intending(work, authorisation, act)
    statuses.move(work, case, authorisation, trigger, facts=Facts(items=len(grounds)))
    hearings.begin(work, case, authorisation.id, act, grounds, documents)
    for measure in endings.open_measures(work, authorisation.id, endings.SUSPENSION):
        measure.ends_on = None
        if measure.case_id == case.id:  # that of another case goes on, should the act be given up
            clocks.meet(work, case, "suspension", measure.id)
    return clocks.due(clocks.start(work, case, rules, "hearing", authorisation.id))


def end_hearing(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    arguments: Sequence[object] | None = None,
    waived: str | None = None,
) -> Result:
    """The holder was heard, waives it with a reason, or let the period pass; each argument will need its answer."""
    hearings.end(work, case, authorisations.get(work, authorisation_id).id, arguments, waived or "")
    clocks.meet(work, case, "hearing", authorisation_id)
    hearing = hearings.latest(work, authorisation_id)
    if hearing is None:
        return {"unanswered": 0, "argument_answers": []}
    return {"unanswered": hearings.unanswered(hearing), "argument_answers": hearings.answered(hearing)}


def give_up(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """B6 → B1: after the hearing the act is not done; a suspension of the same case ends with it.

    One of another case goes on as it was, until its own last day or its lifting (B6 → B4, B5): `suspension_goes_on`.
    """
    authorisation = authorisations.get(work, authorisation_id)
    open_ones = endings.open_measures(work, authorisation.id, endings.SUSPENSION)
    others = [one for one in open_ones if one.case_id != case.id]
    left = authorisation.suspended_parts = sorted({part for one in others for part in one.parts})
    rules = programmes.of(work, case, authorisation.programme)
    wholly = bool(left) and set(rules.includes(authorisation.type)) <= set(left)
    trigger = "return_to_suspension" if wholly else "return_to_part" if left else "give_up_adverse_act"
    statuses.move(work, case, authorisation, trigger, reason=reason)
    for measure in open_ones:
        if measure not in others:
            statuses.move(work, case, measure, "lift", reason=reason, facts=Facts(outcome="not_revoked"))
            endings.close(work, case, measure, "not_revoked")
        elif (clock := clocks.find(work, measure.id, endings.SUSPENSION)) is not None:
            measure.ends_on = clock.due_on
    clocks.meet(work, case, "hearing", authorisation.id)
    affected = [] if left else dependents.restore(work, case, authorisation.id, reason)
    return {"affected": affected, "suspension_goes_on": bool(left)}


def drop(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """What was only proposed is not pursued; an act that an appeal sent back is given up with it."""
    if authorisations.get(work, authorisation_id).state == "B6" and _sent_back(work, authorisation_id):
        return give_up(work, case, authorisation_id, reason)
    return {"affected": [], "suspension_goes_on": False}


def revoke(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    reasons: str | Sequence[object],
    answers: Sequence[object] | None = None,
) -> Result:
    """B6 → B7, ex nunc: heard, announced, every argument answered, reasons for every ground (domain page §14.10).

    Conflict where the holder was heard on a lesser act (restrict, amend, not to renew), as for `annul`.
    """
    hearing = hearings.latest(work, authorisation_id)
    if hearing is not None and hearing.act not in ENDING:
        raise Conflict("A revocation was not announced: the holder was heard on another act.")
    return _after_hearing(work, case, authorisation_id, "revoke", reasons, answers)


def annul(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    reasons: str | Sequence[object],
    answers: Sequence[object] | None = None,
) -> Result:
    """B6 → B8, ex tunc: there never was a certificate, nor a benefit (EU: UCC art. 27).

    Conflict where the holder was heard on a milder act only: nobody is decided against unheard (UCC art. 22(6)).
    """
    hearing = hearings.latest(work, authorisation_id)
    if hearing is not None and hearing.act != "annul":
        raise Conflict("An annulment was not announced: the holder was heard on another act.")
    return _after_hearing(work, case, authorisation_id, "annul", reasons, answers)


def revoke_unheard(
    work: Work, case: models.Case, authorisation_id: str, reasons: str | Sequence[object], exception: str
) -> Result:
    """→ B7 without a hearing: only with the exception of the law on which that rests (EU: UCC art. 22(6))."""
    facts = Facts(reasons=hearings.as_text(reasons), exception=exception)
    return _end(work, case, authorisation_id, "revoke_unheard", facts)


def annul_unheard(
    work: Work, case: models.Case, authorisation_id: str, reasons: str | Sequence[object], exception: str
) -> Result:
    """→ B8 without a hearing, with the exception of the law on which that rests."""
    facts = Facts(reasons=hearings.as_text(reasons), exception=exception)
    return _end(work, case, authorisation_id, "annul_unheard", facts)


def surrender(work: Work, case: models.Case, authorisation_id: str, reason: str) -> Result:
    """→ B9: the holder gives it up; no punitive bar, at most the one for an own request (domain page §14.7).

    While an adverse act is intended, it is the competent authority that accepts the surrender, and says why.
    """
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    trigger = "accept_surrender" if authorisation.state == "B6" else "surrender"
    statuses.move(work, case, authorisation, trigger, reason=reason)
    affected = endings.wind_up(work, case, rules, authorisation, work.today)
    bar = bars.start(work, case, rules, "own_request", authorisation, work.today, [authorisation.type])
    authorisation.bar_until = bar.ends_on if bar else None
    return {"surrendered_on": work.today.isoformat(), "bar_until": _iso(authorisation.bar_until), "affected": affected}


def succeed(work: Work, case: models.Case, authorisation_id: str, successor_id: str, reason: str) -> Result:
    """→ B13: the legal entity is another now; the certificate ends, and the successor applies anew."""
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    succession = successions.record(work, case, authorisation.operator_id, successor_id, reason)
    if not rules.bar_follows:
        succession.freed_on, succession.freed_by, succession.freed_reason = work.today, SYSTEM.id, BY_LAW
    statuses.move(work, case, authorisation, "succeed", reason=reason)
    affected = endings.wind_up(work, case, rules, authorisation, work.today)
    return {"succession_id": succession.id, "ended_on": work.today.isoformat(), "affected": affected}


def _intending(work: Work, authorisation: models.Authorisation, act: str) -> str:
    """By which move the act is intended: what an appeal sent back is announced again, with a hearing (T36).

    Conflict for a lesser act while it is suspended: a new version, or a refused renewal, would end the suspension unseen.
    """
    if authorisation.state == "B6" and _sent_back(work, authorisation.id):
        return "intend_again"
    if authorisation.state in SUSPENDED and act not in ENDING:
        raise Conflict("While it is suspended it can only be revoked or annulled: decide on the suspension first.")
    return "intend_to_revoke" if authorisation.state in SUSPENDED else "intend_adverse_act"


def _sent_back(work: Work, authorisation_id: str) -> bool:
    return statuses.moves(work, authorisation_id)[-1].transition == "T36"


def _after_hearing(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    trigger: str,
    reasons: str | Sequence[object],
    answers: Sequence[object] | None,
) -> Result:
    suspended = endings.open_measures(work, authorisation_id, endings.SUSPENSION)
    if answers and hearings.latest(work, authorisation_id) is not None:
        hearings.answer(work, case, authorisation_id, answers)
    clock_of = suspended[0].id if suspended else None
    facts = hearings.facts(work, case, authorisation_id, reasons, clock_of)
    return _end(work, case, authorisation_id, trigger, facts)


def _end(work: Work, case: models.Case, authorisation_id: str, trigger: str, facts: Facts) -> Result:
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    annulled = trigger.startswith("annul")
    effect = _effect(work, rules)
    day = authorisation.effective_on if annulled else effect
    statuses.move(work, case, authorisation, trigger, valid_from=day, facts=facts)
    acted_on = work.today if annulled else effect
    cause = "annulled" if annulled else "revoked"
    affected = endings.wind_up(work, case, rules, authorisation, acted_on, "revoke")
    bar = bars.start(work, case, rules, cause, authorisation, acted_on, [authorisation.type])
    authorisation.bar_until = bar.ends_on if bar else None
    hearing = hearings.latest(work, authorisation.id)
    published = consents.given(work, authorisation.operator_id, authorisation.programme, consents.PUBLICATION)
    result: Result = {
        "revoked_on": acted_on.isoformat(),
        "annulled_from": day.isoformat() if annulled else None,
        "bar_until": _iso(authorisation.bar_until),
        "argument_answers": hearings.answered(hearing) if hearing else [],
        "grounds": list(hearing.grounds) if hearing else [],
        "dependents": affected,
        "publication": published is True,
    }
    return result | refusals.appeal_begins(work, case, rules, authorisation.id, cause)


def _effect(work: Work, rules: Programme) -> date:
    """From when a revocation counts; an annulment counts from the grant.

    From its receipt, real or deemed (EU: UCC art. 22(4)), or so long after it as the programme says (India: the next day).
    """
    received, period = clocks.received_on(work, rules, work.today, PORTAL), rules.effect_of("revoked")
    return add(received, period.count, Unit(period.unit), calendars.of(work, rules)) if period.count else received


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
