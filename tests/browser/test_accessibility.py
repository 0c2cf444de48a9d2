"""Every page passes the judge of accessibility: in Spanish on a desk, in English on a telephone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import a_decision_draft, a_draft, an_application, what_goes_wrong
from tests.browser.office import open_task, press_complete
from tests.browser.site import Visit, assert_accessible, log_in
from tests.serving import Site, serving

LANGUAGES = {
    "es": 1280,
    "en": 375,
}  # the judge needs a second for a page: each is judged once in each language and width
COMPLETE = {"es": "Completar la tarea", "en": "Complete the task"}
NUMBER = {"es": "N.º", "en": "No."}
UNDRAWN = {"es": "no tiene dibujo", "en": "has no drawing"}
NARROWEST = 320  # pixels to which WCAG 1.4.10 lets nobody scroll sideways


@pytest.fixture(scope="module")
def site(_demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One Marchamo for all the pages, with a draft and a submitted application; nobody changes anything in it."""
    with serving(_demo_data, tmp_path_factory.mktemp("pages") / "data") as served:
        a_draft(served)
        an_application(served)
        what_goes_wrong(served)
        yield served


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_an_applicant_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "preparador", language)
    operator = _first_link(page, "/operators", "/operators/")

    start = f"/start/application?operator={operator.rpartition('/')[2]}"
    for address in ("/inbox", "/start", start, "/cases", "/operators", operator, "/search?q=Lempa", "/account"):
        _judge(page, address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_a_case_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "admision", language)
    case = _first_link(page, "/cases", "/cases/")

    for part in ("", "/tasks", "/history", "/history?steps=1", "/documents", "/letters"):
        _judge(page, case + part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_about_moving_cases_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "procesos", language)

    for address in ("/studio/process/application/cases", "/studio/process/application/cases/move"):
        _judge(page, address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_whoever_mends_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "administrador", language)
    case = _first_link(page, "/incidents/", "/incidents/cases/")

    for address in ("/incidents/", case, "/messages", "/messages/notice-1", "/timers"):
        _judge(page, address)
    for link in (f'a[href^="{case}/skip"]', f'a[href^="{case}/move"]', f'a[href^="{case}/correct"]'):
        page.goto(case)
        page.locator(link).first.click()
        _judge_here(page)
    page.goto("/timers")
    page.locator('main a[href^="/timers/"]').first.click()
    _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_diagrams_can_say_can_be_read_by_anybody(visit: Visit, language: str) -> None:
    _judge(_reader(visit, "procesos", language), "/studio/constructs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_can_be_edited_and_tried_out_by_anybody(visit: Visit, site: Site, language: str) -> None:
    draft = a_decision_draft(site)
    page = _reader(visit, "procesos", language)

    page.goto(f"/studio/drafts/{draft}")
    page.locator("[data-desk][data-ready]").wait_for()
    expect(page.locator("th.index-column")).to_have_text(NUMBER[language])

    _judge_here(page)
    for asked in ("", "?asked=1&decision=risk&q0=72", "?asked=1&decision=risk&q0=many"):
        page.goto(f"/studio/versions/{draft}/try{asked}")
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_programme_can_be_read_and_compared_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "analista", language)

    for address in ("/programmes/", "/programmes/sv", "/programmes/eu"):
        _judge(page, address)
    page.goto("/programmes/wco#to-confirm")
    page.locator("#to-confirm summary").click()
    _judge_here(page)
    page.locator("form[action='/programmes/compare'] button").click()
    _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_diagram_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "admision", language)
    case = _first_link(page, "/cases", "/cases/OC-")

    page.goto(f"{case}/diagram")

    expect(page.locator("[data-diagram-canvas] svg[role=img]")).to_be_visible()
    _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_process_that_nobody_has_laid_out_says_so_instead_of_a_picture(visit: Visit, language: str) -> None:
    page = _reader(visit, "admision", language)
    case = _first_link(page, "/cases", "/cases/TR-")

    page.goto(f"{case}/diagram")

    expect(page.locator("[data-diagram-missing]")).to_contain_text(UNDRAWN[language])
    expect(page.locator("[data-diagram-canvas]")).to_be_hidden()
    _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_with_mistakes_can_be_used_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "preparador", language)
    page.goto(_first_link(page, "/inbox", "/tasks/"))
    _judge_here(page)

    page.get_by_role("button", name=COMPLETE[language]).click()

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    _judge_here(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/nothing-here", "/studio", "/tasks/none"])
def test_a_refusal_can_be_read_by_anybody(visit: Visit, language: str, address: str) -> None:
    page = _reader(visit, "analista", language)

    _judge(page, address)


def test_the_first_mistake_is_one_key_away(visit: Visit) -> None:
    page = _reader(visit, "preparador", "es")
    open_task(page, "Preparar la solicitud")
    press_complete(page)

    page.get_by_role("alert").get_by_role("link").first.press("Enter")

    expect(page.get_by_label("Actividad económica")).to_be_focused()


def _reader(visit: Visit, username: str, language: str) -> Page:
    """Somebody who reads in this language."""
    page = visit(width=LANGUAGES[language])
    log_in(page, username)
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f'button[name="language"][value="{language}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def _first_link(page: Page, address: str, towards: str) -> str:
    page.goto(address)
    return str(page.locator(f'main table a[href^="{towards}"]').first.get_attribute("href"))


def _judge(page: Page, address: str) -> None:
    page.goto(address)
    _judge_here(page)


def _judge_here(page: Page) -> None:
    assert_accessible(page)
    view = page.viewport_size
    assert view is not None
    page.set_viewport_size({"width": NARROWEST, "height": view["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, f"{page.url} scrolls sideways"
    page.set_viewport_size(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendars_can_be_read_and_changed_by_anybody(visit: Visit, language: str) -> None:
    page = _reader(visit, "procesos", language)

    for address in (
        "/calendars/",
        "/calendars/place/SV?year=2026",
        "/calendars/office/sv",
        "/calendars/office/sv/recount",
    ):
        _judge(page, address)
    page.goto("/calendars/place/SV")
    page.locator("main form button").last.click()  # with nothing filled in
    _judge_here(page)
