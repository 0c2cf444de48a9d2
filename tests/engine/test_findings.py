"""Findings and corrective actions: whoever writes an action never verifies it, and nothing open is forgotten."""

from datetime import date

import pytest
from sqlalchemy import select

from engine import pins
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.engine.desk import Desk
from tests.factories import publish

MAJOR = {"criterion": "G.2", "site": "Bodega", "severity": "major", "text": "Marchamos sin llave."}
MINOR = {"criterion": "I.2", "severity": "minor", "text": "El registro no anota la salida."}
SEEN = {"criterion": "M.1", "severity": "observation", "text": "Buen registro."}


@pytest.fixture
def desk(office: Database) -> Desk:
    """A visit that found one major, one minor thing, and one worth saying."""
    desk = Desk(office)
    desk.reach("A0")
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
    assert Desk(office).do("valeria", "findings.record", findings=None) == {
        "findings": [],
        "open_findings": 0,
        "planned_actions": [],
        "extensions_most": None,
    }


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


def planned(desk: Desk, **more: object) -> str:
    """An action on the first finding, due in February; its id."""
    found = desk.known["findings"]
    assert isinstance(found, list)
    row = {"finding": found[0]["id"], "action": "Caja con llave.", "due_on": "2026-02-01", **more}
    made = desk.do("ana", "findings.plan_actions", actions=[row])["planned_actions"]
    assert isinstance(made, list)
    return str(made[0]["id"])


def finding(desk: Desk) -> models.Finding:
    with look(desk.database, SYSTEM) as work:
        return work.session.scalars(select(models.Finding).where(models.Finding.criterion == "G.2")).one()


def test_a_finding_keeps_its_root_cause_and_the_day_on_which_it_was_closed(desk: Desk) -> None:
    planned(desk, cause="Nadie respondía de noche.")
    assert finding(desk).root_cause == "Nadie respondía de noche."

    desk.do("valeria", "findings.verify", verifications=[{"finding": finding(desk).id, "result": "corrected"}])

    assert (finding(desk).state, finding(desk).closed_on) == ("closed", date(2026, 1, 12))


def test_each_extension_of_an_action_counts_and_keeps_its_reason(desk: Desk) -> None:
    action = planned(desk)

    first = desk.do("sonia", "findings.extend_action", action_id=action, due_on="2026-03-01", reason="Obra en curso.")
    second = desk.do("sonia", "findings.extend_action", action_id=action, due_on="2026-04-01", reason="Falta material.")

    assert (first["extensions"], second["extensions"], second["action_due"]) == (1, 2, "2026-04-01")
    assert [(one.due_on, one.extensions) for one in actions(desk)] == [(date(2026, 4, 1), 2)]
    with look(desk.database, SYSTEM) as work:
        rows = work.session.scalars(select(models.ActionExtension).order_by(models.ActionExtension.number)).all()
    assert [(one.due_before, one.due_on, one.reason) for one in rows] == [
        (date(2026, 2, 1), date(2026, 3, 1), "Obra en curso."),
        (date(2026, 3, 1), date(2026, 4, 1), "Falta material."),
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"due_on": "2026-02-01"}, "due_on"),
        ({"due_on": "2026-01-12"}, "due_on"),
        ({"due_on": "soon"}, "action.due_on"),
        ({"reason": " "}, "reason"),
        ({"action_id": "none"}, "action_id"),
    ],
)
def test_an_extension_needs_a_later_day_a_reason_and_an_action(
    desk: Desk, change: dict[str, object], where: str
) -> None:
    asked = {"action_id": planned(desk), "due_on": "2026-03-01", "reason": "Obra en curso.", **change}

    with pytest.raises(Invalid) as refused:
        desk.do("sonia", "findings.extend_action", **asked)

    assert [one.where for one in refused.value.problems] == [where]


def test_what_is_verified_is_not_extended(desk: Desk) -> None:
    action = planned(desk)
    desk.do("valeria", "findings.verify", verifications=[{"finding": finding(desk).id, "result": "corrected"}])

    with pytest.raises(Conflict, match="not open"):
        desk.do("sonia", "findings.extend_action", action_id=action, due_on="2026-03-01", reason="Obra.")


def test_the_programme_says_how_often_an_action_may_have_more_time(office: Database) -> None:
    rule = (
        '[clocks.corrective]\nes = "Plan"\nen = "Plan"\nbase = 180\nunit = "calendar"\ntimes = 1\nstarts = "event"\n'
        'at_expiry = "none"\nlegal_basis_es = "Manual"\nlegal_basis_en = "Manual"\nassumption = true\n\n[bars.revoked]'
    )
    with look(office, SYSTEM) as work:
        text = pins.contents(work, pins.current(work, "application").id, "programme")["sv"].decode()
    publish(office, ("programme", "sv", text.replace("[bars.revoked]", rule, 1).encode()))
    desk = Desk(office)
    desk.reach("A0")
    desk.do("valeria", "findings.record", findings=[MAJOR])
    action = planned(desk)
    desk.do("sonia", "findings.extend_action", action_id=action, due_on="2026-03-01", reason="Obra.")

    with pytest.raises(Conflict, match="extended 1 times"):
        desk.do("sonia", "findings.extend_action", action_id=action, due_on="2026-04-01", reason="Otra vez.")
