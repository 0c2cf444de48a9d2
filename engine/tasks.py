"""Human tasks: take one, give it back, keep a draft, complete it; who may is decided here, inside the lock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import BindParameter, bindparam, select

from engine import cases, commands, evidence, forms, overrides, people, pins, questions, rights
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.events import Event, TaskAssigned, TaskClaimed, TaskCompleted, TaskReleased
from engine.history import record
from engine.store import models
from engine.store.loaded import Loaded
from engine.work import Work
from engine.workflow import Run

SUPERVISOR: Final = "supervisor"
_ID: Final[BindParameter[str]] = bindparam("task")
_LOCK: Final = Loaded(  # the case first: whoever moves it holds it before it touches its tasks
    models.Case,
    models.Task,
    where=lambda all_: all_.join_from(models.Task, models.Case, models.Case.id == models.Task.case_id).where(
        models.Task.id == _ID
    ),
)


def complete(work: Work, task_id: str, answers: Mapping[str, object], key: str | None = None) -> None:
    """Does the task with these answers (by form field); Invalid names the fields that are wrong.

    `key` makes it safe to send twice: the second time nothing happens and nothing is refused.
    """
    task, case = _locked(work, task_id)
    cases.foresee(work, case)
    rights.foresee(work, task)
    if not commands.first(work, key):
        return
    excepted = _require_doable(work, task, case)
    in_place_of = rights.in_place_of(work.actor, task)
    version_id = pins.version_id(work, case.release_id, "form", task.form)

    def change(run: Run) -> Event:
        before = run.task_data(task_id)
        form = questions.form(work, case, case.release_id, task.form, lambda: before)
        checked = forms.check(form, answers, before, now=work.local)
        evidence.require_of_case(work, case, form, checked)
        cases.require_room(before, checked)
        run.complete(task_id, checked)
        return replace(_completed(task, checked, before, version_id), in_place_of=in_place_of, overrides=excepted)

    overrides.use(work, excepted)
    cases.move(work, case, change, done=cases.Done(task_id, in_place_of))


def claim(work: Work, task_id: str) -> None:
    """Takes the task: it is the actor's until they release it."""
    task, case = _locked(work, task_id)
    _require_doable(work, task, case)
    if task.assignee_id is None:
        _take(work, task, case)


def release(work: Work, task_id: str) -> None:
    """Gives the task back to its role; a draft stays for whoever takes it next."""
    task, case = _locked(work, task_id)
    _require_open(work, task)
    if task.assignee_id != work.actor.id:
        raise Conflict("You have not taken this task.")
    task.assignee_id = task.claimed_at = None
    record(work, TaskReleased(task.id, task.element), case=case)


def assign(work: Work, task_id: str, account_id: str, reason: str = "") -> None:
    """Gives an open task of the office to somebody who may do it; a supervisor's to say, also where somebody has it."""
    task, case = _locked(work, task_id)
    _require_open(work, task)
    if not work.actor.holds(SUPERVISOR):
        raise NotAllowed("Only a supervisor gives tasks to others.")
    chosen = people.by_id(work, account_id)
    before, task.assignee_id = task.assignee_id, None
    if (no := rights.refusal(work, task, chosen)) is not None:
        raise Conflict("%(name)s may not do this task.", name=chosen.name) from no
    task.assignee_id, task.claimed_at = chosen.id, work.now
    record(work, TaskAssigned(task.id, task.element, chosen.id, before, reason.strip()), case=case)


def give_back(work: Work, case_id: str, account_id: str) -> None:
    """Frees what somebody had taken in a case, because they may not do it any more."""
    case = cases.lock(work, case_id)
    query = select(models.Task).where(
        models.Task.case_id == case_id, models.Task.status == "open", models.Task.assignee_id == account_id
    )
    for task in work.session.scalars(query):
        task.assignee_id = task.claimed_at = None
        record(work, TaskReleased(task.id, task.element), case=case)


def ask_exception(work: Work, task_id: str, reason: str) -> None:
    """Asks a second person to except the actor from the rules that keep them from the task."""
    task, case = _locked(work, task_id)
    _require_open(work, task)
    broken = rights.barred(work, task)
    if not broken:
        raise Conflict("Nothing keeps you from this task.")
    overrides.ask(work, task, case, [one.rule for one in broken], reason)


def save_draft(work: Work, task_id: str, answers: Mapping[str, object]) -> None:
    """Keeps unfinished answers as they were typed, and takes the task so that nobody types beside the actor."""
    task, case = _locked(work, task_id)
    _require_doable(work, task, case)
    form = questions.form(work, case, case.release_id, task.form, lambda: _data(work, task, case))
    evidence.require_of_case(work, case, form, answers)
    if task.assignee_id is None:
        _take(work, task, case)
    task.draft, task.draft_by, task.draft_at = dict(answers), work.actor.id, work.now


def view(work: Work, task_id: str) -> None:
    """Notes when the task was first opened by somebody who may do it; whoever else looks leaves no trace."""
    task = _find(work, task_id)
    if task.viewed_at is None and rights.refusal(work, task) is None:
        task.viewed_at = work.now


def known(work: Work, task_id: str) -> Mapping[str, object]:
    """What the case knows at an open task: the data that its form shows and its answers build on."""
    task = _find(work, task_id)
    return _data(work, task, work.session.get_one(models.Case, task.case_id))


def _data(work: Work, task: models.Task, case: models.Case) -> Mapping[str, object]:
    return Run.load(pins.definition(work, case.release_id), case.state, work.now).task_data(task.id)


def _locked(work: Work, task_id: str) -> tuple[models.Task, models.Case]:
    """The task and its case, both as they are now that nobody else can change them."""
    found = _LOCK.one(work.transaction, task=task_id)
    if found is None:
        raise NotFound("There is no such task.")
    case, task = found
    return task, case


def _find(work: Work, task_id: str) -> models.Task:
    task = work.session.get(models.Task, task_id)
    if task is None:
        raise NotFound("There is no such task.")
    return task


def _require_open(work: Work, task: models.Task) -> None:
    if task.status == "done" and task.done_by is not None:
        doer = work.session.get_one(models.Account, task.done_by)
        raise Conflict("%(name)s has already completed this task.", name=doer.name)
    if task.status != "open":
        raise Conflict("This task is no longer needed: the case went another way.")


def _require_doable(work: Work, task: models.Task, case: models.Case) -> Sequence[str]:
    """The ids of the exceptions under which the actor may do the task, if any."""
    _require_open(work, task)
    if case.status != cases.ACTIVE:
        raise Conflict("The case %(number)s has ended.", number=case.number)
    return rights.require(work, task)


def _take(work: Work, task: models.Task, case: models.Case) -> None:
    event = TaskClaimed(task.id, task.element, rights.in_place_of(work.actor, task))
    task.assignee_id, task.claimed_at = work.actor.id, work.now
    record(work, event, case=case)


def _completed(
    task: models.Task, answers: Mapping[str, object], before: Mapping[str, object], form_version: str
) -> TaskCompleted:
    return TaskCompleted(
        task=task.id,
        element=task.element,
        answers=answers,
        before={field: before[field] for field in answers if field in before},
        opened_at=task.opened_at.isoformat(),
        viewed_at=task.viewed_at.isoformat() if task.viewed_at else None,
        claimed_at=task.claimed_at.isoformat() if task.claimed_at else None,
        due_at=task.due_at.isoformat() if task.due_at else None,
        form_version=form_version,
    )
