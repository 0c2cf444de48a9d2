"""Moving running cases in the studio, without a script: a trial, the mapping, two process owners, progress, taking back."""

from datetime import UTC, datetime

import pytest

from engine import tasks
from engine.work import begin
from engine.worker import Worker
from tests.factories import (
    a_case,
    a_diagram,
    a_form,
    a_line,
    an_actor,
    flow,
    open_tasks,
    publish,
    user_task,
)
from tests.web.browsing import Browser
from tests.web.conftest import Desk

INDEX = "/studio/process/trip/cases"
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="one" cancelActivity="false"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{}</bpmn:timeDuration></bpmn:timerEventDefinition>'
    '</bpmn:boundaryEvent><bpmn:endEvent id="told"/>' + flow("late", "told")
)


def line(*names: str, form: str = "note") -> str:
    return a_line(*((name, user_task(name, form=form)) for name in names))


def redraw(desk: Desk, body: str) -> None:
    publish(desk.database, ("process", "trip", a_diagram(body)))


@pytest.fixture
def case(desk: Desk) -> str:
    """A case at the task «one» of release 1; «dora» and «pablo» are process owners."""
    return a_case(desk.database, line("one") + LATE.format("P5D"), now=datetime.now(UTC))


def ask(desk: Desk, address: str = f"{INDEX}/move", reason: str = "Nueva ley") -> tuple[Browser, str]:
    """The first process owner asks; the address of the move."""
    browser = desk.at("dora")
    browser.get(address)
    browser.send(f"{INDEX}/ask", reason=reason)
    return browser, browser.page.request.path


def approve(desk: Desk, move: str) -> Browser:
    browser = desk.at("pablo")
    browser.get(move)
    browser.send(f"{move}/approve")
    Worker(desk.database, "one").drain()
    browser.get(move)
    return browser


def test_the_page_of_a_process_leads_to_its_running_cases(desk: Desk, case: str) -> None:
    redraw(desk, line("one", "two") + LATE.format("P5D"))
    browser = desk.at("dora")

    browser.get("/studio/process/trip")
    browser.get(browser.link("Expedientes en curso"))
    assert "1 expediente en curso" in browser.words()
    browser.get(browser.link("Ensayar el traslado de todos"))

    assert "Se puede trasladar 1 de 1 expediente" in browser.words()
    assert "Este paso es nuevo; el expediente aún puede llegar a él." in browser.words()
    assert open_tasks(desk.database, case)


def test_two_process_owners_move_a_case_and_its_history_says_so(desk: Desk, case: str) -> None:
    redraw(desk, line("one", "two") + LATE.format("P5D"))

    first, move = ask(desk)
    assert "otro dueño de proceso lo aprueba" in first.words()
    second = approve(desk, move)

    assert "Trasladado" in second.words()
    ana = desk.at("ana")
    ana.get("/tasks/" + open_tasks(desk.database, case)["one"])
    ana.get(ana.link("TR-2026-0001") + "/history")
    assert "El expediente pasó de la edición 1 a la 2: Nueva ley" in ana.words()
    assert "Pedido por Dora, aprobado por Pablo." in ana.words()


def test_a_missing_element_is_mapped_on_the_page(desk: Desk, case: str) -> None:
    redraw(desk, line("uno", "dos"))
    browser = desk.at("dora")
    browser.get(f"{INDEX}/move")
    assert "Se puede trasladar 0 de 1 expediente" in browser.words()
    assert "el nuevo diagrama no tiene este elemento" in browser.words()
    assert 'name="to.one"' in browser.page.text
    assert '<option value="uno">' in browser.page.text

    _browser, move = ask(desk, f"{INDEX}/move?to.one=uno")
    approve(desk, move)

    assert list(open_tasks(desk.database, case)) == ["uno"]


