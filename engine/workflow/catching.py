"""What waits for an event: catch events, receive tasks, and the event-based gateway that waits for the first of several.

An event with several definitions (multiple, parallel multiple) has an arm for each: a token of its own that waits for
that one thing, with its own key and due date, and goes when the event has happened.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.workflow import moments, recounting, variables
from engine.workflow.elements import Element, Event, EventKind, TimerKind
from engine.workflow.nodes import Node

BEGUN = "begun"  # at a token: what it would wait for began the case; at a gateway: which of its events did


class CatchNode(Node, IntermediateCatchEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Waits for its event, for any of several, or for all of them (`parallelMultiple`)."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        events: tuple[Event, ...] = more.pop("events", element.events)
        super().__init__(spec, element, event_definition=NoneEventDefinition(), **more)
        waits = [event for event in events if event.kind is not EventKind.LINK]
        self.event = waits[0] if len(waits) == 1 else None
        numbered = enumerate(waits, 1) if len(waits) > 1 else ()
        self.arms = tuple(Arm(spec, element, events=(event,), name=f"{self.name} [{n}]") for n, event in numbered)

    def enter(self, task: Any) -> bool:
        """Arms the event; without one there is nothing to wait for, and what began the case has happened already."""
        if task.internal_data.pop(BEGUN, False):
            self.fire(task)
            return False
        if self.arms:
            for arm in self.arms:
                task.workflow.hang(task, arm)
            return False
        if self.event is None:
            return True
        if self.event.kind is EventKind.TIMER:
            self._set_timer(task, self.event)
        elif self.event.kind is EventKind.MESSAGE:
            task.internal_data["key"] = key = text_key(task, self.event.key)
            if self.event.key and key is None:  # it could be found by every message without a key
                raise self.fail("The correlation key %(text)s has no value here.", text=self.event.key)
        return False

    def fire(self, task: Any, payload: Mapping[str, object] | None = None) -> None:
        """The event happens: its payload becomes data, and the token goes on."""
        task.workflow.top_workflow.note(task, "fired")
        self.receive(task, payload)
        self.go_on(task)

    def receive(self, task: Any, payload: Mapping[str, object] | None) -> None:
        """Takes the payload in; without one, outputs are evaluated all the same."""
        if payload is not None or self.element.outputs:
            variables.take_results(task, payload or {})

    def go_on(self, task: Any) -> None:
        """Makes the token ready; behind an event-based gateway, the other events are off."""
        for arm in list(armed(task)) if self.arms else ():
            task.workflow.top_workflow.cancel_token(arm)
        choice = task.parent
        if isinstance(choice.task_spec, EventGateway):
            choice.task_spec.choose(choice, task)
        task._ready()  # noqa: SLF001 - as SpiffWorkflow does when an event has fired

    def comes_again(self, task: Any) -> bool:
        """Whether what has fired may fire again: a timer only while its cycle lasts, everything else always.

        Rounds that were missed while nobody fired them are skipped, so that a stop is made up for once.
        """
        facts = task.internal_data
        if "due" not in facts:
            return True
        if "every" not in facts or facts["times"] == 1:
            return False
        engine = task.workflow.top_workflow.script_engine
        last = datetime.fromisoformat(facts["due"])
        counted = datetime.fromisoformat(facts.get("counted", facts["due"]))
        office = engine.office(self.element, variables.visible(task))
        due = moments.following(counted, facts["every"], max(last, engine.now), engine.zone, office)
        facts["due"] = due.isoformat()
        facts["times"] = None if facts["times"] is None else facts["times"] - 1
        return True

    def is_due(self, task: Any, now: datetime) -> bool:
        """Whether this is a timer that has run out."""
        due = task.internal_data.get("due")
        return due is not None and task.has_state(TaskState.WAITING) and datetime.fromisoformat(due) <= now

    def became_true(self, task: Any) -> bool:
        """Whether this is a conditional event whose condition is true now and was not when it was last asked."""
        if self.event is None or self.event.kind is not EventKind.CONDITION:
            return False
        engine, facts = task.workflow.top_workflow.script_engine, task.internal_data
        before = facts.get("true", False)
        facts["true"] = engine.expression(self.element.id, self.event.text, variables.visible(task)) is True
        return bool(facts["true"] and not before)

    def _set_timer(self, task: Any, event: Event) -> None:
        engine, facts = task.workflow.top_workflow.script_engine, task.internal_data
        scope = variables.visible(task)
        value, office = engine.value(self.element.id, event.text, scope), engine.office(self.element, scope)
        try:
            if event.timer is TimerKind.CYCLE:
                cycle = moments.cycle(value, engine.zone)
                counted, due = moments.first(cycle, engine.now, engine.zone, office)
                facts.update(times=cycle.times, every=cycle.every, counted=counted.isoformat(), due=due.isoformat())
            else:
                facts["due"] = moments.due(value, engine.now, engine.zone, office).isoformat()
                recounting.keep(task, value, office)
        except (ValueError, OverflowError) as error:
            raise self.fail("The timer's value %(value)s is no date or duration.", value=str(value)) from error


class Arm(CatchNode):
    """One of the several things that an event waits for; it hangs under the event's own token."""

    tells = False
    keeps_alive = False

    def fire(self, task: Any, payload: Mapping[str, object] | None = None) -> None:
        """Tells the event, which happens now or when the last of its arms has fired; one that stays is armed again."""
        whole = task.parent
        if payload is not None:
            whole.internal_data["payload"] = {**whole.internal_data.get("payload", {}), **payload}
        task._set_state(TaskState.STARTED)  # noqa: SLF001 - it has fired, and waits for the others
        arms = list(armed(whole))
        if whole.task_spec.element.needs_all and not all(arm.has_state(TaskState.STARTED) for arm in arms):
            return
        whole.task_spec.fire(whole, whole.internal_data.pop("payload", None))
        if whole.id in whole.workflow.tasks and whole.has_state(TaskState.WAITING):
            self._arm_again(whole, [arm for arm in arms if arm.has_state(TaskState.STARTED)])

    def _arm_again(self, whole: Any, fired: list[Any]) -> None:
        top, left = whole.workflow.top_workflow, len(list(armed(whole)))
        for arm in fired:
            if arm.task_spec.comes_again(arm):
                arm._set_state(TaskState.WAITING)  # noqa: SLF001 - Task.state refuses to step back
            else:
                top.cancel_token(arm)
                left = 0 if whole.task_spec.element.needs_all else left - 1
        if not left:
            top.cancel_token(whole)


