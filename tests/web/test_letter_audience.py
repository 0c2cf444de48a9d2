"""Whom a letter is for: what is internal, or goes to another authority, no page, download or list shows to the operator."""

import pytest
from sqlalchemy import select

from engine import deliveries, people
from engine.domain.errors import Conflict
from engine.domain.notices import AUTHORITY, INTERNAL, OPERATOR
from engine.store import models
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.desk import Desk
from tests.web.conftest import PASSWORD, Office

PROPOSAL = {"summary": "Cumple salvo la custodia.", "recommendation": "grant"}
QUESTION = {"authority": "Impuestos Internos", "criteria": ["A.3"], "reply_due": "2026-03-01"}
REPLY = {
    "authority": "Impuestos Internos",
    "result": "fulfilled",
    "justification": "Sin deudas.",
    "replied_on": "2026-02-02",
}
CASE = "/cases/OC-2026-0000"


@pytest.fixture
def desk(office: Office) -> Desk:
    """An application on which the director decides, with a proposal, a consultation and its reply, and a letter to the operator."""
    desk = Desk(office.database, tax_id="0614-050505-105-5")
    with begin(office.database, SYSTEM) as work:
        people.create(work, "titular", "Titular", PASSWORD, ["signatory"], [str(desk.known["operator_id"])])
    desk.reach("A11")
    for template, facts in (
        ("D04_non_acceptance", {"reasons": "No está establecido."}),
        ("D07_consultation", QUESTION),
        ("D08_consultation_reply", REPLY),
        ("D13_proposal", PROPOSAL),
    ):
        desk.do("luis", "letters.issue", template=template, facts=facts)
    Worker(office.database, "one").drain(desk.now)
    return desk


def sent(desk: Desk) -> dict[str, models.Letter]:
    """The letters of the case by the number of their kind."""
    with look(desk.database, SYSTEM) as work:
        return {row.template.partition("_")[0]: row for row in work.session.scalars(select(models.Letter))}


def test_each_letter_knows_whom_it_is_for(desk: Desk) -> None:
    found = {code: (row.audience, row.status, row.notified_at is not None) for code, row in sent(desk).items()}

    assert found == {
        "D04": (OPERATOR, "notified", True),
        "D07": (AUTHORITY, "notified", True),
        "D08": (INTERNAL, "filed", False),
        "D13": (INTERNAL, "filed", False),
    }


def test_only_what_is_for_the_operator_goes_to_its_portal_and_address(desk: Desk) -> None:
    with look(desk.database, SYSTEM) as work:
        rows = work.session.scalars(select(models.Delivery)).all()

    assert {row.letter_id for row in rows} == {sent(desk)["D04"].id}


@pytest.mark.parametrize("code", ["D07", "D08", "D13"])
def test_the_operator_finds_nothing_of_a_letter_that_is_not_for_it(office: Office, desk: Desk, code: str) -> None:
    browser, found = office.at("titular"), sent(desk)[code]

    for page in (f"{CASE}/letters", f"{CASE}/history", f"{CASE}/history?steps=1", CASE):
        browser.get(page)
        assert browser.page.status_code == 200
        assert found.number not in browser.words()
    assert "Cartas (1)" in browser.words() or "Cartas 1" in browser.words()
    for address in (f"/letters/{found.id}", f"/letters/{found.id}/delivery"):
        assert browser.client.get(address).status_code == 404


def test_the_operator_reads_what_is_for_it(office: Office, desk: Desk) -> None:
    browser, found = office.at("titular"), sent(desk)["D04"]

    browser.get(f"{CASE}/letters")

    assert found.number in browser.words()
    assert browser.client.get(f"/letters/{found.id}").data.startswith(b"%PDF")


@pytest.mark.parametrize("who", ["analyst", "committee", "director", "auditor"])
def test_the_office_and_its_auditors_read_all_of_them(office: Office, desk: Desk, who: str) -> None:
    browser = office.at(who)

    browser.get(f"{CASE}/letters")

    assert all(row.number in browser.words() for row in sent(desk).values())
    assert "Interno" in browser.words()
    for row in sent(desk).values():
        assert browser.client.get(f"/letters/{row.id}").data.startswith(b"%PDF")


def test_the_delivery_of_what_is_internal_is_recorded_by_nobody(office: Office, desk: Desk) -> None:
    browser, found = office.at("intake-officer"), sent(desk)["D13"]
    browser.get(f"/letters/{found.id}/delivery")

    assert "A nadie: queda en la oficina" in browser.words()
    assert "/delivery/paper" not in browser.page.text
    browser.get(f"/letters/{sent(desk)['D07'].id}/delivery")
    assert "Para otra autoridad" in browser.words()
    with begin(office.database, SYSTEM, desk.now) as work, pytest.raises(Conflict, match="stays in the office"):
        deliveries.confirm(work, found.id, "Copia firmada")
