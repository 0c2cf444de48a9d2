"""Plays one random graph in the engine and in the token game, and compares them after every act."""

from collections import Counter
from datetime import UTC, datetime

from engine.workflow import Definition, Run
from tests.workflow.graph_game import GraphGame
from tests.workflow.graphs import Choose, Graph
from tests.workflow.sizes import unpacked

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ACTS = 15
WIDEST = 12  # open tasks; with more, the orders to look at become too many
STATE, TOKEN = 1_500, 450  # bytes: a state holds its data and its tokens, no more


def walk(graph: Graph, choose: Choose, *, reload: bool) -> int:
    """How many acts were compared; AssertionError where the two disagree, TooMany where it cannot be told."""
    values = {name: choose(2) for name in graph.variables}
    definition = Definition.build(graph.file(), {})
    run, game = _advanced(Run.start(definition, values, NOW)), GraphGame(graph, values)
    for act in range(ACTS):
        opened = Counter(task.element for task in run.open_tasks())
        expected = game.seen()
        assert game.keep(opened, finished=run.finished), (opened, run.finished, expected)
        state = run.dump()
        assert unpacked(state) <= STATE + TOKEN * game.most_tokens
        if run.finished or not opened or sum(opened.values()) > WIDEST:
            return act
        if reload:
            run = Run.load(definition, state, NOW)
            assert run.dump() == state
        values = {name: choose(2) for name in graph.variables}
        acts = [*sorted(opened), *game.awaited()]
        name = acts[choose(len(acts))]
        if name in opened:
            run.complete(next(task.id for task in run.open_tasks() if task.element == name), values)
            game.complete(name, values)
        else:
            assert run.signal(name, values)
            game.happen(name, values)
        _advanced(run)
    return ACTS


def _advanced(run: Run) -> Run:
    for call in run.advance():
        raise AssertionError(call)
    return run
