"""Spanish and English are both complete, and every code has a word."""

import inspect
import re
from collections import Counter
from pathlib import Path

from lxml import etree

from engine.domain import events, states
from engine.people import ROLES
from engine.queries.inbox import View
from tests.processes import drawings
from tests.web import wording
from tests.web.browsing import Browser
from tests.web.conftest import Office
from web import words


def test_every_sentence_has_a_spanish_translation() -> None:
    missing = wording.collected() - set(wording.translated())

    assert missing == set()


def test_no_translation_outlives_its_sentence() -> None:
    stale = set(wording.translated()) - wording.collected()

    assert stale == set()


def test_a_translation_names_the_same_things_as_its_sentence() -> None:
    for english, spanish in wording.translated().items():
        assert set(wording.PLACES.findall(english)) == set(wording.PLACES.findall(spanish)), english


def test_no_translation_raises_its_voice() -> None:
    assert not [spanish for spanish in wording.translated().values() if "!" in spanish or "¡" in spanish]


def test_every_kind_of_event_has_a_word() -> None:
    kinds = {
        name
        for name, kind in inspect.getmembers(events, inspect.isclass)
        if issubclass(kind, events.Event) and kind is not events.Event
    }

    assert kinds <= set(words.EVENTS)


def test_every_message_of_the_shipped_diagrams_has_a_word() -> None:
    sent = {
        message.get("name")
        for name in drawings.NAMES
        for message in etree.parse(drawings.FOLDER / f"{name}.bpmn").iter(f"{drawings.BPMN}message")
    }

    assert sent <= set(words.MESSAGES)


def test_every_role_and_every_legal_state_has_a_word() -> None:
    reached = {transition.target for transition in states.TRANSITIONS} - {"="}  # which stays where it is

    assert set(ROLES) == set(words.ROLES) == set(words.HOLDERS)
    assert reached <= {*words.APPLICATIONS, *words.AUTHORISATIONS, *words.MEASURE_STATES}


def test_a_visitor_reads_spanish_and_may_choose_english(office: Office) -> None:
    browser = Browser(office.app)
    browser.get("/login")
    spanish = browser.words()

    browser.send("/language", language="en")

    assert "Iniciar sesión" in spanish
    assert "Log in" in browser.words()
    assert '<html lang="en"' in browser.page.text


def test_the_language_is_kept_with_the_account_and_the_page_stays_the_same(office: Office) -> None:
    browser = office.at("analyst")
    browser.get("/inbox?view=week")

    browser.send("/language", language="en")

    assert browser.page.request.full_path == "/inbox?view=week"
    assert "This week" in browser.words()
    assert "Inbox" in office.at("analyst").words()


def test_every_view_of_the_inbox_says_what_will_appear_there(office: Office) -> None:
    browser = office.at("analyst")

    for view in View:
        browser.get(f"/inbox?view={view}")
        assert 'class="card empty"' in browser.page.text


def test_no_sentence_is_translated_twice() -> None:
    text = (Path(__file__).parents[2] / "web" / "translations" / "es.po").read_text(encoding="utf-8")
    written = Counter(re.findall(r'^msgid ("(?:[^"\\]|\\.)+")$', text, flags=re.MULTILINE))

    assert [sentence for sentence, times in written.items() if times > 1] == []
