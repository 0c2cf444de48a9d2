"""Marchamo as a visitor meets it: the real server, a process of its own, on a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PASSWORD: Final = "a pass phrase of the tests"
START_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A served Marchamo: `address` in the browser, `folder` with its data; all demo people have PASSWORD."""

    address: str
    folder: Path

    @property
    def database(self) -> str:
        """The URL of its database, for a test that looks behind the pages."""
        return f"sqlite:///{self.folder / 'marchamo.db'}"


@contextmanager
def serving(data: Path, folder: Path) -> Iterator[Site]:
    """`marchamo run` over a copy of a data folder; an unexpected fault in its log is a fault of the test."""
    copytree(data, folder)
    port = _free_port()
    log = folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", "from web.cli import main; main()", "run"],
            cwd=ROOT,
            env={**os.environ, **_settings(folder, port)},
            stdout=out,
            stderr=out,
        )
    try:
        _await(port, server, log)
        yield Site(f"http://127.0.0.1:{port}", folder)
    finally:
        server.terminate()
        server.wait(START_SECONDS)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said


def _settings(folder: Path, port: int) -> dict[str, str]:
    return {"MARCHAMO_DATA": str(folder), "MARCHAMO_PORT": str(port), "MARCHAMO_DEMO_PASSWORD": PASSWORD}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < patience:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"Marchamo did not start: {log.read_text(encoding='utf-8')}"
    raise RuntimeError(message)
