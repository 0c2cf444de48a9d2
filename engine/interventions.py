"""What an administrator does to a case that cannot go on by itself: looked at first, then done as it was looked at.

Trying out changes nothing: it plays the case on a copy, and performs no service; where one would be called, it says so.
Doing is refused if the case has moved since it was tried out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from engine import business_rules, cases, feel, incidents, outbox, pins, rights
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import CaseIntervened, Event
from engine.store import models, rows
from engine.work import Work
from engine.workflow import Definition, Failed, Fault, Run, Token, Wait

NO_REASON: Final = "Write why you intervene; it stays on the record."
SKIPPED: Final = "skipped"  # the status of a task that somebody let go by


class Kind(StrEnum):
    """What may be done."""

    RETRY = "retry"
    SKIP = "skip"
    MOVE = "move"
    CORRECT = "correct"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Act:
    """One intervention: at which token, to which element, and the values, each as the FEEL text that somebody typed."""

    kind: Kind
    task_id: str = ""
    to: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention would do; `revision` is that of the case it was tried out on.

    `calls` are elements and the services that would be called there: the case is shown as it stands before they are.
    """

    revision: int
    steps: Sequence[tuple[str, str]]
    opens: Sequence[str]
    vanishes: Sequence[str]
    begins_to_wait: Sequence[tuple[str, str, datetime | None]]
    waits_no_more: Sequence[tuple[str, str, datetime | None]]
    changed: Sequence[tuple[str, object, object]]
    calls: Sequence[tuple[str, str]]
    failures: Sequence[tuple[str, str]]
    messages: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    ends: bool
    fault: Problem | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as an administrator finds it: its tokens, and its data."""

    case: models.Case
    definition: Definition
    tokens: Sequence[Token]
    data: Mapping[str, object]


def standing(work: Work, number: str) -> Standing:
    """Where a case stands; for administrators, and auditors who look at what they did."""
    if not work.actor.holds(incidents.ADMINISTRATOR, "auditor"):
        raise NotAllowed("Only an administrator intervenes in a case.")
    case = _by_number(work, number)
    definition = pins.definition(work, case.release_id)
    run = Run.load(definition, case.state, work.now)
    return Standing(case, definition, run.tokens(), run.data)


def try_out(work: Work, number: str, act: Act) -> Effect:
    """What the act would do, done on a copy; Conflict or Invalid where it cannot be done at all."""
    case = _by_number(work, number)
    _require_right(work, case, act)
    definition = pins.definition(work, case.release_id)
    run, copy = (Run.load(definition, case.state, work.now) for _ in range(2))
    try:
        _apply(copy, act, _values(work, act, run))
        calls = _play(work, case, copy)
    except Fault as fault:
        return _effect(case, run, run, [], Problem(fault.element, fault.message, fault.params))
    return _effect(case, run, copy, calls)


def do(work: Work, number: str, act: Act, reason: str, revision: int) -> None:
    """Does what was tried out, if the case has not moved since; both how it stood and how it stands are recorded."""
    case = cases.lock(work, _by_number(work, number).id)
    _require_right(work, case, act)
    if not reason.strip():
        raise Invalid("Something is missing.", [Problem("reason", NO_REASON)])
    if case.revision != revision:
        raise Conflict("The case has moved since you looked. Look again at what it would do.")

    def change(run: Run) -> Event:
        values = _values(work, act, run)
        element = _element(run, act.task_id)
        before = _state(run, values)
        _apply(run, act, values)
        return CaseIntervened(act.kind, act.task_id, element, act.to, reason.strip(), before, _state(run, values))

    if act.kind is Kind.SKIP:
        _skip_row(work, act.task_id)
    cases.move(work, case, change)


def send_again(work: Work, incident_id: str) -> None:
    """Lets a job that was given up be tried again from the beginning; its incident ends when it is done."""
    if not work.actor.holds(incidents.ADMINISTRATOR):
        raise NotAllowed("Only an administrator intervenes in a case.")
    incident = work.session.get(models.Incident, incident_id)
    job = work.session.get(models.Outbox, incident.outbox_id, with_for_update=True) if incident else None
    if incident is None or job is None:
        raise NotFound("There is no such incident.")
    if job.done_at is not None or job.next_attempt_at is not None:
        raise Conflict("This was done already, or is about to be tried again.")
    outbox.again(work, job)


def _by_number(work: Work, number: str) -> models.Case:
    case = work.session.query(models.Case).filter_by(number=number).one_or_none()
    if case is None:
        raise NotFound("There is no case %(number)s.", number=number)
    return case


def _require_right(work: Work, case: models.Case, act: Act) -> None:
    """Only an administrator; and who may not do a task, because of what they did before, may not let it go by either."""
    if not work.actor.holds(incidents.ADMINISTRATOR):
        raise NotAllowed("Only an administrator intervenes in a case.")
    if case.status != cases.ACTIVE:
        raise Conflict("The case %(number)s has ended.", number=case.number)
    task = work.session.get(models.Task, act.task_id) if act.kind in {Kind.SKIP, Kind.MOVE} else None
    if task is not None and (no := next(iter(rights.barred(work, task)), None)) is not None:
        raise no


def _apply(run: Run, act: Act, values: Mapping[str, object]) -> None:
    match act.kind:
        case Kind.RETRY:
            run.retry(act.task_id)
        case Kind.SKIP:
            run.skip(act.task_id, values)
        case Kind.MOVE:
            run.move(act.task_id, act.to)
        case Kind.CORRECT:
            run.correct(values, act.task_id or None)
        case Kind.RESUME:
            run.fire_due()


def _values(work: Work, act: Act, run: Run) -> dict[str, object]:
    """What was typed, as values; an expression may name what the case knows."""
    known = run.task_data(act.task_id) if act.task_id else run.data
    values: dict[str, object] = {}
    for name, text in act.values.items():
        try:
            values[name] = feel.to_json(feel.compile(text)(known, now=work.local))
        except feel.FeelError as error:
            raise Invalid(
                "A value cannot be read.", [Problem("value", error.told.message, error.told.params)]
            ) from error
    if act.kind is Kind.CORRECT and not values:
        raise Invalid("Something is missing.", [Problem("name", "Write which value is to be put right.")])
    return values


def _play(work: Work, case: models.Case, run: Run) -> list[tuple[str, str]]:
    """Runs to rest without any service; the tokens stay where they would be called. Decisions are made: they do nothing."""
    calls: list[tuple[str, str]] = []
    moves = run.advance()
    answer: object = None
    while True:
        try:
            call = moves.send(answer)
        except StopIteration:
            return calls
        if business_rules.asked(call):
            answer = business_rules.would_answer(work, case, run, call)
        else:
            calls.append((call.element, call.service))
            answer = Failed("", "", tries_left=1)


def _effect(
    case: models.Case, old: Run, new: Run, calls: Sequence[tuple[str, str]], fault: Problem | None = None
) -> Effect:
    opened, open_before = ({task.id: task.element for task in run.open_tasks()} for run in (new, old))
    waits, waited = ({(wait.task_id, wait.element): _wait(wait) for wait in run.waits()} for run in (new, old))
    data, known = new.data, old.data
    return Effect(
        revision=case.revision,
        steps=[(step.kind, step.element) for step in new.take_steps()],
        opens=[element for key, element in opened.items() if key not in open_before],
        vanishes=[element for key, element in open_before.items() if key not in opened],
        begins_to_wait=[wait for key, wait in waits.items() if key not in waited],
        waits_no_more=[wait for key, wait in waited.items() if key not in waits],
        changed=[
            (name, known.get(name), data[name]) for name in data if name not in known or known[name] != data[name]
        ],
        calls=calls,
        failures=[(one.element, one.message) for one in new.failures() if not one.tries_left],
        messages=[thrown.name for thrown in new.take_thrown() if thrown.kind == "message"],
        before=[token.element for token in old.tokens()],
        after=[token.element for token in new.tokens()],
        ends=new.finished,
        fault=fault,
    )


def _wait(wait: Wait) -> tuple[str, str, datetime | None]:
    return wait.kind, wait.element, wait.due


def _element(run: Run, task_id: str) -> str:
    return next((token.element for token in run.tokens() if token.task_id == task_id), "")


def _state(run: Run, values: Mapping[str, object]) -> dict[str, object]:
    """How the case stands, as far as the intervention touches it."""
    data = run.data
    return {
        "stands": [token.element for token in run.tokens()],
        "values": {name: data[name] for name in values if name in data},
    }


def _skip_row(work: Work, task_id: str) -> None:
    """A task that was let go by counts as done by whoever decided so, for those who must be somebody else."""
    task = work.session.get(models.Task, task_id)
    if task is not None and task.status == "open":
        rows.update(
            work.transaction, models.Task, task_id, status=SKIPPED, done_at=work.now, done_by=work.actor.id, draft=None
        )
