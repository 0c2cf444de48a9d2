"""What every element does when a token comes: enter, become ready, run, and send tokens along its flows."""

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import NoneTask, ScriptTask, ServiceTask, UserTask
from SpiffWorkflow.util.task import TaskState

from engine.workflow import moments, recounting, standing, variables
from engine.workflow.elements import MOST_RETRIES, Element, Flow
from engine.workflow.faults import Fault
from engine.workflow.records import ServiceCall

RETRIES = 3  # tries of a service in all, where the diagram does not say (Camunda 8, service tasks)


class Node(NoneTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """An element in a SpiffWorkflow specification; frozen once built, shared by all cases.

    `isolates`: what runs in it has data of its own. `repeats`: its children are instances of one activity.
    `keeps_alive`: the process goes on while a token is here. `tells`: its steps are worth telling.
    `handler`: the activity that undoes this one, once it is completed.
    """

    isolates = False
    repeats = False
    keeps_alive = True
    tells = True

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, more.pop("name", f"#{element.id}"), **more)
        self.bpmn_id = element.id
        self.element = element
        self.manual = False
        self.needs = element.start_quantity
        self.flows: tuple[Flow, ...] = ()
        self.targets: dict[str, Any] = {}
        self.boundaries: tuple[Any, ...] = ()
        self.handler: Any = None

    def enter(self, _task: Any) -> bool:
        """What happens when a token comes; True makes it ready, False leaves it waiting."""
        return True

    def run(self, task: Any) -> None:
        """What a ready token does before it goes on."""

    def flows_taken(self, task: Any) -> Iterable[Flow]:
        """The flows on which tokens leave: those without a condition, those whose condition is true, or the default.

        So the inclusive gateway chooses, and the activity that has conditions on its flows (BPMN 2.0.2, 13.3.1).
        """
        if not any(self._chosen(flow) for flow in self.flows):
            return self.flows
        taken = list(self.true_flows(task))
        if not any(flow.condition for flow in taken) and (self.element.default or not taken):
            taken.append(self.default_flow())
        return taken

    def true_flows(self, task: Any) -> Iterable[Flow]:
        """The flows whose condition is true (null counts as false, anything else is a fault), in drawn order."""
        scope = self.condition_scope(task)
        for flow in self.flows:
            if flow.id != self.element.default and (flow.condition is None or self._holds(task, flow, scope)):
                yield flow

    def condition_scope(self, task: Any) -> Mapping[str, Any]:
        """What the conditions of the outgoing flows may name."""
        return variables.visible(task)

    def default_flow(self) -> Flow:
        """The flow to take when no condition is true."""
        for flow in self.flows:
            if flow.id == self.element.default:
                return flow
        raise self.fail("No condition is true, and there is no default flow.")

    def fail(self, message: str, **params: object) -> Fault:
        """A fault at this element."""
        return Fault(self.element.id, message, params)

    def test(self) -> None:
        """The checks have judged the diagram; SpiffWorkflow would do so again at every token."""

    def _chosen(self, flow: Flow) -> bool:
        return flow.condition is not None or flow.id == self.element.default

    def _holds(self, task: Any, flow: Flow, scope: Mapping[str, Any]) -> bool:
        value = task.workflow.top_workflow.script_engine.expression(self.element.id, flow.condition or "", scope)
        if value is None or isinstance(value, bool):
            return value is True
        raise self.fail("The condition of the flow %(flow)s is neither true nor false.", flow=flow.id)

    def _predict_hook(self, my_task: Any) -> None:
        """No token looks ahead: predicted tasks would only fill the state."""

    def _update_hook(self, my_task: Any) -> bool:
        if not my_task.has_state(TaskState.FUTURE) or not self.admit(my_task):
            return False
        if self.tells:
            my_task.workflow.top_workflow.note(my_task, "entered")
        my_task._set_state(TaskState.WAITING)  # noqa: SLF001 - Task.state refuses to step back
        self.watch(my_task)
        return self.enter(my_task)

    def admit(self, task: Any) -> bool:
        """Whether the activity begins with this token; it consumes as many as it needs (BPMN 2.0.2, 13.3.2).

        A token that is not admitted stays as it came: FUTURE, seen by joins, by nobody else.
        """
        if task.workflow.host is not None and not task.workflow.host.task_spec.admits(task):
            return False
        if self.needs == 1:
            return True
        held = [t for t in task.workflow.live() if t.task_spec is self and t.has_state(TaskState.FUTURE)]
        if len(held) < self.needs:
            return False
        for other in held[: self.needs - 1]:
            task.workflow.consume(other)
        return True

    def watch(self, task: Any) -> None:
        """Arms the boundary events of an activity."""
        for boundary in self.boundaries:
            task.workflow.hang(task, boundary)

    def _on_ready_hook(self, my_task: Any) -> None:
        if not self.manual:
            my_task.workflow.top_workflow.ready.append(my_task)

    def _run_hook(self, my_task: Any) -> bool:
        self.run(my_task)
        return True

    def _on_complete_hook(self, my_task: Any) -> None:
        top = my_task.workflow.top_workflow
        if self.tells:
            top.note(my_task, "completed")
        for below in list(my_task.children):
            top.cancel_token(below)
        self.remember(my_task)
        whole = my_task.parent
        if whole is not None and getattr(whole.task_spec, "repeats", False):
            whole.task_spec.instance_done(whole, my_task)
        elif my_task.workflow.host is None or my_task.workflow.host.task_spec.inner_done(my_task):
            self.leave(my_task)

    def inner_done(self, _task: Any) -> bool:
        """Whether a token goes on from what was done in this sub-process."""
        return True

    def admits(self, _task: Any) -> bool:
        """Whether a token may begin something in this sub-process now."""
        return True

    def remember(self, task: Any) -> None:
        """Keeps what a compensation needs, in the scope with which it goes (13.5.5): of several instances, of each.

        What a non-interrupting boundary event brought about is undone before its activity: `mark` is its place.
        """
        facts, whole = task.internal_data, task.parent
        repeated = getattr(whole.task_spec, "repeats", False)
        records = facts.get("records", [])
        if self.handler is not None:
            records = [{"at": self.name} | ({"local": facts["local"]} if repeated and facts.get("local") else {})]
        elif "inside" in facts:
            records = [{"at": self.name, **facts["inside"]}]
        if records and repeated:
            whole.internal_data.setdefault("records", []).extend(records)
        elif records and (task.workflow.spec.remembers or task.workflow.host is not None):
            mark = facts.get("mark", len(task.workflow.records))
            task.workflow.records[mark:mark] = records

    def leave(self, task: Any) -> None:
        """Sends a token along each flow taken."""
        for flow in list(self.flows_taken(task)):
            for _ in range(self.element.completion_quantity):
                task.workflow.put(self.targets[flow.id], flow=flow.id)


