"""Whatever is finished leaves the state at once: a case keeps its open tokens, and nothing of the way behind them.

SpiffWorkflow keeps every finished task for ever; its trees grow with each turn of a loop
(https://github.com/sartography/SpiffWorkflow/pull/148, https://github.com/sartography/spiff-arena/issues/773).
Nothing here looks back at a finished task: data live in scopes, joins count arrivals that are themselves tokens, new
tokens stand under the root, and what happened is told in steps. A finished task therefore goes when it is finished.
"""

from typing import Any


def remove(task: Any) -> None:
    """Takes a finished task out of its tree, with all that still hangs under it (which the caller has ended)."""
    if (parent := task.parent) is not None:
        parent._children.remove(task.id)  # noqa: SLF001 - SpiffWorkflow's own removal recurses
    todo = [task]
    while todo:
        gone = todo.pop()
        todo.extend(gone.children)
        del gone.workflow.tasks[gone.id]
