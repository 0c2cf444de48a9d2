"""The ways of tokens through a diagram: who follows whom, within one process or sub-process."""

from collections.abc import Collection, Iterable, Mapping

from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, begins_by_itself, instantiates


def successors(diagram: Diagram) -> Mapping[str, tuple[str, ...]]:
    """For each element what may come next: the targets of its flows and links, and its own boundary events."""
    following: dict[str, list[str]] = {id_: [] for id_ in diagram.elements}
    for flow in diagram.flows.values():
        source, target = diagram.elements.get(flow.source), diagram.elements.get(flow.target)
        if source is not None and target is not None and source.scope == target.scope:
            following[source.id].append(target.id)
    for event in diagram.elements.values():
        host = diagram.elements.get(event.attached_to or "")
        if host is not None and host.scope == event.scope:
            following[host.id].append(event.id)
        if event.throws_link:
            following[event.id] += [target.id for target in diagram.link_targets(event)]
    return {id_: tuple(targets) for id_, targets in following.items()}


def beginnings(diagram: Diagram, scope: str) -> tuple[str, ...]:
    """Where tokens come into a process or sub-process: its start events, or else what nothing leads to.

    What begins outside of normal flow, event sub-processes and compensating activities, is among them.
    """
    inside = diagram.inside(scope)
    starts = [element.id for element in inside if element.kind == "startEvent" or instantiates(element)]
    besides = [element.id for element in inside if element.event_subprocess or element.compensates]
    return (*(starts or [element.id for element in inside if begins_by_itself(element)]), *besides)


def reached_from(diagram: Diagram, begins: Iterable[str], *, without: str | None = None) -> frozenset[str]:
    """All elements on some way from `begins`, themselves included; never through the element `without`."""
    following = successors(diagram)
    reached: set[str] = set()
    todo = [id_ for id_ in begins if id_ != without]
    while todo:
        id_ = todo.pop()
        if id_ not in reached:
            reached.add(id_)
            todo += [target for target in following.get(id_, ()) if target != without]
    return frozenset(reached)


def cycles(following: Mapping[str, tuple[str, ...]], among: Collection[str]) -> list[tuple[str, ...]]:
    """Ways in a circle that stay `among` the given elements; at least one of each knot of circles."""
    left = dict.fromkeys(among)
    found: list[tuple[str, ...]] = []
    while left:
        _drop_what_leads_out(following, left)
        if left:
            circle = _circle(following, left)
            found.append(circle)
            for id_ in circle:
                left.pop(id_)
    return found


def knots(following: Mapping[str, tuple[str, ...]], among: Collection[str]) -> list[tuple[str, ...]]:
    """The largest sets of the elements `among` in which a way leads from each to each, and back to itself."""
    within = {
        id_: tuple(target for target in following.get(id_, ()) if target in among) for id_ in dict.fromkeys(among)
    }
    reach = {id_: frozenset().union(*(_all_from(within, target) for target in within[id_])) for id_ in within}
    found: list[tuple[str, ...]] = []
    for id_ in within:
        if id_ in reach[id_] and not any(id_ in knot for knot in found):
            found.append(tuple(other for other in within if other in reach[id_] and id_ in reach[other]))
    return found


def reachable(following: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """For each element all that lie on some way from it, itself included."""
    return {id_: _all_from(following, id_) for id_ in following}


def waits(element: Element) -> bool:
    """Whether a token stops here until somebody does something or something happens."""
    if element.kind == "adHocSubProcess" and not element.adhoc.active:
        return True
    return element.kind in {"userTask", "receiveTask", "eventBasedGateway"} or (
        element.kind in {"boundaryEvent", "intermediateCatchEvent"}
        and any(event.kind in _AWAITED for event in element.events)
    )


_AWAITED = {"timer", "message", "signal", "conditional"}


def _all_from(following: Mapping[str, tuple[str, ...]], begin: str) -> frozenset[str]:
    reached: set[str] = set()
    todo = [begin]
    while todo:
        id_ = todo.pop()
        if id_ not in reached:
            reached.add(id_)
            todo += following[id_]
    return frozenset(reached)


def _drop_what_leads_out(following: Mapping[str, tuple[str, ...]], left: dict[str, None]) -> None:
    """Takes away, again and again, whatever has no successor left: what remains leads into a circle."""
    dropped = True
    while dropped:
        out = [id_ for id_ in left if not any(target in left for target in following.get(id_, ()))]
        for id_ in out:
            left.pop(id_)
        dropped = bool(out)


def _circle(following: Mapping[str, tuple[str, ...]], left: Mapping[str, None]) -> tuple[str, ...]:
    """One circle, found by walking on until an element comes again: every element left has a successor left."""
    current = next(iter(left))
    way: dict[str, int] = {}
    while current not in way:
        way[current] = len(way)
        current = next(target for target in following[current] if target in left)
    return tuple(list(way)[way[current] :])
