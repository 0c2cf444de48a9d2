"""The inbox says of a task which separation of duties forbids the reader that another person must do it."""

from engine import tasks
from engine.work import begin
from tests.factories import a_case, a_line, an_actor, open_tasks, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk

BODY = a_line(("write", user_task("write")), ("sign", user_task("sign", not_by="write")))


def test_who_wrote_is_told_that_another_person_signs_and_others_may_take_it(desk: Desk) -> None:
    case = a_case(desk.database, BODY)
    an_actor(desk.database, "luis", "analyst")
    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        tasks.complete(work, open_tasks(desk.database, case)["write"], {})
    ana, luis = (Browser(desk.app).log_in(name) for name in ("ana", "luis"))

    ana.get("/inbox")
    luis.get("/inbox")

    claim = f"/tasks/{open_tasks(desk.database, case)['sign']}/claim"
    assert "Otra persona: usted hizo en este expediente una tarea que la excluye" in ana.words()
    assert claim not in ana.page.text
    assert claim in luis.page.text
