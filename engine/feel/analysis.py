"""What an expression needs from outside: its free names, for the checks before publication."""

from collections.abc import Iterable

from engine.feel.builtins import BUILTINS
from engine.feel.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    Name,
    Node,
    Quantified,
    UnaryTests,
    children,
)


def free_names(node: Node) -> frozenset[str]:
    """The names that the scope must give; names inside a filter may be entries of the elements, and count as well.

    A built-in function is not free; `item`, `partial` and `?` are not where a construct gives them.
    """
    return frozenset(name for name in _free(node) if name not in BUILTINS)


def _free(node: Node) -> set[str]:
    if isinstance(node, Name):
        return {node.name}
    if isinstance(node, For | Quantified):
        names = [each.name for each in node.iterators]
        inside = _in_turn([*names, "partial"], [*(each.domain for each in node.iterators), node.body])
        return inside - ({"partial"} if isinstance(node, For) else set())
    if isinstance(node, Filter):
        return _free(node.base) | (_free(node.condition) - {"item"})
    if isinstance(node, FunctionDefinition):
        return set() if node.external else _free(node.body) - {each.name for each in node.parameters}
    if isinstance(node, ContextLiteral):
        return _in_turn(node.keys, node.values)
    found = set().union(*map(_free, children(node)))
    return found - {"?"} if isinstance(node, UnaryTests) else found


def _in_turn(names: Iterable[str], values: Iterable[Node]) -> set[str]:
    """The free names of values that each see the names before them."""
    found: set[str] = set()
    given: set[str] = set()
    for name, value in zip(names, values, strict=True):
        found |= _free(value) - given
        given.add(name)
    return found
