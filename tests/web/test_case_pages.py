"""A case under its tabs, and who may see it."""

import pytest

from engine.store import models
from engine.work import SYSTEM, begin
from tests.factories import a_case, a_line, an_actor, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk, Office

TABS = ("", "/tasks", "/history", "/documents", "/letters", "/diagram", "/diagram/application.bpmn")


def _an_application(office: Office) -> Browser:
    """The applicant's browser on the page of the case that they just opened, OC-…-0001."""
    browser = office.at("signatory")
    browser.get("/start")
    browser.get(browser.link("Para Exportadora Lempa"))
    browser.send("/start/application", programme="sv", types="exporter")
    return browser


def test_an_applicant_opens_a_case_and_reads_what_comes_next(office: Office) -> None:
    browser = _an_application(office)

    assert "El expediente está abierto." in browser.words()
    assert "Siguiente paso Preparar la solicitud · le corresponde a usted" in browser.words()
    assert "1 Solicitud ahora" in browser.words()
    assert "2 Revisión por venir" in browser.words()
    assert "Solicitud SOL-" in browser.words()


def test_what_is_wrong_on_a_start_form_is_listed_and_nothing_is_opened(office: Office) -> None:
    browser = office.at("signatory")
    browser.get(f"/start/application?operator={office.operator}")

    browser.send("/start/application", programme="sv")

    assert browser.page.status_code == 422
    assert 'href="#types"' in browser.page.text
    browser.get("/cases")
    assert "Ningún expediente." in browser.words()


def test_a_start_form_offers_the_types_of_the_programme_that_is_chosen(office: Office) -> None:
    browser = office.at("signatory")
    browser.get(f"/start/application?operator={office.operator}")
    assert 'value="exporter"' in browser.page.text
    assert 'value="AEOC"' not in browser.page.text

    browser.send("/start/application", programme="eu", _rows="offer")

    assert browser.page.status_code == 200
    assert 'value="AEOC"' in browser.page.text
    assert 'value="exporter"' not in browser.page.text


def test_a_start_form_sent_twice_opens_one_case(office: Office) -> None:
    browser = office.at("signatory")
    browser.get(f"/start/application?operator={office.operator}")
    data = {**browser.form("/start/application"), "types": "exporter"}

    first = browser.client.post("/start/application", data=data)
    second = browser.client.post("/start/application", data=data)

    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_a_case_is_an_address_of_its_own(office: Office, tab: str) -> None:
    browser = _an_application(office)

    page = browser.get(f"{browser.page.request.path}{tab}")

    assert page.status_code == 200
    if not tab.endswith(".bpmn"):
        assert 'aria-current="page"' in page.text


@pytest.mark.parametrize("tab", TABS)
def test_a_case_of_another_operator_does_not_exist_for_an_applicant(office: Office, tab: str) -> None:
    address = _an_application(office).page.request.path
    stranger = office.at("stranger")

    page = stranger.get(f"{address}{tab}")

    assert page.status_code == 404
    assert "Exportadora Lempa" not in page.text


def test_lists_and_searches_show_applicants_only_what_is_theirs(office: Office) -> None:
    _an_application(office)
    stranger = office.at("stranger")

    for address in ("/cases", "/cases?q=OC", "/operators", "/operators?q=Lempa", "/search?q=Lempa", "/search?q=OC-2"):
        stranger.get(address)
        assert "Exportadora Lempa" not in stranger.words()
        assert "-0001" not in stranger.words()


def test_the_path_is_told_in_words_and_marked_for_the_viewer(office: Office) -> None:
    browser = _an_application(office)

    browser.get(f"{browser.page.request.path}/diagram")

    assert "hecho Abrir el expediente" in browser.words()
    assert "ahora Preparar la solicitud" in browser.words()
    assert 'data-element="prepare_application" data-state="now"' in browser.page.text
    assert "La imagen necesita JavaScript." in browser.words()


def test_the_file_of_the_diagram_is_the_version_in_force(office: Office) -> None:
    browser = _an_application(office)
    address = browser.page.request.path

    file = browser.get(f"{address}/diagram/application.bpmn")

    assert file.mimetype == "application/xml"
    assert b'<bpmn:process id="application"' in file.data
    with begin(office.database, SYSTEM) as work:
        version = work.session.query(models.ResourceVersion).join(models.Resource).filter_by(key="application").one()
        assert version.content == file.data


def test_the_history_tells_facts_and_on_request_the_steps(office: Office) -> None:
    browser = _an_application(office)
    address = browser.page.request.path

    browser.get(f"{address}/history")
    facts = browser.words()
    browser.get(browser.link("Con los pasos del proceso"))

    assert f"Se abrió el expediente {address.removeprefix('/cases/')}." in facts
    assert "El proceso avanzó" not in facts
    assert "El proceso avanzó" in browser.words()


def test_the_case_number_in_the_search_opens_the_case(office: Office) -> None:
    browser = _an_application(office)
    address = browser.page.request.path

    browser.get(f"/search?q={address.removeprefix('/cases/').lower()}")

    assert browser.page.request.path == address


def test_dates_are_written_out_in_the_readers_language(desk: Desk) -> None:
    ana = an_actor(desk.database, "ana", "analyst")
    a_case(desk.database, a_line(("note_it", user_task("note_it"))), actor=ana)
    browser = desk.at("ana")
    browser.get("/cases")
    browser.get(browser.link("TR-2026-0001"))
    spanish = browser.words()

    browser.send("/language", language="en")

    assert "12 de enero de 2026, 9:00" in spanish
    assert "12 January 2026, 9:00" in browser.words()


def test_a_list_of_more_than_one_page_is_leafed_through(desk: Desk) -> None:
    ana = an_actor(desk.database, "ana", "analyst")
    case_id = a_case(desk.database, a_line(("note_it", user_task("note_it"))), actor=ana)
    with begin(desk.database, SYSTEM) as work:
        pattern = work.session.get_one(models.Case, case_id)
        for number in range(2, 28):
            columns = {column.key: getattr(pattern, column.key) for column in models.Case.__table__.columns}
            work.session.add(models.Case(**{**columns, "id": f"case-{number}", "number": f"TR-2026-{number:04}"}))
    browser = desk.at("ana")

    browser.get("/cases")
    browser.get(browser.link("Página siguiente"))

    assert browser.page.text.count('data-label="Expediente"') == 2
    assert "Página anterior" in browser.words()
