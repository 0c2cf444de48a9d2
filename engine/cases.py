"""Every change to a running case goes through `move`: load, change, run to rest, save, and say what happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

import orjson
from sqlalchemy import BindParameter, bindparam, literal, null, select, union_all

from engine import business_rules, calls, history, incidents, numbers, outbox, people, pins, rights
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import (
    CaseCompleted,
    CaseStarted,
    Event,
    MessageSent,
    SignalSent,
    TaskDueMoved,
    TimerMoved,
    TokensMoved,
)
from engine.store import models, rows
from engine.store.loaded import Loaded
from engine.store.prepared import Prepared
from engine.work import Work
from engine.workflow import Definition, Fault, OpenTask, Run, Step, Thrown
from engine.workflow import Wait as Waiting

ACTIVE: Final = "active"
COMPLETED: Final = "completed"
DEFAULT_SERIES: Final = "EXP"  # expediente: the prefix of a process that names none
ROOM: Final = 64 * 1024  # bytes of JSON that a case may hold; documents are kept beside it

_OF_CASE: Final[BindParameter[str]] = bindparam("case")
_IS_CASE: Final = models.Case.id == _OF_CASE
_LOCK: Final = Loaded(models.Case, where=lambda all_: all_.where(_IS_CASE))
_LOCK_IF_FREE: Final = Loaded(models.Case, where=lambda all_: all_.where(_IS_CASE), skip_locked=True)
_STANDING: Final = Prepared(  # what, its id, when it is due, how often it was tried
    union_all(
        select(literal("wait"), models.Wait.id, models.Wait.due_at, models.Wait.attempts).where(
            models.Wait.case_id == _OF_CASE
        ),
        select(literal("task"), models.Task.id, null(), null()).where(
            models.Task.case_id == _OF_CASE, models.Task.status == "open"
        ),
        select(literal("incident"), models.Incident.id, null(), null()).where(
            models.Incident.case_id == _OF_CASE, models.Incident.resolved_at.is_(None)
        ),
    )
)


_KNOWN: Final = (  # columns of a case, and the data that they repeat
    ("operator_id", "operator_id"),
    ("application_id", "application_id"),
    ("authorisation_id", "authorisation_id"),
    ("title", "operator_name"),
)


@dataclass(frozen=True, slots=True)
class Done:
    """The human task that the actor completes, and the absent person (account id) in whose place."""

    task_id: str
    in_place_of: str | None = None


@dataclass(slots=True)
class _Before:
    """What others see of a case before a command: open tasks and the one that was just done, waits (due, tries)."""

    done: Done | None
    tasks: list[str] = field(default_factory=list)
    waits: dict[str, tuple[datetime | None, int]] = field(default_factory=dict)
    troubled: bool = False


class Halted(Conflict):
    """The engine stopped a case that cannot go on as drawn; nothing was changed, and an incident tells of it."""


def start(
    work: Work,
    process: str,
    data: Mapping[str, object],
    message: str | None = None,
    signal: str | None = None,
    timer: str | None = None,
    at: str | None = None,
) -> models.Case:
    """Begins a case of the process's current release, as `Run.start` does: at a plain start, or by what is named."""
    release = pins.current(work, process)
    definition = pins.definition(work, release.id)
    properties = definition.diagrams[process].properties
    case = models.Case(
        id=work.new_id(),
        number=numbers.take(work, properties.get("series", DEFAULT_SERIES)),
        process=process,
        release_id=release.id,
        title="",
        status=ACTIVE,
        phase="",
        started_by=work.actor.id,
        created_at=work.now,
        updated_at=work.now,
        state=b"",
    )
    work.session.add(case)
    for column, value in _known(case, data).items():
        setattr(case, column, value)
    work.session.flush()
    try:
        known = {**data, "case_number": case.number}
        run = Run.start(definition, known, work.now, message=message, signal=signal, timer=timer, at=at)
        begun = CaseStarted(process, case.number, release.number, data, message, signal, timer)
        history.record(work, begun, case=case)
        _settle(work, case, definition, run)
    except Fault as fault:
        raise _halted(work, case, definition, fault) from fault
    return case


def lock(work: Work, case_id: str) -> models.Case:
    """The case, held by this work until its end: whoever else wants to move it waits."""
    found = _LOCK.one(work.transaction, case=case_id)
    if found is None:
        raise NotFound("There is no such case.")
    case: models.Case = found[0]
    return case


def lock_if_free(work: Work, case_id: str) -> models.Case | None:
    """The case, held by this work until its end; None where there is none, or somebody else holds it just now."""
    found = _LOCK_IF_FREE.one(work.transaction, case=case_id)
    return found[0] if found else None


def foresee(work: Work, case: models.Case) -> None:
    """Says that the case will be moved: what that needs to know is asked together with what else is asked."""
    _STANDING.ahead(work.transaction, case=case.id)
    history.foresee(work, case)


