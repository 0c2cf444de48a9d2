"""What the studio shows: resources with their versions, drafts and releases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as sql_case
from sqlalchemy import func, select
from sqlalchemy.orm import raiseload

from engine import checking, releases, services, staffing
from engine.domain import programme
from engine.domain.errors import NotFound
from engine.resources import KINDS, OWNER
from engine.store import models
from engine.work import Work
from engine.workflow import Complaint


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A resource as a list shows it; `number` is the version in force, `waiting` how many wait for approval.

    `newer`: a newer text of it came with Marchamo, and the office has its own.
    """

    kind: str
    key: str
    title: str
    title_en: str
    number: int | None
    published_at: datetime | None
    waiting: int
    drafts: int
    newer: bool = False


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a resource; `author` and `publisher` are names of people; `cases` run on a release that pins it."""

    id: str
    number: int | None
    status: str
    note: str
    author_id: str
    author: str
    saved_at: datetime
    submitted_at: datetime | None
    publisher: str
    published_at: datetime | None
    returned_reason: str
    cases: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with its text; `revision` guards a draft against a second window.

    `base` is what it is compared with: the version before it, for a draft the one in force today (`base_number`);
    `begun_on` is the version it was begun from.
    """

    line: VersionLine
    kind: str
    key: str
    title: str
    title_en: str
    content: bytes
    revision: int
    sha256: str
    base: bytes
    base_number: int | None
    begun_on: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a diagram may refer to, for the lists of the studio: pairs of key and what it is called in both languages."""

    forms: Sequence[tuple[str, str, str]]
    processes: Sequence[tuple[str, str, str]]
    decisions: Sequence[tuple[str, str, str]]
    services: Sequence[str]
    clocks: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release of a process and how many cases began with it."""

    number: int
    current: bool
    created_at: datetime
    cases: int
    active: int


def resources(work: Work) -> Sequence[ResourceLine]:
    """All resources, processes first, then by title."""
    version = models.ResourceVersion
    counts = {
        (resource_id, status): count
        for resource_id, status, count in work.session.execute(
            select(version.resource_id, version.status, func.count()).group_by(version.resource_id, version.status)
        )
    }
    latest = (
        select(
            version.resource_id, func.max(version.number).label("number"), func.max(version.published_at).label("at")
        )
        .where(version.number.is_not(None))
        .group_by(version.resource_id)
        .subquery()
    )
    query = select(models.Resource, latest.c.number, latest.c.at).outerjoin(
        latest, latest.c.resource_id == models.Resource.id
    )
    lines = [
        ResourceLine(
            resource.kind,
            resource.key,
            resource.title,
            resource.title_en,
            number,
            at,
            counts.get((resource.id, "submitted"), 0),
            counts.get((resource.id, "draft"), 0),
            resource.newer,
        )
        for resource, number, at in work.session.execute(query)
    ]
    return sorted(lines, key=lambda line: (KINDS.index(line.kind), line.title))


def versions(work: Work, kind: str, key: str) -> Sequence[VersionLine]:
    """Every version of a resource, the newest first; drafts of others are seen, not edited."""
    version = models.ResourceVersion
    query = (
        select(version)
        .join(models.Resource, models.Resource.id == version.resource_id)
        .where(models.Resource.kind == kind, models.Resource.key == key)
        .options(raiseload("*"))
        .order_by(version.created_at.desc())
    )
    rows = work.session.scalars(query).all()
    names = _names(work, [row.author_id for row in rows] + [row.published_by or "" for row in rows])
    cases = _cases(work, [row.id for row in rows])
    return [_line(row, names, cases) for row in rows]


def waiting(work: Work) -> Sequence[tuple[models.Resource, VersionLine]]:
    """The versions that wait for approval, with what they are versions of, the oldest first."""
    version = models.ResourceVersion
    query = (
        select(version, models.Resource)
        .join(models.Resource, models.Resource.id == version.resource_id)
        .where(version.status == "submitted")
        .options(raiseload("*"))
        .order_by(version.submitted_at)
    )
    rows = work.session.execute(query).all()
    names = _names(work, [row.author_id for row, _resource in rows])
    return [(resource, _line(row, names, {})) for row, resource in rows]


def version(work: Work, version_id: str) -> VersionView:
    """One version to look at, and the text it was begun from."""
    row = work.session.get(models.ResourceVersion, version_id)
    if row is None:
        raise NotFound("There is no such version.")
    begun_on = work.session.get(models.ResourceVersion, row.based_on) if row.based_on else None
    base = _before(work, row)
    resource = row.resource
    names = _names(work, [row.author_id, row.published_by or ""])
    return VersionView(
        line=_line(row, names, _cases(work, [row.id])),
        kind=resource.kind,
        key=resource.key,
        title=resource.title,
        title_en=resource.title_en,
        content=row.content,
        revision=row.revision,
        sha256=row.sha256,
        base=base.content if base else b"",
        base_number=base.number if base else None,
        begun_on=begun_on.number if begun_on else None,
    )


def complaints(work: Work, view: VersionView) -> Sequence[Complaint]:
    """What publication would say of the version today."""
    texts = among(work, view)
    found = checking.complaints(texts, view.kind, view.key)
    if view.kind != "process" or any(one.severity == checking.ERROR for one in found):
        return found
    return [*found, *_understaffed(work, texts, view.key)]


def among(work: Work, view: VersionView) -> checking.Texts:
    """The content of all that is in force, with the version in its place."""
    in_force = {name: row.content for name, row in releases.published(work).items()}
    return in_force | {(view.kind, view.key): view.content}


