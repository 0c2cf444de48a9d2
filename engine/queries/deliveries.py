"""How a letter reached its addressee, and who may sign for the competent authority, as their pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from engine import offices
from engine.domain.errors import NotFound
from engine.domain.notices import MAIL, PORTAL
from engine.domain.programme import Programme, Words
from engine.store import models
from engine.work import Work


@dataclass(frozen=True, slots=True)
class Way:
    """One delivery; `may_bounce` and `may_resend` say what an officer can do about it."""

    id: str
    channel: str
    address: str
    state: str
    reason: str
    at: datetime
    read_at: datetime | None
    may_bounce: bool
    may_resend: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its ways; `delegation` is the act by which its signatory was empowered."""

    id: str
    number: str
    case: str
    audience: str
    title: str
    title_en: str
    issued_at: datetime
    notified_at: datetime | None
    received_on: date | None
    facts_sha256: str
    sha256: str | None
    delegation: str
    corrects: str
    corrected_by: str
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Empowered:
    """A delegation; `state` is coming, held, over or ended."""

    id: str
    programme: str
    name: str
    templates: Sequence[str]
    act: str
    from_day: date
    to_day: date
    state: str


def ways(work: Work, letter_ids: Sequence[str]) -> dict[str, list[Way]]:
    """The deliveries of these letters, each letter's in their order."""
    query = select(models.Delivery).where(models.Delivery.letter_id.in_(letter_ids)).order_by(models.Delivery.id)
    found: dict[str, list[Way]] = {id_: [] for id_ in letter_ids}
    for row in work.session.scalars(query):
        found[row.letter_id].append(_way(row))
    return found


def letter(work: Work, letter_id: str) -> Letter:
    """One letter with all that is known of its delivery; NotFound if there is none."""
    row = work.session.get(models.Letter, letter_id)
    if row is None:
        raise NotFound("There is no such letter.")
    version = work.session.get_one(models.ResourceVersion, row.version_id)
    resource = work.session.get_one(models.Resource, version.resource_id)
    held = work.session.get(models.Delegation, row.delegation_id) if row.delegation_id else None
    old = work.session.get(models.Letter, row.corrects_id) if row.corrects_id else None
    new = work.session.scalar(select(models.Letter.number).where(models.Letter.corrects_id == row.id))
    return Letter(
        id=row.id,
        number=row.number,
        case=work.session.get_one(models.Case, row.case_id).number,
        audience=row.audience,
        title=resource.title,
        title_en=resource.title_en,
        issued_at=row.issued_at,
        notified_at=row.notified_at,
        received_on=row.received_on,
        facts_sha256=row.facts_sha256,
        sha256=row.sha256,
        delegation=held.act if held else "",
        corrects=old.number if old else "",
        corrected_by=new or "",
        ways=ways(work, [row.id])[row.id],
    )


def empowered(work: Work) -> Sequence[Empowered]:
    """All delegations, the newest on top."""
    query = (
        select(models.Delegation, models.Account.name)
        .join(models.Account, models.Account.id == models.Delegation.account_id)
        .order_by(models.Delegation.id.desc())
    )
    return [
        Empowered(
            row.id, row.programme, name, row.templates, row.act, row.from_day, row.to_day, _state(row, work.today)
        )
        for row, name in work.session.execute(query)
    ]


def officers(work: Work) -> Sequence[tuple[str, str]]:
    """Whom the signature may be delegated to: the id and name of everybody of the office but the actor."""
    query = select(models.Account).where(models.Account.active, models.Account.id != work.actor.id)
    rows = [row for row in work.session.scalars(query.order_by(models.Account.name)) if not row.operators]
    return [(row.id, row.name) for row in rows]


def rules(work: Work, key: str) -> Programme:
    """The programme of that key as it is published now; NotFound if there is none."""
    found = _published(work)
    if key not in found:
        raise NotFound("There is no such programme.")
    return found[key]


def programmes(work: Work) -> Sequence[tuple[str, Words]]:
    """The programmes that are published, with their names of today."""
    return [(key, found.name_on(work.today)) for key, found in sorted(_published(work).items())]


def _published(work: Work) -> dict[str, Programme]:
    query = (
        select(models.Resource.key, models.ResourceVersion.content)
        .join(models.ResourceVersion, models.ResourceVersion.resource_id == models.Resource.id)
        .where(models.Resource.kind == "programme", models.ResourceVersion.status == "published")
        .order_by(models.ResourceVersion.number)
    )
    return {key: offices.read(content) for key, content in work.session.execute(query)}


def _way(row: models.Delivery) -> Way:
    times = [one for one in (row.failed_at, row.delivered_at, row.sent_at) if one is not None]
    return Way(
        id=row.id,
        channel=row.channel,
        address=row.address,
        state=row.state,
        reason=row.reason,
        at=times[0] if times else row.created_at,
        read_at=row.read_at,
        may_bounce=row.channel != PORTAL and row.state in {"sent", "delivered"},
        may_resend=row.channel == MAIL and row.state == "failed",
    )


def _state(row: models.Delegation, today: date) -> str:
    if row.ended_on is not None:
        return "ended"
    return "coming" if row.from_day > today else "over" if row.to_day < today else "held"
