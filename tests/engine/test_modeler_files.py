"""What the desktop modeler for Camunda 8 saves is published and runs as it is."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from engine import starts, tasks, timers
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin
from tests.factories import MORNING, a_form, an_actor, an_operator, publish

FOLDER: Final = Path(__file__).parents[1] / "workflow" / "modeler"
CHECK, NAME, VISIT = "Activity_0a1b2c3", "Activity_1n2a3m4", "Activity_1v2i3s4"
SITES: Final = [{"name": "norte"}, {"name": "sur"}]


def a_licence(database: Database) -> str:
    """A case of the process as the modeler saved it, with its decision, its called process and its forms; its id."""
    text = {"type": "textfield", "key": "name", "id": "name", "label": "Nombre"}
    points = {"type": "number", "key": "risk_points", "id": "risk_points", "label": "Puntos"}
    sites = {"type": "dynamiclist", "path": "sites", "id": "sites", "label": "Instalaciones", "components": [text]}
    publish(
        database,
        ("form", "check_licence", a_form("check_licence", points, sites)),
        ("form", "name_visitor", a_form("name_visitor", {**text, "key": "visitor", "id": "visitor"})),
        ("form", "visit_site", a_form("visit_site", {**text, "key": "finding", "id": "finding"})),
        ("decision", "licence_risk", (FOLDER / "licence_risk.dmn").read_bytes()),
        ("process", "licence_visits", (FOLDER / "licence_visits.bpmn").read_bytes()),
        ("process", "licence", (FOLDER / "licence.bpmn").read_bytes()),
    )
    operator = an_operator(database)
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        return starts.begin(work, "licence", {}, operator_id=operator).id


def do(database: Database, case: str, element: str, answers: Mapping[str, object]) -> None:
    """Completes one open task of an element."""
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        tasks.complete(work, open_of(database, case, element)[0], answers)


def open_of(database: Database, case: str, element: str) -> list[str]:
    """The ids of the open tasks of an element."""
    query = select(models.Task.id).where(models.Task.case_id == case, models.Task.status == "open")
    with begin(database, SYSTEM) as work:
        return list(work.session.scalars(query.where(models.Task.element == element)))


def reached(database: Database, case: str, end: str) -> bool:
    """Whether the case is over and its history tells of that end."""
    with begin(database, SYSTEM) as work:
        told = work.session.scalars(select(models.Event.data).where(models.Event.case_id == case))
        return work.session.get_one(models.Case, case).status == "completed" and any(end in data for data in told)


def test_a_high_risk_is_decided_visited_and_counted(database: Database) -> None:
    case = a_licence(database)

    do(database, case, CHECK, {"risk_points": 60, "sites": SITES})
    do(database, case, NAME, {"visitor": "Beatriz"})
    assert len(open_of(database, case, VISIT)) == 2
    do(database, case, VISIT, {"finding": "none"})
    do(database, case, VISIT, {"finding": "un candado roto"})

    assert reached(database, case, "Event_1d2o3n4")


def test_a_low_risk_needs_no_visit(database: Database) -> None:
    case = a_licence(database)

    do(database, case, CHECK, {"risk_points": 10, "sites": SITES})

    assert reached(database, case, "Event_1d2o3n4")


def test_after_ten_days_the_application_lapses(database: Database) -> None:
    case = a_licence(database)

    with begin(database, SYSTEM, MORNING + timedelta(days=10)) as work:
        timers.fire(work, case)

    assert reached(database, case, "Event_0e1x2p3")