class EventGateway(Node):
    """Waits for the first of several events; they hang under it until one fires.

    One that begins the case (BPMN 2.0.2, 10.6.6) does not wait for the others, or, if it is parallel, for all of them:
    then each goes its own way, and the case is over when all have come.
    """

    def enter(self, task: Any) -> bool:
        """Arms all events that follow, or has the one happen that began the case."""
        if self.parallel:
            return True
        began = task.internal_data.pop(BEGUN, None)
        for flow in self.flows:
            if began is None:
                task.workflow.hang(task, self.targets[flow.id], flow=flow.id)
            elif flow.target == began:
                task.workflow.hang(task, self.targets[flow.id], flow=flow.id, **{BEGUN: True})
        return False

    @property
    def parallel(self) -> bool:
        """Whether all events must come."""
        return self.element.attributes.get("eventGatewayType") == "Parallel"

    def choose(self, task: Any, fired: Any) -> None:
        """The fired event stands for itself from now on; the gateway goes, and the other events with it."""
        root = task.workflow.task_tree
        task._children.remove(fired.id)  # noqa: SLF001 - SpiffWorkflow offers no way to move a task
        fired.parent = root
        root._children.append(fired.id)  # noqa: SLF001 - as above
        task.complete()

    def leave(self, task: Any) -> None:
        """The event has taken the way already; of a parallel gateway all are waited for, each by itself."""
        if self.parallel:
            began = task.internal_data.get(BEGUN)
            for flow in self.flows:
                facts = {BEGUN: True} if flow.target == began else {}
                task.workflow.put(self.targets[flow.id], flow=flow.id, **facts)


def armed(task: Any) -> Iterator[Any]:
    """The tokens that wait, for the event of this token, for one thing each: itself, or its arms."""
    if not task.task_spec.arms:
        return iter((task,))
    return (below for below in task.children if isinstance(below.task_spec, Arm))


def waits_for(task: Any, kind: EventKind, name: str) -> bool:
    """Whether the token waits for that event."""
    event = getattr(task.task_spec, "event", None)
    return task.has_state(TaskState.WAITING) and event is not None and event.kind is kind and event.name == name


def text_key(task: Any, text: str) -> str | None:
    """A correlation key as text; None where the diagram gives none or its value is null."""
    if not text:
        return None
    engine, element = task.workflow.top_workflow.script_engine, task.task_spec.element
    value = engine.json(element.id, text, variables.visible(task))
    return None if value is None else str(value)
