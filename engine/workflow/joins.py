"""Joins count tokens: an arrival waits until the gateway fires and consumes one from each flow; the others stay.

SpiffWorkflow asks which branches ever arrived, and in a loop fires too early
(https://github.com/sartography/SpiffWorkflow/issues/341); BPMN 2.0.2, 13.4.1 and 13.4.3, asks for tokens on flows.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.elements import Element
from engine.workflow.nodes import Gateway

CONSUMED = "consumed"  # marks the memory of a complex gateway, which is no token


class Join(Gateway):
    """A gateway with several incoming flows."""

    tells = False

    def arrivals(self, workflow: Any) -> dict[str, Any]:
        """The oldest waiting arrival on each incoming flow."""
        found: dict[str, Any] = {}
        for task in workflow.live():
            if task.task_spec is self and task.has_state(TaskState.WAITING) and "flow" in task.internal_data:
                found.setdefault(task.internal_data["flow"], task)
        return found

    def fire(self, tokens: dict[str, Any]) -> None:
        """Consumes these tokens; one of them goes on for all."""
        survivor, *others = tokens.values()
        for task in others:
            task.workflow.consume(task)
        survivor.workflow.top_workflow.note(survivor, "entered")
        survivor._ready()  # noqa: SLF001 - as SpiffWorkflow does when an update says so

    def run(self, task: Any) -> None:
        """Tells the firing; its arrivals were told by the flows before."""
        task.workflow.top_workflow.note(task, "completed")


class ParallelJoin(Join):
    """Fires as soon as each incoming flow holds an arrival."""

    def enter(self, task: Any) -> bool:
        """Fires if this arrival was the last one needed."""
        tokens = self.arrivals(task.workflow)
        if len(tokens) == len(self.element.incoming):
            self.fire(tokens)
        return False


class RestingJoin(Join):
    """A join that looks at the tokens elsewhere; it is asked when everything else has come to rest."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, **more)
        self._reached: dict[str, frozenset[str]] = {}

    def settle(self, workflow: Any) -> bool:
        """Fires if it may; False leaves everything as it was."""
        raise NotImplementedError

    def expects(self, workflow: Any, empty: AbstractSet[str], full: AbstractSet[str]) -> bool:
        """Whether some token can still come to an `empty` flow, and not as well to one that is `full` (13.4.3)."""
        return bool(empty) and any(self._on_the_way(task, empty, full) for task in workflow.live())

    def _on_the_way(self, task: Any, empty: AbstractSet[str], full: AbstractSet[str]) -> bool:
        if task.task_spec is self or not stands_on_a_flow(task):
            return False
        ahead = self._flows_ahead(task.task_spec)
        return not ahead.isdisjoint(empty) and ahead.isdisjoint(full)

    def _flows_ahead(self, start: Any) -> frozenset[str]:
        """The flows that a token at `start` can reach without passing this gateway."""
        if start.name not in self._reached:
            self._reached[start.name] = frozenset(self._walk(start))
        return self._reached[start.name]

    def _walk(self, start: Any) -> Iterator[str]:
        seen, todo = {start.name}, [start]
        while todo:
            spec = todo.pop()
            for flow in spec.flows:
                yield flow.id
                target = spec.targets[flow.id]
                if target is not self and target.name not in seen:
                    seen.add(target.name)
                    todo.append(target)
            for boundary in spec.boundaries:
                if boundary.name not in seen:
                    seen.add(boundary.name)
                    todo.append(boundary)


def stands_on_a_flow(task: Any) -> bool:
    """Whether this is a token of its process: no listener, no part of another token, no memory of a gateway."""
    return task.task_spec.keeps_alive and task.parent is task.workflow.task_tree and CONSUMED not in task.internal_data


class InclusiveJoin(RestingJoin):
    """Fires when no token is under way any more to a flow that is still empty."""

    def enter(self, _task: Any) -> bool:
        """Waits for the case to come to rest."""
        return False

    def settle(self, workflow: Any) -> bool:
        """Fires if it may; False leaves everything as it was."""
        tokens = self.arrivals(workflow)
        if not tokens or self.expects(workflow, set(self.element.incoming) - tokens.keys(), tokens.keys()):
            return False
        self.fire(tokens)
        return True
