"""The inbox on both databases: whose tasks, in which order, counted, and at a cost that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.queries import inbox
from engine.queries.inbox import View
from engine.queries.pages import SIZE
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from tests.factories import MORNING, a_case, a_line, an_actor, an_operator, user_task

LAW = "art. 12"


@pytest.fixture
def case_id(database: Database) -> str:
    """A running case; the task it has is for nobody here, so that a test sees only its own."""
    ana = an_actor(database, "ana", "analyst")
    return a_case(database, a_line(("sign_it", user_task("sign_it", "committee"))), actor=ana)


def _put(database: Database, case_id: str, name: str, role: str = "analyst", **columns: object) -> None:
    with begin(database, SYSTEM, MORNING) as work:
        given = {"status": "open", "opened_at": work.now, "form": "note", "name_en": name, **columns}
        work.session.add(models.Task(id=name, case_id=case_id, element="sign_it", name=name, role=role, **given))


def _names(database: Database, actor: Actor, view: View = View.ALL, page: int = 1) -> list[str]:
    with look(database, actor, MORNING) as work:
        return [row.name for row in inbox.read(work, view, page).page.rows]


@contextmanager
def _selects(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(database.database, "before_cursor_execute", hear)
    yield said
    event.remove(database.database, "before_cursor_execute", hear)


def test_what_is_due_first_is_on_top_and_what_has_no_date_comes_last(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "some day")
    _put(database, case_id, "later", due_at=MORNING + timedelta(days=9))
    _put(database, case_id, "sooner", due_at=MORNING + timedelta(days=2), assignee_id=ana.id)

    assert _names(database, ana) == ["sooner", "later", "some day"]


def test_only_free_tasks_of_my_roles_and_my_own_are_mine_to_do(database: Database, case_id: str) -> None:
    ana, eva = an_actor(database, "ana", "analyst"), an_actor(database, "eva", "analyst")
    _put(database, case_id, "free")
    _put(database, case_id, "evas", assignee_id=eva.id)
    _put(database, case_id, "anas, of another role", "director", assignee_id=ana.id)
    _put(database, case_id, "of another role", "director")
    _put(database, case_id, "done", status="done")

    assert sorted(_names(database, ana)) == ["anas, of another role", "free"]
    assert _names(database, ana, View.MINE) == ["anas, of another role"]
    assert _names(database, ana, View.TEAM) == ["evas"]


def test_applicants_have_tasks_of_their_operators_only(database: Database, case_id: str) -> None:
    lempa = an_operator(database, "0614-000000-001-1", "Lempa")
    paula = an_actor(database, "paula", "preparer", operators=[lempa])
    _put(database, case_id, "theirs", "preparer", operator_id=lempa)
    _put(database, case_id, "of others", "preparer", operator_id="somebody else")

    assert _names(database, paula) == ["theirs"]


def test_officers_see_what_waits_for_the_applicant(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "to be completed", "preparer")

    assert _names(database, ana, View.WAITING) == ["to be completed"]
    assert _names(database, ana) == []


@pytest.mark.parametrize(
    ("hours", "view"),
    [(-1, View.OVERDUE), (3, View.TODAY), (15, View.TODAY), (16, View.WEEK), (6 * 24, View.WEEK)],
)
def test_a_due_date_puts_a_task_into_its_view(database: Database, case_id: str, hours: int, view: View) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "task", due_at=MORNING + timedelta(hours=hours))

    assert _names(database, ana, view) == ["task"]
    assert ("task" in _names(database, ana, View.OVERDUE)) == (view == View.OVERDUE)


def test_a_period_that_ends_at_midnight_has_its_last_day_before(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "task", due_at=MORNING + timedelta(hours=15))  # midnight in San Salvador

    with look(database, ana, MORNING) as work:
        row = inbox.read(work).page.rows[0]

    assert (row.due_on, row.left) == (MORNING.date(), 0)


def test_counts_and_pages_agree(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    for number in range(SIZE + 3):
        _put(database, case_id, f"task {number:02}", due_at=MORNING + timedelta(days=number))

    with look(database, ana, MORNING) as work:
        first, second = inbox.read(work), inbox.read(work, View.ALL, 2)

    assert (first.page.total, first.page.more, len(first.page.rows)) == (SIZE + 3, True, SIZE)
    assert (second.page.more, [row.name for row in second.page.rows]) == (False, ["task 25", "task 26", "task 27"])
    assert first.counts[View.NEW] == SIZE + 3


def test_the_clock_that_presses_most_stands_beside_the_task(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "task")
    with begin(database, SYSTEM, MORNING) as work:
        for name, state, days in (("decision", "running", 30), ("reply", "running", 4), ("hearing", "met", 1)):
            due = work.today + timedelta(days=days)
            clock = {"starts_on": work.today - timedelta(days=26), "base": 30, "unit": "calendar", "legal_basis": LAW}
            times = {"due_on": due, "due_at": work.now + timedelta(days=days), "created_at": work.now}
            ids = {"id": work.new_id(), "case_id": case_id, "subject_id": "subject"}
            work.session.add(models.LegalClock(name=name, state=state, **clock, **times, **ids))

    with look(database, ana, MORNING) as work:
        clock = inbox.read(work).page.rows[0].clock

    assert clock is not None
    assert (clock.name, clock.left, clock.day, clock.total, clock.tone) == ("reply", 4, 26, 30, "warn")


def test_a_full_page_takes_as_many_selects_as_one_row(database: Database, case_id: str) -> None:
    ana = an_actor(database, "ana", "analyst")
    _put(database, case_id, "first")
    with _selects(database) as for_one, look(database, ana, MORNING) as work:
        inbox.read(work)
    for number in range(SIZE):
        _put(database, case_id, f"task {number}")

    with _selects(database) as for_many, look(database, ana, MORNING) as work:
        inbox.read(work)

    assert len(for_many) == len(for_one) <= 5
