"""The shipped programmes say what the law says, and mark as an assumption what nobody has confirmed."""

import tomllib
from datetime import date

import pytest

from engine.domain import programme
from engine.domain.calendars import Unit
from tests.processes.drawings import FOLDER

FILES = {path.stem: path for path in sorted((FOLDER / "programmes").glob("*.toml"))}
SETS = FOLDER.parent / "forms" / "criteria"
RULES = {name: programme.check(path.read_bytes()) for name, path in FILES.items()}
EU, SV, WCO = RULES["eu"], RULES["sv"], RULES["wco"]


@pytest.mark.parametrize("name", FILES)
def test_every_assumption_says_in_both_languages_what_is_to_be_confirmed(name: str) -> None:
    assumed = RULES[name].assumptions

    assert assumed
    assert [one.place for one in assumed if not (one.note.es and one.note.en)] == []


def test_each_open_question_of_el_salvador_stands_beside_a_value_that_it_settles() -> None:
    asked = {one.question for one in SV.assumptions}

    assert set(range(1, 13)) <= asked  # the thirteenth shares its value with the second


@pytest.mark.parametrize(
    ("clock", "count", "unit", "most", "at_expiry"),
    [
        ("acceptance", 30, Unit.CALENDAR, None, "accepted"),
        ("reply", 30, Unit.CALENDAR, 30, "not_accepted"),
        ("decision", 120, Unit.CALENDAR, None, "alert"),
        ("information", 30, Unit.CALENDAR, 30, "decide_without"),
        ("general_extension", 30, Unit.CALENDAR, 30, "none"),
        ("extension", 60, Unit.CALENDAR, 60, "none"),
        ("criminal", 0, Unit.CALENDAR, None, "none"),
        ("investigation", 0, Unit.MONTHS, 9, "none"),
        ("hearing", 30, Unit.CALENDAR, None, "decide_without"),
        ("consultation", 80, Unit.CALENDAR, 80, "alert"),
    ],
)
def test_the_european_periods_are_those_of_the_code(
    clock: str, count: int, unit: Unit, most: int | None, at_expiry: str
) -> None:
    rule = EU.clock(clock)

    assert (rule.period.count, rule.period.unit, rule.most, rule.at_expiry) == (count, unit, most, at_expiry)


def test_what_lengthens_a_european_decision_is_complete() -> None:
    assert set(EU.additions_to("decision")) == {
        *("information", "general_extension", "extension", "criminal", "adjustments", "investigation", "hearing"),
        "consultation_extension",
    }


def test_the_european_programme_knows_its_types_bars_and_grounds() -> None:
    bar = EU.bar("revoked", ["AEOF"])

    assert EU.includes("AEOF") == ("AEOC", "AEOS")
    assert bar is not None
    assert (bar.count, bar.unit) == (3, Unit.YEARS)
    assert EU.bar("own_request", ["AEOF"]) is None
    assert (EU.validity.count, EU.effect.count) == (0, 5)
    assert EU.types_reached("competence") == ("AEOC", "AEOF")
    assert EU.types_reached("security") == ("AEOS", "AEOF")
    assert EU.consultation_silence_on(date(2025, 5, 19)) == "answer_obligatory"
    assert not EU.reaches_back
    assert EU.suspension["a"].until_established == ("compliance",)


def test_an_aeo_for_simplifications_is_not_asked_for_security_nor_the_other_for_competence() -> None:
    listed = tomllib.loads((SETS / "eu.toml").read_text(encoding="utf-8"))["criteria"]
    only = {one["code"][0]: one.get("types") for one in listed if one["code"][0] in "56"}

    assert only == {"5": ["AEOC"], "6": ["AEOS"]}
    assert all("types" not in one for one in listed if one["code"][0] in "01234")


@pytest.mark.parametrize("name", ["eu", "sv", "wco"])
def test_a_set_of_criteria_is_complete_in_both_languages(name: str) -> None:
    listed = tomllib.loads((SETS / f"{name}.toml").read_text(encoding="utf-8"))["criteria"]
    words = [f"{word}_{language}" for word in ("title", "short", "question", "evidence") for language in ("es", "en")]

    assert [one["code"] for one in listed if not all(one[word].strip() for word in words)] == []


@pytest.mark.parametrize("name", FILES)
def test_publication_and_mutual_recognition_are_agreed_to_apart(name: str) -> None:
    assert {"publication", "mutual_recognition"} <= set(RULES[name].consents)


@pytest.mark.parametrize("name", FILES)
def test_every_benefit_is_off_while_suspended(name: str) -> None:
    assert all("suspend" in one.off and "take_effect" in one.on for one in RULES[name].benefits)
