"""Every page against every role: what the table does not allow is refused, and what it does not name is open to nobody."""

import pytest
from werkzeug.routing import Rule

from engine.people import ROLES
from tests.web.browsing import Browser
from tests.web.conftest import Office
from web.access import ACCESS, PUBLIC

REFUSED = "Esta página no es para su función."


def _rules(office: Office) -> list[Rule]:
    return [rule for rule in office.app.url_map.iter_rules() if rule.endpoint != "static"]


def _address(office: Office, rule: Rule) -> str:
    given = {"process": "application", "kind": "process", "key": "application", "view": "all", "form": "csv"}
    known = {**given, "number": "OC-2026-0001", "operator_id": office.operator}
    with office.app.test_request_context():
        adapter = office.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {name: known.get(name, "unknown") for name in rule.arguments})


def _ask(browser: Browser, office: Office, rule: Rule) -> str:
    """The words of the answer to this role's request, whatever it is."""
    address = _address(office, rule)
    if "GET" in (rule.methods or ()):
        browser.get(address)
    else:
        browser.get("/account")
        token = browser.form("/logout")["csrf_token"]
        browser.page = browser.client.post(address, data={"csrf_token": token}, follow_redirects=True)
    return browser.words()


def test_every_page_is_named_in_the_table_and_nothing_else_is(office: Office) -> None:
    pages = {rule.endpoint for rule in office.app.url_map.iter_rules()}

    assert pages == set(ACCESS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(office: Office, role: str) -> None:
    browser = office.at(role.replace("_", "-"))

    for rule in _rules(office):
        if rule.endpoint in {"auth.leave", "auth.form", "auth.enter"}:
            continue
        words = _ask(browser, office, rule)
        allowed = role in ACCESS[rule.endpoint] or ACCESS[rule.endpoint] == PUBLIC
        assert (REFUSED not in words) == allowed, (rule, words)
        assert browser.page.status_code < 500, (rule, words)


def test_somebody_who_has_not_logged_in_is_asked_to(office: Office) -> None:
    browser = Browser(office.app)

    for rule in _rules(office):
        if ACCESS[rule.endpoint] == PUBLIC:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = browser.client.open(_address(office, rule), method=method)
        assert answer.status_code == 302, rule
        assert answer.headers["Location"].startswith("/login"), rule


def test_an_endpoint_that_is_not_in_the_table_is_open_to_nobody(office: Office) -> None:
    office.app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    for role in ROLES:
        page = office.at(role.replace("_", "-")).get("/forgotten")
        assert page.status_code == 403
        assert "open" not in page.text.split("<main")[1].split("</main>")[0]


def test_a_refused_page_is_on_the_record(office: Office) -> None:
    office.at("analyst").get("/audit/")

    page = office.at("auditor").get("/audit/")

    assert page.status_code == 200
    assert "Esta página no es para su función" in page.text or "This page is not for your role" in page.text
