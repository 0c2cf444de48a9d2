"""Measures against an authorisation: a suspension with its ground and period, and the ways in which it ends; a plan."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from engine import (
    applications,
    authorisations,
    clocks,
    dependents,
    endings,
    findings,
    hearings,
    programmes,
    refusals,
    statuses,
)
from engine.domain import dependencies
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.states import UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]
# EU: DA art. 16: (a) elements are missing, (b) conditions are not met, (c) the holder asks. Each is a transition of its own.
GROUNDS: Final = {"a": "to_clarify", "b": "to_cure", "c": "at_request"}
EXPIRED: Final = "expired"
SUSPENSION: Final = endings.SUSPENSION
PLAN: Final = "action_plan"
WHOLE, PART, INTENDED = "B4", "B5", "B6"


def conditions(work: Work, case: models.Case, authorisation_id: str) -> Result:
    """The conditions of the programme on which the certificate rests, as choices of a form: `value`, `label`, `label_en`."""
    authorisation = authorisations.get(work, authorisation_id)
    rules = programmes.of(work, case, authorisation.programme)
    resting = [key for key in rules.grounds if dependencies.parts_reached(rules, authorisation.type, [key])]
    named = [(key, rules.grounds[key].words) for key in resting]
    return {"conditions": [{"value": key, "label": words.es, "label_en": words.en} for key, words in named]}


def open_suspension(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    ground: str,
    reasons: str,
    days: int,
    criteria: Sequence[str] | None = None,
) -> Result:
    """B1/B2/B3 → B4 or B5: benefits stop today, the suspension clock runs for the days that the act sets (EU: DA art. 16).

    `criteria` are those in doubt or lost: they decide which types within the certificate's type are suspended, and which
    other decisions are affected (EU: DA art. 30). None named: all. One that is suspended already may be suspended on another
    ground as well, each with its own period and its own end; Conflict on the same ground and conditions.
    """
    authorisation = authorisations.get(work, authorisation_id)
    if ground not in GROUNDS:
        raise Invalid("The ground is not known.", [Problem("ground", "Choose a, b or c.")])
    rules = programmes.of(work, case, authorisation.programme)
    _require_within(rules, ground, days, criteria or ())
    _require_other(work, authorisation, ground, criteria or ())
    parts = _parts(rules, authorisation, criteria or ())
    authorisation.suspended_parts = sorted({*authorisation.suspended_parts, *parts})
    wholly = set(rules.includes(authorisation.type)) <= set(authorisation.suspended_parts)
    trigger = f"suspend_{GROUNDS[ground]}" if wholly else "suspend_partly"
    statuses.move(work, case, authorisation, trigger, reason=reasons)
    measure = _new(work, case, authorisation, SUSPENSION, ground, reasons)
    measure.criteria, measure.parts = list(criteria or ()), list(parts)
    statuses.move(work, case, measure, f"open_{GROUNDS[ground]}", reason=reasons)
    work.session.add(measure)
    work.session.flush()
    clock = clocks.start(work, case, rules, "suspension", measure.id, days=days)
    measure.ends_on = clock.due_on
    affected = dependents.reach(work, case, rules, authorisation, dependencies.SUSPENDED, parts, criteria or ())
    result: Result = {"measure_id": measure.id, "suspended_on": work.today.isoformat(), "suspended_types": list(parts)}
    appeal = refusals.appeal_begins(work, case, rules, authorisation.id, "suspended")
    return result | {
        "affected": affected,
        "suspension_extendable": _extendable(rules, ground),
        **clocks.due(clock),
        **appeal,
    }


def prolong(work: Work, case: models.Case, measure_id: str, days: int, reason: str) -> Result:
    """Adds days to an open suspension, before it has run out (EU: DA art. 17(2)).

    Conflict where the programme prolongs none of its ground: what is only to be clarified ends in time (art. 17(1)).
    """
    measure, authorisation = find(work, measure_id)
    rules = programmes.of(work, case, authorisation.programme)
    if not _extendable(rules, measure.ground or ""):
        raise Conflict("The programme prolongs no suspension on this ground.")
    facts = Facts(over=applications.over(work, measure.id, "suspension"))
    statuses.move(work, case, measure, "prolong", reason=reason, facts=facts)
    added = Period(days, Unit.CALENDAR, rules.clock("suspension").legal_basis.es)
    clock = clocks.extend(work, case, rules, "suspension", measure.id, added, reason)
    measure.ends_on = clock.due_on
    return clocks.due(clock)


def lift(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """B4/B5/B6 → B1: cured, no ground, not revoked, or the period simply ran out (`expired`: EU, DA art. 18).

    Benefits are on again, and what the suspension suspended of other decisions; a renewal that was pending goes on.
    Conflict where it is said to have expired and has not.
    """
    measure, authorisation = find(work, measure_id)
    lapsed, prolonged = reason == EXPIRED, _prolonged(work, case, authorisation)
    if lapsed and prolonged:
        raise Conflict("The suspension is prolonged until the act that is intended takes effect or is given up.")
    facts = Facts(outcome=reason, over=applications.over(work, measure.id, "suspension"))
    statuses.move(work, case, measure, "lapse" if lapsed else "lift", reason=reason, facts=facts)
    endings.close(work, case, measure, reason)
    left = _still_suspended(work, authorisation)
    before = authorisation.state
    authorisation.suspended_parts = left if prolonged or before != INTENDED else []
    held = set(programmes.of(work, case, authorisation.programme).includes(authorisation.type)) <= set(left)
    trigger = "" if prolonged or held else _lifting(before, lapsed=lapsed, left=bool(left))
    if trigger:
        statuses.move(work, case, authorisation, trigger, reason=reason, facts=facts)
    affected = [] if left else dependents.restore(work, case, authorisation.id, reason)
    _resume_renewal(work, case, authorisation)
    return {"lifted_on": work.today.isoformat(), "affected": affected}


def start_revocation_hearing(
    work: Work,
    case: models.Case,
    measure_id: str,
    grounds: str | Sequence[object],
    documents: Sequence[object] | None = None,
) -> Result:
    """B4 → B6: the intention to revoke is notified; the suspension is prolonged until the act takes effect (EU: DA art. 17(3))."""
    measure, authorisation = find(work, measure_id)
    rules = programmes.of(work, case, authorisation.programme)
    statuses.move(work, case, authorisation, "intend_to_revoke", facts=Facts(items=len(grounds)))
    hearings.begin(work, case, authorisation.id, "revoke", grounds, documents)
    clocks.meet(work, case, "suspension", measure.id)
    measure.ends_on = None
    return clocks.due(clocks.start(work, case, rules, "hearing", measure.id))


def end_hearing(
    work: Work,
    case: models.Case,
    measure_id: str,
    arguments: Sequence[object] | None = None,
    waived: str | None = None,
) -> Result:
    """The holder was heard, or let the period pass: the hearing clock ends on this day, not on that of the decision."""
    measure, authorisation = find(work, measure_id)
    hearings.end(work, case, authorisation.id, arguments, waived or "", clock_of=measure.id)
    clocks.meet(work, case, "hearing", measure.id)
    return {}


def open_plan(work: Work, case: models.Case, authorisation_id: str, actions: Sequence[object]) -> Result:
    """B1 → B2: a corrective plan instead of a suspension; the certificate stays in force while it is carried out (T30)."""
    authorisation = authorisations.get(work, authorisation_id)
    facts = Facts(actions=len(actions))
    statuses.move(work, case, authorisation, "open_plan", facts=facts)
    measure = _new(work, case, authorisation, PLAN, "", "")
    statuses.move(work, case, measure, "agree_plan", facts=facts)
    work.session.add(measure)
    work.session.flush()
    return {"measure_id": measure.id, "agreed_on": work.today.isoformat()}


def close_plan(work: Work, case: models.Case, measure_id: str) -> Result:
    """B2 → B1: every finding of the plan is corrected, verified by somebody other than its author."""
    measure, authorisation = find(work, measure_id)
    statuses.move(work, case, measure, "carry_out", facts=Facts(findings=findings.unsolved(work, case.id)))
    endings.close(work, case, measure, "carried_out")
    if authorisation.state == "B2":
        statuses.move(work, case, authorisation, "close_plan")
    return {"closed_on": work.today.isoformat()}


def fail_plan(work: Work, case: models.Case, measure_id: str, reason: str) -> Result:
    """The plan was not carried out; the certificate is in force again until somebody suspends it or intends to revoke it."""
    measure, authorisation = find(work, measure_id)
    statuses.move(work, case, measure, "fail", reason=reason)
    endings.close(work, case, measure, "failed")
    if authorisation.state == "B2":
        statuses.move(work, case, authorisation, "close_plan")
    return {"closed_on": work.today.isoformat()}


def find(work: Work, measure_id: str) -> tuple[models.Measure, models.Authorisation]:
    """The measure, locked, and the authorisation that it is about; NotFound if there is none."""
    measure = work.session.get(models.Measure, measure_id, with_for_update=True)
    if measure is None:
        raise NotFound("There is no such measure.")
    return measure, authorisations.get(work, measure.authorisation_id)


def _require_within(rules: Programme, ground: str, days: int, criteria: Sequence[str]) -> None:
    """The longest period of the ground, but for a doubt that has none (EU: DA art. 17(1), compliance: until established)."""
    known = rules.suspension.get(ground)
    if known is None or known.days is None or not set(known.until_established).isdisjoint(criteria):
        return
    if days > known.days:
        problem = Problem("days", "At most %(most)s days on this ground.", {"most": known.days})
        raise Invalid("This period is not lawful.", [problem])


def _require_other(work: Work, authorisation: models.Authorisation, ground: str, criteria: Sequence[str]) -> None:
    """A second suspension is for a second ground, or other conditions: the same one is prolonged, not opened twice."""
    for one in endings.open_measures(work, authorisation.id, SUSPENSION):
        if one.ground == ground and set(one.criteria) == set(criteria):
            raise Conflict("A suspension on this ground and these conditions is open: prolong it, or let it end.")


def _prolonged(work: Work, case: models.Case, authorisation: models.Authorisation) -> bool:
    """Whether another case has announced an act: until that takes effect or is given up, the suspension does not run out."""
    hearing = hearings.latest(work, authorisation.id) if authorisation.state == INTENDED else None
    return hearing is not None and hearing.case_id != case.id


def _extendable(rules: Programme, ground: str) -> bool:
    """Whether a suspension on this ground may be prolonged; of a ground that the programme does not know nothing is said."""
    known = rules.suspension.get(ground)
    return known is None or known.extendable


def _parts(rules: Programme, authorisation: models.Authorisation, criteria: Sequence[str]) -> tuple[str, ...]:
    parts = dependencies.parts_reached(rules, authorisation.type, criteria)
    if not parts:
        problem = Problem("criteria", "Name a criterion on which this certificate rests.")
        raise Invalid("These criteria do not reach the certificate.", [problem])
    return parts


def _lifting(state: str, *, lapsed: bool, left: bool) -> str:
    if left:
        return "" if state == PART else "lapse_partly" if lapsed else "lift_partly"
    return "lapse_suspension" if lapsed else "give_up_adverse_act" if state == "B6" else "lift"


def _still_suspended(work: Work, authorisation: models.Authorisation) -> list[str]:
    """The parts that other suspensions hold, once one of them has ended."""
    query = select(models.Measure.parts).where(
        models.Measure.authorisation_id == authorisation.id,
        models.Measure.kind == SUSPENSION,
        models.Measure.state == "open",
    )
    return sorted({part for parts in work.session.scalars(query) for part in parts})


def _resume_renewal(work: Work, case: models.Case, authorisation: models.Authorisation) -> None:
    query = select(models.Measure.id).where(
        models.Measure.authorisation_id == authorisation.id,
        models.Measure.kind == endings.RENEWAL,
        models.Measure.state == "open",
    )
    if authorisation.state == "B1" and work.session.scalars(query).first() is not None:
        statuses.move(work, case, authorisation, "resume_renewal")


def _new(
    work: Work, case: models.Case, authorisation: models.Authorisation, kind: str, ground: str, reasons: str
) -> models.Measure:
    return models.Measure(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        case_id=case.id,
        kind=kind,
        ground=ground,
        reasons=reasons,
        state=UNBORN,
        starts_on=work.today,
        criteria=[],
        parts=[],
        created_at=work.now,
    )
