"""Playing a small diagram in a test: start it, answer its service calls, do its tasks, let time pass."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from engine.domain.worktime import WorkingTime
from engine.workflow import Definition, Run
from tests.workflow.drawing import drawn

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)  # nine in the morning in San Salvador
Answer = Callable[[Mapping[str, object]], Mapping[str, object]]


class Play:
    """A case that is dumped and loaded again around every act; `services` answer by name."""

    def __init__(
        self,
        body: str,
        data: Mapping[str, object] | None = None,
        *,
        root: str = "",
        message: str | None = None,
        start: Mapping[str, str] | None = None,
        called: Mapping[str, bytes] | None = None,
        services: Mapping[str, Answer] | None = None,
        offices: Mapping[str, WorkingTime] | None = None,
    ) -> None:
        self.services = services or {}
        self.definition = Definition.build(drawn(body, root=root), called or {}, offices=offices or {})
        self.now = NOW
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        self.run = Run.start(self.definition, data or {}, self.now, **{"message": message, **(start or {})})
        self.settle()

    def settle(self) -> "Play":
        """Advances to rest."""
        moves, result = self.run.advance(), None
        while True:
            try:
                call = next(moves) if result is None else moves.send(result)
            except StopIteration:
                return self
            self.calls.append((call.service, call.arguments))
            result = self.services[call.service](call.arguments)

    def loaded(self) -> Run:
        """The case as another process would find it."""
        self.run = Run.load(self.definition, self.run.dump(), self.now)
        return self.run

    def do(self, element: str, /, **answers: object) -> "Play":
        """Does the first open task at an element."""
        run = self.loaded()
        run.complete(next(task.id for task in run.open_tasks() if task.element == element), answers)
        return self.settle()

    def deliver(self, message: str, key: str | None = None, **payload: object) -> bool:
        """Delivers a message; whether somebody waited for it."""
        taken = self.loaded().deliver(message, key, payload)
        self.settle()
        return taken

    def signal(self, name: str, **payload: object) -> "Play":
        """Sends a signal from outside."""
        self.loaded().signal(name, payload)
        return self.settle()

    def after(self, **length: int) -> "Play":
        """Lets time pass and fires what has become due."""
        self.now += timedelta(**length)
        self.loaded().fire_due()
        return self.settle()

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks."""
        return [task.element for task in self.run.open_tasks()]

    @property
    def data(self) -> dict[str, object]:
        """The case data."""
        return self.run.data
