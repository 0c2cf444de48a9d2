"""Drafts of what process owners edit: open one, save it, send it for approval, send it back."""

import hashlib
import re
from typing import Final

from sqlalchemy import func, select

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import DraftReturned, DraftSaved, DraftSubmitted
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work

KINDS: Final = ("process", "decision", "form", "letter", "criteria", "programme")
OWNER: Final = "process_owner"
LARGEST: Final = 2_000_000  # bytes of one resource
KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,60}")  # as other tools name a process, too: sid-8F2A.1
OPEN: Final = ("draft", "submitted")


def create(
    work: Work, kind: str, key: str, content: bytes, titles: tuple[str, str] | None = None
) -> models.ResourceVersion:
    """A resource that did not exist, as the actor's draft; `key` is the name others refer to it by.

    `titles` (Spanish, English) are what it is called until a published version says it itself.
    """
    _require_owner(work)
    if kind not in KINDS:
        raise Invalid("There are resources of the kinds %(kinds)s.", kinds=", ".join(KINDS))
    if not KEY.fullmatch(key):
        problem = Problem("key", "Begin with a letter; use letters without accents, digits and _.")
        raise Invalid("This name cannot be used.", [problem])
    title, title_en = titles or (key, key)
    given = {"kind": kind, "key": key, "title": title, "title_en": title_en}
    resource = models.Resource(id=work.new_id(), **given, offered_sha256="", newer=False)
    values = {column: getattr(resource, column) for column in ("id", "kind", "key", "title", "title_en")}
    taken = select(models.Resource.id).where(models.Resource.kind == kind, models.Resource.key == key)
    if work.session.scalar(taken) or not insert_if_absent(work.transaction, models.Resource, **values):
        raise Conflict("There is a %(kind)s named %(key)s already.", kind=kind, key=key)
    return write(work, work.session.get_one(models.Resource, resource.id), content)


def open_draft(work: Work, kind: str, key: str) -> models.ResourceVersion:
    """The actor's draft of the resource: the one they began, or a new one that starts from the published version."""
    _require_owner(work)
    resource = find(work, kind, key)
    mine = select(models.ResourceVersion).where(
        models.ResourceVersion.resource_id == resource.id,
        models.ResourceVersion.author_id == work.actor.id,
        models.ResourceVersion.status == "draft",
    )
    draft = work.session.scalars(mine.order_by(models.ResourceVersion.created_at.desc())).first()
    if draft is not None:
        return draft
    base = latest(work, resource)
    return write(work, resource, base.content if base else b"", base)


def write(
    work: Work, resource: models.Resource, content: bytes, base: models.ResourceVersion | None = None
) -> models.ResourceVersion:
    """A new draft with this content."""
    draft = models.ResourceVersion(
        id=work.new_id(),
        resource=resource,
        resource_id=resource.id,
        status="draft",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        based_on=base.id if base else None,
        author_id=work.actor.id,
        created_at=work.now,
        saved_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    _record_saved(work, draft)
    return draft


def save(work: Work, version_id: str, content: bytes, revision: int) -> models.ResourceVersion:
    """Saves a draft over the revision that the author had before them; an older one is a Conflict, and nothing is lost."""
    draft = own_draft(work, version_id)
    if draft.revision != revision:
        raise Conflict("This draft was saved in another window meanwhile. Compare the two before you save.")
    if len(content) > LARGEST:
        problem = Problem("", "At most %(size)s bytes are accepted.", {"size": LARGEST})
        raise Invalid("The draft is too large.", [problem])
    draft.content, draft.sha256, draft.saved_at = content, hashlib.sha256(content).hexdigest(), work.now
    work.session.flush()
    _record_saved(work, draft)
    return draft


def submit(work: Work, version_id: str, note: str) -> None:
    """Sends a draft for approval, with a sentence on what changes and why; from then on it cannot be edited."""
    draft = own_draft(work, version_id)
    if not note.strip():
        raise Invalid("Say what changes.", [Problem("note", "Write what changes and why: the approver reads it.")])
    draft.status, draft.submitted_at, draft.note = "submitted", work.now, note.strip()
    resource = draft.resource
    event = DraftSubmitted(resource.kind, resource.key, draft.id, draft.sha256, draft.note)
    history.record(work, event, stream=stream(resource))


def send_back(work: Work, version_id: str, reason: str) -> None:
    """An approver returns a submitted draft to its author, with a reason; it is a draft again."""
    _require_owner(work)
    version = get(work, version_id)
    if version.status != "submitted":
        raise Conflict("This version does not wait for approval.")
    if not reason.strip():
        raise Invalid("Give a reason.", [Problem("reason", "Write what the author should change.")])
    version.status, version.returned_reason = "draft", reason.strip()
    resource = version.resource
    event = DraftReturned(resource.kind, resource.key, version.id, version.returned_reason)
    history.record(work, event, stream=stream(resource))


def find(work: Work, kind: str, key: str) -> models.Resource:
    """The resource of that name; NotFound if there is none."""
    query = select(models.Resource).where(models.Resource.kind == kind, models.Resource.key == key)
    resource = work.session.scalar(query)
    if resource is None:
        raise NotFound("There is no %(kind)s named %(key)s.", kind=kind, key=key)
    return resource


def get(work: Work, version_id: str) -> models.ResourceVersion:
    """A version, locked against other editors."""
    version = work.session.get(models.ResourceVersion, version_id, with_for_update=True)
    if version is None:
        raise NotFound("There is no such version.")
    return version


def latest(work: Work, resource: models.Resource) -> models.ResourceVersion | None:
    """The version that was published last; None while there is none."""
    query = select(models.ResourceVersion).where(models.ResourceVersion.resource_id == resource.id)
    numbered = query.where(models.ResourceVersion.number.is_not(None))
    return work.session.scalars(numbered.order_by(models.ResourceVersion.number.desc()).limit(1)).first()


def next_number(work: Work, resource: models.Resource) -> int:
    """The number that the next published version of the resource gets."""
    query = select(func.max(models.ResourceVersion.number)).where(models.ResourceVersion.resource_id == resource.id)
    return (work.session.scalar(query) or 0) + 1


def own_draft(work: Work, version_id: str) -> models.ResourceVersion:
    """A draft of the actor's own, locked; anybody else's may be read, not edited."""
    _require_owner(work)
    version = get(work, version_id)
    if version.author_id != work.actor.id:
        raise NotAllowed("Only its author edits a draft. Open a draft of your own.")
    if version.status != "draft":
        raise Conflict("This version was sent for approval or published: it cannot be edited any more.")
    return version


def stream(resource: models.Resource) -> str:
    """The chain of the history that the resource's events stand in."""
    return f"resource:{resource.kind}:{resource.key}"


def _require_owner(work: Work) -> None:
    if not work.actor.holds(OWNER):
        raise NotAllowed("Only process owners change how the office works.")


def _record_saved(work: Work, draft: models.ResourceVersion) -> None:
    resource = draft.resource
    event = DraftSaved(resource.kind, resource.key, draft.id, draft.sha256)
    history.record(work, event, stream=stream(resource))
