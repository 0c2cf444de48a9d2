"""Answers and scores by criterion and site: each keeps the version of its set, the newest counts, a failed must is a gate."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from engine import answers, evidence, pins
from engine.domain.errors import Conflict, Invalid
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.engine.desk import Desk
from tests.factories import publish

PAPER = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application for two types in the European Union, on which the director decides."""
    desk = Desk(office, programme="eu", types=["AEOC", "AEOS"])
    desk.reach("A11")
    return desk


def counted(desk: Desk) -> list[tuple[str, str, str, int | None]]:
    with look(desk.database, SYSTEM) as work:
        return [(one.criterion, one.site, one.answer, one.self_score) for one in answers.given(work, [desk.case_id])]


def test_a_self_assessment_is_written_down_as_the_form_gives_it(desk: Desk) -> None:
    said = {
        "2.1": {"answer": "partly", "narrative": "Una multa.", "evidence": []},
        "6.2": {
            "planta": {"site": "Planta Ñ", "answer": "yes"},
            "patio": {"answer": "na", "narrative": "Sin edificios."},
        },
    }

    assert desk.do("ana", "answers.record", answers=said) == {"answered": 3}

    assert counted(desk) == [
        ("2.1", "", "partly", 1),
        ("6.2", "Planta Ñ", "yes", 3),
        ("6.2", "patio", "na", None),
    ]


def test_rows_do_as_well_and_the_newest_answer_counts(desk: Desk) -> None:
    desk.do(
        "ana", "answers.record", answers=[{"criterion": "2.1", "answer": "no"}, {"criterion": "2.2", "answer": "yes"}]
    )
    desk.do("ana", "answers.record", answers=[{"criterion": "2.1", "answer": "yes", "self_score": 2}])

    assert counted(desk) == [("2.1", "", "yes", 2), ("2.2", "", "yes", 3)]
    with look(desk.database, SYSTEM) as work:
        assert len(work.session.scalars(select(models.Answer)).all()) == 3


def test_each_answer_keeps_the_version_of_its_set(desk: Desk) -> None:
    with look(desk.database, SYSTEM) as work:
        first = pins.version(work, pins.current(work, "application").id, "criteria", "eu")
        text = first.content
    publish(desk.database, ("criteria", "eu", text.replace(b'version = "2016"', b'version = "2026"')))

    desk.do("ana", "answers.record", answers=[{"criterion": "2.1", "answer": "no"}])
    desk.do("luis", "answers.score", scores=[{"criterion": "2.1", "score": 2}])

    with look(desk.database, SYSTEM) as work:
        assert work.session.scalars(select(models.Answer)).one().set_version_id == first.id
        assert work.session.scalars(select(models.Score)).one().set_version_id == first.id
        said = json.loads(
            work.session.scalars(select(models.Event.data).where(models.Event.type == "CriteriaAnswered")).one()
        )
    assert said == {"answers": [["2.1", "", "no", 0]], "versions": [first.id]}


@pytest.mark.parametrize(
    ("service", "rows", "where"),
    [
        ("answers.record", [{"criterion": "Z.9", "answer": "yes"}], "answers[0]"),
        ("answers.record", ["2.1"], "answers[0]"),
        ("answers.record", [{"criterion": "2.1", "self_score": 9}], "answers[0].self_score"),
        ("answers.record", {"2.1": {"evidence_expires_on": "soon"}}, "answers.2.1.evidence_expires_on"),
        ("answers.score", [{"criterion": "2.1", "score": 4}], "scores[0].score"),
        ("answers.score", [{"criterion": "2.1", "score": "well"}], "scores[0].score"),
        ("answers.score", {"6.2": {"planta": {"score": 0}}}, "scores.6.2.planta.note"),
    ],
)
def test_what_cannot_be_written_down_is_refused_at_its_place(
    desk: Desk, service: str, rows: object, where: str
) -> None:
    argument = "answers" if service == "answers.record" else "scores"

    with pytest.raises(Invalid) as refused:
        desk.do("luis", service, **{argument: rows})

    assert [one.where for one in refused.value.problems] == [where]


def test_what_a_type_need_not_meet_is_not_asked_of_it(office: Database) -> None:
    desk = Desk(office, programme="eu", types=["AEOC"])
    desk.reach("A0")

    with pytest.raises(Invalid, match="incomplete"):
        desk.do("ana", "answers.record", answers=[{"criterion": "6.2", "answer": "yes"}])


def test_what_was_answered_and_not_judged_is_told(desk: Desk) -> None:
    sites = {"planta": {"site": "Planta", "answer": "yes"}, "patio": {"site": "Patio", "answer": "yes"}}
    desk.do("ana", "answers.record", answers={"2.1": {"answer": "yes"}, "6.2": sites})

    found = desk.do(
        "luis", "answers.score", scores={"2.1": {"score": 3}, "6.2": {"planta": {"site": "Planta", "score": 3}}}
    )

    unscored = found["unscored"]
    assert isinstance(unscored, list)
    assert {"criterion": "6.2", "site": "Patio"} in unscored
    assert {"criterion": "2.2", "site": ""} in unscored
    assert not any(
        one in unscored for one in ({"criterion": "2.1", "site": ""}, {"criterion": "6.2", "site": "Planta"})
    )
    assert found["blocking"] == []


