"""Messages that nobody waited for are put right by an administrator, each with a reason that the history keeps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import messages, starts
from engine.store import models
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, open_tasks, publish, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk

NEWS = (
    '<bpmn:message id="news_message" name="news"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case_number"/></bpmn:extensionElements></bpmn:message>'
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="hear" name="Escuchar"><bpmn:messageEventDefinition '
    'messageRef="news_message"/></bpmn:intermediateCatchEvent>'
)
LISTENS = a_line(("hear", CATCH), ("after", user_task("after")))
BEGINS = a_line(("after", user_task("after"))).replace(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:startEvent id="begun"><bpmn:messageEventDefinition messageRef="news_message"/></bpmn:startEvent>',
)


@pytest.fixture
def adam(desk: Desk) -> Browser:
    """An administrator, in an office whose one case waits for another key than the message has."""
    operator = an_operator(desk.database)
    publish(desk.database, ("form", "note", a_form()), ("process", "trip", a_diagram(LISTENS, root=NEWS)))
    an_actor(desk.database, "adam", "administrator")
    with begin(desk.database, an_actor(desk.database, "ana", "analyst")) as work:
        starts.begin(work, "trip", {}, operator_id=operator)
    with begin(desk.database, SYSTEM) as work:
        messages.deliver(work, "m1", "news", "slip of the pen", {"said": "hello <b>"})
    return desk.at("adam")


def message(desk: Desk, id_: str = "m1") -> models.Message:
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Message, id_)


def kinds(desk: Desk, type_: str) -> list[models.Event]:
    with look(desk.database, SYSTEM) as work:
        return list(work.session.scalars(select(models.Event).where(models.Event.type == type_)))


def test_the_list_says_what_waits_and_since_when(adam: Browser) -> None:
    adam.get("/messages")

    assert "slip of the pen" in adam.words()
    adam.get(adam.link("news"))
    assert "hello <b>" in adam.words()
    assert adam.get("/messages?status=expired").status_code == 200
    assert "Ningún mensaje" in adam.words()


def test_a_message_with_a_wrong_key_is_given_to_the_case_that_waits(desk: Desk, adam: Browser) -> None:
    with look(desk.database, SYSTEM) as work:
        wait = work.session.scalars(select(models.Wait)).one()
    adam.get("/messages/m1")

    adam.send("/messages/m1/redirect", place=wait.id, reason="Se escribió mal el número.")

    assert "Hecho" in adam.words()
    assert (message(desk).status, message(desk).key, message(desk).case_id) == ("delivered", wait.key, wait.case_id)
    assert list(open_tasks(desk.database, wait.case_id)) == ["after"]
    (event,) = kinds(desk, "MessageRedirected")
    assert "slip of the pen" in event.data
    assert "Se escribió mal el número." in event.data


def test_a_message_may_start_a_case_of_a_process_that_begins_with_it(desk: Desk, adam: Browser) -> None:
    diagram = a_diagram(BEGINS, "tour", {"series": "TO", "start_roles": ""}, NEWS)
    publish(desk.database, ("process", "tour", diagram))
    adam.get("/messages/m1")

    adam.send("/messages/m1/start", process="tour", reason="El expediente se cerró antes de tiempo.")

    with look(desk.database, SYSTEM) as work:
        case = work.session.scalars(select(models.Case).where(models.Case.process == "tour")).one()
    assert (message(desk).status, message(desk).case_id) == ("delivered", case.id)
    assert len(kinds(desk, "MessageReleased")) == 1


def test_an_expired_message_is_discarded_and_its_incident_mended(desk: Desk, adam: Browser) -> None:
    with look(desk.database, SYSTEM) as work:
        end = work.now + messages.LIVES + timedelta(days=1)
    Worker(desk.database, "one").drain(end)
    assert message(desk).status == "expired"
    adam.get("/messages")
    assert "Venció" in adam.words()
    adam.get("/messages/m1")

    adam.send("/messages/m1/discard", reason="Una prueba del banco.")

    assert message(desk).status == "discarded"
    assert "Ningún mensaje" in adam.words()
    with look(desk.database, SYSTEM) as work:
        assert work.session.scalars(select(models.Incident)).one().resolution == "Una prueba del banco."


@pytest.mark.parametrize("act", ["redirect", "discard"])
def test_nothing_is_decided_without_a_reason(desk: Desk, adam: Browser, act: str) -> None:
    with look(desk.database, SYSTEM) as work:
        wait = work.session.scalars(select(models.Wait)).one()
    adam.get("/messages/m1")

    adam.send(f"/messages/m1/{act}", place=wait.id, reason=" ")

    assert adam.page.status_code == 422
    assert "Diga por qué" in adam.words()
    assert message(desk).status == "waiting"


def test_what_has_been_decided_is_not_decided_again(desk: Desk, adam: Browser) -> None:
    adam.get("/messages/m1")
    page = adam.page
    adam.send("/messages/m1/discard", reason="Basta.")
    adam.page = page

    adam.send("/messages/m1/discard", reason="Basta.")

    assert adam.page.status_code == 409
    assert len(kinds(desk, "MessageDiscarded")) == 1
    adam.get("/messages/m1")
    assert "ya fue atendido" in adam.words()
