"""Case data lives in scopes, as in Camunda 8: the process and each called process hold it, tasks add local values.

A token carries no data, so that branches that meet have nothing to merge and none can overwrite what it did not touch.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import orjson

from engine.workflow.elements import Assignment
from engine.workflow.faults import Fault

LOCAL = "local"


def plain(element: str, values: Mapping[str, object]) -> dict[str, Any]:
    """A copy of `values` that shares nothing with them and is JSON; Fault names the element whose values are not."""
    try:
        copy: dict[str, Any] = orjson.loads(orjson.dumps(dict(values)))
    except TypeError as error:
        raise Fault(element, "These values are no plain JSON: %(reason)s", {"reason": str(error)}) from error
    return copy


def visible(task: Any) -> MutableMapping[str, Any]:
    """All that an expression at this task may name, the innermost first."""
    return ChainMap(*_scopes(task))


def around(task: Any) -> list[dict[str, Any]]:
    """The values that a task sees, scope by scope, the innermost first."""
    return _scopes(task)


def keep_inputs(task: Any) -> None:
    """Evaluates the input mappings into values of the task itself."""
    element = task.task_spec.element
    if element.inputs:
        local = mapped(task, element.inputs)
        task.internal_data[LOCAL] = {**task.internal_data.get(LOCAL, {}), **local}


def mapped(task: Any, lines: Iterable[Assignment], produced: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The values of mapping lines; each may name what the lines before it made, and what was `produced`."""
    made: dict[str, Any] = {}
    scope = ChainMap(made, dict(produced or {}), *_scopes(task))
    for line in lines:
        spec = task.task_spec
        _place(made, line.target, task.workflow.top_workflow.script_engine.json(spec.element.id, line.source, scope))
    return made


def take_results(task: Any, produced: Mapping[str, object]) -> None:
    """Puts what an activity or event brought into the case data: through its outputs, or whole where it maps none."""
    element = task.task_spec.element
    write(task, _outputs(task, produced) if element.outputs else plain(element.id, produced))


def _outputs(task: Any, produced: Mapping[str, object]) -> dict[str, Any]:
    """Like `mapped`, but a dotted target adds to the value outside instead of replacing it."""
    made: dict[str, Any] = {}
    outer = ChainMap(*_outer_scopes(task))
    scope = ChainMap(made, dict(produced), *_scopes(task))
    for line in task.task_spec.element.outputs:
        head = line.target.partition(".")[0]
        if "." in line.target and head not in made and isinstance(outer.get(head), dict):
            made[head] = plain(head, outer[head])
        value = task.workflow.top_workflow.script_engine.json(task.task_spec.element.id, line.source, scope)
        _place(made, line.target, value)
    return made


def write(task: Any, values: Mapping[str, Any]) -> None:
    """Each value goes to the nearest scope around the task that has its name, else to the process."""
    task.workflow.top_workflow.changed = True
    scopes = _outer_scopes(task)
    declared = task.internal_data.get("declared", ())
    for name, value in values.items():
        if name in declared:
            task.internal_data[LOCAL][name] = value
            continue
        scope = next((scope for scope in scopes if name in scope), scopes[-1])
        scope[name] = value


def _scopes(task: Any) -> list[dict[str, Any]]:
    found = []
    while task is not None:
        if local := task.internal_data.get(LOCAL):
            found.append(local)
        if task.workflow.holds_data and not _instance(task):
            found.append(task.workflow.data)
            return found
        task = task.parent if _instance(task) else task.workflow.host
    return found


def _outer_scopes(task: Any) -> list[dict[str, Any]]:
    scopes = _scopes(task)
    return scopes[1:] if task.internal_data.get(LOCAL) else scopes


def _instance(task: Any) -> bool:
    """Whether the task is one of several: then the values around it are those of the whole."""
    return task.parent is not None and bool(getattr(task.parent.task_spec, "repeats", False))


def _place(values: dict[str, Any], target: str, value: Any) -> None:
    *path, last = target.split(".")
    for name in path:
        inner = values.get(name)
        values[name] = dict(inner) if isinstance(inner, dict) else {}
        values = values[name]
    values[last] = value
