"""A programme file is read into plain values, and what is wrong in it is said with its key and line, all at once."""

from datetime import date, time
from pathlib import Path

import pytest

from engine.domain import programme
from engine.domain.calendars import Unit
from engine.domain.errors import Invalid

FILE = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"
TEXT = FILE.read_text(encoding="utf-8")


def problems(text: str) -> dict[str, str]:
    """What reading the text complains about, by place."""
    with pytest.raises(Invalid) as refused:
        programme.read(text.encode())
    return {problem.where: str(problem) for problem in refused.value.problems}


def line_of(start: str, after: str = "") -> int:
    """The number of the first line that begins so, after another one."""
    lines = TEXT.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(after))
    return next(number for number, line in enumerate(lines, 1) if number > first and line.startswith(start))


def test_the_shipped_programme_is_sound() -> None:
    read = programme.read(TEXT.encode())

    assert read.id == "sv"
    assert read.clock("decision").period.count == 120
    assert read.clock("reply").period.unit is Unit.WORKING
    assert read.clock("information").most == 30
    assert read.clock("hearing").from_receipt
    assert read.bars["revoked"].unit is Unit.YEARS
    assert read.day_count.cut_off == time(23, 59, 59)


def test_what_no_source_states_is_marked_as_assumed() -> None:
    assert all(rule.assumed for rule in programme.read(TEXT.encode()).clocks.values())


def test_a_programme_is_called_what_it_was_called_on_that_day() -> None:
    read = programme.read(TEXT.encode())

    assert read.name_on(date(2022, 12, 31)).en == "Authorised Economic Operator"
    assert read.name_on(date(2023, 1, 4)).en == "Trusted Operator"
    assert read.name_on(date(1990, 1, 1)).en == "Authorised Economic Operator"


def test_a_clock_that_the_programme_lacks_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="no clock siesta"):
        programme.read(TEXT.encode()).clock("siesta")


@pytest.mark.parametrize(
    ("before", "after", "place", "said"),
    [
        ("base = 120", "base = -1", "clocks.decision.base", "from 1 to 10000"),
        ("base = 120", 'base = "120"', "clocks.decision.base", "from 1 to 10000"),
        ("base = 120", "base = 100000", "clocks.decision.base", "from 1 to 10000"),
        ("most = 30", "most = 3", "clocks.information.most", "from 30 to 10000"),
        ('unit = "working"', 'unit = "weeks"', "clocks.reply.unit", "calendar, months, working, years"),
        ('id = "sv"', 'id = " "', "programme.id", "Write a text."),
        ("from = 2018-01-01", 'from = "2018"', "programme.names[0].from", "Write a date"),
        ("first_day_counts = false", 'first_day_counts = "no"', "day_count.first_day_counts", "true or false"),
        ('cut_off = "23:59:59"', 'cut_off = "late"', "day_count.cut_off", "time of day"),
        ('last_day_on_holiday = "next_working_day"', 'last_day_on_holiday = "x"', "day_count.last_day_on_holiday", "stays"),
        ('en = "Importer"', "en = 3", "types.importer.en", "Write a text."),
        ("most = 30", "mots = 30", "clocks.information.mots", "not known"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_key_and_line(before: str, after: str, place: str, said: str) -> None:
    assert TEXT.count(before) >= 1
    number = TEXT[: TEXT.index(before)].count("\n") + 1

    found = problems(TEXT.replace(before, after, 1))

    assert list(found) == [f"line {number}, {place}"]
    assert said in found[f"line {number}, {place}"]


def test_a_missing_key_is_named_by_the_line_of_its_table() -> None:
    found = problems(TEXT.replace("\nterm = 0\n", "\n"))

    assert list(found) == [f"line {line_of('[validity]')}, validity.term"]


def test_a_missing_clock_that_services_need_is_named() -> None:
    found = problems(TEXT.replace("[clocks.hearing]", "[clocks.listening]"))

    assert "The services need a clock of this name." in found["clocks.hearing"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems(TEXT.replace("base = 120", "base = 0").replace('unit = "working"', "unit = 1", 1))

    assert len(found) == 2


def test_what_is_no_toml_is_refused_with_its_place() -> None:
    found = problems("[programme\nid = 1")

    assert "line 1" in found[""]


@pytest.mark.parametrize("text", ["", "programme = 3", "[programme]\nnames = 3", "clocks = []"])
def test_a_file_without_its_tables_is_refused(text: str) -> None:
    assert problems(text) != {}


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid):
        programme.read(b"\xff\xfe")
