"""What the auditor reads: the events of the history, found by case, person, act and period, with the version in force."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import raiseload

from engine import pins
from engine.domain.errors import NotFound
from engine.queries.pages import in_range
from engine.store import models
from engine.work import Work
from engine.workflow import Element

PAGE: Final = 50  # events that a search shows at once
SHEET: Final = 100  # events of one stream that a page shows; event n stands on sheet (n - 1) // SHEET + 1
MOST: Final = 10_000  # a search stops counting here
Texts = tuple[str, str]  # Spanish and English


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
class Pinned:
    """A version that a release uses: what was in force for the cases of that release."""

    kind: str
    key: str
    title: str
    title_en: str
    version_id: str
    number: int


@dataclass(frozen=True, slots=True)
class EventView:
    """One event to read: `data` is what was hashed, parsed; `name` is what its task is called in the diagram in force.

    `diagram` is that diagram's version, `steps` are the engine's moves as (kind, name), `labels` the form's words for
    the fields that were answered.
    """

    id: int
    stream: str
    seq: int
    at: datetime
    actor: str
    actor_id: str
    type: str
    case_id: str | None
    case_number: str
    case_title: str
    release: int | None
    data: Mapping[str, object]
    previous_hash: str
    hash: str
    element: str = ""
    name: str = ""
    name_en: str = ""
    diagram: Pinned | None = None
    steps: Sequence[tuple[str, Texts]] = ()
    labels: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found; `capped` says that there is more than was counted."""

    events: Sequence[EventView]
    total: int
    page: int
    pages: int
    capped: bool = False


def search(work: Work, question: Question) -> Found:
    """Events that answer the question, the newest first."""
    conditions = _conditions(work, question)
    counted = select(models.Event.id).where(*conditions).limit(MOST + 1).subquery()
    count = work.session.scalar(select(func.count()).select_from(counted)) or 0
    pages = _pages(min(count, MOST), PAGE)
    page = min(in_range(question.page), pages)
    query = _events().where(*conditions).order_by(models.Event.id.desc())
    rows = work.session.execute(query.offset((page - 1) * PAGE).limit(PAGE)).all()
    return Found(_views(work, rows), min(count, MOST), page, pages, capped=count > MOST)


def of_stream(work: Work, stream: str, page: int = 1) -> Found:
    """A sheet of the events of a stream, first to last, with the words of the forms that were answered."""
    head = work.session.get(models.Stream, stream)
    if head is None:
        raise NotFound("There is no such part of the record.")
    pages = _pages(head.seq, SHEET)
    page = min(max(page, 1), pages)
    query = _events().where(models.Event.stream == stream).order_by(models.Event.seq)
    rows = work.session.execute(query.offset((page - 1) * SHEET).limit(SHEET)).all()
    views = _views(work, rows)
    releases = [event.release_id for event, *_more in rows]
    labelled = [_labelled(work, view, release) for view, release in zip(views, releases, strict=True)]
    return Found(labelled, head.seq, page, pages)


def people(work: Work) -> Sequence[tuple[str, str]]:
    """Who may have acted: id and name of every account, and of the system itself."""
    rows = work.session.execute(select(models.Account.id, models.Account.name).order_by(models.Account.name))
    return [*((row[0], row[1]) for row in rows), ("system", "Marchamo")]


def case_of(work: Work, case_id: str) -> models.Case:
    """The case whose history is read."""
    case = work.session.get(models.Case, case_id, options=[raiseload("*")])
    if case is None:
        raise NotFound("There is no such case.")
    return case


def in_force(work: Work, release_id: str) -> Sequence[Pinned]:
    """Every version that a release uses: its processes first, then forms, letters and the rest."""
    found = [pinned for _release, pinned in _pinned(work, [release_id])]
    return sorted(found, key=lambda pinned: (pinned.kind != "process", pinned.kind, pinned.key))


def release_number(work: Work, release_id: str) -> int:
    """The number of a release among those of its process."""
    return work.session.get_one(models.Release, release_id).number


def _conditions(work: Work, question: Question) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if question.text:
        conditions.append(_about(work, question.text))
    if question.person:
        conditions.append(models.Event.actor_id == question.person)
    if question.act:
        conditions.append(models.Event.type == question.act)
    if question.since:
        conditions.append(models.Event.at >= question.since)
    if question.until:
        conditions.append(models.Event.at < question.until)
    return conditions


