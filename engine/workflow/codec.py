"""The state of a case as bytes: one byte that names the format, then zstd over JSON; never a specification.

Tasks are an ordered list, parents first, because JSON objects lose their order in some stores. Nothing that people
typed is ever taken for a type: SpiffWorkflow's serializer looks up a class for every object with the key `typename`
(https://github.com/sartography/spiff-arena/issues/1712), and restores tasks in the order of their random ids
(https://github.com/sartography/spiff-arena/issues/1512).
"""

from collections.abc import Mapping
from threading import local
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.workflow.definition import Definition
from engine.workflow.faults import Fault
from engine.workflow.instance import Case
from engine.workflow.script import FeelEngine

FORMAT = b"\x01"
MOST = 32_000_000  # bytes of unpacked state; a hostile or broken blob is refused before it fills the memory
_zstd = local()


def dump(case: Case) -> bytes:
    """The state of a case."""
    workflows = [(None, case), *((str(host), scope) for host, scope in case.subprocesses.items())]
    state = {
        "ends": case.ends,
        "done": case.completed,
        "scopes": [_scope(host, workflow) for host, workflow in workflows],
    }
    if not hasattr(_zstd, "compressor"):
        _zstd.compressor = zstandard.ZstdCompressor(level=3)
    packed: bytes = _zstd.compressor.compress(orjson.dumps(state))
    return FORMAT + packed


def load(definition: Definition, state: bytes, engine: FeelEngine) -> Case:
    """The case that was dumped, on the specifications of its definition; Fault if it does not fit or is damaged."""
    return restore(definition, unpacked(definition, state), engine)


def restore(definition: Definition, said: Any, engine: FeelEngine) -> Case:
    """The case that `unpacked` tells of, on the specifications of a definition."""
    case = Case(definition.main, definition.specs, engine)
    case.ends, case.completed = said["ends"], said["done"]
    tasks: dict[str, Any] = {}
    for scope in said["scopes"]:
        host = scope["host"]
        workflow = case if host is None else case.open_scope(tasks[host], _inside(definition, tasks[host]))
        workflow.data, workflow.records = scope["data"], scope.get("records", [])
        for row in scope["tasks"]:
            tasks[row["id"]] = _task(case, workflow, row)
    return case


def unpacked(definition: Definition, state: bytes) -> Any:
    """What the bytes say, as JSON; Fault if they are damaged."""
    if state[:1] != FORMAT:
        raise Fault(definition.process_id, "The stored state has an unknown format.")
    if not hasattr(_zstd, "decompressor"):
        _zstd.decompressor = zstandard.ZstdDecompressor()
    packed = state[1:]
    try:
        if zstandard.frame_content_size(packed) > MOST:  # the library's own limit does not hold for frames that say it
            raise Fault(definition.process_id, "The stored state is too large.")
        return orjson.loads(_zstd.decompressor.decompress(packed, max_output_size=MOST))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise Fault(definition.process_id, "The stored state is damaged.") from error


def _inside(definition: Definition, host: Any) -> Any:
    return definition.specs[host.task_spec.spec]


def _scope(host: str | None, workflow: Any) -> Mapping[str, object]:
    scope = {"host": host, "data": workflow.data, "tasks": [_row(task) for task in workflow.live()]}
    return scope | {"records": workflow.records} if workflow.records else scope


def _row(task: Any) -> Mapping[str, object]:
    parent = task.parent
    row: dict[str, object] = {"id": str(task.id), "at": task.task_spec.name, "state": task.state}
    if parent is not task.workflow.task_tree:
        row["under"] = str(parent.id)
    row["age"] = task.age
    if task.internal_data:
        row["facts"] = task.internal_data
    return row


def _task(case: Case, workflow: Any, row: Mapping[str, Any]) -> Any:
    spec = workflow.spec.task_specs.get(row["at"])
    if spec is None:
        raise Fault(row["at"].removeprefix("#"), "The case stands at an element that its diagram does not have.")
    parent = workflow.tasks[UUID(row["under"])] if "under" in row else workflow.task_tree
    task = Task(workflow, spec, parent, state=row["state"], id=UUID(row["id"]))
    task.internal_data = row.get("facts", {})
    case.note_age(task, row.get("age"))
    if task.state == TaskState.READY and not spec.manual:
        case.ready.append(task)
    return task
