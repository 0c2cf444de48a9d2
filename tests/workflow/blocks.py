"""Random block-structured processes: a tree of blocks, drawn as BPMN by `block_drawing` and played by `token_game`.

Gateways read the variables `<block>_<n>`; a walk sets them all to the same value everywhere before each step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

INSTANCES: Final = 3
Choose = Callable[[int], int]

# How many parts a kind has (least and most), and in what ways it comes; kinds without parts are leaves.
LEAVES: Final[dict[str, tuple[str, ...]]] = {
    "task": ("",),
    "script": ("",),
    "service": ("",),
    "wait": ("signal", "message", "timer"),
    "say": ("",),
    "each": ("parallel", "sequential"),
    "gather": ("parallel", "sequential", "parallel enough", "sequential enough"),
    "task interrupted": ("signal", "message", "timer"),
    "task accompanied": ("signal", "message", "timer", "cycle"),
}
KINDS: Final[dict[str, tuple[int, int, tuple[str, ...]]]] = {
    "seq": (2, 3, ("",)),
    "and": (2, 3, ("",)),
    "or": (2, 3, ("",)),
    "or ends": (2, 3, ("",)),
    "xor": (2, 2, ("",)),
    "loop": (1, 1, ("",)),
    "choice": (2, 2, ("signal", "message", "timer")),
    "sub": (1, 1, ("",)),
    "call": (1, 1, ("whole", "mapped")),
    "each sub": (1, 1, ("parallel", "sequential")),
    "interrupted": (2, 2, ("signal", "message", "timer")),
    "accompanied": (2, 2, ("signal", "message", "timer", "cycle")),
    "taken over": (2, 2, ("signal", "message", "timer")),
    "listening": (2, 2, ("signal", "message")),
    "error": (2, 2, ("named", "any", "deep")),
    "escalation": (2, 2, ("interrupting", "beside")),
    "terminate": (2, 2, ("",)),
}
DECISIONS: Final = {"xor": 1, "loop": 1, "error": 1, "escalation": 1, "terminate": 1}
# Which part of these ends with a task: a loop waits for somebody, or it would never come to rest; and what ends others
# does so while they are at rest, for the standard leaves open how far they would come meanwhile.
DECIDED: Final = {"loop": 0, "error": 0, "escalation": 0, "terminate": 1}


@dataclass
class Block:
    """Parts that are done in the way that `kind` and `how` say; it has its name and number once it is drawn."""

    kind: str
    parts: list["Block"] = field(default_factory=list)
    how: str = ""
    name: str = ""
    number: int = 0
    names: dict[str, str] = field(default_factory=dict)

    @property
    def decisions(self) -> list[str]:
        """The variables that decide where tokens go, of the block and all its parts."""
        own = {"or": len(self.parts), "or ends": 2 * len(self.parts)}.get(self.kind, DECISIONS.get(self.kind, 0))
        return [f"{self.name}_{n}" for n in range(own)] + [name for part in self.parts for name in part.decisions]

    @property
    def counts(self) -> list[str]:
        """The variables in which scripts and services count how often they ran."""
        own = [f"{self.name}_n"] if self.kind in {"script", "service"} else []
        return own + [name for part in self.parts for name in part.counts]

    @property
    def length(self) -> int:
        """The seconds that its timer takes; no two timers are ever due at once but by repetition."""
        return 3_600 + self.number * 7_919 % 3_571


def random_block(choose: Choose, leaves: int = 8, kinds: tuple[str, ...] = (*LEAVES, *KINDS)) -> Block:
    """A block of about as many leaves; `choose` picks a number below its argument, 0 the simplest."""
    budget = iter(range(leaves))

    def block(depth: int) -> Block:
        small = depth == 0 or next(budget, None) is None
        possible = [kind for kind in kinds if kind in LEAVES or not small]
        kind = possible[choose(len(possible))]
        if kind in LEAVES:
            return Block(kind, how=LEAVES[kind][choose(len(LEAVES[kind]))])
        least, most, ways = KINDS[kind]
        parts = [block(depth - 1) for _ in range(least + choose(most - least + 1))]
        if kind in DECIDED:
            parts[DECIDED[kind]] = Block("seq", [parts[DECIDED[kind]], Block("task")])
        if kind in {"accompanied", "escalation"}:  # tokens that come one after the other would share the joins in it
            parts[1] = Block("sub", [parts[1]])
        made = Block(kind, parts, ways[choose(len(ways))])
        return Block("seq", [Block("task"), made]) if kind == "call" else made  # a copy, while nobody else writes

    return block(4)
