"""Authorisations: granted once all is in order, watched from year to year, revoked with a bar."""

from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.domain.errors import Conflict, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import Desk

SV = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"


@pytest.fixture
def desk(office: Database) -> Desk:
    """An operator whose authorisation was granted on Monday 12 January 2026."""
    desk = Desk(office)
    desk.reach("A13")
    return desk


def test_granting_makes_a_certificate_in_force_with_benefits(desk: Desk) -> None:
    granted = desk.authorisation()

    assert (granted.state, granted.benefits_on, granted.number) == ("B1", True, "OC-SV-2026-0001")
    assert desk.application().state == "A13"
    assert desk.application().decided_on == date(2026, 1, 12)
    assert ("decision", "met") in desk.clocks()


def test_nothing_is_granted_while_a_finding_is_open(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")
    found = {"criterion": "G.2", "severity": "minor", "text": "Falta el libro de marchamos."}
    desk.do("valeria", "findings.record", findings=[found])

    with pytest.raises(Conflict, match="finding is still open"):
        desk.do("ernesto", "authorisations.grant")

    (finding,) = desk.findings()
    desk.do("valeria", "findings.verify", verifications=[{"finding": finding, "result": "corrected"}])
    desk.do("ernesto", "authorisations.grant")
    assert desk.authorisation().state == "B1"


def test_an_observation_holds_nothing_up(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")
    seen = {"criterion": "M.1", "severity": "observation", "text": "Buen registro de mejoras."}
    desk.do("valeria", "findings.record", findings=[seen])

    desk.do("ernesto", "authorisations.grant")

    assert desk.authorisation().state == "B1"


def test_where_the_programme_says_so_a_grant_takes_effect_days_later(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace("days_after_grant = 0", "days_after_grant = 5")
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B0", False)

    desk.on(date(2026, 1, 16))
    Worker(office, "one").drain(desk.now)
    assert desk.authorisation().state == "B0"
    desk.on(date(2026, 1, 17))
    Worker(office, "one").drain(desk.now)

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert desk.moves("authorisation")[-1] == ("T16", "B1", date(2026, 1, 17))


def test_where_certificates_have_a_term_they_expire_by_themselves(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace("term = 0", "term = 3")
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")
    assert desk.authorisation().expires_on == date(2029, 1, 12)

    desk.on(date(2029, 1, 12))
    Worker(office, "one").drain(desk.now)
    assert desk.authorisation().state == "B1"
    desk.on(date(2029, 1, 13), time(0))
    Worker(office, "one").drain(desk.now)

    ended = desk.authorisation()
    assert (ended.state, ended.benefits_on, ended.ended_on) == ("B11", False, date(2029, 1, 12))
    assert desk.moves("authorisation")[-1] == ("T34", "B11", date(2029, 1, 13))
    with look(office, SYSTEM) as work:
        told = work.session.scalars(select(models.Message)).one()
        assert (told.name, told.key) == ("authorisation_ended", ended.id)


def test_a_revoked_certificate_does_not_expire_as_well(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace("term = 0", "term = 3")
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")

    desk.on(date(2029, 1, 13))
    Worker(office, "one").drain(desk.now)

    assert desk.authorisation().state == "B7"


def test_the_next_review_is_the_next_anniversary_and_stays_until_it_is_due(desk: Desk) -> None:
    answers = []
    for day in (date(2026, 1, 12), date(2026, 6, 1), date(2027, 1, 11), date(2027, 1, 12), date(2030, 5, 5)):
        desk.on(day)
        answers.append(desk.do("sonia", "authorisations.next_review")["review_due"])

    assert answers == ["2027-01-12", "2027-01-12", "2027-01-12", "2028-01-12", "2031-01-12"]
    assert desk.authorisation().next_review_on == date(2031, 1, 12)


def test_a_review_is_asked_for_when_its_day_begins(desk: Desk) -> None:
    assert desk.do("sonia", "authorisations.next_review")["review_due_at"] == "2027-01-12T06:00:00+00:00"


def test_reassessment_leaves_the_benefits_on(desk: Desk) -> None:
    desk.do("sonia", "authorisations.open_reassessment", reason="Cambio de ley.")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B3", True)

    desk.do("sonia", "authorisations.close_reassessment", reason="Cumple.")
    assert desk.authorisation().state == "B1"


def test_a_case_that_accompanies_a_certificate_learns_where_it_stands_and_which_sites_it_covers(desk: Desk) -> None:
    before = desk.do("sonia", "authorisations.look_up")
    desk.do("sonia", "authorisations.open_reassessment", reason="Cambio de ley.")
    opened = desk.do("sonia", "authorisations.look_up")
    desk.do("ernesto", "measures.open_suspension", ground="a", reasons="Hay indicios.", days=30)
    after = desk.do("sonia", "authorisations.look_up")

    assert (before["in_force"], before["reassessed"], before["over"]) == (True, False, False)
    assert (opened["in_force"], opened["reassessed"]) == (True, True)
    assert (after["in_force"], after["suspended"], after["state"]) == (False, True, "B4")
    assert before["types"] == [desk.authorisation().type]


def test_what_the_holder_reports_is_in_the_history(desk: Desk) -> None:
    desk.do("sonia", "authorisations.record_change", change={"kind": "people", "text": "Nueva jefa."})
    desk.do("sonia", "authorisations.record_incident", incident={"kind": "seal", "text": "Falta un marchamo."})

    assert desk.events()[-2:] == ["ChangeRecorded", "ChangeRecorded"]


def test_nobody_is_revoked_unheard(desk: Desk) -> None:
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds="Reincidencia.")
    desk.announce("D24_intention_to_revoke")

    with pytest.raises(Conflict, match="unheard"):
        desk.do("ernesto", "authorisations.revoke", reasons="Reincidencia.")


def test_a_revoked_operator_is_barred_until_the_last_day_of_the_bar(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Marchamos sin registro.", days=30)
    desk.hear()

    answer = desk.do("ernesto", "authorisations.revoke", reasons="No subsanó.")

    assert (answer["revoked_on"], answer["bar_until"]) == ("2026-01-12", "2029-01-12")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B7", False)
    assert desk.authorisation().ended_on == date(2026, 1, 12)
    desk.on(date(2029, 1, 12))
    desk.new_case()
    with pytest.raises(Conflict, match="barred until 2029-01-12"):
        desk.do("ana", "applications.open")
    desk.on(date(2029, 1, 13))
    assert desk.do("ana", "applications.open")["application_number"] == "SOL-2029-0001"


def test_a_bar_is_of_the_operator_and_no_one_else(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Marchamos sin registro.", days=30)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="No subsanó.")

    other = Desk(desk.database, tax_id="0315-050688-102-7")

    assert other.do("ana", "applications.open")["application_number"] == "SOL-2026-0002"


def test_certificate_numbers_have_no_gaps(desk: Desk) -> None:
    other = Desk(desk.database, tax_id="0315-050688-102-7")
    other.reach("A11")
    other.do("valeria", "findings.record", findings=[{"criterion": "G.2", "severity": "major", "text": "Sin libro."}])
    with pytest.raises(Conflict):
        other.do("ernesto", "authorisations.grant")
    third = Desk(desk.database, tax_id="0614-010101-001-1")
    third.reach("A13")

    with look(desk.database, SYSTEM) as work:
        numbers = work.session.scalars(select(models.Authorisation.number).order_by(models.Authorisation.number))
        assert list(numbers) == ["OC-SV-2026-0001", "OC-SV-2026-0002"]


def test_an_authorisation_that_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.do("sonia", "authorisations.next_review", authorisation_id="nowhere")
