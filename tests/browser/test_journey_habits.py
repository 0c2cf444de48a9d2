"""What people do to a page: only keys, no JavaScript, two clicks for one, the back button, two at the same task."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import a_draft, acts_done, an_application
from tests.browser.office import certificate, complete, fill, open_task, press_complete
from tests.browser.site import Visit, log_in, type_early
from tests.serving import PASSWORD, Site, serving

ADMITTED = {"admission_checks": ("established", "identified"), "admissibility": "complete"}
SUBMITTED = 3  # tasks that the operator has done when customs gets an application
UNCOVERED = """() => {
    const {left, right, top, bottom} = document.activeElement.getBoundingClientRect();
    const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const bar = document.querySelector('.acts');
    return !bar || !bar.contains(seen) || bar.contains(document.activeElement);
}"""  # whether the bar below a form hides what has the focus (WCAG 2.4.11)


@pytest.fixture(scope="module")
def site(_demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One Marchamo for all of these; each test works on a case of its own."""
    with serving(_demo_data, tmp_path_factory.mktemp("habits") / "data") as served:
        yield served


def test_a_task_can_be_done_with_the_keyboard_alone(site: Site, page: Page) -> None:
    case = an_application(site)
    page.goto("/login")
    _tab_to(page, "#username")
    page.keyboard.type("admision")
    _tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bandeja")

    _tab_to(page, f'main a:has-text("{case}")')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Comprobar la admisibilidad")
    _tab_to(page, '[name="admission_checks"][value="established"]')
    page.keyboard.press("Space")
    _tab_to(page, '[name="admissibility"]')
    page.keyboard.press("Space")
    _tab_to(page, 'button:has-text("Completar la tarea")')
    page.keyboard.press("Enter")

    expect(page.get_by_text("La tarea está hecha.")).to_be_visible()
    assert acts_done(site, case) == SUBMITTED + 1


def test_a_task_with_files_and_rows_can_be_done_without_javascript(site: Site, plain_page: Page) -> None:
    page = plain_page
    case = a_draft(site)
    log_in(page, "preparador")
    open_task(page, "Preparar la solicitud", case)
    sites = [{"name": "Planta Merliot", "address": "Ciudad Merliot", "use": "Producción"} for _number in range(3)]
    fill(page, {"activity": "Confección", "sites": sites, "registration_documents": certificate("inscripción")})

    press_complete(page)

    expect(page.get_by_role("alert")).to_contain_text("Años de operaciones de comercio exterior")
    expect(page.get_by_label("Actividad económica")).to_have_value("Confección")
    expect(page.get_by_label("inscripción.pdf")).to_be_checked()
    page.get_by_role("button", name="Quitar Instalación 2").click()
    expect(page.locator("#sites .form-row")).to_have_count(2)
    contact = {"contact_name": "Ana", "contact_post": "Jefa", "contact_email": "ana@lempa.example"}
    fill(page, {"years_of_operation": "14", "has_group": "no", **contact, "contact_phone": "+503 2555 0101"})
    complete(page)
    assert acts_done(site, case) == 1


def test_what_was_typed_before_the_script_came_is_kept_as_a_draft(site: Site, page: Page) -> None:
    case = a_draft(site)
    log_in(page, "preparador")
    open_task(page, "Preparar la solicitud", case)

    type_early(page, "[name=activity]", "'Confección'")
    page.reload()
    expect(page.locator("[data-autosave-said]")).not_to_be_empty()

    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Actividad económica")).to_have_value("Confección")


@pytest.mark.parametrize("scripts", [True, False])
def test_two_clicks_do_one_act(site: Site, visit: Visit, scripts: bool) -> None:  # noqa: FBT001 - pytest hands it over
    case = an_application(site)
    page = visit(scripts=scripts)
    log_in(page, "admision")
    open_task(page, "Comprobar la admisibilidad", case)
    fill(page, ADMITTED)

    page.get_by_role("button", name="Completar la tarea").dblclick()

    expect(page.get_by_text("La tarea está hecha.")).to_be_visible()
    assert acts_done(site, case) == SUBMITTED + 1


def test_the_back_button_shows_that_the_task_is_done(site: Site, page: Page) -> None:
    case = an_application(site)
    log_in(page, "admision")
    open_task(page, "Comprobar la admisibilidad", case)
    fill(page, ADMITTED)
    complete(page)

    page.go_back()

    expect(page.get_by_text("Hecha", exact=True)).to_be_visible()
    expect(page.get_by_text("Completa: se admite")).to_be_visible()
    expect(page.get_by_role("button", name="Completar la tarea")).to_have_count(0)


def test_an_old_page_is_told_who_was_first_and_keeps_what_was_typed(site: Site, visit: Visit) -> None:
    case = an_application(site)
    page = visit()
    log_in(page, "admision")
    open_task(page, "Comprobar la admisibilidad", case)
    old = page.context.new_page()
    old.goto(page.url)
    fill(old, {"admissibility": "ineligible", "ineligibility": "No está establecida en el país."})
    fill(page, ADMITTED)
    complete(page)

    press_complete(old)

    expect(old.get_by_role("alert")).to_contain_text("Alguien llegó antes")
    expect(old.get_by_text("No está establecida en el país.")).to_be_visible()
    assert acts_done(site, case) == SUBMITTED + 1


def test_of_two_people_at_one_task_the_second_loses_no_text(site: Site, visit: Visit) -> None:
    case = a_draft(site)
    first, second = visit(), visit()
    log_in(first, "preparador")
    log_in(second, "representante")
    for page, typed in ((first, "Confección"), (second, "Exportación de prendas")):
        open_task(page, "Preparar la solicitud", case)
        fill(page, {"activity": typed})
    fill(first, _rest())
    complete(first)

    press_complete(second)

    expect(second.get_by_role("alert")).to_contain_text("Alguien llegó antes")
    expect(second.get_by_text("Exportación de prendas")).to_be_visible()
    assert acts_done(site, case) == 1


def test_a_task_that_somebody_took_is_left_to_them(site: Site, visit: Visit) -> None:
    case = a_draft(site)
    first, second = visit(), visit()
    log_in(first, "preparador")
    log_in(second, "representante")
    open_task(first, "Preparar la solicitud", case)
    first.get_by_role("button", name="Tomarla").click()
    expect(first.get_by_text("La tarea es suya.").first).to_be_visible()

    second.goto(first.url)

    expect(second.get_by_text("Ana Beatriz Lemus").first).to_be_visible()
    expect(second.get_by_role("button", name="Completar la tarea")).to_have_count(0)


def _rest() -> dict[str, object]:
    return {
        "years_of_operation": "14",
        "has_group": "no",
        "contact_name": "Ana Beatriz Lemus",
        "contact_post": "Jefa de cumplimiento",
        "contact_email": "ana@lempa.example",
        "contact_phone": "+503 2555 0101",
        "sites": [{"name": "Planta Merliot", "address": "Ciudad Merliot", "use": "Producción"}],
        "registration_documents": certificate("inscripción"),
    }


def _tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Presses the tabulator until the focus is there, and sees that nothing hides it on the way."""
    goal = page.locator(wanted).first
    for _step in range(most):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(UNCOVERED), page.evaluate("document.activeElement.outerHTML")
    expect(goal).to_be_focused()
