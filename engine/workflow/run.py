"""One command on one case: load or start, change, let it run to rest, ask what it did and what it waits for, dump."""

from collections.abc import Callable, Collection, Generator, Mapping
from datetime import datetime
from time import perf_counter
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.domain.errors import Conflict
from engine.workflow import adhoc, codec, interventions, recounting, scopes, standing, throwing, variables
from engine.workflow.catching import CatchNode, waits_for
from engine.workflow.definition import Definition
from engine.workflow.elements import EventKind
from engine.workflow.faults import Fault
from engine.workflow.instance import Case
from engine.workflow.joins import RestingJoin
from engine.workflow.nodes import ServiceNode, UserNode
from engine.workflow.records import Failed, Failure, OpenTask, Recount, ServiceCall, Step, Thrown, Token, Wait
from engine.workflow.script import FeelEngine
from engine.workflow.throwing import send_signal

STEPS = 10_000
SECONDS = 5.0

_KINDS = {
    EventKind.TIMER: "timer",
    EventKind.MESSAGE: "message",
    EventKind.SIGNAL: "signal",
    EventKind.CONDITION: "condition",
}


class Run:
    """A running case at the moment `now`. After any change, `advance` lets it come to rest.

    A Fault leaves the run unusable: the caller throws it away, and with it all that this command did. An error that
    nothing catches is no fault: its token stands still and is told by `failures`, as that of a service that failed; an
    escalation or signal that nothing catches is told by `take_thrown` and changes nothing.
    """

    def __init__(self, definition: Definition, case: Case, now: datetime) -> None:
        self.definition = definition
        self.now = now
        self._case = case

    @classmethod
    def start(
        cls,
        definition: Definition,
        data: Mapping[str, object],
        now: datetime,
        *,
        message: str | None = None,
        signal: str | None = None,
        timer: str | None = None,
        at: str | None = None,
    ) -> "Run":
        """A new case with `data`; Conflict where the process does not begin in that way.

        It begins by a message or signal of that name, by the timer of that element, or else at its plain start event:
        of several at the one named (`at`), or the first drawn (BPMN 2.0.2, 10.5.2: only one of them is triggered).
        """
        ways = {"message": message, "signal": signal, "timer": timer, "none": at}
        cause = next(((kind, name) for kind, name in ways.items() if name is not None), None)
        if not definition.main.starts.get(cause):
            raise Conflict("The process %(process)s cannot be started in this way.", process=definition.process_id)
        case = Case(definition.main, definition.specs, _engine(definition, now))
        case.data = variables.plain(definition.process_id, data)
        scopes.begin(case, cause)
        return cls(definition, case, now)

    @classmethod
    def load(cls, definition: Definition, state: bytes, now: datetime) -> "Run":
        """A case as it was dumped, at another moment."""
        return cls(definition, codec.load(definition, state, _engine(definition, now)), now)

    def dump(self) -> bytes:
        """The state, small and free of everything that is finished."""
        return codec.dump(self._case)

    def advance(self, *, steps: int = STEPS, seconds: float = SECONDS) -> Generator[ServiceCall, Any, None]:
        """Runs until the case waits for somebody or something; yields each service call, takes its result by `send`.

        Raises Fault when the budget of steps or seconds is used up; the caller's own seconds do not count.
        """
        left, deadline = steps, perf_counter() + seconds
        while (task := self._next()) is not None:
            left -= 1
            if left < 0:
                raise _stopped(task, _TOO_MANY, limit=steps)
            if perf_counter() > deadline:
                raise _stopped(task, _TOO_LONG, limit=f"{seconds:g}")
            if isinstance(task.task_spec, ServiceNode):
                asked = perf_counter()
                answer = yield (call := task.task_spec.call(task))
                deadline += perf_counter() - asked
                _take_answer(task, call, answer)
            else:
                _run(task)

    def complete(self, task_id: str, answers: Mapping[str, object]) -> None:
        """Does a user task; Conflict if it is not open."""
        task = self._case.find(task_id)
        if task is None or not isinstance(task.task_spec, UserNode) or not task.has_state(TaskState.READY):
            raise Conflict("This task is not open.")
        variables.take_results(task, variables.plain(task.task_spec.element.id, answers))
        task.complete()

    def fire_due(self, held: Collection[str] = ()) -> None:
        """Fires every timer that has run out, in the order in which they were due, but for those tied to `held` clocks."""
        due = [t for t in self._case.everything() if isinstance(t.task_spec, CatchNode)]
        due = [t for t in due if t.task_spec.is_due(t, self.now) and t.task_spec.element.clock not in held]
        for task in sorted(due, key=lambda task: datetime.fromisoformat(task.internal_data["due"])):
            if task.id in task.workflow.tasks and task.has_state(TaskState.WAITING):
                task.task_spec.fire(task)

    def reschedule(self, clock: str, due: datetime) -> int:
        """Moves the waiting timers that are tied to a legal clock; how many there were."""
        moved = 0
        for task in self._case.everything():
            if task.task_spec.element.clock == clock and "due" in task.internal_data and _waiting(task):
                task.internal_data["due"] = due.isoformat()
                moved += 1
        return moved

    def move_due_dates(self, clock: str, before: datetime, due: datetime) -> list[tuple[str, str]]:
        """Moves the due dates of the open tasks that show the last day of a legal clock; their ids and elements.

        Of several clocks of that name only those tasks move that showed the former last day of this one.
        """
        shown = f"={clock}_due_at"
        moved = []
        for task in self._case.everything():
            if not isinstance(task.task_spec, UserNode) or task.task_spec.element.due != shown:
                continue
            known = task.internal_data.get("due") if task.has_state(TaskState.READY) else None
            if known and datetime.fromisoformat(known) == before:
                task.internal_data["due"] = due.isoformat()
                moved.append((str(task.id), task.task_spec.element.id))
        return moved

    def postpone(self, task_id: str, due: datetime) -> bool:
        """Moves one waiting timer to another moment; False if it waits no more. A cycle goes on from its own rounds."""
        task = self._case.find(task_id)
        if task is None or "due" not in task.internal_data or not _waiting(task):
            return False
        task.internal_data["due"] = due.isoformat()
        recounting.forget(task)
        return True

    def recounts(self) -> list[Recount]:
        """The timers and due dates in working time that would be at another moment by the calendar in force."""
        tasks = [t for t in self._case.everything() if _waiting(t) or isinstance(t.task_spec, UserNode)]
        return [one for task in tasks for one in recounting.counted(task)]

    def recount(self, one: Recount) -> None:
        """Moves such a period to the moment that was counted."""
        task = self._case.find(one.task_id)
        if task is not None:
            task.internal_data["due"] = one.after.isoformat()

    def deliver(self, message: str, key: str | None, payload: Mapping[str, object]) -> bool:
        """Gives a message to the first that waits for it with this key; False if nobody does."""
        for task in self._case.everything():
            if waits_for(task, EventKind.MESSAGE, message) and (task.internal_data.get("key") or "") == (key or ""):
                task.task_spec.fire(task, variables.plain(task.task_spec.element.id, payload))
                return True
        return False

    def signal(self, name: str, payload: Mapping[str, object], only: Collection[str] | None = None) -> bool:
        """Lets everything that waits for a signal have it (`only` these, by task id); False if nothing does."""
        return send_signal(self._case, name, variables.plain(name, payload), only)

    def retry(self, task_id: str) -> None:
        """Lets what failed be tried again; Conflict if nothing failed there."""
        interventions.retry(self._case, task_id)

    def skip(self, task_id: str, values: Mapping[str, object]) -> None:
        """Goes on as if the element were completed with these values; Conflict where that means nothing."""
        interventions.skip(self._case, task_id, values)

    def move(self, task_id: str, element_id: str) -> None:
        """Takes a token to another element of the same process or sub-process; Conflict where that is not sound."""
        interventions.move(self._case, task_id, element_id)

    def correct(self, values: Mapping[str, object], task_id: str | None = None) -> None:
        """Puts values of the case right, or those that a token sees."""
        interventions.correct(self._case, values, task_id)

    def replace(self, name: str, former: object, value: object) -> None:
        """Puts a value right wherever the case, a process that it called or a token holds the `former` one under that name."""
        interventions.replace(self._case, name, former, value)

    def tokens(self) -> list[Token]:
        """Everything at which the case stands, and what may be done by hand there."""
        return interventions.tokens(self._case)

    def failures(self) -> list[Failure]:
        """The tokens that stand still because something failed."""
        return [standing.failure(task) for task in self._case.everything() if standing.stands(task)]

    def catches(self, task_id: str, code: str) -> bool:
        """Whether the diagram catches an error with this code of the activity itself."""
        task = self._case.find(task_id)
        return task is not None and throwing.catches_error(task, code)

    def open_tasks(self) -> list[OpenTask]:
        """The user tasks that wait for a person."""
        tasks = self._case.everything()
        return [_open(t) for t in tasks if isinstance(t.task_spec, UserNode) and t.has_state(TaskState.READY)]

    def waits(self) -> list[Wait]:
        """The timers, messages, signals and conditions that the case waits for."""
        tasks = [task for task in self._case.everything() if _waiting(task)]
        return [_wait(task) for task in tasks if task.task_spec.event.kind in _KINDS]

    def take_steps(self) -> list[Step]:
        """What happened since this was last asked, in order."""
        steps, self._case.steps = self._case.steps, []
        return steps

    def take_thrown(self) -> list[Thrown]:
        """What left the case since this was last asked, in order."""
        thrown, self._case.thrown = self._case.thrown, []
        return thrown

    def task_data(self, task_id: str) -> dict[str, Any]:
        """All data that the task sees, its own input mappings included; Conflict if it is gone."""
        task = self._case.find(task_id)
        if task is None:
            raise Conflict("This task is not open.")
        seen: dict[str, Any] = {}
        for scope in reversed(variables.around(task)):
            seen.update(scope)
        return variables.plain(task.task_spec.element.id, seen)

    @property
    def data(self) -> dict[str, Any]:
        """A copy of the case data."""
        return variables.plain(self.definition.process_id, self._case.data)

    @property
    def known(self) -> Mapping[str, Any]:
        """The case data as they are just now, to be read and not kept."""
        return MappingProxyType(self._case.data)

    @property
    def finished(self) -> bool:
        """Whether no token is left."""
        return bool(self._case.completed)

    @property
    def ends(self) -> tuple[str, ...]:
        """The end events of the case itself that were reached, in order."""
        return tuple(self._case.ends)

    def _next(self) -> Any | None:
        case = self._case
        while True:
            if case.changed:
                _conditions_true(case)
            while case.ready:
                task = case.ready.popleft()
                if task.id in task.workflow.tasks and task.has_state(TaskState.READY):
                    return task
            if not any(rule(case) for rule in _AT_REST):
                return None


