"""The history: every change is recorded here, in its own transaction, tied to what was recorded before."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from sqlalchemy import Table, insert, select
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session, UOWTransaction

from engine.domain import chain
from engine.domain.chain import Link
from engine.domain.events import Event
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work

CHUNK: Final = 1000  # events read at a time when a long chain is verified
_UNWRITTEN: Final = "facts recorded and not written yet"


def record(work: Work, event: Event, *, case: models.Case | None = None, stream: str | None = None) -> None:
    """Appends a fact to the chain of `case`, or to `stream` (`operator:<id>`, `resource:<kind>:<key>`, `people`)."""
    name = f"case:{case.id}" if case else stream
    if name is None:
        message = "an event belongs to a case or to a stream"
        raise ValueError(message)
    head = _head(work, name)
    link = Link(
        stream=name,
        seq=head.seq + 1,
        at=work.now,
        actor_id=work.actor.id,
        actor_name=work.actor.name,
        type=type(event).__name__,
        case_id=case.id if case else None,
        release_id=case.release_id if case else None,
        data=chain.canonical({f.name: getattr(event, f.name) for f in fields(event)}),
        previous_hash=head.hash,
        hash="",
    )
    head.seq, head.hash = link.seq, chain.tie(link)
    row = {f.name: getattr(link, f.name) for f in fields(link)} | {"hash": head.hash}
    work.session.info.setdefault(_UNWRITTEN, []).append(row)


def verify(work: Work, stream: str) -> tuple[int, Link | None]:
    """How many events the chain has, and the first that was tampered with (None: it is whole).

    A chain whose last events were cut off is found out too: its head says how long it must be.
    """
    links = list(events_of(work, stream))
    broken = chain.first_break(links)
    head = work.session.get(models.Stream, stream)
    if broken is None and head is not None and (not links or (links[-1].seq, links[-1].hash) != (head.seq, head.hash)):
        broken = Link(stream, head.seq, work.now, "", "", "missing", None, None, "", "", head.hash)
    return len(links), broken


def events_of(work: Work, stream: str) -> Iterator[Link]:
    """The events of a stream, first to last."""
    query = select(models.Event).where(models.Event.stream == stream).order_by(models.Event.seq)
    for row in work.session.scalars(query.execution_options(yield_per=CHUNK)):
        yield Link(**{f.name: getattr(row, f.name) for f in fields(Link)})


@sqlalchemy_event.listens_for(Session, "after_flush")
def _write(session: Session, _flush: UOWTransaction) -> None:
    """Writes the facts of this flush in one statement; their stream's head changed with them, so there is always one."""
    facts = session.info.pop(_UNWRITTEN, None)
    table = models.Event.__table__
    if facts and isinstance(table, Table):
        session.connection().execute(insert(table), facts)


def _head(work: Work, name: str) -> models.Stream:
    """The end of the chain, locked: two who record in one stream do it one after the other."""
    held: dict[str, models.Stream] = work.session.info.setdefault("streams", {})
    if name not in held:
        head = work.session.get(models.Stream, name, with_for_update=True)
        if head is None:
            insert_if_absent(work.session, models.Stream, id=name, seq=0, hash=chain.START)
            head = work.session.get_one(models.Stream, name, with_for_update=True)
        held[name] = head
    return held[name]
