"""Legal clocks as a reader sees them: the last day, how far it is, and the sum by which it was found."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import raiseload, selectinload

from engine import clock_rules
from engine.store import models
from engine.work import Work

CLOSE: Final = 5  # days left from which a period counts as nearly over
LIVE: Final = ("running", "waiting")


@dataclass(frozen=True, slots=True)
class Addition:
    """Days added to a clock, and why."""

    days: int
    unit: str
    legal_basis: str
    reason: str
    notified_on: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A legal period on a given day, `today`."""

    name: str
    state: str
    starts_on: date
    base: int
    unit: str
    legal_basis: str
    due_on: date
    ended_on: date | None
    additions: tuple[Addition, ...]
    today: date

    @property
    def left(self) -> int:
        """Calendar days until the last day; negative once it is over."""
        return (self.due_on - self.today).days

    @property
    def total(self) -> int:
        """Calendar days of the whole period."""
        return max((self.due_on - self.starts_on).days, 1)

    @property
    def day(self) -> int:
        """Which day of the period it is."""
        return max((self.today - self.starts_on).days, 0)

    @property
    def added(self) -> int:
        """Days added to the base, in the units of the additions."""
        return sum(addition.days for addition in self.additions)

    @property
    def percent(self) -> int:
        """How much of the period is over, 0 to 100."""
        return min(100 * self.day // self.total, 100)

    @property
    def base_percent(self) -> int:
        """Where the period would have ended without additions; 100 if there are none."""
        return max(100 * (self.total - self.added) // self.total, 0) if self.additions else 100

    @property
    def live(self) -> bool:
        """Whether it still runs or waits."""
        return self.state in LIVE

    @property
    def tone(self) -> str:
        """The colour of its tag: wait, stop (today or over), warn (nearly over), sea, or ok for one that was kept."""
        if not self.live:
            return {"met": "ok", "expired": "stop"}.get(self.state, "idle")
        if self.state == "waiting":
            return "wait"
        return "stop" if self.left <= 0 else "warn" if self.left <= CLOSE else "sea"


def of_cases(work: Work, case_ids: Collection[str]) -> dict[str, list[Clock]]:
    """The clocks of each of these cases, the one that runs out first on top; two selects, however many cases."""
    if not case_ids:
        return {}
    query = (
        select(models.LegalClock)
        .where(models.LegalClock.case_id.in_(case_ids))
        .options(selectinload(models.LegalClock.additions).options(raiseload("*")), raiseload("*"))
        .order_by(models.LegalClock.due_at)
    )
    found: defaultdict[str, list[Clock]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.case_id].append(seen(row, work.today))
    return dict(found)


def pressing(clocks: Collection[Clock]) -> Clock | None:
    """The one to show where there is room for one: what runs before what waits, the earliest first.

    Nobody hurries because of a term, a bar or the time for which documents are kept.
    """
    live = [clock for clock in clocks if clock.live and not clock_rules.mirrors(clock.name)]
    return min(live, key=lambda clock: (clock.state != "running", clock.due_on), default=None)


def seen(row: models.LegalClock, today: date) -> Clock:
    """A row as a reader sees it on that day."""
    return Clock(
        name=row.name,
        state=row.state,
        starts_on=row.starts_on,
        base=row.base,
        unit=row.unit,
        legal_basis=row.legal_basis,
        due_on=row.due_on,
        ended_on=row.ended_on,
        additions=tuple(
            Addition(one.days, one.unit, one.legal_basis, one.reason, one.notified_on)
            for one in row.additions
            if not one.late
        ),
        today=today,
    )
