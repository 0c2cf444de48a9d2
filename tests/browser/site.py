"""Marchamo as a visitor meets it: the real server on a database of its own, and a judge of accessibility."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, which
from typing import Final, Protocol

from playwright.sync_api import Page

ROOT: Final = Path(__file__).parents[2]
AXE: Final = ROOT / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
PASSWORD: Final = "a pass phrase of the browser tests"
START_SECONDS: Final = 60
STANDARD: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Site:
    """A served Marchamo: `address` in the browser, `folder` with its data; all demo people have PASSWORD."""

    address: str
    folder: Path

    @property
    def database(self) -> str:
        """The URL of its database, for a test that looks behind the pages."""
        return f"sqlite:///{self.folder / 'marchamo.db'}"


class Visit(Protocol):
    """Opens a browser of its own for one more visitor, with or without JavaScript, `width` pixels wide."""

    def __call__(self, *, scripts: bool = True, width: int = 1280) -> Page:
        """The visitor's page, on nothing yet."""


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


def browser_program() -> str:
    """The Chromium of this machine."""
    for name in BROWSERS:
        if (found := which(name)) is not None:
            return found
    message = 'The browser tests need Chromium: please type "make test", which installs it where it can.'
    raise RuntimeError(message)


def log_in(page: Page, username: str) -> None:
    """Enters as one of the demo people."""
    page.goto("/login")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"^(?!.*/login)"))


def assert_accessible(page: Page) -> None:
    """Lets axe-core look for breaches of WCAG 2.2 AA and of its own best practice; each is named with its element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARD)
    found = [
        f"{page.url} {breach['id']}: {breach['help']}: {node['html'][:200]}"
        for breach in result["violations"]
        for node in breach["nodes"]
    ]
    assert found == [], "\n".join(found)


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
