"""Whatever the process and wherever its tokens: a moved case goes on as the new drawing says."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.workflow import Definition, OpenTask, Run, swap
from tests.workflow.blocks import BLOCKS, Block, Drawing
from tests.workflow.drawing import flow, task
from tests.workflow.token_game import Done, Game, Path, Scope

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
STEPS = 20
FLOW = re.compile(r'<sequenceFlow id="(\w+)" sourceRef="(\w+)" targetRef="(\w+)">')
EXTRA = "extra"
Files = Mapping[str, bytes]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class Drawn(Drawing):
    """Remembers by which elements tokens come into each block and go out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, tuple[str, str]] = {}

    def draw(self, block: Block) -> tuple[str, str, str]:
        text, first, last = super().draw(block)
        self.ends[block.name] = (first, last)
        return text, first, last


class Redrawn(Game):
    """A game that looks at what comes next only when it comes, so that a block may be put in front of another one."""

    def _seq(self, block: Block, scope: Scope, done: Done, index: int = 0) -> None:
        if index == len(block.parts):
            done()
        else:
            self._enter(block.parts[index], scope, lambda: self._seq(block, scope, done, index + 1))

    def _choice(self, block: Block, scope: Scope, done: Done) -> None:
        parts = block.parts
        block.parts = [Block("late part", [block], name=str(n)) for n in range(len(parts))]
        super()._choice(block, scope, done)
        block.parts = parts

    def _late_part(self, block: Block, scope: Scope, done: Done) -> None:
        self._enter(block.parts[0].parts[int(block.name)], scope, done)


def files(drawing: Drawing, block: Block) -> Files:
    main = drawing.file(block)
    return {"permit": main, **drawing.called}


def built(drawn: Files) -> Definition:
    return Definition.build(drawn["permit"], {name: text for name, text in drawn.items() if name != "permit"})


def advanced(run: Run) -> Run:
    for call in run.advance():
        raise AssertionError(call)
    return run


def opened(run: Run) -> Counter[tuple[str, Path]]:
    return Counter(place(run, task) for task in run.open_tasks())


def place(run: Run, task: OpenTask) -> tuple[str, Path]:
    items = {name[3:]: value for name, value in run.task_data(task.id).items() if name.startswith("of_")}
    return task.element, tuple(sorted(items.items()))


def moved(run: Run, new: Definition) -> Run:
    planned = swap.plan(run.definition, new, run.dump(), {}, NOW)
    assert planned.reasons == ()
    assert planned.missing == ()
    return advanced(Run.load(new, swap.swap(run.definition, new, run.dump(), {}, NOW), NOW))


def act(run: Run, action: str | tuple[str, Path], values: dict[str, int]) -> None:
    if isinstance(action, str):
        run.signal(action, values)
    else:
        wanted = next(task for task in run.open_tasks() if place(run, task) == action)
        run.complete(wanted.id, values)
    advanced(run)


def walked(run: Run, variables: list[str], choose: Callable[[int], int], every: Callable[[Run], Run]) -> list[object]:
    """Plays to the end, or a while; what could be seen on the way."""
    seen: list[object] = []
    for _ in range(STEPS):
        seen += [[(step.kind, step.element) for step in run.take_steps()], run.finished]
        if run.finished:
            break
        run = every(run)
        signals = sorted({wait.name for wait in run.waits() if wait.name})
        actions = [*sorted(opened(run)), *signals]
        seen += [actions, run.data]
        act(run, actions[choose(len(actions))], {name: choose(2) for name in variables})
    return seen


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(block=BLOCKS, seed=st.integers(0, 2**32))
def test_a_case_that_moves_to_an_equal_drawing_goes_on_as_if_it_had_not(block: Block, seed: int) -> None:
    block = deepcopy(block)
    drawn = files(Drawing(), block)
    definition, other = built(drawn), built(drawn)
    values = dict.fromkeys(block.variables, 0)

    def play(every: Callable[[Run], Run]) -> list[object]:
        run = advanced(Run.start(definition, values, NOW))
        return walked(run, block.variables, Random(seed).randrange, every)  # noqa: S311 - a walk, not a secret

    assert play(lambda run: moved(run, other)) == play(lambda run: Run.load(definition, run.dump(), NOW))


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(block=BLOCKS, data=st.data())
def test_a_case_that_moves_to_a_drawing_with_one_task_more_agrees_with_its_token_game(
    block: Block, data: st.DataObject
) -> None:
    def choose(most: int) -> int:
        return data.draw(st.integers(0, most - 1))

    drawing, block = Drawn(), deepcopy(block)
    drawn = files(drawing, block)
    values = {name: choose(2) for name in block.variables}
    game, run = Redrawn(), advanced(Run.start(built(drawn), values, NOW))
    game.start(block, values)
    when, spots = choose(6), list(inner_parts(block))
    for step in range(STEPS):
        if step == when and spots and not game.finished:
            whole, index = spots[choose(len(spots))]
            run = moved(run, built(in_front(drawn, drawing.ends[whole.parts[index].name])))
            whole.parts[index] = Block("seq", [Block("task", name=EXTRA), whole.parts[index]])
        assert opened(run) == game.open()
        assert run.finished == game.finished
        if game.finished:
            break
        values.update({name: choose(2) for name in block.variables})
        actions: list[str | tuple[str, Path]] = [*sorted(game.open()), *game.awaited()]
        action = actions[choose(len(actions))]
        act(run, action, values)
        if isinstance(action, str):
            game.send(action, values)
        else:
            game.complete(*action, values)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(block=BLOCKS, data=st.data())
def test_a_task_may_be_drawn_into_any_flow_and_no_case_stands_still(block: Block, data: st.DataObject) -> None:
    def choose(most: int) -> int:
        return data.draw(st.integers(0, most - 1))

    block = deepcopy(block)
    drawn = files(Drawing(), block)
    values = {name: choose(2) for name in block.variables}
    run = advanced(Run.start(built(drawn), values, NOW))
    when = choose(6)
    flows = [found for text in drawn.values() for found in FLOW.findall(text.decode()) if "_s" not in found[2]]
    new = built(inserted(drawn, flows[choose(len(flows))]))
    turns = iter(range(STEPS))

    walked(run, block.variables, choose, lambda run: moved(run, new) if next(turns) == when else run)


def inner_parts(block: Block) -> list[tuple[Block, int]]:
    """Every place where another block can be put in front of a part."""
    if block.kind in ("each", "each in turn"):
        return []
    own = [(block, index) for index in range(len(block.parts))]
    return own + [place for part in block.parts for place in inner_parts(part)]


def in_front(drawn: Files, ends: tuple[str, str]) -> Files:
    """The files with one task more on the flow that leads into a block from outside."""
    first, _last = ends
    leading = [found for text in drawn.values() for found in FLOW.findall(text.decode()) if found[2] == first]
    outside = [found for found in leading if not found[1].startswith("again")]
    return inserted(drawn, outside[0])


def inserted(drawn: Files, where: tuple[str, str, str]) -> Files:
    """As bpmn-js draws a task into a flow: the flow keeps its id and leads to the task, a new one leads on."""
    old = f'id="{where[0]}" sourceRef="{where[1]}" targetRef="{where[2]}"'
    new = f'id="{where[0]}" sourceRef="{where[1]}" targetRef="{EXTRA}"'
    more = task(EXTRA) + flow(EXTRA, where[2])

    def redrawn(text: str) -> str:
        if old not in text:
            return text
        at = text.index(f"<sequenceFlow {old}")
        return text[:at] + more + text[at:].replace(old, new, 1)

    return {name: redrawn(text.decode()).encode() for name, text in drawn.items()}
