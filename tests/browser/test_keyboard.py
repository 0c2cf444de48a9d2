"""Whoever uses no mouse reaches everything on the pages of daily work, and sees where they are."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.furnished import a_draft
from tests.browser.office import open_task, press_complete
from tests.browser.site import Visit, log_in
from tests.serving import Site

MOST: Final = 200  # more presses of the key than any of these pages has places
COLLECT: Final = """() => {
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
    window.left = new Set([...document.querySelectorAll(wanted)].filter((one) => one.checkVisibility() && !one.disabled
        && one.tabIndex >= 0 && one.type !== "radio"));
    document.activeElement.blur();
}"""
HERE: Final = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    window.left.delete(here);
    const box = here.getBoundingClientRect();
    const marks = [getComputedStyle(here), ...(here.labels?.length ? [getComputedStyle(here.labels[0], "::before")] : [])];
    const ring = marks.some((one) => one.boxShadow !== "none" || (one.outlineStyle !== "none" && one.outlineWidth !== "0px"));
    const shown = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [ring && shown, here.outerHTML.slice(0, 160)];
}"""
LEFT: Final = "() => [...window.left].map((one) => one.outerHTML.slice(0, 160))"


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Presses Tab from the top to the end: what could not be seen while it had the focus, and what never had it."""
    page.evaluate(COLLECT)
    unseen = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        seen, element = here
        if not seen:
            unseen.append(element)
    return unseen, page.evaluate(LEFT)


@pytest.mark.parametrize("width", [1280, 375])
def test_everything_in_the_inbox_and_at_a_task_is_reached_and_seen(visit: Visit, site: Site, width: int) -> None:
    a_draft(site)
    page = visit(width=width)
    log_in(page, "preparador")

    page.goto("/inbox")
    assert walk(page) == ([], [])
    open_task(page, "Preparar la solicitud")
    assert walk(page) == ([], [])


def test_a_refused_task_leads_from_mistake_to_mistake_by_keys(visit: Visit, site: Site) -> None:
    a_draft(site)
    page = visit()
    log_in(page, "preparador")
    open_task(page, "Preparar la solicitud")
    press_complete(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Actividad económica")).to_be_focused()
    page.keyboard.type("Confección")

    expect(page.get_by_label("Actividad económica")).to_have_value("Confección")
