"""What every answer says to browsers, and what a request must carry."""

from pathlib import Path

import pytest

from engine import people
from engine.work import SYSTEM, begin
from tests.factories import PASSWORD
from tests.web.browsing import Browser
from tests.web.conftest import Office
from web import create_app
from web.access import may_open
from web.security import POLICY
from web.settings import Settings


@pytest.mark.parametrize("address", ["/login", "/inbox", "/nowhere", "/static/favicon.svg", "/cases/NONE-1"])
def test_every_answer_forbids_foreign_scripts_frames_and_guessed_types(office: Office, address: str) -> None:
    page = office.at("analyst").get(address)

    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_scripts_and_styles_of_ours_only() -> None:
    assert "script-src 'self'" in POLICY
    assert "style-src 'self'" in POLICY
    assert "unsafe" not in POLICY


def test_no_page_holds_a_script_or_a_style_of_its_own(office: Office) -> None:
    browser = office.at("signatory")

    for address in ("/inbox", "/cases", "/operators", f"/operators/{office.operator}", "/start", "/account"):
        page = browser.get(address).text
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
        assert "<style" not in page


def test_pages_are_not_kept_by_browsers_but_built_files_are(office: Office) -> None:
    browser = office.at("analyst")

    assert browser.get("/inbox").headers["Cache-Control"] == "no-store"
    assert "immutable" in browser.get("/static/dist/none.css").headers["Cache-Control"]


def test_every_changing_request_needs_the_token_of_its_log_in(office: Office) -> None:
    browsers = {role: office.at(role.replace("_", "-")) for role in people.ROLES}

    for rule in office.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        role = next(role for role in people.ROLES if may_open(rule.endpoint, frozenset({role})))
        address = "/".join("unknown" if part.startswith("<") else part for part in rule.rule.split("/"))
        answer = browsers[role].client.post(address, data={"csrf_token": "forged"})
        assert answer.status_code == 403, rule
        assert "Este formulario caducó." in answer.text, rule


def test_the_token_of_another_log_in_does_not_count(office: Office) -> None:
    first, second = office.at("analyst"), office.at("validator")
    first.get("/account")
    token = first.form("/logout")["csrf_token"]

    answer = second.client.post("/logout", data={"csrf_token": token})

    assert answer.status_code == 403


def test_the_log_in_cookie_is_out_of_reach_of_scripts_and_other_sites(office: Office) -> None:
    browser = Browser(office.app)
    browser.get("/login")
    token = browser.form("/login")["csrf_token"]

    answer = browser.client.post("/login", data={"csrf_token": token, "username": "analyst", "password": PASSWORD})

    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("marchamo="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_cookies_stay_on_https(office: Office, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, database="", secret="x" * 40, secure=True), office.database)
    browser = Browser(app)
    browser.client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
    page = browser.get("/login")
    token = browser.form("/login")["csrf_token"]

    answer = browser.client.post("/login", data={"csrf_token": token, "username": "analyst", "password": PASSWORD})

    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))


def test_a_wrong_password_keeps_the_name_and_says_nothing_more(office: Office) -> None:
    browser = Browser(office.app).log_in("analyst", "not the password")

    assert browser.page.status_code == 422
    assert "El nombre de usuario o la contraseña no son correctos." in browser.words()
    assert browser.form("/login")["username"] == "analyst"
    assert browser.form("/login")["password"] == ""


def test_an_unknown_name_reads_like_a_wrong_password(office: Office) -> None:
    known = Browser(office.app).log_in("analyst", "not the password")
    unknown = Browser(office.app).log_in("nobody-here", "not the password")

    assert unknown.words().replace("nobody-here", "analyst") == known.words()


def test_after_five_wrong_passwords_the_account_rests(office: Office) -> None:
    for _attempt in range(people.TRIES):
        Browser(office.app).log_in("analyst", "not the password")

    browser = Browser(office.app).log_in("analyst")

    assert browser.page.status_code == 422
    assert "Demasiadas contraseñas equivocadas" in browser.words()


def test_a_log_out_ends_the_session_for_good(office: Office) -> None:
    browser = office.at("analyst")
    cookie = browser.client.get_cookie("marchamo")
    browser.get("/account")
    browser.send("/logout")
    assert cookie is not None
    browser.client.set_cookie("marchamo", cookie.value)

    browser.get("/inbox")

    assert "Iniciar sesión" in browser.words()


def test_a_closed_account_is_out_at_once(office: Office) -> None:
    browser = office.at("analyst")
    with begin(office.database, SYSTEM) as work:
        people.by_username(work, "analyst").active = False

    browser.get("/inbox")

    assert "Iniciar sesión" in browser.words()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_nobody_is_sent_to_another_site_after_log_in(office: Office, address: str) -> None:
    browser = Browser(office.app)
    browser.get("/login")
    fields = {**browser.form("/login"), "username": "analyst", "password": PASSWORD, "next": address}

    answer = browser.client.post("/login", data=fields)

    assert answer.headers["Location"] == "/"


def test_after_log_in_the_page_that_was_asked_for_opens(office: Office) -> None:
    browser = Browser(office.app)
    browser.get("/cases?status=active")

    browser.send("/login", username="analyst", password=PASSWORD)

    assert browser.page.request.full_path == "/cases?status=active"


def test_a_file_that_is_too_large_is_refused_with_a_page(office: Office, tmp_path: Path) -> None:
    small = Settings(data=tmp_path, database="", secret="x" * 40, upload_megabytes=1)
    browser = Browser(create_app(small, office.database)).log_in("signatory")

    answer = browser.client.post("/start/application", data={"filler": "x" * 2_000_000})

    assert answer.status_code == 413
    assert "Es demasiado grande" in answer.text
