"""What a browser test may ask for: a served Marchamo, a page with JavaScript, and one without."""

import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Final

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from engine.demo import office as people
from engine.store.database import Database
from engine.work import SYSTEM, begin
from tests.browser.site import Visit, browser_program
from tests.serving import PASSWORD, Site, serving

SCREENSHOTS: Final = Path(os.environ.get("MARCHAMO_SCREENSHOTS", Path(tempfile.gettempdir()) / "marchamo-screenshots"))
ONLY_HERE: Final = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
ANSWERED_NO: Final = "Failed to load resource"  # what the console says to a refusal, which a journey may well want
FAILED: Final = pytest.StashKey[bool]()
PATIENCE: Final = 20_000  # milliseconds: a machine under load is slow, not wrong

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers that a test failed, so that its pages can be pictured."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def _demo_data(_office_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    file = copyfile(_office_file, folder / "marchamo.db")
    with closing(Database(f"sqlite:///{file}")) as database, begin(database, SYSTEM) as work:
        people.found(work, PASSWORD)
    return folder


@pytest.fixture
def site(_demo_data: Path, tmp_path: Path) -> Iterator[Site]:
    """Marchamo with its demo people and no case yet, of this test alone; its worker is inside."""
    with serving(_demo_data, tmp_path / "data") as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium that reaches this machine only."""
    flags = [ONLY_HERE, "--disable-background-networking"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium's sandbox refuses to serve root
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_program(), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Opens a browser of its own for each visitor: `visit()`, `visit(scripts=False)`, `visit(width=390)`.

    Whatever a page's scripts complain about fails the test; a test that failed leaves pictures of its pages.
    """
    pages: list[Page] = []
    complaints: list[str] = []

    def opened(*, scripts: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site.address,
            java_script_enabled=scripts,
            locale="es-SV",
            timezone_id="America/El_Salvador",
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        pages.append(page)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        _picture(pages, request.node.name)
    for page in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """One visitor's page."""
    return visit()


@pytest.fixture
def plain_page(visit: Visit) -> Page:
    """The page of a visitor whose browser runs no JavaScript."""
    return visit(scripts=False)


def _complaint(message: ConsoleMessage) -> list[str]:
    said = message.text
    return [said] if message.type in {"error", "warning"} and not said.startswith(ANSWERED_NO) else []


def _picture(pages: list[Page], name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages, 1):
        page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
