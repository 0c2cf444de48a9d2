"""Compiling: each node becomes one closure over the closures of its parts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.feel import limits
from engine.feel.errors import FeelError
from engine.feel.nodes import Node
from engine.feel.run import Frame

Compiled = Callable[[Frame], object]


@dataclass(frozen=True, slots=True)
class Code:
    """What is known while compiling: how each kind of node is done, and which names constructs around it give."""

    rules: Mapping[type[Node], Callable[..., Compiled]]
    bound: frozenset[str] = frozenset()
    in_filter: bool = False  # there any name may be an entry of the element that is looked at
    level: int = 0

    def compile(self, node: Node) -> Compiled:
        """The closure that evaluates `node` in a frame."""
        if self.level > limits.TREE:
            raise FeelError("The expression is more than %(limit)s levels deep.", params={"limit": limits.TREE})
        return self.rules[type(node)](node, Code(self.rules, self.bound, self.in_filter, self.level + 1))

    def all(self, nodes: Iterable[Node]) -> list[Compiled]:
        """The closures of several nodes."""
        return [self.compile(node) for node in nodes]

    def binding(self, *names: str) -> "Code":
        """Inside a construct that gives values to `names`."""
        return Code(self.rules, self.bound.union(names), self.in_filter, self.level)

    def filtering(self) -> "Code":
        """Inside the brackets of a filter."""
        return Code(self.rules, self.bound, in_filter=True, level=self.level)

    def may_bind(self, name: str) -> bool:
        """Whether a construct around may give this name its value."""
        return self.in_filter or name in self.bound
