"""What the auditor reads: the events of the history, found by case, person, act and period."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import raiseload

from engine.domain.errors import NotFound
from engine.store import models
from engine.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; empty fields ask nothing. `until` is exclusive."""

    text: str = ""
    person: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class EventView:
    """One event to read: `data` is what was hashed, parsed."""

    id: int
    stream: str
    seq: int
    at: datetime
    actor: str
    type: str
    case_id: str | None
    case_number: str
    case_title: str
    release: int | None
    data: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found."""

    events: Sequence[EventView]
    total: int
    page: int
    pages: int


def search(work: Work, question: Question) -> Found:
    """Events that answer the question, the newest first."""
    conditions = _conditions(question)
    query = _events().where(*conditions)
    total = work.session.scalar(
        select(func.count())
        .select_from(models.Event)
        .outerjoin(models.Case, models.Case.id == models.Event.case_id)
        .where(*conditions)
    )
    count = total or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(question.page, 1), pages)
    rows = work.session.execute(query.order_by(models.Event.id.desc()).offset((page - 1) * PAGE).limit(PAGE))
    return Found([_view(event, number, title, release) for event, number, title, release in rows], count, page, pages)


def of_stream(work: Work, stream: str) -> Sequence[EventView]:
    """Every event of a stream, first to last."""
    rows = work.session.execute(_events().where(models.Event.stream == stream).order_by(models.Event.seq)).all()
    if not rows:
        raise NotFound("There is no such part of the record.")
    return [_view(event, number, title, release) for event, number, title, release in rows]


def acts(work: Work) -> Sequence[str]:
    """The types of events that occur, for the list to choose from."""
    return work.session.scalars(select(models.Event.type).distinct().order_by(models.Event.type)).all()


def people(work: Work) -> Sequence[tuple[str, str]]:
    """Who acts in the history: id and name."""
    query = select(models.Event.actor_id, func.max(models.Event.actor_name)).group_by(models.Event.actor_id)
    return sorted(((row[0], row[1]) for row in work.session.execute(query)), key=lambda pair: pair[1])


def case_of(work: Work, case_id: str) -> models.Case:
    """The case whose history is read."""
    case = work.session.get(models.Case, case_id, options=[raiseload("*")])
    if case is None:
        raise NotFound("There is no such case.")
    return case


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if question.text:
        pattern = f"%{question.text.replace('%', '').replace('_', '')}%"
        case = models.Case
        conditions.append(
            or_(case.number.ilike(pattern), case.title.ilike(pattern), models.Event.stream.ilike(pattern))
        )
    if question.person:
        conditions.append(models.Event.actor_id == question.person)
    if question.act:
        conditions.append(models.Event.type == question.act)
    if question.since:
        conditions.append(models.Event.at >= question.since)
    if question.until:
        conditions.append(models.Event.at < question.until)
    return conditions


def _events() -> Select[models.Event, str, str, int]:
    return (
        select(models.Event, models.Case.number, models.Case.title, models.Release.number)
        .outerjoin(models.Case, models.Case.id == models.Event.case_id)
        .outerjoin(models.Release, models.Release.id == models.Event.release_id)
        .options(raiseload("*"))
    )


def _view(event: models.Event, number: str | None, title: str | None, release: int | None) -> EventView:
    return EventView(
        id=event.id,
        stream=event.stream,
        seq=event.seq,
        at=event.at,
        actor=event.actor_name,
        type=event.type,
        case_id=event.case_id,
        case_number=number or "",
        case_title=title or "",
        release=release,
        data=json.loads(event.data),
        hash=event.hash,
    )
