"""Splits, joins and loops that can be seen to go wrong whatever the data are."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, warning
from engine.workflow.checks.graph import cycles, reachable, reached_from, successors, waits
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, instantiates

_AWAITABLE = {"intermediateCatchEvent", "receiveTask"}
_OPPOSITES = (("<=", ">"), (">=", "<"), ("!=", "="))


def loops_without_waiting(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """Every loop passes something that waits; else it would run round and round in one command."""
    quick = [element.id for element in diagram.elements.values() if not _takes_time(element, diagram, known)]
    for circle in cycles(successors(diagram), quick):
        message = "The loop %(loop)s never waits; put a task, a timer or a message into it."
        yield error(circle[0], message, loop=" → ".join((*circle, circle[0])))


def joins_fed_by_their_own_loop(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A parallel join does not wait for a flow that only the join itself can bring about."""
    for join in _joins(diagram):
        inside = diagram.inside(join.scope)
        begins = [e.id for e in inside if e.kind == "startEvent" or e.event_subprocess or instantiates(e)]
        ever, before = reached_from(diagram, begins), reached_from(diagram, begins, without=join.id)
        for flow_id in join.incoming:
            source = diagram.flows[flow_id].source
            if source not in before and source in ever:
                message = "%(join)s waits for %(flow)s, which begins behind it; lead the loop to a gateway before it."
                yield error(join.id, message, join=join.id, flow=flow_id)


def joins_that_never_fire(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A parallel join gets tokens on all its flows only if something before it makes several tokens.

    Two tokens at the join took different ways out of some element that lets several go on: a parallel or inclusive
    gateway, or an activity with a non-interrupting boundary event. If there is none for some pair of flows, as after
    an exclusive split, the join stands for ever.
    """
    reach = reachable(successors(diagram))
    splits = [branches for element in diagram.elements.values() if (branches := _branches(diagram, element))]
    for join in _joins(diagram):
        signatures: dict[tuple[int, ...], list[str]] = {}
        for flow_id in join.incoming:
            source = diagram.flows[flow_id].source
            signature = tuple(_feeding(branches, flow_id, source, reach) for branches in splits)
            signatures.setdefault(signature, []).append(flow_id)
        alike = [(pair, pair) for pair, flows in signatures.items() if len(flows) > 1]
        for one, other in (*alike, *combinations(signatures, 2)):
            if not any(_together(*masks) for masks in zip(one, other, strict=True)):
                names = {"one": signatures[one][0], "other": signatures[other][-1]}
                message = "%(join)s waits for both %(one)s and %(other)s, of which only one can come; join them first."
                yield error(join.id, message, join=join.id, **names)
                break


def doubled_joins(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Two flows between the same two elements are one too many for a join to tell apart."""
    for join in diagram.elements.values():
        if join.kind not in {"parallelGateway", "inclusiveGateway"}:
            continue
        sources = [diagram.flows[flow_id].source for flow_id in join.incoming]
        for source in {source for source in sources if sources.count(source) > 1}:
            message = "Several flows lead from %(source)s to %(join)s; keep one of them."
            yield error(join.id, message, source=source, join=join.id)


def event_gateways(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An event-based gateway leads to at least two events that wait, each reached only from it."""
    for gateway in diagram.elements.values():
        if gateway.kind != "eventBasedGateway":
            continue
        targets = [diagram.elements.get(diagram.flows[flow_id].target) for flow_id in gateway.outgoing]
        if len(targets) < 2:  # noqa: PLR2004 - a choice is between two
            yield error(gateway.id, "%(id)s needs at least two events to choose from.", id=gateway.id)
        if any(target is None or target.kind not in _AWAITABLE for target in targets):
            yield error(gateway.id, "%(id)s must lead to catch events or receive tasks only.", id=gateway.id)
        if any(target is not None and len(target.incoming) > 1 for target in targets):
            yield error(gateway.id, "An event behind %(id)s has another way in; draw it twice.", id=gateway.id)


def choices_without_default(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A choice without a default flow stops the case when no condition holds."""
    for gateway in diagram.elements.values():
        if gateway.kind in {"exclusiveGateway", "inclusiveGateway"} and not gateway.default:
            conditions = [diagram.flows[flow_id].condition or "" for flow_id in gateway.outgoing]
            if any(conditions) and not _exhaustive(conditions):
                message = "If no condition behind %(id)s holds, the case stops; mark one flow as the default flow."
                yield warning(gateway.id, message, id=gateway.id)


def _joins(diagram: Diagram) -> Iterator[Element]:
    for element in diagram.elements.values():
        if element.kind == "parallelGateway" and len(element.incoming) > 1:
            yield element


def _takes_time(element: Element, diagram: Diagram, known: Known) -> bool:
    """Whether a token may stop in the element; a sub-process or called process that waits anywhere counts."""
    todo, seen = [(diagram, element)], {element.id}
    while todo:
        home, current = todo.pop()
        if waits(current):
            return True
        inside = [(home, child) for child in home.inside(current.id)]
        if current.kind == "callActivity":
            called = known.processes.get(current.called or "")
            if called is None:
                return True
            inside = [(called, child) for child in called.inside(called.process_id)]
        todo += [(where, child) for where, child in inside if child.id not in seen]
        seen.update(child.id for _, child in inside)
    return False


def _branches(diagram: Diagram, element: Element) -> Mapping[str, str]:
    """The ways that tokens may go out of the element together, with the first element on each."""
    ways = {flow_id: diagram.flows[flow_id].target for flow_id in element.outgoing}
    if element.kind in {"parallelGateway", "inclusiveGateway"}:
        return ways
    besides = [event.id for event in diagram.attached(element.id) if not event.interrupting]
    return {**ways, **{id_: id_ for id_ in besides}} if besides else {}


def _feeding(branches: Mapping[str, str], flow: str, source: str, reach: Mapping[str, frozenset[str]]) -> int:
    """A bit for each branch on which a token can come to the flow."""
    places = enumerate(branches.items())
    return sum(1 << place for place, (branch, first) in places if branch == flow or source in reach.get(first, ()))


def _together(one: int, other: int) -> bool:
    """Whether different branches can feed the two flows: both are fed, and not by one and the same branch only."""
    return bool(one and other and (one | other).bit_count() > 1)


def _exhaustive(conditions: list[str]) -> bool:
    """Whether two of the conditions are plainly each other's opposite: `x > 1` and `x <= 1`, `x` and `not(x)`."""
    texts = {"".join(condition.removeprefix("=").split()) for condition in conditions}
    negated = {f"not({text})" for text in texts}
    for one, other in _OPPOSITES:
        negated |= {text.replace(one, other, 1) for text in texts if text.count(one) == 1}
    return bool(texts & negated)


RULES: tuple[Rule, ...] = (
    loops_without_waiting,
    joins_fed_by_their_own_loop,
    joins_that_never_fire,
    doubled_joins,
    event_gateways,
    choices_without_default,
)
