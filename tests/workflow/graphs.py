"""Random processes without structure: tasks and gateways joined by flows in any way, drawn as BPMN for the engine.

Every loop passes a task, so that each step of a case comes to an end. Each flow behind a choice has a variable of its
own, `<flow>`, and is taken where that is 1; a walk sets them all before each step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.workflow.drawing import drawn, flow, node, task

Choose = Callable[[int], int]
KINDS = ("task", "task", "task", "task", "xor", "and", "and", "or", "or", "or", "end", "terminate")
TAGS = {
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "start": "startEvent",
    "end": "endEvent",
}


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

    def default(self, name: str) -> Line | None:
        """Of several flows behind a choice, the last is the default."""
        lines = self.leaving(name)
        return lines[-1] if self.kinds[name] in {"xor", "or"} and len(lines) > 1 else None

    @property
    def variables(self) -> list[str]:
        """What decides: one variable for each flow that has a condition."""
        chosen = [line for line in self.lines if self.default(line.source) not in {None, line}]
        return [line.name for line in chosen]

    def file(self) -> bytes:
        """The BPMN of the graph."""
        text = "".join(self._drawn(name, kind) for name, kind in self.kinds.items())
        for line in self.lines:
            text += flow(line.source, line.target, f"={line.name} = 1" if line.name in self.variables else "")
        return drawn(text)

    def _drawn(self, name: str, kind: str) -> str:
        if kind == "task":
            return task(name)
        if kind == "terminate":
            return node("endEvent", name, inner="<terminateEventDefinition/>")
        default = self.default(name)
        return node(TAGS[kind], name, attributes=f'default="{default.name}"' if default else "")


def random_graph(choose: Choose, most: int = 16) -> Graph:
    """A graph of up to `most` nodes; `choose` picks a number below its argument."""
    graph = Graph({"start": "start"})
    for number in range(2 + choose(most - 1)):
        kind = KINDS[choose(len(KINDS))]
        graph.kinds[f"{kind}{number}"] = kind
    graph.kinds["last"] = "end"
    names = list(graph.kinds)
    for place, name in enumerate(names[1:], 1):
        earlier = [one for one in names[:place] if one in graph.kinds and _open(graph, one)]
        if earlier:
            _join(graph, earlier[choose(len(earlier))], name)
        else:
            del graph.kinds[name]
    names = list(graph.kinds)
    for place, name in enumerate(names[:-1]):
        if graph.kinds[name] in {"xor", "and", "or"}:
            for _ in range(1 + choose(2)):
                _join(graph, name, names[place + 1 + choose(len(names) - place - 1)])
        elif graph.kinds[name] == "task" and not graph.leaving(name):
            _join(graph, name, names[1 + choose(len(names) - 1)])
    return graph


def _open(graph: Graph, name: str) -> bool:
    """Whether a flow may still leave the node: one from a task or the start, any number from a gateway."""
    kind = graph.kinds[name]
    return kind in {"xor", "and", "or"} or (kind in {"task", "start"} and not graph.leaving(name))


def _join(graph: Graph, source: str, target: str) -> None:
    if (line := Line(source, target)) not in graph.lines:
        graph.lines.append(line)
