"""Compensation: what was completed and can be undone is remembered by its scope, and undone in reverse order.

BPMN 2.0.2, 10.7 and 13.5.5. A scope keeps a record of each completed activity that has a handler, or is a sub-process
with something to undo in it; the records go with the scope. A throw takes the records it means, and a token of its own
undoes them, the last one first: each by its handler, or by bringing its sub-process back with the data it ended with.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow import compact
from engine.workflow.elements import Element, Event
from engine.workflow.nodes import Node

NAME = "# [compensation]"


class Compensation(Node):
    """Undoes one record after the other; the handlers hang under its token, outside of all normal flow."""

    repeats = True
    tells = False

    def __init__(self, spec: Any, scope: str, process: str) -> None:
        super().__init__(spec, Element(scope, "compensation", process, scope), name=NAME)

    def enter(self, task: Any) -> bool:
        """Begins with the activity that was completed last."""
        self._undo_next(task)
        return False

    def instance_done(self, task: Any, handler: Any) -> None:
        """One activity is undone; the next one, or the end."""
        undone = task.workflow.spec.task_specs[handler.internal_data["undoes"]]
        task.workflow.top_workflow.note(handler, "compensated", undone.element.id)
        compact.remove(handler)
        self._undo_next(task)

    def handler_left(self, task: Any) -> None:
        """A handler was interrupted by its own boundary event, which deals with it: the next one."""
        self._undo_next(task)

    def _undo_next(self, task: Any) -> None:
        if not task.internal_data["todo"]:
            self._done(task)
            return
        record = task.internal_data["todo"].pop()
        node = task.workflow.spec.task_specs.get(record["at"])
        if node is None or (node.handler is None and not hasattr(node, "bring_back")):
            raise self.fail("What is to be compensated, %(id)s, is not in the diagram.", id=record["at"].strip("#"))
        if node.handler is not None:
            task.workflow.hang(task, node.handler, undoes=node.name, local=record.get("local", {}))
        else:
            node.bring_back(task, record)

    def _done(self, task: Any) -> None:
        waits, top = task.internal_data["for"], task.workflow.top_workflow
        task._set_state(TaskState.COMPLETED)  # noqa: SLF001 - nothing follows it
        compact.remove(task)
        waiting = top.find(waits) if waits else None
        if waiting is not None:
            waiting.task_spec.compensated(waiting)


def start(workflow: Any, records: list[Any], *, waiting: Any = None) -> None:
    """Undoes the records in their process or sub-process; the token `waiting` is told when all is done."""
    told = None if waiting is None else str(waiting.id)
    workflow.put(workflow.spec.task_specs[NAME], todo=records, **{"for": told})


def throw(task: Any, event: Event) -> int:
    """Undoes what the event means; the number of compensations that the token must wait for.

    Without an activity it means all that was completed in the sub-process or process around (10.5.5); what is thrown in
    an event sub-process means the scope around that, which it handles, as well (13.5.5.2).
    """
    taken = [(workflow, _take(workflow, event.name)) for workflow in _scopes(task.workflow)]
    found = [(workflow, records) for workflow, records in taken if records]
    for workflow, records in found:
        start(workflow, records, waiting=task if event.waits else None)
    return len(found) if event.waits else 0


def take_all(workflow: Any) -> list[Any]:
    """Takes away all records of a process or sub-process."""
    records: list[Any] = workflow.records
    workflow.records = []
    return records


def _scopes(workflow: Any) -> Iterator[Any]:
    yield workflow
    while workflow.host is not None and workflow.host.task_spec.element.event_subprocess:
        workflow = workflow.host.workflow
        yield workflow


def _take(workflow: Any, activity: str) -> list[Any]:
    """Takes away the records of one activity, or all of them: nothing is undone twice."""
    scope = workflow.spec.task_specs[NAME].element.id
    if not activity or activity == scope:
        return take_all(workflow)
    nodes, records = workflow.spec.task_specs, workflow.records
    wanted = [record for record in records if record["at"] in nodes and nodes[record["at"]].element.id == activity]
    workflow.records = [record for record in records if record not in wanted]
    return wanted
