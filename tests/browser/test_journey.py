"""The main journey, by hand and in Spanish: from the application to the certificate, into a suspension and out of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.demo import answers
from tests.browser.office import Paper, Staff, certificate, day, do, fill, open_task, press_complete, until_shown
from tests.browser.site import Visit, assert_accessible

OPERATOR = "Exportadora Lempa, S.A. de C.V."
SITES = ("Planta Merliot", "Bodega San Bartolo")
LEFT = re.compile(r"Quedan \d+ días")


@pytest.fixture
def staff(visit: Visit) -> Staff:
    """The people of the journey."""
    return Staff(visit)


def test_an_application_becomes_a_certificate_that_is_suspended_and_lifted(staff: Staff) -> None:
    case = _file(staff)
    _complete_what_is_missing(staff, case)
    _review(staff)
    _visit(staff)
    _correct_findings(staff)
    _conclude(staff)
    _decide(staff)
    _holds_a_certificate(staff, case)
    _suspend(staff)
    _lift(staff)


def _file(staff: Staff) -> str:
    """The operator's two people prepare, assess, sign and submit; the number of the case."""
    page = staff("preparador")
    page.get_by_role("link", name="Iniciar").click()
    page.get_by_role("button", name=f"Para {OPERATOR}").click()
    fill(page, {"programme": "sv", "types": ("exporter",)})
    page.get_by_role("button", name="Abrir el expediente").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OPERATOR)
    expect(page.get_by_text("El expediente está abierto.")).to_be_visible()
    case = page.url.rpartition("/")[2]
    do(page, "Preparar la solicitud", _application())
    do(page, "Responder la autoevaluación", {"self_assessment": _assessment()})

    page = staff("representante")
    open_task(page, "Revisar, firmar y presentar")
    fill(page, {"signature": "submit"})
    press_complete(page)
    expect(page.get_by_role("alert")).to_contain_text("Hay algo que corregir")
    do(page, "Revisar, firmar y presentar", {"signature": "submit", "declaration": "true"})

    page.goto(f"/cases/{case}")
    expect(page.get_by_text("Presentada").first).to_be_visible()
    expect(page.get_by_role("heading", name="Plazo de admisión")).to_be_visible()
    expect(page.get_by_text(LEFT).first).to_be_visible()
    return case


def _application() -> dict[str, object]:
    return {
        "activity": "Confección y exportación de prendas de vestir bajo régimen de zona franca.",
        "years_of_operation": "14",
        "has_group": "no",
        "contact_name": "Ana Beatriz Lemus",
        "contact_post": "Jefa de cumplimiento aduanero",
        "contact_email": "cumplimiento@lempa.example",
        "contact_phone": "+503 2555 0101",
        "sites": [{"name": site, "address": "Ilopango", "use": "Producción y despacho"} for site in SITES],
        "registration_documents": certificate("inscripción"),
        "consent_publication": "yes",
        "consent_sharing": "yes",
    }


def _assessment() -> dict[str, object]:
    papers = {"A.3": certificate("pago de impuestos"), "G.2": Paper("libro-de-marchamos.csv", answers.seal_log())}
    said: dict[str, object] = {}
    for code, sites in answers.of_sv():
        evidence = {"evidence": papers[code]} if code in papers else {}
        answer = {"answer": "yes", "narrative": "Existe procedimiento escrito y vigente.", **evidence}
        said[code] = dict.fromkeys(sites, answer) if sites else answer
    return said


def _complete_what_is_missing(staff: Staff, case: str) -> None:
    """Customs asks for what is missing; the operator reads the letter, hands it in, and is admitted."""
    checks = ("established", "identified", "authority", "no_bar", "assessment")
    missing = {"item": "Solvencia municipal", "reason": "Es una de las cuatro que exige el programa."}
    admission = {"admission_checks": checks, "admissibility": "incomplete", "missing_items": [missing]}
    do(staff("admision"), "Comprobar la admisibilidad", admission)

    page = staff("preparador")
    page.goto(f"/cases/{case}/letters")
    until_shown(page, page.locator("main tbody tr").filter(has_text="Prevención").get_by_text("Notificada"))
    assert _is_pdf(page, "Prevención para completar la solicitud")
    completion = {
        "completion_note": "Se adjunta la solvencia municipal de las dos instalaciones.",
        "completion_documents": certificate("obligaciones municipales"),
    }
    do(page, "Completar la solicitud", completion)

    do(
        staff("admision"),
        "Comprobar la admisibilidad",
        {"admission_checks": (*checks, "solvency"), "admissibility": "complete"},
    )


