"""A committee's vote is counted in the open: who wins, who is in the minority, and what it lets the office decide."""

import pytest

from engine.domain.committees import Vote, count, stance


def vote(said: str, member: str = "Carmen") -> Vote:
    return Vote(member, said, "Razones.")


@pytest.mark.parametrize(
    ("said", "opinion"),
    [
        (["for", "for"], "favourable"),
        (["for", "abstained"], "favourable"),
        (["for", "against"], "unfavourable"),  # a tie carries nothing
        (["abstained", "abstained"], "unfavourable"),
        (["against", "against", "for"], "unfavourable"),
    ],
)
def test_a_proposal_is_carried_by_more_votes_for_it_than_against_it(said: list[str], opinion: str) -> None:
    assert count([vote(one) for one in said]).opinion == opinion


def test_the_minority_is_told_with_its_members_and_reasons() -> None:
    found = count([vote("for"), vote("for", "Óscar"), vote("against", "Julia")])

    assert (found.votes_for, found.votes_against, found.abstained) == (2, 1, 0)
    assert found.minority == (vote("against", "Julia"),)


@pytest.mark.parametrize(
    ("act", "proposal", "opinion", "binding", "says"),
    [
        ("grant", "grant", "favourable", True, "agrees"),
        ("grant", "grant_with_conditions", "favourable", True, "agrees"),
        ("refuse", "refuse", "favourable", True, "agrees"),
        ("refuse", "grant", "favourable", True, "opposes"),
        ("grant", "grant", "unfavourable", True, "opposes"),
        ("grant", "grant", "unfavourable", False, ""),
    ],
)
def test_only_a_binding_opinion_ties_the_office(
    act: str,
    proposal: str,
    opinion: str,
    binding: bool,  # noqa: FBT001 - a column of the table
    says: str,
) -> None:
    assert stance(act, proposal, opinion, binding=binding) == says
