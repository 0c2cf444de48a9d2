"""What an officer does with a task, without scripts: take, draft, complete, be late, be refused."""

from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from engine import starts
from engine.store import models
from engine.work import SYSTEM, Work, begin
from tests.factories import a_case, a_form, a_line, an_actor, open_tasks, publish, user_task
from tests.web.conftest import Desk

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
REMARK = {"type": "textfield", "key": "remark", "id": "remark", "label": "Nota", "validate": {"required": True}}
FILES = {"type": "filepicker", "key": "proof", "id": "proof", "label": "Respaldo", "multiple": True}


def _a_task(desk: Desk, *fields: dict[str, object], **properties: str) -> str:
    """The address of a task for an analyst with a form of these fields; ana and eva are analysts."""
    ana = an_actor(desk.database, "ana", "analyst")
    an_actor(desk.database, "eva", "analyst")
    line = a_line(("note_it", user_task("note_it")), ("check_it", user_task("check_it", **properties)))
    case_id = a_case(desk.database, line, actor=ana)
    if fields:
        publish(desk.database, ("form", "note", a_form("note", *fields)))
        with begin(desk.database, ana) as work:
            case_id = _second_case(work, case_id)
    return f"/tasks/{open_tasks(desk.database, case_id)['note_it']}"


def _second_case(work: Work, case_id: str) -> str:
    operator = work.session.get_one(models.Case, case_id).operator_id
    return starts.begin(work, "trip", {}, operator_id=operator).id


def test_a_task_is_done_on_its_page_and_leaves_the_inbox(desk: Desk) -> None:
    address = _a_task(desk)
    browser = desk.at("ana")
    browser.get("/inbox")
    assert "note_it" in browser.words()

    browser.get(address)
    browser.send(f"{address}/complete", remark="visto")

    assert "La tarea está hecha." in browser.words()
    browser.get(address)
    assert "visto" in browser.words()
    assert "Ana" in browser.words()


def test_what_is_wrong_is_listed_on_top_and_linked_and_what_was_typed_stays(desk: Desk) -> None:
    address = _a_task(desk, REMARK, {"type": "textfield", "key": "other", "id": "other", "label": "Otra"})
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", remark="", other="esto se queda")

    assert browser.page.status_code == 422
    assert 'href="#remark"' in browser.page.text
    assert "Hay algo que corregir" in browser.words()
    assert browser.form(f"{address}/complete")["other"] == "esto se queda"
    assert browser.page.text.index("<title>Error:") > 0


def test_a_draft_is_kept_and_the_task_is_then_the_writers(desk: Desk) -> None:
    address = _a_task(desk, REMARK)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", button=f"{address}/draft", remark="a medias")

    assert "El borrador está guardado." in browser.words()
    assert browser.form(f"{address}/complete")["remark"] == "a medias"
    assert "La tarea es suya." in browser.words()


def test_the_pages_script_saves_drafts_and_learns_the_hour(desk: Desk) -> None:
    address = _a_task(desk, REMARK)
    browser = desk.at("ana")
    browser.get(address)
    data = {**browser.form(f"{address}/complete"), "remark": "a medias"}

    answer = browser.client.post(f"{address}/draft", data=data, headers={"Accept": "application/json"})

    assert answer.json is not None
    assert answer.json["saved"].startswith("Borrador guardado a las ")


def test_a_task_that_a_colleague_has_taken_says_who_has_it(desk: Desk) -> None:
    address = _a_task(desk)
    eva = desk.at("eva")
    eva.get(address)
    eva.send(f"{address}/claim")
    browser = desk.at("ana")

    browser.get(address)

    assert "Eva ya tomó esta tarea. Pídale que la devuelva." in browser.words()
    assert f'action="{address}/complete"' not in browser.page.text


def test_a_task_given_back_is_free_for_colleagues(desk: Desk) -> None:
    address = _a_task(desk)
    eva = desk.at("eva")
    eva.get(address)
    eva.send(f"{address}/claim")
    eva.send(f"{address}/release")
    browser = desk.at("ana")

    browser.get(address)

    assert f'action="{address}/complete"' in browser.page.text


def test_whoever_is_late_reads_who_was_first_and_keeps_what_was_typed(desk: Desk) -> None:
    address = _a_task(desk, REMARK)
    late = desk.at("ana")
    late.get(address)
    first = desk.at("eva")
    first.get(address)
    first.send(f"{address}/complete", remark="primera")

    late.send(f"{address}/complete", remark="lo que escribí yo")

    assert late.page.status_code == 409
    assert "Eva ya completó esta tarea." in late.words()
    assert "lo que escribí yo" in late.words()


