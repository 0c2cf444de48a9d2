"""One task as its page shows it: the form with what the case knows, the draft, who may do it and why."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import pins, questions, rights
from engine.domain.errors import NotFound, Refusal
from engine.forms import Form
from engine.people import OPERATOR_ROLES
from engine.queries import cases, visible
from engine.queries.inbox import last_day
from engine.store import models
from engine.work import Work
from engine.workflow import Element, Run


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task; `refusal` says why the reader may not do it now, None if they may.

    `excluded` are the names (Spanish, English) of tasks whose doers may not do this one, `excludes` those of the
    reader's own roles that whoever does this one may not do later.
    """

    id: str
    name: str
    name_en: str
    guide: str
    guide_en: str
    role: str
    status: str
    opened_at: datetime
    due_on: date | None
    left: int | None
    holder: str | None
    mine: bool
    seen: bool
    refusal: Refusal | None
    excluded: tuple[tuple[str, str], ...]
    excludes: tuple[tuple[str, str], ...]
    form: Form
    answers: Mapping[str, object]
    data: Mapping[str, object]
    draft_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    case: cases.Head

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.status == "open"


def form_and_case(work: Work, task_id: str) -> tuple[Form, models.Case]:
    """The form and the case of a task that the actor may see: what is needed to read what was posted."""
    task, case = _find(work, task_id)
    return _form(work, task, case), case


def read(work: Work, task_id: str) -> TaskPage:
    """The page of a task; NotFound also for one that the actor may not see."""
    task, case = _find(work, task_id)
    elements = pins.definition(work, _release(task, case)).elements
    element = elements[task.element]
    due_on = last_day(work, task.due_at) if task.due_at else None
    return TaskPage(
        id=task.id,
        name=task.name,
        name_en=task.name_en,
        guide=element.documentation,
        guide_en=element.documentation_en,
        role=task.role,
        status=task.status,
        opened_at=task.opened_at,
        due_on=due_on,
        left=(due_on - work.today).days if due_on else None,
        holder=_name(work, task.assignee_id),
        mine=task.assignee_id == work.actor.id,
        seen=task.viewed_at is not None,
        refusal=rights.refusal(work, task) if task.status == "open" else None,
        excluded=_names(elements[other] for other in element.not_by if other in elements),
        excludes=_names(
            other for other in elements.values() if task.element in other.not_by and other.role in work.actor.roles
        ),
        form=_form(work, task, case),
        answers=_answers(work, task),
        data=_data(work, task, case),
        draft_at=task.draft_at if task.draft is not None else None,
        done_at=task.done_at,
        done_by=_name(work, task.done_by),
        case=cases.head(work, case.number),
    )


def _find(work: Work, task_id: str) -> tuple[models.Task, models.Case]:
    query = (
        select(models.Task, models.Case)
        .join(models.Case, models.Case.id == models.Task.case_id)
        .where(models.Task.id == task_id, visible.case(work.actor))
        .options(undefer(models.Task.draft), undefer(models.Case.state))
    )
    found = work.session.execute(query).first()
    if found is None or not visible.answers(work.actor, _element(work, *found)):
        raise NotFound("There is no such task.")
    return found


def _form(work: Work, task: models.Task, case: models.Case) -> Form:
    return questions.form(work, case, _release(task, case), task.form, lambda: _data(work, task, case))


def _element(work: Work, task: models.Task, case: models.Case) -> Element | None:
    return pins.definition(work, _release(task, case)).elements.get(task.element)


def _release(task: models.Task, case: models.Case) -> str:
    """The release in which the task is open or was ended: since then its case may have moved to another."""
    return task.release_id or case.release_id


def _name(work: Work, account_id: str | None) -> str | None:
    account = work.session.get(models.Account, account_id) if account_id else None
    return account.name if account else None


def _answers(work: Work, task: models.Task) -> Mapping[str, object]:
    """The draft of an open task, for those who could do it; the answers of one that was done."""
    if task.status == "done":
        return _given(work, task)
    theirs = work.actor.holds(task.role) and (task.role not in OPERATOR_ROLES or bool(work.actor.operators))
    return task.draft or {} if theirs else {}


def _given(work: Work, task: models.Task) -> Mapping[str, object]:
    query = (
        select(models.Event.data)
        .where(models.Event.case_id == task.case_id, models.Event.type == "TaskCompleted")
        .order_by(models.Event.id.desc())
    )
    for data in work.session.scalars(query):
        event = json.loads(data)
        if event["task"] == task.id:
            answers: Mapping[str, object] = event["answers"]
            return answers
    return {}


def _data(work: Work, task: models.Task, case: models.Case) -> Mapping[str, object]:
    """What the case knows at this task; an ended task has what its case knows now, called processes included."""
    run = Run.load(pins.definition(work, case.release_id), case.state, work.now)
    if task.status == "open":
        return run.task_data(task.id)
    known = dict(run.data)
    for one in run.open_tasks():
        known |= run.task_data(one.id)
    return known


def _names(elements: Iterable[Element]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.name_en) for one in elements)
