"""The pages of incidents: what is stopped, who mends it, and an intervention that is seen before it is done."""

import pytest
from sqlalchemy import select

from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.test_calls import MINUTE, REST, accepts, incidents
from tests.factories import MORNING, a_case, a_line, an_actor, open_tasks, user_task
from tests.web.browsing import Browser
from tests.web.conftest import Desk

NUMBER = "TR-2026-0001"
CASE = f"/incidents/cases/{NUMBER}"


def stopped(database: Database) -> str:
    """A case whose service said no so often that somebody has to see to it."""
    case = a_case(database, a_line(("rest", REST), ("accept", accepts()), ("then", user_task("then"))))
    for minute in range(1, 6):
        Worker(database, "one").drain(MORNING + minute * MINUTE)
    return case


def at(desk: Desk, username: str, *roles: str) -> Browser:
    an_actor(desk.database, username, *roles)
    browser = desk.at(username)
    browser.send("/language", language="en")
    return browser


@pytest.fixture
def adela(desk: Desk) -> Browser:
    return at(desk, "adela", "administrator")


def test_an_administrator_finds_what_is_stopped_and_what_to_do(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)

    adela.get("/incidents/")
    assert "A service failed: accept" in adela.words()
    assert NUMBER in adela.words()
    adela.get(adela.link("A service failed"))

    words = adela.words()
    assert "There is no such application." in words
    assert "Process owners." in words
    assert "Put the value right that the service was given" in words
    adela.get(adela.link("Where the case stands"))
    assert "accept stopped Try it again : accept Skip : accept Move the token : accept" in adela.words()


def test_the_list_is_narrowed_by_cause_and_by_who_mends_it(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)

    for question, found in (("cause=service", True), ("cause=timer", False), ("owner=administrator", False)):
        adela.get(f"/incidents/?{question}")
        assert (NUMBER in adela.words()) == found, question
    adela.get("/incidents/?state=closed")
    assert "No incident was closed yet." in adela.words()


def test_a_skip_is_seen_then_done_and_its_incident_is_closed(desk: Desk, adela: Browser) -> None:
    case = stopped(desk.database)
    adela.get(CASE)
    adela.get(adela.link("Skip: accept"))

    adela.send(f"{CASE}/skip", reason="Accepted on paper.")
    words = adela.words()
    assert "Tasks that open then" in words
    assert "The case would go on" in words
    assert open_tasks(desk.database, case) == {}

    adela.send(f"{CASE}/skip/do")

    assert "Done, and recorded with your reason." in adela.words()
    assert list(open_tasks(desk.database, case)) == ["then"]
    adela.get("/incidents/?state=closed")
    adela.get(adela.link("A service failed"))
    assert "The case went on from there." in adela.words()


def test_a_token_is_moved_to_a_place_chosen_from_a_list(desk: Desk, adela: Browser) -> None:
    case = stopped(desk.database)
    adela.get(CASE)
    adela.get(adela.link("Move the token"))

    adela.send(f"{CASE}/move", to="then", reason="Accepted on paper.")
    assert "It would stand at then" in adela.words()
    adela.send(f"{CASE}/move/do")

    assert list(open_tasks(desk.database, case)) == ["then"]


def test_a_retry_says_that_a_service_would_be_called(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)
    adela.get(CASE)
    adela.get(adela.link("Try it again"))

    adela.send(f"{CASE}/retry", reason="Now it will work.")

    assert "Here services would be called" in adela.words()
    assert "applications.accept" in adela.words()
    assert adela.send(f"{CASE}/retry/do").status_code == 404
    assert "There is no such application." in adela.words()


def test_a_value_is_put_right_and_its_change_is_seen(desk: Desk, adela: Browser) -> None:
    case = stopped(desk.database)
    adela.get(f"{CASE}/correct")
    assert '"Exportadora Lempa"' in adela.words()

    adela.send(f"{CASE}/correct", name="operator_name", value='"Lempa"', reason="A slip of the pen.")
    assert 'operator_name "Exportadora Lempa" "Lempa"' in adela.words()
    adela.send(f"{CASE}/correct/do")

    with look(desk.database, SYSTEM) as work:
        assert work.session.get_one(models.Case, case).title == "Lempa"


