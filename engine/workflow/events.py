"""Events: what waits to be caught, and what is thrown."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EndEvent, IntermediateCatchEvent, IntermediateThrowEvent
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.workflow import moments, variables
from engine.workflow.elements import Element, Event, EventKind, TimerKind
from engine.workflow.nodes import Node
from engine.workflow.records import Thrown

BEGUN = "begun"  # at a token: what it would wait for began the case; at a gateway: which of its events did


class CatchNode(Node, IntermediateCatchEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Waits for its event: catch events, receive tasks, start events, and (below) boundary events."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, event_definition=NoneEventDefinition(), **more)
        self.event: Event | None = element.event

    def enter(self, task: Any) -> bool:
        """Arms the event; without one there is nothing to wait for, and what began the case has happened already."""
        if task.internal_data.pop(BEGUN, False):
            self.fire(task)
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
        choice = task.parent
        if isinstance(choice.task_spec, EventGateway):
            choice.task_spec.choose(choice, task)
        task._ready()  # noqa: SLF001 - as SpiffWorkflow does when an event has fired

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
        except (ValueError, OverflowError) as error:
            raise self.fail("The timer's value %(value)s is no date or duration.", value=str(value)) from error

    def next_round(self, task: Any) -> bool:
        """Sets a cycle to its next round; False for what does not come again.

        Rounds that were missed while nobody fired them are skipped, so that a stop is made up for once.
        """
        facts = task.internal_data
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


class BoundaryNode(CatchNode):
    """An event attached to an activity; its token hangs under the activity's and goes with it."""

    tells = False
    keeps_alive = False

    def go_on(self, task: Any) -> None:
        """Ends the activity first if it interrupts; else stays armed for the next time."""
        workflow, host = task.workflow, task.parent
        if self.element.interrupting:
            flows = list(self.flows)
            workflow.top_workflow.cancel_token(host)
            for flow in flows:
                workflow.put(self.targets[flow.id], flow=flow.id)
        else:
            self.leave(task)
            self._arm_again(task)

    def _arm_again(self, task: Any) -> None:
        """A timer that does not repeat is done; everything else may come any number of times."""
        if "due" in task.internal_data and not self.next_round(task):
            task.workflow.top_workflow.cancel_token(task)


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


class ThrowNode(Node, IntermediateThrowEvent):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Throws its event, if it has one, and goes on: throw events and send tasks."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, event_definition=NoneEventDefinition(), **more)

    def run(self, task: Any) -> None:
        """Throws."""
        for event in self.element.events:
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
    if event.kind is EventKind.TERMINATE:
        for other in task.workflow.live():
            if other is not task and other.id in task.workflow.tasks:
                top.cancel_token(other)
    elif event.kind is EventKind.MESSAGE:
        key = text_key(task, element.properties.get("correlationKey") or event.key)
        top.thrown.append(Thrown(element.id, "message", event.name, key, payload, _lives(task)))
    elif event.kind is EventKind.SIGNAL:
        top.thrown.append(Thrown(element.id, "signal", event.name, None, payload))
        send_signal(top, event.name, payload)
    elif not _climb(task, event, payload):
        top.thrown.append(Thrown(element.id, event.kind.value, event.name, None, payload))
        if event.kind is EventKind.ERROR:
            top.clear()


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
    """Fires everything that waits for the signal, or `only` these tokens; True if anything did."""
    heard = [task for task in top.everything() if waits_for(task, EventKind.SIGNAL, name)]
    heard = [task for task in heard if only is None or str(task.id) in only]
    for task in heard:
        if task.id in task.workflow.tasks and waits_for(task, EventKind.SIGNAL, name):
            task.task_spec.fire(task, payload)
    return bool(heard)


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


def _climb(task: Any, event: Event, payload: Mapping[str, object]) -> bool:
    """The nearest boundary event around that takes the code catches; one without a code takes every code."""
    for host in _around(task):
        found = [t for t in host.children if _catches(t, event.kind)]
        exact = [t for t in found if t.task_spec.event.name == event.name]
        general = [t for t in found if not t.task_spec.event.name]
        for catcher in (*exact, *general):
            catcher.task_spec.fire(catcher, payload or None)
            return True
    return False


def _around(task: Any) -> Iterator[Any]:
    """The activities in which the token runs, the innermost first; of several instances also the whole."""
    host = task.workflow.host
    while host is not None:
        yield host
        if getattr(host.parent.task_spec, "repeats", False):
            yield host.parent
        host = host.workflow.host


def _catches(task: Any, kind: EventKind) -> bool:
    return (
        isinstance(task.task_spec, BoundaryNode)
        and task.task_spec.event is not None
        and task.task_spec.event.kind is kind
    )