def _about(work: Work, text: str) -> ColumnElement[bool]:
    """Events of the cases whose number begins so or whose title has the text, or of a part of the record named so."""
    case = models.Case
    cases = select(case.id).where(
        or_(case.number.startswith(text.upper(), autoescape=True), case.title.icontains(text, autoescape=True))
    )
    streams = select(models.Stream.id).where(
        ~models.Stream.id.startswith("case:"), models.Stream.id.icontains(text, autoescape=True)
    )
    return or_(
        models.Event.case_id.in_(cases), models.Event.stream.in_(list(work.session.scalars(streams.limit(PAGE))))
    )


def _events() -> Select[models.Event, str, str, int]:
    return (
        select(models.Event, models.Case.number, models.Case.title, models.Release.number)
        .outerjoin(models.Case, models.Case.id == models.Event.case_id)
        .outerjoin(models.Release, models.Release.id == models.Event.release_id)
        .options(raiseload("*"))
    )


def _pages(count: int, size: int) -> int:
    return max(1, -(-count // size))


def _views(work: Work, rows: Sequence[Row[models.Event, str, str, int]]) -> list[EventView]:
    releases = {event.release_id for event, *_more in rows if event.release_id}
    diagrams = {(release, one.key): one for release, one in _pinned(work, releases) if one.kind == "process"}
    views = []
    for event, number, title, release in rows:
        elements = pins.definition(work, event.release_id).elements if event.release_id else {}
        view = _view(event, number, title, release)
        element = elements.get(view.element)
        views.append(
            replace(
                view,
                name=element.name or element.id if element else view.element,
                name_en=element.name_en if element else "",
                diagram=_diagram(work, event, element, diagrams),
                steps=_steps(view.data, elements) if event.type == "TokensMoved" else (),
            )
        )
    return views


def _view(event: models.Event, number: str | None, title: str | None, release: int | None) -> EventView:
    data = json.loads(event.data)
    return EventView(
        id=event.id,
        stream=event.stream,
        seq=event.seq,
        at=event.at,
        actor=event.actor_name,
        actor_id=event.actor_id,
        type=event.type,
        case_id=event.case_id,
        case_number=number or "",
        case_title=title or "",
        release=release,
        data=data,
        previous_hash=event.previous_hash,
        hash=event.hash,
        element=str(data.get("element") or ""),
    )


def _diagram(
    work: Work, event: models.Event, element: Element | None, diagrams: Mapping[tuple[str, str], Pinned]
) -> Pinned | None:
    """The version of the diagram in which the event's task is drawn; of the case's own process where there is no task."""
    if event.release_id is None:
        return None
    process = element.process if element else pins.definition(work, event.release_id).process_id
    return diagrams.get((event.release_id, process))


def _steps(data: Mapping[str, object], elements: Mapping[str, Element]) -> list[tuple[str, Texts]]:
    steps = data["steps"]
    if not isinstance(steps, list):
        return []
    return [(kind, _called(elements.get(element), element)) for kind, element in steps]


def _called(element: Element | None, id_: str) -> Texts:
    return (element.name or id_, element.name_en) if element else (id_, "")


def _labelled(work: Work, view: EventView, release_id: str | None) -> EventView:
    if view.type != "TaskCompleted" or release_id is None:
        return view
    element = pins.definition(work, release_id).elements.get(view.element)
    if element is None or not element.form:
        return view
    fields = pins.form(work, release_id, element.form).walk()
    return replace(view, labels={one.key: (one.label.es, one.label.en) for one in fields if one.key and one.label.es})


def _pinned(work: Work, releases: Collection[str]) -> list[tuple[str, Pinned]]:
    resource, version = models.Resource, models.ResourceVersion
    query = (
        select(models.Pin.release_id, resource.kind, resource.key, resource.title, resource.title_en)
        .add_columns(version.id, version.number)
        .join(version, version.id == models.Pin.version_id)
        .join(resource, resource.id == version.resource_id)
        .where(models.Pin.release_id.in_(releases))
    )
    return [(release, Pinned(*rest)) for release, *rest in work.session.execute(query)]
