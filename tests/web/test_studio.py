"""The studio without a script: one process owner writes, another puts it to work, and nothing typed is lost."""

import io
import json
import re

import pytest

from engine import people, resources, starts
from engine.work import SYSTEM, begin
from tests.factories import PASSWORD
from tests.web.browsing import Browser
from tests.web.conftest import Office


@pytest.fixture
def owner(office: Office) -> Browser:
    """The process owner who writes."""
    return office.at("process-owner")


@pytest.fixture
def approver(office: Office) -> Browser:
    """A second process owner."""
    with begin(office.database, SYSTEM) as work:
        people.create(work, "second-owner", "Second", PASSWORD, ["process_owner"])
    return office.at("second-owner")


def a_draft(owner: Browser, kind: str = "form", key: str = "plan_validation") -> str:
    """Begins a draft; its address."""
    owner.get(f"/studio/{kind}/{key}")
    owner.send(f"/studio/{kind}/{key}/draft")
    return owner.page.request.path


def a_submitted_form(owner: Browser) -> str:
    """Changes a label and sends the draft for approval; the address of the version."""
    address = a_draft(owner)
    changed = str(owner.form(address)["content"]).replace('"Visitas"', '"Visitas previstas"')
    owner.send(address, content=changed)
    owner.send(f"{address}/submit", note="Se dice mejor")
    return owner.page.request.path


def test_the_studio_lists_what_can_be_changed(owner: Browser) -> None:
    page = owner.get("/studio/")

    assert page.status_code == 200
    assert "Solicitud de Operador Confiable" in owner.words()
    assert "Nuevo: proceso" in owner.words()


def test_a_saved_draft_is_found_again(owner: Browser) -> None:
    address = a_draft(owner)
    changed = str(owner.form(address)["content"]).replace('"Visitas"', '"Visitas previstas"')

    owner.send(address, content=changed)

    assert "El borrador está guardado." in owner.words()
    assert "Visitas previstas" in str(owner.form(address)["content"])


def test_what_the_checks_find_is_told_on_the_page(owner: Browser) -> None:
    address = a_draft(owner)

    owner.send(address, content="{}")

    assert "Por corregir:" in owner.words()


def test_saving_over_another_window_loses_neither(owner: Browser) -> None:
    address = a_draft(owner)
    old = owner.form(address)
    owner.send(address, content=str(old["content"]) + "\n")

    page = owner.client.post(address, data={**old, "content": "what I typed"})

    assert page.status_code == 409
    owner.page = page
    assert "se guardó entretanto en otra ventana" in owner.words()
    assert owner.form(address)["content"] == "what I typed"
    owner.send(address)
    assert owner.page.status_code == 200
    assert owner.form(address)["content"] == "what I typed"


def test_the_script_is_answered_in_json(owner: Browser) -> None:
    address = a_draft(owner, "process", "suspension")
    form = owner.form(address)
    data = {**form, "content": str(form["content"]).replace('formId="decide_suspension"', 'formId="nowhere"')}

    saved = owner.client.post(address, data=data, headers={"Accept": "application/json"})
    again = owner.client.post(address, data=data, headers={"Accept": "application/json"})

    assert "decide_suspension" in [one["where"] for one in saved.get_json()["complaints"] if one["severity"] == "error"]
    assert again.status_code == 409
    assert again.get_json()["revision"] == saved.get_json()["revision"]
    assert again.get_json()["message"]


def test_a_refusal_reaches_the_script_as_a_sentence(office: Office, owner: Browser) -> None:
    address = a_draft(owner)
    auditor = office.at("auditor")
    auditor.get("/audit/")
    token = re.search(r'name="csrf_token" value="([^"]+)"', auditor.page.text)

    data = {"csrf_token": token[1] if token else "", "revision": "1", "content": "{}"}
    refused = auditor.client.post(address, data=data, headers={"Accept": "application/json"})

    assert refused.status_code == 403
    assert refused.get_json()["message"]


def test_checking_saves_nothing(owner: Browser) -> None:
    address = a_draft(owner)
    form = owner.form(address)

    said = owner.client.post(f"{address}/check", data={**form, "content": "{}"})

    assert [one["severity"] for one in said.get_json()["complaints"]] == ["error"]
    assert owner.get(address).status_code == 200
    assert owner.form(address)["content"] == form["content"]


