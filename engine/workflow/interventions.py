"""What somebody may do by hand to a token that cannot go on by itself: try again, skip, move it, put a value right.

Each leaves a case that the diagram could have reached; what could not is refused with the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from SpiffWorkflow.util.task import TaskState

from engine.domain.errors import Conflict
from engine.workflow import standing, variables
from engine.workflow.catching import CatchNode, EventGateway
from engine.workflow.compensation import Compensation
from engine.workflow.instance import Case
from engine.workflow.joins import Join
from engine.workflow.nodes import Node, UserNode
from engine.workflow.records import Token
from engine.workflow.scopes import StartNode, SubNode
from engine.workflow.throwing import EndNode
from engine.workflow.watching import Watch

_AD_HOC: Final = "adHocSubProcess"


def retry(case: Case, task_id: str) -> None:
    """Lets a token that stands still try again what failed."""
    task = _find(case, task_id)
    if not standing.stands(task):
        raise Conflict("Nothing failed here that could be tried again.")
    standing.again(task)


def skip(case: Case, task_id: str, values: Mapping[str, object]) -> None:
    """Lets a token go on as if its element were completed with `values` as its result.

    Without values nothing is written, and output mappings are not evaluated: there is no result to map.
    """
    task = _find(case, task_id)
    if not _may_skip(task):
        raise Conflict("This element cannot be skipped; move its token instead.")
    if values:
        variables.take_results(task, variables.plain(task.task_spec.element.id, values))
    if standing.stands(task):
        del task.internal_data[standing.FAILED]
    if isinstance(task.task_spec, EndNode):
        task.task_spec.reached(task)
    if isinstance(task.task_spec, CatchNode):
        task.task_spec.go_on(task)
        return
    case.close_scope(task)
    task.complete()


def move(case: Case, task_id: str, element_id: str) -> None:
    """Ends a token and puts one at another element of the same process or sub-process.

    At a join the new token is an arrival on a flow that still lacks one.
    """
    task = _movable(_find(case, task_id))
    workflow = task.workflow
    target = workflow.spec.task_specs.get(f"#{element_id}")
    if target is None or target not in _places(workflow):
        raise Conflict("A token cannot be moved to «%(element)s» from here.", element=element_id)
    flow = _flow_into(workflow, target, task)
    case.cancel_token(task)
    workflow.put(target, **({"flow": flow} if flow else {}))


def correct(case: Case, values: Mapping[str, object], task_id: str | None = None) -> None:
    """Puts values right: of the case, or as a token sees them.

    For a token, each value replaces the nearest one of its name around it; one that nothing around it has becomes its own.
    """
    case.changed = True
    if task_id is None:
        case.data.update(variables.plain(case.spec.name, values))
        return
    task = _find(case, task_id)
    scopes = variables.around(task)
    for name, value in variables.plain(task.task_spec.element.id, values).items():
        holder = next((scope for scope in scopes if name in scope), None)
        if holder is None:
            task.internal_data.setdefault(variables.LOCAL, {})[name] = value
        else:
            holder[name] = value


def replace(case: Case, name: str, former: object, value: object) -> None:
    """Puts a value right wherever the case, a process that it called or a token holds the `former` one under that name."""
    case.changed = True
    around = (scope for task in case.everything() for scope in variables.around(task))
    for scope in (case.data, *around):
        if name in scope and scope[name] == former:
            scope[name] = value


def tokens(case: Case) -> list[Token]:
    """Every token that stands for itself; not those that only listen for what may come, or see to a compensation."""
    shown = (task for task in case.everything() if task.task_spec.keeps_alive)
    return [_token(task) for task in shown if not isinstance(task.task_spec, Compensation)]


def _token(task: Any) -> Token:
    facts = task.internal_data
    movable = _whole(task) is None and _stands_for_its_element(task) and not _is_ad_hoc(task.workflow)
    return Token(
        task_id=str(task.id),
        element=task.task_spec.element.id,
        state=next(name for name, holds in _STATES if holds(task)),
        multi_index=facts.get("index"),
        holds=variables.plain(task.task_spec.element.id, facts.get(variables.LOCAL, {})),
        may_skip=_may_skip(task),
        places=tuple(spec.element.id for spec in _places(task.workflow)) if movable else (),
    )


_STATES: Final[tuple[tuple[str, Callable[[Any], bool]], ...]] = (
    ("failed", standing.stands),
    ("open", lambda task: isinstance(task.task_spec, UserNode) and bool(task.has_state(TaskState.READY))),
    ("joining", lambda task: isinstance(task.task_spec, Join) or bool(task.has_state(TaskState.FUTURE))),
    ("running", lambda task: bool(task.has_state(TaskState.STARTED))),
    ("waiting", lambda _task: True),
)


def _find(case: Case, task_id: str) -> Any:
    task = case.find(task_id)
    if task is None:
        raise Conflict("The case does not stand there any more.")
    return task


def _may_skip(task: Any) -> bool:
    """Whether the element could be done: an activity, or an event on the way; not what is only attached or gathers tokens."""
    spec = task.task_spec
    if standing.stands(task):
        return True
    if isinstance(spec, UserNode):
        return bool(task.has_state(TaskState.READY)) and _stands_for_its_element(task)
    if isinstance(spec, CatchNode):
        return spec.keeps_alive and bool(task.has_state(TaskState.WAITING))
    return bool(task.has_state(TaskState.STARTED)) and (isinstance(spec, SubNode) or spec.repeats)


def _movable(task: Any) -> Any:
    """The token that goes: behind an event-based gateway, the gateway's own."""
    spec = task.task_spec
    if not spec.keeps_alive:
        raise Conflict("What only listens is not moved; move the token of its activity.")
    if _whole(task) is not None:
        raise Conflict("One of several is not moved by itself; move the whole activity.")
    if _is_ad_hoc(task.workflow):
        raise Conflict("Inside an ad-hoc sub-process nothing has a place to be moved to.")
    if not _stands_for_its_element(task):
        raise Conflict("What undoes other steps is not moved; let it come to its end.")
    return task.parent if isinstance(task.parent.task_spec, EventGateway) else task


