"""The pages of letters: how one was delivered, who may sign, and the check that is open to anybody."""

import base64
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import consents
from engine.signing import Signer
from engine.store import models
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.desk import Desk as Registry
from tests.programs import marchamo
from tests.web.browsing import Browser
from tests.web.conftest import SECRET, Office
from web import cli, create_app
from web.limits import MOST
from web.settings import Settings

SIGNER = Signer.of(base64.b64encode(bytes(range(32))).decode())
NUMBER = "OC-SV-2026-0001"


@pytest.fixture
def registry(office: Office) -> Registry:
    """Another operator with a certificate that was signed."""
    registry = Registry(office.database, tax_id="0614-050505-105-5")
    registry.reach("A13")
    facts = {name: registry.known[name] for name in ("certificate_number", "granted_on", "effective_on")}
    registry.do("ernesto", "letters.issue", template="D16_certificate", facts=facts)
    Worker(office.database, "one", SIGNER).drain(registry.now)
    return registry


def letter(registry: Registry) -> models.Letter:
    with look(registry.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, str(registry.known["letter_id"]))


def visitor(office: Office) -> Browser:
    return Browser(office.app)


def test_anybody_checks_a_letter_with_number_and_code(office: Office, registry: Registry) -> None:
    browser, found = visitor(office), letter(registry)

    browser.get(f"/check/?number={found.number}&code={found.code}")

    words = browser.words()
    assert "Auténtico" in words
    assert "Vigente" in words
    assert "La firma de sus datos es válida" in words
    assert str(found.sha256) in browser.page.text
    assert "Exportadora" not in words


@pytest.mark.parametrize("path", ["{number}", "{number}/0000000000000000", NUMBER, "DGA-OC-2026-9999/{code}"])
def test_without_the_code_nothing_is_told_not_even_that_it_exists(
    office: Office, registry: Registry, path: str
) -> None:
    browser, found = visitor(office), letter(registry)

    browser.get("/check/" + path.format(number=found.number, code=found.code))

    assert "no puede comprobarse ningún documento" in browser.words()
    assert "Auténtico" not in browser.words()


def test_a_certificate_whose_holder_agreed_is_found_by_its_number(office: Office, registry: Registry) -> None:
    with begin(office.database, SYSTEM) as work:
        case = work.session.get_one(models.Case, registry.case_id)
        consents.say(work, case, str(registry.known["operator_id"]), "sv", consents.PUBLICATION, given_=True)
    browser = visitor(office)

    browser.get(f"/check/{NUMBER}")

    assert "Exportadora Lempa" in browser.words()
    assert "Vigente" in browser.words()


def test_the_signed_facts_and_the_keys_are_there_to_be_taken(office: Office, registry: Registry) -> None:
    client, found = office.app.test_client(), letter(registry)

    document = client.get(f"/check/{NUMBER}/{found.code}/certificate.json")

    assert json.loads(document.text)["facts"]["certificate"] == NUMBER
    assert json.loads(client.get("/check/keys.json").text) == {SIGNER.id: SIGNER.public_key}
    assert client.get(f"/check/{NUMBER}/0000000000000000/certificate.json").status_code == 404


def test_who_asks_too_often_has_to_wait(office: Office) -> None:
    client = office.app.test_client()

    answers = [client.get("/check/X-1/Y").status_code for _turn in range(MOST + 1)]

    assert answers == [200] * MOST + [403]


