"""Messages between cases and from outside: each is delivered once, and waits for a while if nobody waits for it yet.

As in Camunda 8 (documentation, "Messages"): a message has a name and a key; it is correlated to waits with both, once in
each process, else it starts a case of each process that begins with it, but none while a case of that process that was
started with the same key is active. Then, and where nobody waits, it is kept for its time to live. A second arrival of a
message id is none. Beyond Camunda, one that `reaches` every case goes to each that waits: a diagram says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, select

from engine import cases, incidents, outbox, pins
from engine.domain.events import Event, MessageReceived
from engine.store import models
from engine.store.upsert import insert_if_absent
from engine.work import Work
from engine.workflow import Run

LIVES: Final = timedelta(days=365)  # how long a message waits for somebody to wait for it
WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"  # nobody waited, and it was not to be kept
CHUNK: Final = 100  # messages looked at in one transaction


@dataclass(frozen=True, slots=True)
class To:
    """For whom a message is: one case of each process that waits; or every case; or one of a process; or one case."""

    process: str | None = None
    case: str | None = None
    everyone: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether it is for some only: then nobody else hears it, and it starts nothing."""
        return self.process is not None or self.case is not None


def post(
    work: Work,
    name: str,
    key: str,
    payload: Mapping[str, object],
    message_id: str | None = None,
    lives: timedelta = LIVES,
) -> str:
    """Sends a message through the outbox, from outside a diagram; its id.

    With the sender's own `message_id` a second message of that id, name and key is the first one again. `lives` is how
    long it is kept where nobody waits for it; nothing: not at all.
    """
    said: dict[str, object] = {"name": name, "key": key, "payload": dict(payload)}
    said |= {"expires": (work.now + lives).isoformat(), "kept": lives > timedelta()}
    if message_id is None:
        return outbox.add(work, "message", said).id
    return outbox.add_once(work, f"message {name} {key} {message_id}", "message", said)


def deliver(
    work: Work,
    message_id: str,
    name: str,
    key: str,
    payload: Mapping[str, object],
    expires: datetime | None = None,
    to: To | None = None,
    *,
    kept: bool = True,
) -> None:
    """Brings a message to the cases that wait for it, else starts the processes that begin with it, else keeps it.

    A message that was delivered is not delivered again, however often it arrives. It is kept until it `expires`, unless
    it is not to be `kept` at all. One that is for a process or a case goes to that one if it waits, or to nobody.
    """
    insert_if_absent(
        work.transaction,
        models.Message,
        id=message_id,
        name=name,
        key=key,
        payload=dict(payload),
        status="waiting",
        received_at=work.now,
        expires_at=expires or work.now + LIVES,
    )
    try_again(work, message_id, to)
    message = work.session.get_one(models.Message, message_id)
    if message.status == WAITING and not kept:
        message.status = DROPPED


def try_again(work: Work, message_id: str, to: To | None = None) -> None:
    """Looks once more for a case that waits for a kept message, among those for whom it is."""
    message = work.session.get_one(models.Message, message_id, with_for_update=True)
    if message.status != WAITING:
        return
    to = to or To()
    case = _to_waiting(work, message, to)
    if case is not None and to.everyone:
        _to_other_cases(work, message, case)
    elif case is not None and not to.narrowed:
        _to_other_processes(work, message, case.process)
    if case is None and not to.narrowed:
        case = _to_starts(work, message)
    if case is not None:
        delivered(work, message, case)


def delivered(work: Work, message: models.Message, case: models.Case) -> None:
    """The message has reached its case."""
    message.status, message.delivered_at, message.case_id = DELIVERED, work.now, case.id


def expire(work: Work) -> None:
    """Gives up on messages for which nobody came to wait in time; each is an incident, for what it said was not done."""
    old = select(models.Message).where(models.Message.status == WAITING, models.Message.expires_at <= work.now)
    for message in work.session.scalars(old.limit(CHUNK).with_for_update(skip_locked=True)):
        message.status = EXPIRED
        said = f"Nobody waited for the message {message.name} ({message.key}) of {message.received_at:%Y-%m-%d}."
        incidents.report(work, None, message.id, "message", said)


def match(work: Work) -> None:
    """Finds the kept messages for which somebody waits after all, or whose key is free to start a case again.

    Two transactions may pass each other unseen: one keeps the message while the other begins to wait for it.
    """
    early = (
        select(models.Message.id, models.Wait.id)
        .join(models.Wait, and_(models.Wait.name == models.Message.name, models.Wait.key == models.Message.key))
        .where(models.Message.status == WAITING, models.Wait.kind == "message")
    )
    free = (
        select(models.Message.id, models.Case.id)
        .join(models.StartKey, models.StartKey.key == models.Message.key)
        .join(models.Case, models.Case.id == models.StartKey.case_id)
        .where(models.Message.status == WAITING, models.Case.status != cases.ACTIVE)
    )
    for query in (early, free):
        for message_id, after in work.session.execute(query.limit(CHUNK)).all():
            outbox.add_early_message(work, message_id, after)


