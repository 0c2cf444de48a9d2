"""Publication: the one door by which diagrams, decisions, forms, letters, criteria and programmes go to work."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from engine import checking, history, pins, resources, schedules
from engine.domain.errors import Conflict, Invalid, NotAllowed, Problem
from engine.domain.events import ReleaseMade, ResourcePublished
from engine.store import models
from engine.work import SYSTEM, Work

SHIPPED: Final[Mapping[str, tuple[str, str]]] = {  # kind: (folder, ending of the file name)
    "criteria": ("forms/criteria", ".toml"),
    "form": ("forms", ".form.json"),
    "letter": ("forms/letters", ".typ"),
    "programme": ("bpmn/programmes", ".toml"),
    "decision": ("bpmn/decisions", ".dmn"),
    "process": ("bpmn", ".bpmn"),
}


def publish(work: Work, version_id: str) -> Sequence[models.Release]:
    """Puts a submitted version to work, as a second person: new cases take it, running ones keep theirs.

    Returns the releases that this made. Invalid names what would not run as drawn, element by element.
    """
    if not work.actor.holds(resources.OWNER):
        raise NotAllowed("Only process owners change how the office works.")
    version = resources.get(work, version_id)
    if version.status != "submitted":
        raise Conflict("This version does not wait for approval.")
    if version.author_id == work.actor.id:
        raise NotAllowed("You wrote this version: another process owner must publish it.")
    return _publish(work, [version])


def install(work: Work, folder: Path) -> None:
    """Publishes the files that come with Marchamo as version 1, where no resource of their name exists yet.

    What came with an earlier Marchamo, and the office never changed, is renewed; running cases keep their release. What
    the office made its own stays as it is, and the studio says that a newer version is available. Where the new files do
    not go with what the office changed, only new resources and letters go to work, and the rest is said to be available.
    """
    known = published(work)
    brought = [_Brought(kind, key, content, known.get((kind, key))) for kind, key, content in _files(folder)]
    first = [one for one in brought if one.held is None and not _exists(work, one.kind, one.key)]
    renewed = [one for one in brought if one.untouched]
    if renewed and not _go_together(known, first + renewed):
        renewed = [one for one in renewed if one.kind == "letter"]
    for one in brought:
        if one.held is not None and one not in renewed:
            _offer(work, one)
    versions = [_first_version(work, one.kind, one.key, one.content) for one in first]
    versions += [_version(work, one.held.resource, one.content, one.held.id) for one in renewed if one.held]
    if versions:
        _publish(work, versions)
    for one in renewed:
        if one.held:
            one.held.resource.offered_sha256 = one.sha256


def take_over(work: Work, folder: Path, kind: str, key: str) -> models.ResourceVersion:
    """A draft of the actor with the newer text that came with Marchamo, to be held against what is in force.

    The office's own changes are not in it; asked twice, it is the same draft. Conflict where nothing newer came.
    """
    if not work.actor.holds(resources.OWNER):
        raise NotAllowed("Only process owners change how the office works.")
    resource = resources.find(work, kind, key)
    file = folder / SHIPPED[kind][0] / f"{key}{SHIPPED[kind][1]}"
    if not resource.newer or not file.is_file():
        raise Conflict("No newer version of this came with Marchamo.")
    content = file.read_bytes()
    version = models.ResourceVersion
    mine = select(version).where(
        version.resource_id == resource.id,
        version.author_id == work.actor.id,
        version.status == "draft",
        version.sha256 == hashlib.sha256(content).hexdigest(),
    )
    held = work.session.scalars(mine.limit(1)).first()
    return held or resources.write(work, resource, content, resources.latest(work, resource))


@dataclass(frozen=True, slots=True)
class _Brought:
    """A file that comes with Marchamo, and the version in force of its resource."""

    kind: str
    key: str
    content: bytes
    held: models.ResourceVersion | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def untouched(self) -> bool:
        """Whether another text came with an earlier Marchamo and is in force as it came."""
        return self.held is not None and self.held.author_id == SYSTEM.id and self.held.content != self.content


def _files(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    for kind, (place, ending) in SHIPPED.items():
        for file in sorted((folder / place).glob(f"*{ending}")):
            yield kind, file.name.removesuffix(ending), file.read_bytes()


def _go_together(known: Mapping[tuple[str, str], models.ResourceVersion], brought: Sequence[_Brought]) -> bool:
    """Whether the files run as drawn together with everything else that is in force."""
    before = {name: version.content for name, version in known.items()}
    texts = before | {(one.kind, one.key): one.content for one in brought}
    try:
        checking.require(texts, [(one.kind, one.key) for one in brought])
        _require_all(checking.files(before), checking.files(texts))
    except Invalid:
        return False
    return True


def _offer(work: Work, one: _Brought) -> None:
    """Says in the studio that a newer text is available, once for each that comes; not for the one it was made from."""
    if one.held is None or one.held.sha256 == one.sha256:
        return
    resource = one.held.resource
    if one.sha256 != (resource.offered_sha256 or _came_with(work, resource)):
        resource.offered_sha256, resource.newer = one.sha256, True


def _came_with(work: Work, resource: models.Resource) -> str:
    """The hash of the newest text of a resource that came with Marchamo; empty where the office made it."""
    version = models.ResourceVersion
    query = select(version.sha256).where(version.resource_id == resource.id, version.author_id == SYSTEM.id)
    return work.session.scalars(query.order_by(version.number.desc()).limit(1)).first() or ""


def _publish(work: Work, versions: Sequence[models.ResourceVersion]) -> Sequence[models.Release]:
    content = published(work)
    before = checking.files({name: version.content for name, version in content.items()})
    for version in versions:
        content[version.resource.kind, version.resource.key] = version
    texts = {name: version.content for name, version in content.items()}
    checking.require(texts, [(version.resource.kind, version.resource.key) for version in versions])
    _require_all(before, checking.files(texts))
    for version in versions:
        _put_to_work(work, version)
    diagrams = checking.diagrams(texts)
    used = {process: checking.used(process, diagrams, texts) for process in diagrams}
    return [
        _release(work, process, {name: content[resource] for name, resource in used[process].items()})
        for process in sorted(diagrams)
        if any((version.resource.kind, version.resource.key) in used[process].values() for version in versions)
    ]


def _require_all(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """A process that is in force stays in force: people and messages start it, and others may call it."""
    message = "The file no longer has the process %(process)s, which is in force; put it back."
    gone = [Problem(before[process], message, {"process": process}) for process in sorted(before.keys() - after.keys())]
    if gone:
        raise Invalid("This cannot go to work as it is.", gone)


def published(work: Work) -> dict[tuple[str, str], models.ResourceVersion]:
    """The version in force of every resource, by kind and key."""
    query = (
        select(models.ResourceVersion)
        .where(models.ResourceVersion.number.is_not(None))
        .order_by(models.ResourceVersion.number)
    )
    return {(version.resource.kind, version.resource.key): version for version in work.session.scalars(query)}


def _release(work: Work, process: str, used: Mapping[tuple[str, str], models.ResourceVersion]) -> models.Release:
    before = work.session.scalar(
        select(models.Release).where(models.Release.process == process, models.Release.current)
    )
    if before is not None:
        before.current = False
        work.session.flush()
    release = models.Release(
        id=work.new_id(),
        process=process,
        number=before.number + 1 if before else 1,
        current=True,
        created_at=work.now,
        created_by=work.actor.id,
        pins=[models.Pin(kind=kind, key=key, version_id=version.id) for (kind, key), version in sorted(used.items())],
    )
    work.session.add(release)
    work.session.flush()
    pins.definition(work, release.id)  # what cannot be built is refused here, not in the first case
    schedules.plan(work, release, before)
    names: list[list[object]] = [[kind, key, version.number] for (kind, key), version in sorted(used.items())]
    history.record(work, ReleaseMade(process, release.number, names), stream=f"resource:process:{process}")
    return release


def _put_to_work(work: Work, version: models.ResourceVersion) -> None:
    resource = version.resource
    version.number = resources.next_number(work, resource)
    version.status, version.published_by, version.published_at = "published", work.actor.id, work.now
    resource.newer = False
    resource.title, resource.title_en = checking.titles(resource.kind, resource.key, version.content)
    work.session.flush()
    event = ResourcePublished(
        resource.kind, resource.key, version.id, version.number, version.sha256, version.author_id
    )
    history.record(work, event, stream=resources.stream(resource))


def _exists(work: Work, kind: str, key: str) -> bool:
    query = select(models.Resource.id).where(models.Resource.kind == kind, models.Resource.key == key)
    return work.session.scalar(query) is not None


def _first_version(work: Work, kind: str, key: str, content: bytes) -> models.ResourceVersion:
    return _version(work, models.Resource(id=work.new_id(), kind=kind, key=key, title=key, title_en=key), content)


def _version(
    work: Work, resource: models.Resource, content: bytes, based_on: str | None = None
) -> models.ResourceVersion:
    version = models.ResourceVersion(
        id=work.new_id(),
        resource=resource,
        status="submitted",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        author_id=SYSTEM.id,
        based_on=based_on,
        created_at=work.now,
        saved_at=work.now,
        submitted_at=work.now,
    )
    work.session.add_all([resource, version])
    work.session.flush()
    return version
