"""The judge of accessibility at work: a reader in a language and width, and the verdict on the page before them."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.site import Visit, assert_accessible, log_in

LANGUAGES: Final = {"es": 1280, "en": 375}  # each page is judged once in each language and width
NARROWEST: Final = 320  # pixels to which WCAG 1.4.10 lets nobody scroll sideways


def reader(visit: Visit, username: str, language: str) -> Page:
    """Somebody who reads in this language; without a name, somebody who has not logged in."""
    page = visit(width=LANGUAGES[language])
    if username:
        log_in(page, username)
    else:
        page.goto("/login")
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f'button[name="language"][value="{language}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def judge(page: Page, address: str) -> None:
    """Opens the page and judges it."""
    page.goto(address)
    judge_here(page)


def judge_here(page: Page) -> None:
    """Fails with each breach of the page as it stands, also at the narrowest width."""
    assert_accessible(page)
    view = page.viewport_size
    assert view is not None
    page.set_viewport_size({"width": NARROWEST, "height": view["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, f"{page.url} scrolls sideways"
    page.set_viewport_size(view)