def _review(staff: Staff) -> None:
    review = {
        "scores": _texts(answers.scores()),
        "risk_level": "medium",
        "review_summary": "La custodia de marchamos se verifica en la visita.",
        "review_outcome": "sufficient",
    }
    do(staff("analista"), "Revisión documental", review)


def _texts(said: dict[str, object]) -> dict[str, object]:
    """Answers to all criteria as they are typed or chosen."""
    return {name: _texts(one) if isinstance(one, dict) else str(one) for name, one in said.items()}


def _visit(staff: Staff) -> None:
    """The validators plan two visits and write down a finding in each; the operator signs the minutes of each."""
    page = staff("validador")
    plan = {
        "visits": [{"site": site, "day": day(7 + number), "time": "08:30"} for number, site in enumerate(SITES)],
        "team": [{"name": "Valeria Hernández", "post": "Validadora jefe"}],
        "focus_criteria": ("G.2", "K.2"),
        "documents_to_prepare": "Libro de marchamos y plano de cámaras.",
        "no_conflict": "true",
    }
    do(page, "Planificar la validación", plan)
    findings = [
        {"criterion": "G.2", "severity": "major", "text": "Marchamos sin llave de noche."},
        {"criterion": "I.2", "severity": "minor", "text": "No se anota la hora de salida."},
    ]
    signed = {"minutes_signature": "sign", "signer_name": "Rosa Elena Portillo", "signer_post": "Representante legal"}
    for finding in findings:  # one visit each
        minutes = {
            "visited_on": day(),
            "began": "08:30",
            "ended": "15:45",
            "attendees": [{"name": "Valeria Hernández", "post": "Validadora jefe", "party": "customs"}],
            "facts_seen": "Se siguieron 40 despachos de punta a punta.",
            "findings": [finding],
        }
        do(page, "Levantar el acta", minutes)
        do(staff("representante"), "Firmar el acta (D10)", signed)


def _correct_findings(staff: Staff) -> None:
    """The operator acts on each finding; somebody else than the planner of the visit verifies."""
    page = staff("preparador")
    open_task(page, "Proponer y ejecutar acciones")
    findings = _choices(page, "actions-0-finding")
    assert len(findings) == len(SITES)
    action = {
        "cause": "No había responsable por turno.",
        "action": "Se asignó responsable por turno.",
        "responsible": "Ana Beatriz Lemus",
        "due_on": day(30),
        "evidence": certificate("medidas"),
    }
    rows = [{"finding": finding, **action} for finding in findings]
    do(page, "Proponer y ejecutar acciones", {"actions": rows})

    verified = [{"finding": finding, "result": "corrected", "note": "Comprobado en el sitio."} for finding in findings]
    checked = {"verifications": verified, "second_visit_made": "no"}
    do(staff("validador2"), "Verificar las acciones", checked)


def _choices(page: Page, name: str) -> list[str]:
    options = page.locator(f'[name="{name}"] option')
    return [value for value in options.evaluate_all("all => all.map(option => option.value)") if value]


def _conclude(staff: Staff) -> None:
    """The report goes through a second pair of eyes, the proposal through the committee."""
    report = {
        "conclusions": _texts(answers.conclusions()),
        "validation_summary": "Las dos instalaciones cumplen.",
        "validation_recommendation": "grant",
    }
    page = staff("validador")
    do(page, "Redactar el informe", report)
    page.get_by_role("button", name="Tomar la siguiente").click()
    expect(page.get_by_text("No hay tareas por tomar.")).to_be_visible()  # nobody signs a report of their own

    page = staff("validador2")
    open_task(page, "Revisar y firmar el informe")
    page.get_by_role("link", name="Verificar las acciones").click()
    expect(page.get_by_text("G.2 · Marchamos sin llave de noche.")).to_be_visible()
    do(page, "Revisar y firmar el informe", {"report_agreement": "sign"})

    proposal = {
        "proposal_summary": "Operador con catorce años de operación.",
        "remaining_risks": "Custodia de marchamos por un tercero.",
        "proposal": "grant",
        "proposal_reasons": "Se cumplen las condiciones.",
    }
    do(staff("analista"), "Elaborar el dictamen (D13)", proposal)
    for member in ("comite", "comite2"):
        do(staff(member), "Votar el dictamen", {"vote": "for", "vote_reasons": "El expediente está completo."})


