"""Messages between cases and from outside: each is delivered once, and waits for a while if nobody waits for it yet."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, select

from engine import cases, incidents, outbox, pins
from engine.domain.events import Event, MessageReceived
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work
from engine.workflow import Run

LIVES: Final = timedelta(days=365)  # how long a message waits for somebody to wait for it
CHUNK: Final = 100  # messages looked at in one transaction


def post(work: Work, name: str, key: str, payload: Mapping[str, object]) -> str:
    """Sends a message through the outbox, from outside a diagram; its id."""
    return outbox.add(work, "message", {"name": name, "key": key, "payload": dict(payload)}).id


def deliver(work: Work, message_id: str, name: str, key: str, payload: Mapping[str, object]) -> None:
    """Brings a message to the case that waits for it, else starts the processes that begin with it, else keeps it.

    A message that was delivered is not delivered again, however often it arrives.
    """
    insert_if_absent(
        work.session,
        models.Message,
        id=message_id,
        name=name,
        key=key,
        payload=dict(payload),
        status="waiting",
        received_at=work.now,
        expires_at=work.now + LIVES,
    )
    try_again(work, message_id)


def try_again(work: Work, message_id: str) -> None:
    """Looks once more for a case that waits for a kept message."""
    message = work.session.get_one(models.Message, message_id, with_for_update=True)
    if message.status != "waiting":
        return
    case = _to_waiting(work, message) or _to_starts(work, message)
    if case is not None:
        message.status, message.delivered_at, message.case_id = "delivered", work.now, case.id


def expire(work: Work) -> None:
    """Gives up on messages for which nobody came to wait in time; each is an incident, for what it said was not done."""
    old = select(models.Message).where(models.Message.status == "waiting", models.Message.expires_at <= work.now)
    for message in work.session.scalars(old.limit(CHUNK).with_for_update(skip_locked=True)):
        message.status = "expired"
        said = f"Nobody waited for the message {message.name} ({message.key}) of {message.received_at:%Y-%m-%d}."
        incidents.report(work, None, message.id, "message", said)


def match(work: Work) -> None:
    """Finds the kept messages for which somebody waits after all.

    Two transactions may pass each other unseen: one keeps the message while the other begins to wait for it.
    """
    early = (
        select(models.Message.id, models.Wait.id)
        .join(models.Wait, and_(models.Wait.name == models.Message.name, models.Wait.key == models.Message.key))
        .where(models.Message.status == "waiting", models.Wait.kind == "message")
    )
    for message_id, wait_id in work.session.execute(early.limit(CHUNK)).all():
        outbox.add_early_message(work, message_id, wait_id)


def _to_waiting(work: Work, message: models.Message) -> models.Case | None:
    query = select(models.Wait.case_id).where(
        models.Wait.kind == "message", models.Wait.name == message.name, models.Wait.key == message.key
    )
    for case_id in work.session.scalars(query.order_by(models.Wait.id)).all():
        case = cases.lock(work, case_id)
        if case.status == cases.ACTIVE and _still_waits(work, case, message):
            _hand_over(work, case, message)
            return case
    return None


def _still_waits(work: Work, case: models.Case, message: models.Message) -> bool:
    """Seen under the lock: another message may have been there first."""
    query = select(models.Wait.id).where(
        models.Wait.case_id == case.id,
        models.Wait.kind == "message",
        models.Wait.name == message.name,
        models.Wait.key == message.key,
    )
    return work.session.scalars(query).first() is not None


def _hand_over(work: Work, case: models.Case, message: models.Message) -> None:
    def change(run: Run) -> Event:
        run.deliver(message.name, message.key, message.payload)
        return MessageReceived(message.id, message.name, message.key, message.payload)

    cases.move(work, case, change)


def _to_starts(work: Work, message: models.Message) -> models.Case | None:
    """Every process that begins with the message gets a new case; the first of them answers for the message."""
    started = []
    for release in work.session.scalars(select(models.Release).where(models.Release.current)).all():
        diagram = pins.definition(work, release.id).diagrams[release.process]
        if message.name in diagram.messages_started:
            started.append(cases.start(work, release.process, message.payload, message=message.name))
    return started[0] if started else None
