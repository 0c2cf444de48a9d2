"""Plays one random block in the engine and in the token game, and compares them after every act."""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Final

from engine.workflow import Definition, Run, ServiceCall, records
from tests.workflow import rules_activities, rules_events, rules_flow, rules_throws, throw_drawing
from tests.workflow.block_drawing import Drawing
from tests.workflow.blocks import Block, Choose
from tests.workflow.sizes import unpacked
from tests.workflow.token_game import Game, Standing, Values

NOW: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)
ACTS: Final = 20
WIDEST: Final = 40  # tokens; a process that grows further has shown enough
STATE, TOKEN, RECORD = 2_500, 450, 300  # bytes: a state holds its data, its tokens and what can be undone, no more
KNOWN: Final = (rules_activities, rules_events, rules_flow, rules_throws, throw_drawing)  # each adds its kinds
Act = Callable[[Values], None]


class Walk:
    """One case in both; AssertionError where they disagree."""

    def __init__(self, block: Block, choose: Choose, *, reload: bool) -> None:
        self.block, self.choose, self.reload = deepcopy(block), choose, reload
        drawing = Drawing()
        self.definition = Definition.build(drawing.file(self.block), drawing.called)
        self.setting = {part.names["set"]: f"{part.name}_n" for part in self.block.all if part.kind == "condition"}
        self.trace: list[tuple[str, str]] = []
        self.matched: dict[str, Standing] = {}
        self.game, self.now = Game(), NOW
        values = self._decisions() | dict.fromkeys(self.block.counts, 0)
        handed_in = deepcopy(values)
        self.run = Run.start(self.definition, handed_in, self.now)
        self._settle()
        assert handed_in == values
        handed_in.clear()
        self.game.start(self.block, values)

    def play(self) -> list[tuple[str, str]]:
        """All acts; the steps that the engine told, in order."""
        for _ in range(ACTS):
            self.compare()
            acts = self._possible()
            if self.game.finished or not acts or len(self.game.standing) > WIDEST:
                break
            acts[self.choose(len(acts))](self._decisions())
        assert out_of_nowhere(self.trace, self.definition) == []
        return self.trace

    def compare(self) -> None:
        """Everything that can be seen is the same."""
        steps = [(step.kind, step.element) for step in self.run.take_steps()]
        self.trace += steps
        told = Counter(steps)
        assert told == self.game.steps, (told - self.game.steps, self.game.steps - told)
        assert Counter((one.kind, one.name) for one in self.run.take_thrown()) == self.game.thrown
        self.game.steps.clear()
        self.game.thrown.clear()
        assert self.run.finished == self.game.finished
        self._compare_tasks()
        waits = Counter((wait.kind, wait.element, wait.due) for wait in self.run.waits())
        assert waits == Counter((one.kind, one.element, self._due(one)) for one in self.game.waits())
        data = self.run.data
        assert data == self.game.whole.variables
        data.clear()
        self._save()

    def _save(self) -> None:
        state = self.run.dump()
        undoable = sum(kind == "completed" and f"undo_{name}" in self.definition.elements for kind, name in self.trace)
        assert unpacked(state) <= STATE + TOKEN * len(self.game.standing) + RECORD * undoable
        loaded = Run.load(self.definition, state, self.now)
        assert loaded.dump() == state
        if self.reload:
            self.run = loaded

    def _compare_tasks(self) -> None:
        """Whoever was open before is the same as in the game; who is new sees the same data."""
        opened = {task.id: task.element for task in self.run.open_tasks()}
        left = {id_: one for id_, one in self.matched.items() if one in self.game.standing}
        assert {id_ for id_ in self.matched if id_ in opened} == left.keys()
        new = [one for one in self.game.tasks() if one not in left.values()]
        for id_, element in opened.items():
            if id_ not in left:
                seen = self.run.task_data(id_)
                one = next((one for one in new if one.element == element and one.scope.visible == seen), None)
                assert one is not None, (element, seen, [(other.element, other.scope.visible) for other in new])
                new.remove(one)
                left[id_] = one
                seen.clear()
        assert [one.element for one in new] == []
        for id_, one in left.items():
            assert self.run.task_data(id_) == one.scope.visible
        self.matched = left

    def _due(self, one: Standing) -> datetime | None:
        return NOW + timedelta(seconds=one.due) if one.kind == "timer" else None

    def _decisions(self) -> Values:
        return {name: self.choose(2) for name in self.block.decisions}

    def _possible(self) -> list[Act]:
        """What may happen now, in an order that does not depend on chance."""
        by_element = sorted(self.matched.items(), key=lambda item: (item[1].element, repr(item[1].scope.visible)))
        acts = [self._completing(id_, one) for id_, one in by_element]
        waits = self.game.waits()
        for kind in ("signal", "message"):
            found = Counter((one.element, one.key) for one in waits if one.kind == kind)
            acts += [self._sending(kind, *to) for to, count in sorted(found.items()) if kind == "signal" or count == 1]
        return [*acts, self._tick] if any(one.kind == "timer" for one in waits) else acts

    def _completing(self, id_: str, one: Standing) -> Act:
        def act(values: Values) -> None:
            if one.element.startswith("gather"):
                values[f"answer_{one.element}"] = self.choose(10)
            if one.element in self.setting:
                values = {self.setting[one.element]: 1}
            if one.element.startswith("mapped"):
                values = {f"{one.element}_answer": self.choose(10)}
            self.run.complete(id_, values)
            self._settle()
            self.game.complete(one, values)

        return act

    def _sending(self, kind: str, name: str, key: str) -> Act:
        def act(values: Values) -> None:
            if kind == "signal":
                self.run.signal(name, values)
            else:
                assert self.run.deliver(name, key, values)
            self._settle()
            waits = [one for one in self.game.waits() if one.kind == kind and one.element == name]
            self.game.happen([one for one in waits if kind == "signal" or one.key == key], values)

        return act

    def _tick(self, _values: Values) -> None:
        self.game.tick()
        self.now = NOW + timedelta(seconds=self.game.now)
        self.run = Run.load(self.definition, self.run.dump(), self.now)
        self.run.fire_due()
        self._settle()

    def _settle(self) -> None:
        moves, result = self.run.advance(), None
        while True:
            try:
                call = next(moves) if result is None else moves.send(result)
            except StopIteration:
                return
            result = _answer(call)


