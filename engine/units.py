"""Units: the parts of the office in which people work, one below another."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, Problem
from engine.domain.events import UnitMade
from engine.store import models
from engine.work import Work

STREAM: Final = "people"


def of(work: Work, account: models.Account) -> frozenset[str]:
    """The keys of the units in which the account may do tasks: its own and all below it."""
    if account.unit_id is None:
        return frozenset()
    every = {unit.id: unit for unit in all_of(work)}
    found: set[str] = set()
    reached = {account.unit_id}
    while reached:
        found |= reached
        reached = {unit.id for unit in every.values() if unit.parent_id in reached} - found
    return frozenset(every[id_].key for id_ in found if id_ in every)


def all_of(work: Work) -> Sequence[models.Unit]:
    """Every unit, by name."""
    return work.session.scalars(select(models.Unit).order_by(models.Unit.name)).all()


def make(work: Work, key: str, name: str, name_en: str = "", parent_id: str | None = None) -> models.Unit:
    """A new unit, at the top or below another; an administrator's to make."""
    if not work.actor.holds("administrator"):
        raise NotAllowed("Only an administrator changes who works where.")
    problems = []
    if not key.isascii() or not key.replace("_", "").isalnum():
        problems.append(Problem("key", "Use letters without accents, digits and underscores."))
    if not name.strip():
        problems.append(Problem("name", "Enter a name."))
    if problems:
        raise Invalid("The unit cannot be made.", problems)
    every = all_of(work)
    if key in {unit.key for unit in every}:
        raise Conflict("There is a unit %(key)s already.", key=key)
    parent = parent_id if parent_id in {unit.id for unit in every} else None
    unit = models.Unit(id=work.new_id(), key=key, name=name.strip(), name_en=name_en.strip(), parent_id=parent)
    work.session.add(unit)
    work.session.flush()
    history.record(work, UnitMade(unit.id, key, unit.name, parent), stream=STREAM)
    return unit
