"""Splits, joins and loops that can be seen to go wrong whatever the data are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from engine.workflow.checks.complaints import Complaint, Known, Rule, error, warning
from engine.workflow.checks.graph import beginnings, cycles, knots, reachable, reached_from, successors, waits
from engine.workflow.diagram import Diagram
from engine.workflow.elements import ACTIVITIES, Element, EventKind

_AWAITABLE = {"intermediateCatchEvent", "receiveTask"}
_CHOICES = {"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
_ENDING = {EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL}
_OPPOSITES = (("<=", ">"), (">=", "<"), ("!=", "="))


class Way(NamedTuple):
    """One way for a token out of a split: its flow (none for a boundary event or a start), and what comes first."""

    flow: str
    first: str


def loops_without_waiting(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A loop that can never be left passes something that waits; else it would run round and round in one command.

    One that some condition or event may leave is left alone: the budget of steps guards it while it runs.
    """
    following = successors(diagram)
    quick = [element.id for element in diagram.elements.values() if not _takes_time(element, diagram, known)]
    for knot in knots(following, quick):
        if not any(_may_leave(diagram, diagram.elements[id_], knot) for id_ in knot):
            circle = cycles(following, knot)[0]
            message = "The loop %(loop)s never waits and never ends; put a task, a timer or a message into it."
            yield error(circle[0], message, loop=" → ".join((*circle, circle[0])))


def _may_leave(diagram: Diagram, element: Element, knot: Collection[str]) -> bool:
    """Whether a token that is here may get out of the knot of loops, leaving no other behind, or wait for others."""
    if _waits_for_others(diagram, element, knot) or any(_ends_all(other) for other in diagram.inside(element.scope)):
        return True
    targets = [diagram.flows[flow_id].target for flow_id in element.outgoing]
    events = [event.id for event in diagram.attached(element.id) if event.interrupting]
    if any(event not in knot for event in events) or (events and not any(target in knot for target in targets)):
        return True
    if element.kind in _CHOICES:
        return any(target not in knot for target in targets)
    back = [diagram.flows[flow_id] for flow_id in element.outgoing if diagram.flows[flow_id].target in knot]
    chooses = element.kind in ACTIVITIES and all(flow.condition or flow.id == element.default for flow in back)
    return bool(back) and chooses


def _waits_for_others(diagram: Diagram, element: Element, knot: Collection[str]) -> bool:
    gathers = element.kind in {"parallelGateway", "complexGateway"} or element.start_quantity > 1
    return gathers and any(diagram.flows[flow_id].source not in knot for flow_id in element.incoming)


def _ends_all(element: Element) -> bool:
    return element.kind == "endEvent" and any(event.kind in _ENDING for event in element.events)


