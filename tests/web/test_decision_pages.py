"""How a decision was made can be read: on the case's history, in the record of the auditor, and in words."""

import pytest
from sqlalchemy import select

from engine import history, resources, starts, tasks
from engine.domain.events import DecisionMade
from engine.store import models
from engine.work import SYSTEM, begin, look
from tests.decisions.drawn import a_decision, a_file, a_library, a_table, a_text
from tests.factories import a_diagram, a_form, a_line, an_actor, open_tasks, publish, user_task
from tests.web.conftest import Office
from web import rule_words

RATE = (
    '<bpmn:businessRuleTask id="rate" name="Calificar"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="risk" resultVariable="level"/></bpmn:extensionElements></bpmn:businessRuleTask>'
)
RULES = (
    ["< 50", '"low"', "Art. 11"],
    ["[50..80)", '"middle"', "Art. 12: riesgo medio"],
    [">= 80", '"high"', "Art. 13"],
)
SCORE = {"type": "number", "key": "score", "id": "score", "label": "Puntos"}


@pytest.fixture
def case(office: Office) -> str:
    """The number of a case in which a table was asked."""
    table = a_table([("twice", "number")], [("band", "string")], *RULES, policy="F")
    body = a_decision("twice", a_text("score * 2")) + a_decision("risk", table, "twice")
    line = a_line(("ask", user_task("ask")), ("rate", RATE), ("see", user_task("see")))
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", a_file(body))]
    publish(office.database, *content, ("process", "trip", a_diagram(line)))
    analyst = an_actor(office.database, "ana", "analyst")
    with begin(office.database, analyst) as work:
        begun = starts.begin(work, "trip", {}, operator_id=office.operator)
        id_, number = begun.id, begun.number
    task = open_tasks(office.database, id_)["ask"]
    with begin(office.database, analyst) as work:
        tasks.complete(work, task, {"score": 30})
    return number


def test_the_history_of_a_case_says_which_rule_answered_and_why(office: Office, case: str) -> None:
    browser = office.at("analyst")

    browser.get(f"/cases/{case}/history")

    words = browser.words()
    assert "Resultado: middle. Respondió la regla 2. Art. 12: riesgo medio" in words

    assert "twice 60 al menos 50 y menos de 80 [50..80)" in words
    assert "Por qué no respondieron otras 2 reglas" in words
    assert "Regla 1 twice 60 menos de 50 < 50" in words
    assert "1 regla más abajo no se miró" in words
    assert "Se calculó: score * 2 score 30" in words


def test_the_record_of_the_auditor_says_it_too(office: Office, case: str) -> None:
    browser = office.at("auditor")

    with look(office.database, SYSTEM) as work:
        id_ = work.session.scalars(select(models.Case.id).where(models.Case.number == case)).one()
    browser.get(f"/audit/cases/{id_}")

    assert "twice 60 al menos 50 y menos de 80 [50..80)" in browser.words()


def test_a_decision_recorded_by_an_earlier_release_is_still_told(office: Office, case: str) -> None:
    rule = {"decision": "risk", "name": "risk", "name_en": "", "policy": "U", "rule": 2, "notes": ["Art. 12"]}
    rule |= {"because": [{"column": "score", "value": 72, "test": ">= 50"}], "answers": {"band": "high"}}
    event = DecisionMade("risk", "rate", "Riesgo", "", "v", 1, {"score": 72}, [rule], "high")
    with begin(office.database, SYSTEM) as work:
        row = work.session.scalars(select(models.Case).where(models.Case.number == case)).one()
        history.record(work, event, case=row)
    browser = office.at("analyst")

    browser.get(f"/cases/{case}/history")

    assert "Se cumplió la regla 2 de «risk»:" in browser.words()


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("< 5", "menos de 5"),
        (">= -1.5", "al menos -1.5"),
        ("[1..5]", "de 1 a 5"),
        ("(1..5]", "más de 1 y a lo sumo 5"),
        ("1, 2, 3", "1, 2 o 3"),
        ('"a"', "«a»"),
        ('not("a", "b")', "cualquier cosa menos «a» o «b»"),
        ("null", "sin valor"),
        ("true", "sí"),
        ('< date("2026-03-01")', "antes del 1 de marzo de 2026"),
        ('>= @"2026-03-01"', "desde el 1 de marzo de 2026"),
        ('["a", "b"]', "«a» o «b»"),
        ("? > 5 and ? < 8", ""),
        ("> limit", ""),
        ("[1..limit]", ""),
        ("(1..limit]", ""),
        (">>", ""),
        (", ".join(map(str, range(40))), ""),
    ],
)
def test_a_cell_is_said_in_words_or_left_as_it_is_written(test: str, words: str) -> None:
    assert rule_words.of_test(test) == words


@pytest.fixture
def draft(office: Office) -> str:
    """The address at which a draft of a process owner is tried out."""
    inputs = [
        ("points", "number"),
        ("kind", "string", '"exporter","importer"'),
        ("urgent", "boolean"),
        ("since", "date"),
    ]
    table = a_table(
        inputs,
        [("band", "string")],
        ["< 50", "-", "-", "-", '"low"'],
        [">= 50", '"exporter"', "true", '< date("2027-01-01")', '"high"', "Art. 12"],
        policy="F",
    )
    body = a_file(a_decision("points", a_text("score * 2")) + a_decision("risk", table, "points"))
    owner = an_actor(office.database, "owner", "process_owner")
    with begin(office.database, owner) as work:
        return f"/studio/versions/{resources.create(work, 'decision', 'bands', body).id}/try"


