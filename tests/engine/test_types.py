"""One application asks for several types and some sites; each type is granted or refused by itself."""

from datetime import date

import pytest

from engine import operators, sites
from engine.domain.errors import Invalid
from engine.store import models
from engine.store.database import Database
from tests.engine.desk import Desk

TYPES = ("importer", "exporter")
GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application for two types, ready to be decided, of an operator with two sites."""
    desk = Desk(office, types=TYPES)
    with desk.work("irene") as work:
        for name in ("Bodega", "Planta"):
            operators.open_site(work, str(desk.known["operator_id"]), name)
    return desk


def heard(desk: Desk) -> None:
    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.announce("D14_hearing")
    desk.do("rosa", "applications.end_hearing")


def test_each_type_has_a_certificate_of_its_own(desk: Desk) -> None:
    desk.reach("A11")

    answer = desk.do("ernesto", "authorisations.grant")

    made = desk.certificates()
    assert [(one.number, one.type, one.state) for one in made] == [
        ("OC-SV-2026-0001", "importer", "B1"),
        ("OC-SV-2026-0002", "exporter", "B1"),
    ]
    told = answer["authorisations"]
    assert isinstance(told, list)
    assert [one["certificate_number"] for one in told] == [one.number for one in made]
    assert answer["authorisation_id"] == made[0].id


def test_one_type_is_granted_and_the_other_refused(desk: Desk) -> None:
    desk.reach("A11")
    heard(desk)

    desk.do("ernesto", "authorisations.grant", types=["exporter"])
    assert desk.application().state == "A11"
    desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.", types=["importer"])

    assert desk.application().state == "A13"
    assert [one.type for one in desk.certificates()] == ["exporter"]
    outcomes = {row.type: row.state for row in desk.rows(models.ApplicationType)}
    assert outcomes == {"exporter": "granted", "importer": "refused"}
    assert ("decision", "met") in desk.clocks()


def test_where_the_refusal_comes_first_the_grant_ends_the_application(desk: Desk) -> None:
    desk.reach("A11")
    heard(desk)

    desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.", types=["importer"])
    assert (desk.application().state, desk.application().decided_on) == ("A11", None)
    desk.do("ernesto", "authorisations.grant")

    assert desk.application().state == "A13"


def test_an_application_is_refused_when_all_of_its_types_are(desk: Desk) -> None:
    desk.reach("A11")
    heard(desk)

    for name in TYPES:
        desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.", types=[name])

    assert desk.application().state == "A14"
    assert desk.certificates() == []


@pytest.mark.parametrize("types", [["carrier"], ["exporter", "carrier"]])
def test_nobody_is_granted_what_they_did_not_ask_for(desk: Desk, types: list[str]) -> None:
    desk.reach("A11")

    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", "authorisations.grant", types=types)

    assert [problem.where for problem in refused.value.problems] == ["types"]


def test_a_type_is_decided_once(desk: Desk) -> None:
    desk.reach("A11")
    desk.do("ernesto", "authorisations.grant", types=["exporter"])

    with pytest.raises(Invalid):
        desk.do("ernesto", "authorisations.grant", types=["exporter"])


def test_a_certificate_covers_the_sites_that_were_granted_from_day_to_day(desk: Desk) -> None:
    desk.do("ana", "applications.open", sites_asked=["Bodega"])
    for _state, who, service in (
        ("A1", "rosa", "applications.submit"),
        ("A4", "irene", "applications.accept"),
        ("A5", "luis", "applications.start_review"),
        ("A11", "luis", "applications.evaluate"),
        ("A13", "ernesto", "authorisations.grant"),
    ):
        desk.do(who, service)
    first = desk.certificates()[0].id
    desk.on(date(2026, 6, 1))
    desk.do(
        "sonia", "authorisations.change_site", authorisation_id=first, site="Planta", included=True, reason="Nueva."
    )
    desk.on(date(2026, 9, 1))
    desk.do(
        "sonia", "authorisations.change_site", authorisation_id=first, site="Bodega", included=False, reason="Cierre."
    )

    with desk.work("sonia") as work:
        days = (date(2026, 1, 12), date(2026, 6, 1), date(2026, 9, 1))
        covered = [[name for _id, name in sites.within(work, first, day)] for day in days]
    assert covered == [["Bodega"], ["Bodega", "Planta"], ["Planta"]]
    assert [name for name in desk.events() if name == "SitesChanged"] == ["SitesChanged"] * 4


def test_a_site_of_somebody_else_is_not_asked_for(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("ana", "applications.open", sites_asked=["Bodega", "Puerto"])

    assert [problem.where for problem in refused.value.problems] == ["sites[1]"]