def _decide(staff: Staff) -> None:
    grant = {"decision": "grant", "decision_reasons": "Se acoge el dictamen y la opinión del comité."}
    do(staff("director"), "Resolver", grant)


def _holds_a_certificate(staff: Staff, case: str) -> None:
    """The applicant finds the certificate as a PDF, and the state on the operator's own page."""
    page = staff("representante")
    page.goto(f"/cases/{case}")
    expect(page.get_by_text("El expediente terminó; no queda nada por hacer en él.")).to_be_visible()
    page.get_by_role("link", name="Cartas").click()
    until_shown(page, page.get_by_role("row", name="Certificado").get_by_text("Notificada"))
    assert _is_pdf(page, "Certificado")
    _shows_state(page, "Vigente", "se otorgan")


def _is_pdf(page: Page, subject: str) -> bool:
    row = page.locator("main tbody tr").filter(has=page.get_by_text(subject, exact=True))
    answer = page.request.get(str(row.get_by_role("link").first.get_attribute("href")))
    return answer.ok and answer.body().startswith(b"%PDF-")


def _shows_state(page: Page, state: str, benefits: str) -> None:
    page.goto("/operators")
    page.get_by_role("link", name=OPERATOR).click()
    held = page.locator(".certificate")
    expect(held.get_by_role("heading")).to_have_text(re.compile(r"OC-SV-\d{4}-\d{4}"))
    expect(held).to_contain_text(state)
    expect(held).to_contain_text(benefits)
    assert_accessible(page)


def _suspend(staff: Staff) -> None:
    """Monitoring begins by itself; its officer starts a suspension by hand, and the director decides."""
    page = staff("seguimiento")
    watch = {"criterion": "G.2", "what": "Custodia de marchamos de noche", "frequency": "quarterly"}
    do(page, "Planificar el seguimiento", {"watch_points": [watch]})
    _shows_state(page, "Vigente", "se otorgan")
    page.get_by_role("button", name="Iniciar: Suspensión").click()
    fill(page, {"proposed_reasons": "Faltan tres marchamos del turno de noche."})
    assert_accessible(page)
    page.get_by_role("button", name="Abrir el expediente").click()
    expect(page.get_by_text("El expediente está abierto.")).to_be_visible()
    proposal = {
        "ground": "b",
        "suspension_reasons": "La custodia de marchamos dejó de cumplir la condición G.2.",
        "measures_asked": "Custodia bajo llave con doble control.",
        "suspension_days": "60",
    }
    do(page, "Proponer la suspensión", proposal)
    decision = {"suspension_decision": "suspend", "suspension_decision_reasons": "Los hechos están probados."}
    do(staff("director"), "Resolver la propuesta", decision)
    _shows_state(page, "Suspendida", "no se otorgan ahora")


def _lift(staff: Staff) -> None:
    """The operator proposes measures, the officer verifies them, the director lifts."""
    measure = {"measure": "Caja fuerte de doble llave.", "done_on": day(2), "evidence": certificate("compra de caja")}
    do(staff("representante"), "Presentar medidas (D22)", {"measures_answer": "done", "measures": [measure]})
    do(
        staff("seguimiento"),
        "Verificar las medidas",
        {"measures_result": "cured", "measures_note": "Comprobado en el sitio."},
    )
    lifted = {"lift_decision": "lift", "lift_reasons": "Las medidas están probadas."}
    do(staff("director"), "Resolver el levantamiento", lifted)
    page = staff("representante")
    _shows_state(page, "Vigente", "se otorgan")
    page.locator("main tbody tr").filter(has_text="Suspensión").get_by_role("link").click()
    expect(page.locator(".phases li").filter(has_text="Audiencia")).to_contain_text("no hizo falta")