def understaffed(work: Work) -> Sequence[Complaint]:
    """The tasks in force that the people of the office cannot do without breaking a rule that keeps duties apart."""
    texts = {name: row.content for name, row in releases.published(work).items()}
    found = [one for kind, key in sorted(texts) if kind == "process" for one in _understaffed(work, texts, key)]
    return list({(one.where, one.message): one for one in found}.values())


def _understaffed(work: Work, texts: checking.Texts, key: str) -> Iterator[Complaint]:
    drawn, people = checking.diagrams(texts), staffing.in_office(work)
    for process in [process for process, home in checking.files(texts).items() if home == key and process in drawn]:
        together = [drawn[one] for one in checking.closure(process, drawn)]
        for unmet in staffing.unmet(people, process, together):
            *others, task = unmet.tasks
            said = {"task": task.name or task.id, "role": task.role or "", "people": ", ".join(unmet.people)}
            if not others:
                yield Complaint(task.id, "Nobody holds the role %(role)s, which «%(task)s» asks for.", said, "warning")
                continue
            message = (
                "Nobody may do «%(task)s» after %(others)s: the rules ask for another person each time, and there is only"
                " %(people)s. Give somebody else the role %(role)s."
            )
            told = {**said, "others": ", ".join(f"«{one.name or one.id}»" for one in others)}
            yield Complaint(task.id, message, told, "warning")


def places(work: Work, view: VersionView) -> Mapping[str, tuple[str, str]]:
    """What the parts of a version are called in Spanish and in English, where complaints are about parts that have names."""
    return checking.names_in(among(work, view), view.key) if view.kind == "decision" else {}


def known(work: Work) -> Known:
    """What the diagrams of today may refer to."""
    in_force = releases.published(work)
    titles = {name: (name[1], row.resource.title, row.resource.title_en) for name, row in in_force.items()}
    texts = {name: row.content for name, row in in_force.items()}
    forms = sorted(title for (kind, _), title in titles.items() if kind == "form")
    decisions = sorted((id_, *names) for id_, names in checking.decision_names(texts).items())
    diagrams = checking.diagrams(texts)
    processes = sorted((id_, one.name or id_, one.name_en or one.name or id_) for id_, one in diagrams.items())
    programmes = [programme.read(row.content) for (kind, _key), row in in_force.items() if kind == "programme"]
    clocks = sorted({name for one in programmes for name in one.clocks})
    return Known(forms, processes, decisions, sorted(services.SERVICES), clocks)


def concerned(work: Work, view: VersionView) -> Sequence[tuple[str, int]]:
    """The processes that get a new release when this version goes to work, each with its cases that keep running as begun."""
    version, resource = models.ResourceVersion, models.Resource
    pins = (
        select(models.Pin.release_id)
        .join(version, version.id == models.Pin.version_id)
        .join(resource, resource.id == version.resource_id)
        .where(resource.kind == view.kind, resource.key == view.key)
    )
    release, case = models.Release, models.Case
    query = (
        select(release.process, func.count(case.id))
        .outerjoin(case, (case.process == release.process) & (case.status == "active"))
        .where(release.current, release.id.in_(pins))
        .group_by(release.process)
        .order_by(release.process)
    )
    return [(row[0], row[1]) for row in work.session.execute(query)]


def release_lines(work: Work, process: str) -> Sequence[ReleaseLine]:
    """The releases of a process, the newest first, with the cases that began on each."""
    case = models.Case
    active = func.sum(sql_case((case.status == "active", 1), else_=0))
    counts = select(case.release_id, func.count(case.id).label("all"), active.label("active")).group_by(case.release_id)
    counted = counts.subquery()
    query = (
        select(models.Release, counted.c["all"], counted.c.active)
        .outerjoin(counted, counted.c.release_id == models.Release.id)
        .where(models.Release.process == process)
        .options(raiseload("*"))
        .order_by(models.Release.number.desc())
    )
    return [
        ReleaseLine(release.number, release.current, release.created_at, total or 0, running or 0)
        for release, total, running in work.session.execute(query)
    ]


def may_edit(work: Work) -> bool:
    """Whether the actor edits resources at all."""
    return work.actor.holds(OWNER)


def _before(work: Work, row: models.ResourceVersion) -> models.ResourceVersion | None:
    """The published version that came before this one; for one that is not published yet, the latest."""
    version = models.ResourceVersion
    query = select(version).where(version.resource_id == row.resource_id, version.number.is_not(None))
    if row.number is not None:
        query = query.where(version.number < row.number)
    return work.session.scalars(query.order_by(version.number.desc()).limit(1)).first()


def _line(row: models.ResourceVersion, names: dict[str, str], cases: dict[str, int]) -> VersionLine:
    return VersionLine(
        id=row.id,
        number=row.number,
        status=row.status,
        note=row.note,
        author_id=row.author_id,
        author=names.get(row.author_id, "Marchamo"),
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        publisher=names.get(row.published_by, "Marchamo") if row.published_by else "",
        published_at=row.published_at,
        returned_reason=row.returned_reason or "",
        cases=cases.get(row.id, 0),
    )


def _names(work: Work, ids: Sequence[str]) -> dict[str, str]:
    query = select(models.Account.id, models.Account.name).where(models.Account.id.in_(set(ids)))
    return {row[0]: row[1] for row in work.session.execute(query)}


def _cases(work: Work, version_ids: Sequence[str]) -> dict[str, int]:
    query = (
        select(models.Pin.version_id, func.count(models.Case.id))
        .join(models.Case, models.Case.release_id == models.Pin.release_id)
        .where(models.Pin.version_id.in_(version_ids))
        .group_by(models.Pin.version_id)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}
