"""A form on a page says everything to everybody: labels, hints, problems, in both languages, without a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from engine import forms as engine_forms
from engine.domain.errors import Invalid, Problem
from engine.forms import Form
from tests.engine.form_schemas import EVERYTHING, FINDINGS, YES_NO, component, form
from tests.web.form_pages import ANSWERS, page, rendered, sent, text
from web import forms
from web.forms import FileView

ASKED = form(*EVERYTHING)
LONG = form(
    *(
        component(
            "group", "", label=f"Parte {n}", components=[component("textfield", f"q{n}", validate={"required": True})]
        )
        for n in range(4)
    )
)


def all_wrong(asked: Form) -> tuple[Problem, ...]:
    with pytest.raises(Invalid) as refusal:
        engine_forms.check(asked, {"amount": "x", "extra": "x", "findings": [{"severity": "major"}]}, {})
    return refusal.value.problems


def require_whole(shown: html.HtmlElement) -> None:
    """Every reference on the page leads somewhere, and no id stands twice."""
    ids = [one.get("id") for one in shown.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for one in shown.iter():
            assert set((one.get(name) or "").split()) <= set(ids)
    for link in shown.iter("a"):
        assert not link.get("href").startswith("#") or link.get("href")[1:] in ids


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("wrong", [False, True])
def test_every_label_hint_and_problem_belongs_to_its_question(language: str, wrong: bool) -> None:  # noqa: FBT001
    files = {"e1": FileView("e1", "libro.pdf", "/evidence/e1")}

    require_whole(page(ASKED, {"papers": ["e1"]}, all_wrong(ASKED) if wrong else (), language, files))


def test_every_question_has_a_label_or_a_legend() -> None:
    shown = page(ASKED)

    labelled = {one.get("for") for one in shown.iter("label")}
    typed = [one for one in shown.iter("input", "textarea", "select") if one.get("type") != "hidden"]
    assert typed
    assert all(one.get("id") in labelled for one in typed)


def test_the_reader_gets_the_form_in_their_language() -> None:
    asked = form(component("radio", "x", label="Decisión", values=YES_NO, properties={"label_en": "Decision"}))

    assert "Decisión" in text(page(asked))
    assert "Decision" in text(page(asked, language="en"))
    assert "Yes" in text(page(asked, language="en"))


def test_each_problem_is_listed_on_top_and_stands_at_its_question() -> None:
    shown = page(ASKED, {}, [Problem("amount", "Write %(limit)s or more.", {"limit": 5})], "en")

    link = shown.find(".//a[@href='#amount']")
    assert text(link) == "Amount: Write 5 or more."
    assert "Write 5 or more." in text(shown.get_element_by_id("amount-error"))
    assert "amount-error" in shown.get_element_by_id("amount").get("aria-describedby")


def test_a_problem_of_no_question_is_listed_too() -> None:
    assert "extra: The form has no such field." in text(page(ASKED, {}, all_wrong(ASKED), "en"))


def test_what_was_typed_is_kept_even_where_it_is_wrong() -> None:
    shown = page(ASKED, {"amount": "mil", "visited": "31/02/2026", "reasons": " a\n<b>"})

    assert shown.get_element_by_id("amount").value == "mil"
    assert shown.get_element_by_id("visited").value == "31/02/2026"
    assert shown.get_element_by_id("reasons").value == " a\n<b>"


def test_what_the_case_knows_need_not_be_typed_again() -> None:
    shown = page(
        ASKED, name="Lempa", visited="2026-11-23", sure=True, kinds=["b"], decision="no", contact={"email": "a@b.sv"}
    )

    values = sent(shown)
    assert (values["name"], values["visited"], values["contact-email"]) == ("Lempa", "23/11/2026", "a@b.sv")
    assert (values["sure"], values.getlist("kinds"), values["decision"]) == ("true", ["b"], "no")


def test_peoples_text_is_never_markup() -> None:
    evil = "<script>alert(1)</script>"
    asked = form(
        component("textfield", "x", label=evil, description=evil), component("text", "", text=evil + " {{ evil }}")
    )

    shown = page(asked, {"x": evil}, [Problem("x", "It is %(what)s.", {"what": evil})], evil=evil)

    assert not list(shown.iter("script"))
    assert text(shown).count("alert(1)") >= 4


def test_an_explanation_shows_paragraphs_lists_and_what_the_case_knows() -> None:
    asked = form(component("text", "", text="# Antes\n\nExpediente {{number}}\n\n- uno\n- dos"))

    shown = page(asked, number="OC-2026-0118")

    assert text(shown.find(".//h2")) == "Antes"
    assert text(shown.find(".//p")) == "Expediente OC-2026-0118"
    assert [text(one) for one in shown.iter("li")] == ["uno", "dos"]


def test_a_date_of_the_case_is_written_out_and_words_are_set_off() -> None:
    asked = form(
        component(
            "text", "", text="Dura hasta el **{{ due }}**.", properties={"text_en": "It lasts until **{{ due }}**."}
        )
    )

    shown = page(asked, due="2027-01-05"), page(asked, language="en", due="2027-01-05")

    assert [text(one.find(".//strong")) for one in shown] == ["5 de enero de 2027", "5 January 2027"]


def test_what_has_parts_is_told_by_its_parts_with_dates_inside_a_sentence_written_out() -> None:
    asked = form(component("text", "", text='{{rows}}\n\n{{one.what + " (" + one.due + ")"}} n.º {{number}}'))
    one = {"what": "Cambiar candados", "due": "2026-04-03"}

    shown = text(page(asked, rows=[{**one, "files": []}, {"what": None}], one=one, number="OC-2026-04-03"))

    assert "Cambiar candados, 3 de abril de 2026" in shown
    assert "Cambiar candados (3 de abril de 2026)" in shown
    assert "n.º OC-2026-04-03" in shown


def test_a_list_of_fixed_rows_has_no_buttons() -> None:
    assert not page(form({**FINDINGS, "allowAddRemove": False})).xpath(".//button[@name]")


def test_an_optional_question_says_so() -> None:
    assert "Amount (optional)" in text(page(ASKED, language="en"))
    assert "Name (optional)" not in text(page(ASKED, language="en"))


def test_what_nobody_fills_in_is_shown_to_read() -> None:
    shown = page(ASKED, {"amount": "1.5"}, operator_name="Lempa")

    assert "Lempa" in text(shown)
    assert [text(one) for one in shown.iter("dd")][:1] == ["3"]
    assert not shown.xpath(".//*[@name='operator_name' or @name='double']")


def test_a_question_that_the_case_hides_is_not_on_the_page() -> None:
    asked = form(component("textfield", "x", conditional={"hide": "=small"}))

    assert page(asked, small=False).xpath(".//*[@name='x']")
    assert not page(asked, small=True).xpath(".//*[@name='x']")


def test_a_question_that_hangs_on_this_page_shows_and_says_on_what() -> None:
    asked = form(
        component("radio", "decision", values=YES_NO),
        component("textfield", "why", conditional={"hide": '=decision != "no"'}),
    )

    around = page(asked, {"decision": "yes"}, language="en").find(".//div[@data-shown-by]")

    assert around.xpath(".//*[@name='why']")
    assert (around.get("data-shown-by"), around.get("data-shown-values")) == ("decision", '["no"]')
    assert text(around.find(".//p")) == "Only if “Decision” is: No."


def test_rows_can_be_added_and_taken_away_by_buttons_alone() -> None:
    shown = page(form(FINDINGS), {"findings": [{"title": "a"}, {"title": "b"}]})

    buttons = [one.get("value") for one in shown.iter("button") if one.get("name") == "_rows"]
    assert buttons == ["remove:findings[0]", "remove:findings[1]", "add:findings"]


def test_the_first_button_of_a_form_takes_nothing_away() -> None:
    assert page(form(FINDINGS)).find(".//button").get("name") is None


def test_a_long_form_has_a_list_of_contents_that_says_what_is_open() -> None:
    shown = page(LONG, {"q0": "x"}, [Problem("q1", "Answer this question.")], "en")

    lines = [text(one) for one in shown.find(".//nav").iter("li")]
    assert lines == ["Parte 0 Nothing pending", "Parte 1 1 to correct", "Parte 2 1 pending", "Parte 3 1 pending"]
    require_whole(shown)


def test_a_short_form_has_none() -> None:
    assert page(form(component("textfield", "x"))).find(".//nav") is None


def test_the_officer_sees_the_operators_answer_above_their_own() -> None:
    asked = form(component("group", "scores", properties={"criteria": "wco", "mode": "officer"}))

    shown = page(
        asked,
        self_assessment={"A.1": {"answer": "partly", "narrative": "Una multa", "evidence": ["e1"]}},
        files={"e1": FileView("e1", "multa.pdf", "/e1")},
    )

    words = text(shown)
    assert words.index("En parte") < words.index("Una multa") < words.index("multa.pdf") < words.index("Valoración")


def test_files_that_are_kept_can_be_opened_and_taken_away() -> None:
    shown = page(ASKED, {"papers": ["e1"]}, files={"e1": FileView("e1", "libro.pdf", "/evidence/e1")})

    assert shown.find(".//a[@href='/evidence/e1']") is not None
    assert sent(shown).getlist("papers-keep") == ["e1"]


def test_answers_are_read_back_in_words() -> None:
    answers = {
        "name": "Lempa",
        "amount": 1500.5,
        "visited": "2026-11-23",
        "sure": True,
        "kinds": ["a", "b"],
        "papers": ["e1"],
        "findings": [{"title": "Cerca rota", "severity": "major"}],
        "answers": {"A.1": {"answer": "no", "narrative": "x"}},
    }

    shown = rendered(
        ANSWERS, forms.answers_view(ASKED, answers, "es", files={"e1": FileView("e1", "libro.pdf", "/e1")})
    )

    words = text(shown)
    assert all(
        part in words for part in ("Lempa", "1,500.5", "23 de noviembre de 2026", "libro.pdf", "Cerca rota", "Mayor")
    )
    assert shown.find(".//a[@href='/tasks/1#amount']") is not None
    assert "Reasons" not in words


def test_a_form_tells_the_page_whether_it_takes_files() -> None:
    assert forms.view(ASKED, {}).has_files
    assert not forms.view(LONG, {}).has_files


@given(
    st.dictionaries(
        st.sampled_from(["name", "amount", "visited", "kinds", "papers", "findings", "contact", "answers"]),
        st.recursive(
            st.none() | st.text(max_size=5) | st.integers() | st.booleans(),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.sampled_from(["title", "A.1", "answer"]), inner, max_size=2)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_draft_can_be_shown(draft: dict[str, object]) -> None:
    assert forms.view(ASKED, draft).items
    assert forms.answers_view(ASKED, draft).language == "es"
