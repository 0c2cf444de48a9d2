"""What every test may ask for: an empty office on both databases, one with the shipped content, and no network."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Final
from uuid import uuid4

import pytest
from hypothesis import settings

from engine import releases
from engine.store import migrate
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin
from tests.postgres import Cluster, Slate, cluster

ROOT: Final = Path(__file__).parent.parent
NEAR: Final = ("127.0.0.1", "::1", "localhost", "", None)

settings.register_profile("marchamo", deadline=None)  # no test is timed: a slow machine proves nothing
settings.load_profile("marchamo")


def pytest_configure() -> None:
    """Keeps every test on this machine."""
    sys.addaudithook(_stay_here)


def _stay_here(event: str, details: tuple[object, ...]) -> None:
    if event == "socket.connect" and isinstance(details[1], tuple):
        _require_near(details[1][0])
    elif event == "socket.getaddrinfo":
        _require_near(details[0])


def _require_near(host: object) -> None:
    if isinstance(host, bytes):
        host = host.decode()
    if host not in NEAR:
        message = f"A test wanted to reach {host}: tests stay on this machine."
        raise RuntimeError(message)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL of this test process; started when the first test needs it."""
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def _empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate.up(database)
    return file


@pytest.fixture(scope="session")
def _office_file(_empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(copyfile(_empty_file, tmp_path_factory.mktemp("office") / "office.db"))
    with closing(Database(f"sqlite:///{file}")) as database:
        _open_office(database)
    return file


@pytest.fixture(scope="session")
def _empty_slate(postgres: Cluster) -> Iterator[Slate]:
    with closing(Database(postgres.create("empty"))) as database:
        migrate.up(database)
    with closing(Slate(postgres, "empty")) as slate:
        yield slate


@pytest.fixture(scope="session")
def _office_slate(postgres: Cluster) -> Iterator[Slate]:
    with closing(Database(postgres.create("office"))) as database:
        migrate.up(database)
        _open_office(database)
    with closing(Slate(postgres, "office")) as slate:
        yield slate


def _open_office(database: Database) -> None:
    with begin(database, SYSTEM) as work:
        releases.install(work, ROOT)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table, of this test alone: for what the migrations themselves must keep."""
    file = f"sqlite:///{tmp_path / 'bare.db'}"
    url = file if request.param == "sqlite" else request.getfixturevalue("postgres").create(uuid4().hex)
    with closing(Database(url)) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database with nothing in it, of this test alone; every test that asks runs on both kinds."""
    yield from _fresh(request, tmp_path, "empty")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """As `database`, with the diagrams, forms, letters and criteria of this repository published as version 1."""
    yield from _fresh(request, tmp_path, "office")


def _fresh(request: pytest.FixtureRequest, folder: Path, of: str) -> Iterator[Database]:
    if request.param == "sqlite":
        file = copyfile(request.getfixturevalue(f"_{of}_file"), folder / "marchamo.db")
        with closing(Database(f"sqlite:///{file}")) as fresh:
            yield fresh
        return
    slate = request.getfixturevalue(f"_{of}_slate")
    with closing(Database(slate.url)) as fresh:
        yield fresh
    slate.wipe()


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    """Work of the system itself on an empty database, open for the whole test and committed at its end."""
    with begin(database, SYSTEM) as opened:
        yield opened
