"""Running cases go on in a newer release: one process owner asks, a second one approves, a worker moves case by case."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from engine import cases, history, outbox, outlooks, pins
from engine.domain import wording
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import (
    CaseUpgraded,
    CaseUpgradeUndone,
    Event,
    UpgradeApproved,
    UpgradeAsked,
    UpgradeLeft,
)
from engine.outlooks import Choice
from engine.store import models
from engine.work import Work
from engine.workflow import Definition, OpenTask, Run, swap

OWNER: Final = "process_owner"
ASKED, APPROVED = "asked", "approved"  # of an upgrade
WAITING, MOVED, REFUSED, UNDONE = "waiting", "moved", "refused", "undone"  # of a case in it
LEFT: Final = "left"  # of both
JOB: Final = "upgrade"
_HARMLESS: Final = ("DocumentRead", "IncidentRaised", "IncidentResolved", "ActRefused")  # move no case


def ask(
    work: Work,
    release_id: str,
    choice: Choice,
    mapping: Mapping[str, str],
    again: Sequence[str],
    reason: str,
) -> models.Upgrade:
    """Asks that the cases of this choice which can move go on in the release; a second process owner decides."""
    _require_owner(work)
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write why the cases move: it stands in their history.")])
    target = outlooks.release(work, release_id)
    movable = [one for one in outlooks.of_cases(work, target, choice, mapping, again) if one.plan.movable]
    if not movable:
        raise Conflict("None of these cases can move to the release.")
    underway = _underway(work, target)
    movable = [one for one in movable if one.case_id not in underway]
    if not movable:
        raise Conflict(
            "For these cases the move was asked for already; it waits for another process owner, or is under way."
        )
    upgrade = models.Upgrade(
        id=work.new_id(),
        process=target.process,
        release_id=release_id,
        mapping=dict(mapping),
        again=list(again),
        reason=reason.strip(),
        status=ASKED,
        asked_by=work.actor.id,
        asked_at=work.now,
    )
    work.session.add(upgrade)
    work.session.flush()
    work.session.add_all(
        models.UpgradeCase(upgrade_id=upgrade.id, case_id=one.case_id, release_id=one.release_id, status=WAITING)
        for one in movable
    )
    numbers = [one.number for one in movable]
    event = UpgradeAsked(upgrade.id, target.number, numbers, dict(mapping), list(again), upgrade.reason)
    history.record(work, event, stream=_stream(upgrade))
    return upgrade


def _underway(work: Work, target: models.Release) -> AbstractSet[str]:
    """The cases that wait in a move to this release which is asked for or approved: nobody asks twice for the same."""
    item, upgrade = models.UpgradeCase, models.Upgrade
    query = select(item.case_id).join(upgrade, upgrade.id == item.upgrade_id)
    waiting = query.where(
        upgrade.release_id == target.id, upgrade.status.in_((ASKED, APPROVED)), item.status == WAITING
    )
    return set(work.session.scalars(waiting))


def approve(work: Work, upgrade_id: str) -> None:
    """Lets the cases move, as a second person; each in a transaction of its own, by the worker."""
    _require_owner(work)
    upgrade = _locked(work, upgrade_id)
    if upgrade.status != ASKED:
        raise Conflict("This move does not wait for approval.")
    if upgrade.asked_by == work.actor.id:
        raise NotAllowed("You asked for this move: another process owner must approve it.")
    upgrade.status, upgrade.decided_by, upgrade.decided_at = APPROVED, work.actor.id, work.now
    query = select(models.Case).join(models.UpgradeCase, models.UpgradeCase.case_id == models.Case.id)
    for case in work.session.scalars(query.where(models.UpgradeCase.upgrade_id == upgrade.id)):
        outbox.add(work, JOB, {"upgrade": upgrade.id}, case)
    history.record(work, UpgradeApproved(upgrade.id), stream=_stream(upgrade))


def leave(work: Work, upgrade_id: str, reason: str) -> None:
    """Gives a move up; cases that have moved already stay where they are."""
    _require_owner(work)
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write why the move is given up.")])
    upgrade = _locked(work, upgrade_id)
    if upgrade.status == LEFT or not _count(work, upgrade_id, WAITING):
        raise Conflict("Nothing of this move is left to be done.")
    upgrade.status, upgrade.left_reason = LEFT, reason.strip()
    upgrade.decided_by, upgrade.decided_at = work.actor.id, work.now
    history.record(work, UpgradeLeft(upgrade.id, upgrade.left_reason), stream=_stream(upgrade))


def perform(work: Work, job: models.Outbox) -> None:
    """Moves one case of an approved upgrade; what stands in the way by now is kept with the case."""
    upgrade = work.session.get_one(models.Upgrade, str(job.payload["upgrade"]))
    if job.case_id is None:
        raise ValueError(job.id)
    case = cases.lock(work, job.case_id)
    item = work.session.get_one(models.UpgradeCase, (upgrade.id, case.id), populate_existing=True)
    if item.status != WAITING:
        return
    if upgrade.status != APPROVED:
        item.status = LEFT
        return
    reasons = _in_the_way(work, upgrade, item, case)
    if reasons:
        item.status = REFUSED
        item.problems = [[one.where, one.message, _as_json(one.params)] for one in reasons]
    else:
        _move(work, upgrade, item, case)


def undo(work: Work, upgrade_id: str, case_id: str, reason: str) -> None:
    """Puts a moved case back where it was; Conflict as soon as anybody has done something in it, or it went on."""
    _require_owner(work)
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write why the case goes back: it stands in its history.")])
    upgrade = _get(work, upgrade_id)
    case = cases.lock(work, case_id)
    item = work.session.get(models.UpgradeCase, (upgrade_id, case_id), options=[undefer(models.UpgradeCase.state)])
    if item is None or item.status != MOVED or item.state is None:
        raise Conflict("This case was not moved here.")
    if (why := gone_on(work, item)) is not None:
        raise why
    before, after = (outlooks.release(work, id_).number for id_ in (item.release_id, upgrade.release_id))
    case.state, case.release_id = item.state, item.release_id
    _go_on(work, case, CaseUpgradeUndone(upgrade.id, after, before, reason.strip()))
    item.status, item.leftover = UNDONE, None
    _count_as(work, case, {target: name for name, target in _mapping(upgrade).items()})


def gone_on(work: Work, item: models.UpgradeCase) -> Conflict | None:
    """Why the move of a case cannot be undone any more, or None: it was touched, or it went on by itself."""
    event = models.Event
    query = select(event).where(event.case_id == item.case_id, event.type.not_in(_HARMLESS))
    last = work.session.scalars(query.order_by(event.seq.desc()).limit(1)).first()
    if last is None or last.type != "CaseUpgraded" or orjson.loads(last.data)["upgrade"] != item.upgrade_id:
        return Conflict("The case has gone on since it was moved: it stays in its new release.")
    task = models.Task
    drafts = select(func.count()).where(task.case_id == item.case_id, task.draft_at > item.moved_at)
    if work.session.scalar(drafts):
        return Conflict("Somebody has begun a draft since the case was moved: it stays in its new release.")
    return None


def _as_json(params: Mapping[str, object]) -> dict[str, object]:
    """What a reason names, for the page that lists it later."""
    return {
        name: wording.stored(value) if isinstance(value, wording.Phrase) else str(value)
        for name, value in params.items()
    }


def _in_the_way(work: Work, upgrade: models.Upgrade, item: models.UpgradeCase, case: models.Case) -> Sequence[Problem]:
    if case.status != cases.ACTIVE:
        return [Problem("", "The case has ended.")]
    if case.release_id != item.release_id:
        return [Problem("", "The case was moved to another release meanwhile.")]
    target = outlooks.release(work, upgrade.release_id)
    return outlooks.of_case(work, target, case, _mapping(upgrade), upgrade.again).reasons


def _move(work: Work, upgrade: models.Upgrade, item: models.UpgradeCase, case: models.Case) -> None:
    old, new = pins.definition(work, case.release_id), pins.definition(work, upgrade.release_id)
    before, after = (outlooks.release(work, id_).number for id_ in (case.release_id, upgrade.release_id))
    people = [work.session.get_one(models.Account, id_).name for id_ in (upgrade.asked_by, upgrade.decided_by)]
    mapping = _mapping(upgrade)
    item.state, item.leftover = case.state, outlooks.leftover(work, upgrade.release_id, new, case, mapping) or None
    unplaced = {task: sorted(answers) for task, answers in (item.leftover or {}).items() if isinstance(answers, dict)}
    case.state = swap.swap(old, new, case.state, mapping, work.now, upgrade.again)
    case.release_id = upgrade.release_id
    event = CaseUpgraded(
        upgrade.id, before, after, mapping, list(upgrade.again), upgrade.reason, people[0], people[1], unplaced
    )
    _go_on(work, case, event)
    _count_as(work, case, mapping)
    item.status, item.moved_at = MOVED, work.now


def _go_on(work: Work, case: models.Case, event: Event) -> None:
    """Records the move, lets the case come to rest in its new drawing, and has its open tasks follow."""
    runs: list[Run] = []

    def change(run: Run) -> Event:
        runs.append(run)
        return event

    wait = models.Wait  # all rows are written anew: what an element waits for may have another name or key now
    work.session.execute(delete(wait).where(wait.case_id == case.id))
    cases.move(work, case, change)
    definition = pins.definition(work, case.release_id)
    opened = {task.id: task for task in runs[0].open_tasks()}
    query = select(models.Task).where(models.Task.case_id == case.id, models.Task.status == "open")
    for row in work.session.scalars(query):
        _follow(work, definition, row, opened[row.id], case.release_id)
    _set_phase(case, definition, [*opened.values()])
    work.session.flush()


def _follow(work: Work, definition: Definition, row: models.Task, task: OpenTask, release_id: str) -> None:
    """An open task is what the new drawing says; who has it keeps it, with the draft, unless it is not for them now."""
    element = definition.elements[task.element]
    row.element, row.name, row.name_en = element.id, element.name, element.name_en
    row.role, row.form, row.phase = element.role or "", element.form or "", element.phase or ""
    row.due_at, row.release_id = task.due, release_id
    if row.assignee_id is not None:
        account = work.session.get_one(models.Account, row.assignee_id)
        if row.role not in {one.role for one in account.roles}:
            row.assignee_id = row.claimed_at = None


def _set_phase(case: models.Case, definition: Definition, opened: Sequence[OpenTask]) -> None:
    phases = [phase for task in opened if (phase := definition.elements[task.element].phase)]
    if phases and case.phase not in phases:
        case.phase = phases[0]


def _count_as(work: Work, case: models.Case, mapping: Mapping[str, str]) -> None:
    """What was done under a name that the new drawing does not use still bars whoever did it from what follows."""
    query = select(models.Task).where(models.Task.case_id == case.id, models.Task.status == "done")
    for row in work.session.scalars(query) if mapping else ():
        name = row.counts_as or row.element
        called = mapping.get(name, name)
        row.counts_as = called if called != row.element else None


def _mapping(upgrade: models.Upgrade) -> dict[str, str]:
    return {name: str(target) for name, target in upgrade.mapping.items()}


def _get(work: Work, upgrade_id: str) -> models.Upgrade:
    upgrade = work.session.get(models.Upgrade, upgrade_id)
    if upgrade is None:
        raise NotFound("There is no such move.")
    return upgrade


def _locked(work: Work, upgrade_id: str) -> models.Upgrade:
    _get(work, upgrade_id)
    return work.session.get_one(models.Upgrade, upgrade_id, with_for_update=True, populate_existing=True)


def _count(work: Work, upgrade_id: str, status: str) -> int:
    item = models.UpgradeCase
    return work.session.scalar(select(func.count()).where(item.upgrade_id == upgrade_id, item.status == status)) or 0


def _stream(upgrade: models.Upgrade) -> str:
    return f"resource:process:{upgrade.process}"


def _require_owner(work: Work) -> None:
    if not work.actor.holds(OWNER):
        raise NotAllowed("Only process owners move cases to another release.")
