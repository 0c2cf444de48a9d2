"""A process owner draws a change, is told what is wrong, mends it; another puts it to work; a new case takes it."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.workflow import offers
from tests.browser.furnished import a_draft as a_case
from tests.browser.site import Visit, assert_accessible, log_in, type_early
from tests.serving import Site

ON_THE_LINE = """line => {
    const point = line.getPointAtLength(line.getTotalLength() * 0.8).matrixTransform(line.getScreenCTM());
    return [point.x, point.y];
}"""


def open_draft(page: Page, process: str) -> None:
    """Begins a draft of a process, or goes on with it, and waits until it is drawn."""
    page.goto(f"/studio/process/{process}")
    page.locator("main form button").first.click()
    drawn(page)


def drawn(page: Page) -> None:
    """Waits until the canvas shows the process."""
    page.locator("[data-desk][data-ready]").wait_for()
    page.locator(".bio-properties-panel-header").wait_for()


def append_task(page: Page, after: str, name: str) -> None:
    """Appends a user task to an element, and writes its name."""
    page.locator(f"g[data-element-id={after}]").first.click()
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type(name)
    page.locator(".bio-properties-panel-header").click()


def insert_task(page: Page, flow: str, name: str) -> None:
    """Puts a user task from the palette onto the last stretch of a flow, which then leads through it."""
    x, y = page.locator(f"g[data-element-id={flow}] .djs-hit").first.evaluate(ON_THE_LINE)
    page.locator(".djs-palette [data-action='create.user-task']").click()
    page.mouse.move(x - 40, y)
    page.mouse.move(x, y, steps=4)
    page.mouse.click(x, y)
    page.mouse.dblclick(x, y + 15)
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type(name)
    page.locator(".bio-properties-panel-header").click()


def save(page: Page) -> None:
    """Saves the draft and waits until it is."""
    page.get_by_role("button", name="Guardar el borrador").click()
    expect(page.locator("[data-desk-status]")).to_have_text("Guardado")


def submit(page: Page, note: str) -> str:
    """Sends the draft for approval; the address of the version."""
    page.get_by_label("Qué cambia y por qué").fill(note)
    page.get_by_role("button", name="Enviar para aprobación").click()
    page.wait_for_url(re.compile("/studio/versions/"))
    return page.url


def test_a_change_is_drawn_complained_of_mended_approved_and_taken(visit: Visit, site: Site) -> None:
    running = a_case(site)
    dora, pablo = visit(), visit()
    log_in(dora, "procesos")
    open_draft(dora, "application")
    insert_task(dora, "record_self_assessment_to_sign_and_submit", "Revisar el domicilio")
    complaint = dora.locator(".complaint--error", has_text="Revisar el domicilio").filter(has_text="formulario")
    expect(complaint).to_be_visible()
    expect(dora.locator(".mark-complaint--error").first).to_be_visible()
    save(dora)

    complaint.get_by_role("button").click()
    dora.get_by_label("Formulario", exact=True).select_option("assess_change")
    dora.get_by_label("Nombre en inglés").fill("Check the address")
    expect(dora.locator(".complaint--error")).to_have_count(0)
    save(dora)
    version = submit(dora, "Una revisión más")

    log_in(pablo, "procesos2")
    pablo.goto("/studio/")
    pablo.locator(".next").get_by_role("link").first.click()
    expect(pablo).to_have_url(version)
    expect(pablo.locator(".differences")).to_contain_text("Revisar el domicilio")
    pablo.get_by_role("button", name="Poner en vigor").click()
    expect(pablo.get_by_text("Está en vigor")).to_be_visible()

    new = a_case(site)
    assert drawn_in(visit, running) == 0
    assert drawn_in(visit, new) == 1


def drawn_in(visit: Visit, number: str) -> int:
    """How often the new task stands in the diagram of a case."""
    page = visit()
    log_in(page, "auditoria")
    page.goto(f"/cases/{number}/diagram")
    page.locator("g[data-element-id=prepare_application]").first.wait_for()
    return page.locator("g[data-element-id=revisar_el_domicilio]").count()


def test_saving_in_two_windows_loses_neither(page: Page) -> None:
    log_in(page, "procesos")
    open_draft(page, "suspension")
    other = page.context.new_page()
    other.goto(page.url)
    drawn(other)
    save(other)

    append_task(page, "propose_suspension", "Avisar al operador")
    page.get_by_role("button", name="Guardar el borrador").click()
    expect(page.get_by_role("alert")).to_contain_text("se guardó entretanto en otra ventana")
    assert_accessible(page)
    page.locator("[data-desk-overwrite]").click()

    expect(page.locator("[data-desk-status]")).to_have_text("Guardado")
    other.reload()
    drawn(other)
    expect(other.locator("g[data-element-id=avisar_al_operador]").first).to_be_visible()


def test_the_canvas_offers_only_what_runs(page: Page) -> None:
    log_in(page, "procesos")
    open_draft(page, "suspension")

    offered = page.locator(".djs-palette .entry")
    actions = [entry.get_attribute("data-action") for entry in offered.all()]
    assert "create.user-task" in actions
    assert ("create.data-object" in actions) == ("data" in offers())
    assert not {"create.task", "create.data-store", "create.group"} & set(actions)
    page.locator("g[data-element-id=propose_suspension]").first.click()
    page.locator(".djs-context-pad [data-action=replace]").click()
    menu = page.locator(".djs-popup")
    expect(menu).to_contain_text("Tarea de servicio")
    for name, words in {
        "businessRuleTask": "Tarea de decisión",
        "adHocSubProcess": "Subproceso sin orden fijo",
        "callActivity": "Llamada a otro proceso",
        "manualTask": "Tarea manual",
    }.items():
        assert (words in menu.inner_text()) == (name in offers())


@pytest.mark.parametrize("width", [1280, 375])
def test_the_studio_can_be_used_by_anybody(visit: Visit, width: int) -> None:
    page = visit(width=width)
    log_in(page, "procesos")
    for address in ("/studio/", "/studio/process/application", "/studio/new/process"):
        page.goto(address)
        assert_accessible(page)

    open_draft(page, "monitoring")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert_accessible(page)
    page.locator("g[data-element-id]").nth(3).click()
    assert_accessible(page)


def test_without_a_script_the_text_does_the_same_work(plain_page: Page) -> None:
    log_in(plain_page, "procesos")
    plain_page.goto("/studio/process/suspension")
    plain_page.locator("main form button").first.click()
    plain_page.locator("[data-desk-text] summary").click()
    text = plain_page.get_by_label("Contenido")

    text.fill(text.input_value().replace('formId="decide_suspension"', 'formId="nowhere"'))
    plain_page.get_by_role("button", name="Guardar el borrador").click()

    expect(plain_page.locator(".complaint--error")).to_contain_text("decide_suspension")


def test_text_is_checked_while_it_is_written(page: Page) -> None:
    log_in(page, "procesos")
    page.goto("/studio/form/plan_validation")
    page.locator("main form button").first.click()
    text = page.get_by_label("Contenido")

    text.fill(text.input_value().replace('"key": "day"', '"key": "Dos palabras"'))
    page.locator(".complaint--error").get_by_role("button").click()

    chosen = page.evaluate(
        "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))(document.activeElement)"
    )
    assert "Dos palabras" in chosen
    assert_accessible(page)
    save(page)


def test_what_was_typed_before_the_script_came_is_checked_too(page: Page) -> None:
    log_in(page, "procesos")
    page.goto("/studio/form/plan_validation")

    type_early(page, "[data-desk-source]", """value.replace('"key": "day"', '"key": "Dos palabras"')""")
    page.locator("main form button").first.click()

    expect(page.locator(".complaint--error")).to_contain_text("Dos palabras")
    save(page)