def move(work: Work, case: models.Case, change: Callable[[Run], Event], *, done: Done | None = None) -> None:
    """Changes a case that this work has locked; `change` acts on the run and returns the fact to record.

    `done` is the human task that the actor completes with it.
    """
    if case.status != ACTIVE:
        raise Conflict("The case %(number)s has ended.", number=case.number)
    definition = pins.definition(work, case.release_id)
    try:
        run = Run.load(definition, case.state, work.now)
        history.record(work, change(run), case=case)
        _settle(work, case, definition, run, done)
    except Fault as fault:
        raise _halted(work, case, definition, fault) from fault


def require_room(data: Mapping[str, object], answers: Mapping[str, object] = MappingProxyType({})) -> None:
    """Refuses data that are larger than a case may hold; Invalid points to the longest of the answers that came last."""
    size = len(orjson.dumps({**data, **answers}))
    if size <= ROOM:
        return
    said = {"size": size // 1024, "most": ROOM // 1024}
    message = "With this the case would hold %(size)s kB; it can hold %(most)s. Shorten it, or attach it as a document."
    longest = max(answers, key=lambda field: len(orjson.dumps(answers[field])), default="")
    raise Invalid("There is too much text in this case.", [Problem(longest, message, said)])


def _settle(work: Work, case: models.Case, definition: Definition, run: Run, done: Done | None = None) -> None:
    """Runs the case until it waits for somebody or something, and writes down all that others can see of it."""
    _drive(work, case, run)
    before = _before(work, case, done)
    data, steps = run.known, run.take_steps()
    require_room(data)
    _save(work, case, run, {**_known(case, data), **_phase(definition, steps)})
    if steps:
        history.record(work, TokensMoved([[step.kind, step.element] for step in steps]), case=case)
    for thrown in run.take_thrown():
        _send(work, case, thrown)
    tasks, waits = run.open_tasks(), run.waits()
    _project_tasks(work, case, run, tasks, before)
    _project_waits(work, case, waits, before)
    if run.finished:
        history.record(work, CaseCompleted(sorted(run.ends)), case=case)
    failures = run.failures()
    waits_for_something = bool(tasks or waits or failures)
    if failures or before.troubled:
        incidents.follow(work, case, incidents.Course(failures, steps, run.finished, waits_for_something))
    if not run.finished and not waits_for_something:
        incidents.report(work, case, "", incidents.STANDSTILL, incidents.STILL)


def _halted(work: Work, case: models.Case, definition: Definition, fault: Fault) -> Halted:
    """The refusal that stands for a fault; the incident is written even though this work is rolled back."""
    case_id = case.id

    def tell(other: Work) -> None:
        case = other.session.get(models.Case, case_id)
        incidents.report(other, case, fault.element, incidents.ENGINE, fault.message, params=fault.params)

    work.note_failure(tell)
    element = definition.elements.get(fault.element)
    return Halted(
        "The case %(number)s cannot go on at «%(element)s». Nothing was changed; the administrators were told.",
        number=case.number,
        element=element.name if element is not None and element.name else fault.element,
    )


def _drive(work: Work, case: models.Case, run: Run) -> None:
    _move_timers(work, case, run)  # of clocks that whoever moves the case has moved already
    moves = run.advance()
    answer: object = None
    while True:
        try:
            call = moves.send(answer)
        except StopIteration:
            return
        decides = business_rules.asked(call)
        answer = business_rules.decide(work, case, run, call) if decides else calls.perform(work, case, run, call)
        _move_timers(work, case, run)


def _move_timers(work: Work, case: models.Case, run: Run) -> None:
    """Clocks own timers, and what tasks show as their last day: where a legal clock moved, these move in the same step."""
    for moved in [m for m in work.moved_clocks if m[0] == case.id]:
        work.moved_clocks.remove(moved)
        _case_id, clock, due_at, before = moved
        if run.reschedule(clock, due_at):
            history.record(work, TimerMoved(clock, due_at.isoformat()), case=case)
        if before is not None and before != due_at:
            _move_due_dates(work, case, run, clock, before, due_at)


def _move_due_dates(work: Work, case: models.Case, run: Run, clock: str, before: datetime, due_at: datetime) -> None:
    for task_id, element in run.move_due_dates(clock, before, due_at):
        rows.update(work.transaction, models.Task, task_id, due_at=due_at)
        history.record(work, TaskDueMoved(element, clock, before.isoformat(), due_at.isoformat()), case=case)


def _save(work: Work, case: models.Case, run: Run, found: Mapping[str, object]) -> None:
    ended = {"status": COMPLETED, "completed_at": work.now} if run.finished else {}
    rows.save(work.transaction, case, state=run.dump(), updated_at=work.now, **found, **ended)


def _known(case: models.Case, data: Mapping[str, object]) -> dict[str, object]:
    """The columns by which a case is found, whom and what it is about, where the data say something else by now."""
    said = {column: data.get(key) for column, key in _KNOWN}
    return {
        column: value
        for column, value in said.items()
        if isinstance(value, str) and value and getattr(case, column) != value
    }


def _phase(definition: Definition, steps: Iterable[Step]) -> dict[str, object]:
    """The phase of the case, where a step entered one."""
    entered = [definition.elements.get(step.element) for step in steps if step.kind == "entered"]
    phases = [element.phase for element in entered if element is not None and element.phase]
    return {"phase": phases[-1]} if phases else {}


def _send(work: Work, case: models.Case, thrown: Thrown) -> None:
    """A message or signal leaves through the outbox.

    An error that nothing caught stands where it was thrown; an escalation that nothing caught is of no account (10.5.5).
    """
    if thrown.kind == "signal":
        job = outbox.add(work, "signal", outbox.signal(work, thrown.name, thrown.payload), case)
        history.record(work, SignalSent(job.id, thrown.name, thrown.payload), case=case)
        return
    if thrown.kind != "message":
        return
    said: dict[str, object] = {"name": thrown.name, "key": thrown.key or "", "payload": dict(thrown.payload)}
    if thrown.expires is not None:
        said |= {"expires": thrown.expires.isoformat(), "kept": thrown.expires > work.now}
    if thrown.everyone:
        said["everyone"] = True
    job = outbox.add(work, "message", said, case)
    history.record(work, MessageSent(job.id, thrown.name, thrown.key or "", thrown.payload), case=case)


def _before(work: Work, case: models.Case, done: Done | None) -> _Before:
    before = _Before(done)
    for kind, id_, due_at, attempts in _STANDING.rows(work.transaction, case=case.id):
        if kind == "wait":
            before.waits[id_] = (due_at, attempts)
        elif kind == "task":
            before.tasks.append(id_)
        else:
            before.troubled = True
    return before


def _project_tasks(work: Work, case: models.Case, run: Run, opened: Iterable[OpenTask], before: _Before) -> None:
    """Open task rows are exactly the engine's open tasks; those that vanished were done, or cancelled by the diagram."""
    wanted = {task.id: task for task in opened}
    for known in before.tasks:
        if wanted.pop(known, None) is None:
            rows.update(work.transaction, models.Task, known, **_ended(work, known, before.done))
    rows.insert(work.transaction, models.Task, [_task_row(work, case, run, task) for task in wanted.values()])


def _ended(work: Work, task_id: str, done: Done | None) -> dict[str, object]:
    if done is None or done.task_id != task_id:
        return {"status": "cancelled", "done_at": work.now}
    by = {"done_by": work.actor.id, "done_for": done.in_place_of}
    return {"status": "done", "done_at": work.now, "draft": None, **by}


def _task_row(work: Work, case: models.Case, run: Run, task: OpenTask) -> dict[str, object]:
    element = run.definition.elements[task.element]
    row: dict[str, object] = {
        "id": task.id,
        "case_id": case.id,
        "element": task.element,
        "name": element.name,
        "name_en": element.name_en,
        "role": element.role or "",
        "form": element.form or "",
        "status": "open",
        "phase": element.phase or "",
        "operator_id": case.operator_id,
        "assignee_id": None,
        "opened_at": work.now,
        "due_at": task.due,
        "release_id": case.release_id,
        "duty": element.properties.get("duty", ""),
        "unit": element.properties.get("unit", ""),
        "about": None,
    }
    if subject := element.properties.get("about"):
        row["about"] = _account(work, run.task_data(task.id).get(subject))
    if (assignee := _account(work, task.assignee)) is not None:
        barred = rights.refusal(work, models.Task(**row), people.by_id(work, assignee))
        row["assignee_id"] = (
            None if barred else assignee
        )  # whom the law bars does not get it: it is free for the others
    return row


def _account(work: Work, username: object) -> str | None:
    if not isinstance(username, str) or not username:
        return None
    return work.session.scalar(select(models.Account.id).where(models.Account.username == username))


def _project_waits(work: Work, case: models.Case, waits: Iterable[Waiting], before: _Before) -> None:
    """Wait rows are exactly what the engine waits for; one that is due at another instant is tried afresh."""
    wanted = {f"{wait.task_id}/{wait.element}": wait for wait in waits}
    for known, (due_at, attempts) in before.waits.items():
        wait = wanted.pop(known, None)
        if wait is None:
            rows.delete(work.transaction, models.Wait, known)
        elif attempts or wait.due != due_at:
            rows.update(work.transaction, models.Wait, known, due_at=wait.due, retry_at=None, attempts=0)
    rows.insert(work.transaction, models.Wait, [_wait_row(work, case, id_, wait) for id_, wait in wanted.items()])
    for id_, wait in wanted.items():
        if wait.kind == "message":
            _match_early_messages(work, wait, id_)


def _wait_row(work: Work, case: models.Case, id_: str, wait: Waiting) -> dict[str, object]:
    return {
        "id": id_,
        "case_id": case.id,
        "task_id": wait.task_id,
        "element": wait.element,
        "kind": wait.kind,
        "name": wait.name or "",
        "key": wait.key or "",
        "clock": wait.clock or "",
        "due_at": wait.due,
        "since": work.now,
    }


def _match_early_messages(work: Work, wait: Waiting, id_: str) -> None:
    """A message that came before anybody waited for it is tried again, now that somebody does."""
    early = select(models.Message.id).where(
        models.Message.status == "waiting", models.Message.name == wait.name, models.Message.key == (wait.key or "")
    )
    for message_id in work.session.scalars(early):
        outbox.add_early_message(work, message_id, id_)
