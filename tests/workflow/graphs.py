"""Random processes without structure: tasks and gateways joined by flows in any way, drawn as BPMN for the engine.

Every loop passes a task, so that each step of a case comes to an end. Each flow with a condition has a variable of its
own, `<flow>`, and is taken where that is 1; a walk sets them all before each step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.workflow.drawing import drawn, flow, node, task

Choose = Callable[[int], int]
KINDS: Final = (
    *("task", "task", "task", "ended", "beside", "many", "pass", "xor", "and", "and", "or", "or", "or", "complex"),
    *("end", "terminate", "none"),
)
TAGS: Final = {
    "start": "startEvent",
    "pass": "task",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "complex": "complexGateway",
    "end": "endEvent",
    "none": "task",
}
GATEWAYS: Final = frozenset({"xor", "and", "or", "complex"})
WAITING: Final = frozenset({"task", "many", "ended", "beside"})  # `many` begins with two tokens and sends off two
WATCHED: Final = frozenset(
    {"ended", "beside"}
)  # tasks with a boundary event, a node `<task>_event`, that interrupts or not
ENDING: Final = frozenset({"end", "terminate", "none"})  # of which `none` is a task that nothing follows


@dataclass(frozen=True)
class Line:
    """A sequence flow."""

    source: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.source}__{self.target}"


@dataclass
class Graph:
    """Nodes by name, each of a kind, and the flows between them in the order in which they are drawn."""

    kinds: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def leaving(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.source == name]

    def coming(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.target == name]

    def way(self, name: str) -> str:
        """How flows leave: all of them, some by a condition, or each by a condition and the last as default."""
        kind, count = self.kinds[name], len(self.leaving(name))
        if kind == "complex" and count == 1:
            return "at the start"
        if kind in {"and", "start", "event"} or count < 2:
            return "all"
        return "default" if kind in GATEWAYS else ("all", "some", "default")[sum(map(ord, name)) % 3]

    def default(self, name: str) -> Line | None:
        return self.leaving(name)[-1] if self.way(name) == "default" else None

    def conditional(self, name: str) -> list[Line]:
        """The flows that are taken where their variable says so."""
        lines = self.leaving(name)
        return {"default": lines[:-1], "some": lines[:1]}.get(self.way(name), [])

    @property
    def variables(self) -> list[str]:
        return [line.name for name in self.kinds for line in self.conditional(name)]

    def file(self) -> bytes:
        """The BPMN of the graph."""
        text = "".join(self._drawn(name, kind) for name, kind in self.kinds.items())
        text += "".join(flow(line.source, line.target, self._condition(line)) for line in self.lines)
        events = [name for name, kind in self.kinds.items() if kind == "event"]
        return drawn(text, root="".join(f'<signal id="signal_{name}" name="{name}"/>' for name in events))

    def _condition(self, line: Line) -> str:
        if self.way(line.source) == "at the start":
            return "=waitingForStart"
        return f"={line.name} = 1" if line in self.conditional(line.source) else ""

    def _drawn(self, name: str, kind: str) -> str:
        default = self.default(name)
        marks = f'default="{default.name}"' if default else ""
        if kind == "many":
            marks += ' startQuantity="2" completionQuantity="2"'
        if kind in WAITING:
            return task(name).replace("<userTask", f"<userTask {marks}")
        if kind == "event":
            host = name.removesuffix("_event")
            marks = f'attachedToRef="{host}" cancelActivity="{str(self.kinds[host] == "ended").lower()}"'
            definition = f'<signalEventDefinition signalRef="signal_{name}"/>'
            return node("boundaryEvent", name, inner=definition, attributes=marks)
        if kind == "terminate":
            return node("endEvent", name, inner="<terminateEventDefinition/>")
        inner = "<activationCondition>=activationCount &gt;= 2</activationCondition>" if kind == "complex" else ""
        return node(TAGS[kind], name, inner=inner, attributes=marks)


def random_graph(choose: Choose, most: int = 16) -> Graph:
    """A graph of up to `most` nodes; `choose` picks a number below its argument."""
    graph = Graph({"start": "start"})
    for number in range(2 + choose(most - 1)):
        kind = KINDS[choose(len(KINDS))]
        name = f"{kind}{number}"
        if earlier := [one for one in graph.kinds if _open(graph, one)]:
            _join(graph, earlier[choose(len(earlier))], name)
            graph.kinds[name] = kind
            if kind in WATCHED:
                graph.kinds[f"{name}_event"] = "event"
    graph.kinds["last"] = "end"
    names = list(graph.kinds)
    targets = [name for name, kind in graph.kinds.items() if kind not in {"start", "event"}]
    for place, name in enumerate(names[:-1]):
        later = [one for one in names[place + 1 :] if one in targets]
        if graph.kinds[name] in GATEWAYS:
            for _ in range(1 + choose(2)):
                _join(graph, name, later[choose(len(later))])
        elif graph.kinds[name] in {*WAITING, "event"}:
            for _ in range(choose(3) if graph.leaving(name) else 1):
                _join(graph, name, targets[choose(len(targets))])
        elif graph.kinds[name] in {"pass", "start"} and (choose(3) == 0 or not graph.leaving(name)):
            _join(graph, name, later[choose(len(later))])
    return graph


def _open(graph: Graph, name: str) -> bool:
    """Whether the next node may follow: several after a gateway, one after everything else but an end."""
    kind = graph.kinds[name]
    return kind in GATEWAYS or (kind not in ENDING and not graph.leaving(name))


def _join(graph: Graph, source: str, target: str) -> None:
    if (line := Line(source, target)) not in graph.lines:
        graph.lines.append(line)
