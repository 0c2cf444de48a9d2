"""Criteria side by side: what was answered, judged, proved and found, the risk map, and evidence that runs out."""

from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine import services
from engine.demo.answers import THEMES
from engine.demo.office import LEMPA
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin
from tests.browser import furnished
from tests.browser.site import Visit, assert_accessible, log_in
from tests.serving import Site

SEALS = THEMES["sv"].seals
PLANT, STORE = (name for name, _address in LEMPA.sites)
WIDTHS = (1280, 320)


@pytest.fixture
def number(site: Site) -> str:
    """A case with its report written; seals failed at one site since, and a document ends soon."""
    found = furnished.a_file_to_propose(site)
    with closing(Database(site.database)) as database, begin(database, SYSTEM) as work:
        case = work.session.scalars(select(models.Case).where(models.Case.number == found)).one()
        failed = {"criterion": SEALS, "site": PLANT, "score": 0, "note": "Sin custodia."}
        services.perform(work, case, "answers.score", {"scores": [failed]})
        paper = work.session.scalars(
            select(models.Evidence).where(models.Evidence.filename == "solvencia-tributaria.pdf")
        ).one()
        paper.expires_on = work.today + timedelta(days=5)
    return found


def criteria(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/criteria")
    expect(page.get_by_role("link", name="Criterios", exact=True)).to_have_attribute("aria-current", "page")


def row(page: Page, code: str, site: str) -> str:
    """All that the page says of a criterion at a site."""
    rows = page.locator("table.criteria tbody tr").filter(has_text=code).filter(has_text=site)
    return " ".join(rows.first.inner_text().split())


@pytest.mark.parametrize("width", WIDTHS)
def test_an_officer_reads_answers_judgements_evidence_findings_and_risks(visit: Visit, number: str, width: int) -> None:
    page = visit(width=width)
    log_in(page, "analista")
    criteria(page, number)

    said = row(page, f"{SEALS} ", STORE)
    assert "En parte" in said
    assert "No conformidad menor" in said
    assert "hallazgo cerrado" in said
    assert "Causa: El procedimiento no asignaba responsable por turno." in said
    assert "Sin custodia." in row(page, f"{SEALS} ", PLANT)
    expect(page.get_by_text("Impide otorgar")).to_be_visible()
    expect(page.get_by_text(f"{SEALS} ({PLANT})").first).to_be_visible()
    expect(page.get_by_text("vence pronto").first).to_be_visible()
    expect(page.get_by_text("versión 1").first).to_be_visible()
    residual = page.get_by_role("table", name="Riesgo residual: con control")
    expect(residual.get_by_text("R1", exact=True)).to_be_visible()
    expect(residual.locator("td.risk-grid__field")).to_have_count(25)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)


def test_all_of_it_is_there_without_javascript(plain_page: Page, number: str) -> None:
    log_in(plain_page, "analista")
    criteria(plain_page, number)

    assert "Sin custodia." in row(plain_page, f"{SEALS} ", PLANT)
    expect(plain_page.get_by_role("table", name="Riesgo residual: con control")).to_be_visible()


def test_the_operator_reads_its_answers_and_not_how_the_office_judges(visit: Visit, number: str) -> None:
    page = visit()
    log_in(page, "preparador")
    criteria(page, number)

    assert "En parte" in row(page, f"{SEALS} ", PLANT)
    expect(page.get_by_text("Sin custodia.")).to_have_count(0)
    expect(page.get_by_text("Riesgo residual")).to_have_count(0)
    assert_accessible(page)


def test_monitoring_is_told_of_evidence_that_runs_out_while_a_certificate_is_valid(
    visit: Visit, site: Site, number: str
) -> None:
    page = visit()
    log_in(page, "seguimiento")
    page.goto("/inbox")
    expect(page.get_by_text("Respaldo por vencer")).to_have_count(0)
    _certify(site, number)

    page.reload()

    expect(page.get_by_role("heading", name="Respaldo por vencer")).to_be_visible()
    expect(page.get_by_text("vence pronto").first).to_be_visible()
    assert_accessible(page)
    page.goto(f"/operators/{_operator(site)}/certificates/certificate")
    expect(page.get_by_role("heading", name="Mapa de riesgos")).to_be_visible()
    assert_accessible(page)


def _operator(site: Site) -> str:
    with closing(Database(site.database)) as database, begin(database, SYSTEM) as work:
        return work.session.scalars(select(models.Operator.id).where(models.Operator.tax_id == LEMPA.tax_id)).one()


def _certify(site: Site, number: str) -> None:
    """The application of the case has a certificate in force."""
    with closing(Database(site.database)) as database, begin(database, SYSTEM) as work:
        case = work.session.scalars(select(models.Case).where(models.Case.number == number)).one()
        application = work.session.get_one(models.Application, case.application_id)
        certificate = models.Authorisation(
            id="certificate",
            number="CERT-2026-0001",
            operator_id=application.operator_id,
            application_id=application.id,
            programme=application.programme,
            type="exporter",
            state="B1",
            granted_on=work.today,
            effective_on=work.today,
            suspended_parts=[],
            created_at=work.now,
        )
        work.session.add(certificate)
