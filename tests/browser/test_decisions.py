"""A process owner changes a decision table as a table, is told which rule is wrong, and mends it."""

import re
from contextlib import closing

from playwright.sync_api import Locator, Page, expect

from engine import resources
from engine.store.database import Database
from engine.work import SYSTEM, begin
from tests.browser.furnished import actor_of
from tests.browser.site import Visit, log_in
from tests.decisions.drawn import NAMESPACE, a_decision, a_file, a_library, a_table
from tests.serving import Site

DRAWABLE = "https://www.omg.org/spec/DMN/20191111/MODEL/"  # DMN 1.3, which the editor draws
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


def importing_draft(site: Site) -> str:
    """The id of a draft of a table that looks at a decision of another file, which is in force."""
    file = "https://marchamo.example/dmn/risk_bands"
    drawn = (
        '<dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"'
        ' xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="depth">'
        '<dc:Bounds x="160" y="100" width="180" height="80"/></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>'
    )
    requires = (
        f'<informationRequirement id="of_map"><requiredDecision href="{file}#risk_weight"/></informationRequirement>'
    )
    table = a_table([("map.risk_weight", "number")], [("depth", "string")], ["< 10", '"light"'], [">= 10", '"full"'])
    decision = f'<decision id="depth" name="Profundidad">{requires}{table}</decision>{drawn}'
    content = a_library("urn:depth", decision, map=file).replace(NAMESPACE.encode(), DRAWABLE.encode())
    with closing(Database(site.database)) as database, begin(database, actor_of(database, "procesos")) as work:
        return resources.create(work, "decision", "depth", content, ("Profundidad", "Depth")).id


def test_a_table_that_imports_another_file_is_edited_saved_and_tried_out(visit: Visit, site: Site) -> None:
    draft = importing_draft(site)
    page = visit()
    log_in(page, "procesos")
    page.goto(f"/studio/drafts/{draft}")
    page.locator("[data-desk][data-ready]").wait_for()
    expect(page.locator("[data-desk-none]")).to_be_visible()

    write(page, 0, "< 12")
    save(page)
    page.get_by_role("link", name="Probar el borrador").click()
    page.get_by_label("map.impact").fill("3")
    page.get_by_label("map.likelihood").fill("4")
    page.locator("main form button").first.click()

    expect(page.locator("main")).to_contain_text("Resultado: full")


def shown_remark(page: Page) -> Locator:
    """What stands beside the first rule."""
    return page.locator("td.annotation").first


def test_a_table_is_edited_by_the_keyboard_alone_and_shows_its_remarks(visit: Visit, site: Site) -> None:
    with closing(Database(site.database)) as database, begin(database, actor_of(database, "procesos")) as work:
        draft = resources.open_draft(work, "decision", "plan_terms").id
    page = visit()
    log_in(page, "procesos")
    page.goto(f"/studio/drafts/{draft}")
    page.locator("[data-desk][data-ready]").wait_for()
    rules = page.locator("td.rule-index")
    before = rules.count()

    while not page.evaluate("!!document.activeElement.closest('td.annotation')"):
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type(" Art. 9")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menu", name="Menú de la tabla de decisión").wait_for()
    while "Agregar regla abajo" not in page.locator(".context-menu-group-entry.focused").all_inner_texts():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-desk-status]")).to_have_text("Guardado")

    expect(rules).to_have_count(before + 1)
    page.reload()
    page.locator("[data-desk][data-ready]").wait_for()
    expect(shown_remark(page)).to_contain_text("Art. 9")
    with closing(Database(site.database)) as database, begin(database, SYSTEM) as work:
        assert b"<text>" in (content := resources.get(work, draft).content)
        assert content.count(b"Art. 9") == 1
        assert re.search(rb"<annotationEntry[^>]*>\s*<text>[^<]* Art\. 9</text>", content)
