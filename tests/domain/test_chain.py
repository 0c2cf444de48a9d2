"""A chain with one changed fact breaks exactly there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.domain import chain
from engine.domain.chain import Link

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def a_chain(length: int) -> list[Link]:
    links: list[Link] = []
    for seq in range(1, length + 1):
        before = links[-1].hash if links else chain.START
        link = Link(
            "case:1",
            seq,
            NOON + timedelta(seconds=seq),
            "a",
            "Ana",
            "TaskCompleted",
            "1",
            "r",
            f'{{"n":{seq}}}',
            before,
            "",
        )
        links.append(replace(link, hash=chain.tie(link)))
    return links


def test_an_untouched_chain_has_no_break() -> None:
    assert chain.first_break(a_chain(12)) is None


@given(
    st.integers(1, 8),
    st.data(),
    st.sampled_from(["at", "actor_id", "actor_name", "type", "case_id", "release_id", "data", "stream"]),
)
def test_one_changed_fact_breaks_the_chain_at_that_event(length: int, data: st.DataObject, fact: str) -> None:
    links = a_chain(length)
    place = data.draw(st.integers(0, length - 1))
    other = NOON if fact == "at" else str(getattr(links[place], fact)) + "x"
    links[place] = replace(links[place], **{fact: other})

    assert chain.first_break(links) == links[place]


@given(st.integers(2, 8), st.data())
def test_a_removed_event_breaks_the_chain_at_the_next(length: int, data: st.DataObject) -> None:
    links = a_chain(length)
    place = data.draw(st.integers(0, length - 2))
    del links[place]

    assert chain.first_break(links) == links[place]


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_chain_at_the_next() -> None:
    links = a_chain(3)
    forged = replace(links[1], data='{"n":99}')
    links[1] = replace(forged, hash=chain.tie(forged))

    assert chain.first_break(links) == links[2]


def test_the_same_value_always_has_the_same_text() -> None:
    assert chain.canonical({"b": 1, "a": [True, None, "ñ"]}) == chain.canonical({"a": [True, None, "ñ"], "b": 1})
