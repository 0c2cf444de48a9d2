"""History is written with what it tells, in one chain per stream, and nobody changes it unseen."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine import history
from engine.domain.events import LoggedIn
from engine.store.database import Database
from engine.work import SYSTEM, begin, look


def some_events(database: Database, count: int, stream: str = "people") -> None:
    for number in range(count):
        with begin(database, SYSTEM) as work:
            history.record(work, LoggedIn(str(number)), stream=stream)


def test_events_of_a_stream_form_a_whole_chain(database: Database) -> None:
    some_events(database, 5)

    with look(database, SYSTEM) as work:
        assert history.verify(work, "people") == (5, None)


def test_several_events_of_one_work_stand_in_their_order(database: Database) -> None:
    with begin(database, SYSTEM) as work:
        for number in range(4):
            history.record(work, LoggedIn(str(number)), stream="people")

    with look(database, SYSTEM) as work:
        assert [link.seq for link in history.events_of(work, "people")] == [1, 2, 3, 4]
        assert history.verify(work, "people") == (4, None)


def test_what_is_rolled_back_leaves_no_event(database: Database) -> None:
    some_events(database, 1)

    def fail() -> None:
        with begin(database, SYSTEM) as work:
            history.record(work, LoggedIn("x"), stream="people")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with look(database, SYSTEM) as work:
        assert history.verify(work, "people") == (1, None)


@pytest.mark.parametrize("act", ["UPDATE event SET data = '{}'", "DELETE FROM event"])
def test_the_database_refuses_to_change_the_history(database: Database, act: str) -> None:
    some_events(database, 2)

    def tamper() -> None:
        with begin(database, SYSTEM) as work:
            work.session.execute(text(act))

    with pytest.raises(DBAPIError, match="never changed or deleted"):
        tamper()


def test_an_event_changed_behind_the_triggers_is_found(database: Database) -> None:
    some_events(database, 3)
    without_triggers(database, "UPDATE event SET actor_name = 'somebody else' WHERE seq = 2")

    with look(database, SYSTEM) as work:
        count, broken = history.verify(work, "people")

    assert count == 3
    assert broken is not None
    assert broken.seq == 2


def test_events_cut_off_the_end_are_missed(database: Database) -> None:
    some_events(database, 3)
    without_triggers(database, "DELETE FROM event WHERE seq = 3")

    with look(database, SYSTEM) as work:
        count, broken = history.verify(work, "people")

    assert count == 2
    assert broken is not None
    assert (broken.seq, broken.type) == (3, "missing")


def test_work_that_only_looks_cannot_write(database: Database) -> None:
    def write() -> None:
        with look(database, SYSTEM) as work:
            history.record(work, LoggedIn("x"), stream="people")
            work.session.flush()

    with pytest.raises(DBAPIError):
        write()


def without_triggers(database: Database, act: str) -> None:
    """What somebody with all rights on the database could do."""
    with begin(database, SYSTEM) as work:
        if database.on_sqlite:
            for trigger in ("event_no_update", "event_no_delete"):
                work.session.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            work.session.execute(text("SET LOCAL session_replication_role = replica"))
        work.session.execute(text(act))
