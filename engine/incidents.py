"""Incidents: what cannot go on by itself is told, with its cause, until somebody mends it."""

from sqlalchemy import select

from engine import history
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.events import IncidentRaised, IncidentResolved
from engine.store import models
from engine.work import Work


def report(work: Work, case: models.Case | None, element: str, cause: str, message: str) -> models.Incident:
    """Raises an incident; an open one of the same case, element and cause stands for both."""
    same = select(models.Incident).where(
        models.Incident.case_id == (case.id if case else None),
        models.Incident.element == element,
        models.Incident.cause == cause,
        models.Incident.resolved_at.is_(None),
    )
    known = work.session.scalar(same)
    if known is not None:
        return known
    incident = models.Incident(
        id=work.new_id(), case_id=case.id if case else None, element=element, cause=cause, message=message, at=work.now
    )
    work.session.add(incident)
    event = IncidentRaised(incident.id, element, cause, message)
    history.record(work, event, case=case, stream=None if case else "system")
    return incident


def resolve(work: Work, incident_id: str, resolution: str) -> None:
    """An administrator says how an incident was mended."""
    if not work.actor.holds("administrator"):
        raise NotAllowed("Only an administrator closes an incident.")
    incident = work.session.get(models.Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound("There is no such incident.")
    if incident.resolved_at is not None:
        raise Conflict("This incident was closed already.")
    incident.resolved_at, incident.resolved_by, incident.resolution = work.now, work.actor.id, resolution
    case = work.session.get(models.Case, incident.case_id) if incident.case_id else None
    event = IncidentResolved(incident.id, resolution)
    history.record(work, event, case=case, stream=None if case else "system")
