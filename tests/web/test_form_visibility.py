"""What a form asks depends on its answers, by FEEL on the server: with a script while somebody types, without one all the same."""

import json

import pytest
from sqlalchemy import select

from engine import starts
from engine.store import models
from engine.work import begin
from tests.engine.form_schemas import component, form
from tests.factories import a_case, a_diagram, a_form, a_line, an_actor, an_operator, open_tasks, publish, user_task
from tests.web.conftest import Desk
from tests.web.form_pages import page, text

STAFF = {"type": "number", "key": "staff", "id": "staff", "label": "Personal"}
PLAN = {
    "type": "textfield",
    "key": "plan",
    "id": "plan",
    "label": "Plan para grandes",
    "conditional": {"hide": "=staff = null or staff < 100"},
    "validate": {"required": True},
}
KIND = {"type": "textfield", "key": "kind", "id": "kind", "label": "Clase"}
WORDS = {
    "type": "text",
    "id": "told",
    "text": "Gran empresa",
    "conditional": {"hide": 'not(staff > 100 and kind = "x")'},
}


def a_task(desk: Desk, *fields: dict[str, object]) -> tuple[str, str]:
    """The address of a task with a form of these fields, and its case."""
    ana = an_actor(desk.database, "ana", "analyst")
    case_id = a_case(
        desk.database, a_line(("note_it", user_task("note_it")), ("end_it", user_task("end_it"))), actor=ana
    )
    publish(desk.database, ("form", "note", a_form("note", *fields)))
    with begin(desk.database, ana) as work:
        operator = work.session.get_one(models.Case, case_id).operator_id
        case_id = starts.begin(work, "trip", {}, operator_id=operator).id
    return f"/tasks/{open_tasks(desk.database, case_id)['note_it']}", case_id


def answers(desk: Desk, case_id: str) -> dict[str, object]:
    """What the history says was answered."""
    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        query = select(models.Event).where(models.Event.case_id == case_id, models.Event.type == "TaskCompleted")
        told: dict[str, object] = json.loads(work.session.scalars(query).one().data)["answers"]
        return told


def hidden(desk: Desk, address: str, who: str = "ana", **typed: str) -> object:
    """What the page's script is told as the answers stand."""
    browser = desk.at(who)
    browser.get(address)
    token = browser.form(f"{address}/complete")["csrf_token"]
    return browser.client.post(f"{address}/conditions", data={**typed, "csrf_token": token}).json


def test_what_hangs_on_a_number_is_marked_for_the_script_and_shown_without_one() -> None:
    asked = form(component("number", "staff"), component("textfield", "plan", conditional={"hide": "=staff < 100"}))

    (small,) = page(asked, {"staff": "5"}).xpath(".//div[@data-decided]")
    (large,) = page(asked, {"staff": "500"}).xpath(".//div[@data-decided]")

    assert (small.get("data-decided"), "data-away" in small.attrib) == ("plan", True)
    assert "data-away" not in large.attrib
    assert small.xpath(".//input[@name='plan']")


def test_words_and_rows_may_hang_on_several_answers() -> None:
    rows = component(
        "dynamiclist",
        "sites",
        path="sites",
        components=[component("number", "size"), component("textfield", "x", conditional={"hide": "=size < staff"})],
    )
    asked = form(component("number", "staff"), component("textfield", "kind"), rows, WORDS)

    shown = page(asked, {"staff": "200", "kind": "x", "sites": [{"size": "1"}, {"size": "300"}]})

    away = {one.get("data-decided"): "data-away" in one.attrib for one in shown.xpath(".//div[@data-decided]")}
    assert away == {"sites-0-x": True, "sites-1-x": False, "told": False}
    assert "Gran empresa" in text(shown)


def test_the_server_tells_the_script_what_is_not_asked(desk: Desk) -> None:
    address, _case = a_task(desk, STAFF, KIND, PLAN, WORDS)

    assert hidden(desk, address, staff="7") == {"hidden": ["plan", "told"]}
    assert hidden(desk, address, staff="700", kind="x") == {"hidden": []}
    assert hidden(desk, address, staff="seven") == {"hidden": ["plan", "told"]}


def test_asking_keeps_nothing(desk: Desk) -> None:
    address, _case = a_task(desk, STAFF, PLAN)

    hidden(desk, address, staff="7")

    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        assert work.session.scalars(select(models.Task.draft).where(models.Task.draft.is_not(None))).all() == []


def test_nobody_asks_about_a_task_that_is_not_theirs(desk: Desk) -> None:
    address, _case = a_task(desk, STAFF, PLAN)
    an_actor(desk.database, "ivan", "intake_officer")
    browser = desk.at("ivan")
    browser.get("/account")
    token = browser.form("/logout")["csrf_token"]

    assert browser.client.post(f"{address}/conditions", data={"staff": "7", "csrf_token": token}).status_code == 403


@pytest.mark.parametrize(
    ("staff", "plan", "kept"),
    [("7", "", {"staff": 7}), ("7", "smuggled in", {"staff": 7}), ("700", "growth", {"staff": 700, "plan": "growth"})],
)
def test_a_hidden_question_is_neither_required_nor_kept(desk: Desk, staff: str, plan: str, kept: object) -> None:
    address, case_id = a_task(desk, STAFF, PLAN)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", staff=staff, plan=plan)

    assert "La tarea está hecha." in browser.words()
    assert answers(desk, case_id) == kept


def test_without_a_script_a_question_that_comes_up_is_asked_for_on_sending(desk: Desk) -> None:
    address, _case = a_task(desk, STAFF, PLAN)
    browser = desk.at("ana")
    browser.get(address)

    browser.send(f"{address}/complete", staff="700", plan="")

    assert browser.page.status_code == 422
    assert 'href="#plan"' in browser.page.text


def test_a_start_form_tells_its_script_too(desk: Desk) -> None:
    operator = an_operator(desk.database)
    an_actor(desk.database, "rosa", "signatory", operators=[operator])
    body = a_line().replace(
        '<bpmn:startEvent id="begun"/>',
        '<bpmn:startEvent id="begun"><bpmn:extensionElements><zeebe:formDefinition formId="note"/></bpmn:extensionElements></bpmn:startEvent>',
    )
    publish(
        desk.database,
        ("form", "note", a_form("note", STAFF, PLAN)),
        ("process", "trip", a_diagram(body, properties={"start_roles": "signatory"})),
    )
    browser = desk.at("rosa")
    browser.get(f"/start/trip?operator={operator}")
    assert "Plan para grandes" in browser.words()
    fields = browser.form("/start/trip")

    small = browser.client.post("/start/trip/conditions", data={**fields, "staff": "7"})
    large = browser.client.post("/start/trip/conditions", data={**fields, "staff": "700"})

    assert (small.json, large.json) == ({"hidden": ["plan"]}, {"hidden": []})
