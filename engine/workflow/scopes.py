"""Processes inside the process: sub-processes and called processes."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.workflow import variables
from engine.workflow.catching import CatchNode
from engine.workflow.elements import Element
from engine.workflow.nodes import Node


class StartNode(CatchNode):
    """A start event: what it waited for has happened when a token is put here."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, events=(), **more)

    def run(self, task: Any) -> None:
        """Maps what the case was started with; in an event sub-process the listener has done so."""
        if self.element.outputs and self.element.scope == self.element.process:
            variables.take_results(task, {})


class SubNode(Node, SubWorkflowTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A sub-process: it shares the data around it and ends when no token is left in it."""

    def __init__(self, spec: Any, element: Element, inner: str, **more: Any) -> None:
        super().__init__(spec, element, subworkflow_spec=inner, **more)

    def enter(self, task: Any) -> bool:
        """Starts what is inside."""
        top = task.workflow.top_workflow
        scope = top.open_scope(task, top.subprocess_specs[self.spec])
        scope.data = self.data_inside(task)
        task._set_state(TaskState.STARTED)  # noqa: SLF001 - as SpiffWorkflow does when a sub-process begins
        begin(scope)
        return False

    def data_inside(self, task: Any) -> dict[str, Any]:
        """A sub-process has no data of its own; what is mapped in belongs to the task."""
        variables.keep_inputs(task)
        return {}

    def finish(self, task: Any, scope: Any) -> None:
        """Takes over what the mappings say, and goes on."""
        self.bring_out(task, scope)
        task.workflow.top_workflow.close_scope(task)
        task.complete()

    def bring_out(self, task: Any, _scope: Any) -> None:
        """What the sub-process did to the data is done; outputs may add to it."""
        if self.element.outputs:
            variables.take_results(task, {})


class CallNode(SubNode, CallActivity):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A called process: it sees what is mapped in (or a copy of everything), and gives back what is mapped out."""

    isolates = True

    def data_inside(self, task: Any) -> dict[str, Any]:
        """The called process's own data."""
        element = self.element
        if element.inputs:
            return variables.mapped(task, element.inputs)
        return variables.plain(element.id, variables.visible(task)) if element.all_in else {}

    def bring_out(self, task: Any, scope: Any) -> None:
        """The outputs, or everything where the diagram says so."""
        if self.element.outputs or self.element.all_out:
            variables.take_results(task, scope.data)


def begin(workflow: Any, cause: tuple[str, str] | None = None) -> None:
    """Puts a token where the process begins: by itself, or by a `cause` (kind and name); arms listeners."""
    for listener in workflow.spec.listeners:
        workflow.put(listener)
    for start, facts in workflow.spec.starts[cause]:
        workflow.put(start, **facts)


def settle(workflow: Any) -> bool:
    """Finishes one sub-process that is over, the innermost first; False if there is none."""
    top = workflow.top_workflow
    for scope in reversed(list(top.subprocesses.values())):
        if scope.over:
            scope.host.task_spec.finish(scope.host, scope)
            return True
    return False
