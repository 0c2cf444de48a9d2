"""What SpiffWorkflow 3.2.0 gets wrong, put right once at import; any other version is refused.

Our own nodes keep out of the way of most of it: data live in scopes and finished tasks leave at once. It is put right
all the same, because every class of the library can be reached from here, and none may lose data in silence.
"""
# ruff: noqa: SLF001 - repairing a library means touching what it keeps to itself

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.node_parser import NodeParser
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.task import BpmnTaskFilter, BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskFilter, TaskIterator, TaskState
from SpiffWorkflow.version import __version__

VERIFIED: Final = "3.2.0"
ANY_DEPTH: Final = 1 << 60
_MISSING: Final = object()


def require_verified(version: str) -> None:
    """Refuses a version of the library on which nobody has verified the repairs."""
    if version != VERIFIED:
        message = f"The repairs are verified for SpiffWorkflow {VERIFIED}, not {version}."
        raise ImportError(message)


def walk_to_any_depth() -> None:
    """Walks trees of any depth; the library stops after 1000 levels and says nothing.

    https://github.com/sartography/spiff-arena/issues/1530, https://github.com/sartography/SpiffWorkflow/issues/441
    """

    def begin(
        self: Any,
        task: Any,
        end_at_spec: Any = None,
        max_depth: Any = None,
        depth_first: Any = True,  # noqa: FBT002 - the library calls it so
    ) -> None:
        self.end_at_spec, self.depth_first = end_at_spec, depth_first
        self.max_depth = ANY_DEPTH if max_depth is None else max_depth
        self.queue = deque([(task, 0)])
        state = self.task_filter.state
        definite = TaskState.FUTURE if state & TaskState.DEFINITE_MASK else TaskState.COMPLETED
        self.min_state = TaskState.MAYBE if state & TaskState.PREDICTED_MASK else definite

    def plain(self: Any, task: Any, *where: Any, task_filter: Any = None, **more: Any) -> None:
        places = {name: more.pop(name) for name in ("end_at_spec", "max_depth", "depth_first") if name in more}
        self.task_filter = task_filter or TaskFilter(**more)
        begin(self, task, *where, **places)

    def bpmn(self: Any, task: Any, *where: Any, task_filter: Any = None, **more: Any) -> None:
        places = {name: more.pop(name) for name in ("end_at_spec", "max_depth", "depth_first") if name in more}
        self.skip_subprocesses = more.pop("skip_subprocesses", False)
        self.task_filter = task_filter or BpmnTaskFilter(**more)
        begin(self, task, *where, **places)

    TaskIterator.__init__, TaskIterator._next = plain, _next_task
    BpmnTaskIterator.__init__, BpmnTaskIterator._next = bpmn, _next_task


def _next_task(self: Any) -> Any:
    if not self.queue:
        raise StopIteration
    task, depth = self.queue.pop() if self.depth_first else self.queue.popleft()
    inner = task.workflow.top_workflow.subprocesses.get(task.id) if isinstance(self, BpmnTaskIterator) else None
    enters = task.state >= self.min_state or inner is not None
    if enters and depth < self.max_depth and task.task_spec.name != self.end_at_spec:
        below = list(task.children)
        if inner is not None and not self.skip_subprocesses and not _nothing_open(self, task):
            below = [inner.task_tree, *below] if self.depth_first else [*below, inner.task_tree]
        self.queue.extend((child, depth + 1) for child in (reversed(below) if self.depth_first else below))
    return task


def _nothing_open(walk: Any, task: Any) -> bool:
    done: bool = task.state >= TaskState.FINISHED_MASK and walk.task_filter.state <= TaskState.FINISHED_MASK
    return done


def ancestors(task: Any) -> Iterator[Any]:
    """The tasks above, the nearest first."""
    while (task := task.workflow.tasks.get(task._parent)) is not None:
        yield task


def climb_without_recursion() -> None:
    """Looks up the tree step by step; the library recurses, and fails some thousand levels down.

    https://github.com/sartography/SpiffWorkflow/pull/448
    """

    def is_descendant_of(self: Any, task: Any) -> bool:
        return any(above is task for above in ancestors(self))

    def find_ancestor(self: Any, spec_name: str) -> Any | None:
        return next((above for above in ancestors(self) if above.task_spec.name == spec_name), None)

    Task.is_descendant_of, Task.find_ancestor = is_descendant_of, find_ancestor


def merge3(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """`ours` with what `theirs` changed against `base`; where both changed the same, theirs counts."""
    merged = dict(ours)
    for key in dict.fromkeys((*base, *theirs)):
        was, our, their = (values.get(key, _MISSING) for values in (base, ours, theirs))
        if their is was or their == was:
            continue
        if isinstance(their, dict) and isinstance(our, dict):
            merged[key] = merge3(was if isinstance(was, dict) else {}, our, their)
        elif their is not _MISSING:
            merged[key] = their
        elif our is was or our == was:
            merged.pop(key, None)
    return merged


def merge_joined_branches() -> None:
    """Joins keep what each branch changed; in the library the branch that ends last overwrites all the others.

    https://github.com/sartography/SpiffWorkflow/issues/440, https://github.com/sartography/spiff-arena/issues/1502
    """

    def run(self: Any, my_task: Any) -> bool:
        merged = {i for above in ancestors(my_task) for i in above.internal_data.get("joined", ())}
        upward = {above.id for above in ancestors(my_task)}
        others = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self
            and task is not my_task
            and task.has_state(TaskState.FINISHED_MASK)
            and task.id not in upward
            and str(task.id) not in merged
            and task.parent is not None
            and task.parent.has_state(TaskState.COMPLETED)
        ]
        _merge_into(my_task, sorted(others, key=lambda task: task.last_state_change))
        for task in others:
            if task.has_state(TaskState.COMPLETED):
                task._drop_children(force=True)
        return True

    UnstructuredJoin._run_hook = run


