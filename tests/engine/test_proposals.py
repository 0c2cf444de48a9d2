"""What is asked and known before a file is proposed: the types that are open, whom to consult, consents, the committee."""

import pytest
from sqlalchemy import select

from engine import history
from engine.domain.errors import Conflict
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.engine.desk import Desk

HACIENDA = {"authority": "Hacienda", "criteria": ["A.3"], "question": "¿Está solvente?"}


def at(desk: Desk, state: str) -> Desk:
    """The desk, with an application that has come so far."""
    desk.reach(state)
    return desk


def test_the_outline_names_the_open_types_in_both_languages_and_the_kind_of_operator(office: Database) -> None:
    desk = at(Desk(office, types=("exporter", "importer")), "A11")
    desk.do("ernesto", "authorisations.grant", types=["exporter"])

    found = desk.do("luis", "applications.outline")

    assert found == {
        "open_types": [{"value": "importer", "label": "Importador", "label_en": "Importer"}],
        "operator_kind": "exporter",
    }


def test_nobody_is_asked_a_second_time(office: Database) -> None:
    desk = at(Desk(office), "A5")
    assert desk.do("luis", "consultations.plan", authorities=[HACIENDA]) == {"authorities": [HACIENDA]}

    desk.do("luis", "consultations.ask", authority="Hacienda", criteria=["A.3"])

    assert desk.do("luis", "consultations.plan", authorities=[HACIENDA]) == {"authorities": []}


def test_an_authority_may_be_asked_until_the_intention_to_refuse_is_notified(office: Database) -> None:
    desk = at(Desk(office), "A11")
    desk.do("luis", "consultations.ask", authority="Hacienda", criteria=["A.3"])
    grounds = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]

    with pytest.raises(Conflict, match="consultation is still open"):
        desk.do("ernesto", "applications.start_hearing", grounds=grounds)

    desk.do("luis", "consultations.receive", result="not_fulfilled", justification="Hay una deuda.")
    desk.do("ernesto", "applications.start_hearing", grounds=grounds)


@pytest.mark.parametrize(("programme", "types", "closes"), [("sv", ["exporter"], True), ("eu", ["AEOF"], False)])
def test_what_silence_means_is_said_by_the_programme(
    office: Database,
    programme: str,
    types: list[str],
    closes: bool,  # noqa: FBT001 - a column of the table
) -> None:
    desk = at(Desk(office, programme=programme, types=types), "A11")

    assert desk.do("luis", "consultations.silence") == {"silence_closes": closes}


def test_the_holder_is_asked_what_the_programme_requires_to_know(office: Database) -> None:
    desk = at(Desk(office), "A11")

    assert desk.do("luis", "consents.missing") == {
        "consents_missing": 0,
        "publication": None,
        "mutual_recognition": None,
    }


def test_a_committee_is_convened_where_the_programme_has_one_and_needs_its_quorum(office: Database) -> None:
    desk = at(Desk(office), "A11")

    convened = desk.do("luis", "committees.convene")

    assert convened["committee_seats"] == [1, 2, 3]
    assert convened["committee_quorum"] == 2
    with pytest.raises(Conflict, match="no quorum"):
        desk.do("luis", "committees.close", proposal="grant")
    with look(office, SYSTEM, desk.now) as work:
        case = work.session.scalars(select(models.Case)).one()
        assert "CommitteeConvened" in [link.type for link in history.events_of(work, f"case:{case.id}")]


def test_a_programme_without_a_committee_has_no_seats(office: Database) -> None:
    desk = at(Desk(office, programme="eu", types=("AEOS",)), "A11")

    convened = desk.do("luis", "committees.convene")

    assert not convened["committee_exists"]
    assert convened["committee_seats"] == []
