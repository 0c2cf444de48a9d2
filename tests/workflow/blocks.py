"""Random block-structured processes: a tree of blocks, drawn as BPMN by `bpmn` and played by `token_game.Game`.

Gateways read the variables `<gateway>_<n>`; a walk sets them all to the same value everywhere before each step.
"""

from dataclasses import dataclass, field
from itertools import count, pairwise

from hypothesis import strategies as st

from tests.workflow.drawing import drawn, flow, node, task

INSTANCES = 3


@dataclass
class Block:
    """Parts that are done in the way that `kind` says; `name` is given when the block is drawn."""

    kind: str
    parts: list["Block"] = field(default_factory=list)
    name: str = ""

    @property
    def variables(self) -> list[str]:
        """The variables that decide where tokens go, of the block and all its parts."""
        own = {"xor": 1, "loop": 1, "or": len(self.parts), "error": 1}.get(self.kind, 0)
        return [f"{self.name}_{n}" for n in range(own)] + [name for part in self.parts for name in part.variables]


Blocks = st.SearchStrategy[Block]
Drawn = tuple[str, str, str]


def _several(kind: str, parts: Blocks, most: int = 3) -> Blocks:
    return st.lists(parts, min_size=2, max_size=most).map(lambda made: Block(kind, made))


def _wider(parts: Blocks) -> Blocks:
    straight = st.lists(st.builds(Block, st.just("task")), min_size=1, max_size=2).map(lambda made: Block("seq", made))
    one = st.tuples(parts).map(list)
    with_side = st.tuples(parts, straight).map(list)
    return st.one_of(
        *(_several(kind, parts) for kind in ("seq", "and", "or")),
        *(_several(kind, parts, 2) for kind in ("xor", "choice")),
        *(st.builds(Block, st.just(kind), one) for kind in ("loop", "sub", "call", "each", "each in turn", "each sub")),
        *(st.builds(Block, st.just(kind), with_side) for kind in ("interrupted", "accompanied")),
        *(st.builds(Block, st.just(kind), with_side) for kind in ("taken over", "listening", "error")),
    )


BLOCKS = st.recursive(st.builds(Block, st.just("task")), _wider, max_leaves=7)


