"""A programme is read in words, with what is still to be confirmed; two versions or two programmes are compared."""

import re
from pathlib import Path

from engine import people, resources
from engine.work import SYSTEM, begin, look
from tests import factories
from tests.web.browsing import Browser
from tests.web.conftest import Office
from web import programme_words

SV = (Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml").read_text(encoding="utf-8")
ASSUMED = len(re.findall(r"^assumption = true$", SV, re.MULTILINE))


def english(browser: Browser) -> Browser:
    browser.get("/account")
    browser.send("/language", language="en")
    return browser


def section(browser: Browser, anchor: str) -> str:
    """The words of one item of the page."""
    text = browser.page.text
    start = text.index(f'id="{anchor}"')
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[start : start + 3000].split("</dl>")[0]))


def test_an_officer_reads_a_programme_in_words(office: Office) -> None:
    browser = office.at("analyst")

    browser.get("/programmes/eu")

    assert "120 días calendario" in section(browser, "clocks-decision")
    assert "se tiene por admitida" in section(browser, "clocks-acceptance")
    assert "sin término" in section(browser, "validity")
    assert "no se admite: debe responder" in browser.words()


def test_it_reads_in_english_too(office: Office) -> None:
    browser = english(office.at("analyst"))

    browser.get("/programmes/eu")

    assert "120 calendar days" in section(browser, "clocks-decision")
    assert "AEOC" in section(browser, "types-AEOF")


def test_every_assumption_is_marked_and_listed_with_its_note_and_question(office: Office) -> None:
    browser = office.at("auditor")

    browser.get("/programmes/sv")

    listed = browser.page.text.split('id="to-confirm"')[1].split("</ol>")[0]
    assert listed.count("<li>") == ASSUMED
    assert "Pregunta abierta 8." in listed
    linked = set(re.findall(r'href="#([^"]+)"', listed))
    assert linked <= set(re.findall(r'class="rule rule--assumed" id="([^"]+)"', browser.page.text))
    assert len(linked) == ASSUMED


def test_the_programmes_are_listed_with_what_is_to_be_confirmed(office: Office) -> None:
    browser = office.at("auditor")

    browser.get("/programmes/")

    assert f"{ASSUMED} valores" in browser.words()


def test_two_programmes_are_compared(office: Office) -> None:
    browser = office.at("process-owner")
    browser.get("/programmes/")
    ids = dict(re.findall(r'value="([^"]+)"[^>]*>([^<]+)</option>', browser.page.text))
    by_title = {title: id_ for id_, title in ids.items()}
    one = next(id_ for title, id_ in by_title.items() if "Salvador" in title)
    other = next(id_ for title, id_ in by_title.items() if "Europea" in title)

    browser.get(f"/programmes/compare?one={one}&other={other}")

    assert "quinto" not in browser.words()
    assert "5 días calendario" in browser.words()
    assert "solo lo tiene el segundo" in browser.words()


def test_two_versions_differ_in_what_was_changed_and_in_nothing_else(office: Office) -> None:
    text = SV.replace("base = 120", "base = 90")
    factories.publish(office.database, ("programme", "sv", text.encode()))
    browser = office.at("process-owner")
    browser.get("/programmes/sv")
    ids = re.findall(r'value="([^"]+)"[^>]*>[^<]*Salvador[^<]*</option>', browser.page.text)

    browser.get(f"/programmes/compare?one={ids[1]}&other={ids[0]}")

    assert "90 días calendario" in browser.words()
    assert browser.page.text.count("<tbody>") == 1


def test_the_same_version_says_the_same(office: Office) -> None:
    browser = office.at("auditor")

    browser.get("/programmes/compare")

    assert "Dicen lo mismo." in browser.words()


def test_a_draft_is_read_by_owners_only_and_says_why_it_cannot_be(office: Office) -> None:
    with look(office.database, SYSTEM) as work:
        author = people.actor(people.by_username(work, "process-owner"))
    with begin(office.database, author) as work:
        draft = resources.open_draft(work, "programme", "sv")
        resources.save(work, draft.id, SV.replace("base = 120", "base = 0").encode(), draft.revision)
        id_ = draft.id
    owner, officer = office.at("process-owner"), office.at("analyst")

    owner.get(f"/programmes/versions/{id_}")
    officer.get(f"/programmes/versions/{id_}")

    assert "Este borrador aún no se puede leer" in owner.words()
    assert "clocks.decision.base" in owner.words()
    assert officer.page.status_code == 404


def test_every_label_and_code_of_the_shipped_programmes_has_a_word(office: Office) -> None:
    browser = english(office.at("auditor"))
    for key in ("sv", "eu", "wco"):
        browser.get(f"/programmes/{key}")

        labels = set(re.findall(r"<dt>([^<]+)</dt>", browser.page.text))

        assert labels <= set(programme_words.LABELS.values())


def test_saving_a_draft_says_what_is_wrong_with_key_and_line_in_the_readers_language(office: Office) -> None:
    browser = office.at("process-owner")
    browser.get("/studio/programme/sv")
    browser.send("/studio/programme/sv/draft")
    address = browser.page.request.path
    wrong = SV.replace('template = "D17_refusal"', 'template = "D17_no"').replace("base = 120", "base = 0")
    line = wrong[: wrong.index("base = 0")].count("\n") + 1

    browser.send(address, content=wrong)
    said = browser.words()
    browser.send(address, content=wrong.replace("base = 0", "base = 120"))

    assert f"línea {line}, clocks.decision.base Escriba un número entero" in said
    assert "letters.D17.template No existe D17_no: elija entre" in browser.words()
