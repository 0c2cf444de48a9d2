"""Forms that ask the criteria of a programme: those of the types and kind, once for each site where the criterion says so."""

from dataclasses import replace
from datetime import date

import pytest

from engine import forms
from engine.forms import Asked
from tests.engine.form_schemas import CRITERIA, component, problems, schema

OTHER = """
[[criteria]]
code = "X.1"
level = "must"
question_es = "¿Solo para exportadores?"
types = ["AEOS"]
kinds = ["exporter"]
valid_to = 2026-06-30
evidence_expires = true

[[criteria]]
code = "A.1"
level = "info"
question_es = "¿Otra vez?"
""".encode()
FILES = {"wco": CRITERIA, "more": OTHER}
SELF = component("group", "answers", properties={"criteria": "programme"})
SCORES = component("group", "scores", properties={"criteria": "programme", "mode": "officer", "answers": "answers"})
CHOICE = component("select", "criterion", properties={"criteria": "programme"})
WHOM = Asked(
    ("wco", "more"), frozenset({"AEOF", "AEOS"}), "exporter", date(2026, 1, 12), forms.places(["Planta Ñ", "Muelle 2"])
)


def keys(asked: Asked | None, *components: dict[str, object]) -> list[list[str]]:
    """The criteria asked, each with the fields or sites inside it."""
    read = forms.read(schema(*components), FILES, asked)
    return [
        [one.key, *(inner.key for inner in one.fields)] for section in read.fields[0].fields for one in section.fields
    ]


def test_what_is_asked_by_site_is_asked_once_for_each_and_a_code_once() -> None:
    assert keys(WHOM, SELF) == [
        ["A.1", "answer", "narrative", "evidence"],
        ["G.2", "planta_n", "muelle_2"],
        ["X.1", "answer", "narrative", "evidence", "evidence_expires_on"],
    ]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, ["A.1", "G.2", "X.1"]),
        ({"types": frozenset({"AEOC"})}, ["A.1", "G.2"]),
        ({"kind": "carrier"}, ["A.1", "G.2"]),
        ({"kind": ""}, ["A.1", "G.2", "X.1"]),
        ({"day": date(2026, 7, 1)}, ["A.1", "G.2"]),
        ({"sets": ("more",)}, ["X.1", "A.1"]),
        ({"sets": ("more", "gone")}, ["X.1", "A.1"]),
    ],
)
def test_a_criterion_is_asked_of_its_types_and_kinds_while_it_is_in_force(
    changes: dict[str, object], asked: list[str]
) -> None:
    whom = replace(WHOM, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass

    assert [one[0] for one in keys(whom, SELF)] == asked


def test_without_sites_a_criterion_of_sites_is_asked_once() -> None:
    assert keys(replace(WHOM, places=()), SELF)[1] == ["G.2", "answer", "narrative", "evidence"]


def test_a_choice_offers_the_criteria_that_are_asked() -> None:
    read = forms.read(schema(CHOICE), FILES, replace(WHOM, sets=("wco",)))

    assert [(one.value, one.label.said("en")) for one in read.fields[0].choices.written] == [
        ("A.1", "A.1 · Infringements"),
        ("G.2", "G.2 · Are seals controlled?"),
    ]


def test_where_nobody_knows_of_whom_all_criteria_are_offered() -> None:
    read = forms.read(schema(SELF, CHOICE), FILES)

    assert read.by_programme
    assert [one[0] for one in keys(None, SELF)] == ["X.1", "A.1", "G.2"]
    assert {one.value for one in read.fields[1].choices.written} == {"A.1", "G.2", "X.1"}


def test_a_form_that_names_its_set_depends_on_no_case() -> None:
    named = component("group", "answers", properties={"criteria": "wco"})

    assert not forms.read(schema(named), FILES, WHOM).by_programme
    assert keys(WHOM, named)[1] == ["G.2", "answer", "narrative", "evidence"]


def test_answers_about_a_site_say_which_and_the_officer_reads_those_of_the_same_site() -> None:
    whom = replace(WHOM, sets=("wco",))
    given = {"A.1": {"answer": "yes"}, "G.2": {place.key: {"answer": "yes"} for place in whom.places}}
    checked = forms.check(forms.read(schema(SELF), FILES, whom), {"answers": given}, {})
    answers = checked["answers"]

    assert isinstance(answers, dict)
    assert [one["site"] for one in answers["G.2"].values()] == ["Planta Ñ", "Muelle 2"]
    assert forms.check(forms.read(schema(SELF), FILES, whom), checked, {}) == checked
    officer = forms.read(schema(SCORES), FILES, whom)
    assert [one.source for one in officer.walk() if one.key == "operator_answer"] == [
        ("answers", "A.1", "answer"),
        ("answers", "G.2", "planta_n", "answer"),
        ("answers", "G.2", "muelle_2", "answer"),
    ]


def test_what_is_missing_is_told_at_its_site() -> None:
    read = forms.read(schema(SELF), FILES, replace(WHOM, sets=("wco",)))

    assert set(problems(read, {"answers": {"A.1": {"answer": "yes"}}})) == {
        "answers.G.2.planta_n.answer",
        "answers.G.2.muelle_2.answer",
    }


def test_sites_have_keys_that_a_page_can_carry_and_no_two_the_same() -> None:
    found = forms.places(["Bodega 1", "Bodega-1", "Bodega 1", "¡!", "Á" * 60])

    assert [one.key for one in found] == ["bodega_1", "bodega_1_2", "site", "a" * 40]
    assert [one.name for one in found][:2] == ["Bodega 1", "Bodega-1"]
