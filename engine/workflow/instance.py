"""One running case as SpiffWorkflow workflows: the case itself, and below it each running sub-process or called process."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.workflow import compact
from engine.workflow.records import Step, Thrown
from engine.workflow.script import FeelEngine

Specs = Mapping[str, Any]


class Tokens:
    """What the case and its sub-processes share: new tokens stand under the root, finished ones go."""

    tasks: dict[UUID, Any]
    task_tree: Any
    spec: Any
    top_workflow: Any
    records: list[Any]

    def plant(self) -> None:
        """Gives the tree its root, as done as it always is, and nothing to undo yet."""
        self.records = []
        self.task_tree = Task(self, self.spec.start, state=TaskState.COMPLETED)

    def put(self, spec: Any, **facts: Any) -> Any:
        """A new token at an element; it acts, waits or becomes ready at once."""
        return self.hang(self.task_tree, spec, **facts)

    def hang(self, parent: Any, spec: Any, **facts: Any) -> Any:
        """A new token below another one, with which it will go: an instance of several, a boundary event."""
        task = self.add(parent, spec, **facts)
        task.task_spec._update(task)  # noqa: SLF001 - what SpiffWorkflow itself calls when a token arrives
        return task

    def add(self, parent: Any, spec: Any, **facts: Any) -> Any:
        """A new token below another one, which does nothing yet."""
        task = parent._add_child(spec, TaskState.FUTURE)  # noqa: SLF001 - the only way to add a task
        task.internal_data.update(facts)
        self.top_workflow.note_age(task)
        return task

    def consume(self, task: Any) -> None:
        """Takes a token away that has been used up: others go on for it."""
        task._set_state(TaskState.COMPLETED)  # noqa: SLF001 - without successors
        compact.remove(task)

    def live(self) -> Iterator[Any]:
        """The tokens of this process itself, the oldest first."""
        return (task for task in list(self.tasks.values()) if task is not self.task_tree)

    @property
    def over(self) -> bool:
        """Whether no token is left; listeners that only wait for something to begin do not count."""
        return not any(task.task_spec.keeps_alive for task in self.tasks.values() if task is not self.task_tree)

    def clear(self) -> None:
        """Cancels every token in here."""
        for task in self.live():
            if task.id in self.tasks:
                self.top_workflow.cancel_token(task)

    def update_waiting_tasks(self) -> None:
        """SpiffWorkflow asks every waiting task after every step; here each is told when its time has come."""

    def _task_completed_notify(self, task: Any) -> None:
        if task.id in self.tasks:
            compact.remove(task)


class Case(Tokens, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The case: its data, its sub-processes by the task they run in, and what happened in this command.

    `conditional` says that there are conditional events, `changed` that data were written since they were last asked;
    `born` counts the tokens there have been.
    """

    holds_data = True
    host = None

    def __init__(self, spec: Any, specs: Specs, engine: FeelEngine) -> None:
        super().__init__(spec, specs, script_engine=engine, deserializing=True)
        self.ready: deque[Any] = deque()
        self.steps: list[Step] = []
        self.thrown: list[Thrown] = []
        self.ends: list[str] = []
        self.conditional = any(inside.conditional for inside in specs.values())
        self.changed = False
        self.born = 0
        self.plant()

    def open_scope(self, host: Any, spec: Any) -> "Scope":
        """The sub-process that runs in `host` from now on."""
        scope = Scope(spec, host, self)
        self.subprocesses[host.id] = scope
        return scope

    def everything(self) -> Iterator[Any]:
        """All tokens, the oldest first."""
        everywhere = (task for workflow in (self, *self.subprocesses.values()) for task in workflow.live())
        return iter(sorted(everywhere, key=lambda task: task.age))

    def note_age(self, task: Any, age: int | None = None) -> None:
        """Gives a token its place in the order in which tokens began: the next one, or the one it had when stored."""
        task.age = self.born if age is None else age
        self.born = max(self.born, task.age + 1)

    def find(self, task_id: str) -> Any | None:
        """The token of that id, or None."""
        try:
            wanted = UUID(task_id)
        except ValueError:
            return None
        trees = (workflow.tasks for workflow in (self, *self.subprocesses.values()))
        return next((tree[wanted] for tree in trees if wanted in tree), None)

    def note(self, task: Any, kind: str, element: str | None = None) -> None:
        """Remembers a step for the history; at the token's element, if no other is named."""
        step = Step(str(task.id), element or task.task_spec.element.id, kind, self.script_engine.now)
        self.steps.append(step)

    def cancel_token(self, task: Any) -> None:
        """Ends a token where it stands, with what runs in it and what is attached to it."""
        for below in list(task.children):
            self.cancel_token(below)
        self.close_scope(task)
        begun = not task.has_state(TaskState.FUTURE)
        brought_back = task.internal_data.get("undoes") == task.task_spec.name  # to be undone; it was not entered again
        task._set_state(TaskState.CANCELLED)  # noqa: SLF001 - Task.cancel would also rewrite the tree
        if begun and task.task_spec.tells and not brought_back:
            self.note(task, "cancelled")
        compact.remove(task)

    def close_scope(self, host: Any) -> None:
        """Ends what still runs in the sub-process of a task, and forgets it."""
        scope = self.subprocesses.get(host.id)
        if scope is not None:
            scope.clear()
            del self.subprocesses[host.id]


class Scope(Tokens, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A running sub-process or called process; only the latter holds data of its own."""

    def __init__(self, spec: Any, host: Any, top: Case) -> None:
        self.host = host
        super().__init__(spec, host.id, top, deserializing=True)
        self.holds_data = host.task_spec.isolates
        self.plant()

    @property
    def parent_workflow(self) -> Any:
        """The process that the sub-process is a part of."""
        return self.host.workflow
