"""A form's file is read whole or refused with every reason, each at its component."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import forms
from engine.domain.errors import Invalid
from engine.forms import Kind
from tests.engine.form_schemas import CRITERIA, EVERYTHING, YES_NO, component, form, problems, schema


def test_a_form_reads_with_all_that_its_components_say() -> None:
    read = form(component("textfield", "name", description="Como en el NIT", properties={"label_en": "Name"}))

    field = read.fields[0]
    assert (field.kind, field.key) == (Kind.TEXT, "name")
    assert (field.label.said("es"), field.label.said("en"), field.description.said("en")) == (
        "Name",
        "Name",
        "Como en el NIT",
    )


def test_every_component_that_is_shown_can_be_read() -> None:
    assert len(list(form(*EVERYTHING).walk())) > len(EVERYTHING)


def test_the_editors_own_button_is_passed_over() -> None:
    assert form(component("button", "send")).fields == ()


@pytest.mark.parametrize("kind", ["html", "iframe", "table", "image", "documentPreview", "script", None, 7, ["x"]])
def test_a_component_that_cannot_be_shown_is_refused_by_name(kind: object) -> None:
    assert list(problems(schema({"type": kind, "id": "strange"}))) == ["strange"]


@pytest.mark.parametrize("key", ["", "Name", "1st", "a-b", "a.b", "__class__", "_x", "a" * 62, "ñ", 5])
def test_a_key_that_data_and_diagrams_could_not_use_is_refused(key: object) -> None:
    assert problems(schema({"type": "textfield", "id": "bad", "label": "X", "key": key}))


def test_two_components_may_not_write_to_one_key() -> None:
    twins = (component("textfield", "name"), component("group", "", components=[component("number", "name")]))

    assert "name" in problems(schema(*twins))


def test_one_key_may_occur_in_two_objects() -> None:
    inside = [component("textfield", "name")]

    assert (
        problems(schema(component("group", "a", components=inside), component("group", "b", components=inside))) == {}
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"conditional": {"hide": "=1 +"}},
        {"validate": {"pattern": "(a"}},
        {"validate": {"pattern": "(?=a)b"}},
        {"validate": {"minLength": 5, "maxLength": 3}},
        {"validate": {"maxLength": -1}},
        {"validate": "required"},
        {"properties": {"required_if": "=)"}},
        {"readonly": "=true"},
        {"label": 5},
    ],
)
def test_a_rule_that_cannot_work_is_refused_at_its_component(wrong: dict[str, object]) -> None:
    assert "name" in problems(schema({**component("textfield", "name"), **wrong}))


@pytest.mark.parametrize(
    "values", [None, [], [{"label": "no value"}], [{"value": "a"}, {"value": "a"}], [{"value": True}], "a"]
)
def test_a_choice_needs_options_that_differ(values: object) -> None:
    assert "pick" in problems(schema(component("radio", "pick", values=values)))


def test_a_question_without_words_is_refused() -> None:
    assert "name" in problems(schema(component("textfield", "name", label="")))


def test_what_nobody_fills_in_cannot_stand_in_a_row() -> None:
    inside = [component("textfield", "known", readonly=True)]

    assert "known" in problems(schema(component("dynamiclist", "rows", components=inside)))


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(schema(component("textfield", "A"), component("html", "b"), component("radio", "c")))

    assert set(found) == {"A", "b", "c"}


@pytest.mark.parametrize("source", [b"", b"{", b"[]", b'{"components": 5}', b'{"components": [], "schemaVersion": 20}'])
def test_what_is_no_form_is_refused(source: bytes) -> None:
    with pytest.raises(Invalid):
        forms.read(source)


def test_a_form_of_half_a_megabyte_is_refused() -> None:
    with pytest.raises(Invalid, match="larger"):
        forms.read(schema(component("text", "", text="x" * 600_000)))


def test_nesting_without_end_is_refused() -> None:
    inner = component("textfield", "name")
    for number in range(300):
        inner = component("group", f"g{number}", components=[inner])

    with pytest.raises(Invalid, match="deep"):
        forms.read(schema(inner))


def test_a_file_that_nests_lists_without_end_is_refused() -> None:
    with pytest.raises(Invalid):
        forms.read(b'{"components": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")


def test_more_components_than_a_person_could_answer_are_refused() -> None:
    with pytest.raises(Invalid, match="more than"):
        forms.read(schema(*(component("textfield", f"k{number}") for number in range(501))))


def test_a_group_of_criteria_holds_one_group_for_each_criterion() -> None:
    read = form(component("group", "answers", properties={"criteria": "wco", "mode": "self"}))

    conditions = read.fields[0].fields
    assert [one.label.es for one in conditions] == ["A. Cumplimiento", "G. Carga"]
    assert [one.key for one in conditions[0].fields[0].fields] == ["answer", "narrative", "evidence"]


def test_the_officer_reads_what_the_operator_declared() -> None:
    read = form(component("group", "scores", properties={"criteria": "wco", "mode": "officer"}))

    fields = read.fields[0].fields[0].fields[0].fields
    assert next(one.source for one in fields if one.readonly) == ("self_assessment", "A.1", "answer")
    assert [one.key for one in fields if one.answered] == ["score", "note"]


def test_components_inside_a_group_of_criteria_are_asked_for_each_of_them() -> None:
    inside = [component("radio", "answer", values=YES_NO)]
    read = form(component("group", "answers", components=inside, properties={"criteria": "wco"}))

    assert [one.key for one in read.fields[0].fields[1].fields[0].fields] == ["answer"]


def test_a_set_of_criteria_that_does_not_exist_is_refused() -> None:
    assert "answers" in problems(schema(component("group", "answers", properties={"criteria": "moon"})))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'code = "G.2"', b'code = "A.1"'),
        (b'code = "G.2"', b'code = "__class__"'),
        (b'per = "site"', b'per = "moon"'),
        ("¿Se controlan los precintos?".encode(), b""),
        (b"[[criteria]]", b"[["),
    ],
)
def test_criteria_that_cannot_be_asked_are_refused(old: bytes, new: bytes) -> None:
    source = schema(component("group", "answers", properties={"criteria": "wco"}))

    with pytest.raises(Invalid):
        forms.read(source, {"wco": CRITERIA.replace(old, new)})


WORDS = [
    "type",
    "key",
    "path",
    "label",
    "values",
    "value",
    "validate",
    "components",
    "properties",
    "criteria",
    "conditional",
]
WORDS += [
    "hide",
    "pattern",
    "min",
    "decimalDigits",
    "appearance",
    "textfield",
    "group",
    "dynamiclist",
    "radio",
    "wco",
    "=a",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(JSON, max_size=4))
def test_whatever_stands_in_a_file_is_read_or_refused(components: list[object]) -> None:
    try:
        read = forms.read(json.dumps({"components": components}).encode(), {"wco": CRITERIA})
    except Invalid:
        return
    assert all(one.id for one in read.walk())


def test_every_shipped_form_can_be_read(pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.rootpath / "forms"
    criteria = {path.stem: path.read_bytes() for path in (folder / "criteria").glob("*.toml")}

    read = {path.name: forms.read(path.read_bytes(), criteria) for path in folder.glob("*.form.json")}

    assert all(one.fields for one in read.values())
    assert all(json.loads((folder / name).read_bytes())["id"] == one.id for name, one in read.items())
