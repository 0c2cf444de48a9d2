"""The history: every change is recorded here, in its own transaction, tied to what was recorded before."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session, UOWTransaction

from engine.domain import chain
from engine.domain.chain import Link
from engine.domain.events import Event
from engine.store import models, rows
from engine.store.prepared import Prepared
from engine.store.upsert import insert_if_absent
from engine.work import Work

CHUNK: Final = 1000  # events read at a time when a long chain is verified
_UNWRITTEN: Final = "facts recorded and not written yet"
_HEADS: Final = "where streams end, as far as this work has locked them"
_FACTS: Final = tuple(f.name for f in fields(Link))
_LOCK: Final = Prepared(
    select(models.Stream.seq, models.Stream.hash).where(models.Stream.id == bindparam("stream")).with_for_update()
)


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
    work.session.info.setdefault(_UNWRITTEN, []).append(
        {name: getattr(link, name) for name in _FACTS} | {"hash": head.hash}
    )


def verify(work: Work, stream: str) -> tuple[int, Link | None]:
    """How many events the chain has, and the first that was tampered with (None: it is whole).

    A chain whose last events were cut off is found out too: its head says how long it must be.
    """
    links = list(events_of(work, stream))
    broken = chain.first_break(links)
    head = work.session.get(models.Stream, stream, populate_existing=True)
    if broken is None and head is not None and (not links or (links[-1].seq, links[-1].hash) != (head.seq, head.hash)):
        broken = Link(stream, head.seq, work.now, "", "", "missing", None, None, "", "", head.hash)
    return len(links), broken


def events_of(work: Work, stream: str) -> Iterator[Link]:
    """The events of a stream, first to last, those of this work included."""
    _at_the_end(work.session)
    query = select(models.Event).where(models.Event.stream == stream).order_by(models.Event.seq)
    for row in work.session.scalars(query.execution_options(yield_per=CHUNK)):
        yield Link(**{f.name: getattr(row, f.name) for f in fields(Link)})


@sqlalchemy_event.listens_for(Session, "after_flush")
def _with_the_rest(session: Session, _flush: UOWTransaction) -> None:
    _write(session)


@sqlalchemy_event.listens_for(Session, "before_commit")
def _at_the_end(session: Session) -> None:
    if session.info.get(_UNWRITTEN):
        session.flush()  # what the facts speak of comes before them
        _write(session)


def _write(session: Session) -> None:
    """Writes the facts recorded so far in one statement, and where each of their streams ends now."""
    facts = session.info.pop(_UNWRITTEN, None)
    if facts:
        rows.insert(session, models.Event, facts)
        heads = session.info[_HEADS]
        touched = sorted({fact["stream"] for fact in facts})
        for name in touched:
            rows.update(session, models.Stream, name, seq=heads[name].seq, hash=heads[name].hash)


def _head(work: Work, name: str) -> "_Head":
    """The end of the chain, locked: two who record in one stream do it one after the other."""
    held: dict[str, _Head] = work.session.info.setdefault(_HEADS, {})
    if name not in held:
        held[name] = _locked(work, name) or _new(work, name)
    return held[name]


def _new(work: Work, name: str) -> "_Head":
    insert_if_absent(work.session, models.Stream, id=name, seq=0, hash=chain.START)
    return _locked(work, name) or _Head(0, chain.START)


def _locked(work: Work, name: str) -> "_Head | None":
    found = _LOCK.rows(work.session, stream=name)
    return _Head(*found[0]) if found else None


@dataclass(slots=True)
class _Head:
    """Where the next fact of a stream is tied on."""

    seq: int
    hash: str
