"""What is thrown: messages leave, errors and escalations climb to the nearest that catches, signals reach all."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EndEvent, IntermediateThrowEvent
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.workflow import compensation, moments, standing, variables
from engine.workflow.catching import armed, text_key, waits_for
from engine.workflow.elements import Element, Event, EventKind
from engine.workflow.nodes import Node
from engine.workflow.records import Failed, Thrown
from engine.workflow.watching import BoundaryNode, Listener

# What ends the token that throws it comes last, so that all else is thrown too.
_LAST = (EventKind.ESCALATION, EventKind.ERROR, EventKind.CANCEL, EventKind.TERMINATE)
UNCAUGHT = "Nothing in the diagram catches this error."


class ThrowNode(Node, IntermediateThrowEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Throws all its events and goes on: throw events and send tasks."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, event_definition=NoneEventDefinition(), **more)

    def run(self, task: Any) -> None:
        """Throws; a token that its own throw has ended or stopped throws no more.

        One that is tried again was stopped by its error: what comes before that was thrown the first time.
        """
        events = sorted(self.element.events, key=_place)
        if standing.TRIED in task.internal_data:
            events = [event for event in events if _place(event) >= _LAST.index(EventKind.ERROR) + 1]
        for event in events:
            if task.id in task.workflow.tasks and not standing.stands(task):
                throw(task, event)
        if task.internal_data.get("waits") and task.id in task.workflow.tasks:
            task._set_state(TaskState.STARTED)  # noqa: SLF001 - until `compensated` lets it go on

    def compensated(self, task: Any) -> None:
        """What was thrown here is undone, or a part of it; the token goes on when nothing is left to wait for."""
        task.internal_data["waits"] -= 1
        if not task.internal_data["waits"]:
            task.complete()


def _place(event: Event) -> int:
    return _LAST.index(event.kind) + 1 if event.kind in _LAST else 0


class EndNode(ThrowNode, EndEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The end of a token; those of the case itself are remembered."""

    def run(self, task: Any) -> None:
        """Throws, and notes the end; an error that nothing catches is no end."""
        super().run(task)
        if not standing.stands(task):
            self.reached(task)

    def reached(self, task: Any) -> None:
        """Notes the end if it is one of the case itself."""
        top = task.workflow.top_workflow
        if task.workflow is top and self.element.id not in top.ends:
            top.ends.append(self.element.id)


def throw(task: Any, event: Event) -> None:
    """Lets an event take effect: messages leave, errors and escalations climb, signals reach all that wait.

    Whatever its kind, the element's inputs are what it says. A link only leads on, by its flow.
    """
    if event.kind is EventKind.LINK:
        return
    payload = variables.mapped(task, task.task_spec.element.inputs)
    _THROWS.get(event.kind, _rise)(task, event, payload)


def _compensate(task: Any, event: Event, _payload: Mapping[str, object]) -> None:
    facts = task.internal_data
    facts["waits"] = facts.get("waits", 0) + compensation.throw(task, event)


def _cancel(task: Any, _event: Event, _payload: Mapping[str, object]) -> None:
    _transaction(task).task_spec.cancel(_transaction(task))


def _terminate(task: Any, _event: Event, _payload: Mapping[str, object]) -> None:
    for other in task.workflow.live():
        if other is not task and other.id in task.workflow.tasks:
            task.workflow.top_workflow.cancel_token(other)


def _send(task: Any, event: Event, payload: Mapping[str, object]) -> None:
    element = task.task_spec.element
    key = text_key(task, element.properties.get("correlationKey") or event.key)
    _tell(task, Thrown(element.id, "message", event.name, key, payload, _lives(task), _to_all(element)))


def _broadcast(task: Any, event: Event, payload: Mapping[str, object]) -> None:
    _tell(task, Thrown(task.task_spec.element.id, "signal", event.name, None, payload))
    send_signal(task.workflow.top_workflow, event.name, payload)


def _rise(task: Any, event: Event, payload: Mapping[str, object]) -> None:
    """An error that nothing catches stops its token where it was thrown, until somebody sees to it.

    BPMN 2.0.2, 10.5.6, leaves it open; going on as if nothing had happened, as SpiffWorkflow does, hides it:
    https://github.com/sartography/spiff-arena/issues/2037.
    """
    if climb(task, event.kind, event.name, payload):
        return
    _tell(task, Thrown(task.task_spec.element.id, event.kind.value, event.name, None, payload))
    if event.kind is EventKind.ERROR:
        standing.stand(task, Failed(event.name, UNCAUGHT))


def _tell(task: Any, thrown: Thrown) -> None:
    task.workflow.top_workflow.thrown.append(thrown)


