"""Every page of the application passes the judge of accessibility, in Spanish on a desk and in English on a telephone."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from werkzeug.routing import MapAdapter

from engine.store.database import Database
from tests.browser import settled
from tests.browser.judging import LANGUAGES, judge_here, reader
from tests.browser.settled import Names
from tests.browser.site import Visit
from tests.browser.tours import NO_PAGES, TOURS
from tests.serving import Site, serving
from web import create_app
from web.settings import Settings


@pytest.fixture(scope="module")
def office_and_names(_demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Names]]:
    before = tmp_path_factory.mktemp("settled") / "before"
    copytree(_demo_data, before)
    names = settled.an_office(Site("", before))
    with serving(before, before.parent / "data") as served:
        yield served, names


@pytest.fixture
def site(office_and_names: tuple[Site, Names]) -> Site:
    """One office for all the walks; nobody changes anything in it."""
    return office_and_names[0]


@pytest.fixture
def routes(tmp_path: Path) -> MapAdapter:
    """Which endpoint answers at which address."""
    settings = Settings(data=tmp_path, database="", secret="a secret of the tests only, long enough to sign with")
    return create_app(settings, Database(f"sqlite:///{tmp_path / 'none.db'}")).url_map.bind("localhost")


def test_every_page_is_on_a_tour_or_named_with_a_reason(routes: MapAdapter) -> None:
    pages = {rule.endpoint for rule in routes.map.iter_rules() if "GET" in (rule.methods or ())}
    toured = {_endpoint(routes, address) for tour in TOURS.values() for address in tour}

    assert toured | NO_PAGES.keys() == pages
    assert not toured & NO_PAGES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", TOURS)
def test_every_page_can_be_used_by_anybody(
    visit: Visit, office_and_names: tuple[Site, Names], routes: MapAdapter, username: str, language: str
) -> None:
    _site, names = office_and_names
    page = reader(visit, username, language)
    wrong = []

    for address in TOURS[username]:
        answer = page.goto(address.format_map(names))
        _await_drawn(page)
        try:
            judge_here(page)
        except AssertionError as breach:
            wrong.append(str(breach))
        assert answer is not None
        assert answer.ok, address
        assert _endpoint(routes, urlsplit(page.url).path) == _endpoint(routes, address), "it leads elsewhere"

    assert wrong == [], "\n".join(wrong)


def _endpoint(routes: MapAdapter, address: str) -> str:
    """What answers at the address; what its names stand for does not matter."""
    return str(routes.match(address.partition("?")[0])[0])


def _await_drawn(page: Page) -> None:
    """Waits for what scripts draw: an editor, or a picture of a diagram."""
    if page.locator("[data-desk-canvas]").count():
        page.locator("[data-desk][data-ready]").wait_for()
    if page.locator("[data-diagram]").count():
        expect(page.locator("[data-diagram-missing]")).to_be_hidden()
