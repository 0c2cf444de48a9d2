"""Every move of the three state machines is written here: the state, the change as a row, the fact in the history."""

from datetime import date
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain import duties, states
from engine.domain.events import StateChanged
from engine.domain.states import Machine, Transition
from engine.store import models
from engine.work import SYSTEM, Work

Subject = models.Application | models.Authorisation | models.Measure
_MACHINES: Final = {
    models.Application: Machine.APPLICATION,
    models.Authorisation: Machine.AUTHORISATION,
    models.Measure: Machine.MEASURE,
}


def move(
    work: Work, case: models.Case, subject: Subject, trigger: str, valid_from: date | None = None, reason: str = ""
) -> None:
    """Moves the subject by a lawful transition, valid from a legal date (today unless said otherwise).

    A subject that was just made has the state `states.UNBORN`. Conflict where the law knows no such move from its state,
    NotAllowed where the act is reserved to others or the actor may not decide on their own work.
    """
    machine = _MACHINES[type(subject)]
    transition = states.move(machine, subject.state, trigger)
    system = work.actor.id == SYSTEM.id
    duties.require_office(transition, work.actor.roles, system=system)
    if transition.number in duties.APART:
        duties.require_apart(transition, work.actor.id, _past(work, machine, subject))
    before, subject.state = subject.state, transition.target_from(subject.state)
    _write(work, case, subject, transition, before or None, valid_from or work.today, reason)


def _past(work: Work, machine: Machine, subject: Subject) -> list[tuple[str, str]]:
    """Which moves the subject made, and who made each."""
    query = select(models.StatusChange.transition, models.StatusChange.actor_id).where(
        models.StatusChange.subject == machine, models.StatusChange.subject_id == subject.id
    )
    return [(number, actor) for number, actor in work.session.execute(query)]


def _write(
    work: Work,
    case: models.Case,
    subject: Subject,
    transition: Transition,
    before: str | None,
    valid_from: date,
    reason: str,
) -> None:
    work.session.add(
        models.StatusChange(
            id=work.new_id(),
            subject=transition.machine,
            subject_id=subject.id,
            from_state=before,
            to_state=subject.state,
            transition=transition.number,
            valid_from=valid_from,
            recorded_at=work.now,
            actor_id=work.actor.id,
            case_id=case.id,
            reason=reason,
        )
    )
    name = "" if isinstance(subject, models.Measure) else subject.number
    event = StateChanged(
        transition.machine,
        subject.id,
        name,
        before,
        subject.state,
        transition.number,
        valid_from.isoformat(),
        reason,
    )
    history.record(work, event, case=case)