def _answer(call: ServiceCall) -> Mapping[str, object] | records.Failed:
    if call.service == "fail":
        return records.Failed(call.element, "It failed.") if call.arguments["fail"] == 1 else {}
    return {"next": int(str(call.arguments["value"])) + 1}


def out_of_nowhere(trace: list[tuple[str, str]], definition: Definition) -> list[tuple[str, str]]:
    """The steps that no step before them explains: an element is entered after one that leads there has been left (or
    what it stands in was entered), and completed or cancelled after it was entered."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for kind, name in trace:
        seen[kind, name] += 1
        entered, over = seen["entered", name], seen["completed", name] + seen["cancelled", name]
        if kind in {"completed", "cancelled"}:
            explained = over <= entered
        else:
            explained = kind == "fired" or entered <= _ways_in(seen, name, definition)
        if not explained:
            found.append((kind, name))
    return found


def _ways_in(seen: Counter[tuple[str, str]], name: str, definition: Definition) -> float:
    element = definition.elements[name]
    diagram = definition.diagrams[element.process]
    if not element.incoming:
        return inf if element.scope not in definition.elements or seen["entered", element.scope] else 0
    sources = [definition.elements[diagram.flows[flow].source] for flow in element.incoming]
    how = {"boundaryEvent": "fired", "eventBasedGateway": "entered"}
    return sum(seen[how.get(source.kind, "completed"), source.id] for source in sources)


def walk(block: Block, choose: Choose, *, reload: bool) -> list[tuple[str, str]]:
    """Plays the block in both; the steps that the engine told, in order."""
    return Walk(block, choose, reload=reload).play()
