"""What happened, as lines to read: when, who, what, in which case."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine import history
from engine.store import models
from engine.work import Work

WIDTH = 90  # characters of a fact that a line shows
_QUIET = {"TokensMoved", "TimerMoved"}


def lines(work: Work) -> Iterator[str]:
    """One line for each fact of every case, in the order in which they were recorded."""
    query = (
        select(models.Event, models.Case.number)
        .join(models.Case, models.Case.id == models.Event.case_id)
        .where(models.Event.type.not_in(_QUIET))
        .order_by(models.Event.id)
    )
    for event, number in work.session.execute(query):
        yield f"{_when(event, work.zone)}  {number:<14} {event.actor_name:<22} {event.type:<24} {_about(event.data)}"


def broken(work: Work) -> list[str]:
    """The streams of the history that do not verify; empty when all of it is whole."""
    streams = work.session.scalars(select(models.Stream.id).order_by(models.Stream.id))
    return [stream for stream in streams if history.verify(work, stream)[1] is not None]


def _when(event: models.Event, zone: ZoneInfo) -> str:
    return event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _about(data: str) -> str:
    return data if len(data) <= WIDTH else f"{data[: WIDTH - 1]}…"
