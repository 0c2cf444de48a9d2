"""Clocks that end by themselves: an act becomes firm, a bar is over, documents may be deleted; each once, as a fact of its own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from engine import cases, clock_rules, clocks, history, incidents, programmes
from engine.domain.events import ClockRanOut
from engine.domain.programme import ClockRule
from engine.store import models
from engine.work import Work

UNTOLD: Final = timedelta(minutes=5)  # before the next look whether the letter that begins the period was notified
HELD: Final = timedelta(days=1)  # after which it is looked again whether a proceeding still needs the documents
LEAST: Final = timedelta(minutes=1)  # what failed rests as long as it is overdue, at least so long
LONGEST: Final = timedelta(hours=1)  # and at most
STAYS: Final = "renewal_pending"  # the term is over and the certificate holds: its renewal was filed in time
PENDING: Final = "B10"


def due(work: Work, limit: int = 50) -> Sequence[str]:
    """The ids of clocks whose last day has passed and that nobody has to end, the oldest first."""
    clock = models.LegalClock
    query = select(clock.id).where(clock.runs_out_at <= work.now).order_by(clock.runs_out_at, clock.id)
    return work.session.scalars(query.limit(limit)).all()


def take_effect(work: Work, clock_id: str) -> bool:
    """What the law attaches to the end of the clock takes effect, valid from its last day, known from now on.

    False where that was done already, is not to be done yet, or somebody else holds the case just now.
    """
    case_id = work.session.scalar(select(models.LegalClock.case_id).where(models.LegalClock.id == clock_id))
    case = cases.lock_if_free(work, case_id) if case_id else None
    clock = work.session.get(models.LegalClock, clock_id, with_for_update=True) if case else None
    if case is None or clock is None or clock.runs_out_at is None or clock.runs_out_at > work.now:
        return False
    if clock.state != clocks.RUNNING or not clock_rules.ends_itself(_rule(work, case, clock), clock.name):
        clock.runs_out_at = None  # it was ended otherwise, or the programme gives its end no effect
        return False
    if pause := _pause(work, clock):
        clock.runs_out_at = max(clock.due_at, work.now + pause)
        return False
    clock.state, clock.ended_on, clock.runs_out_at = clocks.EXPIRED, clock.due_on, None
    event = ClockRanOut(clock.name, clock.subject_id, _effect(work, case, clock), clock.due_on.isoformat())
    history.record(work, event, case=case)
    for incident in incidents.open_of(work, case.id, incidents.CLOCK):
        if incident.element == clock.id:
            incidents.close(work, incident, "The period was ended.")
    return True


def rest(work: Work, clock_id: str, reason: str) -> None:
    """Leaves a clock that failed alone for a while, longer each time, so that the others get their turn; an incident tells."""
    clock = work.session.get(models.LegalClock, clock_id, with_for_update=True)
    if clock is None or clock.runs_out_at is None:
        return
    clock.runs_out_at = work.now + min(max(work.now - clock.due_at, LEAST), LONGEST)
    incidents.report(work, work.session.get(models.Case, clock.case_id), clock.id, incidents.CLOCK, reason)


def _rule(work: Work, case: models.Case, clock: models.LegalClock) -> ClockRule:
    return clock_rules.of(programmes.of_clock(work, case, clock), clock.name)


def _pause(work: Work, clock: models.LegalClock) -> timedelta | None:
    """How long to wait: for the letter that begins the period, or while an appeal needs the documents (a legal hold)."""
    if clocks.untold(work, clock) or clock.due_at > work.now:
        return UNTOLD
    about = (models.Appeal.authorisation_id == clock.subject_id) | (models.Appeal.application_id == clock.subject_id)
    pending = select(models.Appeal.id).where(about, models.Appeal.state == "open").limit(1)
    held = clock.name == clock_rules.RETENTION and work.session.scalar(pending) is not None
    return HELD if held else None


def _effect(work: Work, case: models.Case, clock: models.LegalClock) -> str:
    about = work.session.get(models.Authorisation, clock.subject_id)
    if clock.name == clock_rules.VALIDITY and about is not None and about.state == PENDING:
        return STAYS
    at_expiry: str = _rule(work, case, clock).at_expiry
    return at_expiry
