"""Every move of the three state machines is written here: the state, the change as a row, the fact in the history."""

from datetime import date

from engine import history
from engine.domain import states
from engine.domain.events import StateChanged
from engine.domain.states import Machine
from engine.store import models
from engine.work import Work

Subject = models.Application | models.Authorisation | models.Measure
_MACHINES = {
    models.Application: Machine.APPLICATION,
    models.Authorisation: Machine.AUTHORISATION,
    models.Measure: Machine.MEASURE,
}


def move(
    work: Work, case: models.Case, subject: Subject, trigger: str, valid_from: date | None = None, reason: str = ""
) -> None:
    """Moves the subject by a lawful transition, valid from a legal date (today unless said otherwise).

    Conflict where the law knows no such move from the state that it is in.
    """
    transition = states.find(_MACHINES[type(subject)], subject.state, trigger)
    before, subject.state = subject.state, transition.target
    _write(work, case, subject, before, transition.number, valid_from or work.today, reason)


def begin(work: Work, case: models.Case, subject: Subject, number: str, valid_from: date | None = None) -> None:
    """Notes the first state of a new subject; `number` is that of the transition that brought it into being."""
    _write(work, case, subject, None, number, valid_from or work.today, "")


def _write(
    work: Work, case: models.Case, subject: Subject, before: str | None, number: str, valid_from: date, reason: str
) -> None:
    machine = _MACHINES[type(subject)]
    work.session.add(
        models.StatusChange(
            id=work.new_id(),
            subject=machine,
            subject_id=subject.id,
            from_state=before,
            to_state=subject.state,
            transition=number,
            valid_from=valid_from,
            recorded_at=work.now,
            actor_id=work.actor.id,
            case_id=case.id,
            reason=reason,
        )
    )
    name = "" if isinstance(subject, models.Measure) else subject.number
    event = StateChanged(machine, subject.id, name, before, subject.state, number, valid_from.isoformat(), reason)
    history.record(work, event, case=case)
