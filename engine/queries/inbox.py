"""The inbox: open tasks that the actor may do, what is due first on top; as many selects for one task as for a million."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ScalarSelect, Select, and_, func, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from engine import pins, rights
from engine.people import OPERATOR_ROLES
from engine.queries import clocks, visible
from engine.queries.clocks import Clock
from engine.queries.pages import MOST, SIZE, Page, in_range, offset
from engine.store import models
from engine.work import Work

Task = models.Task


class View(StrEnum):
    """A way to look at the inbox; it stands in the address of the page."""

    ALL = "all"
    MINE = "mine"
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NEW = "new"
    WAITING = "waiting"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Row:
    """A task in the list. `due_on` is its own last day; `clock` the legal period of its case that presses most.

    `barred`: the reader did a task of the case whose doers may not do this one.
    """

    task_id: str
    case_number: str
    operator: str
    name: str
    name_en: str
    phase: str
    role: str
    opened_at: datetime
    due_on: date | None
    left: int | None
    seen: bool
    mine: bool
    holder: str | None
    barred: bool
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of tasks, and how many there are in each view."""

    view: View
    page: Page[Row]
    counts: dict[View, int]


def read(work: Work, view: View = View.ALL, number: int = 1) -> Inbox:
    """The inbox of the actor: their own tasks, and those of their roles that nobody has taken."""
    number = in_range(number)
    counts = _counts(work)
    rows = _rows(work, _branches(work, view), number)
    page = Page(tuple(rows[:SIZE]), number, counts.get(view, 0), more=len(rows) > SIZE)
    return Inbox(view, page, counts)


def next_free(work: Work) -> str | None:
    """The task to take next: of those that nobody has and the actor may do, the one that is due first."""
    for row in _rows(work, _free(work), 1):
        if rights.refusal(work, work.session.get_one(Task, row.task_id)) is None:
            return row.task_id
    return None


def last_day(work: Work, due_at: datetime) -> date:
    """The last day of a period that is over at this instant: midnight belongs to the day before."""
    return (due_at - timedelta(microseconds=1)).astimezone(work.zone).date()


def _branches(work: Work, view: View) -> list[ColumnElement[bool]]:
    """The conditions whose tasks together make the view; no task meets two, and each is one walk along an index."""
    if view == View.MINE:
        return [_mine(work)]
    if view == View.WAITING:
        filed = and_(Task.status == "open", Task.case_id.not_in(visible.drafts()))
        theirs = [and_(filed, Task.role == role) for role in sorted(OPERATOR_ROLES)]
        taken = [and_(branch, Task.assignee_id.is_not(None)) for branch in theirs]
        return [*(and_(branch, Task.assignee_id.is_(None)) for branch in theirs), *taken]
    if view == View.TEAM:
        mine = Task.assignee_id == work.actor.id
        return [and_(branch, Task.assignee_id.is_not(None), ~mine) for branch in _of_roles(work)]
    doable = [_mine(work), *_free(work)]
    more = _narrower(work, view)
    return doable if more is None else [and_(branch, more) for branch in doable]


def _narrower(work: Work, view: View) -> ColumnElement[bool] | None:
    midnight = datetime.combine(work.today + timedelta(days=1), time(), work.zone)
    if view == View.OVERDUE:
        return Task.due_at <= work.now
    if view == View.TODAY:
        return and_(Task.due_at > work.now, Task.due_at <= midnight)
    if view == View.WEEK:
        return and_(Task.due_at > work.now, Task.due_at <= midnight + timedelta(days=6))
    return Task.viewed_at.is_(None) if view == View.NEW else None


def _mine(work: Work) -> ColumnElement[bool]:
    return and_(Task.status == "open", Task.assignee_id == work.actor.id)


def _free(work: Work) -> list[ColumnElement[bool]]:
    return [and_(branch, Task.assignee_id.is_(None)) for branch in _of_roles(work)]


def _of_roles(work: Work) -> list[ColumnElement[bool]]:
    return [_of_role(work, role) for role in sorted(work.actor.roles)]


