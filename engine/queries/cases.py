"""Cases as their pages show them, each for its actor only: applicants see those of their operators, officers all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from engine import pins
from engine.domain.errors import NotFound
from engine.queries import clocks, visible
from engine.queries.clocks import Clock
from engine.queries.pages import SIZE, Page, count, in_range, offset
from engine.store import models
from engine.work import Work
from engine.workflow import Diagram

Case = models.Case
_NUMBER: Final = re.compile(r"[A-Z]{1,6}-\d{0,4}(-\d*)?")  # the beginning of a case number
SHORTEST: Final = 2  # characters that a search needs
HITS: Final = 20  # operators that a search shows


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    number: str
    title: str
    process: str
    process_en: str
    phase: str
    status: str
    created_at: datetime
    updated_at: datetime
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Hit:
    """An operator that a search found."""

    id: str
    name: str
    tax_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `exact` is the number of the one case that was meant."""

    exact: str | None
    operators: tuple[Hit, ...]
    cases: Page[Row]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of the phase bar: done, skipped (nobody had a task in it), now or next.

    `since` and `until` are when the case entered and left it.
    """

    id: str
    name: str
    name_en: str
    state: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of every page of a case; `application` and `authorisation` are number and state."""

    id: str
    number: str
    title: str
    status: str
    name: str
    name_en: str
    release: int
    release_id: str
    created_at: datetime
    completed_at: datetime | None
    operator_id: str | None
    tax_id: str
    kind: str
    application: tuple[str, str] | None
    authorisation: tuple[str, str] | None
    phases: tuple[Phase, ...]
    clocks: tuple[Clock, ...]
    counts: Mapping[str, int]

    @property
    def pressing(self) -> Clock | None:
        """The legal clock to show first."""
        return clocks.pressing(self.clocks)


def listing(work: Work, status: str = "", text: str = "", number: int = 1) -> Page[Row]:
    """The cases that the actor may see, those that changed last on top."""
    number = in_range(number)
    conditions = [visible.case(work.actor)]
    if status:
        conditions.append(Case.status == status)
    if text:
        conditions.append(_matches(work, text))
    total = count(work.session, select(Case.id).where(*conditions))
    order = (Case.updated_at.desc(), Case.id.desc())
    query = _list_query().where(*conditions).order_by(*order).limit(SIZE + 1).offset(offset(number))
    rows = _list_rows(work, query)
    return Page(rows[:SIZE], number, total, more=len(rows) > SIZE)


def search(work: Work, text: str) -> Found:
    """Cases by the beginning of their number, operators by a part of their name or the beginning of their tax number."""
    if len(text) < SHORTEST:
        return Found(None, (), Page((), 1, 0, more=False))
    exact = work.session.scalar(select(Case.number).where(Case.number == text.upper(), visible.case(work.actor)))
    return Found(exact, operators_like(work, text), listing(work, text=text))


def operators_like(work: Work, text: str) -> tuple[Hit, ...]:
    """Operators whose name has the text, or whose tax number begins with it."""
    query = (
        select(models.Operator.id, models.Operator.name, models.Operator.tax_id)
        .where(_operator_matches(text), visible.to(work.actor, models.Operator.id))
        .order_by(models.Operator.name)
        .limit(HITS)
    )
    return tuple(Hit(*row) for row in work.session.execute(query))


def of_operator(work: Work, operator_id: str) -> tuple[Row, ...]:
    """The cases of one operator, the newest on top."""
    query = (
        _list_query()
        .where(Case.operator_id == operator_id, visible.case(work.actor))
        .order_by(Case.created_at.desc())
        .limit(SIZE * 4)
    )
    return _list_rows(work, query)


