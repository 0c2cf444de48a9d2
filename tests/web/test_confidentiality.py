"""The operator reads what it did and what was shared with it; customs reads nothing that is still a draft."""

import pytest
from sqlalchemy import select

from engine import starts, tasks
from engine.store import models
from engine.work import SYSTEM, begin, look
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, open_tasks, publish, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk
from tests.web.test_withdrawal import number

__all__ = ["number"]  # a case whose application is a draft

SECRET = "El voto fue dividido."
BODY = a_line(
    ("vote", user_task("vote")),
    ("minutes", user_task("minutes", shared_with_operator="true")),
    ("answer", user_task("answer", role="preparer")),
)


@pytest.fixture
def case(desk: Desk) -> str:
    """The number of a case in which an analyst voted, and wrote minutes that are shared."""
    operator = an_operator(desk.database)
    an_actor(desk.database, "rosa", "preparer", operators=[operator])
    ana = an_actor(desk.database, "ana", "analyst")
    publish(desk.database, ("form", "note", a_form()), ("process", "trip", a_diagram(BODY)))
    with begin(desk.database, ana) as work:
        started = starts.begin(work, "trip", {}, operator_id=operator)
    for task, remark in (("vote", SECRET), ("minutes", "Visitado.")):
        with begin(desk.database, ana) as work:
            tasks.complete(work, open_tasks(desk.database, started.id)[task], {"remark": remark})
    return started.number


def task_id(desk: Desk, element: str) -> str:
    with look(desk.database, SYSTEM) as work:
        return work.session.scalars(select(models.Task.id).where(models.Task.element == element)).one()


def test_the_operator_reads_what_was_shared_and_not_how_the_office_made_up_its_mind(desk: Desk, case: str) -> None:
    rosa = Browser(desk.app).log_in("rosa")

    assert rosa.get(f"/tasks/{task_id(desk, 'vote')}").status_code == 404
    assert rosa.get(f"/tasks/{task_id(desk, 'minutes')}").status_code == 200
    assert "Visitado." in rosa.words()
    for page in ("", "/tasks", "/history", "/history?steps=1", "/documents"):
        rosa.get(f"/cases/{case}{page}")
        assert SECRET not in rosa.page.text
    rosa.get(f"/tasks/{task_id(desk, 'answer')}")
    assert SECRET not in rosa.page.text


def test_the_office_reads_all_of_it(desk: Desk, case: str) -> None:
    ana = Browser(desk.app).log_in("ana")

    ana.get(f"/cases/{case}/history")

    assert SECRET in ana.page.text


def test_customs_sees_no_draft_of_an_application_and_the_auditor_does(desk: Desk, number: str) -> None:
    an_actor(desk.database, "auda", "auditor")
    ana, auda, rosa = (Browser(desk.app).log_in(name) for name in ("ana", "auda", "rosa"))

    assert ana.get(f"/cases/{number}").status_code == 404
    ana.get("/cases")
    assert number not in ana.page.text
    assert auda.get(f"/cases/{number}").status_code == 200
    assert rosa.get(f"/cases/{number}").status_code == 200