def test_a_dossier_is_not_complete_while_one_criterion_at_one_site_was_not_judged(office: Database) -> None:
    desk = Desk(office, programme="eu", types=["AEOC", "AEOS"])
    desk.reach("A9")
    desk.do("ana", "answers.record", answers={"6.2": {"planta": {"site": "Planta"}, "patio": {"site": "Patio"}}})
    told = desk.do("valeria", "answers.score", scores={"6.2": {"planta": {"site": "Planta", "score": 3}}})
    left = told["unscored"]
    assert isinstance(left, list)
    judged = [{**row, "score": 3} for row in left if row["site"] != "Patio"]
    desk.do("valeria", "answers.score", scores=judged)

    with pytest.raises(Conflict, match=r"has been judged: 6\.2 \(Patio\)\."):
        desk.do("mauricio", "applications.evaluate")

    desk.do("valeria", "answers.score", scores=[{"criterion": "6.2", "site": "Patio", "score": 2}])
    desk.do("mauricio", "applications.evaluate")
    assert desk.application().state == "A11"


def test_a_failed_must_stops_the_grant_and_no_score_makes_up_for_it(desk: Desk) -> None:
    best = [{"criterion": code, "score": 3} for code in ("2.2", "3.1", "3.2", "4.1")]
    told = desk.do(
        "luis",
        "answers.score",
        scores=[*best, {"criterion": "6.2", "site": "Patio", "score": 0, "note": "Sin cerca."}],
    )
    assert told["blocking"] == [{"criterion": "6.2", "site": "Patio"}]

    with pytest.raises(Conflict, match=r"judged as not met: 6\.2 \(Patio\)\."):
        desk.do("ernesto", "authorisations.grant")

    assert desk.application().state == "A11"


def test_a_failed_must_stops_only_the_types_that_it_reaches(desk: Desk) -> None:
    desk.do("luis", "answers.score", scores=[{"criterion": "6.2", "score": 0, "note": "Sin cerca."}])

    desk.do("ernesto", "authorisations.grant", types=["AEOC"])

    assert [one.type for one in desk.certificates()] == ["AEOC"]
    with pytest.raises(Conflict, match=r"6\.2"):
        desk.do("ernesto", "authorisations.grant", types=["AEOS"])


def test_what_includes_a_type_is_stopped_by_what_that_type_must_meet(office: Database) -> None:
    desk = Desk(office, programme="eu", types=["AEOF"])
    desk.reach("A11")
    desk.do("luis", "answers.score", scores=[{"criterion": "5.1", "score": 0, "note": "Sin práctica."}])

    with pytest.raises(Conflict, match=r"5\.1"):
        desk.do("ernesto", "authorisations.grant")


def test_a_later_judgement_takes_the_place_of_an_earlier_one(desk: Desk) -> None:
    desk.do("luis", "answers.score", scores=[{"criterion": "6.2", "score": 0, "note": "Sin cerca."}])
    desk.do("valeria", "answers.score", scores={"6.2": {"score": "conforms"}})

    desk.do("ernesto", "authorisations.grant")

    assert desk.application().state == "A13"


@pytest.mark.parametrize(
    "scores", [[], [{"criterion": "0.2", "score": 0, "note": "Nada."}], [{"criterion": "6.2", "score": 1}]]
)
def test_nothing_stops_a_grant_where_no_must_was_judged_as_failed(desk: Desk, scores: list[object]) -> None:
    desk.do("ana", "answers.record", answers=[{"criterion": "6.2", "answer": "no"}])
    desk.do("luis", "answers.score", scores=scores)

    desk.do("ernesto", "authorisations.grant")

    assert desk.application().state == "A13"


def test_evidence_keeps_its_last_day(desk: Desk) -> None:
    with begin(desk.database, desk.actor("ana"), desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        paper = evidence.store(work, case, "solvencia.pdf", PAPER)

    said = {"4.1": {"answer": "yes", "evidence": [paper], "evidence_expires_on": "2026-12-31"}}
    desk.do("ana", "answers.record", answers=said)
    desk.do("ana", "answers.record", answers=said)

    with look(desk.database, SYSTEM) as work:
        assert work.session.get_one(models.Evidence, paper).expires_on == date(2026, 12, 31)
        dated = select(models.Event.data).where(models.Event.type == "EvidenceDated")
        assert [json.loads(one)["expires_on"] for one in work.session.scalars(dated)] == ["2026-12-31"]


def test_a_set_may_be_named(desk: Desk) -> None:
    assert desk.do("ana", "answers.record", answers={"A.1": {"answer": "yes"}}, set="wco") == {"answered": 1}
