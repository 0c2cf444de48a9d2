"""The suite itself: it stays on this machine, and no test sees what another left behind."""

import socket
from contextlib import closing

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from engine import numbers
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.postgres import Cluster, Slate

OUTSIDE = ("192.0.2.1", 443)  # an address that the standards keep for examples


def test_a_test_that_reaches_out_is_stopped() -> None:
    with socket.socket() as probe, pytest.raises(RuntimeError, match="stay on this machine"):
        probe.connect(OUTSIDE)
    with pytest.raises(RuntimeError, match="stay on this machine"):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_finds_its_database_empty(database: Database, turn: str) -> None:
    with begin(database, SYSTEM) as work:
        taken = numbers.take(work, turn)

    assert taken.endswith("0001")
    with look(database, SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(models.NumberSeries)) == 1


def test_a_wiped_database_has_its_first_rows_again(postgres: Cluster) -> None:
    postgres.create("wiped")
    with postgres.connect("wiped") as connection:
        connection.execute("CREATE TABLE event (id BIGSERIAL PRIMARY KEY, said TEXT)")
        connection.execute("INSERT INTO event (said) VALUES ('first')")
        slate = Slate(postgres, "wiped")
        connection.execute("INSERT INTO event (said) VALUES ('second')")
        connection.execute("UPDATE event SET said = 'changed' WHERE id = 1")

        slate.wipe()
        slate.close()

        connection.execute("INSERT INTO event (said) VALUES ('third')")
        assert connection.execute("SELECT id, said FROM event ORDER BY id").fetchall() == [(1, "first"), (2, "third")]


def test_a_test_cannot_change_tables_that_others_use(request: pytest.FixtureRequest) -> None:
    slate = request.getfixturevalue("_empty_slate")

    with (
        closing(Database(slate.url)) as database,
        database.database.begin() as connection,
        pytest.raises(DBAPIError, match="must ask for a database of its own"),
    ):
        connection.execute(text("DROP TABLE task"))