def _whole(task: Any) -> Any | None:
    return task.parent if getattr(task.parent.task_spec, "repeats", False) else None


def _stands_for_its_element(task: Any) -> bool:
    """Whether the token is at an element as drawn, or one of several there; not what offers or undoes it."""
    return task.task_spec.name == f"#{task.task_spec.element.id}" or _whole(task) is not None


def _is_ad_hoc(workflow: Any) -> bool:
    return workflow.host is not None and workflow.host.task_spec.element.kind == _AD_HOC


def _places(workflow: Any) -> list[Any]:
    """Where a token of this process may be put: what a sequence flow leads to, and what begins without one."""
    return [spec for spec in _specs(workflow) if _is_place(spec)]


def _is_place(spec: Any) -> bool:
    """Not a start (what it waited for has happened only once), not what is attached, listens, or undoes."""
    element = spec.element
    barred = isinstance(spec, StartNode | Watch) or element.event_subprocess
    undoes = element.attributes.get("isForCompensation") == "true"
    return not barred and not undoes and spec.bpmn_id == spec.name.removeprefix("#")


def _specs(workflow: Any) -> Iterator[Any]:
    return (spec for spec in workflow.spec.task_specs.values() if isinstance(spec, Node))


def _flow_into(workflow: Any, target: Any, task: Any) -> str | None:
    """The flow by which the token is taken to come in: its own way if there is one, else one that lacks a token."""
    incoming = target.element.incoming
    taken = target.arrivals(workflow) if isinstance(target, Join) else {}
    own = set(task.task_spec.element.outgoing)
    free = [flow for flow in incoming if flow not in taken]
    return next((flow for flow in free if flow in own), next(iter(free or incoming), None))
