"""Who somebody is: accounts, log-ins that cannot be guessed, sessions that end."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from engine import people
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from engine.work import NOBODY, SYSTEM, begin, look

PASSWORD = "a long enough pass phrase"
NOON = datetime(2026, 1, 31, 18, tzinfo=UTC)


@pytest.fixture
def ana(database: Database) -> str:
    with begin(database, SYSTEM) as work:
        return people.create(work, "ana", "Ana Lemus", PASSWORD, ["analyst"]).id


def log_in(database: Database, password: str = PASSWORD, username: str = "ana") -> people.LogIn | None:
    with begin(database, NOBODY) as work:
        return people.log_in(work, username, password)


def test_who_logs_in_is_recognised_by_the_token(database: Database, ana: str) -> None:
    login = log_in(database)

    assert login is not None
    with look(database, NOBODY) as work:
        known = people.by_session(work, login.token)
        assert known is not None
        assert people.actor(known.account).roles == {"analyst"}
        assert known.account.id == ana


def test_the_log_in_stands_in_the_history_under_the_name_of_who_logged_in(database: Database, ana: str) -> None:
    log_in(database)

    with look(database, NOBODY) as work:
        event = work.session.scalars(select(models.Event).where(models.Event.type == "LoggedIn")).one()
        assert (event.actor_id, event.actor_name) == (ana, "Ana Lemus")


def test_neither_password_nor_token_is_kept(database: Database, ana: str) -> None:
    login = log_in(database)

    assert login is not None
    with look(database, NOBODY) as work:
        account = work.session.get_one(models.Account, ana)
        assert PASSWORD not in account.password_hash
        assert account.password_hash.startswith("$argon2id$")
        assert work.session.get(models.LoginSession, login.token) is None


@pytest.mark.parametrize(("username", "password"), [("ana", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_or_password_is_recorded_and_refused(
    database: Database, ana: str, username: str, password: str
) -> None:
    assert log_in(database, password, username) is None

    with look(database, NOBODY) as work:
        types = work.session.scalars(select(models.Event.type).where(models.Event.stream == "people")).all()
        assert types == ["AccountCreated", "LogInFailed"]
        assert work.session.scalar(select(func.count()).select_from(models.LoginSession)) == 0
        assert work.session.get_one(models.Account, ana).failed_logins == (1 if username == "ana" else 0)


@pytest.mark.usefixtures("ana")
def test_after_five_wrong_passwords_the_account_rests_for_ten_minutes(database: Database) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(people.TRIES):
            assert log_in(database, "wrong") is None
        with pytest.raises(NotAllowed):
            log_in(database)
        clock.shift(people.REST)

        assert log_in(database) is not None


@pytest.mark.usefixtures("ana")
def test_a_session_ends_after_ten_hours(database: Database) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        login = log_in(database)
        assert login is not None
        clock.shift(people.SESSION_LASTS - timedelta(seconds=1))
        with look(database, NOBODY) as work:
            assert people.by_session(work, login.token) is not None
        clock.shift(timedelta(seconds=1))
        with look(database, NOBODY) as work:
            assert people.by_session(work, login.token) is None


@pytest.mark.usefixtures("ana")
def test_who_logs_out_is_not_recognised_any_more(database: Database) -> None:
    login = log_in(database)
    assert login is not None

    with begin(database, NOBODY) as work:
        people.log_out(work, login.token)

    with look(database, NOBODY) as work:
        assert people.by_session(work, login.token) is None


@pytest.mark.usefixtures("ana")
def test_two_people_cannot_have_one_user_name(database: Database) -> None:
    with pytest.raises(Conflict), begin(database, SYSTEM) as work:
        people.create(work, "ana", "Another Ana", PASSWORD, ["auditor"])


def test_a_bad_account_is_refused_with_every_reason(database: Database) -> None:
    with pytest.raises(Invalid) as refused, begin(database, SYSTEM) as work:
        people.create(work, "ana maria", "Ana", "short", ["emperor"], language="la")

    assert [problem.where for problem in refused.value.problems] == ["username", "password", "roles", "language"]


def test_a_signatory_may_do_what_a_preparer_may(database: Database) -> None:
    with begin(database, SYSTEM) as work:
        account = people.create(work, "rosa", "Rosa", PASSWORD, ["signatory"])

        assert people.actor(account).roles == {"signatory", "preparer"}