def _merge_into(my_task: Any, others: list[Any]) -> None:
    if not others:
        my_task._inherit_data()
        return
    mine = [my_task, *ancestors(my_task)]
    order = {task.id: level for level, task in enumerate(mine)}
    base = mine[max(next(order[a.id] for a in ancestors(task) if a.id in order) for task in others)].data
    merged: Mapping[str, Any] = base
    for branch in [*(task.parent for task in others), my_task.parent]:
        merged = merge3(base, merged, branch.data)
    my_task.data = deepcopy(dict(merged))
    my_task.internal_data["joined"] = [str(task.id) for task in others]


def count_tokens_at_parallel_joins() -> None:
    """A parallel join fires when each flow holds an arrival that no earlier firing used (BPMN 2.0.2, 13.4.1).

    The library asks which branches ever arrived, and in a loop fires too early:
    https://github.com/sartography/SpiffWorkflow/issues/341
    """

    def update(self: Any, my_task: Any) -> bool:
        if my_task.internal_data.get("used"):
            return bool(my_task.internal_data["used"] == str(my_task.id))
        first: dict[str, Any] = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and _unused_arrival(task):
                first.setdefault(task.parent.task_spec.name, task)
        if len(first) < len({source.name for source in self.inputs}):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in first.values():
            task.internal_data["used"] = str(my_task.id)
        my_task.internal_data["used"] = str(my_task.id)
        for task in first.values():
            if task is not my_task and not task.has_state(TaskState.FINISHED_MASK):
                task.cancel()
        my_task._inherit_data()
        return True

    def run(_self: Any, my_task: Any) -> bool:
        used = str(my_task.id)
        tasks = my_task.workflow.tasks.values()
        _merge_into(my_task, [t for t in tasks if t is not my_task and t.internal_data.get("used") == used])
        return True

    ParallelGateway._update_hook, ParallelGateway._run_hook = update, run


def _unused_arrival(task: Any) -> bool:
    arrived = task.parent is not None and task.parent.has_state(TaskState.COMPLETED)
    return arrived and not task.internal_data.get("used") and not task.has_state(TaskState.COMPLETED | TaskState.ERROR)


def replace_lists() -> None:
    """A list is one value; the library merges lists place by place, so that [1, 2, 3] and [3] make [1].

    https://github.com/sartography/spiff-arena/pull/2917
    """

    def merge_array(a: list[Any], b: list[Any], _path: Any = None) -> None:
        a[:] = b

    DeepMerge.merge_array = staticmethod(merge_array)


def find_data_objects_outwards() -> None:
    """Looks for a data object scope by scope; the library never ends two scopes down. No thread is known."""

    def resolve(self: Any, reference: Any) -> Any | None:
        scope = self.process_parser if reference is not None else None
        while scope is not None:
            found = scope.spec.data_objects.get(reference.get("dataObjectRef"))
            if found is not None:
                return found
            scope = scope.parent
        return None

    NodeParser._resolve_data_object_ref = resolve


def tell_why_a_service_failed() -> None:
    """A service that fails says why; the library raises a NameError of its own instead. No thread is known."""

    def call_service(self: Any, task: Any, **call: Any) -> Any:
        try:
            return self.environment.call_service(task.data, **call)
        except WorkflowTaskException:
            raise
        except Exception as error:
            reason = f"service {call.get('operation_name')} failed: {error}"
            raise WorkflowTaskException(reason, task=task, exception=error) from error

    PythonScriptEngine.call_service = call_service


def allow_an_output_beside_a_cardinality() -> None:
    """Counts instances into an output that exists; the library misspells its own name there. No thread is known."""

    def prepare(self: Any, my_task: Any) -> None:
        if not self.data_output.exists(my_task):
            self.data_output.set(my_task, [])
        elif not isinstance(output := self.data_output.get(my_task), dict) and output:
            self.raise_data_exception("With a cardinality, the output must be a map or an empty list", my_task)

    MultiInstanceTask.init_data_output_with_cardinality = prepare


def keep_case_data_out_of_logs() -> None:
    """The library copies all data into a log record at each change of state, unless its own loggers are quiet."""
    for name in ("spiff.task", "spiff.workflow"):
        logging.getLogger(name).setLevel(logging.WARNING)


require_verified(__version__)
walk_to_any_depth()
climb_without_recursion()
merge_joined_branches()
replace_lists()
find_data_objects_outwards()
tell_why_a_service_failed()
allow_an_output_beside_a_cardinality()
count_tokens_at_parallel_joins()
keep_case_data_out_of_logs()
