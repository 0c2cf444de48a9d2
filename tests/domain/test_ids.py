"""Ids sort by the time they were made, and are UUIDs of version 7."""

import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.ids import new_id

instants = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive there


@given(instants)
def test_an_id_is_a_uuid_of_version_7(now: datetime) -> None:
    made = uuid.UUID(new_id(now))

    assert made.version == 7
    assert made.variant == uuid.RFC_4122


@given(instants, instants)
def test_ids_sort_by_time(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))

    if int(early.timestamp() * 1000) < int(late.timestamp() * 1000):
        assert new_id(early) < new_id(late)


@given(instants)
def test_numbered_ids_of_one_instant_sort_by_their_numbers(now: datetime) -> None:
    made = [new_id(now, number) for number in range(50)]

    assert made == sorted(made)
    assert all(uuid.UUID(one).version == 7 for one in made)


@given(instants)
def test_no_two_ids_are_the_same(now: datetime) -> None:
    assert len({new_id(now) for _ in range(50)}) == 50
