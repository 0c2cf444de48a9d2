"""Messages for which nobody waited: an administrator gives each to a case, has it start one, or discards it."""

from typing import Final

from sqlalchemy import select

from engine import cases, history, incidents, messages
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import MessageDiscarded, MessageRedirected, MessageReleased
from engine.store import models
from engine.work import Work

ADMINISTRATOR: Final = "administrator"
OPEN: Final = (messages.WAITING, messages.EXPIRED)
DISCARDED: Final = "discarded"
STREAM: Final = "messages"


def redirect(work: Work, message_id: str, wait_id: str, reason: str) -> models.Case:
    """Gives the message to a case that waits for one of its name, with the key that the case waits with."""
    message = _open(work, message_id, reason)
    wait = work.session.get(models.Wait, wait_id)
    if wait is None or wait.kind != "message" or wait.name != message.name:
        raise Conflict("This case does not wait for the message any more.")
    case = cases.lock(work, wait.case_id)
    wait = work.session.get(models.Wait, wait_id, populate_existing=True)
    if wait is None or case.status != cases.ACTIVE:
        raise Conflict("This case does not wait for the message any more.")
    event = MessageRedirected(message.id, message.name, message.key, wait.key, reason.strip())
    message.key = wait.key
    history.record(work, event, case=case)
    messages.hand_over(work, case, message)
    _settle(work, message, case, reason)
    return case


def release(work: Work, message_id: str, process: str, reason: str) -> models.Case:
    """Has the message start a case of a process that begins with it."""
    message = _open(work, message_id, reason)
    if process not in messages.processes(work, message.name):
        raise Conflict("The process %(process)s does not begin with this message.", process=process)
    case = messages.start(work, process, message)
    if case is None:
        raise Conflict("A case that was started with this key is still active: give the message to it, or wait.")
    history.record(work, MessageReleased(message.id, message.name, process, reason.strip()), case=case)
    _settle(work, message, case, reason)
    return case


def discard(work: Work, message_id: str, reason: str) -> None:
    """Decides that the message is for nobody; it stays on the record."""
    message = _open(work, message_id, reason)
    message.status = DISCARDED
    history.record(work, MessageDiscarded(message.id, message.name, message.key, reason.strip()), stream=STREAM)
    _mend(work, message, reason)


def _open(work: Work, message_id: str, reason: str) -> models.Message:
    if not work.actor.holds(ADMINISTRATOR):
        raise NotAllowed("Only an administrator decides about messages that nobody waits for.")
    message = work.session.get(models.Message, message_id, with_for_update=True)
    if message is None:
        raise NotFound("There is no such message.")
    if message.status not in OPEN:
        raise Conflict("This message has been dealt with already.")
    if not reason.strip():
        problem = Problem("reason", "Say why: the history keeps it.")
        raise Invalid("The message was left as it is.", [problem])
    return message


def _settle(work: Work, message: models.Message, case: models.Case, reason: str) -> None:
    messages.delivered(work, message, case)
    _mend(work, message, reason)


def _mend(work: Work, message: models.Message, reason: str) -> None:
    """The incident that told of an expired message is mended with it."""
    query = select(models.Incident.id).where(
        models.Incident.cause == "message",
        models.Incident.element == message.id,
        models.Incident.resolved_at.is_(None),
    )
    for incident in work.session.scalars(query).all():
        incidents.resolve(work, incident, reason.strip())