def test_the_same_page_sent_twice_does_the_task_once_and_refuses_nothing(desk: Desk) -> None:
    address = _a_task(desk)
    browser = desk.at("ana")
    browser.get(address)
    data = browser.form(f"{address}/complete")

    first = browser.client.post(f"{address}/complete", data=data)
    second = browser.client.post(f"{address}/complete", data=data)

    assert (first.status_code, second.status_code) == (302, 302)
    with begin(desk.database, SYSTEM) as work:
        done = work.session.scalars(select(models.Event).where(models.Event.type == "TaskCompleted")).all()
        assert len(done) == 1


def test_a_field_that_the_form_does_not_have_is_refused_by_its_name(desk: Desk) -> None:
    address = _a_task(desk)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", __class__="x", typename="Case")

    assert browser.page.status_code == 422
    assert "typename" in browser.words()


def test_whoever_did_the_one_reads_that_the_other_is_for_somebody_else(desk: Desk) -> None:
    address = _a_task(desk, not_by="note_it")
    browser = desk.at("ana")
    browser.get(address)
    assert "Quien haga esta no podrá hacer «check_it» después." in browser.words()
    browser.send(f"{address}/complete")
    with begin(desk.database, SYSTEM) as work:
        next_task = work.session.scalars(select(models.Task.id).where(models.Task.element == "check_it")).one()

    browser.get(f"/tasks/{next_task}")

    assert "Usted hizo «note_it» en este expediente" in browser.words()
    assert "No quien hizo «note_it» en este expediente." in browser.words()


def test_a_document_sent_with_a_task_can_be_opened_from_its_case(desk: Desk) -> None:
    address = _a_task(desk, FILES)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", proof=(BytesIO(PDF), "acta ñ.pdf"))

    assert "La tarea está hecha." in browser.words()
    browser.get("/cases")
    browser.get(browser.link("TR-"))
    browser.get(browser.link("Documentos"))
    file = browser.client.get(browser.link("acta ñ.pdf"))
    assert file.data == PDF
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == "inline; filename*=UTF-8''acta%20%C3%B1.pdf"
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_a_document_need_not_be_chosen_again_after_a_mistake(desk: Desk) -> None:
    address = _a_task(desk, REMARK, FILES)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", remark="", proof=(BytesIO(PDF), "acta.pdf"))
    kept = browser.form(f"{address}/complete")
    browser.send(f"{address}/complete", remark="ahora sí")

    assert kept["proof-keep"]
    assert "La tarea está hecha." in browser.words()


def test_a_file_of_a_forbidden_kind_is_refused_at_its_field(desk: Desk) -> None:
    address = _a_task(desk, FILES)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", proof=(BytesIO(b"MZ\x90\x00program"), "acta.pdf"))

    assert browser.page.status_code == 422
    assert "acta.pdf" in browser.words()


def test_take_the_next_one_takes_the_one_that_is_due_first(desk: Desk) -> None:
    address = _a_task(desk)
    browser = desk.at("ana")
    browser.get("/inbox")

    browser.send("/inbox/next")

    assert browser.page.request.path == address
    assert "La tarea es suya." in browser.words()


def test_opening_a_task_notes_once_that_it_was_seen(desk: Desk) -> None:
    address = _a_task(desk)
    browser = desk.at("ana")
    browser.get("/inbox?view=new")
    assert "note_it" in browser.words()

    browser.get(address)
    browser.get("/inbox?view=new")

    assert "note_it" not in browser.words()


def test_a_task_that_does_not_exist_says_so(desk: Desk) -> None:
    _a_task(desk)
    browser = desk.at("ana")

    page = browser.get("/tasks/nothing")

    assert page.status_code == 404
    assert "No existe esa tarea." in browser.words()


@pytest.mark.parametrize("act", ["claim", "release", "draft", "complete"])
def test_a_role_that_the_task_is_not_for_may_look_and_not_touch(desk: Desk, act: str) -> None:
    address = _a_task(desk)
    an_actor(desk.database, "vera", "validator")
    browser = desk.at("vera")
    browser.get(address)
    assert "Esta tarea es para la función analista." in browser.words()
    token = browser.form("/logout")["csrf_token"]

    answer = browser.client.post(f"{address}/{act}", data={"csrf_token": token})

    assert answer.status_code in (403, 409)
    with begin(desk.database, SYSTEM) as work:
        task = work.session.get_one(models.Task, address.removeprefix("/tasks/"))
        assert (task.status, task.assignee_id) == ("open", None)


def test_a_form_calls_today_what_the_office_calls_today(desk: Desk) -> None:
    text = {"type": "text", "id": "day", "text": "Hoy es {{today()}}."}
    with time_machine.travel("2027-07-01T02:30:00Z", tick=False):  # still June where the office is
        address = _a_task(desk, text, REMARK)
        browser = desk.at("ana")

        browser.get(address)

    assert "Hoy es 30 de junio de 2027." in browser.words()
