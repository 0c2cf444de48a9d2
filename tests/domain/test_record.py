"""Two times of one record: what was the state on a day, as known at an instant."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.record import Entry, in_force, state_on

START = datetime(2026, 1, 1, tzinfo=UTC)


def entry(number: int, state: str, day: int, known: int, corrects: int | None = None) -> Entry:
    """Days are days of January."""
    recorded = START + timedelta(days=known - 1, seconds=number)
    return Entry(str(number), state, date(2026, 1, day), recorded, None if corrects is None else str(corrects))


def known_on(day: int) -> datetime:
    return START + timedelta(days=day, seconds=-1)


# Submitted on the 3rd, accepted on the 20th as of the 10th.
LIFE = [entry(1, "A1", 3, 3), entry(2, "A4", 10, 20)]


def test_a_state_is_asked_for_a_day_and_an_instant() -> None:
    assert state_on(LIFE, date(2026, 1, 2)) is None
    assert state_on(LIFE, date(2026, 1, 9)) == "A1"
    assert state_on(LIFE, date(2026, 1, 10)) == "A4"
    assert state_on(LIFE, date(2026, 1, 15), known_on(15)) == "A1"
    assert state_on(LIFE, date(2026, 1, 15), known_on(20)) == "A4"


def test_a_correction_takes_the_place_of_the_row_and_leaves_it_as_it_was_known() -> None:
    corrected = [*LIFE, entry(3, "A4", 7, 25, corrects=2)]

    assert state_on(corrected, date(2026, 1, 8)) == "A4"
    assert state_on(corrected, date(2026, 1, 8), known_on(24)) == "A1"
    assert [one.id for one in in_force(corrected)] == ["1", "3"]


def test_a_correction_of_a_correction_takes_the_same_place() -> None:
    twice = [*LIFE, entry(3, "A5", 21, 21), entry(4, "A4", 7, 25, corrects=2), entry(5, "A4", 12, 26, corrects=4)]

    assert [one.id for one in in_force(twice)] == ["1", "5", "3"]
    assert state_on(twice, date(2026, 1, 11)) == "A1"
    assert state_on(twice, date(2026, 1, 22)) == "A5"


def test_an_annulment_says_that_there_never_was_a_certificate() -> None:
    life = [entry(1, "B1", 5, 5), entry(2, "B4", 12, 12), entry(3, "B8", 5, 28)]

    assert state_on(life, date(2026, 1, 13)) == "B8"
    assert state_on(life, date(2026, 1, 13), known_on(27)) == "B4"


def test_an_act_with_a_later_effect_is_known_before_it_is_valid() -> None:
    life = [entry(1, "B6", 5, 5), entry(2, "B7", 21, 20)]

    assert state_on(life, date(2026, 1, 20)) == "B6"
    assert state_on(life, date(2026, 1, 21)) == "B7"


ENTRIES = st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28)), min_size=1, max_size=8)


@given(ENTRIES, st.integers(1, 28), st.integers(1, 28))
def test_what_was_known_at_an_instant_never_changes_by_what_is_recorded_later(
    rows: list[tuple[int, int]], day: int, known: int
) -> None:
    life = [entry(number, f"S{number}", valid, recorded) for number, (valid, recorded) in enumerate(rows)]
    then = [one for one in life if one.recorded_at <= known_on(known)]

    assert state_on(life, date(2026, 1, day), known_on(known)) == state_on(then, date(2026, 1, day))


@given(ENTRIES, st.integers(1, 28))
def test_the_state_is_that_of_the_last_row_recorded_that_is_valid_by_then(
    rows: list[tuple[int, int]], day: int
) -> None:
    life = [entry(number, f"S{number}", valid, recorded) for number, (valid, recorded) in enumerate(rows)]
    by_hand = [one for one in sorted(life, key=lambda one: (one.recorded_at, one.id)) if one.valid_from.day <= day]

    assert state_on(life, date(2026, 1, day)) == (by_hand[-1].state if by_hand else None)
