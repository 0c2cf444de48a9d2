"""An independent token game on graphs: tokens on flows, by the rules of BPMN 2.0.2, chapter 13. It knows no engine.

The standard leaves open in which order tokens move, and for inclusive gateways the order can matter. The game therefore
keeps every state that some order leads to, and drops those that what is seen of the engine rules out.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tests.workflow.graphs import Graph, Line

MOST = 3_000  # states; a graph that needs more is left out of the comparison, and counted

Tokens = tuple[tuple[str, int], ...]
Seen = tuple[tuple[str, int], ...]


class TooMany(Exception):  # noqa: N818 - it tells what there are, not that something is wrong
    """The orders lead to more states than can be looked at."""


@dataclass(frozen=True)
class State:
    """How many tokens there are on each flow, and how often each task is open; none of either: it is finished."""

    flows: Tokens = ()
    tasks: Tokens = ()

    @property
    def finished(self) -> bool:
        return not self.flows and not self.tasks


class GraphGame:
    """All states that the process may be in."""

    def __init__(self, graph: Graph, values: dict[str, int]) -> None:
        self.graph, self.values = graph, values
        self.order_matters = any(kind == "or" and len(graph.coming(name)) > 1 for name, kind in graph.kinds.items())
        first = State(flows=_more((), [line.name for line in graph.leaving("start")]))
        self.states = self._at_rest({first})

    @property
    def most_tokens(self) -> int:
        """How many tokens there are, in the state that has most of them."""
        return max(sum(count for _, count in (*state.flows, *state.tasks)) for state in self.states)

    def seen(self) -> set[tuple[Seen, bool]]:
        """What may be seen now: the open tasks, and whether all is over."""
        return {(state.tasks, state.finished) for state in self.states}

    def keep(self, open_tasks: Counter[str], *, finished: bool) -> bool:
        """Drops the states in which something else would be seen; whether any is left."""
        wanted = (tuple(sorted(open_tasks.items())), finished)
        self.states = {state for state in self.states if (state.tasks, state.finished) == wanted}
        return bool(self.states)

    def complete(self, name: str, values: dict[str, int]) -> None:
        """A person does a task; the token goes on along every flow behind it (13.3.2)."""
        self.values = values
        out = [line.name for line in self.graph.leaving(name)]
        self.states = self._at_rest({State(_more(one.flows, out), _less(one.tasks, [name])) for one in self.states})

    def _at_rest(self, todo: set[State]) -> set[State]:
        """Every state in which nothing moves any more, by whatever order."""
        seen, rest = set(todo), set()
        while todo:
            state = todo.pop()
            following = set(self._moves(state))
            if not following:
                rest.add(state)
            todo |= following - seen
            seen |= following
            if len(seen) > MOST:
                raise TooMany
        return rest

    def _moves(self, state: State) -> Iterator[State]:
        """The states one move further. What no other move can prevent or hasten is moved first and alone."""
        full = dict(state.flows)
        for line in self.graph.lines:
            if line.name in full and self.graph.kinds[line.target] in {"task", "end"}:
                yield self._passed(state, line)
                return
        moves = self._gateways(state, full)
        yield from moves if self.order_matters else islice(moves, 1)

    def _gateways(self, state: State, full: dict[str, int]) -> Iterator[State]:
        for name, kind in self.graph.kinds.items():
            coming = [line for line in self.graph.coming(name) if line.name in full]
            if kind == "terminate" and coming:
                yield State()
            elif kind == "xor":
                for line in coming:
                    yield self._gone(state, [line], self._chosen(name)[:1])
            elif kind == "and" and coming and len(coming) == len(self.graph.coming(name)):
                yield self._gone(state, coming, self.graph.leaving(name))
            elif kind == "or" and coming and self._may_fire(name, state):
                yield self._gone(state, coming, self._chosen(name))

    def _passed(self, state: State, line: Line) -> State:
        """A token comes to a task, each opens one of its own (13.3.2); or to an end event, where it is consumed."""
        left = _less(state.flows, [line.name])
        return State(
            left, _more(state.tasks, [line.target]) if self.graph.kinds[line.target] == "task" else state.tasks
        )

    def _gone(self, state: State, consumed: list[Line], produced: list[Line]) -> State:
        less = _less(state.flows, [line.name for line in consumed])
        return State(_more(less, [line.name for line in produced]), state.tasks)

    def _chosen(self, name: str) -> list[Line]:
        """The flows whose condition is true, or else the default (13.4.2, 13.4.3)."""
        lines, default = self.graph.leaving(name), self.graph.default(name)
        return [line for line in lines if line != default and self.values.get(line.name, 1)] or [default or lines[0]]

    def _may_fire(self, gateway: str, state: State) -> bool:
        """13.4.3: a token that could still come to an empty flow holds the gateway up, unless it could as well come to
        a flow that has one; in both cases without passing the gateway."""
        full = {name for name, _ in state.flows}
        coming = {line.name for line in self.graph.coming(gateway)}
        at_work = {line.name for name, _ in state.tasks for line in self.graph.leaving(name)}
        ahead = [self._ahead(gateway, line) for line in self.graph.lines if line.name in full | at_work]
        return not any(way & (coming - full) and not way & coming & full for way in ahead)

    def _ahead(self, gateway: str, line: Line) -> set[str]:
        """The flows that a token on this one may come to without passing the gateway, this one included."""
        found, todo = {line.name}, [line]
        while todo:
            reached = todo.pop()
            if reached.target != gateway:
                further = [one for one in self.graph.leaving(reached.target) if one.name not in found]
                found.update(one.name for one in further)
                todo += further
        return found


def _more(tokens: Tokens, names: list[str]) -> Tokens:
    return tuple(sorted((Counter(dict(tokens)) + Counter(names)).items()))


def _less(tokens: Tokens, names: list[str]) -> Tokens:
    return tuple(sorted((Counter(dict(tokens)) - Counter(names)).items()))
