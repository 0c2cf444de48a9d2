"""Number series: no gap after a refusal, no number twice however many ask at once, a new beginning every year."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from engine import numbers
from engine.domain.errors import Conflict
from engine.store.database import Database
from engine.work import SYSTEM, begin

NOON = datetime(2026, 7, 1, 18, tzinfo=UTC)
LAST_MINUTE = datetime(2027, 1, 1, 5, 59, tzinfo=UTC)  # 23:59 on 31 December in San Salvador


def take(database: Database, series: str = "OC", now: datetime = NOON) -> str:
    with begin(database, SYSTEM, now) as work:
        return numbers.take(work, series)


def test_numbers_follow_one_another_in_each_series(database: Database) -> None:
    assert [take(database), take(database), take(database, "SEG"), take(database)] == [
        "OC-2026-0001",
        "OC-2026-0002",
        "SEG-2026-0001",
        "OC-2026-0003",
    ]


def test_what_is_rolled_back_gives_its_number_back(database: Database) -> None:
    take(database)
    with pytest.raises(Conflict, match="OC-2026-0002"), begin(database, SYSTEM, NOON) as work:
        raise Conflict(numbers.take(work, "OC"))

    assert take(database) == "OC-2026-0002"


def test_many_at_once_get_different_numbers_without_a_gap(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _number: take(database), range(12)))

    assert sorted(taken) == [f"OC-2026-{number:04}" for number in range(1, 13)]


def test_a_series_begins_again_with_the_year_of_the_office(database: Database) -> None:
    take(database)

    assert take(database, now=LAST_MINUTE) == "OC-2026-0002"
    assert take(database, now=LAST_MINUTE.replace(hour=6, minute=0)) == "OC-2027-0001"