def test_a_draft_without_a_reason_is_not_sent(owner: Browser) -> None:
    address = a_draft(owner)

    owner.send(f"{address}/submit", note=" ")

    assert owner.page.status_code == 422
    assert "Escriba qué cambia y por qué" in owner.words()


def test_a_second_owner_sees_what_changes_and_puts_it_to_work(owner: Browser, approver: Browser) -> None:
    address = a_submitted_form(owner)

    approver.get("/studio/")
    approver.get(approver.link("Planificar la validación"))
    assert "Se dice mejor" in approver.words()
    assert "Visitas previstas" in approver.words()
    approver.send(f"{address}/publish")

    assert "Está en vigor" in approver.words()
    assert "Versión 2" in approver.words()


def test_the_author_puts_nothing_of_theirs_to_work(owner: Browser) -> None:
    address = a_submitted_form(owner)

    token = owner.form("/logout")
    refused = owner.client.post(f"{address}/publish", data=token)

    assert f"{address}/publish" not in owner.page.text
    assert refused.status_code == 403


def test_what_is_sent_back_comes_with_its_reason(owner: Browser, approver: Browser) -> None:
    address = a_submitted_form(owner)
    approver.get(address)
    approver.send(f"{address}/return", reason="")
    assert approver.page.status_code == 422

    approver.send(f"{address}/return", reason="Falta la traducción")

    draft = a_draft(owner)
    assert draft == address.replace("versions", "drafts")
    assert "Falta la traducción" in owner.words()


def test_what_cannot_run_is_not_offered_to_be_put_to_work(owner: Browser, approver: Browser) -> None:
    address = a_draft(owner)
    owner.send(address, content="{}")
    owner.send(f"{address}/submit", note="Sin terminar")
    version = owner.page.request.path

    approver.get(version)
    assert "No se puede poner en vigor" in approver.words()

    refused = approver.client.post(f"{version}/publish", data=approver.form("/logout"))
    assert refused.status_code == 422


def test_the_changes_of_a_diagram_are_told_element_by_element(owner: Browser) -> None:
    address = a_draft(owner, "process", "suspension")
    content = str(owner.form(address)["content"])
    owner.send(address, content=content.replace('name="Resolver la propuesta"', 'name="Decidir"'))

    owner.send(f"{address}/submit", note="Más corto")

    assert "cambiado Decidir tarea de una persona decide_suspension" in owner.words()
    assert "Resolver la propuesta → Decidir" in owner.words()


@pytest.mark.parametrize(
    ("kind", "key"),
    [("process", "temporary_permit"), ("decision", "risk_band"), ("form", "ask_address"), ("letter", "D90_note")],
)
def test_a_new_resource_begins_with_what_the_checks_accept(owner: Browser, kind: str, key: str) -> None:
    owner.get(f"/studio/new/{kind}")

    owner.send(f"/studio/new/{kind}", key=key, title="Permiso «A & B»", title_en='Permit "A"')

    assert owner.page.request.path.startswith("/studio/drafts/")
    assert "Nada lo impide" in owner.words()
    assert "Por corregir" not in owner.words()
    assert "Permiso «A & B»" in owner.words()


@pytest.mark.parametrize("key", ["", "dos palabras", "plan_validation", "ñandú"])
def test_a_new_resource_needs_a_key_of_its_own(owner: Browser, key: str) -> None:
    owner.get("/studio/new/form")

    owner.send("/studio/new/form", key=key, title="Título", title_en="Title")

    assert owner.page.status_code in {409, 422}
    assert owner.form("/studio/new/form")["title"] == "Título"


def test_new_cases_take_the_new_version_and_running_ones_keep_theirs(
    office: Office, owner: Browser, approver: Browser
) -> None:
    with begin(office.database, SYSTEM) as work:
        signatory = people.actor(people.by_username(work, "signatory"))
    answers = {"programme": "sv", "types": ["exporter"]}
    with begin(office.database, signatory) as work:
        old = starts.begin(work, "application", answers, operator_id=office.operator).number
    address = a_draft(owner, "process", "application")
    content = str(owner.form(address)["content"])
    owner.send(address, content=content.replace('name="Preparar la solicitud"', 'name="Llenar la solicitud"'))
    owner.send(f"{address}/submit", note="Más claro")
    version = owner.page.request.path
    approver.get(version)
    approver.send(f"{version}/publish")

    with begin(office.database, signatory) as work:
        new = starts.begin(work, "application", answers, operator_id=office.operator).number

    reader = office.at("signatory")
    reader.get(f"/cases/{old}")
    assert "Preparar la solicitud" in reader.words()
    reader.get(f"/cases/{new}")
    assert "Llenar la solicitud" in reader.words()


