"""Joins count tokens: an arrival waits until the gateway fires and consumes one from each flow; the others stay.

SpiffWorkflow asks which branches ever arrived, and in a loop fires too early
(https://github.com/sartography/SpiffWorkflow/issues/341); BPMN 2.0.2, 13.4.1 and 13.4.3, asks for tokens on flows.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.nodes import Gateway


class Join(Gateway):
    """A gateway with several incoming flows."""

    tells = False

    def arrivals(self, workflow: Any) -> dict[str, Any]:
        """The oldest waiting arrival on each incoming flow."""
        found: dict[str, Any] = {}
        for task in workflow.live():
            if task.task_spec is self and task.has_state(TaskState.WAITING):
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


class InclusiveJoin(Join):
    """Fires when no token is under way any more to a flow that is still empty.

    It is asked only when everything else has come to rest.
    """

    def enter(self, _task: Any) -> bool:
        """Waits for the case to come to rest."""
        return False

    def settle(self, workflow: Any) -> bool:
        """Fires if it may; False leaves everything as it was."""
        tokens = self.arrivals(workflow)
        if not tokens:
            return False
        empty = set(self.element.incoming) - tokens.keys()
        if empty and any(self._on_the_way(task, empty, set(tokens)) for task in workflow.live()):
            return False
        self.fire(tokens)
        return True

    def _on_the_way(self, task: Any, empty: set[str], full: set[str]) -> bool:
        """Whether the token may still come in on an empty flow, and not just behind one that is there already."""
        if task.task_spec is self or not task.task_spec.keeps_alive:
            return False
        ahead = set(self._flows_ahead(task.task_spec))
        return bool(ahead & empty) and not ahead & full

    def _flows_ahead(self, start: Any) -> Iterator[str]:
        """The flows that a token at `start` can reach without passing this gateway."""
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
