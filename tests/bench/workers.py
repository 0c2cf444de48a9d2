"""The worker: a thousand timers due in the same second, and two worker processes on one database against one."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from engine import cases
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.bench.measures import Line
from tests.bench.places import Place
from tests.factories import a_diagram, a_form, a_line, publish, user_task

ROOT: Final = Path(__file__).parents[2]
TIMERS: Final = 1_000
WAIT: Final = (
    '<bpmn:intermediateCatchEvent id="hour" name="hour"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


def lines(place: Place) -> list[Line]:
    """Timers fired by one worker; on PostgreSQL also by two."""
    url = _waiting(place, "alarm")
    copies = [] if place.server is None else [place.copy("alarm", "alarm_two")]
    one = _drained(url, ["one"])
    found = [Line(f"{TIMERS:,} timers due at once, one worker, {place.name}", f"{one:.1f} s", "", "", "<= 10 s")]
    for copy in copies:
        two = _drained(copy, ["one", "two"])
        what = f"two worker processes, the same {TIMERS:,}, {place.name}"
        found.append(Line(what, f"{two:.1f} s", f"one: {one:.1f} s", f"{one / two:.2f} x faster", ">= 1.7 x"))
    return found


def _waiting(place: Place, name: str) -> str:
    """The URL of a database with so many cases, each with one timer that has just come due."""
    url = place.make(name)
    began = datetime.now(UTC) - timedelta(hours=1)
    body = a_line(("hour", WAIT), ("look", user_task("look")))
    with closing(Database(url)) as database:
        publish(database, ("form", "note", a_form()), ("process", "alarm", a_diagram(body, "alarm")))
        for _number in range(TIMERS):
            with begin(database, SYSTEM, began) as work:
                cases.start(work, "alarm", {})
    return url


def _drained(url: str, names: Sequence[str]) -> float:
    """Seconds from the word to begin until the last of these workers, each a process, found nothing left to do."""
    with ExitStack() as stack:
        command = [sys.executable, "-m", "tests.bench.workers", url]
        running = [
            stack.enter_context(
                subprocess.Popen([*command, name], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
            )
            for name in names
        ]
        for process in running:
            _hear(process)
        begun = time.perf_counter()
        for process in running:
            _say(process)
        for process in running:
            _hear(process)
        taken = time.perf_counter() - begun
    _require_each_once(url)
    return taken


def _require_each_once(url: str) -> None:
    with closing(Database(url)) as database, look(database, SYSTEM) as work:
        fired = work.session.scalar(select(func.count()).where(models.Event.type == "TimerFired"))
        opened = work.session.scalar(select(func.count()).where(models.Task.element == "look"))
    if (fired, opened) != (TIMERS, TIMERS):
        message = f"{TIMERS} timers were due; {fired} fired, {opened} tasks were opened"
        raise RuntimeError(message)


def _say(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    if not process.stdout.readline():
        message = "a worker died"
        raise RuntimeError(message)


def main() -> None:
    """One worker: says that it is ready, waits for the word, works until nothing is due, says so."""
    url, name = sys.argv[1:]
    with closing(Database(url)) as database:
        worker = Worker(database, name)
        with look(database, SYSTEM) as work:
            work.session.scalar(select(func.count()).select_from(models.Case))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        worker.drain()
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
