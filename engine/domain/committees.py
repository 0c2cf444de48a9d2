"""A committee's vote: how it is counted, and what its opinion lets the office decide (domain page §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FOR: Final = "for"
AGAINST: Final = "against"
ABSTAINED: Final = "abstained"
FAVOURABLE: Final = "favourable"
UNFAVOURABLE: Final = "unfavourable"
AGREES: Final = "agrees"
OPPOSES: Final = "opposes"
_MEANS: Final = {"grant": "grant", "grant_with_conditions": "grant", "refuse": "refuse"}


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member said: `vote` is for, against or abstained."""

    member: str
    vote: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """The outcome of a vote; `minority` are the votes that did not go with it, with their reasons."""

    opinion: str
    votes_for: int
    votes_against: int
    abstained: int
    minority: tuple[Vote, ...]


def count(votes: Sequence[Vote]) -> Opinion:
    """The opinion is favourable if more members are for the proposal than against it; a tie carries nothing."""
    said = [one.vote for one in votes]
    carried = said.count(FOR) > said.count(AGAINST)
    with_it = FOR if carried else AGAINST
    return Opinion(
        FAVOURABLE if carried else UNFAVOURABLE,
        said.count(FOR),
        said.count(AGAINST),
        said.count(ABSTAINED),
        tuple(one for one in votes if one.vote != with_it),
    )


def stance(act: str, proposal: str, opinion: str, *, binding: bool) -> str:
    """Whether an opinion lets the office decide to `grant` or `refuse`: `agrees`, `opposes`, or empty where it only advises."""
    if not binding:
        return ""
    return AGREES if opinion == FAVOURABLE and _MEANS.get(proposal, proposal) == act else OPPOSES
