"""Case data lives in scopes, as in Camunda 8: the process and each called process hold it, tasks add local values.

A token carries no data, so that branches that meet have nothing to merge and none can overwrite what it did not touch.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from hashlib import blake2b
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


def mark(value: object) -> str:
    """A short text that differs where values differ: it tells later whether a copy was changed."""
    return blake2b(orjson.dumps(value), digest_size=12).hexdigest()


def declare(task: Any, names: Iterable[str]) -> None:
    """Makes variables that live and die with the task; they are null at first."""
    if fresh := dict.fromkeys(names):
        task.internal_data[LOCAL] = {**fresh, **task.internal_data.get(LOCAL, {})}


def keep_inputs(task: Any) -> None:
    """Evaluates the input mappings into values of the task itself."""
    element = task.task_spec.element
    if element.inputs:
        local = mapped(task, element.inputs)
        task.internal_data[LOCAL] = {**task.internal_data.get(LOCAL, {}), **local}


def mapped(task: Any, lines: Iterable[Assignment], produced: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The values of mapping lines; each may name what the lines before it made, and what was `produced`."""
    made: dict[str, Any] = {}
    apart = ChainMap(dict(produced or {}), *_scopes(task))
    scope = apart.new_child(made)
    element, engine = task.task_spec.element, task.workflow.top_workflow.script_engine
    for line in lines:
        _place(made, line.target, engine.json(element.id, line.source, apart if line.apart else scope))
    return made


def take_results(task: Any, produced: Mapping[str, object]) -> None:
    """Puts what an activity or event brought into the case data: through its outputs, or whole where it maps none.

    Unmapped, a value goes to the nearest scope that has its name, the task's own first: so a local value stays local.
    Mapped, it goes past the task's own values; of several instances each keeps its own (Camunda 8, variable scopes).
    """
    element = task.task_spec.element
    if element.outputs:
        _put(task, _outputs(task, produced), _scopes(task) if _instance(task) else _outer_scopes(task))
    else:
        _put(task, plain(element.id, produced), _scopes(task))


def _outputs(task: Any, produced: Mapping[str, object]) -> dict[str, Any]:
    """Like `mapped`, but a dotted target adds to the value outside instead of replacing it."""
    made: dict[str, Any] = {}
    outer = ChainMap(*_outer_scopes(task))
    apart = ChainMap(dict(produced), *_scopes(task))
    scope = apart.new_child(made)
    for line in task.task_spec.element.outputs:
        head = line.target.partition(".")[0]
        if "." in line.target and head not in made and isinstance(outer.get(head), dict):
            made[head] = plain(head, outer[head])
        value = task.workflow.top_workflow.script_engine.json(
            task.task_spec.element.id, line.source, apart if line.apart else scope
        )
        _place(made, line.target, value)
    return made


def write(task: Any, values: Mapping[str, Any]) -> None:
    """Each value goes to the nearest scope around the task that has its name, else to the process."""
    _put(task, values, _outer_scopes(task))


def _put(task: Any, values: Mapping[str, Any], scopes: list[dict[str, Any]]) -> None:
    task.workflow.top_workflow.changed = True
    for name, value in values.items():
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
