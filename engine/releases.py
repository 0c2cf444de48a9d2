"""Publication: the one door by which diagrams, decisions, forms, letters, criteria and programmes go to work."""

import hashlib
from collections.abc import Mapping, Sequence
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

    Letters that came with an earlier Marchamo, and that the office never changed, are renewed with those that build on
    them; running cases keep theirs. Everything else stays as it is until somebody of the office changes it.
    """
    new, known = [], published(work)
    for kind, (place, ending) in SHIPPED.items():
        for file in sorted((folder / place).glob(f"*{ending}")):
            key = file.name.removesuffix(ending)
            held, content = known.get((kind, key)), file.read_bytes()
            if not _exists(work, kind, key):
                new.append(_first_version(work, kind, key, content))
            elif kind == "letter" and held and held.author_id == SYSTEM.id and held.content != content:
                new.append(_version(work, held.resource, content, held.id))
    if new:
        _publish(work, new)


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
