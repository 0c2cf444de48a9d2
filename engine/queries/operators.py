"""Operators as their pages show them: who they are, what they asked for, what they hold, what runs about them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import raiseload, selectinload

from engine.domain.errors import NotFound
from engine.operators import REGISTRARS
from engine.queries import visible
from engine.queries.pages import SIZE, Page, count, in_range, offset
from engine.store import models
from engine.work import Work

Operator = models.Operator
ENDED: Final = ("B7", "B8", "B9", "B11", "B12", "B13")  # states in which a certificate gives nothing any more


@dataclass(frozen=True, slots=True)
class Row:
    """An operator in a list; `states` are those of its live authorisations."""

    id: str
    name: str
    tax_id: str
    kind: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the operator works."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """An authorisation; `live` while it can give benefits, again or still; `running` are the legal clocks about it."""

    id: str
    number: str
    type: str
    state: str
    granted_on: date
    effective_on: date
    next_review_on: date | None
    ended_on: date | None
    bar_until: date | None
    benefits_on: bool
    live: bool
    running: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """An application; `running` are the legal clocks about it."""

    id: str
    number: str
    types: tuple[str, ...]
    state: str
    submitted_on: date | None
    decided_on: date | None
    running: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sanction:
    """A measure against an authorisation."""

    kind: str
    ground: str
    state: str
    starts_on: date
    ends_on: date | None
    closed_on: date | None
    outcome: str | None
    certificate: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All of one operator."""

    id: str
    name: str
    tax_id: str
    kind: str
    address: str
    email: str
    phone: str
    language: str | None
    may_choose: bool
    sites: tuple[Site, ...]
    certificates: tuple[Certificate, ...]
    requests: tuple[Request, ...]
    sanctions: tuple[Sanction, ...]


def listing(work: Work, text: str = "", number: int = 1) -> Page[Row]:
    """The operators that the actor may see, by name."""
    number = in_range(number)
    conditions = [visible.to(work.actor, Operator.id)]
    if text:
        like = Operator.name.icontains(text, autoescape=True)
        conditions.append(or_(like, Operator.tax_id.startswith(text, autoescape=True)))
    query = (
        select(Operator)
        .where(*conditions)
        .options(raiseload("*"))
        .order_by(Operator.name, Operator.id)
        .limit(SIZE + 1)
        .offset(offset(number))
    )
    rows = list(work.session.scalars(query))
    states = _states(work, [row.id for row in rows])
    found = tuple(Row(row.id, row.name, row.tax_id, row.kind, states.get(row.id, ())) for row in rows[:SIZE])
    total = count(work.session, select(Operator.id).where(*conditions))
    return Page(found, number, total, more=len(rows) > SIZE)


def mine(work: Work) -> tuple[Row, ...]:
    """The operators for which the actor acts."""
    query = (
        select(Operator).where(Operator.id.in_(work.actor.operators)).options(raiseload("*")).order_by(Operator.name)
    )
    rows = list(work.session.scalars(query))
    states = _states(work, [row.id for row in rows])
    return tuple(Row(row.id, row.name, row.tax_id, row.kind, states.get(row.id, ())) for row in rows)


def profile(work: Work, operator_id: str) -> Profile:
    """One operator; NotFound also for one that the actor may not see."""
    query = (
        select(Operator)
        .where(Operator.id == operator_id, visible.to(work.actor, Operator.id))
        .options(selectinload(Operator.sites).options(raiseload("*")), raiseload("*"))
    )
    row = work.session.scalar(query)
    if row is None:
        raise NotFound("There is no such operator.")
    return Profile(
        id=row.id,
        name=row.name,
        tax_id=row.tax_id,
        kind=row.kind,
        address=row.address,
        email=row.email,
        phone=row.phone,
        language=row.language,
        may_choose=row.id in work.actor.operators or work.actor.holds(*REGISTRARS),
        sites=tuple(Site(site.name, site.address) for site in sorted(row.sites, key=lambda site: site.name)),
        certificates=certificates(work, operator_id),
        requests=_requests(work, operator_id),
        sanctions=_sanctions(work, operator_id),
    )


def certificates(work: Work, operator_id: str) -> tuple[Certificate, ...]:
    """The operator's authorisations, the newest on top."""
    query = (
        select(models.Authorisation)
        .where(models.Authorisation.operator_id == operator_id)
        .options(raiseload("*"))
        .order_by(models.Authorisation.granted_on.desc(), models.Authorisation.number.desc())
    )
    rows = work.session.scalars(query).all()
    running = _running(work, [row.id for row in rows])
    return tuple(
        Certificate(
            id=row.id,
            number=row.number,
            type=row.type,
            state=row.state,
            granted_on=row.granted_on,
            effective_on=row.effective_on,
            next_review_on=row.next_review_on,
            ended_on=row.ended_on,
            bar_until=row.bar_until,
            benefits_on=row.benefits_on,
            live=row.state not in ENDED,
            running=tuple(running[row.id]),
        )
        for row in rows
    )


def _running(work: Work, subjects: Sequence[str]) -> Mapping[str, list[str]]:
    """The names of the legal clocks that run about each of these, and whose last day has not passed."""
    clock = models.LegalClock
    query = select(clock.subject_id, clock.name).where(
        clock.subject_id.in_(subjects), clock.state == "running", clock.due_at > work.now
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for subject, name in work.session.execute(query):
        found[subject].append(name)
    return found


def visible_certificate(work: Work, operator_id: str, authorisation_id: str) -> Certificate:
    """One of the operator's authorisations that the actor may see."""
    seen = work.session.scalar(
        select(func.count()).where(Operator.id == operator_id, visible.to(work.actor, Operator.id))
    )
    found = next((one for one in certificates(work, operator_id) if one.id == authorisation_id), None)
    if not seen or found is None:
        raise NotFound("There is no such authorisation.")
    return found


def _requests(work: Work, operator_id: str) -> tuple[Request, ...]:
    query = (
        select(models.Application)
        .where(models.Application.operator_id == operator_id)
        .options(raiseload("*"))
        .order_by(models.Application.created_at.desc())
    )
    rows = work.session.scalars(query).all()
    running = _running(work, [row.id for row in rows])
    return tuple(
        Request(
            row.id, row.number, tuple(row.types), row.state, row.submitted_on, row.decided_on, tuple(running[row.id])
        )
        for row in rows
    )


def _sanctions(work: Work, operator_id: str) -> tuple[Sanction, ...]:
    query = (
        select(models.Measure, models.Authorisation.number)
        .join(models.Authorisation, models.Authorisation.id == models.Measure.authorisation_id)
        .where(models.Authorisation.operator_id == operator_id)
        .order_by(models.Measure.created_at.desc())
    )
    return tuple(
        Sanction(
            kind=row.kind,
            ground=row.ground,
            state=row.state,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            closed_on=row.closed_on,
            outcome=row.outcome,
            certificate=number,
        )
        for row, number in work.session.execute(query)
    )


def _states(work: Work, operator_ids: list[str]) -> dict[str, tuple[str, ...]]:
    query = (
        select(models.Authorisation.operator_id, models.Authorisation.state)
        .where(models.Authorisation.operator_id.in_(operator_ids), models.Authorisation.state.not_in(ENDED))
        .order_by(models.Authorisation.state)
    )
    found: dict[str, tuple[str, ...]] = {}
    for operator_id, state in work.session.execute(query):
        found[operator_id] = (*found.get(operator_id, ()), state)
    return found
