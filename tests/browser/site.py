"""What a test does in a browser: find one, log in, let a judge look at the page."""

import json
import re
from shutil import which
from typing import Final, Protocol

from playwright.sync_api import Page

from tests.serving import PASSWORD, ROOT

AXE: Final = ROOT / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
JUDGE: Final = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
STANDARD: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Visit(Protocol):
    """Opens a browser of its own for one more visitor, with or without JavaScript, `width` pixels wide."""

    def __call__(self, *, scripts: bool = True, width: int = 1280) -> Page:
        """The visitor's page, on nothing yet."""


def browser_program() -> str:
    """The Chromium of this machine."""
    for name in BROWSERS:
        if (found := which(name)) is not None:
            return found
    message = 'The browser tests need Chromium: please type "make test", which installs it where it can.'
    raise RuntimeError(message)


def log_in(page: Page, username: str) -> None:
    """Enters as one of the demo people."""
    page.goto("/login")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"^(?!.*/login)"))


def type_early(page: Page, field: str, text: str) -> None:
    """On every page to come, changes the field that the selector finds before any script of the page runs.

    `text` is JavaScript that makes the text from `value`. It is as if somebody typed while the scripts were on their way.
    """
    page.add_init_script(
        f"""document.addEventListener("readystatechange", () => {{
            const found = document.readyState === "interactive" && document.querySelector({json.dumps(field)});
            if (found) found.value = (value => {text})(found.value);
        }})"""
    )


def assert_accessible(page: Page) -> None:
    """Lets axe-core look for breaches of WCAG 2.2 AA and of its own best practice; each is named with its element.

    The page must run scripts: where it does not, the judge never comes to an end.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(JUDGE, STANDARD)
    found = [
        f"{page.url} {breach['id']}: {breach['help']}: {node['html'][:200]}"
        for breach in result["violations"]
        for node in breach["nodes"]
    ]
    assert found == [], "\n".join(found)
