"""Whether enough different people hold the roles that rules keep apart; told at publication and when staff changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from engine.domain import apart
from engine.domain.apart import Switch
from engine.domain.programme_parts import Duty
from engine.people import OPERATOR_ROLES
from engine.store import models
from engine.work import Work
from engine.workflow import Diagram, Element

TRIES: Final = 20_000  # ways that are tried before it is left open whether there is one


@dataclass(frozen=True, slots=True)
class Unmet:
    """A task that nobody could do after the others, with those that bar each other and the people there are for them."""

    process: str
    tasks: tuple[Element, ...]
    people: tuple[str, ...]


def unmet(people: Mapping[str, frozenset[str]], process: str, diagrams: Sequence[Diagram]) -> Sequence[Unmet]:
    """Groups of tasks of a process (and of what it calls) that these people, by role, cannot do without breaking a rule."""
    tasks = {task.id: task for diagram in diagrams for task in diagram.elements.values() if _counts(task)}
    bars = _bars(tasks)
    return [found for group in _groups(tasks, bars) if (found := _lacking(process, group, tasks, bars, people))]


def in_office(work: Work) -> Mapping[str, frozenset[str]]:
    """The names of those whose accounts are open, by role."""
    query = (
        select(models.AccountRole.role, models.Account.name)
        .join(models.Account, models.Account.id == models.AccountRole.account_id)
        .where(models.Account.active)
    )
    found: dict[str, set[str]] = {}
    for role, name in work.session.execute(query):
        found.setdefault(role, set()).add(name)
    return {role: frozenset(names) for role, names in found.items()}


def _counts(task: Element) -> bool:
    return task.kind == "userTask" and bool(task.role) and task.role not in OPERATOR_ROLES


def _bars(tasks: Mapping[str, Element]) -> Mapping[str, frozenset[str]]:
    """For each task the others that another human being must do, told both ways."""
    found: dict[str, set[str]] = {id_: set() for id_ in tasks}
    for id_, task in tasks.items():
        for other in {*task.not_by, *_by_rule(task, tasks)} & tasks.keys() - {id_}:
            found[id_].add(other)
            found[other].add(id_)
    return {id_: frozenset(others) for id_, others in found.items()}


def _by_rule(task: Element, tasks: Mapping[str, Element]) -> Iterator[str]:
    for rule in apart.wanting(_duties(task), _on):
        if not rule.of_operator:
            yield from (id_ for id_, other in tasks.items() if not rule.bars.isdisjoint(_duties(other)))


def _on(_name: str) -> Switch:
    return Duty()


def _duties(task: Element) -> frozenset[str]:
    return frozenset(task.properties.get("duty", "").split())


def _groups(tasks: Mapping[str, Element], bars: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, ...]]:
    seen: set[str] = set()
    for id_ in tasks:
        if id_ in seen or not bars[id_]:
            continue
        group, todo = {id_}, [id_]
        while todo:
            for other in bars[todo.pop()] - group:
                group.add(other)
                todo.append(other)
        seen |= group
        yield tuple(sorted(group))


def _lacking(
    process: str,
    group: tuple[str, ...],
    tasks: Mapping[str, Element],
    bars: Mapping[str, frozenset[str]],
    people: Mapping[str, frozenset[str]],
) -> Unmet | None:
    """The smallest beginning of the group, hardest tasks first, for which there is no way; None if all of it has one."""
    able = {id_: people.get(str(tasks[id_].role), frozenset()) for id_ in group}
    order = sorted(group, key=lambda id_: (len(able[id_]), id_))
    for length in range(1, len(order) + 1):
        if not _way(order[:length], able, bars):
            wanting = order[length - 1]
            told = [id_ for id_ in order[:length] if id_ == wanting or id_ in bars[wanting]]
            names = frozenset[str]().union(*(able[id_] for id_ in told))
            return Unmet(process, tuple(tasks[id_] for id_ in told), tuple(sorted(names)))
    return None


def _way(order: Sequence[str], able: Mapping[str, frozenset[str]], bars: Mapping[str, frozenset[str]]) -> bool:
    """Whether each task can get somebody who did none of those that bar it; left open (yes) after too many tries."""
    chosen: list[str] = []
    options = [iter(sorted(able[order[0]]))]
    for _try in range(TRIES):
        at = len(options) - 1
        barred = {chosen[n] for n in range(at) if order[n] in bars[order[at]]}
        person = next((one for one in options[-1] if one not in barred), None)
        if person is None:
            options.pop()
            if not options:
                return False
            chosen.pop()
        elif at + 1 == len(order):
            return True
        else:
            chosen.append(person)
            options.append(iter(sorted(able[order[at + 1]])))
    return True
