"""The legal representative withdraws an application while the case listens for it; nobody else does, and not later."""

import re
from pathlib import Path

import pytest

from engine import starts
from engine.store import models
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import a_diagram, a_form, an_actor, an_operator, flow, publish, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk

ROOT = Path(__file__).parents[2]
MESSAGE = (
    '<bpmn:message id="withdrawn" name="application_withdrawn"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=application_id"/></bpmn:extensionElements></bpmn:message>'
)
OPEN = (
    '<bpmn:serviceTask id="open" name="open"><bpmn:extensionElements><zeebe:taskDefinition type="applications.open"/>'
    '<zeebe:ioMapping><zeebe:input source="=operator_id" target="operator_id"/>'
    '<zeebe:input source="=&quot;sv&quot;" target="programme"/>'
    '<zeebe:input source="=[&quot;exporter&quot;]" target="types"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
BODY = (
    f'<bpmn:startEvent id="begun"/>{OPEN}{user_task("review")}<bpmn:endEvent id="ended"/>'
    '<bpmn:boundaryEvent id="desists" attachedToRef="review"><bpmn:messageEventDefinition id="d" messageRef="withdrawn"/>'
    '</bpmn:boundaryEvent><bpmn:endEvent id="gone"/>'
    + flow("begun", "open")
    + flow("open", "review")
    + flow("review", "ended")
    + flow("desists", "gone")
)


def alone(programme: Path) -> bytes:
    """The programme without the tables that name other resources."""
    tables = re.split(r"^(?=\[)", programme.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "".join(one for one in tables if not one.startswith(("[[criteria]]", "[letters.", "[decisions]"))).encode()


@pytest.fixture
def number(desk: Desk) -> str:
    operator = an_operator(desk.database)
    an_actor(desk.database, "rosa", "signatory", operators=[operator])
    an_actor(desk.database, "saul", "signatory")
    publish(
        desk.database,
        ("programme", "sv", alone(ROOT / "bpmn/programmes/sv.toml")),
        ("form", "note", a_form()),
        ("form", "withdraw_application", (ROOT / "forms/withdraw_application.form.json").read_bytes()),
        ("process", "trip", a_diagram(BODY, root=MESSAGE)),
    )
    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        return starts.begin(work, "trip", {}, operator_id=operator).number


def test_the_signatory_withdraws_and_the_case_ends(desk: Desk, number: str) -> None:
    rosa = Browser(desk.app).log_in("rosa")
    rosa.get(f"/cases/{number}")
    rosa.get(rosa.link("Desistir de la solicitud"))

    rosa.send(f"/cases/{number}/withdraw", withdrawal_reason="Se vendió la empresa.", withdrawal_confirmed="true")
    Worker(desk.database, "one").drain()

    assert "Se recibió el desistimiento" in rosa.words()
    with look(desk.database, SYSTEM) as work:
        assert work.session.query(models.Case).one().status == "completed"
    rosa.get(f"/cases/{number}")
    assert "Desistir de la solicitud" not in rosa.words()


def test_an_unconfirmed_withdrawal_is_sent_back_with_what_was_typed(desk: Desk, number: str) -> None:
    rosa = Browser(desk.app).log_in("rosa")
    rosa.get(f"/cases/{number}/withdraw")

    rosa.send(f"/cases/{number}/withdraw", withdrawal_reason="Se vendió la empresa.")

    assert rosa.page.status_code == 422
    assert "Se vendió la empresa." in rosa.page.text


def test_nobody_else_withdraws(desk: Desk, number: str) -> None:
    assert Browser(desk.app).log_in("saul").get(f"/cases/{number}/withdraw").status_code == 404
    assert Browser(desk.app).log_in("ana").get(f"/cases/{number}/withdraw").status_code == 403
