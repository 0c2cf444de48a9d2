"""What an expression needs from outside: its free names, for the checks before publication."""

from engine.feel.builtins import BUILTINS
from engine.feel.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    Iterator,
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
    found: set[str] = set()
    waiting: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while waiting:
        part, bound = waiting.pop()
        if isinstance(part, Name):
            if part.name not in bound and part.name not in BUILTINS:
                found.add(part.name)
        else:
            waiting.extend(_parts(part, bound))
    return frozenset(found)


def _parts(node: Node, bound: frozenset[str]) -> list[tuple[Node, frozenset[str]]]:
    if isinstance(node, For | Quantified):
        names = {each.name for each in node.iterators}
        domains = [(each.domain, bound | _before(node.iterators, place)) for place, each in enumerate(node.iterators)]
        return [*domains, (node.body, bound | names | {"partial"})]
    if isinstance(node, Filter):
        return [(node.base, bound), (node.condition, bound | {"item"})]
    if isinstance(node, FunctionDefinition):
        return [] if node.external else [(node.body, bound.union(each.name for each in node.parameters))]
    if isinstance(node, ContextLiteral):
        return [(value, bound.union(node.keys[:place])) for place, value in enumerate(node.values)]
    if isinstance(node, UnaryTests):
        return [(test, bound | {"?"}) for test in node.tests]
    return [(part, bound) for part in children(node)]


def _before(iterators: tuple[Iterator, ...], place: int) -> frozenset[str]:
    return frozenset(each.name for each in iterators[:place])
