"""One certificate as its page shows it: where it stood on a day, how it came there, and everything that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from engine import bars, benefits, clocks, dependents, offices, partners, resources, sites, statuses
from engine.domain.clocks import over
from engine.domain.errors import NotFound
from engine.domain.programme import Programme, Words
from engine.domain.states import Machine
from engine.queries import visible
from engine.queries.operators import Certificate, visible_certificate
from engine.store import models
from engine.work import SYSTEM, Work

APPEAL: Final = "appeal"


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the state, since when it is valid, when and by whom it was recorded; `reason` is for the office."""

    state: str
    transition: str
    valid_from: date
    recorded_at: datetime
    by: str
    reason: str
    corrects: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A row of the benefit ledger."""

    id: str
    name: Words
    system: str
    on: bool
    never: bool
    valid_from: date
    recorded_at: datetime
    transition: str
    delivered_on: date | None
    proof: str


@dataclass(frozen=True, slots=True)
class Dependent:
    """Another customs decision that rests on the certificate."""

    name: Words
    reference: str
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a partner was told last, and what it confirmed last."""

    message: str
    partner: Words
    status: str
    written_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    failed_at: datetime | None
    failure: str
    last_confirmed: datetime | None


@dataclass(frozen=True, slots=True)
class Remedy:
    """The period to appeal the last act about a certificate: until when, or since when the act is firm (domain page §3)."""

    last_day: date
    firm: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Life:
    """A certificate with its history; `then` is its state on the day that was asked for, as known at the end of another."""

    certificate: Certificate
    version: int
    suspended: tuple[str, ...]
    expires_on: date | None
    then: str | None
    moves: tuple[Move, ...]
    sites: tuple[str, ...]
    ledger: tuple[Switch, ...]
    dependents: tuple[Dependent, ...]
    partners: tuple[Told, ...]
    remedy: Remedy | None
    may_exchange: bool


@dataclass(frozen=True, slots=True)
class BarSeen:
    """A bar on a new application: its cause, its days, its basis, and how it ended before its time."""

    cause: str
    programme: str
    starts_on: date
    ends_on: date
    legal_basis: str
    lifted_on: date | None
    runs: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate beside a case."""

    id: str
    operator_id: str
    number: str
    type: str
    state: str


def life(work: Work, operator_id: str, authorisation_id: str, day: date, known_on: date) -> Life:
    """The certificate for whoever may see it; NotFound else."""
    certificate = visible_certificate(work, operator_id, authorisation_id)
    row = work.session.get_one(models.Authorisation, authorisation_id)
    rules = _programme(work, row.programme)
    inside = work.actor.holds(*visible.READERS)
    return Life(
        certificate=certificate,
        version=row.version,
        suspended=tuple(row.suspended_parts),
        expires_on=row.expires_on,
        then=statuses.on(work, Machine.AUTHORISATION, row.id, day, over(known_on, work.zone)),
        moves=_moves(work, row.id, inside=inside),
        sites=tuple(name for _id, name in sites.within(work, row.id, work.today)),
        ledger=_ledger(work, rules, row.id),
        dependents=_dependents(work, rules, row.id),
        partners=_partners(work, rules, row.id) if inside else (),
        remedy=_remedy(work, row.id),
        may_exchange=work.actor.holds(*partners.SENDERS),
    )


def bars_of(work: Work, operator_id: str) -> tuple[BarSeen, ...]:
    """Every bar of an operator, the newest on top."""
    return tuple(
        BarSeen(
            cause=one.cause,
            programme=one.programme,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            legal_basis=one.legal_basis,
            lifted_on=one.lifted_on,
            runs=one.lifted_on is None and one.starts_on <= work.today <= one.ends_on,
        )
        for one in bars.of_operator(work, operator_id)
    )


def of_case(work: Work, case_id: str) -> tuple[Held, ...]:
    """The certificates that a case is about, one for each type."""
    case = work.session.get_one(models.Case, case_id)
    mine = models.Authorisation.id == case.authorisation_id
    if case.application_id:
        mine |= models.Authorisation.application_id == case.application_id
    query = select(models.Authorisation).where(mine).order_by(models.Authorisation.number)
    return tuple(Held(one.id, one.operator_id, one.number, one.type, one.state) for one in work.session.scalars(query))


def _moves(work: Work, authorisation_id: str, *, inside: bool) -> tuple[Move, ...]:
    rows = statuses.moves(work, authorisation_id)
    names = _names(work, [row.actor_id for row in rows]) if inside else {}
    return tuple(
        Move(
            state=row.to_state,
            transition=row.transition,
            valid_from=row.valid_from,
            recorded_at=row.recorded_at,
            by=names.get(row.actor_id, ""),
            reason=row.reason if inside else "",
            corrects=row.corrects_id is not None,
        )
        for row in reversed(rows)
    )


def _names(work: Work, ids: Sequence[str]) -> dict[str, str]:
    query = select(models.Account.id, models.Account.name).where(models.Account.id.in_(ids))
    return {SYSTEM.id: SYSTEM.name, **{row[0]: row[1] for row in work.session.execute(query)}}


def _ledger(work: Work, rules: Programme | None, authorisation_id: str) -> tuple[Switch, ...]:
    known = {one.code: one for one in rules.benefits} if rules else {}
    return tuple(
        Switch(
            id=row.id,
            name=known[row.code].words if row.code in known else _plain(row.code),
            system=known[row.code].system if row.code in known else "",
            on=row.on,
            never=row.never,
            valid_from=row.valid_from,
            recorded_at=row.recorded_at,
            transition=row.transition,
            delivered_on=row.delivered_on,
            proof=row.proof,
        )
        for row in reversed(benefits.ledger(work, authorisation_id))
    )


def _dependents(work: Work, rules: Programme | None, authorisation_id: str) -> tuple[Dependent, ...]:
    known = rules.dependent_decisions if rules else {}
    return tuple(
        Dependent(known[row.kind].words if row.kind in known else _plain(row.kind), row.reference, row.state)
        for row in dependents.of_authorisation(work, authorisation_id)
    )


def _remedy(work: Work, authorisation_id: str) -> Remedy | None:
    clock = clocks.find(work, authorisation_id, APPEAL)
    if clock is None:
        return None
    return Remedy(clock.due_on, firm=clock.state == clocks.EXPIRED, open=clock.state == clocks.RUNNING)


def _partners(work: Work, rules: Programme | None, authorisation_id: str) -> tuple[Told, ...]:
    known = {one.code: one.words for one in rules.mutual_recognition.partners} if rules else {}
    newest: dict[str, models.PartnerMessage] = {}
    confirmed: dict[str, datetime | None] = {}
    for row in partners.messages(work, [authorisation_id]):
        newest[row.partner] = row
        confirmed[row.partner] = row.acknowledged_at or confirmed.get(row.partner)
    return tuple(
        Told(
            message=row.id,
            partner=known.get(code, _plain(code)),
            status=row.status,
            written_at=row.created_at,
            sent_at=row.sent_at,
            confirmed_at=row.acknowledged_at,
            failed_at=row.failed_at,
            failure=row.failure,
            last_confirmed=confirmed[code],
        )
        for code, row in newest.items()
    )


def _programme(work: Work, key: str) -> Programme | None:
    """The programme in its newest version, for the names of things; None where it was never published."""
    try:
        version = resources.latest(work, resources.find(work, "programme", key))
    except NotFound:
        return None
    return offices.read(version.content) if version else None


def _plain(code: str) -> Words:
    text = code.replace("_", " ")
    return Words(text, text)
