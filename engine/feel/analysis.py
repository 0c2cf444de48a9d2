"""What can be said of an expression before it has values: its free names, its type, and what is wrong for certain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.feel.builtins import BUILTINS
from engine.feel.inference import Around, FreeName, Inference, Remark
from engine.feel.nodes import (
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    Name,
    Node,
    Quantified,
    Type,
    UnaryTests,
    children,
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an expression takes from outside, of which type it is (null is of every type), and what is wrong with it."""

    names: tuple[FreeName, ...]
    type: Type
    remarks: tuple[Remark, ...]


def analyse(text: str, node: Node, scope: Mapping[str, Type], given: Mapping[str, Type]) -> Analysis:
    """The analysis of a tree that was read from `text`: `scope` are the types of the names that are known outside.

    A name that is not in it may be anything. `given` are names that belong to the expression itself, as `?` does to
    unary tests. Only what can never be otherwise is remarked upon: values are not known, and null is in every type.
    """
    walk = Inference(text, scope)
    found = walk.of(node, Around().giving(given) if given else Around())
    return Analysis(tuple(walk.free), found, tuple(walk.remarks))


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
