"""The gate of the criteria: what a programme calls indispensable and an officer found failed stops a grant, whatever the scores.

A score orders work and nothing else (domain page §8): an excellent total elsewhere, or the same criterion met at another
site, makes up for nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from engine.domain.programme_parts import HardFails

FAILED: Final = 0  # of the scores 0 to 3: not met at all
BEST: Final = 3
CONFORMITY: Final = {"conforms": 3, "minor": 2, "major": 0}  # judgements in words, and the score that they stand for


@dataclass(frozen=True, slots=True)
class Judged:
    """How an officer judged one criterion, at one site or ("") for the company; `types` are those that it is asked of (all)."""

    criterion: str
    level: str
    score: int
    site: str = ""
    types: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """The criterion as a sentence names it: with its site, where it was judged at one."""
        return f"{self.criterion} ({self.site})" if self.site else self.criterion


def blocking(hard: HardFails, judged: Iterable[Judged], types: Collection[str] | None = None) -> tuple[Judged, ...]:
    """What stops the grant of these types (any, where None), in the order given: every hard criterion judged as failed.

    `types` name all that they include (AEOF: AEOC and AEOS). What nobody judged stops nothing: that it is to be judged is
    the diagram's to ask.
    """
    return tuple(one for one in judged if one.score == FAILED and is_hard(hard, one) and _reaches(one, types))


def is_hard(hard: HardFails, one: Judged) -> bool:
    """Whether the programme makes the criterion a gate: by its level, or by its code."""
    return one.level in hard.levels or one.criterion in hard.criteria


def _reaches(one: Judged, types: Collection[str] | None) -> bool:
    return types is None or not one.types or bool(set(one.types) & set(types))
