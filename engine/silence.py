"""What silence does to an application when a legal period has run out: accepted, granted, refused, or nothing (T7, A16)."""

from typing import Final

from engine import applications, authorisations, clocks, history, refusals, statuses
from engine.domain import guards
from engine.domain.errors import Invalid, Problem
from engine.domain.events import TypeDecided
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

Result = dict[str, object]
CLOCKS: Final = ("acceptance", "decision")


def apply(work: Work, case: models.Case, application_id: str, clock: str) -> Result:
    """Does what the programme attaches to the end of a clock (`acceptance`, `decision`); `silence` says what that was.

    Only the system does it, when the period is over. EU: who hears nothing is accepted as of the last information (IA
    art. 12(3)); elsewhere silence may grant, refuse, or mean nothing (`none`: the office still decides).
    """
    if clock not in CLOCKS:
        problem = Problem("clock", "Write one of %(choices)s.", {"choices": ", ".join(CLOCKS)})
        raise Invalid("Silence has no effect on this period.", [problem])
    application, rules = applications.find(work, case, application_id)
    effect = applications.silence(rules, clock)
    facts = Facts(over=applications.over(work, application.id, clock), silence=effect)
    if effect == guards.NO_EFFECT:
        return {"silence": effect}
    if clock == "acceptance":
        return {"silence": effect, **_at_acceptance(work, case, application, rules, facts)}
    return {"silence": effect, **_at_decision(work, case, application, rules, facts)}


def _at_acceptance(
    work: Work, case: models.Case, application: models.Application, rules: Programme, facts: Facts
) -> Result:
    if facts.silence == guards.ACCEPTED:
        day = application.complete_on or work.today
        statuses.move(work, case, application, "accept_by_silence", valid_from=day, facts=facts)
        return applications.take_in(work, case, application, rules, day, "silence")
    statuses.move(work, case, application, "lapse_by_silence", facts=facts)
    clocks.end_all(work, case, application.id)
    return {}


def _at_decision(
    work: Work, case: models.Case, application: models.Application, rules: Programme, facts: Facts
) -> Result:
    rows, _last = applications.undecided(work, application, None)
    granted = facts.silence == guards.GRANTED
    statuses.move(work, case, application, "grant_by_silence" if granted else "refuse_by_silence", facts=facts)
    applications.decide(work, case, application)
    if granted:
        return authorisations.bring_into_being(work, case, application, rules, rows, "come_by_silence")
    for row in rows:
        row.state, row.decided_on = refusals.REFUSED, work.today
        history.record(work, TypeDecided(application.id, row.type, refusals.REFUSED, ""), case=case)
    begun = refusals.appeal_begins(work, case, rules, application.id, refusals.REFUSED)
    return {"refused_on": work.today.isoformat(), **begun}