def test_a_newer_text_that_came_with_marchamo_is_held_against_the_offices_own_in_a_draft(
    owner: Browser, approver: Browser, office: Office
) -> None:
    version = a_submitted_form(owner)
    approver.get(version)
    approver.send(f"{version}/publish")
    with begin(office.database, SYSTEM) as work:
        resources.find(work, "form", "plan_validation").newer = True  # as an update leaves it

    owner.get("/studio/form/plan_validation")
    assert "Marchamo trae una versión más reciente" in owner.words()
    owner.send("/studio/form/plan_validation/newer")

    assert "Abajo está lo que difiere del suyo." in owner.words()
    changed = re.findall(r'changes__(new|old)">[^<]*Visitas([^<]*)&#34;', owner.page.text)
    assert changed == [("old", " previstas"), ("new", "")]
    owner.get(owner.link("Seguir con su borrador"))
    assert owner.form(owner.page.request.path)
    assert owner.link("Qué difiere") == owner.page.request.path.replace("drafts", "versions")


def test_a_version_can_be_taken_away_as_it_is(owner: Browser) -> None:
    address = a_submitted_form(owner)

    file = owner.client.get(f"{address}/content")

    assert "Visitas previstas" in json.dumps(json.loads(file.data), ensure_ascii=False)
    assert "plan_validation.form.json" in file.headers["Content-Disposition"]


def a_process_draft(owner: Browser) -> str:
    return a_draft(owner, "process", "suspension")


def send_file(owner: Browser, address: str, data: bytes) -> None:
    typed = {**owner.form(f"{address}/file"), "file": (io.BytesIO(data), "suspension.bpmn")}
    owner.page = owner.client.post(f"{address}/file", data=typed, follow_redirects=True, buffered=True)


def downloaded(owner: Browser, address: str) -> bytes:
    return owner.client.get(f"{address.replace('drafts', 'versions')}/content").data


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_file_of_another_modeler_becomes_the_draft_and_keeps_its_encoding(owner: Browser, encoding: str) -> None:
    address = a_process_draft(owner)
    text = str(owner.form(address)["content"]).replace(
        'encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"'
    )
    file = text.encode(encoding)

    send_file(owner, address, file)
    as_sent = downloaded(owner, address)
    content = str(owner.form(address)["content"])
    owner.send(address, content=content.replace("Suspensión", "Suspensión temporal"))

    assert as_sent == file
    assert "Por corregir:" not in owner.words()
    assert downloaded(owner, address) == content.replace("Suspensión", "Suspensión temporal").encode(encoding)


def test_the_canvas_gets_what_is_written_in_a_rare_way_plainly_and_in_utf_8(owner: Browser) -> None:
    address = a_process_draft(owner)
    text = str(owner.form(address)["content"]).replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    file = text.replace('isExecutable="true"', 'isExecutable="1"').encode("iso-8859-1")
    send_file(owner, address, file)

    drawing = owner.client.get(f"{address.replace('drafts', 'versions')}/drawing")

    assert drawing.data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert b'isExecutable="true"' in drawing.data
    assert "Suspensión" in drawing.data.decode()
    assert 'isExecutable="true"' in str(owner.form(address)["content"])
    assert downloaded(owner, address) == file


def test_without_a_file_the_draft_stays(owner: Browser) -> None:
    address = a_process_draft(owner)
    before = downloaded(owner, address)

    owner.send(f"{address}/file")

    assert owner.page.status_code == 422
    assert "Elija el archivo de un diagrama." in owner.words()
    assert downloaded(owner, address) == before


def test_a_page_says_of_every_construct_whether_it_runs(owner: Browser) -> None:
    owner.get("/studio/")

    owner.get(owner.link("Qué pueden decir los diagramas"))

    assert owner.page.status_code == 200
    assert "tarea de una persona Se ejecuta" in owner.words()
    assert "BPMN no tiene ese evento" in owner.words()
