"""One process of the load: an officer who does this and that, or a worker; until it is told to stop, or killed."""

import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from engine import messages, signals, starts, tasks
from engine.domain.errors import Refusal
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, insist, look
from engine.worker import Worker
from tests.factories import an_actor
from tests.soak import drawing

MOST_OPEN: Final = 40  # cases under way; more are not begun, so that the load reaches their ends
LOOKED_AT: Final = 200  # open tasks among which one is chosen

STOP: Final = threading.Event()


def main() -> None:
    """`URL officer|worker JOURNAL LIFE`."""
    url, kind, journal, life = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_signal: STOP.set())
    with closing(Database(url)) as database:
        if kind == "worker":
            Worker(database, Path(journal).name).run(STOP)
        else:
            Officer(database, Path(f"{journal}-{life}")).run()


class Officer:
    """Does one thing after the other, at random; writes down what it is about to do, and that it was done."""

    def __init__(self, database: Database, journal: Path) -> None:
        self.database = database
        self.journal = journal.open("a", buffering=1)
        self.me: Actor = an_actor(database, random.choice(drawing.PEOPLE))  # noqa: S311 - a choice, not a secret

    def run(self) -> None:
        """Until told to stop."""
        acts = (self.start, self.complete, self.complete, self.complete, self.complete, self.draft, self.word, self.go)
        while not STOP.is_set():
            act = random.choice(acts)  # noqa: S311 - as above
            act()

    def start(self) -> None:
        """Begins a case, unless there are enough."""
        with look(self.database, self.me) as work:
            operator = work.session.scalars(select(models.Operator.id)).one()
            open_ones = select(models.Case.id).where(models.Case.status == "active").limit(MOST_OPEN)
            full = len(work.session.scalars(open_ones).all()) == MOST_OPEN
        if full:
            time.sleep(0.05)
            return
        self._do("start", "", lambda work, key: starts.begin(work, drawing.PROCESS, {}, operator, key=key))

    def complete(self) -> None:
        """Does an open task, which another may be doing at the same moment."""
        task = self._some_task()
        if task:
            answers = {"remark": "x" * random.randrange(200), "again": random.random() < 0.3}  # noqa: S311 - load
            self._do("complete", task, lambda work, key: tasks.complete(work, task, answers, key=key))

    def draft(self) -> None:
        """Keeps a draft, or gives a task back."""
        task = self._some_task()
        if task and random.random() < 0.5:  # noqa: S311 - a coin
            self._do("draft", task, lambda work, _key: tasks.save_draft(work, task, {"remark": "not yet"}))
        elif task:
            self._do("release", task, lambda work, _key: tasks.release(work, task))

    def word(self) -> None:
        """Sends a message to a case, whether it waits for it or not; twice, as an unsure sender would."""
        with look(self.database, self.me) as work:
            numbers = work.session.scalars(select(models.Case.number).where(models.Case.status == "active")).all()
        if numbers:
            number = random.choice(numbers)  # noqa: S311 - as above
            said: Mapping[str, object] = {"said": number}
            for _time in range(2):
                self._do(
                    "word", number, lambda work, key: messages.deliver(work, key, "word", number, said, kept=False)
                )

    def go(self) -> None:
        """A signal to all, now and then."""
        if random.random() < 0.1:  # noqa: S311 - seldom
            self._do("go", "", lambda work, _key: signals.broadcast(work, "go", {}))

    def _some_task(self) -> str | None:
        with look(self.database, self.me) as work:
            query = select(models.Task.id).where(
                models.Task.status == "open",
                (models.Task.assignee_id.is_(None)) | (models.Task.assignee_id == self.me.id),
            )
            found = work.session.scalars(query.limit(LOOKED_AT)).all()
        return random.choice(found) if found else None  # noqa: S311 - as above

    def _do(self, act: str, subject: str, do: Callable[..., object]) -> None:
        key = uuid4().hex
        self.journal.write(f"intend {act} {key} {subject}\n")

        def once() -> None:
            with begin(self.database, SYSTEM if act in {"word", "go"} else self.me) as work:
                do(work, key)

        try:
            insist(once)
        except Refusal as refused:
            self.journal.write(f"refused {act} {key} {type(refused).__name__}\n")
        except DBAPIError as error:
            self.journal.write(f"broken {act} {key} {error!r}\n".replace("\n", " ") + "\n")
            raise
        else:
            self.journal.write(f"done {act} {key} {subject}\n")


if __name__ == "__main__":
    main()
