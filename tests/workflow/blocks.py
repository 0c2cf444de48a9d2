"""Random block-structured processes: a tree of blocks, drawn as BPMN by `block_drawing` and played by `token_game`.

Gateways read the variables `<block>_<n>`; a walk sets them all to the same value everywhere before each step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

INSTANCES: Final = 3
Choose = Callable[[int], int]

# What an event waits for: one thing, any of a signal and a timer, or both a signal and a message.
WATCHED: Final = ("signal", "message", "timer", "any", "all")

# How many parts a kind has (least and most), and in what ways it comes; kinds without parts are leaves.
LEAVES: Final[dict[str, tuple[str, ...]]] = {
    "task": ("",),
    "script": ("",),
    "service": ("",),
    "mapped": ("",),
    "wait": WATCHED,
    "condition": ("",),
    "turns": ("after", "before", "most"),
    "say": ("",),
    "each": ("parallel", "sequential"),
    "gather": ("parallel", "sequential", "parallel enough", "sequential enough"),
    "each interrupted": WATCHED,
    "each accompanied": (*WATCHED, "cycle"),
    "task interrupted": WATCHED,
    "task accompanied": (*WATCHED, "cycle"),
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
    "local": (1, 1, ("",)),
    "turns inside": (1, 1, ("after", "before", "most")),
    "call": (1, 1, ("whole", "mapped", "added")),
    "each sub": (1, 1, ("parallel", "sequential")),
    "link": (2, 2, ("",)),
    "interrupted": (2, 2, WATCHED),
    "accompanied": (2, 2, (*WATCHED, "cycle")),
    "taken over": (2, 2, WATCHED),
    "listening": (2, 2, (*WATCHED, "cycle")),
    "error": (2, 2, ("named", "any", "deep", "both")),
    "escalation": (2, 2, ("interrupting", "beside")),
    "handled": (2, 2, ("error", "escalation", "beside")),
    "service failed": (1, 1, ("named", "any")),
    "heard": (1, 1, ("",)),
    "ad hoc": (1, 1, ("Parallel", "Sequential")),
    "undo": (1, 1, ("all", "one", "apart")),
    "transaction": (2, 2, ("",)),
    "terminate": (2, 2, ("",)),
}
DECIDING: Final = frozenset(  # kinds with one variable of their own
    {"xor", "loop", "error", "escalation", "terminate", "link", "handled", "undo", "transaction"}
    | {"turns", "turns inside", "service failed", "ad hoc"}
)
# Which part of these ends with a task: a loop waits for somebody, or it would never come to rest; and what ends others
# does so while they are at rest, for the standard leaves open how far they would come meanwhile.
DECIDED: Final = {
    "loop": 0,
    "error": 0,
    "escalation": 0,
    "terminate": 1,
    "handled": 0,
    "undo": 0,
    "transaction": 0,
    "heard": 0,
    "ad hoc": 0,
}


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
    def all(self) -> list["Block"]:
        """The block itself and all its parts."""
        return [self, *(each for part in self.parts for each in part.all)]

    @property
    def decisions(self) -> list[str]:
        """The variables that decide where tokens go, of the block and all its parts."""
        own = {"or": len(self.parts), "or ends": 2 * len(self.parts)}.get(self.kind, int(self.kind in DECIDING))
        return [f"{self.name}_{n}" for n in range(own)] + [name for part in self.parts for name in part.decisions]

    @property
    def counts(self) -> list[str]:
        """The variables in which scripts, services and mappings count what they did."""
        own = [f"{self.name}_n"] if self.kind in {"script", "service", "mapped", "local", "condition"} else []
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
        return _made_fit(Block(kind, parts, ways[choose(len(ways))]))

    return block(4)


def _made_fit(block: Block) -> Block:
    """Nothing is left to an order that the standard leaves open."""
    if block.kind in DECIDED:
        place = DECIDED[block.kind]
        block.parts[place] = Block("seq", [block.parts[place], Block("task")])
    if block.kind == "turns inside":  # a turn begins with a task: its end may come early
        block.parts = [Block("seq", [Block("task"), *block.parts])]
    if block.kind in {"accompanied", "escalation"}:  # tokens that come one after the other would share the joins in it
        block.parts[1] = Block("sub", [block.parts[1]])
    return Block("seq", [Block("task"), block]) if block.kind == "call" else block  # a copy, while nobody else writes
