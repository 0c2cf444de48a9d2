"""Calendars on their pages: a year, a change that a second person approves, a recount that is tried first."""

import re

import pytest

from tests.web.browsing import Browser
from tests.web.conftest import Office

ADDRESS = "/calendars/place/SV"
CHANGE = {
    "day": "2027-03-22",
    "kind": "closed",
    "name_es": "Asueto por decreto",
    "name_en": "Holiday by decree",
    "closes_at": "",
    "effective_from": "2099-01-01",
    "reason": "D.L. 12",
}


@pytest.fixture
def owner(office: Office) -> Browser:
    return office.at("process-owner")


@pytest.fixture
def administrator(office: Office) -> Browser:
    return office.at("administrator")


def leading_to(act: str, browser: Browser) -> str:
    """The address of the form of that act."""
    found = re.search(rf'action="([^"]+/{act})"', browser.page.text)
    assert found is not None
    return found[1]


def test_a_year_shows_its_holidays_and_where_they_come_from(owner: Browser) -> None:
    owner.get("/calendars/")
    assert "Feriados de SV" in owner.words()

    owner.get(f"{ADDRESS}?year=2026")

    assert "Viernes Santo" in owner.words()
    assert "holidays 0." in owner.words()
    assert "Feriados de SV, 2026" in owner.words()


def test_one_asks_and_another_approves(owner: Browser, administrator: Browser) -> None:
    owner.get(ADDRESS)
    owner.send(ADDRESS, **CHANGE)
    assert "Pedido. Otra persona aprueba el cambio" in owner.words()
    assert "Usted pidió este cambio" in owner.words()
    assert "lo pidió Process_owner" in owner.words()
    assert "<span" not in owner.words()

    administrator.get(f"{ADDRESS}?year=2027")
    assert "Asueto por decreto" in administrator.words()
    approve = leading_to("approve", administrator)
    administrator.send(approve)

    assert "vale para lo que se compute desde su fecha de efecto" in administrator.words()
    assert "vale desde el 1 de enero de 2099" in administrator.words()


def test_a_change_is_refused_with_a_reason(owner: Browser, administrator: Browser) -> None:
    owner.get(ADDRESS)
    owner.send(ADDRESS, **CHANGE)
    administrator.get(ADDRESS)
    refuse = leading_to("refuse", administrator)

    administrator.send(refuse, reason="El decreto fue derogado.")

    assert "El decreto fue derogado." in administrator.words()


def test_what_is_wrong_is_said_and_what_was_typed_stays(owner: Browser) -> None:
    owner.get(ADDRESS)

    owner.send(ADDRESS, **{**CHANGE, "day": "mañana", "reason": "", "kind": "half"})

    assert owner.page.status_code == 422
    words = owner.words()
    assert "Elija un día de 2000 a 2100." in words
    assert "Escriba el acto que lo dispone" in words
    assert "Escriba a qué hora cierra la oficina" in words
    assert "Asueto por decreto" in owner.page.text


def test_an_officer_reads_and_changes_nothing(office: Office) -> None:
    reader = office.at("analyst")

    assert reader.get(ADDRESS).status_code == 200
    assert "Pedir un cambio" not in reader.words()


@pytest.mark.parametrize(
    "address",
    ["/calendars/place/XX", "/calendars/moon/SV", "/calendars/office/nowhere", "/calendars/office/nowhere/recount"],
)
def test_a_calendar_that_no_programme_goes_by_is_not_found(owner: Browser, address: str) -> None:
    assert owner.get(address).status_code == 404


def test_a_recount_is_tried_before_it_is_ordered(owner: Browser) -> None:
    owner.get("/calendars/office/sv/recount")

    assert "Todavía no se ha cambiado nada" in owner.words()
    assert "Ningún plazo en curso terminaría otro día." in owner.words()


def test_the_office_calendar_names_what_is_the_country_s(owner: Browser) -> None:
    owner.get("/calendars/office/sv?year=2026")

    assert "Plazos en curso que terminarían otro día" in owner.words()