def _engine(definition: Definition, now: datetime) -> FeelEngine:
    return FeelEngine(now, definition.zone, definition.offices)


def _run(task: Any) -> None:
    """Runs a ready token; it goes on unless what it threw has cancelled it."""
    task.task_spec._run(task)  # noqa: SLF001 - Task.run would complete a token that was cancelled meanwhile
    if task.id in task.workflow.tasks and task.has_state(TaskState.READY):
        task.complete()


def _conditions_true(case: Case) -> bool:
    """Fires every condition that has become true, and what these make true, until data stand still."""
    moved, deadline = False, perf_counter() + SECONDS
    for _ in range(STEPS if case.conditional else 0):
        true = [task for task in case.everything() if _waiting(task) and task.task_spec.became_true(task)]
        if not true:
            break
        moved = True
        if perf_counter() > deadline:
            raise _stopped(true[0], _TOO_LONG, limit=f"{SECONDS:g}")
        for task in true:
            if _live(task) and _waiting(task):
                task.task_spec.fire(task)
    else:
        if moved:
            raise _stopped(true[0], _TOO_MANY, limit=STEPS)
    case.changed = False
    return moved


def _joins_settle(case: Case) -> bool:
    joins = {
        (id(task.workflow), task.task_spec): task
        for task in case.everything()
        if isinstance(task.task_spec, RestingJoin)
    }
    return any(task.task_spec.settle(task.workflow) for task in joins.values() if _live(task))


