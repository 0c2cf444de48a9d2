"""Calendars that two people change day by day: since when a change counts, whose word goes first, what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from engine import calendars, history
from engine.calendars import Scope, Wish
from engine.domain import programme
from engine.domain.calendars import DayKind
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.domain.programme import Programme
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look

SV = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"
MORNING = datetime(2026, 1, 12, 15, tzinfo=UTC)  # nine o'clock in San Salvador, a Monday
OLGA = Actor("olga", "Olga", frozenset({"process_owner"}))
ADAN = Actor("adan", "Adán", frozenset({"administrator"}))
LUIS = Actor("luis", "Luis", frozenset({"analyst"}))
COUNTRY = Scope(place="SV")
OFFICE = Scope(office="sv")
WISH = Wish(date(2026, 3, 9), "closed", "Asueto por decreto", "Holiday by decree", "D.L. 12", date(2026, 1, 12))


@pytest.fixture(scope="module")
def rules() -> Programme:
    return programme.read(SV.read_bytes())


def asked(database: Database, wish: Wish = WISH, scope: Scope = COUNTRY, now: datetime = MORNING) -> str:
    with begin(database, OLGA, now) as work:
        return calendars.ask(work, scope, wish).id


def changed(database: Database, wish: Wish = WISH, scope: Scope = COUNTRY, now: datetime = MORNING) -> str:
    change = asked(database, wish, scope, now)
    with begin(database, ADAN, now) as work:
        calendars.approve(work, change)
    return change


def works(database: Database, rules: Programme, day: date, at: datetime = MORNING) -> bool:
    with look(database, SYSTEM, at) as work:
        return calendars.of(work, rules).works(day)


def wish(day: str, kind: str, since: str = "2026-01-12", closes_at: str | None = None) -> Wish:
    return Wish(
        date.fromisoformat(day), kind, "Día especial", "", "Acuerdo 7", date.fromisoformat(since), closes_at=closes_at
    )


def test_a_day_counts_as_free_once_a_second_person_has_approved_it(database: Database, rules: Programme) -> None:
    change = asked(database)
    assert works(database, rules, WISH.day)

    with begin(database, ADAN, MORNING) as work:
        calendars.approve(work, change)

    assert not works(database, rules, WISH.day)


def test_a_change_counts_for_what_is_computed_from_its_date_of_effect(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-03-09", "closed", since="2026-02-01"))

    assert works(database, rules, date(2026, 3, 9), datetime(2026, 2, 1, 5, 59, tzinfo=UTC))  # still 31 January there
    assert not works(database, rules, date(2026, 3, 9), datetime(2026, 2, 1, 6, tzinfo=UTC))


def test_a_change_approved_after_its_date_counts_from_its_approval(database: Database, rules: Programme) -> None:
    change = asked(database)
    later = MORNING + timedelta(days=3)
    with begin(database, ADAN, later) as work:
        calendars.approve(work, change)

    assert works(database, rules, WISH.day, later - timedelta(seconds=1))
    assert not works(database, rules, WISH.day, later)


def test_a_holiday_may_be_worked_and_a_saturday_too(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-09-15", "open"))
    changed(database, wish("2026-09-19", "open"))

    assert works(database, rules, date(2026, 9, 15))
    assert works(database, rules, date(2026, 9, 19))
    assert not works(database, rules, date(2026, 9, 20))


def test_the_office_s_own_word_goes_before_the_country_s(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-03-09", "open"), OFFICE)
    changed(database, wish("2026-03-09", "closed"), COUNTRY, MORNING + timedelta(hours=1))

    assert works(database, rules, date(2026, 3, 9), MORNING + timedelta(hours=2))


def test_another_office_is_not_touched(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-03-09", "closed"), Scope(office="santa_ana"))

    assert works(database, rules, date(2026, 3, 9))


def test_a_later_change_of_the_same_day_replaces_the_earlier(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-03-09", "closed"))
    changed(database, wish("2026-03-09", "open"), now=MORNING + timedelta(hours=1))

    assert works(database, rules, date(2026, 3, 9), MORNING + timedelta(hours=2))
    assert not works(database, rules, date(2026, 3, 9), MORNING + timedelta(minutes=30))  # as it was in force then


def test_half_a_day_is_a_working_day_that_ends_early(database: Database, rules: Programme) -> None:
    changed(database, wish("2026-12-24", "half", closes_at="12:00"))

    with look(database, SYSTEM, MORNING) as work:
        office = calendars.of(work, rules)
    assert office.works(date(2026, 12, 24))
    assert office.closes_early == {date(2026, 12, 24): time(12)}


def test_nobody_approves_their_own_change(database: Database) -> None:
    change = asked(database)

    with pytest.raises(NotAllowed, match="another person"), begin(database, OLGA, MORNING) as work:
        calendars.approve(work, change)


def test_an_officer_changes_no_calendar(database: Database) -> None:
    with pytest.raises(NotAllowed), begin(database, LUIS, MORNING) as work:
        calendars.ask(work, COUNTRY, WISH)


def test_a_change_is_decided_once(database: Database) -> None:
    change = changed(database)

    with pytest.raises(Conflict), begin(database, ADAN, MORNING) as work:
        calendars.refuse(work, change, "tarde")


def test_a_day_waits_for_approval_once(database: Database) -> None:
    asked(database)

    with pytest.raises(Conflict):
        asked(database)


def test_a_refused_change_counts_for_nothing_and_its_reason_is_kept(database: Database, rules: Programme) -> None:
    change = asked(database)

    with begin(database, ADAN, MORNING) as work:
        calendars.refuse(work, change, "El decreto fue derogado.")

    assert works(database, rules, WISH.day)
    with look(database, SYSTEM, MORNING) as work:
        kinds = [link.type for link in history.events_of(work, COUNTRY.stream)]
    assert kinds == ["CalendarChangeAsked", "CalendarChangeRefused"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (wish("1999-12-31", "closed"), "day"),
        (wish("2026-03-09", "never"), "kind"),
        (wish("2026-03-09", "half"), "closes_at"),
        (wish("2026-03-09", "half", closes_at="noon"), "closes_at"),
        (wish("2026-03-09", "closed", since="2026-01-11"), "effective_from"),
        (Wish(WISH.day, DayKind.CLOSED, " ", "", "D.L. 12", WISH.effective_from), "name_es"),
        (Wish(WISH.day, DayKind.CLOSED, "Asueto", "", " ", WISH.effective_from), "reason"),
    ],
)
def test_what_is_wrong_with_a_change_is_said_by_its_field(database: Database, said: Wish, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(database, said)

    assert [problem.where for problem in refused.value.problems] == [where]


@pytest.mark.parametrize("scope", [Scope(), Scope("XX"), Scope("SV-XX"), Scope("SV", "sv")])
def test_a_calendar_that_nobody_knows_is_not_changed(database: Database, scope: Scope) -> None:
    with pytest.raises(NotFound):
        asked(database, scope=scope)
