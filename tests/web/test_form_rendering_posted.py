"""What a page sends becomes the answers that the form asked for, and what it did not ask stays visible to the check."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine import forms as engine_forms
from engine.domain.errors import Invalid
from tests.engine.form_schemas import EVERYTHING, FINDINGS, component, form
from tests.web.form_pages import file, page, said, sent
from web import forms
from web.forms import Upload

ASKED = form(*EVERYTHING)


def posted(asked: engine_forms.Form, *fields: tuple[str, str]) -> dict[str, object]:
    return forms.posted(asked, MultiDict(fields), MultiDict())


def test_names_become_the_shape_of_the_form() -> None:
    answers = posted(
        ASKED,
        ("name", "Lempa"),
        ("contact-email", "a@b.sv"),
        ("town", "Acajutla"),
        ("answers-A-1-answer", "yes"),
        ("kinds", "a"),
        ("kinds", "b"),
    )

    assert (answers["name"], answers["contact"], answers["town"], answers["kinds"]) == (
        "Lempa",
        {"email": "a@b.sv"},
        "Acajutla",
        ["a", "b"],
    )
    assert answers["answers"]["A.1"]["answer"] == "yes"


def test_rows_come_in_the_order_of_their_numbers() -> None:
    answers = posted(form(FINDINGS), ("findings-10-title", "b"), ("findings-2-title", "a"))

    assert [row["title"] for row in answers["findings"]] == ["a", "b"]


def test_a_row_of_boxes_left_empty_is_still_a_row() -> None:
    asked = form(component("dynamiclist", "rows", components=[component("checkbox", "x")]))

    assert len(posted(asked, ("rows-0-_row", "1"), ("rows-1-_row", "1"), ("rows-1-x", "true"))["rows"]) == 2


def test_the_button_adds_a_row() -> None:
    answers = posted(form(FINDINGS), ("findings-0-title", "a"), ("_rows", "add:findings"))

    assert len(answers["findings"]) == 2
    assert forms.rows_changed({"_rows": "add:findings"})


def test_the_button_takes_its_own_row_away() -> None:
    answers = posted(
        form(FINDINGS), ("findings-0-title", "a"), ("findings-1-title", "b"), ("_rows", "remove:findings[0]")
    )

    assert [row["title"] for row in answers["findings"]] == ["b"]


def test_rows_inside_rows_have_buttons_of_their_own() -> None:
    inner = component("dynamiclist", "gates", components=[component("textfield", "name")])
    asked = form(component("dynamiclist", "sites", components=[component("textfield", "town"), inner]))
    fields = [
        ("sites-0-town", "a"),
        ("sites-0-gates-0-name", "x"),
        ("sites-1-town", "b"),
        ("sites-1-gates-0-name", "y"),
    ]

    answers = posted(asked, *fields, ("_rows", "add:sites[1].gates"))

    assert [len(row["gates"]) for row in answers["sites"]] == [1, 2]


def test_nobody_adds_rows_without_end() -> None:
    rows = [(f"findings-{number}-title", "a") for number in range(200)]

    assert len(posted(form(FINDINGS), *rows, ("_rows", "add:findings"))["findings"]) == 200


@pytest.mark.parametrize(
    "name",
    ["typename", "__class__", "extra", "findings-0-evil", "findings-x-title", "contact-", "double", "operator_name"],
)
def test_what_the_form_did_not_ask_is_refused(name: str) -> None:
    answers = posted(form(*EVERYTHING[8:10], EVERYTHING[11], FINDINGS), ("findings-0-title", "a"), (name, "1"))

    with pytest.raises(Invalid) as refusal:
        engine_forms.check(form(*EVERYTHING[8:10], EVERYTHING[11], FINDINGS), answers, {})
    assert [one.where for one in refusal.value.problems] == [name]


def test_the_pages_own_fields_are_no_answers() -> None:
    assert set(posted(form(component("textfield", "x")), ("x", "1"), ("_token", "t"), ("csrf_token", "t"))) == {"x"}


def test_a_new_file_becomes_an_id_and_stands_beside_those_kept() -> None:
    answers = forms.posted(ASKED, MultiDict([("papers-keep", "e1")]), MultiDict([("papers", file())]))
    kept: list[Upload] = []

    def store(upload: Upload) -> str:
        kept.append(upload)
        return "e2"

    swapped, problems = forms.stored(answers, store)

    assert (swapped["papers"], problems) == (["e1", "e2"], ())
    assert (kept[0].filename, kept[0].content, kept[0].media_type) == ("libro.pdf", b"%PDF-1.7", "application/pdf")


def test_a_new_file_takes_the_place_of_the_only_one() -> None:
    asked = form(component("filepicker", "x"))

    answers = forms.posted(asked, MultiDict([("x-keep", "e1")]), MultiDict([("x", file())]))

    assert forms.stored(answers, lambda _upload: "e2")[0] == {"x": ["e2"]}


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.pdf", b"")])
def test_a_file_that_may_not_be_kept_is_said_at_its_question(name: str, content: bytes) -> None:
    answers = forms.posted(ASKED, MultiDict(), MultiDict([("papers", file(name, content))]))

    swapped, problems = forms.stored(answers, lambda _upload: "never")

    assert swapped["papers"] == []
    assert name in said(problems)["papers"]


def test_a_file_in_a_row_is_said_at_its_row() -> None:
    answers = forms.posted(
        form(FINDINGS), MultiDict([("findings-0-title", "a")]), MultiDict([("findings-0-photos", file("a.exe", b"MZ"))])
    )

    assert list(said(forms.stored(answers, lambda _upload: "never")[1])) == ["findings[0].photos"]


def test_an_empty_file_box_is_no_file() -> None:
    assert forms.posted(ASKED, MultiDict(), MultiDict([("papers", file("", b""))]))["papers"] == []


def test_a_page_sent_back_untouched_gives_the_same_answers() -> None:
    first = {
        "name": "Lempa",
        "reasons": "porque\nsí",
        "amount": 1500.25,
        "visited": "2026-11-23",
        "sure": True,
        "kinds": ["a"],
        "decision": "no",
        "papers": ["e1"],
        "double": 3000.5,
        "town": "Acajutla",
        "contact": {"email": "a@b.sv"},
        "answers": {code: {"answer": "yes", "narrative": None, "evidence": ["e2"]} for code in ("A.1", "G.2")},
        "findings": [{"title": "a", "severity": "major", "due": "2026-12-01", "photos": ["e3"]}],
    }
    small = form(*(one for one in EVERYTHING if one.get("key") != "amount"), {**EVERYTHING[2], "validate": {}})

    again = engine_forms.check(small, forms.posted(small, sent(page(small, first)), MultiDict()), {})

    assert again == first


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "name",
                    "amount",
                    "findings-0-title",
                    "findings-0-due",
                    "answers-A-1-answer",
                    "kinds",
                    "_rows",
                    "papers-keep",
                    "contact-email",
                ]
            )
            | st.text(max_size=5),
            st.text(max_size=6),
        ),
        max_size=12,
    )
)
def test_whatever_a_page_sends_is_answered_or_refused_and_can_be_shown_again(fields: list[tuple[str, str]]) -> None:
    answers = posted(ASKED, *fields)

    try:
        problems = ()
        json.dumps(engine_forms.check(ASKED, answers, {}))
    except Invalid as refusal:
        problems = refusal.problems
    assert forms.view(ASKED, answers, problems).problems or not problems
