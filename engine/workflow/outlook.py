"""What lies before a token in a drawing, and what it will pass by: walks over the nodes of one specification."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

_STEPS = {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
_PARTS = {"callActivity", "subProcess", "transaction", "adHocSubProcess"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """The nodes that a token may still come to, and the flows on which it may go; its own node only in a loop."""

    nodes: frozenset[str]
    flows: frozenset[str]


def ahead(start: Any, stop: Any = None) -> Ahead:
    """What a token at `start` may reach without passing `stop`."""
    nodes: set[str] = set()
    flows: set[str] = set()
    todo, seen = [start], {start.name}
    while todo:
        spec = todo.pop()
        onward = [(flow.id, spec.targets[flow.id]) for flow in spec.flows]
        flows.update(flow for flow, _target in onward)
        for target in (*(target for _flow, target in onward), *spec.boundaries):
            nodes.add(target.name)
            if target is not stop and target.name not in seen:
                seen.add(target.name)
                todo.append(target)
    return Ahead(frozenset(nodes), frozenset(flows))


def elements(spec: Any) -> dict[str, Any]:
    """The nodes that people have drawn, by the id of their element."""
    drawn = (name for name in spec.task_specs if name.startswith("#") and " " not in name and "[" not in name)
    return {name.removeprefix("#"): spec.task_specs[name] for name in drawn}


def ids(spec: Any) -> Collection[str]:
    """The ids of the elements of a process or sub-process."""
    return elements(spec).keys()


def sources(spec: Any) -> dict[str, str]:
    """The id of the element that each flow leaves."""
    return {flow.id: name for name, node in elements(spec).items() for flow in node.flows}


def back_to(spec: Any, flow: str, known: Collection[str]) -> set[str]:
    """The elements among `known` from which one comes to `flow` over others that are not."""
    before: dict[str, set[str]] = {}
    for name, node in elements(spec).items():
        for target in node.targets.values():
            before.setdefault(target.element.id, set()).add(name)
    found: set[str] = set()
    todo, seen = [sources(spec)[flow]], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in known:
            found.add(name)
        else:
            todo.extend(before.get(name, ()))
    return found


def added_steps(spec: Any, known: Collection[str], places: Iterable[Any]) -> tuple[list[str], list[str]]:
    """The activities that are not `known`: those still to come for tokens at `places`, and those passed by already."""
    places = list(places)
    coming = {name for place in places for name in ahead(place).nodes}
    fresh = {
        name: node
        for name, node in elements(spec).items()
        if name not in known and node.element.kind in _STEPS | _PARTS and not node.element.event_subprocess
    }
    passed = {name for name, node in fresh.items() if any(place.name in ahead(node).nodes for place in places)}
    later = [name for name, node in fresh.items() if node.name in coming]
    return later, [name for name in fresh if name in passed and name not in later]


def starved(join: Any, places: Iterable[tuple[Any, str]]) -> set[str]:
    """The flows on which no token can come to a join any more; nothing if none comes to it at all.

    `places` are the node of each token and the flow on which it came.
    """
    coming: set[str] = set()
    for node, came_on in places:
        coming |= {came_on} if node is join else ahead(node, join).flows
    wanted = set(join.element.incoming)
    empty = wanted - coming
    return set() if empty == wanted else empty
