"""An operator's page: what it holds, and what can be told or started about it."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.store import models
from engine.work import SYSTEM, begin
from tests.web.conftest import Office


def _a_certificate(office: Office, state: str = "B1", ended_on: date | None = None) -> str:
    """The id of an authorisation of the operator."""
    with begin(office.database, SYSTEM) as work:
        application = models.Application(
            id=work.new_id(),
            number="SOL-2026-0009",
            operator_id=office.operator,
            programme="sv",
            types=["exporter"],
            state="A13",
            created_at=work.now,
        )
        work.session.add(application)
        work.session.flush()
        certificate = models.Authorisation(
            id=work.new_id(),
            number="OC-SV-0001",
            operator_id=office.operator,
            application_id=application.id,
            programme="sv",
            type="exporter",
            state=state,
            benefits_on=state == "B1",
            granted_on=date(2026, 1, 12),
            effective_on=date(2026, 1, 12),
            ended_on=ended_on,
            created_at=work.now,
        )
        work.session.add(certificate)
        return certificate.id


def test_an_operators_page_shows_what_it_holds(office: Office) -> None:
    _a_certificate(office)
    browser = office.at("analyst")
    browser.get("/operators?q=lempa")

    browser.get(browser.link("Exportadora Lempa"))

    assert "OC-SV-0001" in browser.words()
    assert "Vigente" in browser.words()
    assert "12 de enero de 2026" in browser.words()


def test_a_monitoring_officer_may_open_a_suspension_beside_the_certificate(office: Office) -> None:
    certificate = _a_certificate(office)
    browser = office.at("monitoring-officer")
    browser.get(f"/operators/{office.operator}")

    browser.get(browser.link("Suspensión"))

    assert browser.form("/start/suspension")["_certificate"] == certificate
    assert "Exportadora Lempa · OC-SV-0001" in browser.words()


def test_an_analyst_is_offered_no_suspension_and_may_not_start_one(office: Office) -> None:
    certificate = _a_certificate(office)
    browser = office.at("analyst")
    browser.get(f"/operators/{office.operator}")
    assert "/start/suspension" not in browser.page.text

    page = browser.get(f"/start/suspension?certificate={certificate}")

    assert page.status_code == 403


def test_an_operator_reports_a_change_and_a_message_leaves(office: Office) -> None:
    certificate = _a_certificate(office)
    browser = office.at("preparer")
    browser.get(f"/operators/{office.operator}")
    address = browser.link("Avisar un cambio")
    browser.get(address)
    kind = browser.page.text.split('<option value="')[2].split('"')[0]

    browser.send(
        address, **{"change-kind": kind, "change-happened_on": "10/01/2026", "change-description": "Nueva bodega"}
    )

    assert "El oficial de seguimiento ya lo tiene." in browser.words()
    with begin(office.database, SYSTEM) as work:
        sent = work.session.scalars(select(models.Outbox).where(models.Outbox.kind == "message")).one()
        assert sent.payload["name"] == "change_reported"
        assert sent.payload["key"] == certificate
        assert '"description": "Nueva bodega"' in str(sent.payload).replace("'", '"')


def test_an_incomplete_report_is_sent_back_with_what_was_typed(office: Office) -> None:
    certificate = _a_certificate(office)
    browser = office.at("preparer")
    address = f"/operators/{office.operator}/certificates/{certificate}/incident"
    browser.get(address)

    browser.send(address, **{"incident-description": "Robo de un marchamo"})

    assert browser.page.status_code == 422
    assert browser.form(address)["incident-description"] == "Robo de un marchamo"


def test_nothing_can_be_reported_about_a_certificate_that_has_ended(office: Office) -> None:
    _a_certificate(office, "B7", date(2026, 3, 1))
    browser = office.at("preparer")

    browser.get(f"/operators/{office.operator}")

    assert "Revocada" in browser.words()
    assert "Avisar un cambio" not in browser.words()


def test_a_stranger_reports_nothing_about_others_certificates(office: Office) -> None:
    certificate = _a_certificate(office)
    stranger = office.at("stranger")
    stranger.get("/account")
    token = stranger.form("/logout")["csrf_token"]
    address = f"/operators/{office.operator}/certificates/{certificate}/change"

    page, sent = stranger.get(address), stranger.client.post(address, data={"csrf_token": token})

    assert (page.status_code, sent.status_code) == (404, 404)


def test_a_report_of_no_known_kind_does_not_exist(office: Office) -> None:
    certificate = _a_certificate(office)

    page = office.at("preparer").get(f"/operators/{office.operator}/certificates/{certificate}/gossip")

    assert page.status_code == 404


def _language(office: Office) -> str | None:
    with begin(office.database, SYSTEM) as work:
        return work.session.get_one(models.Operator, office.operator).language


@pytest.mark.parametrize("who", ["intake-officer", "signatory"])
def test_an_officer_and_the_operators_own_people_choose_the_language_of_its_letters(office: Office, who: str) -> None:
    browser = office.at(who)
    browser.get(f"/operators/{office.operator}")
    assert "El del programa" in browser.words()

    browser.send(f"/operators/{office.operator}/language", language="en")

    assert _language(office) == "en"
    assert "Guardado." in browser.words()


def test_who_only_looks_at_an_operator_does_not_choose_its_language(office: Office) -> None:
    browser = office.at("auditor")
    browser.get(f"/operators/{office.operator}")
    assert "Guardar el idioma" not in browser.words()
    assert "Idioma de las cartas" in browser.words()
