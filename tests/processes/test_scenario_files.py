"""Every file of `scenarios` is played to its end, and together they come to every end, timer and letter of every diagram."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from engine.store.database import Database
from tests.processes import drawings, playing, scenario
from tests.processes.scenario import Scenario, Unreadable

SCENARIOS = scenario.every()
# All on SQLite; on PostgreSQL the longest of each process: what differs there are locks and types, not the law.
LONGEST = {one.process: one for one in sorted(SCENARIOS, key=lambda one: (len(one.acts), one.name))}.values()
PLAYED = [("sqlite", one) for one in SCENARIOS] + [("postgresql", one) for one in SCENARIOS if one in LONGEST]
LEAST = 'story = "Why (domain page, section 2)."\n[then]\nopen = []\n'


@pytest.mark.parametrize(
    ("office", "one"), PLAYED, indirect=["office"], ids=[f"{one.name}-{kind}" for kind, one in PLAYED]
)
def test_it_comes_as_the_scenario_says(office: Database, one: Scenario) -> None:
    playing.play(one, office)


def test_every_end_of_every_diagram_is_reached_by_some_scenario() -> None:
    reached = {f"{process}: {end}" for held in _held("ends") for process, ends in _table(held).items() for end in ends}

    drawn = {f"{name}: {end}" for name in drawings.NAMES for end in drawings.ends(name)}
    assert drawn <= reached, f"no scenario comes to these end events: {'; '.join(sorted(drawn - reached))}"


def test_every_timer_of_every_diagram_runs_out_in_some_scenario() -> None:
    waited = {act.what for one in SCENARIOS for act in one.acts if act.verb == "wait"}

    left = [f"{name}: {timer}" for name in drawings.NAMES for timer in drawings.timers(name) if timer not in waited]
    assert left == [], f"no scenario waits for these timers: {'; '.join(left)}"


def test_every_letter_of_every_diagram_goes_out_in_some_scenario() -> None:
    sent = {code for held in _held("letters") for code in _list(held)}

    left = [f"{name}: {code}" for name in drawings.NAMES for code in drawings.letters(name) if code not in sent]
    assert left == [], f"no scenario sends these letters: {'; '.join(left)}"


def _held(key: str) -> Iterator[object]:
    """What all scenarios expect under a key, after any act and at the end."""
    for one in SCENARIOS:
        yield from (held[key] for held in (*(act.held for act in one.acts), one.then) if key in held)


def _table(value: object) -> Mapping[str, Sequence[str]]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> Sequence[object]:
    assert isinstance(value, list)
    return value


def test_every_scenario_stands_in_the_folder_of_a_process() -> None:
    assert {one.process for one in SCENARIOS} <= set(drawings.NAMES)


def test_the_page_about_scenarios_shows_one_that_can_be_read() -> None:
    page = (scenario.FOLDER / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

    one = scenario.read("suspension/shown", shown.encode())

    assert [act.verb for act in one.acts] == ["start", "do", "do", "do", "wait"]
    assert {name for name in (*scenario.VERBS, *scenario.HELD, *scenario.GIVEN) if name not in page} == set()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "test/one: story is missing"),
        ('story = "Why."\n', "test/one: then is missing"),
        (LEAST + "[given]\nprogram = 'sv'\n", "test/one: given.program is not known here: choose from answers, from"),
        (LEAST + "[given]\nreached = 'far'\n", "test/one: given.reached must be one of nothing, filed"),
        (LEAST + "[[when]]\ndo = 'a'\nwait = 'b'\n", r"test/one: when\[0\] needs exactly one of .* and has do, wait"),
        (LEAST + "[[when]]\nopen = []\n", r"test/one: when\[0\] needs exactly one of .* and has none"),
        (LEAST + "[[when]]\nwait = 'a'\nanswers = {}\n", r"test/one: when\[0\].answers is not known here"),
        (LEAST + "[[when]]\ndo = 'a'\non = '2026-01-31'\n", r"test/one: when\[0\].on must be a day"),
        (LEAST + "[[when]]\nafter = '10 days'\n", "test/one: 10 days is no number of days"),
        (LEAST + "letter = []\n", "test/one: then.letter is not known here"),
        ("story = ", "test/one: Invalid value"),
    ],
)
def test_a_scenario_that_says_what_nobody_understands_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(Unreadable, match=complaint):
        scenario.read("test/one", text.encode())


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_everything_that_is_not_as_expected_is_said_at_once(office: Database) -> None:
    text = LEAST + "letters = ['D01']\nstates = { application = 'A1' }\n[[when]]\nstart = 'application'\n"

    with pytest.raises(AssertionError) as said:
        playing.play(scenario.read("test/one", text.encode()), office)

    assert str(said.value).splitlines() == [
        "test/one: then",
        "  open: expected [], found ['prepare_application']",
        "  letters: expected ['D01'], found []",
        "  states.application: expected 'A1', found 'A0'",
    ]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        ("start = 'application'\nby = 'izalco'", r"when\[0\], start = application\n  was refused: You do not act"),
        ("start = 'application'\nrefused = 'no'", r"when\[0\], start = application\n  should have been refused: «no»"),
        ("start = 'application'\nby = 'izalco'\nrefused = 'No.'", r"the refusal says «You do not act.*», not «No.»"),
        (
            "do = 'write_report'",
            r"when\[0\], do = write_report\n  0 open tasks write_report; open: \[\], waiting: \[\]",
        ),
    ],
)
def test_an_act_that_goes_another_way_than_told_is_named(office: Database, act: str, complaint: str) -> None:
    one = scenario.read("test/one", f"{LEAST}[[when]]\n{act}\n".encode())

    with pytest.raises(AssertionError, match=complaint):
        playing.play(one, office)
