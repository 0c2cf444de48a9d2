"""What the pages of programmes show: one in words, what is to be confirmed, and what differs between two."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from engine.domain import programme
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.programme import Programme
from engine.domain.programme_parts import Remark
from engine.queries import programme_rules, programme_terms
from engine.queries.programme_sheet import Group, Item, Line, Value
from engine.resources import OWNER
from engine.store import models
from engine.work import Work

OF_DRAFTS: Final = (OWNER, "auditor")  # who reads what is not in force yet
CALLED: Final = "called"  # the label of an item's own title
_GROUPS: Final[Mapping[str, Callable[[Programme], Iterator[Item]]]] = {
    "identity": programme_terms.identity,
    "types": programme_terms.types,
    "conditions": programme_terms.conditions,
    "counting": programme_rules.counting,
    "clocks": programme_rules.clocks,
    "validity": programme_rules.validity,
    "bars": programme_rules.bars,
    "suspension": programme_rules.suspension,
    "grounds": programme_rules.grounds,
    "dependents": programme_rules.dependents,
    "people": programme_terms.people,
    "duties": programme_terms.duties,
    "letters": programme_terms.letters,
    "appeal": programme_terms.appeal,
    "reminders": programme_terms.reminders,
    "benefits": programme_terms.benefits,
    "holder": programme_terms.holder,
    "consents": programme_terms.consents,
    "partners": programme_terms.partners,
    "states": programme_terms.states,
}


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a programme by its id; `number` is None for a draft, `current` is the one in force."""

    version_id: str
    key: str
    title: str
    title_en: str
    number: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A programme to read; `wrong` is why it cannot be read, for a draft that is not whole yet."""

    edition: Edition
    groups: tuple[Group, ...]
    assumptions: tuple[tuple[Remark, Item | None], ...]
    wrong: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A line, or a whole item, that two programmes say differently; None where one does not say it."""

    group: str
    item: Item
    what: str
    one: Value | None
    other: Value | None


def editions(work: Work) -> Sequence[Edition]:
    """All published versions of all programmes, by key, the newest first."""
    version = models.ResourceVersion
    query = (
        select(version)
        .join(models.Resource, models.Resource.id == version.resource_id)
        .where(models.Resource.kind == "programme", version.number.is_not(None))
        .options(joinedload(version.resource))
        .order_by(models.Resource.key, version.number.desc())
    )
    rows = work.session.scalars(query).all()
    newest = {row.resource_id: row.id for row in reversed(rows)}
    return [_edition(row, current=newest[row.resource_id] == row.id) for row in rows]


def current(work: Work, key: str) -> str:
    """The id of the version of a programme that is in force; NotFound where none is."""
    found = next((one for one in editions(work) if one.key == key and one.current), None)
    if found is None:
        raise NotFound("There is no %(kind)s named %(key)s.", kind="programme", key=key)
    return found.version_id


def sheet(work: Work, version_id: str) -> Sheet:
    """One version of a programme, all that it says; a draft that cannot be read yet says why."""
    row = _row(work, version_id)
    known = {one.version_id: one for one in editions(work)}
    edition = known.get(version_id) or _edition(row, current=False)
    try:
        rules = programme.read(row.content)
    except Invalid as refused:
        return Sheet(edition, (), (), refused.problems)
    shown = groups(rules)
    return Sheet(edition, shown, _assumed(rules, shown))


def groups(rules: Programme) -> tuple[Group, ...]:
    """Everything that the programme says; groups of which it says nothing are left out."""
    made = (Group(code, tuple(build(rules))) for code, build in _GROUPS.items())
    return tuple(group for group in made if group.items)


def differences(one: Sequence[Group], other: Sequence[Group]) -> tuple[Difference, ...]:
    """What two programmes, or two versions of one, say differently, in the order in which they are read.

    Of an item that only one of them has, only its title is said (`CALLED`).
    """
    before, after = _lines(one), _lines(other)
    alone = {key[:2] for key in before} ^ {key[:2] for key in after}
    return tuple(
        Difference(*_place(before.get(key) or after[key]), _value(before.get(key)), _value(after.get(key)))
        for key in {**before, **after}
        if _value(before.get(key)) != _value(after.get(key)) and (key[:2] not in alone or key[2] == CALLED)
    )


Placed = tuple[str, Item, Line]


def _lines(groups: Sequence[Group]) -> Mapping[tuple[str, str, str, int], Placed]:
    """Every line by its stable place: group, item, label, and which of several with that label it is."""
    found: dict[tuple[str, str, str, int], Placed] = {}
    for group in groups:
        for item in group.items:
            found[group.code, item.key, CALLED, 0] = (group.code, item, Line(CALLED, item.title))
            for line in item.lines:
                turn = sum(1 for other in found if other[:3] == (group.code, item.key, line.what))
                found[group.code, item.key, line.what, turn] = (group.code, item, line)
    return found


def _place(placed: Placed) -> tuple[str, Item, str]:
    return placed[0], placed[1], placed[2].what


def _value(placed: Placed | None) -> Value | None:
    return placed[2].value if placed else None


def _assumed(rules: Programme, shown: Sequence[Group]) -> tuple[tuple[Remark, Item | None], ...]:
    """What is to be confirmed, each with the item that the page marks for it."""
    items = [item for group in shown for item in group.items]

    def marked(remark: Remark) -> Item | None:
        return next((one for one in items if remark in {one.remark, *(line.remark for line in one.lines)}), None)

    return tuple((remark, marked(remark)) for remark in rules.assumptions)


def _row(work: Work, version_id: str) -> models.ResourceVersion:
    row = work.session.get(models.ResourceVersion, version_id)
    if row is None or row.resource.kind != "programme" or (row.number is None and not work.actor.holds(*OF_DRAFTS)):
        raise NotFound("There is no such version.")
    return row


def _edition(row: models.ResourceVersion, *, current: bool) -> Edition:
    resource = row.resource
    return Edition(row.id, resource.key, resource.title, resource.title_en, row.number, current)