def _case_ends(case: Case) -> bool:
    if not case.completed and case.over:
        case.clear()
        case.records, case.completed = [], True
    return False


# What is looked at when no token is ready; a rule that returns True has moved something.
_AT_REST: tuple[Callable[[Case], bool], ...] = (
    _conditions_true,
    adhoc.settle,
    scopes.settle,
    _joins_settle,
    _case_ends,
)


def _live(task: Any) -> bool:
    return task.id in task.workflow.tasks


def _waiting(task: Any) -> bool:
    spec = task.task_spec
    return isinstance(spec, CatchNode) and spec.event is not None and task.has_state(TaskState.WAITING)


_TOO_MANY = "The process took %(limit)s steps in one go without coming to rest; it was stopped here."
_TOO_LONG = "The process ran for %(limit)s seconds in one go without coming to rest; it was stopped here."


def _stopped(task: Any, message: str, *, limit: object) -> Fault:
    return Fault(task.task_spec.element.id, message, {"limit": limit})


def _take_answer(task: Any, call: ServiceCall, answer: Mapping[str, object] | Failed) -> None:
    if isinstance(answer, Failed):
        throwing.fail(task, answer, call.service)
    else:
        task.task_spec.answered(task, answer)


def _open(task: Any) -> OpenTask:
    facts = task.internal_data
    due = datetime.fromisoformat(facts["due"]) if "due" in facts else None
    return OpenTask(str(task.id), task.task_spec.element.id, facts.get("index"), due, facts.get("assignee"))


def _wait(task: Any) -> Wait:
    spec, facts = task.task_spec, task.internal_data
    due = datetime.fromisoformat(facts["due"]) if "due" in facts else None
    kind = _KINDS[spec.event.kind]
    element = spec.element
    return Wait(str(task.id), element.id, kind, spec.event.name or None, facts.get("key"), due, element.clock)
