"""A refusal, by hand and in Spanish: intention, hearing, an answer to each argument, a reason for each criterion, letters."""

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.furnished import a_file_to_propose
from tests.browser.office import Staff, certificate, complete, do, fill, open_task, press_complete, until_shown
from tests.browser.site import Visit, assert_accessible
from tests.serving import Site

GROUNDS = [
    {"criterion": "A.3", "ground": "Consta una deuda tributaria vencida."},
    {"criterion": "G.2", "ground": "Faltan marchamos del turno de noche."},
]
ARGUMENTS = ["La deuda se pagó en mayo.", "Los marchamos aparecieron en el inventario."]
ANSWERS = ["El pago no consta en el estado de cuenta.", "El inventario no lleva fecha ni firma."]
REASONS = ["Sigue vencida a la fecha de esta resolución.", "No se demostró la custodia."]
RELIED_ON = [{"document": "Informe de validación"}, {"document": "Estado de cuenta tributario"}]


@pytest.fixture
def staff(visit: Visit) -> Staff:
    """The people of the refusal."""
    return Staff(visit)


def test_an_officer_is_led_through_a_refusal_and_can_skip_nothing_of_it(site: Site, staff: Staff) -> None:
    case = a_file_to_propose(site)

    _propose(staff)
    _vote(staff)
    early = _intend(staff)
    _cannot_be_hurried(staff("director"), early)
    _shows_every_clock_with_its_sum(staff("director"), case)
    _is_heard(staff, case)
    _answer(staff)
    _refuse(staff)
    _bundle(staff("representante"), case)


def _propose(staff: Staff) -> None:
    """A proposal to refuse names criteria and documents, or it is not taken."""
    page = staff("analista")
    open_task(page, "Elaborar el dictamen (D13)")
    said = {
        "proposal_summary": "Dos condiciones no se cumplen.",
        "remaining_risks": "Custodia de marchamos.",
        "proposal": "refuse",
        "proposal_reasons": "Faltan dos condiciones.",
    }
    fill(page, said)
    _is_refused(page, 2)
    assert_accessible(page)
    fill(page, {"refusal_grounds": GROUNDS, "relied_on": RELIED_ON})
    complete(page)


def _vote(staff: Staff) -> None:
    """Each member votes once; with the second vote there is a quorum, and the vote is closed."""
    do(staff("comite"), "Votar el dictamen", {"vote": "for", "vote_reasons": "Los hechos están probados."})
    again = staff("comite")
    open_task(again, "Votar el dictamen")
    expect(again.get_by_text("cada una de estas tareas es para otra persona").first).to_be_visible()
    do(staff("comite2"), "Votar el dictamen", {"vote": "abstained", "vote_reasons": "El inventario es dudoso."})


def _intend(staff: Staff) -> str:
    """The director reads the opinion, and announces the intention with what the proposal rests on; the task's address."""
    page = staff("director")
    open_task(page, "Resolver")
    expect(page.get_by_text("Opinión del comité: favorable")).to_be_visible()
    expect(page.get_by_text("Óscar Lemus: El inventario es dudoso.")).to_be_visible()
    fill(page, {"decision": "refuse"})
    expect(page.locator('[name="refusal_grounds-1-ground"]')).to_have_value(GROUNDS[1]["ground"])
    page.locator('[name="refusal_grounds-1-ground"]').fill("")
    page.locator('[name="relied_on-0-document"]').fill("")
    page.locator('[name="relied_on-1-document"]').fill("")
    _is_refused(page, 2)
    fill(page, {"refusal_grounds": GROUNDS, "relied_on": RELIED_ON})
    address = page.url
    complete(page)
    return address