_THROWS: Mapping[EventKind, Callable[[Any, Event, Mapping[str, object]], None]] = {
    EventKind.COMPENSATION: _compensate,
    EventKind.CANCEL: _cancel,
    EventKind.TERMINATE: _terminate,
    EventKind.MESSAGE: _send,
    EventKind.SIGNAL: _broadcast,
}


def fail(task: Any, failed: Failed, service: str) -> None:
    """A service failed: after its last try the error is thrown at the activity; where nothing catches it, the token stands.

    What catches it may map `errorCode` and `errorMessage` out; they become case data only so.
    """
    found = None if failed.tries_left else _catcher(task, EventKind.ERROR, failed.code)
    if found is None:
        standing.stand(task, failed, service)
    else:
        said = {"errorCode": failed.code, "errorMessage": failed.message}
        _reach(task, found, failed.code, said if found.task_spec.element.outputs else None)


def catches_error(task: Any, code: str) -> bool:
    """Whether an error of the activity itself would be caught."""
    return _catcher(task, EventKind.ERROR, code) is not None


def _to_all(element: Any) -> bool:
    """Whether the message goes to every case that waits for it: what has become of a certificate concerns each of them."""
    return element.properties.get("reaches", "") == "every case"  # type: ignore[no-any-return]


def _lives(task: Any) -> datetime | None:
    """Until when the message is kept for somebody to wait for it, as the element says; None where it does not."""
    element, engine = task.task_spec.element, task.workflow.top_workflow.script_engine
    text = element.properties.get("time_to_live", "")
    if not text:
        return None
    value = engine.value(element.id, text, variables.visible(task))
    if str(value) == "0":
        return engine.now  # type: ignore[no-any-return]  # the engine's moment
    try:
        return moments.due(value, engine.now, engine.zone)
    except (ValueError, OverflowError) as error:
        raise task.task_spec.fail("The time to live %(value)s is no duration.", value=str(value)) from error


def send_signal(top: Any, name: str, payload: Mapping[str, object], only: Collection[str] | None = None) -> bool:
    """Fires everything that waits for the signal, the oldest first, or `only` these tokens; True if anything did."""
    heard = [task for task in top.everything() if waits_for(task, EventKind.SIGNAL, name)]
    heard = [task for task in heard if only is None or str(task.id) in only]
    for task in heard:
        if task.id in task.workflow.tasks and waits_for(task, EventKind.SIGNAL, name):
            task.task_spec.fire(task, payload)
    return bool(heard)


def climb(task: Any, kind: EventKind, code: str, payload: Mapping[str, object] | None) -> bool:
    """Lets an error or escalation rise from the token to what catches it; False if nothing does."""
    catcher = _catcher(task, kind, code)
    if catcher is not None:
        _reach(task, catcher, code, payload or None)
    return catcher is not None


def _reach(task: Any, catcher: Any, code: str, payload: Mapping[str, object] | None) -> None:
    """Fires the catcher; but a sub-process that an error leaves undoes first what was completed in it.

    So says BPMN 2.0.2, 13.5.5.3, where the sub-process has no error event sub-process of its own for that error. A
    hazard leaves a transaction as it is (10.3.5).
    """
    scope = task.workflow
    while catcher.task_spec.event.kind is EventKind.ERROR and scope is not catcher.workflow:
        if scope.records and not hasattr(scope.host.task_spec, "cancel") and not _handles(scope, code):
            scope.host.task_spec.undo_failed(scope.host, code, payload)
            return
        scope = scope.host.workflow
    catcher.task_spec.fire(catcher, payload)


def _handles(scope: Any, code: str) -> bool:
    """Whether the process or sub-process says itself what happens after that error."""
    events = (event for listener in scope.spec.listeners for event in listener.element.events)
    return any(event.kind is EventKind.ERROR and event.name in {"", code} for event in events)


def _catcher(task: Any, kind: EventKind, code: str) -> Any | None:
    """What catches an error or escalation that rises from the token.

    The innermost place that takes the code catches; in one place, what names the code before what takes every code.
    """
    for watches in _outwards(task):
        found = [arm for watch in watches for arm in armed(watch) if _takes(arm, kind)]
        exact = [arm for arm in found if arm.task_spec.event.name == code]
        general = [arm for arm in found if not arm.task_spec.event.name]
        for catcher in (*exact, *general):
            return catcher
    return None


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


def _transaction(task: Any) -> Any:
    """The transaction in which the token runs; the checks see to it that there is one."""
    host = task.workflow.host
    while host is not None and not hasattr(host.task_spec, "cancel"):
        host = host.workflow.host
    if host is None:
        raise task.task_spec.fail("Only a transaction can be cancelled.")
    return host
