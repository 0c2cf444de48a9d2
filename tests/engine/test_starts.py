"""A case is started by somebody who may, about somebody they act for, with answers that fit the form, and once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from engine import evidence, starts, tasks
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.queries.starts import choices
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from tests.factories import (
    MORNING,
    a_diagram,
    a_form,
    a_line,
    an_actor,
    an_operator,
    flow,
    open_tasks,
    publish,
    user_task,
)

WHY = {"type": "textarea", "key": "why", "id": "why", "label": "Motivo", "validate": {"required": True}}
PAPERS = {"type": "filepicker", "key": "papers", "id": "papers", "label": "Documentos", "multiple": True}
ASKS = a_line(("write", user_task("write", form="asks"))).replace(
    '<bpmn:startEvent id="begun"/>',
    '<bpmn:startEvent id="begun"><bpmn:extensionElements><zeebe:formDefinition formId="asks"/></bpmn:extensionElements></bpmn:startEvent>',
)


@pytest.fixture
def operator(database: Database) -> str:
    publish(
        database,
        ("form", "asks", a_form("asks", WHY, PAPERS)),
        ("process", "trip", a_diagram(ASKS, properties={"start_roles": "analyst,preparer"})),
    )
    return an_operator(database)


@pytest.fixture
def ana(database: Database) -> Actor:
    return an_actor(database, "ana", "analyst")


def start(database: Database, actor: Actor, answers: Mapping[str, object], **about: str) -> str:
    with begin(database, actor, MORNING) as work:
        return starts.begin(work, "trip", answers, **about).id


def test_a_case_begins_with_what_was_answered_and_whom_it_is_about(
    database: Database, ana: Actor, operator: str
) -> None:
    case = start(database, ana, {"why": "It is time."}, operator_id=operator)

    with look(database, SYSTEM) as work:
        row = work.session.get_one(models.Case, case)
        assert (row.number, row.title, row.started_by) == ("TR-2026-0001", "Exportadora Lempa", ana.id)
        known = tasks.known(work, open_tasks(database, case)["write"])
    assert (known["why"], known["operator_id"], known["case_number"]) == ("It is time.", operator, "TR-2026-0001")


def test_only_the_roles_of_the_diagram_may_start(database: Database, operator: str) -> None:
    with pytest.raises(NotAllowed, match="analyst, preparer"):
        start(database, an_actor(database, "vera", "validator"), {"why": "x"}, operator_id=operator)


def test_a_start_event_may_be_for_fewer_roles_than_the_process(database: Database, operator: str) -> None:
    own = '<zeebe:properties><zeebe:property name="start_roles" value="preparer"/></zeebe:properties>'
    other = f'<bpmn:startEvent id="asked" name="asked"><bpmn:extensionElements>{own}</bpmn:extensionElements></bpmn:startEvent>'
    body = ASKS.replace("<bpmn:startEvent", f"{other}{flow('asked', 'write')}<bpmn:startEvent", 1)
    publish(database, ("process", "trip", a_diagram(body, properties={"start_roles": "analyst,preparer"})))
    ana = an_actor(database, "ana", "analyst")
    petra = an_actor(database, "petra", "preparer", operators=[operator])

    with pytest.raises(NotAllowed, match="by the roles preparer"):
        start(database, ana, {}, operator_id=operator, at="asked")
    assert start(database, petra, {}, operator_id=operator, at="asked")
    with look(database, petra) as work:
        assert [choice.at for choice in choices(work)] == ["asked", "begun"]
    with look(database, ana) as work:
        assert [choice.at for choice in choices(work)] == ["begun"]


def test_a_case_about_a_certificate_or_application_is_not_begun_without_it(database: Database, operator: str) -> None:
    own = '<zeebe:properties><zeebe:property name="starts_about" value="application"/></zeebe:properties>'
    other = f'<bpmn:startEvent id="asked" name="asked"><bpmn:extensionElements>{own}</bpmn:extensionElements></bpmn:startEvent>'
    body = ASKS.replace("</bpmn:startEvent>", f"</bpmn:startEvent>{other}{flow('asked', 'write')}", 1)
    said = {"start_roles": "analyst", "about": "certificate", "from_states": "B7"}
    own = own.replace("starts_about", "while_runs").replace("application", "appeal")
    body += f'<bpmn:startEvent id="kept" name="kept"><bpmn:extensionElements>{own}</bpmn:extensionElements></bpmn:startEvent>'
    body += flow("kept", "write")
    publish(database, ("process", "trip", a_diagram(body, properties=said)))
    ana = an_actor(database, "ana", "analyst")

    with pytest.raises(Conflict, match="about a certificate"):
        start(database, ana, {"why": "x"}, operator_id=operator)
    with pytest.raises(Conflict, match="about an application"):
        start(database, ana, {}, operator_id=operator, at="asked")
    with pytest.raises(NotFound):
        start(database, ana, {}, application_id="none", at="asked")
    with look(database, ana) as work:
        offered = choices(work)
    assert [one.about for one in offered] == ["certificate", "application", "certificate"]
    assert [offered[2].fits("B7", benefits_on=True, running=clocks) for clocks in ((), ("appeal",))] == [False, True]
    assert (offered[0].fits("B7", benefits_on=False), offered[0].fits("B1", benefits_on=True)) == (True, False)


def test_who_acts_for_an_operator_starts_only_for_that_one(database: Database, operator: str) -> None:
    other = an_operator(database, "0614-000000-000-0", "Otra")
    petra = an_actor(database, "petra", "preparer", operators=[operator])

    with pytest.raises(NotAllowed, match="do not act for"):
        start(database, petra, {"why": "x"}, operator_id=other)
    start(database, petra, {"why": "x"}, operator_id=operator)


@pytest.mark.parametrize("about", [{}, {"operator_id": "nobody"}, {"authorisation_id": "none"}])
def test_a_case_is_about_somebody_who_is_registered(
    database: Database, ana: Actor, operator: str, about: Mapping[str, str]
) -> None:
    assert operator

    with pytest.raises(NotFound):
        start(database, ana, {"why": "x"}, **about)


def test_wrong_answers_are_refused_by_their_fields_and_no_number_is_used_up(
    database: Database, ana: Actor, operator: str
) -> None:
    with pytest.raises(Invalid) as refused:
        start(database, ana, {"why": "", "typename": "x"}, operator_id=operator)

    assert {problem.where for problem in refused.value.problems} == {"why", "typename"}
    start(database, ana, {"why": "x"}, operator_id=operator)
    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Case.number)).all() == ["TR-2026-0001"]


def test_the_same_page_sent_four_times_at_once_starts_one_case(database: Database, ana: Actor, operator: str) -> None:
    def send(_time: int) -> str:
        return start(database, ana, {"why": "x"}, operator_id=operator, key="a page")

    with ThreadPoolExecutor(4) as pool:
        started = set(pool.map(send, range(4)))

    assert len(started) == 1
    with look(database, SYSTEM) as work:
        assert set(work.session.scalars(select(models.Case.id))) == started


def test_a_key_of_a_task_starts_no_case(database: Database, ana: Actor, operator: str) -> None:
    case = start(database, ana, {"why": "x"}, operator_id=operator)
    with begin(database, ana, MORNING) as work:
        tasks.complete(work, open_tasks(database, case)["write"], {"why": "x"}, key="a task's page")

    with pytest.raises(Conflict):
        start(database, ana, {"why": "x"}, operator_id=operator, key="a task's page")


def test_the_documents_of_another_case_are_no_answer(database: Database, ana: Actor, operator: str) -> None:
    mine, theirs = (start(database, ana, {"why": "x"}, operator_id=operator) for _ in range(2))
    with begin(database, ana, MORNING) as work:
        own = evidence.store(work, work.session.get_one(models.Case, mine), "plan.txt", b"A plan.")
        strange = evidence.store(work, work.session.get_one(models.Case, theirs), "secret.txt", b"A secret.")
    task = open_tasks(database, mine)["write"]

    for papers in ([strange], [own, strange], ["never-stored"]):
        for act in (tasks.complete, tasks.save_draft):
            with pytest.raises(Invalid) as refused, begin(database, ana, MORNING) as work:
                act(work, task, {"why": "x", "papers": papers})
            assert [problem.where for problem in refused.value.problems] == ["papers"]
    with pytest.raises(Invalid):
        start(database, ana, {"why": "x", "papers": [own]}, operator_id=operator)
    with begin(database, ana, MORNING) as work:
        tasks.complete(work, task, {"why": "x", "papers": [own]})


def test_more_text_than_a_case_can_hold_is_refused_at_the_longest_answer(database: Database, ana: Actor) -> None:
    texts = [{"type": "textarea", "key": f"text_{n}", "id": f"text_{n}", "label": "Texto"} for n in range(5)]
    publish(database, ("form", "asks", a_form("asks", *texts)), ("process", "trip", a_diagram(ASKS)))
    about = an_operator(database)
    long = {f"text_{n}": "x" * (19_000 - n) for n in range(5)}

    with pytest.raises(Invalid, match="too much text") as refused:
        start(database, ana, long, operator_id=about)
    assert [problem.where for problem in refused.value.problems] == ["text_0"]
    case = start(database, ana, {"text_0": "x" * 19_000}, operator_id=about)
    with pytest.raises(Invalid, match="too much text"), begin(database, ana, MORNING) as work:
        tasks.complete(work, open_tasks(database, case)["write"], long)
    assert list(open_tasks(database, case)) == ["write"]
