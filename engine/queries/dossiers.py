"""What lies in one case: its tasks, documents, letters, history, and the path it has taken."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.elements import ColumnElement

from engine import pins
from engine.domain.errors import NotFound
from engine.queries import deliveries, incidents, visible
from engine.queries.deliveries import Way
from engine.queries.inbox import last_day
from engine.queries.pages import SIZE, Page, in_range, offset
from engine.store import models
from engine.work import Work
from engine.workflow import Element, drawing

STEPS_READ: Final = 2000  # events of the path that a page reads back; an old case shows its latest part


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of the case, open or not; `readable` says whether the reader may open it."""

    id: str
    name: str
    name_en: str
    role: str
    status: str
    opened_at: datetime
    due_on: date | None
    left: int | None
    done_at: datetime | None
    done_by: str | None
    holder: str | None
    mine: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was handed in with the case."""

    id: str
    filename: str
    media_type: str
    size: int
    field: str
    uploaded_at: datetime
    uploaded_by: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A notice of the case; it can be opened once it is rendered."""

    id: str
    number: str
    template: str
    audience: str
    title: str
    title_en: str
    status: str
    issued_at: datetime
    notified_at: datetime | None
    received_on: date | None
    ready: bool
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of the history; `name` is what its task, step or letter is called."""

    seq: int
    at: datetime
    actor: str
    type: str
    data: Mapping[str, object]
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that the case has met: `state` is now, waiting, done, stopped or failed, `times` how often it was entered."""

    element: str
    kind: str
    name: str
    name_en: str
    state: str
    times: int


@dataclass(frozen=True, slots=True)
class DiagramChoice:
    """A process that the case runs: its own first, then those it calls."""

    process: str
    name: str
    name_en: str


def tasks(work: Work, case_id: str) -> tuple[TaskRow, ...]:
    """Every task of the case: open ones first, then what was done, the latest on top."""
    holder, doer = aliased(models.Account), aliased(models.Account)
    query = (
        select(models.Task, holder.name, doer.name)
        .outerjoin(holder, holder.id == models.Task.assignee_id)
        .outerjoin(doer, doer.id == models.Task.done_by)
        .where(models.Task.case_id == case_id)
        .order_by(models.Task.status != "open", models.Task.opened_at.desc())
        .limit(SIZE * 8)
    )
    return tuple(_task_row(work, *row) for row in work.session.execute(query))


def documents(work: Work, case_id: str) -> tuple[Document, ...]:
    """The files of the case that the actor may see, the latest on top."""
    hidden = _kept_inside(work, case_id)
    query = (
        select(models.Evidence, models.Blob.size, models.Account.name)
        .join(models.Blob, models.Blob.sha256 == models.Evidence.sha256)
        .outerjoin(models.Account, models.Account.id == models.Evidence.uploaded_by)
        .where(models.Evidence.case_id == case_id)
        .order_by(models.Evidence.uploaded_at.desc())
    )
    return tuple(
        Document(
            id=row.id,
            filename=row.filename,
            media_type=row.media_type,
            size=size,
            field=row.field,
            uploaded_at=row.uploaded_at,
            uploaded_by=name or "",
            expires_on=row.expires_on,
        )
        for row, size, name in work.session.execute(query)
        if row.id not in hidden
    )


def letters(work: Work, case_id: str) -> tuple[LetterRow, ...]:
    """The notices of the case, the latest on top."""
    query = (
        select(models.Letter, models.Resource.title, models.Resource.title_en)
        .join(models.ResourceVersion, models.ResourceVersion.id == models.Letter.version_id)
        .join(models.Resource, models.Resource.id == models.ResourceVersion.resource_id)
        .where(models.Letter.case_id == case_id, visible.letters(work.actor))
        .order_by(models.Letter.issued_at.desc())
    )
    rows = work.session.execute(query).all()
    ways = deliveries.ways(work, [row.id for row, _title, _title_en in rows])
    return tuple(
        LetterRow(
            id=row.id,
            number=row.number,
            template=row.template,
            audience=row.audience,
            title=title,
            title_en=title_en,
            status=row.status,
            issued_at=row.issued_at,
            notified_at=row.notified_at,
            received_on=row.received_on,
            ready=row.sha256 is not None,
            ways=ways[row.id],
        )
        for row, title, title_en in rows
    )


