"""A process owner changes a decision table as a table, is told which rule is wrong, and mends it."""

from playwright.sync_api import Page, expect

from tests.browser.site import Visit, log_in
from tests.decisions.drawn import a_decision, a_file, a_table
from tests.serving import Site

LONGEST = 8  # characters of a cell that these tests write over


def new_table(page: Page) -> None:
    """Begins a decision and waits until its table is drawn."""
    page.goto("/studio/new/decision")
    page.locator("#key").fill("risk_band")
    page.locator("#title").fill("Banda de riesgo")
    page.locator("#title_en").fill("Risk band")
    page.locator("main form button").first.click()
    page.locator("[data-desk][data-ready]").wait_for()
    page.locator(".dmn-decision-table-container").wait_for()


def write(page: Page, cell: int, text: str) -> None:
    """Writes a cell that is asked, counted from 0."""
    page.locator("td.input-cell").nth(cell).click()
    page.keyboard.press("End")
    for _ in range(LONGEST):
        page.keyboard.press("Backspace")
    page.keyboard.type(text)
    page.locator("h1").click()


def save(page: Page) -> None:
    """Saves the draft and waits until it is."""
    page.get_by_role("button", name="Guardar el borrador").click()
    expect(page.locator("[data-desk-status]")).to_have_text("Guardado")


def test_a_table_is_edited_complained_of_at_its_rule_and_mended(visit: Visit, site: Site) -> None:
    assert site
    page = visit()
    log_in(page, "procesos")
    new_table(page)

    write(page, 0, ">> 50")
    save(page)
    complaint = page.locator(".complaint--error", has_text="Regla 1, columna score")
    expect(complaint).to_be_visible()
    complaint.get_by_role("button", name="Banda de riesgo").click()

    write(page, 0, "> 70")
    save(page)
    expect(page.locator("[data-desk-none]")).to_be_visible()
    expect(page.locator("td.input-cell").first).to_have_text("> 70")
    page.get_by_role("button", name="Qué requiere qué").first.click()
    expect(page.locator(".dmn-drd-container")).to_be_visible()


def test_a_file_that_cannot_be_drawn_as_a_table_is_edited_as_text(visit: Visit, site: Site) -> None:
    assert site
    page = visit(scripts=False)
    log_in(page, "procesos")
    page.goto("/studio/new/decision")
    page.locator("#key").fill("newer")
    page.locator("#title").fill("Más nueva")
    page.locator("#title_en").fill("Newer")
    page.locator("main form button").first.click()
    table = a_table([("score", "number")], [("band", "string")], ["-", '"x"'])
    page.get_by_text("Como texto").click()
    page.locator("#content").fill(a_file(a_decision("newer", table)).decode())
    page.get_by_role("button", name="Guardar el borrador").click()

    expect(page.get_by_text("El borrador está guardado.")).to_be_visible()
    expect(page.get_by_text("Nada lo impide.")).to_be_visible()
