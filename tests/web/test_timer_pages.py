"""A waiting timer is moved on a page, by the director or an administrator, and nobody else sees how."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.store import models
from engine.work import SYSTEM, look
from tests.factories import a_case, a_diagram, a_line, an_actor, publish, user_task
from tests.web.conftest import Desk

REST = (
    '<bpmn:intermediateCatchEvent id="rest" name="Descanso"><bpmn:timerEventDefinition><bpmn:timeDuration>P900D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)


@pytest.fixture
def number(desk: Desk) -> str:
    case = a_case(desk.database, a_line(("rest", REST), ("after", user_task("after"))))
    for username, role in (("dina", "director"), ("adam", "administrator")):
        an_actor(desk.database, username, role)
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Case, case).number


def due(desk: Desk) -> datetime | None:
    with look(desk.database, SYSTEM) as work:
        return work.session.scalars(select(models.Wait)).one().due_at


def test_the_director_moves_a_timer_of_the_case(desk: Desk, number: str) -> None:
    dina = desk.at("dina")
    dina.get(f"/cases/{number}")
    address = dina.link("Mover")
    dina.get(address)

    dina.send(address, day="2031-02-03", hour="09:30", reason="La oficina estaba cerrada.")

    assert due(desk) == datetime(2031, 2, 3, 15, 30, tzinfo=UTC)
    assert "El temporizador se movió" in dina.words()
    assert "La oficina estaba cerrada." in dina.words()


def test_an_administrator_finds_the_timer_in_the_list(desk: Desk, number: str) -> None:
    adam = desk.at("adam")
    adam.get(f"/timers?q={number[:6]}")
    assert number in adam.words()
    address = adam.link("Mover")
    adam.get(address)

    adam.send(address, day="2031-02-03", hour="09:30", reason="La oficina estaba cerrada.")

    assert due(desk) == datetime(2031, 2, 3, 15, 30, tzinfo=UTC)
    assert adam.get("/timers?q=ZZ").status_code == 200
    assert "Ningún temporizador" in adam.words()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2020-01-01", "hour": "09:00", "reason": "x"}, "por venir"),
        ({"day": "mañana", "hour": "", "reason": "x"}, "Escriba el día y la hora"),
        ({"day": "2031-02-03", "hour": "09:00", "reason": " "}, "Diga por qué"),
    ],
)
def test_what_is_wrong_is_shown_with_what_was_typed(desk: Desk, number: str, typed: dict[str, str], said: str) -> None:
    dina, before = desk.at("dina"), due(desk)
    dina.get(f"/cases/{number}")
    address = dina.link("Mover")
    dina.get(address)

    dina.send(address, **typed)

    assert dina.page.status_code == 422
    assert said in dina.words()
    assert dina.form(address)["day"] == typed["day"]
    assert due(desk) == before


def test_the_list_says_what_the_calendar_will_start(desk: Desk, number: str) -> None:
    timer = (
        "<bpmn:timerEventDefinition><bpmn:timeCycle>R/2031-02-03T09:00/P1Y</bpmn:timeCycle></bpmn:timerEventDefinition>"
    )
    body = a_line(("after", user_task("after"))).replace(
        '<bpmn:startEvent id="begun"/>', f'<bpmn:startEvent id="begun" name="Cada año">{timer}</bpmn:startEvent>'
    )
    publish(desk.database, ("process", "yearly", a_diagram(body, "yearly", {"start_roles": ""})))
    adam = desk.at("adam")

    adam.get("/timers")

    assert number in adam.words()
    assert "yearly · Cada año, 3 de febrero de 2031, 9:00" in adam.words()


def test_an_analyst_sees_no_way_to_move_a_timer(desk: Desk, number: str) -> None:
    ana = desk.at("ana")

    ana.get(f"/cases/{number}")

    assert "Mover el temporizador" not in ana.words()


def test_a_timer_that_is_gone_is_told(desk: Desk, number: str) -> None:
    assert number
    dina = desk.at("dina")

    assert dina.get("/timers/gone/rest").status_code == 404