def joins_fed_by_their_own_loop(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A parallel join does not wait for a flow that only the join itself can bring about."""
    for join in _joins(diagram):
        begins = beginnings(diagram, join.scope)
        ever, before = reached_from(diagram, begins), reached_from(diagram, begins, without=join.id)
        for flow_id in join.incoming:
            source = diagram.flows[flow_id].source
            if source not in before and source in ever:
                message = "%(join)s waits for %(flow)s, which begins behind it; lead the loop to a gateway before it."
                yield error(join.id, message, join=join.id, flow=flow_id)


def joins_that_never_fire(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A parallel join gets tokens on all its flows only if something before it makes several tokens.

    Two tokens at the join took different ways out of some element that lets several go on: a split, an activity with
    several flows or a non-interrupting boundary event, several beginnings. If there is none for some pair of flows, as
    after an exclusive split, the join stands for ever.
    """
    reach = reachable(successors(diagram))
    splits = [ways for ways in _splits(diagram) if len(ways) > 1]
    for join in _joins(diagram):
        signatures: dict[tuple[int, ...], list[str]] = {}
        for flow_id in join.incoming:
            source = diagram.flows[flow_id].source
            signature = tuple(_feeding(ways, flow_id, source, reach) for ways in splits)
            signatures.setdefault(signature, []).append(flow_id)
        alike = [(pair, pair) for pair, flows in signatures.items() if len(flows) > 1]
        for one, other in (*alike, *combinations(signatures, 2)):
            if not any(_together(*masks) for masks in zip(one, other, strict=True)):
                names = {"one": signatures[one][0], "other": signatures[other][-1]}
                message = "%(join)s waits for both %(one)s and %(other)s, of which only one can come; join them first."
                yield error(join.id, message, join=join.id, **names)
                break


def quantities(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An activity that needs several tokens can get them: something before it makes several."""
    reach = reachable(successors(diagram))
    splits = [ways for ways in _splits(diagram) if len(ways) > 1]
    for element in diagram.elements.values():
        if not (element.start_quantity and element.completion_quantity):
            yield error(element.id, "A quantity of tokens is a whole number from 1 to 999.")
        elif not element.incoming and _is_adhoc(diagram, element.scope):
            continue
        elif element.start_quantity > 1 and not any(_several(ways, element.id, reach) for ways in splits):
            message = "%(id)s begins with %(count)s tokens, but only one can come; split before it, or ask for one."
            yield error(element.id, message, id=element.id, count=element.start_quantity)


def _several(ways: Sequence[Way], element: str, reach: Mapping[str, frozenset[str]]) -> bool:
    return sum(element in reach.get(way.first, ()) for way in ways) > 1


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


def complex_gateways(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A complex gateway says when it starts, and on which flows it leads on in which phase (BPMN 2.0.2, 13.4.5)."""
    for gateway in diagram.elements.values():
        if gateway.kind != "complexGateway":
            continue
        if not gateway.activation:
            message = "%(id)s does not say when it starts; enter a condition such as =activationCount >= 2."
            yield error(gateway.id, message, id=gateway.id)
        for flow in (diagram.flows[flow_id] for flow_id in gateway.outgoing if flow_id != gateway.default):
            if not flow.condition:
                message = "The flow %(flow)s needs a condition: =waitingForStart to be taken when %(id)s starts, =true to be taken at its reset as well."
                yield error(flow.id, message, flow=flow.id, id=gateway.id)
            elif "waitingForStart" not in flow.condition:
                message = "The flow %(flow)s may be taken twice, when %(id)s starts and when it resets; name waitingForStart in its condition."
                yield warning(flow.id, message, flow=flow.id, id=gateway.id)


def choices_without_default(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A choice without a default flow stops the case when no condition holds."""
    for gateway in diagram.elements.values():
        if gateway.kind in _CHOICES | ACTIVITIES and not gateway.default:
            conditions = [diagram.flows[flow_id].condition or "" for flow_id in gateway.outgoing]
            sure = gateway.kind in ACTIVITIES and not all(conditions)
            if any(conditions) and not sure and not _exhaustive(conditions):
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


def _splits(diagram: Diagram) -> Iterator[Sequence[Way]]:
    """For each place at which several tokens may begin, their ways; two ways alike are two tokens on the same one."""
    for scope in diagram.scopes:
        begins = [Way("", id_) for id_ in beginnings(diagram, scope)]
        yield begins * 2 if _is_adhoc(diagram, scope) else begins
    for element in diagram.elements.values():
        outgoing = [diagram.flows[flow_id] for flow_id in element.outgoing]
        ways = [Way(flow.id, flow.target) for flow in outgoing]
        again = element.kind == "complexGateway" or (element.kind == "boundaryEvent" and not element.interrupting)
        times = 2 if again else min(element.completion_quantity, 2)
        besides = [Way("", event.id) for event in diagram.attached(element.id) if not event.interrupting]
        if element.kind not in {"exclusiveGateway", "eventBasedGateway"}:
            yield [*ways * times, *besides]


def _is_adhoc(diagram: Diagram, scope: str) -> bool:
    return scope in diagram.elements and diagram.elements[scope].kind == "adHocSubProcess"


def _feeding(ways: Sequence[Way], flow: str, source: str, reach: Mapping[str, frozenset[str]]) -> int:
    """A bit for each way on which a token can come to the flow."""
    return sum(1 << n for n, way in enumerate(ways) if way.flow == flow or source in reach.get(way.first, ()))


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
    quantities,
    event_gateways,
    complex_gateways,
    choices_without_default,
)
