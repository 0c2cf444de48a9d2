"""The gate of the criteria: no combination of scores outvotes an indispensable criterion that an officer found failed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.gates import BEST, Judged, blocking
from engine.domain.programme_parts import HardFails

MUST = HardFails(levels=("must",), criteria=("A.2",))
SCORES = st.integers(0, BEST)
JUDGED = st.builds(
    Judged,
    criterion=st.sampled_from(("A.1", "A.2", "B.1", "I.1")),
    level=st.sampled_from(("must", "should", "info")),
    score=SCORES,
    site=st.sampled_from(("", "norte", "sur")),
    types=st.sampled_from(((), ("AEOC",), ("AEOS",))),
)
FAILED = Judged("I.1", "must", 0, "norte")


@given(st.lists(JUDGED), st.lists(JUDGED))
def test_no_scores_outvote_a_failed_must(before: list[Judged], after: list[Judged]) -> None:
    assert FAILED in blocking(MUST, [*before, FAILED, *after])


@given(st.lists(JUDGED), st.integers(1, BEST))
def test_how_good_a_score_is_changes_nothing_about_what_blocks(judged: list[Judged], score: int) -> None:
    better = [replace(one, score=score) if one.score else one for one in judged]

    assert blocking(MUST, better) == blocking(MUST, judged)


@given(st.lists(JUDGED), st.integers(1, BEST))
def test_nothing_blocks_when_nothing_failed(judged: list[Judged], score: int) -> None:
    assert blocking(MUST, [replace(one, score=score) for one in judged]) == ()


@pytest.mark.parametrize(
    ("one", "blocks"),
    [
        (Judged("A.2", "should", 0), True),
        (Judged("B.1", "should", 0), False),
        (Judged("B.1", "must", 0), True),
        (Judged("B.1", "must", 1), False),
    ],
)
def test_level_or_code_makes_a_criterion_a_gate(one: Judged, *, blocks: bool) -> None:
    assert bool(blocking(MUST, [one])) is blocks


def test_met_at_one_site_does_not_speak_for_another() -> None:
    assert blocking(MUST, [Judged("I.1", "must", 3, "sur"), FAILED]) == (FAILED,)


def test_a_criterion_of_one_type_stops_that_type_and_no_other() -> None:
    practice = Judged("5.1", "must", 0, types=("AEOC",))

    assert blocking(MUST, [practice], {"AEOC"}) == (practice,)
    assert blocking(MUST, [practice], {"AEOF", "AEOC", "AEOS"}) == (practice,)
    assert blocking(MUST, [practice], {"AEOS"}) == ()


def test_a_failure_is_named_with_its_site() -> None:
    assert (FAILED.named, replace(FAILED, site="").named) == ("I.1 (norte)", "I.1")