def history(work: Work, case_id: str, release_id: str, number: int = 1, *, steps: bool = False) -> Page[Fact]:
    """The facts of the case, the latest on top; the engine's own steps only when asked for."""
    number = in_range(number)
    query = select(models.Event).where(models.Event.case_id == case_id)
    if not work.actor.holds(*visible.READERS):
        query = query.where(models.Event.type.not_in(visible.INSIDE), *_not_of_the_office(work, case_id))
    if not steps:
        query = query.where(models.Event.type != "TokensMoved")
    order = query.order_by(models.Event.id.desc()).limit(SIZE + 1).offset(offset(number))
    rows = list(work.session.scalars(order))
    letters = _letter_names(work)
    facts = tuple(_fact(work, row, letters, _elements(work, row.release_id or release_id)) for row in rows[:SIZE])
    return Page(facts, number, len(rows), more=len(rows) > SIZE)


def path(work: Work, case_id: str, release_id: str, process: str) -> tuple[Mark, ...]:
    """The elements of the case's own diagram that it has met, in the order in which it first met them."""
    definition = pins.definition(work, release_id)
    query = (
        select(models.Event.data)
        .where(models.Event.case_id == case_id, models.Event.type == "TokensMoved")
        .order_by(models.Event.id.desc())
        .limit(STEPS_READ)
    )
    state: dict[str, str] = {}
    times: dict[str, int] = {}
    for data in reversed(list(work.session.scalars(query))):
        for kind, element in json.loads(data)["steps"]:
            state[element] = _state(kind)
            times[element] = times.get(element, 0) + (kind == "entered")
    own = definition.diagrams[process].elements
    waiting = set(work.session.scalars(select(models.Wait.element).where(models.Wait.case_id == case_id)))
    failed = {stop.element for stop in incidents.stops(work, case_id, release_id)}
    return tuple(
        _mark(own[element], "failed" if element in failed else "waiting" if element in waiting else how, times[element])
        for element, how in state.items()
        if element in own
    )


def diagrams(work: Work, release_id: str) -> tuple[DiagramChoice, ...]:
    """The case's own process and those that it may call."""
    definition = pins.definition(work, release_id)
    own = definition.process_id
    order = sorted(definition.diagrams.values(), key=lambda one: (one.process_id != own, one.name))
    return tuple(DiagramChoice(one.process_id, one.name, one.name_en) for one in order)


def xml(work: Work, release_id: str, process: str) -> bytes:
    """The diagram as it was published in the release, written as every canvas reads it."""
    return drawing(pins.version(work, release_id, "process", process).content)


def require_evidence(work: Work, evidence_id: str) -> None:
    """Raises NotFound unless the document exists and the actor may see it."""
    _require(work, models.Evidence.id == evidence_id, models.Evidence.operator_id, "There is no such document.")
    case_id = work.session.scalar(select(models.Evidence.case_id).where(models.Evidence.id == evidence_id))
    if case_id is not None and evidence_id in _kept_inside(work, case_id):
        raise NotFound("There is no such document.")


def require_letter(work: Work, letter_id: str) -> None:
    """Raises NotFound unless the letter exists and the actor may see it."""
    if not work.session.scalar(select(func.count()).where(models.Letter.id == letter_id, visible.letters(work.actor))):
        raise NotFound("There is no such letter.")


def _require(
    work: Work, which: ColumnElement[bool], operator_id: InstrumentedAttribute[str | None], refusal: str
) -> None:
    if not work.session.scalar(select(func.count()).where(which, visible.to(work.actor, operator_id))):
        raise NotFound(refusal)


