"""The risk map: each field has the band that the table gives it; the residual map says which sites to visit."""

import json

import pytest
from sqlalchemy import select

from engine import checking, risks
from engine.domain.errors import Conflict, Invalid
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.engine.desk import Desk
from tests.engine.test_contents import SHIPPED
from tests.factories import publish
from tests.workflow.drawing import drawn, node, path

YARD = {
    "criterion": "G.2",
    "site": "Patio",
    "description": "Marchamos sin llave de noche.",
    "inherent_impact": 5,
    "inherent_likelihood": 4,
    "control": "Doble llave.",
    "residual_impact": 5,
    "residual_likelihood": 2,
    "response": "Visita nocturna.",
    "owner": "Validación",
    "review_on": "2026-09-01",
}
BOOKS = {"criterion": "B.1", "description": "Archivo en papel.", "inherent_impact": "3", "inherent_likelihood": "2"}
CALL = (
    '<zeebe:taskDefinition type="risks.assess"/><zeebe:ioMapping><zeebe:input source="=[]" target="risks"/>'
    "</zeebe:ioMapping>"
)
WEIGHS = drawn(
    node("startEvent", "begin")
    + node("serviceTask", "weigh_risks", CALL)
    + node("endEvent", "finish")
    + path("begin", "weigh_risks", "finish"),
    process="weigh",
)


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application whose case runs by a process that weighs risks."""
    publish(office, ("process", "weigh", WEIGHS))
    return of_release(Desk(office), "weigh")


def of_release(desk: Desk, process: str) -> Desk:
    """The desk with its application begun and its case of the process's release."""
    desk.reach("A0")
    with begin(desk.database, SYSTEM, desk.now) as work:
        release = select(models.Release.id).where(models.Release.process == process, models.Release.current)
        work.session.get_one(models.Case, desk.case_id).release_id = work.session.scalars(release).one()
    return desk


def test_each_risk_has_the_bands_of_the_table_before_and_after_its_control(desk: Desk) -> None:
    answer = desk.do("luis", "risks.assess", risks=[YARD, BOOKS])

    assert answer["risks"] == [
        {
            "criterion": "G.2",
            "site": "Patio",
            "risk": "Marchamos sin llave de noche.",
            "inherent": "critical",
            "residual": "high",
            "response": "Visita nocturna.",
            "owner": "Validación",
            "review_on": "2026-09-01",
            "visit": True,
        },
        {
            "criterion": "B.1",
            "site": "",
            "risk": "Archivo en papel.",
            "inherent": "moderate",
            "residual": "moderate",
            "response": "",
            "owner": "",
            "review_on": None,
            "visit": False,
        },
    ]
    assert (answer["highest_band"], answer["sites_to_visit"]) == ("high", ["Patio"])


def test_a_map_is_written_anew_and_the_one_before_stays(desk: Desk) -> None:
    desk.do("luis", "risks.assess", risks=[YARD, BOOKS])
    desk.do("valeria", "risks.assess", risks=[BOOKS])

    with look(desk.database, SYSTEM) as work:
        assert [(one.round, one.criterion) for one in risks.of_case(work, desk.case_id)] == [(2, "B.1")]
        rows = work.session.scalars(select(models.Risk).order_by(models.Risk.id)).all()
        assert [one.round for one in rows] == [1, 1, 2]
        events = select(models.Event.data).where(models.Event.type == "RisksAssessed").order_by(models.Event.id)
        said = [json.loads(one) for one in work.session.scalars(events)]
    assert [one["highest_band"] for one in said] == ["high", "moderate"]
    assert said[0]["risks"] == [["G.2", "Patio", "critical", "high"], ["B.1", "", "moderate", "moderate"]]
    assert said[0]["table_version"] == rows[0].table_version_id


def test_an_empty_map_is_a_map(desk: Desk) -> None:
    assert desk.do("luis", "risks.assess", risks=[]) == {"risks": [], "highest_band": "", "sites_to_visit": []}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"inherent_impact": 6}, "risks[0].inherent_impact"),
        ({"inherent_likelihood": 0}, "risks[0].inherent_likelihood"),
        ({"residual_impact": "much"}, "risks[0].residual_impact"),
        ({"inherent_impact": 1}, "risks[0].residual_impact"),
        ({"description": " "}, "risks[0].description"),
        ({"review_on": "soon"}, "risks[0].review_on"),
    ],
)
def test_a_risk_that_cannot_be_placed_is_refused(desk: Desk, change: dict[str, object], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("luis", "risks.assess", risks=[{**YARD, **change}])

    assert [one.where for one in refused.value.problems] == [where]


def test_the_owner_of_the_process_changes_the_bands(office: Database) -> None:
    table = SHIPPED["decision", "risk_bands"].replace(b"[1..5)", b"[1..10)").replace(b"[5..10)", b"[10..11)")
    publish(office, ("decision", "risk_bands", table.replace(b"[10..15)", b"[11..15)")), ("process", "weigh", WEIGHS))
    desk = of_release(Desk(office), "weigh")

    assert desk.do("luis", "risks.assess", risks=[BOOKS, YARD])["highest_band"] == "moderate"


def test_a_case_of_a_release_without_a_table_is_told_so(office: Database) -> None:
    idle = WEIGHS.replace(b"risks.assess", b"findings.record").replace(b'"risks"', b'"findings"')
    publish(office, ("process", "idle", idle.replace(b'"weigh"', b'"idle"')))

    with pytest.raises(Conflict, match="without a table"):
        of_release(Desk(office), "idle").do("luis", "risks.assess", risks=[])


def test_a_process_that_weighs_risks_needs_the_table_of_each_programme() -> None:
    texts = {name: content for name, content in SHIPPED.items() if name != ("decision", "risk_bands")}

    def said(known: dict[tuple[str, str], bytes]) -> list[str]:
        return [str(one) for one in checking.complaints({**known, ("process", "weigh"): WEIGHS}, "process", "weigh")]

    assert any("There is no decision risk_bands" in one for one in said(texts))
    assert not any("risk_bands" in one for one in said(SHIPPED))
