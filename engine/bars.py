"""Bars on a new application: of the person and the programme, by cause; they end with their last day, or by a recorded act."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import calendars, clocks, history
from engine.clock_rules import BAR
from engine.domain.clocks import bar_until
from engine.domain.errors import NotFound
from engine.domain.events import BarLifted, BarStarted
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

STAYED: Final = "stayed"


def running(work: Work, operator_id: str, programme: str) -> models.Bar | None:
    """The bar that keeps the operator from applying today, the one that lasts longest; None if there is none.

    A successor inherits the bars of who was there before, until a person freed it with a reason (domain page §14.7).
    """
    people = [operator_id, *_predecessors(work, operator_id)]
    query = select(models.Bar).where(
        models.Bar.operator_id.in_(people),
        models.Bar.programme == programme,
        models.Bar.lifted_on.is_(None),
        models.Bar.starts_on <= work.today,
        models.Bar.ends_on >= work.today,
    )
    return work.session.scalars(query.order_by(models.Bar.ends_on.desc())).first()


def until(work: Work, operator_id: str, programme: str) -> date | None:
    """The last day of the bar that runs; None if there is none."""
    bar = running(work, operator_id, programme)
    return bar.ends_on if bar else None


def start(
    work: Work,
    case: models.Case,
    rules: Programme,
    cause: str,
    subject: models.Authorisation | models.Application,
    starts_on: date,
    types: Sequence[str],
) -> models.Bar | None:
    """Bars the holder from the day of the act for as long as the programme says for this cause and these types.

    The clock `bar_<cause>` of what the act is about shows how its last day is found.
    """
    period = rules.bar(cause, types)
    ends_on = bar_until(starts_on, period, calendars.of(work, rules)) if period else None
    if period is None or ends_on is None:
        return None
    bar = models.Bar(
        id=work.new_id(),
        operator_id=subject.operator_id,
        programme=subject.programme,
        cause=cause,
        legal_basis=period.legal_basis,
        authorisation_id=subject.id if isinstance(subject, models.Authorisation) else None,
        application_id=subject.id if isinstance(subject, models.Application) else None,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=work.now,
        actor_id=work.actor.id,
        case_id=case.id,
    )
    clocks.start_term(work, case, rules, f"{BAR}{cause}", subject.id, starts_on, types)
    return _add(work, case, bar)


def lift(work: Work, case: models.Case, subject_id: str, reason: str) -> None:
    """Ends the bars that an act about this authorisation or application brought, because the act itself fell or waits."""
    for bar in _of(work, subject_id):
        if bar.lifted_on is None:
            bar.lifted_on, bar.lifted_by, bar.lifted_reason = work.today, work.actor.id, reason
            clocks.end(work, case, f"{BAR}{bar.cause}", subject_id, clocks.STOPPED)
            history.record(work, BarLifted(bar.id, bar.operator_id, reason), case=case)


def resume(work: Work, case: models.Case, rules: Programme, subject: models.Authorisation | models.Application) -> None:
    """The act that waited for an appeal stands: its bar goes on until the day that was its last from the beginning."""
    types = [subject.type] if isinstance(subject, models.Authorisation) else list(subject.types)
    for bar in _of(work, subject.id):
        if bar.lifted_reason == STAYED:
            again = {column.key: getattr(bar, column.key) for column in models.Bar.__table__.columns}
            again |= {"id": work.new_id(), "recorded_at": work.now, "actor_id": work.actor.id, "case_id": case.id}
            again |= {"lifted_on": None, "lifted_by": None, "lifted_reason": ""}
            clocks.start_term(work, case, rules, f"{BAR}{bar.cause}", subject.id, bar.starts_on, types)
            _add(work, case, models.Bar(**again))


def of_operator(work: Work, operator_id: str) -> Sequence[models.Bar]:
    """Every bar the operator ever had, the newest on top."""
    query = select(models.Bar).where(models.Bar.operator_id == operator_id)
    return work.session.scalars(query.order_by(models.Bar.recorded_at.desc(), models.Bar.id.desc())).all()


def check(work: Work, case: models.Case, operator_id: str, programme: str) -> dict[str, object]:
    """What a diagram may ask before it goes on: whether a bar runs, until when, why, and on what basis."""
    del case
    if work.session.get(models.Operator, operator_id) is None:
        raise NotFound("There is no such operator.")
    bar = running(work, operator_id, programme)
    if bar is None:
        return {"barred": False, "bar_until": None, "bar_cause": None, "bar_basis": None}
    ends = bar.ends_on.isoformat()
    return {"barred": True, "bar_until": ends, "bar_cause": bar.cause, "bar_basis": bar.legal_basis}


def _add(work: Work, case: models.Case, bar: models.Bar) -> models.Bar:
    work.session.add(bar)
    work.session.flush()
    event = BarStarted(bar.id, bar.operator_id, bar.programme, bar.cause, bar.ends_on.isoformat())
    history.record(work, event, case=case)
    return bar


def _of(work: Work, subject_id: str) -> Sequence[models.Bar]:
    about = (models.Bar.authorisation_id == subject_id) | (models.Bar.application_id == subject_id)
    return work.session.scalars(select(models.Bar).where(about).order_by(models.Bar.recorded_at)).all()


def _predecessors(work: Work, operator_id: str) -> list[str]:
    """Everybody whose bars the operator inherits, also by several steps."""
    found: list[str] = []
    todo = [operator_id]
    while todo:
        query = select(models.Succession.operator_id).where(
            models.Succession.successor_id.in_(todo), models.Succession.freed_on.is_(None)
        )
        todo = [one for one in work.session.scalars(query) if one not in {operator_id, *found}]
        found += todo
    return found
