"""An independent token game: plays a tree of blocks by the book, to judge the engine by. It knows no BPMN and no engine."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.workflow.blocks import INSTANCES, Block

Done = Callable[[], None]
Path = tuple[tuple[str, int], ...]


@dataclass(eq=False)
class Scope:
    """A place that ends when no token is left in it, or when it is killed; `path` says of which instance it is.

    `own` are the variables of the whole process and of each called process; all else uses those around it.
    """

    parent: "Scope | None"
    done: Done
    path: Path = ()
    tokens: int = 1
    alive: bool = True
    own: dict[str, int] | None = None

    @property
    def variables(self) -> dict[str, int]:
        return self.own if self.own is not None or self.parent is None else self.parent.variables

    @property
    def living(self) -> bool:
        return self.alive and (self.parent is None or self.parent.living)

    def leave(self) -> None:
        self.tokens -= 1
        if not self.tokens and self.alive:
            self.alive = False
            self.done()


@dataclass(eq=False)
class Open:
    """A task that waits for a person, or a signal that something waits for."""

    name: str
    scope: Scope
    go_on: Done


@dataclass
class Game:
    """The state of play; variables decide at gateways."""

    tasks: list[Open] = field(default_factory=list)
    signals: list[Open] = field(default_factory=list)
    finished: bool = False

    def start(self, block: Block, values: dict[str, int]) -> None:
        """Puts the first token."""
        whole = Scope(None, self._finish, own=dict(values))
        self._enter(block, whole, whole.leave)

    def open(self) -> Counter[tuple[str, Path]]:
        """How many tasks of each name and instance are open."""
        return Counter((task.name, task.scope.path) for task in self.tasks)

    def awaited(self) -> list[str]:
        """The signals that something waits for."""
        return sorted({signal.name for signal in self.signals})

    def complete(self, name: str, path: Path, values: dict[str, int]) -> None:
        """A person does a task, and sets variables where it stands."""
        task = next(task for task in self.tasks if task.name == name and task.scope.path == path)
        self.tasks.remove(task)
        task.scope.variables.update(values)
        task.go_on()

    def send(self, name: str, values: dict[str, int]) -> None:
        """A signal reaches all that wait for it now, and sets variables there."""
        for heard in [signal for signal in self.signals if signal.name == name]:
            if heard in self.signals:
                heard.scope.variables.update(values)
                heard.go_on()

    def _finish(self) -> None:
        self.finished = True

    def _sweep(self) -> None:
        self.tasks = [task for task in self.tasks if task.scope.living]
        self.signals = [signal for signal in self.signals if signal.scope.living]

    def _kill(self, scope: Scope) -> None:
        scope.alive = False
        self._sweep()

    def _enter(self, block: Block, scope: Scope, done: Done) -> None:
        getattr(self, "_" + block.kind.replace(" ", "_"))(block, scope, done)

    def _task(self, block: Block, scope: Scope, done: Done) -> None:
        self.tasks.append(Open(block.name, scope, done))

    def _seq(self, block: Block, scope: Scope, done: Done) -> None:
        self._in_turn(list(block.parts), scope, done)

    def _in_turn(self, parts: list[Block], scope: Scope, done: Done) -> None:
        if parts:
            self._enter(parts[0], scope, lambda: self._in_turn(parts[1:], scope, done))
        else:
            done()

    def _and(self, block: Block, scope: Scope, done: Done) -> None:
        self._together([(part, scope) for part in block.parts], done)

    def _or(self, block: Block, scope: Scope, done: Done) -> None:
        *parts, otherwise = block.parts
        chosen = [part for n, part in enumerate(parts) if scope.variables[f"{block.name}_{n}"]]
        self._together([(part, scope) for part in chosen or [otherwise]], done)

    def _together(self, parts: list[tuple[Block, Scope]], done: Done) -> None:
        left = len(parts)

        def arrive() -> None:
            nonlocal left
            left -= 1
            if not left:
                done()

        for part, scope in parts:
            self._enter(part, scope, arrive)

    def _xor(self, block: Block, scope: Scope, done: Done) -> None:
        self._enter(block.parts[0 if scope.variables[f"{block.name}_0"] else 1], scope, done)

    def _loop(self, block: Block, scope: Scope, done: Done) -> None:
        def again() -> None:
            if scope.variables[f"{block.name}_0"]:
                self._loop(block, scope, done)
            else:
                done()

        self._enter(block.parts[0], scope, again)

    def _choice(self, block: Block, scope: Scope, done: Done) -> None:
        waiting: list[Open] = []

        def take(part: Block) -> None:
            for signal in waiting:
                self.signals.remove(signal)
            self._enter(part, scope, done)

        for n, part in enumerate(block.parts):
            waiting.append(Open(f"{block.name}_s{n}", scope, lambda part=part: take(part)))
        self.signals += waiting

    def _sub(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)
        self._enter(block.parts[0], inside, inside.leave)

    def _call(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path, own=dict(scope.variables))
        self._enter(block.parts[0], inside, inside.leave)

    def _each(self, block: Block, scope: Scope, done: Done) -> None:
        self._together([(block.parts[0], self._instance(block, scope, n)) for n in range(INSTANCES)], done)

    def _each_in_turn(self, block: Block, scope: Scope, done: Done, index: int = 0) -> None:
        if index == INSTANCES:
            done()
        else:
            inside = self._instance(block, scope, index)
            self._enter(block.parts[0], inside, lambda: self._each_in_turn(block, scope, done, index + 1))

    def _each_sub(self, block: Block, scope: Scope, done: Done) -> None:
        whole = Block("sub", block.parts)
        self._together([(whole, self._instance(block, scope, n)) for n in range(INSTANCES)], done)

    def _instance(self, block: Block, scope: Scope, index: int) -> Scope:
        return Scope(scope, lambda: None, tuple(sorted((*scope.path, (block.name, index + 1)))))

    def _interrupted(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)

        def fire() -> None:
            self._kill(inside)
            self._enter(block.parts[1], scope, done)

        self._guard(block, inside, fire)

    def _accompanied(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)

        def fire() -> None:
            scope.tokens += 1
            self._enter(block.parts[1], scope, scope.leave)

        self._guard(block, inside, fire)

    def _listening(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)

        def fire() -> None:
            inside.tokens += 1
            own = Scope(inside, inside.leave, scope.path)
            self._enter(block.parts[1], own, own.leave)

        self._guard(block, inside, fire)

    def _taken_over(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)

        def fire() -> None:
            self._kill(inside)
            instead = Scope(scope, done, scope.path)
            self._enter(block.parts[1], instead, instead.leave)

        self._guard(block, inside, fire)

    def _guard(self, block: Block, inside: Scope, fire: Done) -> None:
        inner_done = inside.done

        def over() -> None:
            self._sweep()
            inner_done()

        inside.done = over
        self.signals.append(Open(f"{block.name}_s", inside, fire))
        self._enter(block.parts[0], inside, inside.leave)

    def _error(self, block: Block, scope: Scope, done: Done) -> None:
        inside = Scope(scope, done, scope.path)

        def reached() -> None:
            if scope.variables[f"{block.name}_0"]:
                self._kill(inside)
                self._enter(block.parts[1], scope, done)
            else:
                inside.leave()

        self._enter(block.parts[0], inside, reached)
