"""Every move of the three state machines is written here: the state, the change as a row, the fact in the history."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from engine import benefits, history, outbox, partners
from engine.domain import duties, guards, record, states
from engine.domain.clocks import over
from engine.domain.errors import Conflict, NotFound
from engine.domain.events import StateChanged, StatusCorrected
from engine.domain.guards import Facts
from engine.domain.record import Entry
from engine.domain.states import Machine, Transition
from engine.store import models
from engine.work import SYSTEM, Work

Subject = models.Application | models.Authorisation | models.Measure | models.Appeal
NOTHING: Final = Facts()
EFFECT: Final = "effect"  # the outbox job that takes up what becomes valid on its day
_MACHINES: Final = {
    models.Application: Machine.APPLICATION,
    models.Authorisation: Machine.AUTHORISATION,
    models.Measure: Machine.MEASURE,
    models.Appeal: Machine.MEASURE,
}


def move(
    work: Work,
    case: models.Case,
    subject: Subject,
    trigger: str,
    valid_from: date | None = None,
    reason: str = "",
    facts: Facts = NOTHING,
) -> None:
    """Moves the subject by a lawful transition, valid from a legal date (today unless said otherwise).

    A subject that was just made has the state `states.UNBORN`. Conflict where the law knows no such move from its state or
    a guard does not hold, Invalid where what was handed in fails a guard, NotAllowed where the act is reserved to others
    or the actor may not decide on their own work. An act on an authorisation that is valid from a later day is recorded
    now and taken up on that day; what is filed after the cut-off hour is filed now, and counts as of the next working day.
    Benefits and partners follow in the same transaction.
    """
    machine = _MACHINES[type(subject)]
    transition = states.move(machine, subject.state, trigger)
    _require_nothing_pending(work, machine, subject)
    system = work.actor.id == SYSTEM.id
    duties.require_office(transition, work.actor.roles, system=system)
    if transition.number in duties.APART:
        duties.require_apart(transition, work.actor.id, _past(work, machine, subject))
    day = valid_from or work.today
    said = replace(facts, today=work.today, valid_from=day, reasons=facts.reasons or reason)
    guards.require(transition.guards, said)
    change = _write(work, case, subject, transition, day, said.reasons)
    if day > work.today and isinstance(subject, models.Authorisation):
        outbox.add(work, EFFECT, {"authorisation_id": subject.id}, case, at=over(day - timedelta(days=1), work.zone))
        return
    subject.state = change.to_state
    _follow(work, case, subject, change)


def take_up(work: Work, case: models.Case, authorisation: models.Authorisation) -> None:
    """What was recorded for a later day becomes the state of the authorisation when that day has come."""
    rows = _rows(work, Machine.AUTHORISATION, authorisation.id)
    change = rows[-1] if rows else None
    if change is None or change.valid_from > work.today or change.to_state == authorisation.state:
        return
    if change.valid_from > change.recorded_at.astimezone(work.zone).date():
        authorisation.state = change.to_state
        _follow(work, case, authorisation, change)


def correct(work: Work, case: models.Case, change_id: str, valid_from: date, reason: str) -> models.StatusChange:
    """Puts the legal date of a move right by a new row; what was recorded before stays as it was recorded."""
    wrong = work.session.get(models.StatusChange, change_id)
    if wrong is None:
        raise NotFound("There is no such change of state.")
    if not work.actor.holds(duties.AUTHORITY):
        raise duties.only(duties.AUTHORITY)
    guards.require(("reason_given",), Facts(reasons=reason))
    corrected = _copy(work, case, wrong, valid_from, reason)
    work.session.add(corrected)
    event = StatusCorrected(
        wrong.subject, wrong.subject_id, wrong.to_state, wrong.valid_from.isoformat(), valid_from.isoformat(), reason
    )
    history.record(work, event, case=case)
    return corrected


def on(work: Work, machine: Machine, subject_id: str, day: date, known_at: datetime | None = None) -> str | None:
    """The state of a subject on a day as it was known at an instant (now, if none is given); None before it existed."""
    return record.state_on(_entries(_rows(work, machine, subject_id)), day, known_at)


def moves(work: Work, subject_id: str) -> list[models.StatusChange]:
    """The moves of an application, authorisation or measure, in the order in which they were recorded."""
    query = select(models.StatusChange).where(models.StatusChange.subject_id == subject_id)
    return list(work.session.scalars(query.order_by(models.StatusChange.recorded_at, models.StatusChange.id)))


def _require_nothing_pending(work: Work, machine: Machine, subject: Subject) -> None:
    if machine is not Machine.AUTHORISATION or subject.state == states.UNBORN:
        return
    query = select(models.StatusChange.valid_from).where(
        models.StatusChange.subject_id == subject.id, models.StatusChange.valid_from > work.today
    )
    pending = work.session.scalars(query.order_by(models.StatusChange.valid_from)).first()
    if pending is not None:
        raise Conflict("An act takes effect on %(day)s: nothing else can be done until then.", day=pending.isoformat())


def _past(work: Work, machine: Machine, subject: Subject) -> list[tuple[str, str]]:
    """Which moves the subject made, and who made each."""
    return [(row.transition, row.actor_id) for row in _rows(work, machine, subject.id)]


def _rows(work: Work, machine: Machine, subject_id: str) -> list[models.StatusChange]:
    query = select(models.StatusChange).where(
        models.StatusChange.subject == machine, models.StatusChange.subject_id == subject_id
    )
    return list(work.session.scalars(query.order_by(models.StatusChange.recorded_at, models.StatusChange.id)))


def _entries(rows: list[models.StatusChange]) -> list[Entry]:
    return [Entry(row.id, row.to_state, row.valid_from, row.recorded_at, row.corrects_id) for row in rows]


def _write(
    work: Work, case: models.Case, subject: Subject, transition: Transition, valid_from: date, reason: str
) -> models.StatusChange:
    before, after = subject.state or None, transition.target_from(subject.state)
    change = models.StatusChange(
        id=work.new_id(),
        subject=transition.machine,
        subject_id=subject.id,
        from_state=before,
        to_state=after,
        transition=transition.number,
        valid_from=valid_from,
        recorded_at=work.now,
        actor_id=work.actor.id,
        case_id=case.id,
        reason=reason,
    )
    work.session.add(change)
    name = subject.number if isinstance(subject, models.Application | models.Authorisation) else ""
    event = StateChanged(
        transition.machine, subject.id, name, before, after, transition.number, valid_from.isoformat(), reason
    )
    history.record(work, event, case=case)
    return change


def _copy(
    work: Work, case: models.Case, wrong: models.StatusChange, valid_from: date, reason: str
) -> models.StatusChange:
    return models.StatusChange(
        id=work.new_id(),
        subject=wrong.subject,
        subject_id=wrong.subject_id,
        from_state=wrong.from_state,
        to_state=wrong.to_state,
        transition=wrong.transition,
        valid_from=valid_from,
        recorded_at=work.now,
        actor_id=work.actor.id,
        case_id=case.id,
        reason=reason,
        corrects_id=wrong.id,
    )


def _follow(work: Work, case: models.Case, subject: Subject, change: models.StatusChange) -> None:
    """What every move of an authorisation brings with it."""
    if isinstance(subject, models.Authorisation):
        benefits.settle(work, case, subject, change)
        partners.tell(work, case, subject, change)