def _cannot_be_hurried(page: Page, task: str) -> None:
    """While the applicant may still speak there is no decision to take, and the one taken is not taken again."""
    page.goto("/inbox")
    expect(page.get_by_text("Resolver tras la audiencia")).to_have_count(0)
    token = page.locator('[name="csrf_token"]').first.input_value()
    posted = page.request.post(task, form={"csrf_token": token, "decision": "grant", "decision_reasons": "Sin oír."})
    assert posted.status == 409


def _shows_every_clock_with_its_sum(page: Page, case: str) -> None:
    page.goto(f"/cases/{case}")
    for name in ("Plazo de decisión", "Audiencia"):
        clock = page.locator(".clock").filter(has=page.get_by_role("heading", name=name))
        expect(clock).to_be_visible()
        assert clock.locator(".reckoning li").count() > 1
    assert_accessible(page)


def _is_heard(staff: Staff, case: str) -> None:
    """The applicant reads the letter, and puts forward two arguments."""
    page = staff("representante")
    page.goto(f"/cases/{case}/letters")
    row = page.locator("main tbody tr").filter(has_text="Intención de denegar y audiencia")
    until_shown(page, row.get_by_text("Notificada"))
    said = [{"argument": one} for one in ARGUMENTS]
    said[0] = {**said[0], "evidence": certificate("pago de impuestos")}  # type: ignore[dict-item]  # a file is an answer, too
    do(page, "Presentar observaciones", {"arguments": said})


def _answer(staff: Staff) -> None:
    """The page asks an answer for each argument, as it was put forward, and takes nothing less."""
    page = staff("analista")
    open_task(page, "Contestar cada argumento")
    for argument in ARGUMENTS:
        expect(page.get_by_text(argument)).to_be_visible()
    expect(page.locator(".sum")).to_contain_text("+ Plazo de audiencia")
    fill(page, {"argument_answers": [{"answer": "", "weight": "rejected"}, {"answer": ANSWERS[1], "weight": "partly"}]})
    _is_refused(page, 1)
    expect(page.locator('[name="argument_answers-1-answer"]')).to_have_value(ANSWERS[1])
    fill(page, {"argument_answers": [{"answer": ANSWERS[0]}]})
    complete(page)


def _refuse(staff: Staff) -> None:
    """The decision gives the reason for every criterion, and tells what was answered."""
    page = staff("director")
    open_task(page, "Resolver tras la audiencia")
    expect(page.get_by_text(ANSWERS[0])).to_be_visible()
    decision = {
        "final_decision": "refuse",
        "refusal_reasons": "Dos condiciones no se cumplen.",
        "refusal_hints": "Pague la deuda y documente la custodia.",
    }
    fill(page, {**decision, "reasons_by_criterion": [{"reason": REASONS[0]}, {"reason": ""}]})
    _is_refused(page, 1)
    assert_accessible(page)
    fill(page, {"reasons_by_criterion": [{"reason": REASONS[0]}, {"reason": REASONS[1]}]})
    complete(page)


def _bundle(page: Page, case: str) -> None:
    """The letter quotes every argument with its answer and every reason; the appeal period runs, with its sum."""
    page.goto(f"/cases/{case}/letters")
    row = page.locator("main tbody tr").filter(has_text="Resolución de denegación")
    until_shown(page, row.get_by_text("Notificada"))
    answer = page.request.get(str(row.get_by_role("link").first.get_attribute("href")))
    text = " ".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages).replace("\n", " ")
    for said in (*ARGUMENTS, *ANSWERS, *REASONS, "Recursos", "Plazo para recurrir: 15 días hábiles"):
        assert said in text
    page.goto(f"/cases/{case}")
    expect(page.get_by_text("Denegada").first).to_be_visible()
    appeal = page.locator(".clock").filter(has_text="ecurso")
    expect(appeal.locator(".reckoning li").first).to_be_visible()


def _is_refused(page: Page, problems: int) -> None:
    """The page says what is missing, each with its link, and nothing was done."""
    press_complete(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Hay algo que corregir")
    expect(summary.get_by_role("link")).to_have_count(problems)
