"""The engine and an independent token game agree on every open task, whatever the process and whatever the walk."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.workflow import Definition, OpenTask, Run
from tests.workflow.blocks import BLOCKS, Block, Drawing
from tests.workflow.token_game import Game, Path

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
STEPS = 20
Place = tuple[str, Path]


def advanced(run: Run) -> Run:
    for call in run.advance():
        raise AssertionError(call)
    return run


def opened(run: Run) -> Counter[Place]:
    return Counter(place(run, task) for task in run.open_tasks())


def place(run: Run, task: OpenTask) -> Place:
    items = {name[3:]: value for name, value in run.task_data(task.id).items() if name.startswith("of_")}
    return task.element, tuple(sorted(items.items()))


def complete(run: Run, wanted: Place, variables: dict[str, int]) -> None:
    task = next(task for task in run.open_tasks() if place(run, task) == wanted)
    run.complete(task.id, variables)


def walk(block: Block, choose: Callable[[int], int], *, reload: bool) -> list[tuple[str, str]]:
    """Plays the block in both, and tells the steps; `choose` picks a number below its argument."""
    drawing, block, steps = Drawing(), deepcopy(block), []
    definition = Definition.build(drawing.file(block), drawing.called)
    values = {name: choose(2) for name in block.variables}
    game, run = Game(), advanced(Run.start(definition, values, NOW))
    game.start(block, values)
    for _ in range(STEPS):
        assert opened(run) == game.open()
        assert run.finished == game.finished
        steps += [(step.element, step.kind) for step in run.take_steps()]
        if game.finished:
            break
        values.update({name: choose(2) for name in block.variables})
        actions = [*sorted(game.open()), *game.awaited()]
        action = actions[choose(len(actions))]
        if reload:
            run = Run.load(definition, run.dump(), NOW)
        if isinstance(action, str):
            run.signal(action, values)
            game.send(action, values)
        else:
            complete(run, action, values)
            game.complete(*action, values)
        advanced(run)
    return steps


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(block=BLOCKS, reload=st.booleans(), data=st.data())
def test_the_engine_agrees_with_the_token_game_at_every_step(block: Block, reload: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn by hypothesis
    walk(block, lambda most: data.draw(st.integers(0, most - 1)), reload=reload)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, seed=st.integers(0, 2**32))
def test_a_walk_with_reloads_tells_the_same_steps_as_one_without(block: Block, seed: int) -> None:
    with_reloads = walk(block, Random(seed).randrange, reload=True)  # noqa: S311 - a walk, not a secret

    assert walk(block, Random(seed).randrange, reload=False) == with_reloads  # noqa: S311 - as above


@pytest.mark.parametrize("kind", ["and", "or"])
def test_a_join_in_a_loop_waits_for_both_branches_in_every_turn(kind: str) -> None:
    block = Block("loop", [Block(kind, [Block("task"), Block("task")])])
    turns = iter([1] * 1000)

    walk(block, lambda most: next(turns) % most, reload=True)
