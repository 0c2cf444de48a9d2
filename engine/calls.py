"""What becomes of a service that a diagram calls: its result, a refusal for whoever acts, or a failure kept apart.

A service's "no" is its lawful answer: the diagram may catch it by its code; else whoever acts reads it, and nothing has
changed. What nobody reads (a timer, a message, a later try), and whatever is no "no" at all, must not undo what else the
command did: the service alone is undone, its token stands, and it is tried again, ever more rarely.
"""

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from engine import history, outbox, people, services
from engine.domain.errors import Refusal
from engine.domain.events import ServiceFailed
from engine.store import models
from engine.store.database import lost_lock
from engine.work import SYSTEM, Work, attempt
from engine.workflow import Failed, Run, ServiceCall

JOB: Final = "service"  # the kind of an outbox job that tries a service again
FAILURE: Final = "failure"  # the code of whatever a service did not mean to happen
LONGEST: Final = 500  # characters that are kept of why it failed

log = logging.getLogger(__name__)


def perform(work: Work, case: models.Case, run: Run, call: ServiceCall) -> Mapping[str, object] | Failed:
    """Does what a service task asks for, or says how it failed; a person's command that is refused raises the Refusal."""
    try:
        with _in_the_name_of(work, call.by):
            return attempt(work, lambda: services.perform(work, case, call.service, call.arguments))
    except Refusal as refusal:
        if run.catches(call.task_id, refusal.code):
            return _failed(work, case, call, refusal.code, _reason(refusal))
        if work.actor.id != SYSTEM.id:
            raise
        return _failed(work, case, call, refusal.code, _reason(refusal), left=_left(call))
    except Exception as error:
        if isinstance(error, DBAPIError) and lost_lock(error):
            raise  # the whole command is done again
        log.exception("the service %s failed in the case %s", call.service, case.number)
        return _failed(work, case, call, FAILURE, _reason(error), left=_left(call))


def _left(call: ServiceCall) -> int:
    return max(call.retries - call.tries - 1, 0)


def _failed(work: Work, case: models.Case, call: ServiceCall, code: str, reason: str, left: int = 0) -> Failed:
    """The failure, on the record; with a job for the next try if any is left."""
    by, at = call.by or work.actor.id, None
    if left:
        at = work.now + outbox.pause(call.tries)
        outbox.add(work, JOB, {"task": call.task_id, "element": call.element, "tries": call.tries + 1}, case, at=at)
    event = ServiceFailed(
        call.task_id, call.element, call.service, code, reason, call.tries + 1, at.isoformat() if at else None
    )
    history.record(work, event, case=case)
    return Failed(code, reason, left, by)


@contextmanager
def _in_the_name_of(work: Work, account_id: str) -> Generator[None]:
    """A later try is the act of whoever asked first: the law asks who decided, and who may."""
    actor = work.actor
    if account_id and account_id != actor.id:
        work.actor = SYSTEM if account_id == SYSTEM.id else people.by_id(work, account_id)
    try:
        yield
    finally:
        work.actor = actor


def _reason(error: Exception) -> str:
    """In one line, without the statement and the values that a database error carries along."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, Refusal):
        return str(cause)[:LONGEST]
    return f"{type(cause).__name__}: {cause}".splitlines()[0][:LONGEST]