def hand_over(work: Work, case: models.Case, message: models.Message) -> None:
    """Gives the message to a case that this work has locked and that waits for it."""

    def change(run: Run) -> Event:
        run.deliver(message.name, message.key, message.payload)
        return MessageReceived(message.id, message.name, message.key, message.payload)

    cases.move(work, case, change)


def start(work: Work, process: str, message: models.Message) -> models.Case | None:
    """Starts a case of the process with the message; None while one that was started with the same key is active."""
    if not message.key:
        return cases.start(work, process, message.payload, message=message.name)
    insert_if_absent(work.transaction, models.StartKey, process=process, key=message.key)
    held = work.session.get_one(models.StartKey, (process, message.key), with_for_update=True, populate_existing=True)
    before = work.session.get(models.Case, held.case_id) if held.case_id else None
    if before is not None and before.status == cases.ACTIVE:
        return None
    case = cases.start(work, process, message.payload, message=message.name)
    held.case_id = case.id
    return case


def processes(work: Work, name: str) -> list[str]:
    """The processes of which a message of that name starts a case."""
    query = select(models.Release).where(models.Release.current).order_by(models.Release.process)
    return [
        release.process
        for release in work.session.scalars(query).all()
        if name in pins.definition(work, release.id).diagrams[release.process].messages_started
    ]


def _to_waiting(work: Work, message: models.Message, to: To) -> models.Case | None:
    query = select(models.Wait.case_id).where(
        models.Wait.kind == "message", models.Wait.name == message.name, models.Wait.key == message.key
    )
    if to.process is not None:
        query = query.join(models.Case, models.Case.id == models.Wait.case_id).where(models.Case.process == to.process)
    if to.case is not None:
        query = query.where(models.Wait.case_id == to.case)
    for case_id in work.session.scalars(query.order_by(models.Wait.id)).all():
        case = cases.lock(work, case_id)
        if case.status == cases.ACTIVE and _still_waits(work, case, message):
            hand_over(work, case, message)
            return case
    return None


def _to_other_processes(work: Work, message: models.Message, reached: str) -> None:
    """Cases of other processes wait for the same: each process gets it once, in a work of its own (one case, one lock)."""
    query = (
        select(models.Case.process)
        .join(models.Wait, models.Wait.case_id == models.Case.id)
        .where(models.Wait.kind == "message", models.Wait.name == message.name, models.Wait.key == message.key)
        .where(models.Case.status == cases.ACTIVE, models.Case.process != reached)
    )
    for process in work.session.scalars(query.distinct().order_by(models.Case.process)).all():
        said: dict[str, object] = {"name": message.name, "key": message.key, "payload": message.payload}
        outbox.add_once(work, f"{message.id} {process}", "message", {**said, "kept": False, "process": process})


def _to_other_cases(work: Work, message: models.Message, reached: models.Case) -> None:
    """Every other case that waits for the same gets it as well, in a work of its own, of whatever process it is."""
    query = (
        select(models.Wait.case_id)
        .join(models.Case, models.Case.id == models.Wait.case_id)
        .where(models.Wait.kind == "message", models.Wait.name == message.name, models.Wait.key == message.key)
        .where(models.Case.status == cases.ACTIVE, models.Case.id != reached.id)
    )
    for case_id in work.session.scalars(query.distinct().order_by(models.Wait.case_id)).all():
        said: dict[str, object] = {"name": message.name, "key": message.key, "payload": message.payload}
        outbox.add_once(work, f"{message.id} {case_id}", "message", {**said, "kept": False, "case": case_id})


def _still_waits(work: Work, case: models.Case, message: models.Message) -> bool:
    """Seen under the lock: another message may have been there first."""
    query = select(models.Wait.id).where(
        models.Wait.case_id == case.id,
        models.Wait.kind == "message",
        models.Wait.name == message.name,
        models.Wait.key == message.key,
    )
    return work.session.scalars(query).first() is not None


def _to_starts(work: Work, message: models.Message) -> models.Case | None:
    """Every process that begins with the message gets a new case; the first of them answers for the message."""
    started = [start(work, process, message) for process in processes(work, message.name)]
    return next((case for case in started if case is not None), None)
