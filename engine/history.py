"""The history: every change is recorded here, in its own transaction, tied to what was recorded before."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, select

from engine.domain import chain
from engine.domain.chain import Link
from engine.domain.events import Event
from engine.store import models, rows
from engine.store.prepared import Prepared
from engine.store.upsert import insert_if_absent
from engine.work import Work

CHUNK: Final = 1000  # events read at a time when a long chain is verified
_LOCK: Final = Prepared(
    select(models.Stream.seq, models.Stream.hash).where(models.Stream.id == bindparam("stream")).with_for_update()
)


def record(work: Work, event: Event, *, case: models.Case | None = None, stream: str | None = None) -> None:
    """Appends a fact to the chain of `case`, or to `stream` (`operator:<id>`, `resource:<kind>:<key>`, `people`)."""
    name = f"case:{case.id}" if case else stream
    if name is None:
        message = "an event belongs to a case or to a stream"
        raise ValueError(message)
    seq, previous = _end(work, name)
    said = {field: getattr(event, field) for field in _names(type(event))}  # type: ignore[arg-type]  # classes have hashes
    fact: dict[str, Any] = {
        "stream": name,
        "seq": seq + 1,
        "at": work.now,
        "actor_id": work.actor.id,
        "actor_name": work.actor.name,
        "type": type(event).__name__,
        "case_id": case.id if case else None,
        "release_id": case.release_id if case else None,
        "data": chain.canonical(said),
        "previous_hash": previous,
    }
    fact["hash"] = chain.tie(Link(**fact, hash=""))
    work.facts.append(fact)
    work.ends[name], work.last = (seq + 1, fact["hash"]), _write


def foresee(work: Work, case: models.Case) -> None:
    """Says that something of the case will be recorded: where its chain ends is asked together with what else is asked."""
    _LOCK.ahead(work.transaction, stream=f"case:{case.id}")


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
    work.transaction.flush()  # what the facts speak of comes before them
    _write(work)
    query = select(models.Event).where(models.Event.stream == stream).order_by(models.Event.seq)
    for row in work.session.scalars(query.execution_options(yield_per=CHUNK)):
        yield Link(**{f.name: getattr(row, f.name) for f in fields(Link)})


def _write(work: Work) -> None:
    """Writes the facts recorded so far in one statement, and where each of their streams ends now."""
    if work.facts:
        rows.insert(work.transaction, models.Event, work.facts)
        for name in sorted({str(fact["stream"]) for fact in work.facts}):
            seq, tied = work.ends[name]
            rows.update(work.transaction, models.Stream, name, seq=seq, hash=tied)
        work.facts.clear()


@cache
def _names(kind: type[Event]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _end(work: Work, name: str) -> tuple[int, str]:
    """The end of the chain, locked: two who record in one stream do it one after the other."""
    if name not in work.ends:
        work.ends[name] = _locked(work, name) or _new(work, name)
    return work.ends[name]


def _new(work: Work, name: str) -> tuple[int, str]:
    insert_if_absent(work.transaction, models.Stream, id=name, seq=0, hash=chain.START)
    return _locked(work, name) or (0, chain.START)


def _locked(work: Work, name: str) -> tuple[int, str] | None:
    found: list[tuple[int, str]] = _LOCK.rows(work.transaction, stream=name)
    return found[0] if found else None
