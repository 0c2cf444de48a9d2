"""What a case asks: the criteria of its own programme, types and sites, in the version that its release pinned."""

from datetime import date

import pytest

from engine import pins, questions
from engine.demo import answers
from engine.forms import Asked
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.engine.desk import Desk
from tests.factories import publish


def whom(desk: Desk, **data: object) -> Asked:
    with look(desk.database, SYSTEM) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        return questions.asked(work, case, case.release_id, data)


def codes(desk: Desk, **data: object) -> list[str]:
    with look(desk.database, SYSTEM) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        return [one.code for one in questions.criteria(work, case.release_id, whom(desk, **data))]


@pytest.mark.parametrize(
    ("programme", "types", "count", "first"),
    [("sv", ["exporter"], 53, "SV.01"), ("wco", ["aeo"], 31, "A.1"), ("eu", ["AEOF"], 32, "0.2")],
)
def test_a_case_asks_the_sets_of_its_programme(
    office: Database, programme: str, types: list[str], count: int, first: str
) -> None:
    desk = Desk(office, programme=programme, types=types)
    desk.reach("A0")

    assert (len(codes(desk)), codes(desk)[0]) == (count, first)


def test_the_demonstration_answers_what_its_programme_asks(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A0")

    with look(office, SYSTEM) as work:
        asked = questions.criteria(work, work.session.get_one(models.Case, desk.case_id).release_id, whom(desk))
    assert [code for code, _sites in answers.of_sv()] == [one.code for one in asked]
    assert {one.code for one in asked if one.per == "site"} == answers.BY_SITE


@pytest.mark.parametrize(("type_", "asked", "spared"), [("AEOC", "5.1", "6.2"), ("AEOS", "6.2", "5.1")])
def test_what_only_one_type_must_meet_is_not_asked_of_the_other(
    office: Database, type_: str, asked: str, spared: str
) -> None:
    desk = Desk(office, programme="eu", types=[type_])
    desk.reach("A0")

    assert asked in codes(desk)
    assert spared not in codes(desk)


def test_the_sites_are_those_that_the_applicant_names_else_those_registered(office: Database) -> None:
    desk = Desk(office)
    with begin(office, SYSTEM, desk.now) as work:
        work.session.add(models.Site(id="s1", operator_id=str(desk.known["operator_id"]), name="Planta"))
    desk.reach("A0")

    assert [one.name for one in whom(desk).places] == ["Planta"]
    assert [one.name for one in whom(desk, sites=[{"name": "Muelle"}, {"name": " "}, "Patio"]).places] == [
        "Muelle",
        "Patio",
    ]


def test_a_case_about_a_certificate_asks_what_its_type_must_meet(office: Database) -> None:
    desk = Desk(office, programme="eu", types=["AEOC", "AEOS"])
    desk.reach("A13")
    assert whom(desk).types == {"AEOC", "AEOS"}

    certificate = next(one for one in desk.certificates() if one.type == "AEOS")
    desk.on(date(2026, 3, 1))
    desk.new_case()
    with begin(office, SYSTEM, desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        case.authorisation_id, case.application_id = certificate.id, certificate.application_id

    assert whom(desk).types == {"AEOS"}


def test_a_release_keeps_the_set_that_it_pinned(office: Database) -> None:
    desk = Desk(office, programme="wco", types=["aeo"])
    desk.reach("A0")
    with look(office, SYSTEM) as work:
        text = pins.contents(work, pins.current(work, "application").id, "criteria")["wco"]
    publish(office, ("criteria", "wco", text.replace(b'code = "M.1"', b'code = "M.2"')))

    assert codes(desk)[-1] == "M.1"
    desk.new_case()
    desk.reach("A0")
    assert codes(desk)[-1] == "M.2"
