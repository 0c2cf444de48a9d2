"""What the pages about moving cases show: a dry run summed up, and how each case of a move fares."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine import outlooks, pins, upgrades
from engine.domain.errors import NotFound, Problem
from engine.outlooks import Choice, Outlook
from engine.queries.pages import SIZE, Page, in_range, offset
from engine.store import models
from engine.work import Work
from engine.workflow import Definition, Phase, swap

Names = Mapping[str, tuple[str, str]]  # what elements are called, Spanish and English, by id
Upgrade, Item = models.Upgrade, models.UpgradeCase


@dataclass(frozen=True, slots=True)
class Gap:
    """An element or flow of the old drawings that needs a place in the new one, and which could be it."""

    name: str
    choices: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason why cases cannot move, and how many it keeps."""

    problem: Problem
    cases: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """A move that was only thought through; `page` are its cases, `total` all, `movable` those that can go."""

    process: str
    release_id: str
    release: int
    drawing: str
    total: int
    movable: int
    page: Page[Outlook]
    reasons: Sequence[Reason]
    gaps: Sequence[Gap]
    reckonable: Sequence[str]
    standing: Mapping[str, int]
    phases: Sequence[Phase]
    names: Names


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A move of the process in a list."""

    id: str
    release: int
    status: str
    asked_by: str
    asked_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of a move; `undoable` says whether the move can still be taken back."""

    case_id: str
    number: str
    release: int
    status: str
    moved_at: datetime | None
    problems: Sequence[Problem]
    undoable: bool


@dataclass(frozen=True, slots=True)
class MoveView:
    """One move with its cases, those that need somebody first."""

    line: MoveLine
    process: str
    asked_by_id: str
    reason: str
    mapping: Mapping[str, str]
    again: Sequence[str]
    decided_by: str
    decided_at: datetime | None
    left_reason: str
    page: Page[CaseLine]
    names: Names


def dry_run(
    work: Work,
    release_id: str,
    choice: Choice,
    mapping: Mapping[str, str],
    again: Collection[str],
    number: int = 1,
) -> DryRun:
    """What a move to the release would do to the cases of the choice."""
    target = outlooks.release(work, release_id)
    found = outlooks.of_cases(work, target, choice, mapping, again)
    olds = [pins.definition(work, one) for one in dict.fromkeys(outlook.release_id for outlook in found)]
    new = pins.definition(work, release_id)
    lacking = dict.fromkeys(name for outlook in found for name in outlook.plan.missing)
    number = in_range(number)
    rows = tuple(found[offset(number) : offset(number) + SIZE])
    return DryRun(
        process=target.process,
        release_id=release_id,
        release=target.number,
        drawing=pins.version(work, release_id, "process", target.process).id,
        total=len(found),
        movable=sum(outlook.plan.movable for outlook in found),
        page=Page(rows, number, len(found), more=offset(number + 1) < len(found)),
        reasons=_reasons(found),
        gaps=[_gap(olds, new, name) for name in dict.fromkeys((*mapping, *lacking))],
        reckonable=sorted({name for outlook in found for name in outlook.plan.reckonable} | set(again)),
        standing=Counter(mapping.get(name, name) for outlook in found for name in outlook.at),
        phases=new.diagrams[target.process].phases,
        names=_names([*olds, new]),
    )


def moves(work: Work, process: str) -> Sequence[MoveLine]:
    """The moves of a process, the latest first."""
    query = select(Upgrade).where(Upgrade.process == process).order_by(Upgrade.asked_at.desc()).limit(SIZE)
    return [_line(work, upgrade) for upgrade in work.session.scalars(query)]


def move(work: Work, upgrade_id: str, number: int = 1) -> MoveView:
    """One move; NotFound if there is none."""
    upgrade = work.session.get(Upgrade, upgrade_id)
    if upgrade is None:
        raise NotFound("There is no such move.")
    number = in_range(number)
    rows = _cases(work, upgrade, number)
    line = _line(work, upgrade)
    return MoveView(
        line=line,
        process=upgrade.process,
        asked_by_id=upgrade.asked_by,
        reason=upgrade.reason,
        mapping={name: str(target) for name, target in upgrade.mapping.items()},
        again=upgrade.again,
        decided_by=_name(work, upgrade.decided_by),
        decided_at=upgrade.decided_at,
        left_reason=upgrade.left_reason or "",
        page=Page(rows[:SIZE], number, sum(line.counts.values()), more=len(rows) > SIZE),
        names=_names([pins.definition(work, upgrade.release_id), *_before(work, upgrade)]),
    )


def leftover(work: Work, task_id: str, case_id: str) -> Mapping[str, object]:
    """The answers of the task's draft for which the form has no field since the case was moved."""
    query = select(Item.leftover).where(Item.case_id == case_id, Item.status == upgrades.MOVED)
    kept: dict[str, object] = {}
    for one in work.session.scalars(query.order_by(Item.moved_at)):
        answers = (one or {}).get(task_id)
        kept |= answers if isinstance(answers, dict) else {}
    return kept


def _reasons(found: Sequence[Outlook]) -> list[Reason]:
    counted = Counter(str(reason) for outlook in found for reason in outlook.plan.reasons)
    said = {str(reason): reason for outlook in found for reason in outlook.plan.reasons}
    return [Reason(said[text], count) for text, count in counted.most_common()]


def _gap(olds: Sequence[Definition], new: Definition, name: str) -> Gap:
    return Gap(name, list(dict.fromkeys(one for old in olds for one in swap.candidates(old, new, name))))


def _names(definitions: Sequence[Definition]) -> Names:
    return {id_: (one.name, one.name_en) for definition in definitions for id_, one in definition.elements.items()}


def _line(work: Work, upgrade: models.Upgrade) -> MoveLine:
    counts = select(Item.status, func.count()).where(Item.upgrade_id == upgrade.id).group_by(Item.status)
    return MoveLine(
        id=upgrade.id,
        release=outlooks.release(work, upgrade.release_id).number,
        status=upgrade.status,
        asked_by=_name(work, upgrade.asked_by),
        asked_at=upgrade.asked_at,
        counts={row[0]: row[1] for row in work.session.execute(counts)},
    )


def _cases(work: Work, upgrade: models.Upgrade, number: int) -> tuple[CaseLine, ...]:
    query = (
        select(Item, models.Case.number, models.Release.number)
        .join(models.Case, models.Case.id == Item.case_id)
        .join(models.Release, models.Release.id == Item.release_id)
        .where(Item.upgrade_id == upgrade.id)
        .order_by(Item.status != upgrades.REFUSED, Item.status == upgrades.MOVED, models.Case.number)
        .limit(SIZE + 1)
        .offset(offset(number))
    )
    return tuple(
        CaseLine(
            case_id=item.case_id,
            number=case_number,
            release=release,
            status=item.status,
            moved_at=item.moved_at,
            problems=[_problem(said) for said in item.problems or ()],
            undoable=item.status == upgrades.MOVED and upgrades.gone_on(work, item) is None,
        )
        for item, case_number, release in work.session.execute(query)
    )


def _problem(said: object) -> Problem:
    where, message, params = said if isinstance(said, list) else ("", "", {})
    return Problem(where, message, params)


def _before(work: Work, upgrade: models.Upgrade) -> list[Definition]:
    query = select(Item.release_id).where(Item.upgrade_id == upgrade.id).distinct()
    return [pins.definition(work, release_id) for release_id in work.session.scalars(query)]


def _name(work: Work, account_id: str | None) -> str:
    account = work.session.get(models.Account, account_id) if account_id else None
    return account.name if account else ""
