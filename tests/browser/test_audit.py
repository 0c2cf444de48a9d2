"""An auditor finds a case, reads it with the diagram in force, verifies its chain and takes it away."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import an_application
from tests.browser.site import Visit, assert_accessible, log_in
from tests.serving import Site


def test_a_case_is_found_read_verified_and_taken_away(page: Page, site: Site) -> None:
    number = an_application(site)
    log_in(page, "auditoria")
    page.goto("/audit/")

    page.get_by_label("Expediente u operador").fill(number)
    page.get_by_label("Acto").select_option("TaskCompleted")
    page.locator("main").get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name=number).first.click()
    page.get_by_role("link", name="Solicitud de Operador Confiable, versión 1").nth(1).click()
    expect(page.locator("g.met-changed")).to_be_visible()
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("button", name="Exportar como JSON").click()
    page.get_by_role("button", name="Verificar la cadena").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"El registro de {number} está íntegro")
    document = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert document["case"]["number"] == number


@pytest.mark.parametrize("width", [1280, 375])
def test_the_audit_can_be_used_by_anybody(visit: Visit, site: Site, width: int) -> None:
    number = an_application(site)
    page = visit(width=width)
    log_in(page, "auditoria")
    page.goto(f"/audit/?text={number}")
    assert_accessible(page)

    page.get_by_role("link", name=number).first.click()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Verificar la cadena").click()
    assert_accessible(page)
    page.goto("/audit/?since=ayer")
    assert_accessible(page)
