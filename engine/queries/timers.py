"""Waiting timers as pages show them: of one case to its readers, of all cases to whoever may move them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from engine import pins, timers
from engine.domain.errors import NotFound
from engine.queries import visible
from engine.queries.pages import SIZE, Page, count, in_range, offset
from engine.store import models
from engine.work import Work

Wait = models.Wait


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that waits; `clock` is the legal period that owns it, and `may_move` says that the actor may move it."""

    id: str
    case: str
    title: str
    name: str
    name_en: str
    clock: str
    due_at: datetime
    may_move: bool


@dataclass(frozen=True, slots=True)
class Start:
    """A case that the calendar will start: of which process, by which start event, and when next."""

    process: str
    process_en: str
    name: str
    name_en: str
    due_at: datetime


def starts(work: Work) -> tuple[Start, ...]:
    """What the calendar will start, the next first."""
    found = []
    for row in work.session.scalars(select(models.StartTimer).order_by(models.StartTimer.due_at)).all():
        diagram = pins.definition(work, pins.current(work, row.process).id).diagrams[row.process]
        element = diagram.elements[row.element]
        names = (diagram.name or row.process, diagram.name_en, element.name or element.id, element.name_en)
        found.append(Start(*names, row.due_at))
    return tuple(found)


def of_case(work: Work, case_id: str) -> tuple[Timer, ...]:
    """The waiting timers of a case that the actor may see, the next first."""
    return _timers(work, _query().where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id))


def listing(work: Work, text: str = "", number: int = 1) -> Page[Timer]:
    """All waiting timers, the next first, of cases whose number begins with `text`."""
    number = in_range(number)
    condition = models.Case.number.startswith(text.upper(), autoescape=True)
    total = count(work.session, _query(Wait.id).where(condition))
    query = _query().where(condition).order_by(Wait.due_at, Wait.id)
    rows = _timers(work, query.limit(SIZE + 1).offset(offset(number)))
    return Page(rows[:SIZE], number, total, more=len(rows) > SIZE)


def one(work: Work, wait_id: str) -> Timer:
    """A waiting timer by its id; NotFound where it waits no more, or is of a case that the actor may not see."""
    query = _query().where(Wait.id == wait_id)
    if not work.actor.holds("administrator"):
        query = query.where(visible.case(work.actor))
    found = _timers(work, query)
    if not found:
        raise NotFound("This timer waits no more.")
    return found[0]


def _query(*columns: Any) -> Select[Any]:
    wanted = columns or (Wait, models.Case)
    joined = select(*wanted).join(models.Case, models.Case.id == Wait.case_id)
    return joined.where(Wait.kind == "timer", Wait.due_at.is_not(None), models.Case.status == "active")


def _timers(work: Work, query: Select[Any]) -> tuple[Timer, ...]:
    may = work.actor.holds(*timers.MAY_POSTPONE)
    rows: Sequence[Any] = work.session.execute(query).all()
    found = []
    for wait, case in rows:
        element = pins.definition(work, case.release_id).elements.get(wait.element)
        name, name_en = (element.name, element.name_en) if element else ("", "")
        shown = (wait.id, case.number, case.title, name or wait.element, name_en)
        found.append(Timer(*shown, wait.clock, wait.due_at, may_move=may and not wait.clock))
    return tuple(found)
