"""Clocks in the register: each addition with its basis and notice, each clock with its sum, each move told to the case."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import clocks, letters, programmes
from engine.domain import programme
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, look
from tests.engine.desk import Desk

SV = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"
ITEMS = [{"item": "Contrato con el transportista", "reason": "No se adjuntó."}]


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application under review since Monday 12 January 2026."""
    desk = Desk(office)
    desk.reach("A5")
    return desk


@pytest.fixture
def open_work(desk: Desk) -> Iterator[Work]:
    """Work of an analyst on that day."""
    with begin(desk.database, desk.actor("luis"), desk.now) as work:
        yield work


def additions(work: Work) -> list[models.ClockAddition]:
    return list(work.session.scalars(select(models.ClockAddition)))


def test_an_addition_has_its_basis_its_reason_and_who_made_it(desk: Desk) -> None:
    desk.do("luis", "applications.request_information", items=ITEMS, days=20)

    with look(desk.database, SYSTEM) as work:
        (added,) = additions(work)
        assert (added.days, added.unit, added.reason, added.actor_id) == (20, "calendar", "information", "luis")
        assert added.legal_basis == "Manual del programa: información adicional"
        assert added.recorded_at == desk.now


def test_the_letter_of_the_same_command_is_the_notice_of_the_addition(desk: Desk) -> None:
    with begin(desk.database, desk.actor("luis"), desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        rules = programmes.of(work, case, "sv")
        application_id = str(desk.known["application_id"])
        clocks.extend(work, case, rules, "decision", application_id, Period(5, Unit.CALENDAR, "art. 1"), "prueba")
        facts = {"items": ITEMS, "days": 5, "information_due": "2026-01-19", "decision_due": "2026-05-19"}
        letter_id = str(letters.issue(work, case, "D05_information_request", facts)["letter_id"])

    with begin(desk.database, SYSTEM, desk.now) as work:
        assert [(one.notice_id, one.notified_on) for one in additions(work)] == [(letter_id, None)]
        letters.render(work, letter_id)

    with look(desk.database, SYSTEM) as work:
        assert [one.notified_on for one in additions(work)] == [date(2026, 1, 12)]


def test_a_letter_of_another_day_is_not_the_notice(desk: Desk) -> None:
    desk.do("luis", "applications.request_information", items=ITEMS, days=20)
    desk.on(date(2026, 1, 14))

    desk.do("luis", "letters.issue", template="D18_withdrawal", facts={"withdrawn_on": "2026-01-14"})

    with look(desk.database, SYSTEM) as work:
        assert [one.notice_id for one in additions(work)] == [None]


def test_the_sum_in_the_register_is_the_sum_that_is_explained(desk: Desk) -> None:
    desk.do("luis", "applications.request_information", items=ITEMS, days=20)

    with look(desk.database, SYSTEM) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        clock = clocks.running(work, str(desk.known["application_id"]), "decision")
        lines = clocks.explain(work, programmes.of(work, case, "sv"), clock)
        assert [(line.what, line.count, line.day.isoformat()) for line in lines] == [
            ("start", 0, "2026-01-12"),
            ("base", 120, "2026-05-12"),
            ("Manual del programa: información adicional", 20, "2026-06-01"),
        ]
        assert clock.due_on == lines[-1].day


def test_whoever_moves_a_clock_tells_the_case_by_name(desk: Desk, open_work: Work) -> None:
    case = open_work.session.get_one(models.Case, desk.case_id)
    rules = programmes.of(open_work, case, "sv")

    clock = clocks.start(open_work, case, rules, "hearing", "somebody")

    assert open_work.moved_clocks == [(case.id, "hearing", clock.due_at, None)]


def test_a_clock_ends_once(desk: Desk, open_work: Work) -> None:
    case = open_work.session.get_one(models.Case, desk.case_id)
    application_id = str(desk.known["application_id"])

    clocks.end(open_work, case, "decision", application_id, clocks.STOPPED)
    clocks.meet(open_work, case, "decision", application_id)
    clocks.end(open_work, case, "never begun", application_id, clocks.STOPPED)

    assert ("decision", "stopped") in [(c.name, c.state) for c in open_work.session.scalars(select(models.LegalClock))]


def test_days_are_added_only_to_a_clock_that_runs(desk: Desk, open_work: Work) -> None:
    case = open_work.session.get_one(models.Case, desk.case_id)
    rules = programmes.of(open_work, case, "sv")
    added = Period(5, Unit.CALENDAR, "art. 1")

    with pytest.raises(Conflict, match="acceptance is not running"):
        clocks.extend(open_work, case, rules, "acceptance", str(desk.known["application_id"]), added, "prueba")


@pytest.mark.parametrize("days", [0, -1, 10_001])
def test_days_are_never_taken_away(desk: Desk, open_work: Work, days: int) -> None:
    case = open_work.session.get_one(models.Case, desk.case_id)
    rules = programmes.of(open_work, case, "sv")
    added = Period(days, Unit.CALENDAR, "art. 1")

    with pytest.raises(Invalid):
        clocks.extend(open_work, case, rules, "decision", str(desk.known["application_id"]), added, "prueba")


def test_a_clock_with_additions_that_begins_anew_leaves_the_old_sum_in_the_record(desk: Desk, open_work: Work) -> None:
    case = open_work.session.get_one(models.Case, desk.case_id)
    rules = programmes.of(open_work, case, "sv")
    clocks.start(open_work, case, rules, "hearing", "somebody")
    clocks.extend(open_work, case, rules, "hearing", "somebody", Period(5, Unit.CALENDAR, "art. 1"), "prueba")

    clocks.start(open_work, case, rules, "hearing", "somebody", starts_on=date(2026, 2, 2))

    query = select(models.LegalClock).where(models.LegalClock.subject_id == "somebody")
    found = {clock.state: len(clock.additions) for clock in open_work.session.scalars(query)}
    assert found == {"stopped": 1, "running": 0}


def rules(place: str, closed: str = "") -> programme.Programme:
    text = SV.read_text(encoding="utf-8").replace('holidays = "SV"', f'holidays = "{place}"\nclosed = [{closed}]')
    return programme.read(text.encode())


def test_the_holidays_of_the_country_are_no_working_days() -> None:
    salvador, capital, nowhere = (programmes.calendar(rules(place)) for place in ("SV", "SV-SS", ""))

    assert not salvador.works(date(2026, 9, 15))  # independence
    assert not salvador.works(date(2026, 4, 3))  # Good Friday
    assert salvador.works(date(2026, 8, 3))  # a feast of the capital only
    assert not capital.works(date(2026, 8, 3))
    assert nowhere.works(date(2026, 9, 15))
    assert "2026-09-15" in {day.isoformat() for day in salvador.holidays}


def test_an_office_may_be_closed_on_days_of_its_own() -> None:
    office = programmes.calendar(rules("SV", "2026-12-24"))

    assert not office.works(date(2026, 12, 24))
    assert not office.works(date(2026, 12, 25))
    assert date(2026, 12, 24) in set(office.holidays)
    assert len(programmes.calendar(rules("", "2026-12-24")).holidays) == 1


@pytest.mark.parametrize("place", ["XX", "SV-XX", "El Salvador"])
def test_a_place_whose_holidays_nobody_knows_is_refused(place: str) -> None:
    text = SV.read_text(encoding="utf-8").replace('holidays = "SV"', f'holidays = "{place}"')

    with pytest.raises(Invalid) as refused:
        programmes.check(text.encode())

    assert [problem.where for problem in refused.value.problems] == ["day_count.holidays"]
