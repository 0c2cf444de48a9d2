"""Duties kept apart, exceptions, absences and conflicts of interest, as people meet them on the pages."""

import pytest

from engine.domain import apart
from engine.work import SYSTEM, look
from tests.factories import a_case, a_line, an_actor, an_operator, open_tasks, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk

CASE_RULES = [rule for rule in apart.RULES if not rule.of_operator]


def a_desk(desk: Desk, first: str, second: str) -> str:
    """A case whose first task ana has done on her page; its number is of no account."""
    for name, *roles in (("ana", "analyst"), ("luis", "analyst"), ("eva", "director"), ("root", "administrator")):
        an_actor(desk.database, name, *roles)
    case = a_case(desk.database, a_line(("one", user_task("one", duty=first)), ("two", user_task("two", duty=second))))
    complete(desk.at("ana"), desk, case, "one")
    return case


def complete(browser: Browser, desk: Desk, case: str, element: str) -> None:
    task = open_tasks(desk.database, case)[element]
    browser.get(f"/tasks/{task}")
    browser.send(f"/tasks/{task}/complete")


@pytest.mark.parametrize("rule", CASE_RULES, ids=lambda rule: rule.name)
def test_the_page_keeps_the_task_from_whoever_the_rule_bars(desk: Desk, rule: apart.Rule) -> None:
    case = a_desk(desk, min(rule.bars), rule.wants)
    task = open_tasks(desk.database, case)["two"]
    ana, luis = desk.at("ana"), desk.at("luis")

    ana.get(f"/tasks/{task}")
    assert "no puede hacer esta tarea" in ana.words()
    assert f"/tasks/{task}/complete" not in ana.page.text

    complete(luis, desk, case, "two")
    assert not open_tasks(desk.database, case)


def test_an_exception_is_asked_for_decided_by_another_and_used(desk: Desk) -> None:
    case = a_desk(desk, "propose", "approve")
    task = open_tasks(desk.database, case)["two"]
    ana, eva = desk.at("ana"), desk.at("eva")

    ana.get(f"/tasks/{task}")
    ana.send(f"/tasks/{task}/exception", reason="")
    assert ana.page.status_code == 422
    ana.send(f"/tasks/{task}/exception", reason="Nadie más está esta semana.")
    eva.get("/exceptions")
    assert "Nadie más está esta semana." in eva.words()
    action = next(one for one in eva.page.text.split('"') if one.startswith("/exceptions/"))
    eva.send(action, reason="", answer="grant")
    assert eva.page.status_code == 422
    eva.send(action, reason="Consta en acta.", answer="grant")

    complete(ana, desk, case, "two")
    assert not open_tasks(desk.database, case)


def test_somebody_records_an_absence_and_the_substitute_sees_the_tasks(desk: Desk) -> None:
    an_actor(desk.database, "ana", "analyst")
    luis = an_actor(desk.database, "luis", "validator")
    a_case(desk.database, a_line(("one", user_task("one", "analyst"))))
    ana = desk.at("ana")
    with look(desk.database, SYSTEM) as work:
        today = work.today.isoformat()

    ana.get("/account")
    ana.send("/account/absence", first_day="mañana", last_day=today, substitute=luis.id)
    assert ana.page.status_code == 422
    ana.send("/account/absence", first_day=today, last_day=today, substitute=luis.id)
    assert "La ausencia quedó registrada." in ana.words()

    substitute = desk.at("luis")
    substitute.get("/inbox")
    assert "one" in substitute.words()
    substitute.get("/account")
    assert "Suple hoy a Ana" in " ".join(substitute.words().split())


def test_a_declared_conflict_of_interest_closes_the_task(desk: Desk) -> None:
    an_actor(desk.database, "ana", "analyst")
    case = a_case(desk.database, a_line(("one", user_task("one", "analyst"))))
    ana = desk.at("ana")

    ana.get("/account")
    ana.send("/account/conflict", operator="Nadie, S.A.", conflict_reason="x")
    assert ana.page.status_code == 422
    ana.send("/account/conflict", operator="Exportadora Lempa", conflict_reason="Trabajé allí.")

    ana.get(f"/tasks/{open_tasks(desk.database, case)['one']}")
    assert "Hay un conflicto de interés con este operador" in ana.words()


def test_an_administrator_changes_roles_and_hears_what_nobody_can_do_then(desk: Desk) -> None:
    a_desk(desk, "propose", "approve")
    luis = an_actor(desk.database, "luis")
    root = desk.at("root")

    root.get(f"/admin/people/{luis.id}")
    root.send(f"/admin/people/{luis.id}", roles=["validator"], active="yes", reason="")
    assert root.page.status_code == 422
    root.send(f"/admin/people/{luis.id}", roles=["validator"], active="yes", reason="Cambio de puesto.")

    assert "Reglas que hoy nadie podría cumplir" in root.words()
    assert "solo hay Ana" in root.words()


def test_an_administrator_opens_an_account_that_can_log_in(desk: Desk) -> None:
    an_actor(desk.database, "root", "administrator")
    root = desk.at("root")

    root.get("/admin/new")
    root.send("/admin/new", name="Nora", username="nora", password="corta", roles=["analyst"])
    assert root.page.status_code == 422
    assert "Nora" in root.page.text
    root.send("/admin/new", name="Nora", username="nora", password="una frase larga y buena", roles=["analyst"])

    assert Browser(desk.app).log_in("nora", "una frase larga y buena").page.status_code == 200


def test_an_administrator_ends_a_mandate_and_the_agent_sees_nothing_more(desk: Desk) -> None:
    operator = an_operator(desk.database)
    agent = an_actor(desk.database, "agente", "preparer", operators=[operator])
    an_actor(desk.database, "root", "administrator")
    action = f"/admin/people/{agent.id}/mandates/{operator}"
    root, seen = desk.at("root"), desk.at("agente")
    seen.get(f"/operators/{operator}")
    assert seen.page.status_code == 200

    root.get(f"/admin/people/{agent.id}")
    root.send(action, since="hoy", until="", mandate_act="Poder 12/2026", mandate_reason="Lo revocó.")
    assert root.page.status_code == 422
    assert 'value="hoy"' in root.page.text
    root.send(action, since="2020-01-01", until="2020-12-31", mandate_act="Poder 12/2026", mandate_reason="Lo revocó.")
    assert "Se cambió el mandato." in root.words()
    assert "no vigente" in root.words()

    seen.get(f"/operators/{operator}")
    assert seen.page.status_code == 404


def test_a_reader_reads_what_the_operator_may_and_is_offered_nothing_to_do(desk: Desk) -> None:
    operator = an_operator(desk.database)
    an_actor(desk.database, "mira", "reader", operators=[operator])
    mira = desk.at("mira")

    mira.get(f"/operators/{operator}")

    assert mira.page.status_code == 200
    assert "Iniciar" not in mira.words()
    assert "/report/" not in mira.page.text
    mira.get("/")
    assert mira.page.request.path == "/cases"
