"""What a case must listen for in the drawing it came to, what it need not any more, and what that does to its joins."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow import outlook, recounting, variables
from engine.workflow.catching import CatchNode, EventGateway
from engine.workflow.fitting import Fitted
from engine.workflow.instance import Case
from engine.workflow.joins import ParallelJoin
from engine.workflow.journey import Journey, Notes
from engine.workflow.nodes import UserNode
from engine.workflow.repeats import MultiNode

DUE_DRAWN_ANEW = "Its due date is drawn anew; it stays as it is."


def arm(journey: Journey, fitted: Fitted, case: Case, notes: Notes) -> None:
    """Makes a restored case listen as its new drawing says, and tells what will be done and what will not."""
    for task in list(case.everything()):
        old = fitted.before.get(str(task.id))
        if old is not None:
            _refresh(journey, old, task, notes)
            _watch(journey, old, task, notes)
    for workflow in (case, *list(case.subprocesses.values())):
        specs = fitted.scopes[_host(workflow)]
        _listen(journey, specs, workflow, notes)
        _tell_added(journey, specs, workflow, notes)
        _judge_joins(journey, fitted, workflow, notes)
        _fire_joins(workflow)


def _refresh(journey: Journey, old: Any, task: Any, notes: Notes) -> None:
    """Inputs that the new drawing adds are evaluated; a due date is kept but where people want it anew."""
    one, element, facts = old.element, task.task_spec.element, task.internal_data
    again = one.id in journey.again
    if isinstance(task.task_spec, UserNode):
        _refresh_inputs(one, task)
        if again or bool(one.due) != bool(element.due):
            facts.pop("due", None)
            recounting.forget(task)
            task.task_spec.set_due(task)
            notes.change(one.id, "Its due date is reckoned anew.")
        elif one.due != element.due:
            notes.warn(one.id, DUE_DRAWN_ANEW)
    elif again and isinstance(task.task_spec, CatchNode) and not task.task_spec.arms:
        for name in ("due", "times", "every", "counted", "key", "true", *recounting.KEPT):
            facts.pop(name, None)
        task.task_spec.enter(task)
        notes.change(one.id, "What is waited for is reckoned anew.")
    if isinstance(task.parent.task_spec, MultiNode) and "index" in facts:
        _declare(task)


def _refresh_inputs(one: Any, task: Any) -> None:
    if one.inputs != task.task_spec.element.inputs:
        local = task.internal_data.get(variables.LOCAL, {})
        task.internal_data[variables.LOCAL] = {**variables.mapped(task, task.task_spec.element.inputs), **local}


def _declare(task: Any) -> None:
    """Names that only the new result expression knows become local to the instance, as at its beginning."""
    facts, names = task.internal_data, task.parent.task_spec.result_names
    fresh = [name for name in names if name not in variables.visible(task)]
    if fresh:
        facts["declared"] = [*facts.get("declared", ()), *fresh]
        facts[variables.LOCAL] = {**facts.get(variables.LOCAL, {}), **dict.fromkeys(fresh)}


def _watch(journey: Journey, old: Any, task: Any, notes: Notes) -> None:
    """Arms what is attached to the activity now and was not before; what went by in the old drawing stays gone."""
    known = {journey.to(node.element.id) for node in old.boundaries}
    fresh: list[tuple[Any, dict[str, str]]]
    fresh = [(node, {}) for node in task.task_spec.boundaries if node.element.id not in known]
    if isinstance(task.task_spec, EventGateway) and task.has_state(TaskState.WAITING):
        known = {journey.to(node.element.id) for node in old.targets.values()}
        ways = ((flow, task.task_spec.targets[flow.id]) for flow in task.task_spec.flows)
        fresh += [(node, {"flow": flow.id}) for flow, node in ways if node.element.id not in known]
    for node, facts in fresh:
        task.workflow.hang(task, node, **facts)
        notes.change(node.element.id, "The case listens for this from now on.")


def _listen(journey: Journey, specs: tuple[Any, Any], workflow: Any, notes: Notes) -> None:
    """Arms event sub-processes that are new, unless one that interrupts has taken the process over."""
    known = {journey.to(_name(node)) for node in specs[0].listeners}
    fresh = [node for node in specs[1].listeners if _name(node) not in known]
    interrupted = any(
        task.task_spec.element.event_subprocess
        and any(node.element.interrupting for node in specs[1].listeners if node.begins == task.task_spec.name)
        for task in workflow.live()
    )
    for node in () if interrupted else fresh:
        workflow.put(node)
        notes.change(_name(node), "The case listens for this from now on.")


def _name(listener: Any) -> str:
    name: str = listener.begins.removeprefix("#")
    return name


def _tell_added(journey: Journey, specs: tuple[Any, Any], workflow: Any, notes: Notes) -> None:
    known = {journey.to(name) for name in outlook.ids(specs[0])}
    places = {task.task_spec.name: task.task_spec for task in workflow.live() if task.task_spec.keeps_alive}
    later, passed = outlook.added_steps(specs[1], known, places.values())
    for name in later:
        notes.change(name, "This step is new; the case may still come to it.")
    for name in passed:
        notes.warn(name, "This step is new and lies before where the case stands: it will not be done.")


def _judge_joins(journey: Journey, fitted: Fitted, workflow: Any, notes: Notes) -> None:
    """Refuses a join that would wait for a token that no branch can bring any more, unless it did so before."""
    host = _host(workflow)
    old, new = fitted.scopes[host]
    places = [(task.task_spec, task.internal_data.get("flow", "")) for task in workflow.live()]
    before = {journey.to(name): node for name, node in outlook.elements(old).items()}
    for name, join in outlook.elements(new).items():
        if isinstance(join, ParallelJoin) and (empty := outlook.starved(join, places)):
            known = before.get(name)
            if known is None or not outlook.starved(known, fitted.stood[host]):
                for flow in sorted(empty):
                    notes.refuse(name, "It would wait for a token on «%(flow)s», which cannot come.", flow=flow)


def _host(workflow: Any) -> str | None:
    return str(workflow.host.id) if workflow.host else None


def _fire_joins(workflow: Any) -> None:
    """A join that waits for fewer branches than before may have all it needs."""
    joins = {
        task.task_spec.name: task.task_spec for task in workflow.live() if isinstance(task.task_spec, ParallelJoin)
    }
    for join in joins.values():
        tokens = join.arrivals(workflow)
        if len(tokens) == len(join.element.incoming):
            join.fire(tokens)
