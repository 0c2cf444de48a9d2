"""Findings and corrective actions: whoever writes an action never verifies it, and nothing open is forgotten."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.domain.errors import Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.engine.desk import Desk

MAJOR = {"criterion": "G.2", "site": "Bodega", "severity": "major", "text": "Marchamos sin llave."}
MINOR = {"criterion": "I.2", "severity": "minor", "text": "El registro no anota la salida."}
SEEN = {"criterion": "M.1", "severity": "observation", "text": "Buen registro."}


@pytest.fixture
def desk(office: Database) -> Desk:
    """A visit that found one major, one minor thing, and one worth saying."""
    desk = Desk(office)
    desk.do("valeria", "findings.record", findings=[MAJOR])
    desk.do("valeria", "findings.record", findings=[MINOR, SEEN])
    return desk


def actions(desk: Desk) -> list[models.Action]:
    with look(desk.database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Action)))


def test_what_a_visit_finds_is_recorded_and_counted(office: Database) -> None:
    answer = Desk(office).do("valeria", "findings.record", findings=[MAJOR, MINOR, SEEN])

    rows = answer["findings"]
    assert isinstance(rows, list)
    assert [(row["criterion"], row["site"], row["severity"], row["state"]) for row in rows] == [
        ("G.2", "Bodega", "major", "open"),
        ("I.2", "", "minor", "open"),
        ("M.1", "", "observation", "open"),
    ]
    assert answer["open_findings"] == 2


def test_a_visit_may_find_nothing(office: Database) -> None:
    assert Desk(office).do("valeria", "findings.record", findings=None) == {"findings": [], "open_findings": 0}


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({**MAJOR, "severity": "terrible"}, "findings[1].severity"),
        ({**MAJOR, "criterion": " "}, "findings[1].criterion"),
        ({"criterion": "G.2", "severity": "minor"}, "findings[1].text"),
        ("G.2", "findings[1]"),
    ],
)
def test_an_incomplete_finding_is_refused_with_its_place(office: Database, row: object, where: str) -> None:
    desk = Desk(office)

    with pytest.raises(Invalid) as refused:
        desk.do("valeria", "findings.record", findings=[MINOR, row])

    assert [problem.where for problem in refused.value.problems] == [where]
    assert desk.findings() == []


def test_a_plan_leaves_what_it_does_not_cover_open(desk: Desk) -> None:
    major, _minor, _seen = desk.findings()
    plan = {
        "finding": major,
        "action": "Caja fuerte.",
        "responsible": "Ana",
        "due_on": "2026-03-01",
        "evidence": ["e1"],
    }

    answer = desk.do("ana", "findings.plan_actions", actions=[plan])

    assert answer["open_findings"] == 2
    (action,) = actions(desk)
    assert (action.text, action.owner, action.due_on) == ("Caja fuerte.", "Ana", date(2026, 3, 1))
    assert (action.evidence, action.state, action.author_id) == (["e1"], "proposed", "ana")


def test_somebody_else_verifies_and_closes(desk: Desk) -> None:
    major, minor, _seen = desk.findings()
    desk.do("ana", "findings.plan_actions", actions=[{"finding": major, "action": "Caja fuerte."}])

    answer = desk.do(
        "valeria",
        "findings.verify",
        verifications=[
            {"finding": major, "result": "corrected", "note": "Vista."},
            {"finding": minor, "result": "not_corrected"},
        ],
    )

    assert answer["open_findings"] == 1
    (action,) = actions(desk)
    assert (action.state, action.verified_by, action.verified_at) == ("verified", "valeria", desk.now)


def test_nobody_verifies_their_own_action(desk: Desk) -> None:
    major, _minor, _seen = desk.findings()
    desk.do("valeria", "findings.plan_actions", actions=[{"finding": major, "action": "Caja fuerte."}])

    with pytest.raises(NotAllowed, match="another person"):
        desk.do("valeria", "findings.verify", verifications=[{"finding": major, "result": "corrected"}])

    assert desk.do("mauricio", "findings.verify", verifications=[])["open_findings"] == 2


def test_what_was_not_enough_is_planned_and_verified_again(desk: Desk) -> None:
    major, _minor, _seen = desk.findings()
    desk.do("ana", "findings.plan_actions", actions=[{"finding": major, "action": "Candado."}])
    desk.do("valeria", "findings.verify", verifications=[{"finding": major, "result": "not_corrected"}])
    desk.do("ana", "findings.plan_actions", actions=[{"finding": major, "action": "Caja fuerte."}])

    answer = desk.do("valeria", "findings.verify", verifications=[{"finding": major, "result": "corrected"}])

    assert answer["open_findings"] == 1
    assert sorted((action.text, action.state) for action in actions(desk)) == [
        ("Caja fuerte.", "verified"),
        ("Candado.", "insufficient"),
    ]


def test_a_finding_of_another_case_is_out_of_reach(desk: Desk) -> None:
    major, _minor, _seen = desk.findings()
    desk.new_case()

    with pytest.raises(Invalid) as refused:
        desk.do("valeria", "findings.verify", verifications=[{"finding": major, "result": "corrected"}])

    assert [problem.where for problem in refused.value.problems] == ["verifications[0].finding"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"due_on": "mañana"}, "actions[0].due_on"),
        ({"action": ""}, "actions[0].action"),
        ({"finding": "x"}, "actions[0].finding"),
    ],
)
def test_an_incomplete_action_is_refused_with_its_place(desk: Desk, change: dict[str, str], where: str) -> None:
    plan = {"finding": desk.findings()[0], "action": "Caja fuerte.", **change}

    with pytest.raises(Invalid) as refused:
        desk.do("ana", "findings.plan_actions", actions=[plan])

    assert [problem.where for problem in refused.value.problems] == [where]


def test_a_verification_says_corrected_or_not(desk: Desk) -> None:
    row = {"finding": desk.findings()[0], "result": "maybe"}

    with pytest.raises(Invalid) as refused:
        desk.do("valeria", "findings.verify", verifications=[row])

    assert [problem.where for problem in refused.value.problems] == ["verifications[0].result"]
