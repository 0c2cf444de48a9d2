"""Where a process has several plain starts, whoever starts it chooses one, each with its own form."""

from sqlalchemy import select

from engine.store import models
from engine.work import SYSTEM, look
from tests.factories import a_diagram, a_form, an_actor, an_operator, flow, open_tasks, publish, user_task
from tests.web.conftest import Desk

BODY = "".join(
    f'<bpmn:startEvent id="by_{name}" name="Por {name}"><bpmn:extensionElements><zeebe:formDefinition formId="{name}"/>'
    f'</bpmn:extensionElements></bpmn:startEvent>{user_task(f"after_{name}")}<bpmn:endEvent id="end_{name}"/>'
    + flow(f"by_{name}", f"after_{name}")
    + flow(f"after_{name}", f"end_{name}")
    for name in ("letter", "visit")
)


def test_whoever_starts_a_process_chooses_where_it_begins(desk: Desk) -> None:
    operator = an_operator(desk.database)
    an_actor(desk.database, "rosa", "signatory", operators=[operator])
    publish(
        desk.database,
        *(("form", name, a_form(name, _field(name))) for name in ("letter", "visit")),
        ("form", "note", a_form()),
        ("process", "trip", a_diagram(BODY, properties={"start_roles": "signatory"})),
    )
    rosa = desk.at("rosa")
    rosa.get("/start")
    assert "Por letter" in rosa.words()
    assert "Por visit" in rosa.words()

    rosa.get(f"/start/trip?operator={operator}&at=by_visit")
    assert "Campo visit" in rosa.words()
    rosa.send("/start/trip", visit="hoy")

    with look(desk.database, SYSTEM) as work:
        case = work.session.scalars(select(models.Case)).one()
    assert list(open_tasks(desk.database, case.id)) == ["after_visit"]


def test_whose_start_it_is_not_reads_the_names_of_the_roles(desk: Desk) -> None:
    operator = an_operator(desk.database)
    an_actor(desk.database, "ana", "preparer", operators=[operator])
    publish(
        desk.database,
        *(("form", name, a_form(name, _field(name))) for name in ("letter", "visit")),
        ("form", "note", a_form()),
        ("process", "trip", a_diagram(BODY, properties={"start_roles": "signatory,monitoring_officer"})),
    )
    ana = desk.at("ana")

    ana.get(f"/start/trip?operator={operator}&at=by_visit")

    assert ana.page.status_code == 403
    assert "representante legal del operador, oficial de seguimiento" in ana.words()


def _field(name: str) -> dict[str, object]:
    return {"type": "textfield", "key": name, "id": name, "label": f"Campo {name}"}
