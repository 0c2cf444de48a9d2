"""A diagram of the desktop modeler is edited here and opens there again without loss."""

from collections import Counter
from pathlib import Path
from typing import Final

from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser.site import log_in
from tests.browser.test_studio import drawn, save

LICENCE: Final = Path(__file__).parents[1] / "workflow" / "modeler" / "licence.bpmn"
CHECK: Final = "Activity_0a1b2c3"
Facts = Counter[tuple[object, ...]]


def facts(data: bytes) -> Facts:
    """Every element of a file with its attributes, its text and where it stands; how it is indented does not count."""
    return Counter(
        (_place(node), node.tag, tuple(sorted(node.attrib.items())), (node.text or "").strip())
        for node in etree.fromstring(data).iter()
    )


def _place(node: etree._Element) -> tuple[object, ...]:
    return tuple((above.tag, above.get("id")) for above in node.iterancestors())


def bring(page: Page, key: str, file: Path) -> None:
    """Begins a process and replaces its first draft by a file."""
    page.goto("/studio/new/process")
    page.locator("[name=key]").fill(key)
    page.locator("[name=title]").fill("Licencia")
    page.locator("[name=title_en]").fill("Licence")
    page.locator("main form button").first.click()
    drawn(page)
    page.get_by_text("Como archivo, para otro modelador").click()
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Reemplazar el borrador", exact=True).click()
    drawn(page)


def rename(page: Page, element: str, name: str) -> None:
    """Writes another name into a shape."""
    page.locator(f"g[data-element-id={element}]").first.dblclick()
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    page.locator(".bio-properties-panel-header").click()


def downloaded(page: Page) -> bytes:
    """The draft as a file."""
    return page.request.get(page.url.replace("/drafts/", "/versions/") + "/content").body()


def test_what_the_desktop_modeler_drew_is_saved_here_without_loss(page: Page) -> None:
    log_in(page, "procesos")
    bring(page, "licence", LICENCE)
    before = downloaded(page)

    rename(page, CHECK, "Revisar la solicitud")
    save(page)
    after = downloaded(page)

    assert before == LICENCE.read_bytes()
    renamed = before.replace(b"Comprobar la solicitud", b"Revisar la solicitud")
    assert facts(after) == facts(renamed)
    page.reload()
    drawn(page)
    expect(page.locator("[data-desk-status]")).not_to_contain_text("deja fuera")
