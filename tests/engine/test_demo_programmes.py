"""The same life under two programmes differs in exactly what the programmes say."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import select

from engine.demo import office as people
from engine.demo import outcome, playing, story
from engine.demo.outcome import Outcome
from engine.domain import programme
from engine.domain.programme import Programme
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.programs import marchamo
from web.commands import FIRST_DAY

FOLDER = Path(__file__).parents[2] / "bpmn" / "programmes"
RULES: Mapping[str, Programme] = {
    path.stem: programme.check(path.read_bytes()) for path in sorted(FOLDER.glob("*.toml"))
}

# What each programme gives and whom it tells differs; everything else is done by the same people in the same order.
FOLLOWS_FROM_THE_PROGRAMME = {
    *("StateChanged", "BenefitSwitched", "PartnerToBeTold"),
    *("CommitteeConvened", "CommitteeClosed"),
}
MEMBERS = {person.name for person in people.ACCOUNTS if person.username in {"comite", "comite2"}}
SINCE_THE_EFFECT = {
    "review",
    "validity",
    "retention",
}  # periods that count from the day of effect, or are no clock of the file


@dataclass(frozen=True)
class Played:
    """A life under one programme: what came of it, what happened (kind of event and who did it), when clocks ran out."""

    outcome: Outcome
    happened: Counter[tuple[str, str]]
    due: Mapping[str, list[date]]
    called: set[str]


@pytest.fixture(scope="module")
def lives(_office_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Played]:
    """The demonstration under every programme, each in a database of its own."""
    folder = tmp_path_factory.mktemp("lives")
    return {name: _played(copyfile(_office_file, folder / f"{name}.db"), name) for name in RULES}


def _played(file: Path, name: str) -> Played:
    with closing(Database(f"sqlite:///{file}")) as database:
        with begin(database, SYSTEM, FIRST_DAY) as work:
            people.found(work, "a password of the tests only")
        playing.play(database, name)
        with look(database, SYSTEM) as work:
            events = work.session.execute(
                select(models.Event.type, models.Event.actor_name).where(models.Event.case_id.is_not(None))
            )
            due: dict[str, list[date]] = {}
            for clock in work.session.scalars(select(models.LegalClock).order_by(models.LegalClock.created_at)):
                due.setdefault(clock.name, []).append(clock.due_on)
            letters = work.session.scalars(select(models.Letter)).all()
            called = {letter.facts["programme"]["name"] for letter in letters}
            return Played(outcome.of(work), Counter(tuple(row) for row in events), due, called)


def differing(one: Played, other: Played) -> set[str]:
    """The facts of the outcome in which two lives differ."""
    before, after = asdict(one.outcome), asdict(other.outcome)
    return {key for key in before if before[key] != after[key]}


def test_the_european_life_differs_from_the_salvadoran_in_what_the_programmes_say(
    lives: Mapping[str, Played],
) -> None:
    sv, eu = lives["sv"], lives["eu"]

    assert differing(sv, eu) == {
        *(
            "programme",
            "name",
            "types",
            "criteria",
            "certificate",
            "benefits",
        ),  # what things are called, and what is given
        *("effective_on", "review_on"),  # the fifth day after the decision
        *("silence", "appeal_days"),
    }


def test_the_life_of_the_model_differs_in_its_bar_too(lives: Mapping[str, Played]) -> None:
    assert differing(lives["sv"], lives["wco"]) == {
        *("programme", "name", "types", "criteria", "certificate", "benefits"),
        *("bar_until", "appeal_days"),
    }


@pytest.mark.parametrize("name", RULES)
def test_every_fact_of_a_life_is_what_its_programme_says(lives: Mapping[str, Played], name: str) -> None:
    rules, found = RULES[name], lives[name].outcome
    bar = rules.bar("revoked", story.APPLIED_FOR[name])

    assert found.name == rules.name_on(found.granted_on).es
    assert found.certificate.startswith(rules.numbers["certificate"])
    assert found.effective_on == found.granted_on + timedelta(days=rules.effect.count)
    assert found.silence == rules.clock("acceptance").at_expiry
    assert bar is not None
    assert found.revoked_on is not None
    assert found.bar_until == found.revoked_on.replace(year=found.revoked_on.year + bar.count)
    assert found.expires_on is None
    assert lives[name].called == {found.name}


@pytest.mark.parametrize("name", ["eu", "wco"])
def test_the_same_is_done_by_the_same_people_but_for_what_follows_from_the_programme(
    lives: Mapping[str, Played], name: str
) -> None:
    before, after = lives["sv"].happened, lives[name].happened

    different = set((after - before) + (before - after))
    voted = {(kind, who) for kind, who in different if kind in {"TaskCompleted", "TokensMoved"}}
    assert {who for _kind, who in voted} == MEMBERS  # only the Salvadoran programme has a committee
    assert {kind for kind, _who in different - voted} <= FOLLOWS_FROM_THE_PROGRAMME


def test_a_grant_takes_effect_at_once_by_the_act_or_days_later_by_the_calendar(lives: Mapping[str, Played]) -> None:
    sv, eu = lives["sv"].happened, lives["eu"].happened

    assert (eu - sv)["StateChanged", "Marchamo"] == (sv - eu)["StateChanged", "Ernesto Guardado"] == 1


def test_only_the_periods_that_the_programmes_count_otherwise_end_otherwise(lives: Mapping[str, Played]) -> None:
    sv, eu = lives["sv"].due, lives["eu"].due
    told = {name for name in RULES["sv"].clocks if RULES["sv"].clock(name).period != RULES["eu"].clock(name).period}

    otherwise = {name for name in sv if sv[name] != eu[name]}

    assert "reply" in otherwise  # ten working days against thirty
    assert otherwise <= told | SINCE_THE_EFFECT


def test_the_command_plays_a_life_under_the_programme_it_is_told(tmp_path: Path) -> None:
    with marchamo(tmp_path, "demo", "--headless", "--programme", "wco") as running:
        said, wrong = running.communicate()

    assert (running.returncode, wrong) == (0, "")
    assert "2029-05-15" in said
    assert said.endswith("The history verifies.\n")
