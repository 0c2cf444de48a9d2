"""What the checks foretell of variables is what cases have: in random processes, at every task that opens."""

import re
from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest

from engine.feel import typed
from engine.workflow import Definition, Run, records
from engine.workflow.checks import Facts, FormFacts
from engine.workflow.checks.bringing import ANYTHING, Brought
from engine.workflow.checks.complaints import Known
from engine.workflow.checks.flowing import Survey
from engine.workflow.elements import EventKind
from tests.workflow import rules_activities, rules_events, rules_flow, rules_throws, throw_drawing
from tests.workflow.block_drawing import Drawing
from tests.workflow.blocks import KINDS, LEAVES, Block, random_block
from tests.workflow.drawing import properties
from tests.workflow.playing import NOW

ACTS = 15
WIDEST = 30  # open tasks; a process that grows further has shown enough
PLAYED = (rules_activities, rules_events, rules_flow, rules_throws, throw_drawing)  # each adds its kinds
SPLIT = re.compile(
    r'(<\w+ (?:isForCompensation="true" )?id="(\w+)" [^>]*><extensionElements><zeebe:formDefinition formId=")review"'
)
BEGUN = properties(name_en="Permit")[len("<zeebe:properties>") : -len("</zeebe:properties>")]


def own_forms(file: bytes) -> bytes:
    """The file with a form of its own for each task, begun by hand."""
    text = SPLIT.sub(lambda found: f'{found[1]}form_{found[2]}"', file.decode())
    return text.replace(BEGUN, BEGUN + '<zeebe:property name="start_roles" value="preparer"/>').encode()


class Walk:
    """One case of a random process, in which every task that is done sets one variable named after it."""

    def __init__(self, block: Block, random: Random) -> None:
        drawing = Drawing()
        self.random = random
        main = own_forms(drawing.file(block))
        called = {name: own_forms(file).replace(b"preparer", b"") for name, file in drawing.called.items()}
        self.definition = Definition.build(main, called)
        self.given = dict.fromkeys([*block.decisions, *block.counts], 0) | {
            n: random.randrange(2) for n in block.decisions
        }
        self.foretold = self._foretold()
        self.now = NOW
        self.seen = 0
        self.run = Run.start(self.definition, self.given, self.now)
        self._settle()

    def play(self) -> int:
        """Plays to the end, or for a while; how often what was foretold was compared."""
        for _ in range(ACTS):
            self.compare()
            if self.run.finished or not self._act() or len(self.run.open_tasks()) > WIDEST:
                break
        return self.seen

    def compare(self) -> None:
        """Each open task sees what it must see, and nothing that it cannot see."""
        for task in self.run.open_tasks():
            names = {name for name in self.run.task_data(task.id) if name.startswith("set_")}
            before = self.foretold[task.element]
            self.seen += 1
            if not task.element.startswith("undo_"):  # what undoes something may see all of it: nothing is said there
                must = {name for name in before.must if name.startswith("set_")} - {f"set_{task.element}"}
                assert must <= names, task.element
            assert ANYTHING in before.may or names <= before.may, task.element

    def _foretold(self) -> Mapping[str, Brought]:
        diagrams = self.definition.diagrams
        elements = self.definition.elements.values()
        number = typed.of_kind("number")
        heard = [e.name for element in elements for e in element.events if e.kind is EventKind.MESSAGE]
        forms = {element.form: FormFacts({f"set_{element.id}": number}) for element in elements if element.form}
        services = {element.service: {"next": number} for element in elements if element.service}
        given = dict.fromkeys(self.given, number)
        facts = Facts(forms=forms, services=services, started=given, messages={key: {} for key in heard})
        survey = Survey(Known(processes=diagrams, facts=facts), facts)
        return {id_: one for diagram in diagrams.values() for id_, one in survey.flowing(diagram).before.items()}

    def _act(self) -> bool:
        """Does one of the things that may happen now; False where nothing may."""
        tasks = [("task", task.id, task.element) for task in self.run.open_tasks()]
        waits = [
            (wait.kind, wait.name or "", wait.key or "") for wait in self.run.waits() if wait.kind != "conditional"
        ]
        possible = sorted([*tasks, *set(waits)], key=lambda act: (act[0], act[2], act[1] if act[0] != "task" else ""))
        if not possible:
            return False
        kind, name, more = self.random.choice(possible)
        if kind == "task":
            self.run.complete(name, {f"set_{more}": 1})
        elif kind == "signal":
            self.run.signal(name, {})
        elif kind == "message":
            self.run.deliver(name, more or None, {})
        else:
            self.now += timedelta(hours=3)
            self.run = Run.load(self.definition, self.run.dump(), self.now)
            self.run.fire_due()
        self._settle()
        return True

    def _settle(self) -> None:
        moves, result = self.run.advance(), None
        while True:
            try:
                call = next(moves) if result is None else moves.send(result)
            except StopIteration:
                return
            fails = call.service == "fail" and call.arguments["fail"] == 1
            result = records.Failed(call.element, "It failed.") if fails else {"next": 1}


@pytest.mark.parametrize("seed", range(0, 300, 25))
def test_tasks_of_random_processes_see_what_was_foretold(seed: int) -> None:
    compared = 0
    for number in range(seed, seed + 25):
        random = Random(number)  # noqa: S311 - a walk, not a secret
        compared += Walk(random_block(random.randrange), random).play()

    assert compared


@pytest.mark.parametrize("kind", [*LEAVES, *KINDS])
def test_each_kind_of_block_lets_see_what_was_foretold(kind: str) -> None:
    for way in LEAVES.get(kind) or KINDS[kind][2]:
        for seed in range(6):
            parts = [Block("task") for _ in range(KINDS[kind][0])] if kind in KINDS else []
            block = Block("seq", [Block("task"), Block(kind, parts, way), Block("task")])
            Walk(block, Random(seed)).play()  # noqa: S311 - a walk, not a secret
