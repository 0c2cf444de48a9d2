"""Anybody may ask, but not without end: counted over the last minute, by all processes together, in one row a caller."""

from datetime import timedelta

from sqlalchemy import select

from engine import patience
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.factories import MORNING

SECOND = timedelta(seconds=1)


def asks(database: Database, seconds: float, who: str = "a", most: int = 3) -> bool:
    with begin(database, SYSTEM, MORNING + seconds * SECOND) as work:
        return patience.allows(work, who, most)


def rows(database: Database) -> list[str]:
    with look(database, SYSTEM) as work:
        return sorted(work.session.scalars(select(models.Asking.who)))


def test_who_asks_more_often_than_that_within_a_minute_waits(database: Database) -> None:
    assert [asks(database, second) for second in (0, 1, 2, 3)] == [True, True, True, False]
    assert asks(database, 3, "b")


def test_the_minute_slides_over_the_hands_of_the_clock(database: Database) -> None:
    assert [asks(database, second) for second in (57, 58, 59)] == [True, True, True]

    assert not asks(database, 61)  # a new minute by the clock, and yet four questions within five seconds
    assert asks(database, 61 + 120)


def test_a_caller_is_one_row_and_who_stopped_asking_is_none(database: Database) -> None:
    for second in range(20):
        asks(database, second)
    asks(database, 5, "b")
    assert rows(database) == ["a", "b"]

    asks(database, 200, "c")

    assert rows(database) == ["c"]
