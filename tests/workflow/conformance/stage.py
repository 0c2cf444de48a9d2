"""Plays a conformance case on the engine, and compares what happens with what its TOML says."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.domain.calendars import OfficeCalendar
from engine.domain.errors import Invalid
from engine.domain.worktime import WorkingTime
from engine.workflow import Definition, Diagram, Known, Run, ServiceCall, check, read, read_all, records
from tests.workflow.conformance.pairs import Act, Pair

NOW: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine in the morning in San Salvador
OFFICE: Final = ZoneInfo("America/El_Salvador")
LENGTH: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?(?<![PT])"
)
WORKS: Final = WorkingTime(OfficeCalendar(), time(8), time(16))
OFTEN: Final = 50


def complaints(pair: Pair) -> list[tuple[str, str]]:
    """Where and why publication refuses the diagram; nothing where it accepts it."""
    try:
        diagram = read(pair.file(), process=pair.process)
    except Invalid as refusal:
        return [(problem.where, str(problem)) for problem in refusal.problems]
    beside = [one for one in read_all(pair.file()) if one.process_id != diagram.process_id]
    called = [*beside, *(read(data) for data in pair.files_called())]
    found = [one for each in (diagram, *beside) for one in check(each, surroundings(diagram, called))]
    return [(complaint.where, str(complaint)) for complaint in found if complaint.severity == "error"]


def surroundings(diagram: Diagram, called: list[Diagram]) -> Known:
    """An office that has every form, role, letter and service that the files name."""
    elements = [element for each in (diagram, *called) for element in each.elements.values()]
    services: dict[str, set[str]] = {}
    for element in elements:
        if element.service:
            services.setdefault(element.service, set()).update(line.target.partition(".")[0] for line in element.inputs)
    return Known(
        services=services,
        optional=services,
        forms={element.form for element in elements if element.form},
        decisions={element.decision for element in elements if element.decision},
        processes={each.process_id: each for each in called},
        roles={*diagram.roles, *(role for each in called for role in each.roles)},
    )


class Stage:
    """A case on its way; `reload` dumps and loads it before and after each act."""

    def __init__(self, pair: Pair, *, reload: bool) -> None:
        self.pair, self.reload, self.now = pair, reload, NOW
        own = read(pair.file(), process=pair.process).process_id
        called = {read(data).process_id: data for data in pair.files_called()}
        called |= {one.process_id: pair.file() for one in read_all(pair.file()) if one.process_id != own}
        self.definition = Definition.build(pair.file(), called, process=own, offices={"office": WORKS})
        self.calls: list[Mapping[str, Any]] = []
        self.answered: Counter[str] = Counter()
        self.run = Run.start(self.definition, pair.data, self.now, **pair.start)

    def play(self) -> None:
        """Plays all acts; AssertionError where the engine does something else."""
        self._settle()
        self._compare("begin", self.pair.begin)
        for number, act in enumerate(self.pair.acts, 1):
            if self.reload:
                self._load()
            getattr(self, f"_{act.kind}")(act)
            self._settle()
            self._compare(f"act {number} ({act.kind} {act.name})", act.expected)

    def _settle(self) -> None:
        moves, result = self.run.advance(), None
        while True:
            try:
                call = next(moves) if result is None else moves.send(result)
            except StopIteration:
                return
            result = self._answer(call)

    def _answer(self, call: ServiceCall) -> Any:
        self.calls.append({"service": call.service, "arguments": dict(call.arguments)})
        answers = self.pair.services[call.service]
        answer = answers[min(self.answered[call.service], len(answers) - 1)]
        self.answered[call.service] += 1
        return answer["returns"] if "returns" in answer else records.Failed(**answer["fails"])

    def _load(self) -> None:
        """Another process takes the case over at this moment; what it would save is what it found."""
        state = self.run.dump()
        self.run = Run.load(self.definition, state, self.now)
        assert self.run.dump() == state

    def _do(self, act: Act) -> None:
        found = [task for task in self.run.open_tasks() if task.element == act.name]
        self.run.complete(found[act.told.get("nth", 1) - 1].id, act.told.get("answers", {}))

    def _deliver(self, act: Act) -> None:
        taken = self.run.deliver(act.name, act.told.get("key"), act.told.get("payload", {}))
        assert taken == act.told.get("expect", True)

    def _signal(self, act: Act) -> None:
        self.run.signal(act.name, act.told.get("payload", {}))

    def _retry(self, act: Act) -> None:
        self.run.retry(self._token(act))

    def _skip(self, act: Act) -> None:
        self.run.skip(self._token(act), act.told.get("values", {}))

    def _move(self, act: Act) -> None:
        self.run.move(self._token(act), act.told["to"])

    def _token(self, act: Act) -> str:
        return next(token.task_id for token in self.run.tokens() if token.element == act.name)

    def _after(self, act: Act) -> None:
        """Time passes; then what is due fires, and what that brought about and is due at once, as a worker does it."""
        self.now = later(self.now, act.name)
        self._load()
        for _ in range(OFTEN):
            self.run.fire_due()
            self._settle()
            if not any(wait.due is not None and wait.due <= self.now for wait in self.run.waits()):
                return
        raise AssertionError("a timer is due for ever")

    def _compare(self, when: str, expected: Mapping[str, Any]) -> None:
        steps, thrown = self.run.take_steps(), self.run.take_thrown()
        calls, self.calls = self.calls, []
        if self.reload:
            self._load()
        run = self.run
        found = {
            "open": sorted(task.element for task in run.open_tasks()),
            "waits": sorted(f"{wait.kind} {wait.element}" for wait in run.waits()),
            "steps": [f"{step.kind} {step.element}" for step in steps],
            "data": {name: run.data.get(name) for name in expected.get("data", {})},
            "absent": [name for name in expected.get("absent", ()) if name not in run.data],
            "sees": {element: self._seen(element, names) for element, names in expected.get("sees", {}).items()},
            "calls": calls,
            "finished": run.finished,
            "ends": list(run.ends),
            "thrown": [f"{one.kind} {one.name}".rstrip() for one in thrown],
        }
        if "failed" in expected:
            found["failed"] = sorted(failure.element for failure in run.failures())
        for what, wanted in expected.items():
            assert (when, what, found[what]) == (when, what, wanted)

    def _seen(self, element: str, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """These values as the first open task at an element sees them."""
        task = next(task for task in self.run.open_tasks() if task.element == element)
        seen = self.run.task_data(task.id)
        return {name: seen.get(name) for name in names}


def later(now: datetime, length: str) -> datetime:
    """The moment an ISO 8601 length after `now`: months and days by the office's calendar, hours by the clock."""
    if (found := LENGTH.fullmatch(length)) is None:
        raise ValueError(length)
    years, months, weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    local = now.astimezone(OFFICE)
    year, month = divmod(local.year * 12 + local.month - 1 + years * 12 + months, 12)
    local = local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
    local += timedelta(weeks=weeks, days=days)
    return local.astimezone(UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