def test_what_is_missing_or_wrong_is_told_at_its_field_and_nothing_typed_is_lost(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)
    adela.get(f"{CASE}/correct")

    adela.send(f"{CASE}/correct", name="operator_name", value="1 +", reason="A slip of the pen.")
    assert adela.page.status_code == 422
    assert adela.form(f"{CASE}/correct")["value"] == "1 +"
    assert adela.form(f"{CASE}/correct")["reason"] == "A slip of the pen."
    adela.send(f"{CASE}/correct", value="1", reason="")

    assert adela.page.status_code == 422
    assert "Write why you intervene" in adela.words()


def test_what_was_seen_of_an_older_state_is_not_done(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)
    adela.get(f"{CASE}/resume")
    adela.send(f"{CASE}/resume", reason="To see.")
    other = desk.at("adela")
    other.get(f"{CASE}/correct")
    other.send(f"{CASE}/correct", name="x", value="1", reason="To see.")
    other.send(f"{CASE}/correct/do")

    assert adela.send(f"{CASE}/resume/do").status_code == 409
    assert "has moved since you looked" in adela.words()


def test_an_auditor_reads_and_may_do_nothing(desk: Desk) -> None:
    stopped(desk.database)
    browser = at(desk, "aldo", "auditor")

    for address in ("/incidents/", CASE):
        assert browser.get(address).status_code == 200
        assert "Try it again" not in browser.words()
    browser.get("/incidents/")
    browser.get(browser.link("A service failed"))
    assert "Close by hand" not in browser.words()
    assert browser.get(f"{CASE}/skip").status_code == 403


def test_the_page_of_the_case_says_that_it_is_stopped_and_who_mends_it(desk: Desk) -> None:
    stopped(desk.database)
    browser = at(desk, "ana", "analyst")

    browser.get(f"/cases/{NUMBER}")
    assert "the case is stopped until what is named below is mended" in browser.words()
    assert "stopped accept · It is mended by: Process owners." in browser.words()
    browser.get(f"/cases/{NUMBER}/diagram")
    assert 'data-element="accept" data-state="failed"' in browser.page.text
    browser.get(f"/cases/{NUMBER}/history")
    assert "The step «accept» failed: There is no such application." in browser.words()


def test_while_it_is_tried_again_the_page_of_the_case_says_when(desk: Desk) -> None:
    a_case(desk.database, a_line(("rest", REST), ("accept", accepts())))
    Worker(desk.database, "one").once(MORNING + MINUTE)
    assert incidents(desk.database) == []
    browser = at(desk, "ana", "analyst")

    browser.get(f"/cases/{NUMBER}")

    assert "It failed, and is tried again by itself at" in browser.words()


def test_an_incident_of_no_token_is_closed_by_hand_with_a_word_how(desk: Desk, adela: Browser) -> None:
    with begin(desk.database, SYSTEM, MORNING) as work:
        work.session.add(models.Incident(id="i1", cause="message", element="m", message="Nobody waited.", at=work.now))
    adela.get("/incidents/i1")

    adela.send("/incidents/i1/close", resolution="")
    assert "Write how it was mended." in adela.words()
    adela.send("/incidents/i1/close", resolution="Sent by post.")

    assert "Sent by post." in adela.words()
    assert incidents(desk.database) == []


def test_a_job_that_was_given_up_is_sent_again(desk: Desk, adela: Browser) -> None:
    with begin(desk.database, SYSTEM, MORNING) as work:
        work.session.add(models.Outbox(id="j1", kind="letter", payload={}, created_at=work.now, last_error="broke"))
        work.session.add(
            models.Incident(id="i1", cause="outbox", element="letter", message="broke", at=work.now, outbox_id="j1")
        )
    adela.get("/incidents/i1")

    adela.send("/incidents/i1/again")

    assert "It is tried again now" in adela.words()
    with look(desk.database, SYSTEM) as work:
        assert work.session.get_one(models.Outbox, "j1").next_attempt_at is not None


def test_an_intervention_that_does_not_exist_is_no_page(desk: Desk, adela: Browser) -> None:
    stopped(desk.database)

    assert adela.get(f"{CASE}/explode").status_code == 404


def test_the_operator_does_not_read_what_went_wrong_inside_the_office(desk: Desk) -> None:
    stopped(desk.database)
    with look(desk.database, SYSTEM) as work:
        operator = work.session.scalars(select(models.Operator.id)).one()
    an_actor(desk.database, "petra", "preparer", operators=[operator])
    browser = desk.at("petra")

    for address in (f"/cases/{NUMBER}", f"/cases/{NUMBER}/history"):
        assert browser.get(address).status_code == 200
        assert "accept" not in browser.words()
        assert "solicitud." not in browser.words()
