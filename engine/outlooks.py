"""What a move to a newer release would do to running cases: which of them can go, why others cannot, what changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import undefer

from engine import cases, pins
from engine.domain.errors import NotFound, Problem
from engine.forms.records import level
from engine.store import models
from engine.work import Work
from engine.workflow import Definition, swap

MOST: Final = 2000  # cases that one move looks at


@dataclass(frozen=True, slots=True)
class Choice:
    """Which running cases are meant: the number of their release, where they stand, whose they are, their phase."""

    release: int | None = None
    element: str = ""
    operator: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One case and what the move would do to it; `at` are the elements where it stands."""

    case_id: str
    number: str
    title: str
    release_id: str
    release: int
    at: Sequence[str]
    plan: swap.Plan


def release(work: Work, release_id: str) -> models.Release:
    """The release of that id; NotFound if there is none."""
    found = work.session.get(models.Release, release_id)
    if found is None:
        raise NotFound("There is no such release.")
    return found


def numbered(work: Work, process: str, number: int | None) -> models.Release:
    """The release of a process by its number, the current one without; NotFound if there is none."""
    if number is None:
        return pins.current(work, process)
    query = select(models.Release).where(models.Release.process == process, models.Release.number == number)
    found = work.session.scalar(query)
    if found is None:
        raise NotFound("There is no such release.")
    return found


def operator(work: Work, tax_id: str) -> str:
    """The id of the operator with this tax number; a number that nobody has stands for itself, and finds no case."""
    found = work.session.scalar(select(models.Operator.id).where(models.Operator.tax_id == tax_id)) if tax_id else ""
    return found if found is not None else tax_id


def chosen(target: models.Release, choice: Choice) -> Select[models.Case, int]:
    """The running cases of the choice that are on an older release than the target, and the number of theirs."""
    case, theirs = models.Case, models.Release
    query = (
        select(case, theirs.number)
        .join(theirs, theirs.id == case.release_id)
        .where(case.process == target.process, case.status == cases.ACTIVE, theirs.number < target.number)
    )
    if choice.release is not None:
        query = query.where(theirs.number == choice.release)
    if choice.operator:
        query = query.where(case.operator_id == choice.operator)
    if choice.phase:
        query = query.where(case.phase == choice.phase)
    if choice.element:
        tasks = select(models.Task.case_id).where(models.Task.status == "open", models.Task.element == choice.element)
        waits = select(models.Wait.case_id).where(models.Wait.element == choice.element)
        query = query.where(or_(case.id.in_(tasks), case.id.in_(waits)))
    return query


def of_cases(
    work: Work, target: models.Release, choice: Choice, mapping: Mapping[str, str], again: Collection[str]
) -> list[Outlook]:
    """The outlook of each case of the choice, the oldest first, of many the first 2,000; nothing is changed."""
    query = chosen(target, choice).options(undefer(models.Case.state)).order_by(models.Case.number).limit(MOST)
    found = work.session.execute(query).all()
    places = _places(work, [case.id for case, _number in found])
    return [
        Outlook(
            case_id=case.id,
            number=case.number,
            title=case.title,
            release_id=case.release_id,
            release=number,
            at=sorted(places.get(case.id, ())),
            plan=of_case(work, target, case, mapping, again),
        )
        for case, number in found
    ]


def of_case(
    work: Work, target: models.Release, case: models.Case, mapping: Mapping[str, str], again: Collection[str]
) -> swap.Plan:
    """The plan for one case: what the engine says of its tokens, and what becomes of drafts and duties."""
    old, new = pins.definition(work, case.release_id), pins.definition(work, target.id)
    plan = swap.plan(old, new, case.state, mapping, work.now, again)
    unclear = _unclear_duties(work, old, new, case, mapping)
    reasons = [
        Problem(
            name,
            "This was done, and bars whoever did it from other tasks; the new drawing does not have it: say what it is now.",
        )
        for name in unclear
    ]
    kept = leftover(work, target.id, new, case, mapping)
    warnings = [_unasked(name, answers) for name, answers in _by_element(work, kept)]
    return replace(
        plan,
        reasons=(*plan.reasons, *reasons),
        warnings=(*plan.warnings, *warnings),
        missing=tuple(dict.fromkeys((*plan.missing, *unclear))),
    )


def leftover(
    work: Work, release_id: str, new: Definition, case: models.Case, mapping: Mapping[str, str]
) -> dict[str, object]:
    """The answers in drafts of the case, by task, for which the form in the new release has no field."""
    query = select(models.Task).where(
        models.Task.case_id == case.id, models.Task.status == "open", models.Task.draft_at.is_not(None)
    )
    kept: dict[str, object] = {}
    for task in work.session.scalars(query.options(undefer(models.Task.draft))):
        element = new.elements.get(mapping.get(task.element, task.element))
        if element is None or not element.form or not task.draft:
            continue
        fields = {field.key for field in level(pins.form(work, release_id, element.form).fields)}
        if unasked := {name: value for name, value in task.draft.items() if name not in fields}:
            kept[task.id] = unasked
    return kept


def _unasked(element: str, answers: Iterable[str]) -> Problem:
    message = "The draft answers what the new form does not ask: %(fields)s. It is kept beside the draft."
    return Problem(element, message, {"fields": ", ".join(sorted(answers))})


def _by_element(work: Work, kept: Mapping[str, object]) -> list[tuple[str, Iterable[str]]]:
    tasks = {task_id: work.session.get_one(models.Task, task_id).element for task_id in kept}
    return [(tasks[task_id], answers) for task_id, answers in kept.items() if isinstance(answers, dict)]


def _unclear_duties(
    work: Work, old: Definition, new: Definition, case: models.Case, mapping: Mapping[str, str]
) -> list[str]:
    """Tasks done in the case under names that bar people from other tasks, where the new drawing bars by unknown names.

    Who renames a proposal must say so, or its author could decide on it.
    """
    barring = {name for element in old.elements.values() for name in element.not_by}
    fresh = {name for element in new.elements.values() for name in element.not_by} - set(old.elements)
    gone = {name for name in barring if mapping.get(name, name) not in new.elements}
    if not gone or not fresh:
        return []
    task = models.Task
    done = select(func.coalesce(task.counts_as, task.element)).where(task.case_id == case.id, task.status == "done")
    return sorted(gone & set(work.session.scalars(done)))


def _places(work: Work, case_ids: Sequence[str]) -> dict[str, set[str]]:
    task, wait = models.Task, models.Wait
    queries = (
        select(task.case_id, task.element).where(task.case_id.in_(case_ids), task.status == "open"),
        select(wait.case_id, wait.element).where(wait.case_id.in_(case_ids)),
    )
    found: dict[str, set[str]] = {}
    for query in queries:
        for case_id, element in work.session.execute(query):
            found.setdefault(case_id, set()).add(element)
    return found
