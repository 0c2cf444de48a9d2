"""An office with everything that comes with Marchamo published, one person of each role, and one operator."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import pytest
from flask import Flask

from engine import people, releases
from engine.store.database import Database
from engine.work import SYSTEM, begin
from tests.factories import PASSWORD, an_operator
from tests.web.browsing import Browser
from web import create_app
from web.settings import Settings

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests only, long enough to sign with"


@dataclass(frozen=True)
class Desk:
    """The pages over a database of this test alone."""

    app: Flask
    database: Database

    def at(self, username: str) -> Browser:
        """A browser in which this person has logged in."""
        return Browser(self.app).log_in(username)


@dataclass(frozen=True)
class Office(Desk):
    """With everything that comes with Marchamo published; accounts are called by their role."""

    operator: str


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """The pages over an empty database of either kind; the test brings its own people and processes."""
    app = create_app(Settings(data=tmp_path, database="", secret=SECRET), database)
    app.testing = True
    return Desk(app, database)


@pytest.fixture(scope="session")
def _office_file(_empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = copyfile(_empty_file, tmp_path_factory.mktemp("office") / "office.db")
    with closing(Database(f"sqlite:///{file}")) as database:
        lempa = an_operator(database)
        izalco = an_operator(database, "0614-010101-102-1", "Agencia Izalco")
        with begin(database, SYSTEM) as work:
            releases.install(work, ROOT)
            for role in people.ROLES:
                theirs = [lempa] if role in people.OPERATOR_ROLES else []
                people.create(work, role.replace("_", "-"), role.capitalize(), PASSWORD, [role], theirs)
            people.create(work, "stranger", "Stranger", PASSWORD, ["signatory"], [izalco])
    return file


@pytest.fixture
def office(_office_file: Path, tmp_path: Path) -> Iterator[Office]:
    file = copyfile(_office_file, tmp_path / "office.db")
    with closing(Database(f"sqlite:///{file}")) as database:
        app = create_app(Settings(data=tmp_path, database="", secret=SECRET), database)
        app.testing = True
        yield Office(app, database, _operator(database))


def _operator(database: Database) -> str:
    with begin(database, SYSTEM) as work:
        account = people.by_username(work, "signatory")
        return account.operators[0].operator_id
