"""The door: anybody finds it, reads it, and comes in with or without JavaScript."""

import pytest
from playwright.sync_api import Page

from tests.browser.site import Visit, assert_accessible, log_in


@pytest.mark.parametrize("width", [1280, 390])
def test_the_log_in_page_can_be_used_by_anybody(visit: Visit, width: int) -> None:
    page = visit(width=width)

    page.goto("/login")

    assert_accessible(page)


def test_an_officer_comes_in(page: Page) -> None:
    log_in(page, "analista")

    assert "Luis Amaya" in page.content()
    assert_accessible(page)


def test_an_officer_comes_in_without_javascript(plain_page: Page) -> None:
    log_in(plain_page, "analista")

    assert "Luis Amaya" in plain_page.content()
