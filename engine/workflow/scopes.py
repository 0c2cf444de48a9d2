"""Processes inside the process: sub-processes and called processes."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.workflow import compensation as undo
from engine.workflow import standing, throwing, variables
from engine.workflow.catching import CatchNode
from engine.workflow.elements import Element, EventKind
from engine.workflow.nodes import Node
from engine.workflow.records import Failed
from engine.workflow.watching import BoundaryNode

_HAZARDS = {EventKind.ERROR, EventKind.CANCEL}


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
        """A sub-process has no data of its own; what is mapped in, and its data objects, belong to the task."""
        variables.declare(task, task.workflow.top_workflow.subprocess_specs[self.spec].declared)
        variables.keep_inputs(task)
        return {}

    def finish(self, task: Any, scope: Any) -> None:
        """Takes over what the mappings say, and goes on."""
        if "failing" in task.internal_data:
            self._failed(task)
            return
        if "undoes" in task.internal_data and self.name == task.internal_data["undoes"]:
            self._undone(task)
            return
        self.bring_out(task, scope)
        if scope.records or scope.spec.compensation is not None:
            task.internal_data["inside"] = self._snapshot(task, scope)
        task.workflow.top_workflow.close_scope(task)
        task.complete()

    def bring_back(self, compensation: Any, record: dict[str, Any]) -> None:
        """Undoes what was done inside, with the data of then: as the compensation event sub-process says, or all of it.

        Nothing of the sub-process itself begins again, and its boundary events stay off.
        """
        top = compensation.workflow.top_workflow
        task = compensation.workflow.add(compensation, self, undoes=self.name, local=record["local"])
        task._set_state(TaskState.STARTED)  # noqa: SLF001 - as when it ran
        scope = top.open_scope(task, top.subprocess_specs[self.spec])
        scope.data, scope.records = record["data"], record["records"]
        if scope.spec.compensation is not None:
            scope.put(scope.spec.compensation)
        else:
            undo.start(scope, undo.take_all(scope))

    def undo_failed(self, task: Any, code: str, payload: Mapping[str, object] | None) -> None:
        """An error leaves the sub-process: what was completed inside is undone first, then the error goes on."""
        scope = task.workflow.top_workflow.subprocesses[task.id]
        task.internal_data["failing"] = {"code": code, "payload": payload}
        scope.clear()
        _withdraw(task)
        undo.start(scope, undo.take_all(scope))

    def _failed(self, task: Any) -> None:
        said = task.internal_data.pop("failing")
        task.workflow.top_workflow.close_scope(task)
        if not throwing.climb(task, EventKind.ERROR, said["code"], said["payload"]):
            standing.stand(task, Failed(said["code"], throwing.UNCAUGHT))

    def _undone(self, task: Any) -> None:
        task.workflow.top_workflow.close_scope(task)
        task._set_state(TaskState.COMPLETED)  # noqa: SLF001 - nothing follows it
        task.parent.task_spec.instance_done(task.parent, task)

    def _snapshot(self, task: Any, scope: Any) -> dict[str, Any]:
        local = task.internal_data.get(variables.LOCAL, {})
        return {"local": dict(local), "data": scope.data, "records": scope.records}

    def bring_out(self, task: Any, _scope: Any) -> None:
        """What the sub-process did to the data is done; outputs may add to it."""
        if self.element.outputs:
            variables.take_results(task, {})


class TransactionNode(SubNode):
    """A transaction: a sub-process that can be cancelled as a whole (BPMN 2.0.2, 10.3.5)."""

    def cancel(self, task: Any) -> None:
        """Ends what goes on inside and undoes what was completed there; then the cancel boundary event is left.

        Meanwhile only a hazard, an error, can still end the transaction. Of several instances all are cancelled.
        """
        repeated = getattr(task.parent.task_spec, "repeats", False)
        instances = list(task.parent.children) if repeated else [task]
        for instance in [one for one in instances if one.task_spec is self]:
            self._roll_back(instance)
        _withdraw(task.parent if repeated else task)

    def _roll_back(self, task: Any) -> None:
        scope = task.workflow.top_workflow.subprocesses[task.id]
        task.internal_data["cancelled"] = True
        scope.clear()
        if scope.records:
            undo.start(scope, undo.take_all(scope))

    def finish(self, task: Any, scope: Any) -> None:
        """Goes on, or leaves by the cancel boundary event when all that was done is undone."""
        if not task.internal_data.get("cancelled"):
            super().finish(task, scope)
            return
        whole = task.parent if getattr(task.parent.task_spec, "repeats", False) else task
        task.workflow.top_workflow.close_scope(task)
        if whole is not task:
            task.workflow.top_workflow.cancel_token(task)
            if any(one.task_spec is self for one in whole.children):
                return
        left = [watch for watch in whole.children if watch.task_spec.element.catches(EventKind.CANCEL)]
        if not left:
            raise self.fail("The transaction was cancelled, but it has no cancel boundary event.")
        records = whole.internal_data.pop("records", [])
        if records:
            undo.start(task.workflow, records, waiting=left[0])
        else:
            left[0].task_spec.compensated(left[0])


def _withdraw(activity: Any) -> None:
    """What is being undone can only be ended by an error, or a cancel, any more."""
    for watch in list(activity.children):
        events = watch.task_spec.element.events
        if isinstance(watch.task_spec, BoundaryNode) and not {event.kind for event in events} & _HAZARDS:
            activity.workflow.top_workflow.cancel_token(watch)


class CallNode(SubNode, CallActivity):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A called process: it sees what is mapped in and, unless the diagram says no, a copy of everything.

    It gives back what is mapped out, or what it changed or got mapped in; its own data objects stay its own.
    """

    isolates = True

    def data_inside(self, task: Any) -> dict[str, Any]:
        """The called process's own data."""
        element, own = self.element, task.workflow.top_workflow.subprocess_specs[self.spec].declared
        copied = variables.plain(element.id, variables.visible(task)) if element.all_in else {}
        mapped = variables.mapped(task, element.inputs)
        if element.all_out:
            marks = {name: variables.mark(value) for name, value in copied.items() if name not in mapped}
            task.internal_data["copied"] = marks
        return {name: value for name, value in copied.items() if name not in own} | mapped

    def bring_out(self, task: Any, scope: Any) -> None:
        """The outputs, or everything where the diagram says so."""
        copied = task.internal_data.pop("copied", {})
        if self.element.outputs:
            variables.take_results(task, scope.data)
        elif self.element.all_out:
            own = scope.spec.declared
            changed = {n: it for n, it in scope.data.items() if n not in own and copied.get(n) != variables.mark(it)}
            variables.take_results(task, changed)


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
