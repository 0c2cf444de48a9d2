"""Other customs decisions that rest on an authorisation: registered, reached by type and ground, and never reaching back."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain import dependencies
from engine.domain.dependencies import IN_FORCE, REVOKED, SUSPENDED, Reached
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import DependentReached, DependentRegistered
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

LIFTED: Final = "lifted"
OWN: Final = "own"  # something that happened to the dependent decision itself
STATES: Final = (IN_FORCE, "suspended", "revoked", "under_review")


def register(work: Work, case: models.Case, authorisation_id: str, kind: str, reference: str) -> dict[str, object]:
    """It is known from now on that a decision of this kind (`simplified_declaration`), by its number, rests on the status."""
    authorisation = work.session.get(models.Authorisation, authorisation_id)
    if authorisation is None:
        raise NotFound("There is no such authorisation.")
    if not reference.strip() or not kind.strip():
        raise Invalid("The decision cannot be entered.", [Problem("reference", "Write the number of the decision.")])
    row = models.DependentDecision(
        id=work.new_id(),
        operator_id=authorisation.operator_id,
        authorisation_id=authorisation.id,
        kind=kind.strip(),
        reference=reference.strip(),
        state=IN_FORCE,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    history.record(work, DependentRegistered(row.id, authorisation.id, row.kind, row.reference), case=case)
    return {"dependent_id": row.id}


def reach(
    work: Work,
    case: models.Case,
    rules: Programme,
    authorisation: models.Authorisation,
    act: str,
    parts: Collection[str],
    criteria: Collection[str],
) -> list[dict[str, object]]:
    """What an act makes of the decisions that rest on the authorisation: recorded, and told as letters D21, D25 want it."""

    def what_becomes(kind: str) -> Reached | None:
        return dependencies.reached(rules, act, parts, criteria, kind)

    return _reach(work, case, rules, authorisation, act, what_becomes)


def narrow(
    work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation, former_type: str
) -> list[dict[str, object]]:
    """The same where a new version is of a smaller type: what rested on nothing but the types that went goes with them."""
    before, after = rules.includes(former_type), rules.includes(authorisation.type)

    def what_becomes(kind: str) -> Reached | None:
        return dependencies.lost(rules, before, after, kind)

    return _reach(work, case, rules, authorisation, REVOKED, what_becomes)


def restore(work: Work, case: models.Case, authorisation_id: str, reason: str) -> list[dict[str, object]]:
    """The act fell or ended: what it suspended or revoked is as it was before; what is under review stays with its reviewer.

    A decision that had been suspended or revoked on its own account stays so: the status was not why.
    """
    told: list[dict[str, object]] = []
    for row in of_authorisation(work, authorisation_id):
        before = _own_state(work, row.id)
        if row.state in {SUSPENDED, REVOKED} and before != row.state:
            _write(work, case, row, LIFTED, Reached(before, ""), reason)
            told.append({"decision": row.reference, "effect": before})
    return told


def change(work: Work, case: models.Case, dependent_id: str, state: str, reason: str) -> dict[str, object]:
    """Something happened to the dependent decision itself; the status that it rests on stays as it is (EU: DA art. 30)."""
    row = work.session.get(models.DependentDecision, dependent_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such decision.")
    if state not in STATES:
        problem = Problem("state", "Write one of %(choices)s.", {"choices": ", ".join(STATES)})
        raise Invalid("The decision cannot be entered.", [problem])
    if row.state == state:
        raise Conflict("The decision is in this state already.")
    _write(work, case, row, OWN, Reached(state, ""), reason)
    return {}


def of_authorisation(work: Work, authorisation_id: str) -> Sequence[models.DependentDecision]:
    """The decisions that rest on an authorisation, or on a version that it replaced, in the order in which they became known."""
    versions = _versions(work, authorisation_id)
    query = select(models.DependentDecision).where(models.DependentDecision.authorisation_id.in_(versions))
    return work.session.scalars(query.order_by(models.DependentDecision.created_at, models.DependentDecision.id)).all()


def _reach(
    work: Work,
    case: models.Case,
    rules: Programme,
    authorisation: models.Authorisation,
    act: str,
    what_becomes: Callable[[str], Reached | None],
) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for row in of_authorisation(work, authorisation.id):
        found = what_becomes(row.kind)
        if found is not None and row.state != REVOKED:
            _write(work, case, row, act, found)
            told.append({"decision": f"{_name(rules, row.kind)} {row.reference}", "effect": found.state})
    return told


def _versions(work: Work, authorisation_id: str) -> list[str]:
    """The authorisation, and every version that it has taken the place of."""
    found = [authorisation_id]
    query = select(models.Authorisation.replaces_id)
    while before := work.session.scalar(query.where(models.Authorisation.id == found[-1])):
        found.append(before)
    return found


def _name(rules: Programme, kind: str) -> str:
    rule = rules.dependent_decisions.get(kind)
    return rule.words.es if rule else kind


def _own_state(work: Work, dependent_id: str) -> str:
    """What became of the decision on its own account, whatever the status did to it."""
    own = select(models.DependentEffect.state).where(
        models.DependentEffect.dependent_id == dependent_id, models.DependentEffect.act == OWN
    )
    newest = own.order_by(models.DependentEffect.recorded_at.desc(), models.DependentEffect.id.desc())
    return work.session.scalars(newest.limit(1)).first() or IN_FORCE


def _write(
    work: Work, case: models.Case, row: models.DependentDecision, act: str, found: Reached, reason: str = ""
) -> None:
    row.state = found.state
    work.session.add(
        models.DependentEffect(
            id=work.new_id(),
            dependent_id=row.id,
            act=act,
            state=found.state,
            legal_basis=found.legal_basis,
            reason=reason,
            valid_from=work.today,
            recorded_at=work.now,
            actor_id=work.actor.id,
            case_id=case.id,
        )
    )
    work.session.flush()
    history.record(work, DependentReached(row.id, act, found.state, found.legal_basis), case=case)
