"""Messages that nobody waited for, as the administrator's pages show them, and where each could go."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine import messages, pins
from engine.domain.errors import NotFound
from engine.queries.pages import SIZE, Page, count, in_range, offset
from engine.store import models
from engine.unmatched import OPEN
from engine.work import Work

Message = models.Message
PLACES = 100  # cases that a message is offered to


@dataclass(frozen=True, slots=True)
class Row:
    """A message in the list."""

    id: str
    name: str
    key: str
    status: str
    received_at: datetime
    expires_at: datetime
    payload: str


@dataclass(frozen=True, slots=True)
class Place:
    """A case that waits for a message of this name: the element, and the key with which it waits."""

    wait: str
    case: str
    title: str
    element: str
    element_en: str
    key: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One message with the cases it could go to and the processes it could start; `open` while nobody has decided."""

    message: Row
    open: bool
    places: tuple[Place, ...]
    processes: tuple[tuple[str, str, str], ...]


def listing(work: Work, status: str = "", number: int = 1) -> Page[Row]:
    """The messages that wait or have expired, the oldest on top; one status only where it is named."""
    number = in_range(number)
    wanted = [one for one in OPEN if status in {"", one}]
    condition = Message.status.in_(wanted)
    total = count(work.session, select(Message.id).where(condition))
    query = select(Message).where(condition).order_by(Message.received_at, Message.id)
    found = work.session.scalars(query.limit(SIZE + 1).offset(offset(number))).all()
    return Page(tuple(map(_row, found[:SIZE])), number, total, more=len(found) > SIZE)


def one(work: Work, message_id: str) -> Shown:
    """A message by its id; NotFound if there is none."""
    message = work.session.get(Message, message_id)
    if message is None:
        raise NotFound("There is no such message.")
    if message.status not in OPEN:
        return Shown(_row(message), open=False, places=(), processes=())
    return Shown(_row(message), open=True, places=_places(work, message), processes=_processes(work, message))


def _row(message: models.Message) -> Row:
    payload = json.dumps(message.payload, ensure_ascii=False, indent=2, sort_keys=True)
    return Row(message.id, message.name, message.key, message.status, message.received_at, message.expires_at, payload)


def _places(work: Work, message: models.Message) -> tuple[Place, ...]:
    query = (
        select(models.Wait, models.Case)
        .join(models.Case, models.Case.id == models.Wait.case_id)
        .where(models.Wait.kind == "message", models.Wait.name == message.name, models.Case.status == "active")
        .order_by(models.Case.number)
        .limit(PLACES)
    )
    found = []
    for wait, case in work.session.execute(query).all():
        element = pins.definition(work, case.release_id).elements.get(wait.element)
        name, name_en = (element.name, element.name_en) if element else ("", "")
        found.append(Place(wait.id, case.number, case.title, name or wait.element, name_en, wait.key))
    return tuple(found)


def _processes(work: Work, message: models.Message) -> tuple[tuple[str, str, str], ...]:
    """Id, name and English name of each process that the message could start."""
    found = []
    for process in messages.processes(work, message.name):
        diagram = pins.definition(work, pins.current(work, process).id).diagrams[process]
        found.append((process, diagram.name or process, diagram.name_en))
    return tuple(found)
