"""The engine and an independent token game agree after every act, whatever the process and whatever the walk."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.workflow import check, read
from tests.workflow.block_drawing import Drawing
from tests.workflow.block_walk import walk
from tests.workflow.blocks import KINDS, LEAVES, Block, random_block
from tests.workflow.conformance.stage import surroundings


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(reload=st.booleans(), data=st.data())
def test_the_engine_agrees_with_the_token_game_after_every_act(reload: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn by hypothesis
    def choose(most: int) -> int:
        return data.draw(st.integers(0, most - 1))

    walk(random_block(choose), choose, reload=reload)


@pytest.mark.parametrize("kind", [*LEAVES, *KINDS])
def test_each_kind_of_block_is_played_in_all_its_ways(kind: str) -> None:
    ways = LEAVES.get(kind) or KINDS[kind][2]

    for way in ways:
        for seed in range(4):
            choose = Random(seed).randrange  # noqa: S311 - a walk, not a secret
            parts = [Block("task") for _ in range(KINDS[kind][0])] if kind in KINDS else []
            walk(Block("seq", [Block(kind, parts, way), Block("task")]), choose, reload=seed % 2 == 0)


@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_what_the_game_plays_is_accepted_at_publication(seed: int) -> None:
    for number in range(seed, seed + 10):
        block, drawing = random_block(Random(number).randrange), Drawing()  # noqa: S311 - a process, not a secret
        diagram = read(drawing.file(block))
        known = surroundings(diagram, [read(data) for data in drawing.called.values()])

        assert [str(one) for one in check(diagram, known) if one.severity == "error"] == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_a_walk_with_reloads_tells_the_same_steps_as_one_without(seed: int) -> None:
    block = random_block(Random(seed).randrange)  # noqa: S311 - a walk, not a secret

    with_reloads = walk(block, Random(seed).randrange, reload=True)  # noqa: S311 - as above

    assert walk(block, Random(seed).randrange, reload=False) == with_reloads  # noqa: S311 - as above


@pytest.mark.parametrize("kind", ["and", "or"])
def test_a_join_in_a_loop_waits_for_both_branches_in_every_turn(kind: str) -> None:
    block = Block("loop", [Block(kind, [Block("task"), Block("task")])])
    turns = iter([1] * 1000)

    walk(block, lambda most: next(turns) % most, reload=True)
