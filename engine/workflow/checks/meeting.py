"""What goes on at once: the names that may be set at any time while a token is at an element, by others than itself."""

from collections.abc import Callable, Collection, Iterator, Mapping

from engine.workflow.checks import graph
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element

Total = Callable[[str], frozenset[str]]


def pools(diagram: Diagram, total: Total) -> Mapping[str, frozenset[str]]:
    """For each element the names that others may set meanwhile; `total` are those that an element may bring."""
    found: dict[str, set[str]] = {}
    for branches in _meetings(diagram):
        brought = [frozenset[str]().union(*(total(id_) for id_ in branch)) for branch in branches]
        for place, branch in enumerate(branches):
            others = frozenset[str]().union(*(names for other, names in enumerate(brought) if other != place))
            for id_ in branch:
                found.setdefault(id_, set()).update(others)
    for element in diagram.elements.values():
        if element.loop is not None:
            found.setdefault(element.id, set()).update(total(element.id))
    undoing = frozenset[str]().union(
        *(total(element.id) for element in diagram.elements.values() if element.compensates)
    )
    for id_ in diagram.elements if undoing else ():
        found.setdefault(id_, set()).update(undoing)
    return {id_: frozenset(names) for id_, names in found.items()}


def _meetings(diagram: Diagram) -> Iterator[list[Collection[str]]]:
    """The branches that may be under way at once, each with all that it leads to."""
    for element in diagram.elements.values():
        if _forks(element):
            targets = [diagram.flows[id_].target for id_ in element.outgoing]
            yield [_reached(diagram, target) for target in targets]
        host = diagram.elements.get(element.attached_to or "")
        if host is not None and not element.interrupting:
            yield [_reached(diagram, element.id), {host.id, *_beyond(diagram, host)}]
    for scope in diagram.scopes:
        inside = [element.id for element in diagram.inside(scope)]
        container = diagram.elements.get(scope)
        if container is not None and container.kind == "adHocSubProcess":
            for id_ in inside:
                yield [[id_], inside]
        for part in (element for element in diagram.inside(scope) if element.event_subprocess):
            yield [[part.id], inside]
        if container is not None or not diagram.beginnings:
            yield [_reached(diagram, id_) for id_ in graph.beginnings(diagram, scope)]


def _forks(element: Element) -> bool:
    if element.kind == "exclusiveGateway" or len(element.outgoing) < 2:  # noqa: PLR2004 - a fork has two ways
        return False
    return element.kind != "eventBasedGateway" or element.attributes.get("eventGatewayType") == "Parallel"


def _reached(diagram: Diagram, id_: str) -> frozenset[str]:
    return graph.reached_from(diagram, (id_,)) if id_ in diagram.elements else frozenset()


def _beyond(diagram: Diagram, host: Element) -> frozenset[str]:
    return graph.reached_from(diagram, (diagram.flows[id_].target for id_ in host.outgoing))