def head(work: Work, number: str) -> Head:
    """A case by its number; NotFound also for one that the actor may not see."""
    query = (
        select(Case, models.Operator, models.Application, models.Authorisation)
        .outerjoin(models.Operator, models.Operator.id == Case.operator_id)
        .outerjoin(models.Application, models.Application.id == Case.application_id)
        .outerjoin(models.Authorisation, models.Authorisation.id == Case.authorisation_id)
        .where(Case.number == number, visible.case(work.actor))
    )
    found = work.session.execute(query).first()
    if found is None:
        raise NotFound("There is no case %(number)s.", number=number)
    case, operator, application, authorisation = found
    diagram = diagram_of(work, case)
    return Head(
        id=case.id,
        number=case.number,
        title=case.title,
        status=case.status,
        name=diagram.name,
        name_en=diagram.name_en,
        release=work.session.get_one(models.Release, case.release_id).number,
        release_id=case.release_id,
        created_at=case.created_at,
        completed_at=case.completed_at,
        operator_id=case.operator_id,
        tax_id=operator.tax_id if operator else "",
        kind=operator.kind if operator else "",
        application=(application.number, application.state) if application else None,
        authorisation=(authorisation.number, authorisation.state) if authorisation else None,
        phases=_phases(work, case, diagram),
        clocks=tuple(clocks.of_cases(work, [case.id]).get(case.id, [])),
        counts=_counts(work, case.id),
    )


def diagram_of(work: Work, case: models.Case) -> Diagram:
    """The case's own process, as the release it runs on has it."""
    return pins.definition(work, case.release_id).diagrams[case.process]


def _phases(work: Work, case: models.Case, diagram: Diagram) -> tuple[Phase, ...]:
    query = (
        select(models.Task.phase, func.min(models.Task.opened_at))
        .where(models.Task.case_id == case.id)
        .group_by(models.Task.phase)
    )
    entered = {phase: at.astimezone(work.zone).date() for phase, at in work.session.execute(query)}
    names = [phase.id for phase in diagram.phases]
    current = names.index(case.phase) if case.phase in names else -1
    ended = case.completed_at.astimezone(work.zone).date() if case.completed_at else None
    return tuple(
        Phase(
            id=phase.id,
            name=phase.name,
            name_en=phase.name_en,
            state=_phase_state(place, current, entered=phase.id in entered, ended=case.status != "active"),
            since=entered.get(phase.id),
            until=next((entered[later] for later in names[place + 1 :] if later in entered), ended),
        )
        for place, phase in enumerate(diagram.phases)
    )


def _phase_state(place: int, current: int, *, entered: bool, ended: bool) -> str:
    if place < current and not entered:
        return "skipped"
    if place < current or (place == current and ended):
        return "done"
    return "now" if place == current else "next"


def _counts(work: Work, case_id: str) -> dict[str, int]:
    """How many tasks, events, documents and letters the case has, for its tabs."""
    parts = {
        "tasks": select(func.count()).where(models.Task.case_id == case_id, models.Task.status == "open"),
        "history": select(func.count()).where(models.Event.case_id == case_id),
        "documents": select(func.count()).where(models.Evidence.case_id == case_id),
        "letters": select(func.count()).where(models.Letter.case_id == case_id, visible.letters(work.actor)),
    }
    found = work.session.execute(select(*[part.scalar_subquery() for part in parts.values()])).one()
    return dict(zip(parts, found, strict=True))


def _list_query() -> Select[str, str, str, str, str, datetime, datetime, str, str]:
    return select(
        Case.id,
        Case.number,
        Case.title,
        Case.phase,
        Case.status,
        Case.created_at,
        Case.updated_at,
        func.coalesce(models.Resource.title, Case.process),
        func.coalesce(models.Resource.title_en, Case.process),
    ).outerjoin(models.Resource, (models.Resource.kind == "process") & (models.Resource.key == Case.process))


def _list_rows(work: Work, query: Select[str, str, str, str, str, datetime, datetime, str, str]) -> tuple[Row, ...]:
    found = work.session.execute(query).all()
    running = clocks.of_cases(work, {row[0] for row in found})
    return tuple(
        Row(number, title, name, name_en, phase, status, created, updated, clocks.pressing(running.get(id_, [])))
        for id_, number, title, phase, status, created, updated, name, name_en in found
    )


def _matches(work: Work, text: str) -> ColumnElement[bool]:
    if _NUMBER.fullmatch(text.upper()):
        return Case.number.startswith(text.upper(), autoescape=True)
    return Case.operator_id.in_([hit.id for hit in operators_like(work, text)])


def _operator_matches(text: str) -> ColumnElement[bool]:
    return or_(
        models.Operator.name.icontains(text, autoescape=True), models.Operator.tax_id.startswith(text, autoescape=True)
    )