class UserNode(Node, UserTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A task for a person: who and until when is settled when it opens."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, **more)
        self.manual = True

    def enter(self, task: Any) -> bool:
        """Opens the task."""
        variables.keep_inputs(task)
        self.set_due(task)
        engine, element = task.workflow.top_workflow.script_engine, self.element
        if element.assignee:
            assignee = engine.json(element.id, element.assignee, variables.visible(task))
            task.internal_data["assignee"] = None if assignee is None else str(assignee)
        return True

    def set_due(self, task: Any) -> None:
        """Reckons until when the task is to be done, from now on."""
        engine, element = task.workflow.top_workflow.script_engine, self.element
        scope = variables.visible(task)
        if element.due and (value := engine.value(element.id, element.due, scope)) is not None:
            try:
                office = engine.office(element, scope)
                task.internal_data["due"] = moments.due(value, engine.now, engine.zone, office).isoformat()
                recounting.keep(task, value, office)
            except (ValueError, OverflowError) as error:
                raise self.fail("The due date %(value)s is no date or duration.", value=str(value)) from error


class PlainNode(Node):
    """A manual or abstract task: BPMN gives it nothing to wait for; the mappings drawn on it hold (10.3.3, 13.3.3)."""

    def run(self, task: Any) -> None:
        """Maps."""
        variables.keep_inputs(task)
        if self.element.outputs:
            variables.take_results(task, {})


class ServiceNode(Node, ServiceTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A call of a service; the caller of the run performs it and hands the result to `answered`."""

    def call(self, task: Any) -> ServiceCall:
        """What to call, with which arguments."""
        arguments = variables.mapped(task, self.element.inputs)
        tried = task.internal_data.get(standing.TRIED, {"tries": 0, "by": ""})
        service, retries = self.element.service or "", self.retries(task)
        return ServiceCall(str(task.id), self.element.id, service, arguments, retries, tried["tries"], tried["by"])

    def retries(self, task: Any) -> int:
        """How often the service may be tried in all: a number or, after "=", an expression, as in Camunda 8."""
        engine, text = task.workflow.top_workflow.script_engine, self.element.retries
        value = engine.value(self.element.id, text, variables.visible(task)) if text else RETRIES
        try:
            count = int(str(value))
        except ValueError:
            count = -1
        if not 0 <= count <= MOST_RETRIES:
            raise self.fail("%(value)s is no number of tries from 0 to %(most)s.", value=str(value), most=MOST_RETRIES)
        return count

    def answered(self, task: Any, result: Mapping[str, object]) -> None:
        """Takes the result in and lets the token go on."""
        if self.element.outputs:
            variables.keep_inputs(task)
        variables.take_results(task, variables.plain(self.element.id, result))
        task.complete()


class ScriptNode(Node, ScriptTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One FEEL expression with a result variable."""

    def __init__(self, spec: Any, element: Element, **more: Any) -> None:
        super().__init__(spec, element, script=element.script or "", **more)

    def run(self, task: Any) -> None:
        """Evaluates the expression."""
        variables.keep_inputs(task)
        element, engine = self.element, task.workflow.top_workflow.script_engine
        value = engine.json(element.id, element.script or "", variables.visible(task))
        variables.take_results(task, {element.result: value} if element.result else {})


class Gateway(Node):
    """Splits and merges; its outgoing flows say how: a parallel split has no conditions, an inclusive one has."""


class ExclusiveNode(Gateway):
    """Takes the first flow whose condition is true."""

    def flows_taken(self, task: Any) -> Iterable[Flow]:
        """One flow."""
        return [next(iter(self.true_flows(task)), None) or self.default_flow()] if self.flows else ()
