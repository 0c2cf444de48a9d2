"""Statements that go past the ORM: what is read, written and undone is what the session says, on both databases."""

import time
from contextlib import closing

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from engine import cases
from engine.store import database as opening
from engine.store import models, rows
from engine.store.database import Database
from engine.store.loaded import Loaded
from engine.store.prepared import Prepared
from engine.work import SYSTEM, Work, attempt, begin, look
from tests.factories import a_case, a_line, an_operator, user_task

OPERATOR = Loaded(models.Operator, where=lambda all_: all_.where(models.Operator.id == bindparam("operator")))
NAME = Prepared(select(models.Operator.name).where(models.Operator.id == bindparam("operator")))


def names(database: Database) -> list[str]:
    with look(database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Operator.name).order_by(models.Operator.id)))


def test_a_loaded_object_is_the_row(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    with begin(database, SYSTEM) as work:
        (found,) = OPERATOR.one(work.transaction, operator=operator) or ()
        assert (found.id, found.name, found.created_at.tzinfo is not None) == (operator, "Sur", True)
        assert not work.session.dirty
        assert work.session.get(models.Operator, operator) is found
        found.name = "Norte"

    assert names(database) == ["Norte"]


def test_what_is_changed_in_a_loaded_object_is_written_also_where_nobody_asks_for_a_session(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    with begin(database, SYSTEM) as work:
        (found,) = OPERATOR.one(work.transaction, operator=operator) or ()
        found.name = "Norte"

    assert names(database) == ["Norte"]


def test_a_session_knows_what_was_loaded_and_changed_before_it_was_asked_for(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    with begin(database, SYSTEM) as work:
        (found,) = OPERATOR.one(work.transaction, operator=operator) or ()
        found.name = "Norte"
        rows.update(work.transaction, models.Operator, operator, country="GT")
        assert work.session.get(models.Operator, operator) is found
        assert work.session.scalar(select(models.Operator.name)) == "Norte"
        assert found.country == "GT"


def test_work_holds_nobody_up_before_it_touches_the_database(database: Database) -> None:
    with begin(database, SYSTEM):
        an_operator(database, "1", "Sur")

    assert names(database) == ["Sur"]


def test_work_that_only_looks_changes_nothing_even_past_the_session(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    def change() -> None:
        with look(database, SYSTEM) as work:
            rows.update(work.transaction, models.Operator, operator, name="Norte")
            work.transaction.send()

    with pytest.raises(DBAPIError):
        change()

    with begin(database, SYSTEM) as work:  # on the same connection
        rows.update(work.transaction, models.Operator, operator, name="Este")
    assert names(database) == ["Este"]


def test_whoever_opens_a_connection_past_the_work_may_write_after_somebody_looked(database: Database) -> None:
    with look(database, SYSTEM) as work:
        work.session.scalars(select(models.Operator)).all()

    with database.database.begin() as connection:  # as a migration does
        connection.execute(text("UPDATE operator SET name = 'Lempa'"))

    with look(database, SYSTEM) as work, pytest.raises(DBAPIError):
        work.session.execute(text("UPDATE operator SET name = 'Izalco'"))


def test_what_the_session_held_of_a_row_is_told_afresh(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    with begin(database, SYSTEM) as work:
        held = work.session.get_one(models.Operator, operator)
        work.session.execute(text("UPDATE operator SET name = 'Norte'"))
        assert OPERATOR.one(work.transaction, operator=operator) == (held,)
        assert held.name == "Norte"


def test_no_row_gives_no_object(work: Work) -> None:
    assert OPERATOR.one(work.transaction, operator="nobody") is None


@pytest.mark.parametrize("reads", ["orm", "prepared", "loaded"])
def test_whoever_reads_finds_what_was_written_before(database: Database, reads: str) -> None:
    operator = an_operator(database, "1", "Sur")

    with begin(database, SYSTEM) as work:
        rows.update(work.transaction, models.Operator, operator, name="Norte")
        found = {
            "orm": lambda: work.session.scalar(select(models.Operator.name)),
            "prepared": lambda: NAME.rows(work.transaction, operator=operator)[0][0],
            "loaded": lambda: (OPERATOR.one(work.transaction, operator=operator) or ())[0].name,
        }[reads]()

    assert found == "Norte"
    assert names(database) == ["Norte"]


def test_what_was_asked_ahead_is_found_with_the_next_question(database: Database) -> None:
    one, other = an_operator(database, "1", "Sur"), an_operator(database, "2", "Norte")

    with begin(database, SYSTEM) as work:
        NAME.ahead(work.transaction, operator=one)
        NAME.ahead(work.transaction, operator=other)
        assert NAME.rows(work.transaction, operator=other) == [("Norte",)]
        assert not work.transaction.waiting
        assert NAME.rows(work.transaction, operator=one) == [("Sur",)]


@pytest.mark.parametrize("writes", ["rows", "session", "undone"])
def test_what_was_asked_ahead_is_asked_again_after_something_was_written(database: Database, writes: str) -> None:
    operator = an_operator(database, "1", "Sur")

    def write() -> None:
        if writes == "session":
            work.session.execute(text("UPDATE operator SET name = 'Norte'"))
        else:
            rows.update(work.transaction, models.Operator, operator, name="Norte")

    def fail() -> None:
        write()
        NAME.ahead(work.transaction, operator=operator)
        raise KeyError

    with begin(database, SYSTEM) as work:
        NAME.ahead(work.transaction, operator=operator)
        if writes == "undone":
            with pytest.raises(KeyError):
                attempt(work, fail)
        else:
            write()
        found = NAME.rows(work.transaction, operator=operator)

    assert found == [("Sur" if writes == "undone" else "Norte",)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_statement_stays_prepared_when_somebody_has_looked(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")
    for _ in range(2):
        with look(database, SYSTEM) as work:
            NAME.rows(work.transaction, operator=operator)

    with look(database, SYSTEM) as work:
        prepared = work.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()

    assert any("operator.name" in statement for statement in prepared)


def test_what_is_undone_is_not_written_later(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")

    def fail() -> None:
        rows.update(work.transaction, models.Operator, operator, name="never")
        raise KeyError

    with begin(database, SYSTEM) as work:
        rows.update(work.transaction, models.Operator, operator, name="Norte")
        with pytest.raises(KeyError):
            attempt(work, fail)
    assert names(database) == ["Norte"]

    with pytest.raises(KeyError), begin(database, SYSTEM) as work:
        fail()
    assert names(database) == ["Norte"]
    with begin(database, SYSTEM) as work:  # on the same connection: nothing of it is left over
        work.session.execute(text("SELECT 1"))
    assert names(database) == ["Norte"]


def test_a_row_that_cannot_be_written_is_refused_as_sqlalchemy_does(database: Database) -> None:
    operator = an_operator(database, "1", "Sur")
    row = {"id": "2", "case_id": "no such case", "task_id": "", "element": "", "kind": "timer"}

    def write() -> None:
        with begin(database, SYSTEM) as work:
            rows.update(work.transaction, models.Operator, operator, name="Norte")
            rows.insert(work.transaction, models.Wait, [row | {"due_at": None, "since": work.now}])

    with pytest.raises(IntegrityError):
        write()

    assert names(database) == ["Sur"]
    with begin(database, SYSTEM) as work:  # the connection can be used again
        rows.update(work.transaction, models.Operator, operator, name="Norte")
    assert names(database) == ["Norte"]


def test_a_row_that_somebody_else_has_written_is_not_saved(database: Database) -> None:
    case_id = a_case(database, a_line(("one", user_task("one")), ("two", user_task("two"))))

    def write() -> None:
        with begin(database, SYSTEM) as work:
            case = work.session.get_one(models.Case, case_id)
            work.session.execute(text("UPDATE cases SET revision = revision + 1, phase = 'elsewhere'"))
            rows.save(work.transaction, case, phase="here")

    with pytest.raises(StaleDataError):
        write()

    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Case, case_id).phase == ""


def test_a_lock_that_was_undone_proves_nothing(database: Database) -> None:
    case_id = a_case(database, a_line(("one", user_task("one")), ("two", user_task("two"))))

    def fail() -> None:
        cases.lock(work, case_id)
        raise KeyError

    def write() -> None:
        with pytest.raises(KeyError):
            attempt(work, fail)
        case = work.session.get_one(models.Case, case_id)
        work.session.execute(text("UPDATE cases SET revision = revision + 1"))
        rows.save(work.transaction, case, phase="here")
        work.transaction.send()

    with begin(database, SYSTEM) as work, pytest.raises(StaleDataError):
        write()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_while_it_rested_is_opened_again(database: Database) -> None:
    an_operator(database, "1", "Sur")
    with look(database, SYSTEM) as work:
        resting = work.session.scalar(text("SELECT pg_backend_pid()"))
    with closing(Database(database.url)) as other, begin(other, SYSTEM) as work:
        assert work.session.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": resting})

    time.sleep(opening.RESTED_SECONDS + 0.1)

    assert names(database) == ["Sur"]
