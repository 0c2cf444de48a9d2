"""Tasks and gateways joined in any way: the engine does what the rules of the standard for tokens on flows allow."""

from random import Random

import pytest

from tests.workflow.graph_game import GraphGame, State
from tests.workflow.graph_walk import walk
from tests.workflow.graphs import Graph, Line, random_graph


@pytest.mark.parametrize("reload", [True, False])
@pytest.mark.parametrize("seed", range(0, 300, 20))
def test_the_engine_agrees_with_the_token_game_on_graphs_of_any_shape(seed: int, reload: bool) -> None:  # noqa: FBT001 - a parameter
    for number in range(seed, seed + 20):
        choose = Random(number).randrange  # noqa: S311 - a walk, not a secret
        walk(random_graph(choose), choose, reload=reload)


def test_the_game_knows_that_two_inclusive_joins_may_wait_for_each_other() -> None:
    kinds = {"start": "start", "fork": "and", "one": "or", "two": "or"}
    lines = [("start", "fork"), ("fork", "one"), ("fork", "two"), ("one", "two"), ("two", "one")]

    game = GraphGame(Graph(kinds, [Line(*line) for line in lines]), {})

    assert game.states == {State(flows=(("fork__one", 1), ("fork__two", 1)))}
