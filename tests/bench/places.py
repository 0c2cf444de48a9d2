"""Where it is measured: a SQLite file and a PostgreSQL, both as durable as in an office, each with an exact copy."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from typing import Final, Self

from engine.store import migrate
from engine.store.database import Database
from tests.bench import bare
from tests.postgres import Cluster, cluster

DURABLE: Final[dict[str, str]] = {}  # PostgreSQL's own settings: every commit reaches the disk


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of database: makes empty migrated ones, and copies of those."""

    name: str
    folder: Path
    server: Cluster | None = None

    def within(self, folder: Path) -> Self:
        """The same kind of database in another folder."""
        return replace(self, folder=folder)

    def url(self, name: str) -> str:
        """Where a database of that name is."""
        return f"sqlite:///{self.folder / name}.db" if self.server is None else str(self.server.url(name))

    def make(self, name: str) -> str:
        """The URL of a new database with all tables and no rows."""
        if self.server is not None:
            self.server.create(name)
        with closing(Database(self.url(name))) as database:
            migrate.up(database)
        return self.url(name)

    def copy(self, name: str, to: str) -> str:
        """The URL of a copy of a database that nobody has open."""
        if self.server is None:
            copyfile(self.folder / f"{name}.db", self.folder / f"{to}.db")
        else:
            self.server.create(to, name)
        return self.url(to)

    def size(self, name: str) -> int:
        """How many bytes a database takes once it is tidied up."""
        if self.server is None:
            return self._tidied(name)
        with self.server.connect(name) as connection:
            connection.execute("VACUUM FULL")
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert found is not None
        return int(found[0])

    def _tidied(self, name: str) -> int:
        with closing(bare.connect(self.url(name))) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (self.folder / f"{name}.db").stat().st_size


@contextmanager
def places(folder: Path) -> Iterator[list[Place]]:
    """SQLite and PostgreSQL, for as long as the block lasts."""
    with cluster(DURABLE) as server:
        yield [Place("SQLite", folder), Place("PostgreSQL", folder, server)]