def test_a_draft_is_tried_out_and_explained_before_it_is_published(office: Office, draft: str) -> None:
    browser = office.at("owner")
    browser.get(draft)
    assert "score Un valor FEEL" in browser.words()
    assert "kind sin valor exporter importer" in browser.words()

    browser.get(f"{draft}?asked=1&decision=risk&q0=40&q1=exporter&q2=true&q3=2026-05-01")

    assert "Resultado: high." in browser.words()
    assert "Regla 2 Art. 12" in browser.words()
    assert "kind exporter «exporter»" in browser.words()
    assert 'value="40"' in browser.page.text


def test_a_required_decision_of_the_file_is_tried_out_alone(office: Office, draft: str) -> None:
    browser = office.at("owner")

    browser.get(f"{draft}?asked=1&decision=points&q0=4")

    assert "Resultado: 8." in browser.words()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("q3=soon", "Esto no es del tipo date"),
        ("q0=(", "Esto no es una expresión FEEL"),
        ("q0=40&q1=smuggler", "que la tabla no permite"),
    ],
)
def test_what_cannot_be_tried_is_said_at_its_field_and_what_was_typed_stays(
    office: Office, draft: str, typed: str, says: str
) -> None:
    browser = office.at("owner")

    browser.get(f"{draft}?asked=1&decision=risk&{typed}")

    assert says in browser.words()
    assert "Resultado" not in browser.words()


def test_a_draft_that_cannot_be_read_says_so_where_it_is_tried(office: Office) -> None:
    owner = an_actor(office.database, "owner", "process_owner")
    with begin(office.database, owner) as work:
        id_ = resources.create(work, "decision", "broken", b"<not/>").id
    browser = office.at("owner")

    page = browser.get(f"/studio/versions/{id_}/try")

    assert page.status_code == 200
    assert "elija un archivo .dmn" in browser.words()


def test_only_decisions_can_be_tried_out(office: Office) -> None:
    owner = an_actor(office.database, "owner", "process_owner")
    with begin(office.database, owner) as work:
        id_ = resources.create(work, "form", "sheet", a_form("sheet", SCORE)).id

    assert office.at("owner").get(f"/studio/versions/{id_}/try").status_code == 404


def test_a_draft_that_imports_another_file_is_tried_out_on_the_inputs_of_both(office: Office) -> None:
    table = a_table([("base", "number")], [("floor", "number")], ["< 10", "5"], [">= 10", "50"])
    limits = '<inputData id="base" name="base"><variable name="base" typeRef="number"/></inputData>'
    publish(
        office.database, ("decision", "limits", a_library("urn:limits", limits + a_decision("floor", table, "base")))
    )
    line = '<informationRequirement><requiredDecision href="urn:limits#floor"/></informationRequirement>'
    risk = f'<decision id="risk" name="risk">{line}{a_text("score + limits.floor")}</decision>'
    with begin(office.database, an_actor(office.database, "dora", "process_owner")) as work:
        content = a_library("urn:bands", risk, limits="urn:limits")
        draft = resources.create(work, "decision", "bands", content, ("Bandas", "Bands")).id
    browser = office.at("process-owner")

    browser.get(f"/studio/versions/{draft}/try")
    assert 'for="q0"' in browser.page.text
    assert "limits.base" in browser.words()
    browser.get(f"/studio/versions/{draft}/try?asked=1&decision=risk&q0=20&q1=7")

    assert "57" in browser.words()


def test_a_draft_whose_import_is_not_in_force_says_what_to_do_where_it_is_tried(office: Office) -> None:
    with begin(office.database, an_actor(office.database, "dora", "process_owner")) as work:
        content = a_library("urn:bands", a_decision("risk", a_text("1")), limits="urn:limits")
        draft = resources.create(work, "decision", "bands", content, ("Bandas", "Bands")).id

    words = " ".join(office.at("process-owner").get(f"/studio/versions/{draft}/try").text.split())

    assert "importa urn:limits y ninguna decisión vigente tiene ese espacio de nombres" in words


def test_a_change_that_an_importing_file_would_not_survive_is_said_where_it_is_made(office: Office) -> None:
    line = '<informationRequirement><requiredDecision href="urn:limits#floor"/></informationRequirement>'
    risk = f'<decision id="risk" name="risk">{line}{a_text("limits.floor")}</decision>'
    publish(
        office.database,
        ("decision", "limits", a_library("urn:limits", a_decision("floor", a_text("50")))),
        ("decision", "bands", a_library("urn:bands", risk, limits="urn:limits")),
    )
    with begin(office.database, an_actor(office.database, "process-owner", "process_owner")) as work:
        draft = resources.open_draft(work, "decision", "limits")
        resources.save(work, draft.id, a_library("urn:moved", a_decision("floor", a_text("50"))), draft.revision)

    browser = office.at("process-owner")
    browser.get(f"/studio/drafts/{draft.id}")

    assert (
        "La decisión bands, que importa otras, ya no podría tomarse: La línea 1 importa urn:limits" in browser.words()
    )
    assert "El espacio de nombres de este: urn:moved" in browser.words()
