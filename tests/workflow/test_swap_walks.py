"""Whatever the process and wherever its tokens: a moved case goes on as the new drawing says."""

import re
from collections.abc import Mapping
from copy import deepcopy
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.workflow import Definition, Run, swap
from tests.workflow.block_drawing import Drawing, Drawn
from tests.workflow.block_walk import ACTS, NOW, WIDEST, Walk
from tests.workflow.blocks import Block, Choose, random_block
from tests.workflow.drawing import flow, task
from tests.workflow.token_game import RULES, Done, Game, Region

FLOW = re.compile(r'<sequenceFlow id="(\w+)" sourceRef="(\w+)" targetRef="(\w+)">')
EXTRA = "extra"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
Files = Mapping[str, bytes]
Way = tuple[str, str, str]  # a flow: its id, where from, where to


class Remembered(Drawing):
    """A drawing that knows what each block looks like, and by which element tokens come in."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: dict[str, tuple[str, str]] = {}

    def draw(self, block: Block) -> Drawn:
        text, first, last = super().draw(block)
        self.blocks[block.name] = (text, first)
        return text, first, last


class Redrawn(Game):
    """A game in which, from some moment on, a task stands in front of one block."""

    behind: Block | None = None

    def enter(self, block: Block, region: Region, done: Done) -> None:
        if block is self.behind:
            before = super().enter
            RULES["task"](self, Block("task", name=EXTRA), region, lambda: before(block, region, done))
        else:
            super().enter(block, region, done)


class Moving(Walk):
    """A walk whose case can be moved to another drawing on the way."""

    def __init__(self, block: Block, choose: Choose) -> None:
        self.block, self.choose, self.reload = deepcopy(block), choose, True
        self.drawing = Remembered()
        self.files: Files = {"permit": self.drawing.file(self.block), **self.drawing.called}
        self.definition, self.game, self.now = built(self.files), Redrawn(), NOW
        self.setting = {part.names["set"]: f"{part.name}_n" for part in self.block.all if part.kind == "condition"}
        self.trace, self.matched = [], {}
        values = self._decisions() | dict.fromkeys(self.block.counts, 0)
        self.run = Run.start(self.definition, values, self.now)
        self._settle()
        self.game.start(self.block, dict(values))

    def move(self, files: Files) -> None:
        self.compare()
        new, state = built(files), self.run.dump()
        planned = swap.plan(self.definition, new, state, {}, self.now)
        assert (planned.reasons, planned.missing) == ((), ())
        self.run = Run.load(new, swap.swap(self.definition, new, state, {}, self.now), self.now)
        self.definition = new
        self._settle()

    def act(self) -> bool:
        """Compares, and does one thing; False when nothing is left to be done."""
        self.compare()
        acts = self._possible()
        if self.game.finished or not acts or len(self.game.standing) > WIDEST:
            return False
        acts[self.choose(len(acts))](self._decisions())
        return True


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(seed=st.integers(0, 2**32))
def test_a_case_that_moves_to_an_equal_drawing_after_every_act_goes_on_as_if_it_had_not(seed: int) -> None:
    choose = Random(seed).randrange  # noqa: S311 - a walk, not a secret
    walk = Moving(random_block(choose), choose)
    for _ in range(ACTS):
        if not walk.act():
            break
        if not walk.game.finished:
            walk.move(walk.files)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(seed=st.integers(0, 2**32))
def test_a_case_that_moves_to_a_drawing_with_one_task_more_agrees_with_its_token_game(seed: int) -> None:
    choose = Random(seed).randrange  # noqa: S311 - a walk, not a secret
    walk = Moving(random_block(choose), choose)
    when, places = choose(6), [part for block in walk.block.all for part in block.parts]
    for number in range(ACTS):
        if not walk.act():
            break
        if number == when and places and not walk.game.finished:
            walk.game.behind = places[choose(len(places))]
            walk.move(inserted(walk.files, way_to(walk, walk.game.behind)))


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(seed=st.integers(0, 2**32))
def test_a_task_may_be_drawn_into_any_flow_and_no_case_stands_still(seed: int) -> None:
    choose = Random(seed).randrange  # noqa: S311 - a walk, not a secret
    walk = Moving(random_block(choose), choose)
    flows = [way for text in walk.files.values() for way in FLOW.findall(text.decode()) if "_s" not in way[2]]
    for _ in range(choose(6)):
        if not walk.act():
            return
    if walk.game.finished:
        return
    walk.move(inserted(walk.files, flows[choose(len(flows))]))
    for _ in range(ACTS):
        run = walk.run
        opened = run.open_tasks()
        assert run.finished or opened or run.waits() or run.failures()
        if not opened:
            break
        run.complete(opened[choose(len(opened))].id, walk._decisions())  # noqa: SLF001 - the walk's own values
        walk._settle()  # noqa: SLF001 - as above


def built(files: Files) -> Definition:
    return Definition.build(files["permit"], {name: text for name, text in files.items() if name != "permit"})


def way_to(walk: Moving, block: Block) -> Way:
    """The flow by which tokens come into a block from outside."""
    inside, first = walk.drawing.blocks[block.name]
    leading = [way for text in walk.files.values() for way in FLOW.findall(text.decode()) if way[2] == first]
    (way,) = [way for way in leading if f'id="{way[1]}"' not in inside]
    return way


def inserted(files: Files, way: Way) -> Files:
    """As bpmn-js draws a task into a flow: the flow keeps its id and leads to the task, a new one leads on."""
    old = f'id="{way[0]}" sourceRef="{way[1]}" targetRef="{way[2]}"'
    new = f'id="{way[0]}" sourceRef="{way[1]}" targetRef="{EXTRA}"'
    more = task(EXTRA) + flow(EXTRA, way[2])

    def redrawn(text: str) -> str:
        if old not in text:
            return text
        at = text.index(f"<sequenceFlow {old}")
        return text[:at] + more + text[at:].replace(old, new, 1)

    return {name: redrawn(text.decode()).encode() for name, text in files.items()}