def _elements(work: Work, release_id: str | None) -> Mapping[str, Element]:
    """The elements of a release: what was done is judged by the one in which it was done, whatever the case has now."""
    return pins.definition(work, release_id).elements if release_id else {}


def _kept_inside(work: Work, case_id: str) -> set[str]:
    """The documents of the case that the actor may not see: what others handed in with tasks that are not shared."""
    if work.actor.holds(*visible.READERS):
        return set()
    theirs = select(models.AccountOperator.account_id).where(
        models.AccountOperator.operator_id.in_(work.actor.operators)
    )
    query = select(models.Evidence.id).where(models.Evidence.case_id == case_id)
    foreign = set(work.session.scalars(query.where(models.Evidence.uploaded_by.not_in(theirs))))
    return foreign - _shared(work, case_id) if foreign else foreign


def _shared(work: Work, case_id: str) -> set[str]:
    """Every text in answers that the actor may read; the ids of documents are among them."""
    query = select(models.Event.data, models.Event.release_id)
    query = query.where(models.Event.case_id == case_id, models.Event.type == "TaskCompleted")
    found: set[str] = set()
    for data, release_id in work.session.execute(query):
        event = json.loads(data)
        if visible.answers(work.actor, _elements(work, release_id).get(event["element"])):
            found |= set(_texts(event["answers"]))
    return found


def _not_of_the_office(work: Work, case_id: str) -> Iterator[ColumnElement[bool]]:
    """The conditions on events that leave out those about letters which are not for the operator."""
    query = select(models.Letter.id).where(models.Letter.case_id == case_id, not_(visible.letters(work.actor)))
    return (not_(models.Event.data.contains(id_)) for id_ in work.session.scalars(query).all())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _task_row(work: Work, task: models.Task, holder: str | None, doer: str | None) -> TaskRow:
    due_on = last_day(work, task.due_at) if task.due_at else None
    return TaskRow(
        id=task.id,
        name=task.name,
        name_en=task.name_en,
        role=task.role,
        status=task.status,
        opened_at=task.opened_at,
        due_on=due_on,
        left=(due_on - work.today).days if due_on else None,
        done_at=task.done_at,
        done_by=doer,
        holder=holder,
        mine=task.assignee_id == work.actor.id,
        readable=visible.answers(work.actor, _elements(work, task.release_id).get(task.element)),
    )


def _letter_names(work: Work) -> dict[str, tuple[str, str]]:
    letters = select(models.Resource.key, models.Resource.title, models.Resource.title_en)
    found = work.session.execute(letters.where(models.Resource.kind == "letter"))
    return {key: (title, title_en) for key, title, title_en in found}


def _fact(
    work: Work, row: models.Event, letters: Mapping[str, tuple[str, str]], elements: Mapping[str, Element]
) -> Fact:
    data = json.loads(row.data)
    if "answers" in data and not work.actor.holds(*visible.READERS):
        # What stood in a field before may have been written by the office for itself; what the office answers to
        # arguments, and how a committee votes, reaches the party by the decision.
        shown = visible.answers(work.actor, elements.get(str(data.get("element", ""))))
        data |= {"answers": data["answers"] if shown else {}, "before": {}}
    if "votes" in data and not work.actor.holds(*visible.READERS):
        data |= {"votes": []}
    if row.type in {"DecisionMade", "DecisionMadeV2"} and not visible.answers(
        work.actor, elements.get(data["element"])
    ):
        data |= {"inputs": {}, "matched": [], "steps": [], "outputs": None}
    element = elements.get(str(data.get("element", "")))
    named = (element.name, element.name_en) if element else ("", "")
    name, name_en = letters.get(str(data.get("template", "")), named)
    return Fact(
        seq=row.seq,
        at=row.at,
        actor=row.actor_name,
        type=row.type,
        data=data,
        name=name,
        name_en=name_en,
    )


def _state(step: str) -> str:
    return {"entered": "now", "cancelled": "stopped"}.get(step, "done")


def _mark(element: Element, state: str, times: int) -> Mark:
    return Mark(element.id, element.kind, element.name, element.name_en, state, times)
