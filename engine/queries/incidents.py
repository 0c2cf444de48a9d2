"""Incidents as their pages show them: what cannot go on, since when, why, who mends it and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, select

from engine import calls, pins
from engine.domain.errors import NotAllowed, NotFound
from engine.incidents import ADMINISTRATOR
from engine.queries.pages import SIZE, Page, count, in_range, offset
from engine.store import models
from engine.work import Work
from engine.workflow import Element

Incident, Case, Outbox = models.Incident, models.Case, models.Outbox
OPEN, CLOSED = "open", "closed"
CAUSES: Final = ("service", "error", "engine", "standstill", "timer", "outbox", "message", "delivery")


@dataclass(frozen=True, slots=True)
class Row:
    """An incident; `name` is what the element is called, and `case` the number of the case, empty if it is of none."""

    id: str
    case: str
    title: str
    element: str
    name: str
    name_en: str
    cause: str
    message: str
    params: Mapping[str, object]
    owner: str
    remedy: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str
    resolution: str
    task_id: str
    active: bool
    sendable: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """An element at which a case stands still: who mends it, or when it is tried again by itself."""

    element: str
    name: str
    name_en: str
    owner: str
    retry_at: datetime | None


def listing(work: Work, state: str = OPEN, cause: str = "", owner: str = "", number: int = 1) -> Page[Row]:
    """Open incidents, the oldest first; or closed ones, the last closed first."""
    _require_reader(work)
    number = in_range(number)
    conditions: list[ColumnElement[bool]] = [
        Incident.resolved_at.is_(None) if state == OPEN else Incident.resolved_at.is_not(None)
    ]
    conditions += [Incident.cause == cause] if cause else []
    conditions += [Incident.owner == owner] if owner else []
    total = count(work.session, select(Incident.id).where(*conditions))
    order = (Incident.at, Incident.id) if state == OPEN else (Incident.resolved_at.desc(), Incident.at.desc())
    query = _query().where(*conditions).order_by(*order).limit(SIZE + 1).offset(offset(number))
    rows = tuple(_row(work, *found) for found in work.session.execute(query))
    return Page(rows[:SIZE], number, total, more=len(rows) > SIZE)


def one(work: Work, incident_id: str) -> Row:
    """An incident by its id."""
    _require_reader(work)
    found = work.session.execute(_query().where(Incident.id == incident_id)).first()
    if found is None:
        raise NotFound("There is no such incident.")
    return _row(work, *found)


def of_case(work: Work, case_id: str) -> tuple[Row, ...]:
    """The open incidents of a case, the oldest first."""
    _require_reader(work)
    query = (
        _query().where(Incident.case_id == case_id, Incident.resolved_at.is_(None)).order_by(Incident.at, Incident.id)
    )
    return tuple(_row(work, *found) for found in work.session.execute(query))


def open_ones(work: Work) -> int:
    """How many incidents are open, as far as they are counted."""
    return count(work.session, select(Incident.id).where(Incident.resolved_at.is_(None)))


def stops(work: Work, case_id: str, release_id: str) -> tuple[Stop, ...]:
    """Where a case stands still, for those who may see the case."""
    elements = pins.definition(work, release_id).elements
    told = select(Incident.element, Incident.owner).where(Incident.case_id == case_id, Incident.resolved_at.is_(None))
    found = {
        element: _stop(elements, element, owner) for element, owner in work.session.execute(told.order_by(Incident.at))
    }
    waiting = select(Outbox.payload, Outbox.next_attempt_at).where(
        Outbox.case_id == case_id,
        Outbox.kind == calls.JOB,
        Outbox.done_at.is_(None),
        Outbox.next_attempt_at.is_not(None),
    )
    for payload, retry_at in work.session.execute(waiting):
        element = str(payload.get("element", ""))
        found.setdefault(element, _stop(elements, element, "", retry_at))
    return tuple(found.values())


def _query() -> Select[models.Incident, models.Case, str, datetime | None]:
    return (
        select(Incident, Case, models.Account.name, Outbox.next_attempt_at)
        .outerjoin(Case, Case.id == Incident.case_id)
        .outerjoin(models.Account, models.Account.id == Incident.resolved_by)
        .outerjoin(Outbox, (Outbox.id == Incident.outbox_id) & Outbox.done_at.is_(None))
    )


def _row(
    work: Work, incident: models.Incident, case: models.Case | None, by: str | None, again: datetime | None
) -> Row:
    elements: Mapping[str, Element] = pins.definition(work, case.release_id).elements if case else {}
    element = elements.get(incident.element)
    return Row(
        id=incident.id,
        case=case.number if case else "",
        title=case.title if case else "",
        element=incident.element,
        name=element.name if element else "",
        name_en=element.name_en if element else "",
        cause=incident.cause,
        message=incident.message,
        params=incident.params or {},
        owner=incident.owner,
        remedy=incident.remedy,
        at=incident.at,
        resolved_at=incident.resolved_at,
        resolved_by=by or "",
        resolution=incident.resolution or "",
        task_id=incident.task_id,
        active=case is not None and case.status == "active",
        sendable=incident.outbox_id is not None and incident.resolved_at is None and again is None,
    )


def _stop(elements: Mapping[str, Element], name: str, owner: str, retry_at: datetime | None = None) -> Stop:
    element = elements.get(name)
    return Stop(name, element.name if element else "", element.name_en if element else "", owner, retry_at)


def _require_reader(work: Work) -> None:
    if not work.actor.holds(ADMINISTRATOR, "auditor"):
        raise NotAllowed("Only an administrator intervenes in a case.")
