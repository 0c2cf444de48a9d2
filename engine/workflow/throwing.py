"""What is thrown: messages leave, errors and escalations climb to the nearest that catches, signals reach all."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EndEvent, IntermediateThrowEvent
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.workflow import variables
from engine.workflow.catching import armed, text_key, waits_for
from engine.workflow.elements import Element, Event, EventKind
from engine.workflow.nodes import Node
from engine.workflow.records import Thrown
from engine.workflow.watching import BoundaryNode, Listener

# What ends the token that throws it comes last, so that all else is thrown too.
_LAST = (EventKind.ESCALATION, EventKind.ERROR, EventKind.TERMINATE)


class ThrowNode(Node, IntermediateThrowEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Throws all its events and goes on: throw events and send tasks."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, event_definition=NoneEventDefinition(), **more)

    def run(self, task: Any) -> None:
        """Throws; a token that its own throw has ended throws no more."""
        for event in sorted(self.element.events, key=lambda event: event.kind in _LAST and _LAST.index(event.kind) + 1):
            if task.id in task.workflow.tasks:
                throw(task, event)


class EndNode(ThrowNode, EndEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The end of a token; those of the case itself are remembered."""

    def run(self, task: Any) -> None:
        """Throws, and notes the end."""
        top = task.workflow.top_workflow
        if task.workflow is top and self.element.id not in top.ends:
            top.ends.append(self.element.id)
        super().run(task)


def throw(task: Any, event: Event) -> None:
    """Lets an event take effect: messages leave, errors and escalations climb, signals reach all that wait.

    An error that nothing catches ends the whole case (BPMN 2.0.2, 10.5.6, leaves it open; going on as if nothing had
    happened, as SpiffWorkflow does, hides it: https://github.com/sartography/spiff-arena/issues/2037).
    """
    top, element = task.workflow.top_workflow, task.task_spec.element
    payload = variables.mapped(task, element.inputs)
    if event.kind is EventKind.LINK:
        return
    if event.kind is EventKind.TERMINATE:
        for other in task.workflow.live():
            if other is not task and other.id in task.workflow.tasks:
                top.cancel_token(other)
    elif event.kind is EventKind.MESSAGE:
        key = text_key(task, element.properties.get("correlationKey") or event.key)
        top.thrown.append(Thrown(element.id, "message", event.name, key, payload))
    elif not _caught(task, event, payload):
        top.thrown.append(Thrown(element.id, event.kind.value, event.name, None, payload))
        if event.kind is EventKind.ERROR:
            top.clear()


def _caught(task: Any, event: Event, payload: Mapping[str, object]) -> bool:
    if event.kind is EventKind.SIGNAL:
        return send_signal(task.workflow.top_workflow, event.name, payload)
    return climb(task, event.kind, event.name, payload)


def send_signal(top: Any, name: str, payload: Mapping[str, object]) -> bool:
    """Fires everything that waits for the signal, the oldest first; True if anything did."""
    heard = [task for task in top.everything() if waits_for(task, EventKind.SIGNAL, name)]
    for task in heard:
        if task.id in task.workflow.tasks and waits_for(task, EventKind.SIGNAL, name):
            task.task_spec.fire(task, payload)
    return bool(heard)


def climb(task: Any, kind: EventKind, code: str, payload: Mapping[str, object]) -> bool:
    """Fires what catches an error or escalation that rises from the token; False if nothing does.

    The innermost place that takes the code catches; in one place, what names the code before what takes every code.
    """
    for watches in _outwards(task):
        found = [arm for watch in watches for arm in armed(watch) if _takes(arm, kind)]
        exact = [arm for arm in found if arm.task_spec.event.name == code]
        general = [arm for arm in found if not arm.task_spec.event.name]
        for catcher in (*exact, *general):
            catcher.task_spec.fire(catcher, payload or None)
            return True
    return False


def _outwards(task: Any) -> Iterator[list[Any]]:
    """What watches the token, the innermost first: at itself, at all its instances, beside it, around it, and so on."""
    while task is not None:
        yield [watch for watch in task.children if isinstance(watch.task_spec, BoundaryNode)]
        if getattr(task.parent.task_spec, "repeats", False):
            yield [watch for watch in task.parent.children if isinstance(watch.task_spec, BoundaryNode)]
        yield [watch for watch in task.workflow.live() if isinstance(watch.task_spec, Listener)]
        task = task.workflow.host


def _takes(task: Any, kind: EventKind) -> bool:
    event = task.task_spec.event
    return event is not None and event.kind is kind and task.has_state(TaskState.WAITING)
