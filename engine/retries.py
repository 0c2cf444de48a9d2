"""A service that failed is tried again later, once for each job, inside the lock of its case."""

from engine import cases, pins
from engine.domain.events import Event, ServiceRetried
from engine.store import models
from engine.work import Work
from engine.workflow import Failure, Run


def again(work: Work, job: models.Outbox) -> None:
    """Tries the service once more; nothing happens if its token went away meanwhile, or somebody tried it by hand."""
    if job.case_id is None:
        raise TypeError(job.id)
    case = cases.lock(work, job.case_id)
    failure = _still_stands(work, case, str(job.payload["task"]), job.payload["tries"])
    if failure is None:
        return

    def change(run: Run) -> Event:
        run.retry(failure.task_id)
        return ServiceRetried(failure.task_id, failure.element, failure.service or "", failure.tries + 1)

    cases.move(work, case, change)


def _still_stands(work: Work, case: models.Case, task_id: str, tries: object) -> Failure | None:
    if case.status != cases.ACTIVE:
        return None
    run = Run.load(pins.definition(work, case.release_id), case.state, work.now)
    return next((one for one in run.failures() if one.task_id == task_id and one.tries == tries), None)