@pytest.mark.usefixtures("case")
def test_a_due_date_is_reckoned_again_where_that_is_ticked(desk: Desk) -> None:
    redraw(desk, line("one") + LATE.format("P9D"))
    browser = desk.at("dora")
    browser.get(f"{INDEX}/move")
    assert 'name="again" value="late"' in browser.page.text

    _browser, move = ask(desk, f"{INDEX}/move?again=late")
    approve(desk, move)

    assert "Calculado de nuevo" in desk.at("dora").get(move).text


@pytest.mark.usefixtures("case")
def test_a_move_without_a_reason_is_asked_for_again(desk: Desk) -> None:
    redraw(desk, line("one", "two"))
    browser = desk.at("dora")
    browser.get(f"{INDEX}/move?from=1")

    page = browser.send(f"{INDEX}/ask", reason=" ")

    assert page.status_code == 422
    assert "queda en su historial" in browser.words()
    assert browser.form(f"{INDEX}/ask")["from"] == "1"


def test_a_move_is_taken_back_case_by_case(desk: Desk, case: str) -> None:
    redraw(desk, line("one", "two"))
    _first, move = ask(desk)
    browser = approve(desk, move)

    page = browser.send(f"{move}/undo/{case}", reason="")
    assert page.status_code == 422
    browser.send(f"{move}/undo/{case}", reason="Fue un error")

    assert "El expediente está de nuevo donde estaba." in browser.words()
    assert "Revertido" in browser.words()


def test_nothing_is_offered_to_be_taken_back_once_somebody_acted(desk: Desk, case: str) -> None:
    redraw(desk, line("one", "two"))
    _first, move = ask(desk)
    browser = approve(desk, move)
    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        tasks.claim(work, open_tasks(desk.database, case)["one"])

    browser.get(move)

    assert "El expediente ya ha avanzado." in browser.words()
    assert "/undo/" not in browser.page.text


@pytest.mark.usefixtures("case")
def test_a_move_that_waits_can_be_given_up(desk: Desk) -> None:
    redraw(desk, line("one", "two"))
    browser, move = ask(desk)

    assert browser.send(f"{move}/leave", reason="").status_code == 422
    browser.send(f"{move}/leave", reason="Mejor no")

    assert "Abandonado" in browser.words()
    assert "Mejor no" in browser.words()


def test_what_the_new_form_does_not_ask_is_read_beside_the_task(desk: Desk, case: str) -> None:
    ana = an_actor(desk.database, "ana", "analyst")
    with begin(desk.database, ana) as work:
        tasks.save_draft(work, open_tasks(desk.database, case)["one"], {"remark": "a medias"})
    other = {"type": "textfield", "key": "opinion", "id": "opinion", "label": "Opinión"}
    publish(desk.database, ("form", "view", a_form("view", other)))
    redraw(desk, line("one", form="view"))
    _first, move = ask(desk)
    approve(desk, move)

    browser = desk.at("ana")
    browser.get("/tasks/" + open_tasks(desk.database, case)["one"])

    assert "Ya no se pregunta" in browser.words()
    assert "a medias" in browser.words()


@pytest.mark.usefixtures("case")
def test_the_auditor_reads_moves_and_makes_none(desk: Desk) -> None:
    redraw(desk, line("one", "two"))
    _first, move = ask(desk)
    an_actor(desk.database, "aura", "auditor")
    browser = desk.at("aura")

    assert browser.get(f"{INDEX}/move").status_code == 200
    assert "Pedir el traslado" not in browser.words()
    browser.get(move)
    assert "Nueva ley" in browser.words()
    assert "/approve" not in browser.page.text


@pytest.mark.usefixtures("case")
def test_the_pages_speak_english_too(desk: Desk) -> None:
    redraw(desk, line("one", "two"))
    browser = desk.at("dora")
    browser.send("/language", language="en")

    browser.get(f"{INDEX}/move")

    assert "1 of 1 case can move" in browser.words()
    assert "This is a trial: nothing has been changed." in browser.words()
