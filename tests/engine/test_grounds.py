"""What a refusal rests on comes out of the file: criteria judged as not met, and findings that nobody corrected."""

import pytest

from engine.domain.errors import Invalid
from engine.store.database import Database
from tests.engine.desk import Desk


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application for two types in the European Union, on which the director decides."""
    desk = Desk(office, programme="eu", types=["AEOC", "AEOS"])
    desk.reach("A11")
    return desk


def test_a_file_that_speaks_against_nothing_gives_no_grounds(desk: Desk) -> None:
    desk.do("luis", "answers.score", scores=[{"criterion": "2.1", "score": 2}])

    assert desk.do("luis", "grounds.gather", application_id=desk.known["application_id"]) == {"possible_grounds": None}


def test_each_criterion_that_fails_is_one_ground_in_the_words_of_who_checked_it(desk: Desk) -> None:
    desk.do(
        "luis",
        "answers.score",
        scores=[
            {"criterion": "6.2", "site": "Planta", "score": 0, "note": "Sin cerca al norte."},
            {"criterion": "2.1", "score": 0, "note": "Dos infracciones graves."},
        ],
    )
    found = [
        {"criterion": "6.2", "site": "Bodega", "severity": "major", "text": "Portón sin llave."},
        {"criterion": "6.4", "site": "", "severity": "minor", "text": "Faltan listas de revisión."},
        {"criterion": "3.1", "site": "", "severity": "observation", "text": "Conviene ordenar el archivo."},
    ]
    desk.do("valeria", "findings.record", findings=found)

    gathered = desk.do("luis", "grounds.gather", application_id=desk.known["application_id"])

    assert gathered == {
        "possible_grounds": [
            {"criterion": "6.2", "ground": "Planta: Sin cerca al norte.\nBodega: Portón sin llave."},
            {"criterion": "2.1", "ground": "Dos infracciones graves."},
            {"criterion": "6.4", "ground": "Faltan listas de revisión."},
        ]
    }


def test_an_intention_to_refuse_leaves_out_no_criterion_that_must_be_met(desk: Desk) -> None:
    desk.do("luis", "answers.score", scores=[{"criterion": "2.1", "score": 0, "note": "Dos infracciones graves."}])

    with pytest.raises(Invalid) as refused:
        desk.do(
            "ernesto",
            "applications.start_hearing",
            application_id=desk.known["application_id"],
            grounds=[{"criterion": "4.1", "ground": "Pérdidas."}],
        )

    assert [one.params for one in refused.value.problems] == [{"failed": "2.1"}]


def test_the_intention_tells_what_each_criterion_is_called_and_rests_on(desk: Desk) -> None:
    grounds = [{"criterion": "4.1", "ground": "Pérdidas."}, {"criterion": "otro", "ground": "Sin código."}]

    result = desk.do(
        "ernesto", "applications.start_hearing", application_id=desk.known["application_id"], grounds=grounds
    )

    assert result["stated_grounds"] == [
        {
            "criterion": "4.1",
            "ground": "Pérdidas.",
            "title": "Insolvencia",
            "title_en": "Insolvency",
            "legal_basis": "CAU, art. 39 c); RE 2015/2447, art. 26",
            "legal_basis_en": "UCC Art. 39(c); IA Art. 26",
        },
        {"criterion": "otro", "ground": "Sin código."},
    ]
