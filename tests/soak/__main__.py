"""`make soak`: minutes of random load on both databases, a process killed every few seconds; then everything is judged.

Two databases at once, eight processes on each: officers who start cases, do tasks, send messages and signals, and
workers. Every command has a key and is journalled before and after it, so that each can be asked for: done once, or
(where the process died on the way) once or not at all.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from engine.store import migrate
from engine.store.database import Database
from tests.postgres import cluster
from tests.programs import ROOT, address
from tests.soak import drawing, judging

OFFICERS: Final = 5
WORKERS: Final = 3
PAUSES: Final = (1.0, 4.0)  # seconds between two kills, at least and at most


@dataclass
class Crew:
    """The processes on one database; `journals` is the folder in which each officer writes down what it does."""

    name: str
    url: str
    journals: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    kills: int = 0

    def hire(self, name: str) -> None:
        """Begins a process; its life number makes it a new one in the journals."""
        command = [sys.executable, "-m", "tests.soak.load", self.url, name.partition("-")[0], str(self.journals / name)]
        self.running[name] = subprocess.Popen([*command, str(self.kills)], cwd=ROOT)  # noqa: S603 - our own words

    def kill_one(self) -> None:
        """SIGKILL to one of them at a moment of its own, and another one in its place; who died by itself is a failure."""
        name = random.choice(sorted(self.running))  # noqa: S311 - a choice, not a secret
        gone = self.running[name]
        if gone.poll() is not None:
            message = f"{self.name}: {name} died by itself ({gone.returncode})"
            raise SystemExit(message)
        gone.kill()
        gone.wait()
        self.kills += 1
        self.hire(name)

    def dismiss(self) -> None:
        """Lets everybody finish what they have in hand."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait()


def main() -> None:
    """Prepares, loads, kills, and judges."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="marchamo-soak-") as folder, cluster({}) as server:
        crews = [
            _crew("SQLite", f"sqlite:///{folder}/soak.db", Path(folder)),
            _crew("PostgreSQL", str(server.create("soak").render_as_string()), Path(folder)),
        ]
        _load(crews, minutes * 60)
        verdicts = [judging.judge(crew.name, crew.url, crew.journals, crew.kills) for crew in crews]
    for verdict in verdicts:
        sys.stdout.write(f"{verdict}\n")
    if not all(verdict.good for verdict in verdicts):
        raise SystemExit(1)


def _crew(name: str, url: str, folder: Path) -> Crew:
    journals = folder / f"journals-{name}"
    journals.mkdir()
    with closing(Database(url)) as database:
        migrate.up(database)
        drawing.publish_all(database)
        return Crew(name, address(database), journals)


def _load(crews: Sequence[Crew], seconds: float) -> None:
    for crew in crews:
        for name in [f"officer-{n}" for n in range(OFFICERS)] + [f"worker-{n}" for n in range(WORKERS)]:
            crew.hire(name)
    ends = time.monotonic() + seconds
    try:
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, random.uniform(*PAUSES)))  # noqa: S311 - a rhythm, not a secret
            for crew in crews:
                crew.kill_one()
    finally:
        for crew in crews:
            crew.dismiss()


if __name__ == "__main__":
    main()
