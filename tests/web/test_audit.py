"""The auditor finds, reads, verifies and takes away, and can change nothing."""

import csv
import io
import json
import re

import pytest
from sqlalchemy import text

from engine import people, starts
from engine.store import models
from engine.work import SYSTEM, begin
from tests.web.browsing import Browser
from tests.web.conftest import Office
from web.access import ACCESS, PUBLIC, may_open

ALLOWED = {"audit.verify", "audit.verify_stream", "audit.take_away", "audit.take_away_stream", "audit.take_clocks"}
OWN = {"auth.leave", "account.speak", "account.password"}  # of their own session, not of the record


@pytest.fixture
def case(office: Office) -> str:
    """A case with some history; its id."""
    with begin(office.database, SYSTEM) as work:
        signatory = people.actor(people.by_username(work, "signatory"))
    with begin(office.database, signatory) as work:
        return starts.begin(work, "application", {"programme": "sv", "types": ["exporter"]}, office.operator).id


@pytest.fixture
def auditor(office: Office) -> Browser:
    """The auditor at a browser."""
    return office.at("auditor")


def number_of(office: Office, case: str) -> str:
    """The number of the case."""
    with begin(office.database, SYSTEM) as work:
        return work.session.get_one(models.Case, case).number


def test_the_record_is_found_by_case_person_act_and_period(office: Office, auditor: Browser, case: str) -> None:
    number = number_of(office, case)

    auditor.get(f"/audit/?text={number}&act=CaseStarted&since=2020-01-01&until=31/12/2099")
    assert f"Se abrió el expediente {number}." in auditor.words()
    assert "1 hecho" in auditor.words()

    auditor.get(f"/audit/?text={number}&until=01/01/2020")
    assert "0 hechos" in auditor.words()

    auditor.get("/audit/?person=nobody-of-that-id")
    assert "0 hechos" in auditor.words()


def test_a_date_that_cannot_be_read_is_told_at_its_field(auditor: Browser) -> None:
    page = auditor.get("/audit/?since=ayer&text=OC")

    assert page.status_code == 422
    assert "Escriba la fecha como día/mes/año" in auditor.words()
    assert 'value="OC"' in page.text


def test_a_case_is_read_with_the_versions_in_force(auditor: Browser, case: str) -> None:
    auditor.get(f"/audit/cases/{case}")

    assert "Solicitud de Operador Confiable, versión 1" in auditor.words()
    assert "Abrir el expediente" in auditor.words()
    version = auditor.get(auditor.link("Solicitud de Operador Confiable, versión 1"))
    assert version.status_code == 200
    assert "SHA-256" in auditor.words()


def test_every_part_of_the_record_can_be_read(office: Office, auditor: Browser, case: str) -> None:
    with begin(office.database, SYSTEM) as work:
        streams = [stream.id for stream in work.session.query(models.Stream)]

    assert f"case:{case}" in streams
    for stream in streams:
        assert auditor.get(f"/audit/streams/{stream}").status_code == 200


def test_a_whole_record_is_said_to_be_whole_and_the_check_is_recorded(auditor: Browser, case: str) -> None:
    auditor.get(f"/audit/cases/{case}")

    auditor.send(f"/audit/cases/{case}/verify")

    assert "está íntegro" in auditor.words()
    auditor.get("/audit/streams/audit")
    assert "Se verificó una cadena" in auditor.words()


def test_a_changed_record_is_said_to_be_changed(office: Office, auditor: Browser, case: str) -> None:
    with begin(office.database, SYSTEM) as work:  # as somebody would who owns the database file
        work.session.execute(text("DROP TRIGGER IF EXISTS event_no_update"))
        for (name,) in work.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            work.session.execute(text(f'DROP TRIGGER "{name}"'))
        changed = "UPDATE event SET actor_name = 'Nobody' WHERE stream = :stream AND seq = 2"
        work.session.execute(text(changed), {"stream": f"case:{case}"})
    auditor.get(f"/audit/cases/{case}")

    auditor.send(f"/audit/cases/{case}/verify")

    assert "fue alterado" in auditor.words()
    assert "El hecho 2" in auditor.words()


def test_the_export_holds_every_event_and_is_recorded(office: Office, auditor: Browser, case: str) -> None:
    auditor.get(f"/audit/cases/{case}")
    token = auditor.form(f"/audit/cases/{case}/verify")

    document = json.loads(auditor.client.post(f"/audit/cases/{case}/export/json", data=token).data)
    table = auditor.client.post(f"/audit/cases/{case}/export/csv", data=token).data.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(table)))
    assert document["case"]["number"] == number_of(office, case)
    assert [row["hash"] for row in rows] == [event["hash"] for event in document["events"]]
    assert rows[0]["type"] == "CaseStarted"
    auditor.get("/audit/streams/audit")
    assert "Se exportó" in auditor.words() or "RecordExported" in auditor.page.text


def test_the_record_is_exported_in_no_other_form(auditor: Browser, case: str) -> None:
    auditor.get(f"/audit/cases/{case}")

    refused = auditor.client.post(f"/audit/cases/{case}/export/xlsx", data=auditor.form(f"/audit/cases/{case}/verify"))

    assert refused.status_code == 422


def test_an_auditor_can_open_no_endpoint_that_changes_anything(office: Office, auditor: Browser) -> None:
    auditor.get("/audit/")
    token = re.search(r'name="csrf_token" value="([^"]+)"', auditor.page.text)
    data = {"csrf_token": token[1] if token else ""}
    rules = [rule for rule in office.app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    refused = [rule for rule in rules if rule.endpoint not in ALLOWED | OWN and ACCESS.get(rule.endpoint) != PUBLIC]

    for rule in refused:
        address = re.sub(r"<[^>]+>", "x", rule.rule)
        assert not may_open(rule.endpoint, frozenset({"auditor"})), rule.endpoint
        assert auditor.client.post(address, data=data).status_code == 403, address
    assert len(refused) > 10


@pytest.mark.parametrize("username", ["signatory", "analyst", "director", "process-owner", "administrator"])
def test_nobody_else_reads_the_audit(office: Office, username: str) -> None:
    assert office.at(username).get("/audit/").status_code == 403
