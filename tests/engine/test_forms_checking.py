"""Answers are checked here, whatever page or program sent them: typed, complete, nothing the form did not ask."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import forms
from engine.domain.errors import Invalid
from engine.forms import Form
from engine.forms.records import level
from tests.engine.form_schemas import EVERYTHING, FINDINGS, YES_NO, component, form, problems

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("America/El_Salvador"))


def check_one(kind: str, value: object, **more: object) -> object:
    return forms.check(form(component(kind, "x", **more)), {"x": value}, {})["x"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [(" uno\r\ndos ", "uno\ndos"), ("", None), ("   ", None), (None, None), ("n\u0303", "ñ"), ("<b>&", "<b>&")],
)
def test_text_is_kept_composed_and_trimmed(value: object, kept: object) -> None:
    assert check_one("textarea", value) == kept


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "\x1b[31m", 5, True, ["a"], {"a": 1}, "x" * 1_001])
def test_text_that_cannot_be_stored_is_refused(value: object) -> None:
    assert "x" in problems(form(component("textfield", "x")), {"x": value})


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"required": True}, ""),
        ({"minLength": 3}, "ab"),
        ({"maxLength": 3}, "abcd"),
        ({"pattern": "^[0-9]+$"}, "12a"),
        ({"validationType": "email"}, "yo@"),
        ({"validationType": "phone"}, "call me"),
    ],
)
def test_each_rule_of_a_text_holds(rules: dict[str, object], value: str) -> None:
    assert "x" in problems(form(component("textfield", "x", validate=rules)), {"x": value})


def test_a_rule_on_the_form_of_a_text_lets_an_empty_one_pass() -> None:
    assert check_one("textfield", "", validate={"pattern": "^[0-9]+$", "minLength": 3}) is None


@pytest.mark.parametrize(
    ("value", "kept"), [("12", 12), ("12.50", 12.5), (" 1 200.5 ", 1200.5), (7, 7), (0.25, 0.25), ("-0", 0), ("", None)]
)
def test_numbers_become_plain_numbers(value: object, kept: object) -> None:
    assert check_one("number", value) == kept


@pytest.mark.parametrize(
    "value",
    [
        "1,5",
        "1e9",
        "uno",
        "NaN",
        float("nan"),
        float("inf"),
        pytest.param(10**5000, id="huge"),
        pytest.param("1" * 100_000, id="long"),
        "9" * 40,
        True,
        [1],
    ],
)
def test_what_is_no_plain_number_is_refused(value: object) -> None:
    assert "x" in problems(form(component("number", "x")), {"x": value})


@pytest.mark.parametrize("value", ["-1", "11", "1.55", "2.001"])
def test_range_and_places_of_a_number_hold(value: str) -> None:
    field = component("number", "x", decimalDigits=1, validate={"min": 0, "max": 10})

    assert "x" in problems(form(field), {"x": value})


@pytest.mark.parametrize(
    ("subtype", "value", "kept"),
    [
        ("date", "23/11/2026", "2026-11-23"),
        ("date", "3.1.2026", "2026-01-03"),
        ("date", "2026-11-23", "2026-11-23"),
        ("time", "9:05", "09:05:00"),
        ("datetime", "23/11/2026 9:05", "2026-11-23T09:05:00"),
        ("datetime", "2026-11-23T09:05", "2026-11-23T09:05:00"),
        ("date", "", None),
    ],
)
def test_dates_are_taken_as_people_and_machines_write_them(subtype: str, value: str, kept: object) -> None:
    assert check_one("datetime", value, subtype=subtype) == kept


@pytest.mark.parametrize(
    "value", ["31/02/2026", "23/11/26", "0202-01-01", "11/23/2026", "hoy", 20261123, "2026-11-23T10:00"]
)
def test_what_is_no_day_is_refused(value: object) -> None:
    assert "x" in problems(form(component("datetime", "x")), {"x": value})


def test_a_day_gone_by_is_refused_where_the_form_says_so() -> None:
    asked = form(component("datetime", "x", disallowPassedDates=True))

    with pytest.raises(Invalid):
        forms.check(asked, {"x": "22/11/2026"}, {}, now=NOON)
    assert forms.check(asked, {"x": "23/11/2026"}, {}, now=NOON) == {"x": "2026-11-23"}


@pytest.mark.parametrize(
    ("value", "kept"), [("on", True), ("true", True), (True, True), (None, False), ("", False), ("false", False)]
)
def test_a_box_is_ticked_or_not(value: object, kept: object) -> None:
    assert check_one("checkbox", value) is kept


def test_a_required_box_must_be_ticked() -> None:
    assert "x" in problems(form(component("checkbox", "x", validate={"required": True})), {})


def test_a_choice_takes_its_own_options_only() -> None:
    asked = form(component("radio", "x", values=YES_NO))

    assert forms.check(asked, {"x": "yes"}, {}) == {"x": "yes"}
    assert "x" in problems(asked, {"x": "perhaps"})
    assert "x" in problems(asked, {"x": ["yes"]})


def test_a_choice_of_numbers_gives_numbers() -> None:
    assert check_one("select", "2", values=[{"value": 2, "label": "dos"}]) == 2


def test_several_choices_come_in_the_order_of_the_form_and_once() -> None:
    asked = component("checklist", "x", values=[{"value": "a", "label": "A"}, {"value": "b", "label": "B"}])

    assert forms.check(form(asked), {"x": ["b", "a", "b", ""]}, {}) == {"x": ["a", "b"]}
    assert "x" in problems(form(asked), {"x": ["a", "z"]})


@pytest.mark.parametrize("where", [{"valuesKey": "sites"}, {"valuesExpression": "=sites"}])
def test_options_may_come_from_the_case(where: dict[str, object]) -> None:
    asked = form(component("select", "x", **where))

    assert forms.check(asked, {"x": "s1"}, {"sites": [{"value": "s1", "label": "Puerto"}, "s2"]}) == {"x": "s1"}
    assert "x" in problems(asked, {"x": "s3"}, sites=["s1"])
    assert "x" in problems(asked, {"x": "s1"})


def test_files_are_ids_and_no_more_than_asked() -> None:
    asked = form(component("filepicker", "x"))

    assert forms.check(asked, {"x": ["ev_1"]}, {}) == {"x": ["ev_1"]}
    assert "x" in problems(asked, {"x": ["a", "b"]})
    assert "x" in problems(asked, {"x": ["../etc/passwd"]})


@pytest.mark.parametrize("name", ["extra", "typename", "__class__", "constructor", "x.y", "x[0]", ""])
def test_a_field_that_the_form_does_not_have_is_refused_by_name(name: str) -> None:
    assert name in problems(form(component("textfield", "x")), {name: "1"})


def test_names_that_other_programs_trip_over_are_data_where_the_form_asks_for_them() -> None:
    assert forms.check(form(component("textfield", "typename")), {"typename": "__class__"}, {}) == {
        "typename": "__class__"
    }


def test_an_unknown_field_in_a_row_is_refused_at_its_row() -> None:
    found = problems(form(FINDINGS), {"findings": [{"title": "a"}, {"title": "b", "__class__": "c"}]})

    assert list(found) == ["findings[1].__class__"]


@pytest.mark.parametrize(
    "field",
    [
        component("textfield", "x", readonly=True),
        component("textfield", "x", disabled=True),
        component("expression", "x", expression="=1"),
    ],
)
def test_what_nobody_fills_in_cannot_be_sent(field: dict[str, object]) -> None:
    assert problems(form(field), {"x": "1"}) == {"x": "This field cannot be changed."}


def test_a_computed_field_is_worked_out_here() -> None:
    asked = form(component("number", "amount"), component("expression", "double", expression="=amount * 2 + tax"))

    assert forms.check(asked, {"amount": "1.25"}, {"tax": 1})["double"] == 3.5
    assert forms.check(asked, {}, {})["double"] is None


def test_a_hidden_answer_is_dropped_and_its_rules_with_it() -> None:
    asked = form(
        component("radio", "decision", values=YES_NO),
        component("textfield", "reason", conditional={"hide": '=decision != "no"'}, validate={"required": True}),
    )

    assert forms.check(asked, {"decision": "yes", "reason": "old"}, {}) == {"decision": "yes"}
    assert list(problems(asked, {"decision": "no"})) == ["reason"]


def test_a_condition_reads_the_case_and_the_row_it_stands_in() -> None:
    asked = form(
        component("textfield", "x", conditional={"hide": "=small"}),
        component(
            "dynamiclist",
            "rows",
            components=[
                component("number", "n"),
                component("textfield", "why", conditional={"hide": "=n < 5 or i = 1 and this.n < 9"}),
            ],
        ),
    )

    rows = [{"n": 6, "why": "a"}, {"n": 6, "why": "b"}, {"n": 1, "why": "c"}]
    assert forms.check(asked, {"x": "1", "rows": rows}, {"small": True}) == {
        "rows": [{"n": 6}, {"n": 6, "why": "b"}, {"n": 1}]
    }


def test_what_an_earlier_question_hides_cannot_show_a_later_one() -> None:
    asked = form(
        component("checkbox", "a"),
        component("checkbox", "b", conditional={"hide": "=not(a)"}),
        component("textfield", "c", conditional={"hide": "=b != true"}, validate={"required": True}),
    )

    assert forms.check(asked, {"b": "on"}, {}) == {"a": False}


def test_a_question_may_be_required_only_after_an_answer() -> None:
    asked = form(
        component("radio", "x", values=YES_NO), component("textarea", "why", properties={"required_if": '=x = "no"'})
    )

    assert list(problems(asked, {"x": "no"})) == ["why"]
    assert problems(asked, {"x": "yes"}) == {}


def test_groups_with_a_path_nest_and_groups_without_do_not() -> None:
    asked = form(
        component("group", "", components=[component("textfield", "town")]),
        component("group", "contact", components=[component("textfield", "email")]),
    )

    assert forms.check(asked, {"town": "Acajutla", "contact": {"email": "a"}}, {}) == {
        "town": "Acajutla",
        "contact": {"email": "a"},
    }
    assert "contact" in problems(asked, {"contact": "text"})


def test_a_group_that_only_shows_wipes_nothing_that_the_case_holds() -> None:
    shown = component("textfield", "name", readonly=True)
    asked = form(
        {"type": "group", "id": "company", "path": "company", "components": [shown]}, component("textfield", "x")
    )

    assert forms.check(asked, {"x": "y"}, {"company": {"name": "Lempa"}}) == {"x": "y"}


def test_rows_left_empty_leave_and_problems_keep_the_numbers_of_the_page() -> None:
    asked = form(FINDINGS)

    assert forms.check(asked, {"findings": [{}, {"title": "a"}, {"title": " "}]}, {})["findings"] == [
        {"title": "a", "severity": None, "photos": []}
    ]
    assert list(problems(asked, {"findings": [{}, {"severity": "minor"}]})) == ["findings[1].title"]


def test_a_required_list_needs_a_row() -> None:
    asked = form({**FINDINGS, "validate": {"required": True}})

    assert list(problems(asked, {"findings": [{}]})) == ["findings"]


def test_a_list_that_nobody_adds_to_has_an_answer_for_every_entry_that_the_case_holds() -> None:
    replies = component("dynamiclist", "replies", allowAddRemove=False)
    asked = form({**replies, "components": [component("textarea", "reply", validate={"required": True})]})
    held = {"replies": [{"argument": "Ya se pagó."}, {"argument": "Hay prórroga."}]}
    said = [{"reply": "No consta."}, {"reply": "Venció."}]

    assert forms.check(asked, {"replies": said}, held)["replies"] == said
    assert list(problems(asked, {"replies": [{"reply": " "}, said[1]]}, **held)) == ["replies[0].reply"]
    assert list(problems(asked, {"replies": said[:1]}, **held)) == ["replies"]
    assert list(problems(asked, {}, **held)) == ["replies"]


@pytest.mark.parametrize("rows", ["text", {"0": {}}, [5], [{}] * 201])
def test_what_is_no_list_of_rows_is_refused(rows: object) -> None:
    assert problems(form(FINDINGS), {"findings": rows})


def test_every_problem_is_said_at_once() -> None:
    found = problems(form(*EVERYTHING), {"amount": "x", "visited": "x", "decision": "x", "evil": "x"})

    assert {"name", "amount", "visited", "decision", "evil", "answers.A.1.answer", "answers.G.2.answer"} <= set(found)


def test_answers_to_criteria_stand_by_their_codes() -> None:
    asked = form(component("group", "answers", properties={"criteria": "wco"}))
    answers = {"A.1": {"answer": "yes", "evidence": ["e1"]}, "G.2": {"answer": "na", "narrative": "Sin carga"}}

    assert forms.check(asked, {"answers": answers}, {})["answers"] == {
        "A.1": {"answer": "yes", "narrative": None, "evidence": ["e1"]},
        "G.2": {"answer": "na", "narrative": "Sin carga", "evidence": []},
    }
    assert forms.evidence_ids(asked, {"answers": answers}) == ("e1",)


def test_anything_but_a_plain_yes_to_a_criterion_says_why() -> None:
    asked = form(component("group", "answers", properties={"criteria": "wco"}))

    assert "answers.A.1.narrative" in problems(asked, {"answers": {"A.1": {"answer": "partly"}}})


@pytest.mark.parametrize(("scale", "score"), [("score", 1), ("conformity", "major")])
def test_an_officer_who_finds_a_lack_gives_the_reason(scale: str, score: object) -> None:
    asked = form(component("group", "scores", properties={"criteria": "wco", "mode": "officer", "scale": scale}))

    assert "scores.A.1.note" in problems(asked, {"scores": {"A.1": {"score": score}}})


def test_an_officer_cannot_change_what_the_operator_declared() -> None:
    asked = form(component("group", "scores", properties={"criteria": "wco", "mode": "officer"}))

    assert "scores.A.1.operator_answer" in problems(asked, {"scores": {"A.1": {"operator_answer": "yes"}}})


def test_files_of_rows_are_found_in_answers_and_in_drafts() -> None:
    asked = form(FINDINGS)

    assert forms.evidence_ids(asked, {"findings": [{"photos": ["a", "b"]}, {"photos": ["b", 5]}, "x"]}) == ("a", "b")


def test_the_draft_goes_before_the_case_and_the_case_before_the_default() -> None:
    asked = form(
        component("textfield", "a", defaultValue="d"),
        component("textfield", "b", defaultValue="d"),
        component("textfield", "c", defaultValue="d"),
    )

    assert forms.prefilled(asked, {"a": "draft"}, {"a": "case", "b": "case"}) == {"a": "draft", "b": "case", "c": "d"}


KEYS = [
    "name",
    "reasons",
    "amount",
    "visited",
    "sure",
    "kinds",
    "decision",
    "papers",
    "double",
    "operator_name",
    "town",
]
KEYS += ["contact", "email", "answers", "A.1", "answer", "evidence", "findings", "title", "due", "photos", "__class__"]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["yes", "no", "a", "1.5", "23/11/2026", "minor", "on"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=25,
)
ASKED = form(
    *(
        {**one, "validate": {}, "properties": {}, "components": [component("textfield", "title")]}
        for one in EVERYTHING
        if one["type"] != "group"
    ),
    component("expression", "echo", expression="=operator_name"),
    component("group", "contact", components=[component("number", "amount"), component("checkbox", "sure")]),
)


@given(
    st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), ANYTHING, max_size=10),
    st.dictionaries(st.sampled_from(KEYS), ANYTHING),
)
def test_whatever_is_sent_becomes_plain_known_data_or_is_refused(
    answers: dict[str, object], data: dict[str, object]
) -> None:
    try:
        checked = forms.check(ASKED, answers, data)
    except Invalid:
        return
    assert json.loads(json.dumps(checked, allow_nan=False)) == checked
    assert set(checked) <= known_keys(ASKED)


@given(
    st.fixed_dictionaries(
        {
            "name": st.text(min_size=1, max_size=10),
            "amount": st.integers(0, 1000),
            "kinds": st.lists(st.sampled_from("ab")),
        }
    )
)
def test_checked_answers_pass_a_second_time_unchanged(answers: dict[str, object]) -> None:
    asked = form(EVERYTHING[0], EVERYTHING[2], EVERYTHING[5])

    try:
        checked = forms.check(asked, answers, {})
    except Invalid:
        return
    assert forms.check(asked, checked, {}) == checked


def known_keys(asked: Form) -> set[str]:
    return {one.key for one in level(asked.fields)}
