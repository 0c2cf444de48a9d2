"""Marchamo's own command as a process of its own, so that it can be killed as the machine would kill it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from engine.store.database import Database

ROOT: Final = Path(__file__).parents[1]
_MAIN: Final = "import sys; from web.cli import main; sys.exit(main(sys.argv[1:]))"
KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # signs the certificates of every installation of the tests


@contextmanager
def marchamo(folder: Path, *arguments: str, database: Database | None = None) -> Iterator[subprocess.Popen[str]]:
    """`marchamo …` as it runs, its data in `folder`; killed (SIGKILL) at the end of the block if it still does."""
    environment = {**os.environ, "MARCHAMO_DATA": str(folder), "MARCHAMO_SIGNING_KEY": KEY}
    if database is not None:
        environment["MARCHAMO_DATABASE"] = address(database)
    command = [sys.executable, "-c", _MAIN, *arguments]
    running = subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def address(database: Database) -> str:
    """Where the database is, as settings and arguments name it."""
    return database.url.render_as_string(hide_password=False)
