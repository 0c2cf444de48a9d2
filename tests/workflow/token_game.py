"""An independent token game: plays a tree of blocks by the book, to judge the engine by. It knows no BPMN and no engine.

What each kind of block does is a rule in `rules_flow`, `rules_activities` or `rules_events`, written from BPMN 2.0.2,
chapter 13. A token that may move waits in line, so that an event reaches all who wait for it before any of them goes on.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.workflow.blocks import Block

Done = Callable[[], None]
Values = dict[str, Any]


@dataclass(eq=False)
class Region:
    """Where tokens are counted, so that it is known when none is left: a scope, or a branch before an inclusive join."""

    around: "Region | None"
    emptied: Done
    tokens: int = 1

    @property
    def scope(self) -> "Scope":
        assert self.around is not None
        return self.around.scope

    def add(self, count: int) -> None:
        """More tokens here and in all regions around, up to the scope."""
        for region in self._up_to_the_scope():
            region.tokens += count

    def drop(self) -> None:
        """A token ends here."""
        regions = list(self._up_to_the_scope())
        for region in regions:
            region.tokens -= 1
        for region in [one for one in regions if not one.tokens]:
            if not region.tokens:
                region.emptied()

    def _up_to_the_scope(self) -> list["Region"]:
        regions, region = [], self
        while not isinstance(region, Scope) and region.around is not None:
            regions.append(region)
            region = region.around
        return [*regions, region]


@dataclass(frozen=True, eq=False)
class Record:
    """Something completed that can be undone: `undo` does so in a scope, and then calls what it is given."""

    element: str
    undo: "Callable[[Scope, Done], None]"


@dataclass(eq=False)
class Scope(Region):
    """A place that ends when no token is left in it, or when it is killed.

    `own` are the variables of the whole process and of each called process, all else uses those around it; `local` are
    the values of an instance, which cover others of their name. What was completed and can be undone is recorded in the
    nearest scope that `keeps` it: a process, a sub-process, or all instances of one.
    """

    alive: bool = True
    own: Values | None = None
    local: Values = field(default_factory=dict)
    keeps: bool = False
    records: list[Record] = field(default_factory=list)

    @property
    def scope(self) -> "Scope":
        return self

    @property
    def parent(self) -> "Scope | None":
        return None if self.around is None else self.around.scope

    @property
    def keeper(self) -> "Scope":
        return self if self.keeps or self.parent is None else self.parent.keeper

    @property
    def variables(self) -> Values:
        if self.own is not None:
            return self.own
        assert self.parent is not None
        return self.parent.variables

    @property
    def visible(self) -> Values:
        """All that can be read here."""
        outside = self.own if self.own is not None else self.parent.visible if self.parent else {}
        return {**outside, **self.local}

    def write(self, values: Values) -> None:
        """Sets each where its name is known nearest, else in the process."""
        for name, value in values.items():
            (self.local if name in self.local else self.variables)[name] = value

    @property
    def living(self) -> bool:
        return self.alive and (self.parent is None or self.parent.living)


@dataclass(eq=False)
class Standing:
    """A token that stands at an element; `go_on` is what happens when what it waits for has come."""

    element: str
    scope: Scope
    kind: str = ""
    go_on: Done = lambda: None
    due: int = 0
    key: str = ""
    told: bool = True
    take: Callable[[Values], None] | None = None


@dataclass
class Game:
    """The state of play; variables decide at gateways, `now` is in seconds from the start."""

    standing: list[Standing] = field(default_factory=list)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    thrown: Counter[tuple[str, str]] = field(default_factory=Counter)
    line: deque[tuple[Scope, Done]] = field(default_factory=deque)
    whole: Scope = field(init=False)
    now: int = 0
    finished: bool = False

    def start(self, block: Block, values: Values) -> None:
        """Puts the first token."""
        self.whole = Scope(None, self._finish, own=dict(values), keeps=True)
        self.run(block, self.whole)
        self._move()

    def tasks(self) -> list[Standing]:
        """The tasks that wait for a person."""
        return [one for one in self.standing if one.kind == "task"]

    def waits(self) -> list[Standing]:
        """What waits for an event, armed at the boundary of something or within it."""
        return [one for one in self.standing if one.kind in {"signal", "message", "timer", "condition"}]

    def complete(self, task: Standing, values: Values) -> None:
        """A person does a task, and sets variables where it stands."""
        (task.take or task.scope.write)(values)
        task.go_on()
        self._move()

    def happen(self, heard: list[Standing], values: Values) -> None:
        """An event reaches all these at once, and sets variables there."""
        for one in heard:
            if one in self.standing:
                (one.take or one.scope.write)(values)
                one.go_on()
        self._move()

    def tick(self) -> None:
        """Time passes until the next timer is due."""
        self.now = min(one.due for one in self.waits() if one.kind == "timer")
        self.happen([one for one in self.waits() if one.kind == "timer" and one.due <= self.now], {})

    # What rules are made of.

    def note(self, kind: str, element: str) -> None:
        """A step that the history will tell."""
        self.steps[kind, element] += 1

    def passed(self, element: str) -> None:
        """A token passes an element that does not hold it up."""
        self.note("entered", element)
        self.note("completed", element)

    def stand(self, element: str, scope: Scope, kind: str = "", go_on: Done = lambda: None, **more: Any) -> Standing:
        """A token stands here from now on; where it is not told, only as something armed."""
        one = Standing(element, scope, kind, go_on, **more)
        self.standing.append(one)
        if one.told:
            self.note("entered", element)
        return one

    def armed(self, element: str, scope: Scope, how: str, fired: Done, block: Block) -> Standing:
        """Something waits here for a signal, a message with the key of its instance, or its time."""
        key = "k" + "".join(str(scope.visible[name]) for name in block.names.get("key", "").split())
        kind = "timer" if how == "cycle" else how
        return self.stand(element, scope, kind, fired, due=self.now + block.length, key=key, told=False)

    def leave(self, one: Standing) -> None:
        """The token has done what it stood there for."""
        self.standing.remove(one)
        if one.told:
            self.note("completed", one.element)

    def gone(self, one: Standing) -> None:
        """The token is taken away, if it still stands there."""
        if one in self.standing:
            self.standing.remove(one)
            if one.told:
                self.note("cancelled", one.element)

    def over(self, host: Standing, scope: Scope, around: Scope) -> None:
        """A sub-process is complete: what was done in it can be undone as a part of what is around it (13.5.5)."""
        self.kill(scope)
        if scope.records:
            around.keeper.records.append(Record(host.element, self._undoing(scope)))
        self.leave(host)

    def _undoing(self, scope: Scope) -> Callable[[Scope, Done], None]:
        """Undoes all that was done in a sub-process, with the data that it ended with."""
        records, local, own = list(scope.records), dict(scope.local), None if scope.own is None else dict(scope.own)

        def undo(around: Scope, done: Done) -> None:
            self.undo(records, Scope(around, lambda: None, local=local, own=own, keeps=True), done)

        return undo

    def undo(self, records: list[Record], around: Scope, done: Done) -> None:
        """One after the other, the last completed first (13.5.5)."""
        left = list(records)

        def following() -> None:
            if not left:
                done()
                return
            record = left.pop()

            def undone() -> None:
                self.note("compensated", record.element)
                self.later(around, following)

            record.undo(around, undone)

        following()

    def later(self, scope: Scope, go_on: Done) -> None:
        """A token moves on when it is its turn, if its scope still lives then."""
        self.line.append((scope, go_on))

    def kill(self, scope: Scope) -> None:
        """Everything in the scope ends where it stands."""
        scope.alive = False
        for one in [one for one in self.standing if not one.scope.living]:
            self.gone(one)

    def enter(self, block: Block, region: Region, done: Done) -> None:
        """A token comes to a block; `done` is called when it comes out, if it does."""
        RULES[block.kind](self, block, region, done)

    def run(self, block: Block, scope: Scope) -> None:
        """A token goes through a block between a start and an end event, where it ends."""
        self.passed(block.names["start"])

        def over() -> None:
            self.passed(block.names["finish"])
            scope.drop()

        self.enter(block, scope, over)

    def _move(self) -> None:
        """Until all stand still, and no condition that is waited for is true."""
        while self.line or (true := self._true()):
            if not self.line:
                true[0].go_on()
                continue
            scope, go_on = self.line.popleft()
            if scope.living:
                go_on()

    def _true(self) -> list[Standing]:
        return [one for one in self.standing if one.kind == "condition" and one.scope.visible[one.key]]

    def _finish(self) -> None:
        self.finished = True
        self.whole.alive = False
        self.standing.clear()


Rule = Callable[[Game, Block, Region, Done], None]
RULES: dict[str, Rule] = {}


def rule(kind: str) -> Callable[[Rule], Rule]:
    """Makes a function the rule of a kind of block."""

    def known(function: Rule) -> Rule:
        RULES[kind] = function
        return function

    return known
