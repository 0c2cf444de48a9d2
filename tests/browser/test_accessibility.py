"""What somebody does on a page leaves it usable by anybody: mistakes, refusals, what opens. Pages at rest: test_every_page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import a_decision_draft, a_draft, an_application, what_goes_wrong
from tests.browser.judging import LANGUAGES, judge, judge_here, reader
from tests.browser.office import open_task, press_complete
from tests.browser.site import Visit
from tests.serving import Site, serving

COMPLETE = {"es": "Completar la tarea", "en": "Complete the task"}
NUMBER = {"es": "N.º", "en": "No."}
UNDRAWN = {"es": "no tiene dibujo", "en": "has no drawing"}


@pytest.fixture(scope="module")
def site(_demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One Marchamo for all the pages, with a draft and a submitted application; nobody changes anything in it."""
    with serving(_demo_data, tmp_path_factory.mktemp("pages") / "data") as served:
        a_draft(served)
        an_application(served)
        what_goes_wrong(served)
        yield served


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_can_be_edited_and_tried_out_by_anybody(visit: Visit, site: Site, language: str) -> None:
    draft = a_decision_draft(site)
    page = reader(visit, "procesos", language)

    page.goto(f"/studio/drafts/{draft}")
    page.locator("[data-desk][data-ready]").wait_for()
    expect(page.locator("th.index-column")).to_have_text(NUMBER[language])

    judge_here(page)
    for asked in ("?asked=1&decision=risk&q0=72", "?asked=1&decision=risk&q0=many"):
        page.goto(f"/studio/versions/{draft}/try{asked}")
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_open_in_a_programme_and_what_differs_can_be_read_by_anybody(visit: Visit, language: str) -> None:
    page = reader(visit, "analista", language)

    page.goto("/programmes/wco#to-confirm")
    page.locator("#to-confirm summary").click()
    judge_here(page)
    page.locator("form[action='/programmes/compare'] button").click()
    judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_process_that_nobody_has_laid_out_says_so_instead_of_a_picture(visit: Visit, language: str) -> None:
    page = reader(visit, "admision", language)
    case = _first_link(page, "/cases", "/cases/TR-")

    page.goto(f"{case}/diagram")

    expect(page.locator("[data-diagram-missing]")).to_contain_text(UNDRAWN[language])
    expect(page.locator("[data-diagram-canvas]")).to_be_hidden()
    judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_with_mistakes_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = reader(visit, "preparador", language)
    page.goto(_first_link(page, "/inbox", "/tasks/"))
    judge_here(page)

    page.get_by_role("button", name=COMPLETE[language]).click()

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/nothing-here", "/studio", "/tasks/none"])
def test_a_refusal_can_be_read_by_anybody(visit: Visit, language: str, address: str) -> None:
    page = reader(visit, "analista", language)

    judge(page, address)


def test_the_first_mistake_is_one_key_away(visit: Visit) -> None:
    page = reader(visit, "preparador", "es")
    open_task(page, "Preparar la solicitud")
    press_complete(page)

    page.get_by_role("alert").get_by_role("link").first.press("Enter")

    expect(page.get_by_label("Actividad económica")).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_of_a_calendar_that_lacks_everything_can_be_mended_by_anybody(visit: Visit, language: str) -> None:
    page = reader(visit, "procesos", language)

    page.goto("/calendars/place/SV")
    page.locator("main form button").last.click()  # with nothing filled in
    judge_here(page)


def _first_link(page: Page, address: str, towards: str) -> str:
    page.goto(address)
    return str(page.locator(f'main table a[href^="{towards}"]').first.get_attribute("href"))
