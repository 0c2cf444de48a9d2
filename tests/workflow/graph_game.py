"""An independent token game on graphs: tokens on flows, by the rules of BPMN 2.0.2, chapter 13. It knows no engine.

The standard leaves open in which order tokens move, and for inclusive gateways the order can matter. The game therefore
keeps every state that some order leads to, and drops those that what is seen of the engine rules out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tests.workflow.graphs import GATEWAYS, WAITING, WATCHED, Graph, Line

MOST = 3_000  # states; a graph that needs more is left out of the comparison, and counted

Tokens = tuple[tuple[str, int], ...]
Seen = tuple[tuple[str, int], ...]


class TooMany(Exception):  # noqa: N818 - it tells what there are, not that something is wrong
    """The orders lead to more states than can be looked at."""


@dataclass(frozen=True)
class State:
    """How many tokens there are on each flow, and how often each task is open; none of either: it is finished.

    `memory` are the flows from which a complex gateway consumed tokens when it started, until it is reset.
    """

    flows: Tokens = ()
    tasks: Tokens = ()
    memory: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def finished(self) -> bool:
        return not self.flows and not self.tasks


class GraphGame:
    """All states that the process may be in."""

    def __init__(self, graph: Graph, values: dict[str, int]) -> None:
        self.graph, self.values = graph, values
        self.order_matters = any(
            kind in {"or", "complex"} and len(graph.coming(name)) > 1 for name, kind in graph.kinds.items()
        )
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
        """A person does a task, and tokens leave it (13.3.2)."""
        self.values = values
        out = self._leaving(name)
        self.states = self._at_rest({self._changed(one, [], out, done=[name]) for one in self.states})

    def awaited(self) -> list[str]:
        """The boundary events at tasks that are open."""
        opened = {name for state in self.states for name, _ in state.tasks}
        return sorted(f"{name}_event" for name in opened if self.graph.kinds[name] in WATCHED)

    def happen(self, event: str, values: dict[str, int]) -> None:
        """The event reaches each open task that it is attached to: tokens leave it, and some end the task (13.5.3)."""
        self.values = values
        task = event.removesuffix("_event")
        after = set()
        for state in self.states:
            times = dict(state.tasks).get(task, 0)
            done = [task] * times if self.graph.kinds[task] == "ended" else []
            after.add(self._changed(state, [], self._leaving(event) * times, done=done))
        self.states = self._at_rest(after)

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
        for name in (name for name, kind in self.graph.kinds.items() if kind not in GATEWAYS):
            if (moved := self._at_a_task_or_end(state, name)) is not None:
                yield moved
                return
        moves = (moved for name in self.graph.kinds for moved in self._at_a_gateway(state, name))
        yield from moves if self.order_matters else islice(moves, 1)

    def _at_a_task_or_end(self, state: State, name: str) -> State | None:
        """A token comes to a task and opens one of its own, or as many as it needs; or to an end, which consumes it."""
        full, kind = dict(state.flows), self.graph.kinds[name]
        waiting = [line.name for line in self.graph.coming(name) for _ in range(full.get(line.name, 0))]
        if len(waiting) < (needed := 2 if kind == "many" else 1):
            return None
        if kind == "terminate":
            return State()
        out = self._leaving(name) if kind == "pass" else []
        return self._changed(state, waiting[:needed], out, opened=[name] if kind in WAITING else [])

    def _at_a_gateway(self, state: State, name: str) -> Iterator[State]:
        kind, coming = self.graph.kinds[name], [line.name for line in self.graph.coming(name)]
        has = [name for name, _ in state.flows if name in coming]
        consumed = dict(state.memory).get(name)
        if kind == "xor":
            for line in has:
                yield self._changed(state, [line], self._leaving(name)[:1])
        elif (kind == "and" and len(has) == len(coming)) or (
            kind == "or" and has and not self._expects(name, state, set(has))
        ):
            yield self._changed(state, has, self._leaving(name))
        elif kind == "complex" and consumed is None and self._activated(state, has):
            yield self._changed(state, has, self._leaving(name), remember=(name, tuple(has)))
        elif kind == "complex" and consumed is not None and not self._expects(name, state, {*has, *consumed}):
            new = [line for line in has if line not in consumed]
            out = [] if self.graph.way(name) == "at the start" else self._leaving(name)
            yield self._changed(state, new, out, forget=name)

    def _activated(self, state: State, has: list[str]) -> bool:
        """The activation condition of every complex gateway here: two tokens wait."""
        return sum(count for name, count in state.flows if name in has) > 1

    def _changed(
        self,
        state: State,
        consumed: list[str],
        produced: list[str],
        *,
        opened: Sequence[str] = (),
        done: Sequence[str] = (),
        remember: tuple[str, tuple[str, ...]] | None = None,
        forget: str = "",
    ) -> State:
        memory = [one for one in state.memory if one[0] != forget] + ([remember] if remember else [])
        tasks = _more(_less(state.tasks, done), opened)
        return State(_more(_less(state.flows, consumed), produced), tasks, tuple(sorted(memory)))

    def _leaving(self, name: str) -> list[str]:
        """The flows that tokens leave on: each without a condition, each whose condition is true, or else the default;
        of an exclusive gateway the first of them (13.3.2, 13.4.2, 13.4.3)."""
        lines, default, conditional = self.graph.leaving(name), self.graph.default(name), self.graph.conditional(name)
        true = [line for line in conditional if self.values[line.name]]
        free = [line for line in lines if line not in conditional and line != default]
        taken = [line for line in lines if line in true or line in free or (line == default and not true)]
        return [line.name for line in taken for _ in range(2 if self.graph.kinds[name] == "many" else 1)]

    def _expects(self, gateway: str, state: State, had: set[str]) -> bool:
        """13.4.3 and 13.4.5: a token that could still come to a flow that had none holds the gateway up, unless it
        could as well come to a flow that had one; in both cases without passing the gateway."""
        coming = {line.name for line in self.graph.coming(gateway)}
        tokens = [[line] for line in self.graph.lines if line.name in dict(state.flows)]
        tokens += [self._ways_out(name) for name, _ in state.tasks]  # as if still on the flow before the task
        ahead = [{flow for line in lines for flow in self._ahead(gateway, line)} for lines in tokens]
        return any(way & (coming - had) and not way & had for way in ahead)

    def _ahead(self, gateway: str, line: Line) -> set[str]:
        """The flows that a token on this one may come to without passing the gateway, this one included."""
        found, todo = {line.name}, [line]
        while todo:
            reached = todo.pop()
            if reached.target != gateway:
                further = [one for one in self._ways_out(reached.target) if one.name not in found]
                found.update(one.name for one in further)
                todo += further
        return found

    def _ways_out(self, name: str) -> list[Line]:
        """The flows behind a node, and behind the event at its boundary: a token may leave it there as well."""
        return [*self.graph.leaving(name), *self.graph.leaving(f"{name}_event")]


def _more(tokens: Tokens, names: Sequence[str]) -> Tokens:
    return tuple(sorted((Counter(dict(tokens)) + Counter(names)).items()))


def _less(tokens: Tokens, names: Sequence[str]) -> Tokens:
    return tuple(sorted((Counter(dict(tokens)) - Counter(names)).items()))
