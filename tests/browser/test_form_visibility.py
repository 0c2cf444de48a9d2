"""A question that hangs on a number comes and goes while somebody types: the server decides, the page only asks it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.browser.site import log_in
from tests.factories import publish
from tests.serving import Site, serving

FORM = Path(__file__).parents[2] / "forms" / "start_application.form.json"
MORE = (
    {"type": "number", "key": "staff", "id": "staff", "label": "Personas empleadas"},
    {
        "type": "textfield",
        "key": "plan",
        "id": "plan",
        "label": "Plan de relevo",
        "conditional": {"hide": "=staff = null or staff < 100"},
        "validate": {"required": True},
    },
)


@pytest.fixture(scope="module")
def site(_demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A Marchamo whose start form asks more of large operators."""
    changed, data = tmp_path_factory.mktemp("changed"), tmp_path_factory.mktemp("visibility") / "data"
    file = copyfile(_demo_data / "marchamo.db", changed / "marchamo.db")
    schema = json.loads(FORM.read_text(encoding="utf-8"))
    schema["components"] += MORE
    with closing(Database(f"sqlite:///{file}")) as database:
        publish(database, ("form", "start_application", json.dumps(schema).encode()))
    with serving(changed, data) as served:
        yield served


def _open_form(site: Site, page: Page) -> None:
    with closing(Database(site.database)) as database, look(database, SYSTEM) as work:
        query = select(models.AccountOperator.operator_id).join(models.Account)
        operator = work.session.scalars(query.where(models.Account.username == "preparador")).first()
    log_in(page, "preparador")
    page.goto(f"/start/application?operator={operator}")


def test_a_question_comes_and_goes_with_a_number(site: Site, page: Page) -> None:
    _open_form(site, page)
    expect(page.get_by_label("Plan de relevo")).to_be_hidden()

    page.get_by_label("Personas empleadas").fill("250")
    expect(page.get_by_label("Plan de relevo")).to_be_visible()
    page.get_by_label("Personas empleadas").fill("25")
    expect(page.get_by_label("Plan de relevo")).to_be_hidden()


def test_without_javascript_the_question_stands_there(site: Site, plain_page: Page) -> None:
    _open_form(site, plain_page)

    expect(plain_page.get_by_label("Plan de relevo")).to_be_visible()