class Drawing:
    """The BPMN of a block; names come from one counter."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.root = ""
        self.called: dict[str, bytes] = {}

    def file(self, block: Block, process: str = "permit") -> bytes:
        """A whole file, with those of the processes it calls in `called`; names the blocks on the way."""
        outer, self.root = self.root, ""
        inner = self.inside(block)
        file, self.root = drawn(inner, root=self.root, process=process), outer
        return file

    def inside(self, block: Block) -> str:
        """A block between a start and an end event."""
        text, first, last = self.draw(block)
        begin, end = self.name("begin"), self.name("end")
        return node("startEvent", begin) + text + node("endEvent", end) + flow(begin, first) + flow(last, end)

    def name(self, kind: str) -> str:
        return f"{kind.replace(' ', '_')}{next(self.numbers)}"

    def draw(self, block: Block) -> Drawn:
        """The text of a block, and the elements by which tokens come in and go out."""
        block.name = self.name(block.kind)
        return getattr(self, "_" + block.kind.replace(" ", "_"))(block)

    def signal(self, name: str) -> str:
        self.root += f'<signal id="signal_{name}" name="{name}"/>'
        return f'<signalEventDefinition signalRef="signal_{name}"/>'

    def _task(self, block: Block) -> Drawn:
        return task(block.name), block.name, block.name

    def _seq(self, block: Block) -> Drawn:
        made = [self.draw(part) for part in block.parts]
        links = "".join(flow(one[2], two[1]) for one, two in pairwise(made))
        return "".join(text for text, _, _ in made) + links, made[0][1], made[-1][2]

    def _split(self, block: Block, kind: str, conditions: list[str], default: int | None = None) -> Drawn:
        join = self.name("join")
        made = [self.draw(part) for part in block.parts]
        mark = f'default="{block.name}__{made[default][1]}"' if default is not None else ""
        text = node(kind, block.name, attributes=mark) + node(kind, join) + "".join(text for text, _, _ in made)
        for n, (_, first, last) in enumerate(made):
            text += flow(block.name, first, conditions[n] if n != default else "") + flow(last, join)
        return text, block.name, join

    def _and(self, block: Block) -> Drawn:
        return self._split(block, "parallelGateway", [""] * len(block.parts))

    def _xor(self, block: Block) -> Drawn:
        return self._split(block, "exclusiveGateway", [f"={block.name}_0 = 1", ""], default=1)

    def _or(self, block: Block) -> Drawn:
        """No condition true: the default flow leads to a task of its own."""
        block.parts.append(Block("task"))
        conditions = [f"={block.name}_{n} = 1" for n in range(len(block.parts))]
        return self._split(block, "inclusiveGateway", conditions, default=len(block.parts) - 1)

    def _loop(self, block: Block) -> Drawn:
        again, out = self.name("again"), self.name("out")
        text, first, last = self.draw(block.parts[0])
        text += node("exclusiveGateway", block.name) + flow(block.name, first) + flow(last, again)
        text += node("exclusiveGateway", again, attributes=f'default="{again}__{out}"') + node("exclusiveGateway", out)
        return text + flow(again, block.name, f"={block.name}_0 = 1") + flow(again, out), block.name, out

    def _choice(self, block: Block) -> Drawn:
        join, text = self.name("join"), node("eventBasedGateway", block.name)
        for n, part in enumerate(block.parts):
            inner, first, last = self.draw(part)
            event = f"{block.name}_s{n}"
            text += inner + node("intermediateCatchEvent", event, inner=self.signal(event))
            text += flow(block.name, event) + flow(event, first) + flow(last, join)
        return text + node("exclusiveGateway", join), block.name, join

    def _sub(self, block: Block, inner: str = "") -> Drawn:
        return node("subProcess", block.name, inner=self.inside(block.parts[0]) + inner), block.name, block.name

    def _call(self, block: Block) -> Drawn:
        process = f"process_{block.name}"
        self.called[process] = self.file(block.parts[0], process)
        said = f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false"/>'
        return node("callActivity", block.name, said), block.name, block.name

    def _each_sub(self, block: Block) -> Drawn:
        return self._sub(block, self._repeat(block, sequential=False))

    def _each(self, block: Block) -> Drawn:
        block.parts = [Block("task", name=block.name)]
        return task(block.name, inner=self._repeat(block, sequential=False)), block.name, block.name

    def _each_in_turn(self, block: Block) -> Drawn:
        block.parts = [Block("task", name=block.name)]
        return task(block.name, inner=self._repeat(block, sequential=True)), block.name, block.name

    def _repeat(self, block: Block, *, sequential: bool) -> str:
        items = [n + 1 for n in range(INSTANCES)]
        return (
            f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements>'
            f'<zeebe:loopCharacteristics inputCollection="={items}" inputElement="of_{block.name}"/>'
            "</extensionElements></multiInstanceLoopCharacteristics>"
        )

    def _interrupted(self, block: Block) -> Drawn:
        return self._bounded(block, interrupting=True)

    def _accompanied(self, block: Block) -> Drawn:
        return self._bounded(block, interrupting=False)

    def _bounded(self, block: Block, *, interrupting: bool) -> Drawn:
        join, event = self.name("join"), f"{block.name}_s"
        text, _, _ = self._sub(block)
        side, first, last = self.draw(block.parts[1])
        marks = f'attachedToRef="{block.name}" cancelActivity="{str(interrupting).lower()}"'
        text += side + node("boundaryEvent", event, inner=self.signal(event), attributes=marks) + flow(event, first)
        text += node("exclusiveGateway", join) + flow(block.name, join)
        if interrupting:
            return text + flow(last, join), block.name, join
        end = self.name("end")
        return text + node("endEvent", end) + flow(last, end), block.name, join

    def _taken_over(self, block: Block) -> Drawn:
        return self._heard(block, interrupting=True)

    def _listening(self, block: Block) -> Drawn:
        return self._heard(block, interrupting=False)

    def _heard(self, block: Block, *, interrupting: bool) -> Drawn:
        event, end = f"{block.name}_s", self.name("end")
        side, first, last = self.draw(block.parts[1])
        marks = f'isInterrupting="{str(interrupting).lower()}"'
        begin = node("startEvent", event, inner=self.signal(event), attributes=marks)
        inner = begin + side + node("endEvent", end) + flow(event, first) + flow(last, end)
        return self._sub(
            block, node("subProcess", self.name("heard"), inner=inner, attributes='triggeredByEvent="true"')
        )

    def _error(self, block: Block) -> Drawn:
        join, event, choice, bad = (self.name(kind) for kind in ("join", "caught", "choice", "bad"))
        begin, end = self.name("begin"), self.name("end")
        self.root += f'<error id="{block.name}_e" name="{block.name}" errorCode="{block.name}"/>'
        definition = f'<errorEventDefinition errorRef="{block.name}_e"/>'
        text, first, last = self.draw(block.parts[0])
        side, side_first, side_last = self.draw(block.parts[1])
        inner = text + node("startEvent", begin) + flow(begin, first) + flow(last, choice)
        inner += node("exclusiveGateway", choice, attributes=f'default="{choice}__{end}"') + node("endEvent", end)
        inner += node("endEvent", bad, inner=definition)
        inner += flow(choice, bad, f"={block.name}_0 = 1") + flow(choice, end)
        whole = node("subProcess", block.name, inner=inner) + side + node("exclusiveGateway", join)
        whole += node("boundaryEvent", event, inner=definition, attributes=f'attachedToRef="{block.name}"')
        whole += flow(event, side_first) + flow(side_last, join) + flow(block.name, join)
        return whole, block.name, join
