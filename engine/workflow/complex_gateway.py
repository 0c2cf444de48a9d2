"""The complex gateway: fires when its condition says so, then waits for the rest and starts anew (BPMN 2.0.2, 13.4.5)."""

from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow import variables
from engine.workflow.elements import Flow
from engine.workflow.joins import CONSUMED, RestingJoin


class ComplexNode(RestingJoin):
    """Waits for its start until the activation condition is true, then for its reset as an inclusive gateway waits.

    The condition may name `activationCount`, all tokens that wait here, and `activationCounts`, the same by flow. Tokens
    leave in both phases, on the flows whose condition is true: `waitingForStart` tells the phases apart. Between the
    two a memory stands here, which knows the flows that the first phase consumed a token from.
    """

    def enter(self, task: Any) -> bool:
        """Starts if this token is enough."""
        if CONSUMED not in task.internal_data:
            self._start(task.workflow)
        return False

    def settle(self, workflow: Any) -> bool:
        """Starts if the data allow it by now, or resets if nothing more is expected."""
        return self._start(workflow) or self._reset(workflow)

    def run(self, task: Any) -> None:
        """The start is told; the reset only if a token leaves."""
        if CONSUMED not in task.internal_data:
            super().run(task)

    def flows_taken(self, task: Any) -> Iterable[Flow]:
        """The flows whose condition is true; the default if none is, without which only a reset may take none."""
        resets = CONSUMED in task.internal_data
        taken = list(self.true_flows(task))
        if not taken and (self.element.default or not resets):
            taken = [self.default_flow()]
        if taken and resets:
            for kind in ("entered", "completed"):
                task.workflow.top_workflow.note(task, kind)
        return taken

    def condition_scope(self, task: Any) -> Mapping[str, Any]:
        """The data, and the phase."""
        return ChainMap({"waitingForStart": CONSUMED not in task.internal_data}, variables.visible(task))

    def _start(self, workflow: Any) -> bool:
        tokens = self.arrivals(workflow)
        if not tokens or self._memory(workflow) is not None or not self._active(workflow, next(iter(tokens.values()))):
            return False
        workflow.put(self, **{CONSUMED: list(tokens)})
        self.fire(tokens)
        return True

    def _active(self, workflow: Any, token: Any) -> bool:
        waiting = [task for task in workflow.live() if task.task_spec is self and task.has_state(TaskState.WAITING)]
        counts = Counter(dict.fromkeys(self.element.incoming, 0))
        counts.update(task.internal_data["flow"] for task in waiting)
        more = {
            "activationCount": Decimal(counts.total()),
            "activationCounts": {flow: Decimal(count) for flow, count in counts.items()},
        }
        engine, scope = workflow.top_workflow.script_engine, ChainMap(more, variables.visible(token))
        value = engine.expression(self.element.id, self.element.activation or "", scope)
        if value is None or isinstance(value, bool):
            return value is True
        raise self.fail("The activation condition is neither true nor false.")

    def _reset(self, workflow: Any) -> bool:
        memory = self._memory(workflow)
        if memory is None:
            return False
        consumed, waiting = set(memory.internal_data[CONSUMED]), self.arrivals(workflow)
        had = consumed | waiting.keys()
        if self.expects(workflow, set(self.element.incoming) - had, had):
            return False
        for flow, token in waiting.items():
            if flow not in consumed:
                workflow.consume(token)
        memory._ready()  # noqa: SLF001 - as SpiffWorkflow does when an update says so
        return True

    def _memory(self, workflow: Any) -> Any | None:
        mine = (task for task in workflow.live() if task.task_spec is self and CONSUMED in task.internal_data)
        return next((task for task in mine if task.has_state(TaskState.WAITING)), None)