def _of_role(work: Work, role: str) -> ColumnElement[bool]:
    open_ones = and_(Task.status == "open", Task.role == role)
    return and_(open_ones, Task.operator_id.in_(work.actor.operators)) if role in OPERATOR_ROLES else open_ones


def _counts(work: Work) -> dict[View, int]:
    views = [view for view in View if view != View.WAITING or not work.actor.holds(*OPERATOR_ROLES)]
    found = work.session.execute(select(*[_count(_branches(work, view)) for view in views])).one()
    return dict(zip(views, found, strict=True))


def _count(branches: Sequence[ColumnElement[bool]]) -> ScalarSelect[int]:
    some = [select(select(Task.id).where(branch).limit(MOST).subquery()) for branch in branches]
    every = union_all(*some).limit(MOST).subquery()
    return select(func.count()).select_from(every).scalar_subquery()


def _rows(work: Work, branches: Sequence[ColumnElement[bool]], number: int) -> list[Row]:
    """One row more than fits the page, if there is one."""
    if not branches:
        return []
    found = work.session.execute(_query(work, branches, number)).all()
    running = clocks.of_cases(work, {task.case_id for task, *_more in found})
    return [
        _row(work, task, case, holder, running.get(task.case_id, []), barred=_barred(work, task, case, done, interest))
        for task, case, holder, done, interest in found
    ]


def _barred(work: Work, task: models.Task, case: models.Case, done: str | None, interest: str | None) -> bool:
    """Whether the actor has an interest in the operator, or did (`done`) in the case what may bar them from this task.

    What did bar is looked up whole only where something may: a page of the inbox costs no query a row.
    """
    if interest is not None and task.role not in OPERATOR_ROLES:
        return True
    if not done:
        return False
    element = pins.definition(work, case.release_id).elements.get(task.element)
    kept_apart = (element is not None and element.not_by) or task.duty
    return bool(kept_apart) and bool(rights.barred(work, task))


def _query(
    work: Work, branches: Sequence[ColumnElement[bool]], number: int
) -> Select[models.Task, models.Case, str, str | None, str | None]:
    order = (Task.due_at.asc().nulls_last(), Task.id)
    enough = offset(number) + SIZE + 1
    some = [select(select(Task.id).where(branch).order_by(*order).limit(enough).subquery()) for branch in branches]
    picked = union_all(*some).subquery()
    holder, mine = aliased(models.Account), aliased(Task)
    done = select(func.min(mine.element)).where(mine.case_id == Task.case_id, mine.done_by == work.actor.id)
    declared = models.ConflictOfInterest
    interest = select(func.min(declared.id)).where(
        declared.account_id == work.actor.id, declared.operator_id == Task.operator_id, declared.ended_at.is_(None)
    )
    mine_of = (done.correlate(Task).scalar_subquery(), interest.correlate(Task).scalar_subquery())
    return (
        select(Task, models.Case, holder.name, *mine_of)
        .join(picked, picked.c.id == Task.id)
        .join(models.Case, models.Case.id == Task.case_id)
        .outerjoin(holder, holder.id == Task.assignee_id)
        .order_by(*order)
        .limit(SIZE + 1)
        .offset(offset(number))
    )


def _row(
    work: Work, task: models.Task, case: models.Case, holder: str | None, running: Sequence[Clock], *, barred: bool
) -> Row:
    due_on = last_day(work, task.due_at) if task.due_at else None
    tied = [clock for clock in running if clock.live and clock.due_on == due_on]
    return Row(
        task_id=task.id,
        case_number=case.number,
        operator=case.title,
        name=task.name,
        name_en=task.name_en,
        phase=task.phase,
        role=task.role,
        opened_at=task.opened_at,
        due_on=due_on,
        left=(due_on - work.today).days if due_on else None,
        seen=task.viewed_at is not None,
        mine=task.assignee_id == work.actor.id,
        holder=holder,
        barred=barred,
        clock=tied[0] if tied else clocks.pressing(running),
    )