def test_two_processes_of_the_server_count_together(office: Office, tmp_path: Path) -> None:
    other = create_app(Settings(data=tmp_path, database="", secret=SECRET), office.database).test_client()
    client = office.app.test_client()

    answers = [one.get("/check/X-1/Y").status_code for _turn in range(MOST // 2) for one in (client, other)]

    assert answers == [200] * MOST
    assert [one.get("/check/X-1/Y").status_code for one in (client, other)] == [403, 403]
    assert other.get("/check/X-1/Y", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_an_officer_sees_how_a_letter_was_delivered_and_records_paper(office: Office, registry: Registry) -> None:
    browser, found = office.at("intake-officer"), letter(registry)
    browser.get("/cases/OC-2026-0000/letters")
    assert "Portal: Llegó" in browser.words()

    browser.get(f"/letters/{found.id}/delivery")
    browser.send(f"/letters/{found.id}/delivery/paper", note="", on="2026-01-12")
    assert "Escriba qué demuestra la entrega." in browser.words()
    browser.send(f"/letters/{found.id}/delivery/paper", note="Copia firmada", on="2026-01-12")

    assert "La entrega en papel quedó registrada." in browser.words()
    assert "Copia firmada" in browser.words()


def test_an_officer_records_that_a_letter_came_back_and_sends_it_again(office: Office, registry: Registry) -> None:
    found = letter(registry)
    with begin(office.database, SYSTEM) as work:
        row = models.Delivery(
            id="m1", letter_id=found.id, channel="mail", address="a@b.example", state="sent", created_at=work.now
        )
        work.session.add(row)
    browser = office.at("intake-officer")
    browser.get(f"/letters/{found.id}/delivery")

    browser.send(f"/letters/{found.id}/delivery/m1/bounce", reason="Buzón lleno")
    assert "No llegó" in browser.words()
    browser.send(f"/letters/{found.id}/delivery/m1/again", address="c@d.example")

    assert "c@d.example" in browser.words()
    assert "Por enviar" in browser.words()


def test_somebody_elses_operator_does_not_see_the_delivery(office: Office, registry: Registry) -> None:
    page = office.at("stranger").get(f"/letters/{letter(registry).id}/delivery")

    assert page.status_code == 404


def test_the_director_delegates_the_signature_and_takes_it_back(office: Office) -> None:
    browser = office.at("director")
    with look(office.database, SYSTEM) as work:
        query = select(models.Account.id).where(models.Account.username == "analyst")
        analyst = work.session.scalars(query).one()
    given = {"programme": "sv", "account_id": analyst, "from_day": "2026-01-12", "to_day": "2099-12-31"}
    browser.get("/delegations")

    browser.send("/delegations", **given, templates="d15 D17", act=" ")
    assert "sin él nadie puede firmar" in browser.words()
    browser.send("/delegations", **given, templates="d15 D17", act="Acuerdo 12/2026")
    assert "Acuerdo 12/2026" in browser.words()
    assert "D15, D17" in browser.words()
    with look(office.database, SYSTEM) as work:
        held = work.session.scalars(select(models.Delegation)).one()
    browser.send(f"/delegations/{held.id}/end", reason="Cambió de puesto")

    assert "Revocada" in browser.words()


def test_what_a_delegation_lacks_is_said_at_its_field(office: Office) -> None:
    browser = office.at("director")
    browser.get("/delegations")

    browser.send("/delegations", programme="", account_id="", from_day="", to_day="")

    assert browser.page.status_code == 422
    for field, said in (
        ("programme", "Elija el programa."),
        ("account_id", "Elija quién firma."),
        ("from_day", "Escriba el primer día."),
        ("to_day", "Escriba el último día."),
    ):
        assert f'<a href="#{field}">{said}</a>' in browser.page.text
        assert f'id="{field}-error"' in browser.page.text


def test_a_reason_that_is_missing_is_said_at_the_delegation_that_was_to_end(office: Office) -> None:
    browser = office.at("director")
    with begin(office.database, SYSTEM) as work:
        analyst = work.session.scalars(select(models.Account.id).where(models.Account.username == "analyst")).one()
    browser.get("/delegations")
    given = {"programme": "sv", "account_id": analyst, "from_day": "2026-01-12", "to_day": "2099-12-31"}
    browser.send("/delegations", **given, act="Acuerdo 12/2026")
    with look(office.database, SYSTEM) as work:
        held = work.session.scalars(select(models.Delegation.id)).one()

    browser.send(f"/delegations/{held}/end", reason=" ")

    assert f'href="#reason-{held}"' in browser.page.text
    assert f'id="reason-{held}-error"' in browser.page.text


def verified(office: Office, folder: Path, what: str) -> int:
    """The exit status of the command in this installation, which knows the keys that its worker used."""
    with marchamo(folder, "verify-certificate", what, database=office.database) as running:
        running.communicate()
    return running.returncode


def test_a_certificate_is_verified_without_asking_anybody(
    office: Office, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, key = letter(registry), ["--key", SIGNER.public_key]
    text = office.app.test_client().get(f"/check/{NUMBER}/{found.code}/certificate.json").text
    file, forged = tmp_path / "certificate.json", tmp_path / "forged.json"
    file.write_text(text, encoding="utf-8")
    forged.write_text(text.replace('"version": 1', '"version": 3'), encoding="utf-8")

    assert cli.main(["verify-certificate", str(file), *key]) == 0
    assert NUMBER in capsys.readouterr().out
    assert cli.main(["verify-certificate", str(forged), *key]) == 1
    assert verified(office, tmp_path, found.code) == 0  # by what the database holds
    assert verified(office, tmp_path, str(file)) == 0
    assert verified(office, tmp_path, "0000000000000000") == 2
