"""Who may do a task and why not: role, unit, operator, who has it, conflicts of interest, duties kept apart."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from engine import conflicts, overrides, pins, programmes
from engine.domain import apart
from engine.domain.apart import Did, Rule, Switch
from engine.domain.calendars import OfficeCalendar, Unit, add
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.programme_parts import Duty
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Actor, Work

INTEREST: Final = "conflict_of_interest"
NOT_BY: Final = "not_by"  # what only the diagram knows
APIECE: Final = "each_by_another"  # of a repeated task, whether each instance is for another person


class Barred(NotAllowed):
    """A rule keeps this human being from the task; a second person may except them from `rule`."""

    def __init__(self, rule: str, message: str, **params: object) -> None:
        super().__init__(message, **params)
        self.rule = rule


def foresee(work: Work, task: models.Task) -> None:
    """Says that it will be asked whether the actor may do the task: what hangs on the database travels with other questions."""
    if task.operator_id is not None and task.role not in OPERATOR_ROLES:
        conflicts.foresee(work, task.operator_id)


def require(work: Work, task: models.Task) -> Sequence[str]:
    """Raises why the actor may not do this open task; else the ids of the exceptions under which they may, if any."""
    broken, excepted = _broken(work, task, work.actor)
    no = _unfit(work, task, work.actor) or next((one for one in broken if one.rule not in excepted), None)
    if no is not None:
        raise no
    return sorted({excepted[one.rule] for one in broken})


def refusal(work: Work, task: models.Task, actor: Actor | None = None) -> NotAllowed | Conflict | None:
    """Why the actor (whoever works, unless another is named) may not do this open task, or None."""
    actor = actor or work.actor
    return _unfit(work, task, actor) or next(iter(barred(work, task, actor)), None)


def barred(work: Work, task: models.Task, actor: Actor | None = None) -> Sequence[Barred]:
    """Every rule that keeps the actor from the task and from which nobody excepted them."""
    broken, excepted = _broken(work, task, actor or work.actor)
    return [one for one in broken if one.rule not in excepted]


def in_place_of(actor: Actor, task: models.Task) -> str | None:
    """The absent person (account id) for whom the actor does the task; None where they do it in their own right."""
    absent = actor.in_place_of(task.role, task.assignee_id)
    return absent.id if absent else None


def _unfit(work: Work, task: models.Task, actor: Actor) -> NotAllowed | Conflict | None:
    """Why the task is not for the actor, or not now."""
    if not actor.holds(task.role):
        return NotAllowed("This task is for the role %(role)s.", role=task.role)
    if task.role in OPERATOR_ROLES:
        if task.operator_id not in actor.operators:
            return NotAllowed("This task belongs to another operator.")
    elif task.unit and task.unit not in actor.units:
        return NotAllowed("This task is for the unit %(unit)s.", unit=task.unit)
    if task.assignee_id not in (None, actor.id, *(one.id for one in actor.absent)):
        holder = work.session.get_one(models.Account, task.assignee_id)
        return Conflict("%(name)s has taken this task. Ask them to release it.", name=holder.name)
    return None


def _broken(work: Work, task: models.Task, actor: Actor) -> tuple[list[Barred], Mapping[str, str]]:
    """Every rule that keeps the actor from the task, and the rules from which they are excepted, with the exception."""
    found = [*_interest(work, task, actor), *_kept_apart(work, task, actor)]
    return found, overrides.granted(work, task.id, actor.id) if found else {}


def _people(actor: Actor, task: models.Task) -> frozenset[str]:
    """The human being and whom they stand in for: a deputy may not do what the absent person may not."""
    return frozenset({actor.id, in_place_of(actor, task) or actor.id})


def _interest(work: Work, task: models.Task, actor: Actor) -> list[Barred]:
    if task.operator_id is None or task.role in OPERATOR_ROLES:
        return []
    if _people(actor, task).isdisjoint(conflicts.with_operator(work, task.operator_id)):
        return []
    return [Barred(INTEREST, "There is a conflict of interest with this operator: another person must do this.")]


def _kept_apart(work: Work, task: models.Task, actor: Actor) -> list[Barred]:
    case = work.one(models.Case, task.case_id)
    element = pins.definition(work, task.release_id or case.release_id).elements.get(task.element)
    not_by = element.not_by if element is not None else ()
    duties = frozenset(task.duty.split())
    people = _people(actor, task)
    apiece = element is not None and element.properties.get(APIECE) == "true"
    if not (not_by or duties or task.about or apiece):
        return []
    past = _past(work, case) if not_by or duties else []
    found = _siblings(work, task, people) if apiece else []
    found += [
        _same_person(did) for element_id, did in past if element_id in not_by and not did.people.isdisjoint(people)
    ]
    rules = _Rules(work, case) if duties or task.about else None
    if rules is not None:
        found += rules.about(task, people)
        found += rules.broken(duties, people, [did for _element, did in past])
    return list({one.rule: one for one in reversed(found)}.values())[::-1]  # each rule once, as first broken


def _siblings(work: Work, task: models.Task, people: Collection[str]) -> list[Barred]:
    """Of tasks that were opened together for several people, nobody does two."""
    one = models.Task
    query = select(one).where(
        one.case_id == task.case_id, one.element == task.element, one.opened_at == task.opened_at, one.id != task.id
    )
    done = [_did(row) for row in work.session.scalars(query.where(one.done_by.is_not(None)))]
    message = "You did «%(task)s» already: each of these tasks is for another person."
    return [Barred(NOT_BY, message, task=did.name) for did in done if not did.people.isdisjoint(people)][:1]


def _same_person(did: Did) -> Barred:
    return Barred(NOT_BY, "You did «%(task)s» in this case: another person must do this one.", task=did.name)


class _Rules:
    """The rules of the programme that a case goes by; those of the law as a whole where it goes by none."""

    def __init__(self, work: Work, case: models.Case) -> None:
        self._work, self._case = work, case
        key = _programme(work, case)
        try:
            self._programme = programmes.of(work, case, key) if key else None
        except NotFound:
            self._programme = None

    def switch(self, name: str) -> Switch:
        """Whether the programme has the rule on, and for how many months."""
        return self._programme.duty(name) if self._programme is not None else Duty()

    def about(self, task: models.Task, people: Collection[str]) -> list[Barred]:
        """Whom a complaint is about does not handle it."""
        if task.about not in people or not self.switch(apart.SUBJECT).on:
            return []
        return [Barred(apart.SUBJECT, "This is about yourself: another person must do it.")]

    def broken(self, duties: Collection[str], people: Collection[str], here: Sequence[Did]) -> list[Barred]:
        """The rules that bar these people from a task of these duties."""
        found = []
        for rule in apart.wanting(duties, self.switch):
            past = [*self._elsewhere(rule), *here] if rule.of_operator else here
            did = apart.broken(rule, people, past, self._since(rule))
            if did is not None:
                found.append(Barred(rule.name, rule.message, task=did.name))
        return found

    def _since(self, rule: Rule) -> datetime | None:
        months = self.switch(rule.name).months
        if not rule.of_operator or not months:
            return None
        first = add(self._work.today, -months, Unit.MONTHS, OfficeCalendar({}))
        return datetime(first.year, first.month, first.day, tzinfo=self._work.zone)

    def _elsewhere(self, rule: Rule) -> list[Did]:
        task = models.Task
        query = (
            select(task)
            .where(
                task.operator_id == self._case.operator_id,
                task.case_id != self._case.id,
                task.done_by.is_not(None),
                task.duty != "",
            )
            .order_by(task.done_at)
        )
        if self._case.operator_id is None:
            return []
        found = [_did(row, here=False) for row in self._work.session.scalars(query)]
        return [did for did in found if not rule.bars.isdisjoint(did.duties)]


def _past(work: Work, case: models.Case) -> list[tuple[str, Did]]:
    """What was done in the case by people, in order, each with the element that it counts as."""
    task = models.Task
    query = select(task).where(task.case_id == case.id, task.done_by.is_not(None)).order_by(task.done_at, task.id)
    return [(row.counts_as or row.element, _did(row)) for row in work.session.scalars(query)]


def _did(task: models.Task, *, here: bool = True) -> Did:
    people = frozenset(one for one in (task.done_by, task.done_for) if one)
    return Did(task.name, frozenset(task.duty.split()), people, task.done_at or task.opened_at, here)


def _programme(work: Work, case: models.Case) -> str | None:
    if case.application_id:
        return work.session.get_one(models.Application, case.application_id).programme
    if case.authorisation_id:
        return work.session.get_one(models.Authorisation, case.authorisation_id).programme
    return None
