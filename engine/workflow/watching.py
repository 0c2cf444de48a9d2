"""What waits beside the work as long as it goes on: boundary events, and what begins event sub-processes."""

from typing import Any

from engine.workflow.catching import CatchNode
from engine.workflow.elements import Element


class Watch(CatchNode):
    """Interrupts once what it watches, or stays armed as long as its event may come again."""

    tells = False
    keeps_alive = False

    def go_on(self, task: Any) -> None:
        """Lets the event take effect."""
        if self.element.interrupting:
            self.interrupt(task)
            return
        self.accompany(task)
        if not self.arms and not self.comes_again(task):
            task.workflow.top_workflow.cancel_token(task)

    def interrupt(self, task: Any) -> None:
        """Ends what is watched, and goes on instead."""
        raise NotImplementedError

    def accompany(self, task: Any) -> None:
        """Goes on beside what is watched."""
        raise NotImplementedError


class BoundaryNode(Watch):
    """An event attached to an activity; its token hangs under the activity's and goes with it."""

    def interrupt(self, task: Any) -> None:
        """Ends the activity; a token leaves here instead. A compensation that it was a part of goes on."""
        workflow, host, above = task.workflow, task.parent, task.parent.parent
        workflow.top_workflow.cancel_token(host)
        self.leave(task)
        if "undoes" in host.internal_data and above.id in workflow.tasks:
            above.task_spec.handler_left(above)

    def accompany(self, task: Any) -> None:
        """A token leaves here while the activity goes on; what it leads to would be undone before the activity."""
        task.parent.internal_data.setdefault("mark", len(task.workflow.records))
        self.leave(task)

    def compensated(self, task: Any) -> None:
        """A cancelled transaction is undone: it is left here."""
        self.fire(task)


class Listener(Watch):
    """Waits, as long as the process around lives, for what begins an event sub-process."""

    def __init__(self, spec: Any, element: Element, begins: Element, **more: Any) -> None:
        super().__init__(spec, element, name=f"#{begins.id} [event]", **more)
        self.begins = f"#{begins.id}"

    def interrupt(self, task: Any) -> None:
        """Ends all else in the process around, other listeners too (10.5.6): nothing interrupts the interruption."""
        workflow = task.workflow
        workflow.clear()
        self.accompany(task)

    def accompany(self, task: Any) -> None:
        """Begins the event sub-process; several may run at once."""
        workflow = task.workflow
        workflow.put(workflow.spec.task_specs[self.begins])
