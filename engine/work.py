"""One actor, one moment, one transaction: `begin` opens work at the edge, and nothing else begins or commits."""

import itertools
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.domain.ids import new_id
from engine.store.database import Database, lost_lock
from engine.store.models import Model
from engine.store.transaction import Transaction

Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)
TRIES: Final = 5  # of a command that lost a lock against others
REST: Final = 0.2  # seconds, at most, before the second try; twice as long before each further one


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who is away and whom an actor stands in for: account, name, and the roles that this covers."""

    id: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a human being with an account, or the system itself. `operators` are those they act for.

    `roles` are their own and those of `absent`, whom they stand in for today; `units` are the parts of the office they
    work in.
    """

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    absent: tuple[Absent, ...] = ()
    own: frozenset[str] | None = None  # none: all of `roles`
    units: frozenset[str] = frozenset()

    def holds(self, *roles: str) -> bool:
        """Whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def in_place_of(self, role: str, holder: str | None = None) -> Absent | None:
        """Whom the actor stands in for when they act in this role on what `holder` (an account) has; None: for nobody."""
        held = next((one for one in self.absent if one.id == holder), None)
        if held is not None or role in (self.roles if self.own is None else self.own):
            return held
        return next((one for one in self.absent if role in one.roles), None)


SYSTEM: Final = Actor("system", "Marchamo")
NOBODY: Final = Actor("nobody", "—")


@dataclass(slots=True)
class Work:
    """What an actor does at one moment.

    `now` is an aware instant in UTC, the only clock that code reads; `zone` is the office's. `facts` are recorded and
    not written yet, `ends` are where their streams end (number and hash of the last fact), as far as they are locked.
    """

    transaction: Transaction
    actor: Actor
    now: datetime
    zone: ZoneInfo
    moved_clocks: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    notes: list[Callable[["Work"], None]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    facts: list[Mapping[str, object]] = field(default_factory=list)
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)
    last: Callable[["Work"], None] | None = None

    @property
    def session(self) -> Session:
        """The session of the transaction, for queries and objects; it is opened when it is first asked for."""
        return self.transaction.session

    def one(self, model: type[Row], key: str) -> Row:
        """The object of the row with this id, which must exist; no query where it was loaded already."""
        held: Row | None = self.transaction.held(model, key)
        return self.session.get_one(model, key) if held is None else held

    def new_id(self) -> str:
        """A fresh id that sorts by time, and among those of this work in the order in which they were made."""
        return new_id(self.now, next(self.numbers))

    @property
    def today(self) -> date:
        """The office's date at this moment: what a letter is dated, and what a legal period counts from."""
        return self.local.date()

    @property
    def local(self) -> datetime:
        """The same instant by the office's clock: what expressions and forms call now."""
        return self.now.astimezone(self.zone)

    def clock_moved(self, case_id: str, clock: str, due_at: datetime, before: datetime | None = None) -> None:
        """Notes that a legal clock of a case is due at another instant; whoever moves the case moves what hangs on it."""
        self.moved_clocks.append((case_id, clock, due_at, before))

    def note_failure(self, note: Callable[["Work"], None]) -> None:
        """Leaves word of what goes wrong: if this work is rolled back, `note` is written in a transaction of its own."""
        self.notes.append(note)


@contextmanager
def begin(database: Database, actor: Actor, now: datetime | None = None) -> Generator[Work]:
    """Work that may change things: leaving the block commits, an exception rolls all of it back.

    `now` is given only by those who play on a virtual clock (the demonstration, tests of long periods).
    """
    notes: list[Callable[[Work], None]] = []
    try:
        with closing(database.writing()) as transaction:
            work = Work(transaction, actor, now or datetime.now(UTC), database.zone, notes=notes)
            yield work
            transaction.flush()
            if work.last is not None:
                work.last(work)
            transaction.commit()
    except Exception:
        if notes:
            with begin(database, actor, now) as work:
                for note in notes:
                    note(work)
        raise


def insist(act: Callable[[], Result]) -> Result:
    """Does `act`, which begins work of its own, again when the database made it lose a lock against others.

    The loser of a deadlock was rolled back whole, so that nothing is done twice; nobody is shown that it happened.
    """
    for lost in range(TRIES - 1):
        try:
            return act()
        except DBAPIError as error:
            if not lost_lock(error):
                raise
            time.sleep(REST * 2**lost * random.uniform(0.5, 1))  # noqa: S311 - spreads load, guards nothing
    return act()


def attempt(work: Work, act: Callable[[], Result]) -> Result:
    """Does `act` within the work; if it raises, it is as if it had never begun, and the work can go on without it.

    Undone is what it wrote, the facts that it recorded, where their streams end, the clocks that it moved, and its notes.
    """
    session = work.session
    session.flush()
    moved, notes, facts, ends = list(work.moved_clocks), list(work.notes), list(work.facts), dict(work.ends)
    try:
        with session.begin_nested():
            session.connection()  # only now does the database hear of the savepoint, before any prepared statement
            return act()
    except Exception:
        session.expire_all()
        work.moved_clocks[:], work.notes[:], work.facts[:], work.ends = moved, notes, facts, ends
        raise


@contextmanager
def look(database: Database, actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """Work that only reads: it takes no lock, and the database refuses any change."""
    with closing(database.reading()) as transaction:
        yield Work(transaction, actor, now or datetime.now(UTC), database.zone)
