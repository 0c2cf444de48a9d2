"""Tokens that stand still because something failed where they are: a service, or an error that nothing caught."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.records import Failed, Failure

FAILED = "failed"  # the fact of a token that stands still
TRIED = "tried"  # the fact of a token that is tried again: how often it failed, and who asked first


def stand(task: Any, failed: Failed, service: str | None = None) -> None:
    """Leaves the token where it is, with what failed there."""
    facts = task.internal_data
    before = facts.pop(TRIED, {"tries": 0, "by": ""})
    facts[FAILED] = {
        "code": failed.code,
        "message": failed.message,
        "tries": before["tries"] + 1,
        "left": failed.tries_left,
        "by": before["by"] or failed.by,
        "service": service,
    }
    task._set_state(TaskState.WAITING)  # noqa: SLF001 - Task.state refuses to step back


def stands(task: Any) -> bool:
    """Whether the token stands still because something failed."""
    return FAILED in task.internal_data


def again(task: Any) -> None:
    """Makes the token ready once more; it remembers that it was tried."""
    facts = task.internal_data
    failed = facts.pop(FAILED)
    facts[TRIED] = {"tries": failed["tries"], "by": failed["by"]}
    task._ready()  # noqa: SLF001 - as SpiffWorkflow does when a task may run


def failure(task: Any) -> Failure:
    """What failed at a token that stands still."""
    said = task.internal_data[FAILED]
    return Failure(
        task_id=str(task.id),
        element=task.task_spec.element.id,
        code=said["code"],
        message=said["message"],
        tries=said["tries"],
        tries_left=said["left"],
        by=said["by"],
        service=said["service"],
    )
