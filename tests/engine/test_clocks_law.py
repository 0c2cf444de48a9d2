"""What the law lets happen to a clock: in time or too late, how often, with a wait or without, and what is kept of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine import calendars, clock_rules, clocks, letters, recounts, sums
from engine.calendars import Scope, Wish
from engine.domain import programme
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid
from engine.domain.programme import Programme
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, look
from tests.engine.desk import Desk
from tests.engine.test_calendars import ADAN, OLGA
from tests.factories import publish

PROGRAMMES = Path(__file__).parents[2] / "bpmn" / "programmes"
SV = (PROGRAMMES / "sv.toml").read_text(encoding="utf-8")
EU = programme.read((PROGRAMMES / "eu.toml").read_bytes())
ITEMS = [{"item": "Contrato con el transportista", "reason": "No se adjuntó."}]
DAY = timedelta(days=1)
ME = "somebody"


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application under review since Monday 12 January 2026; its decision is due on 12 May."""
    desk = Desk(office)
    desk.reach("A5")
    return desk


class At:
    """Opens work of the analyst on a day, closing the one before it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._opened: list[AbstractContextManager[Work]] = []

    def __call__(self, day: str) -> tuple[Work, models.Case]:
        self.close()
        self._desk.on(date.fromisoformat(day))
        unit = begin(self._desk.database, self._desk.actor("luis"), self._desk.now)
        work = unit.__enter__()
        self._opened.append(unit)
        return work, work.session.get_one(models.Case, self._desk.case_id)

    def close(self) -> None:
        while self._opened:
            self._opened.pop().__exit__(None, None, None)


@pytest.fixture
def at(desk: Desk) -> Iterator[At]:
    opened = At(desk)
    yield opened
    opened.close()


def sv(*changes: tuple[str, str]) -> Programme:
    changed = SV
    for old, new in changes:
        assert old in changed
        changed = changed.replace(old, new, 1)
    return programme.read(changed.encode())


DECISION = "[clocks.decision]\n"
EXTENSION = "[clocks.extension]\n"


def kept(work: Work, clock: models.LegalClock) -> list[tuple[str, str]]:
    query = select(models.ClockSum).where(models.ClockSum.clock_id == clock.id).order_by(models.ClockSum.number)
    return [(row.why, row.due_on.isoformat()) for row in work.session.scalars(query)]


def extend(work: Work, case: models.Case, rules: Programme, days: int, kind: str = "extension") -> models.LegalClock:
    added = Period(days, Unit.CALENDAR, "art. 1")
    return clocks.extend(work, case, rules, "decision", ME, added, "por la visita", kind)


def test_the_worked_example_comes_out_to_the_day_in_the_union(at: At) -> None:
    work, case = at("2025-04-14")
    clocks.start(work, case, EU, "decision", ME, starts_on=date(2025, 4, 10))

    for kind, days in (("information", 20), ("hearing", 30), ("extension", 60)):
        rule = EU.clock(kind)
        clock = clocks.extend(
            work, case, EU, "decision", ME, Period(days, Unit.CALENDAR, rule.legal_basis.es), "", kind
        )

    assert [due for _why, due in kept(work, clock)] == ["2025-08-08", "2025-08-28", "2025-09-27", "2025-11-26"]
    assert [line.day.isoformat() for line in clocks.explain(work, EU, clock)][2:] == [
        "2025-08-28",
        "2025-09-27",
        "2025-11-26",
    ]
    assert [(one.kind, one.legal_basis_en) for one in clock.additions][2] == ("extension", "DA Art. 28(1)")


def test_days_announced_after_the_last_day_are_unlawful_and_refused(at: At) -> None:
    work, case = at("2026-01-12")
    rules = sv()
    clock = clocks.start(work, case, rules, "decision", ME)
    assert clock.due_on == date(2026, 5, 12)

    work, case = at("2026-05-13")
    with pytest.raises(Conflict, match="over on 2026-05-12: adding days to it now is unlawful"):
        extend(work, case, rules, 10)


def test_on_the_last_day_itself_days_can_still_be_added(at: At) -> None:
    work, case = at("2026-01-12")
    clocks.start(work, case, sv(), "decision", ME)

    work, case = at("2026-05-12")

    assert extend(work, case, sv(), 10).due_on == date(2026, 5, 22)


def test_a_hearing_after_the_last_day_is_on_the_record_and_adds_nothing(at: At) -> None:
    work, case = at("2026-01-12")
    rules = sv()
    clocks.start(work, case, rules, "decision", ME)

    work, case = at("2026-05-14")
    clocks.start(work, case, rules, "hearing", ME)
    clock = clocks.extend(work, case, rules, "decision", ME, Period(30, Unit.CALENDAR, "art. 9"), "hearing")

    assert clock.due_on == date(2026, 5, 12)
    assert [(one.kind, one.late, one.due_before) for one in clock.additions] == [("hearing", True, date(2026, 5, 12))]
    assert len(kept(work, clock)) == 1


@pytest.mark.parametrize("effect", ["granted", "refused"])
def test_where_silence_has_spoken_nothing_is_added(at: At, effect: str) -> None:
    rules = sv(('at_expiry = "alert"', f'at_expiry = "{effect}"'))
    work, case = at("2026-01-12")
    clocks.start(work, case, rules, "decision", ME)

    work, case = at("2026-05-14")
    clocks.start(work, case, rules, "hearing", ME)
    with pytest.raises(Conflict, match="silence has had its effect"):
        clocks.extend(work, case, rules, "decision", ME, Period(30, Unit.CALENDAR, "art. 9"), "hearing")


def test_what_may_be_added_once_is_added_once(at: At) -> None:
    rules = sv((EXTENSION, EXTENSION + "times = 1\n"))
    work, case = at("2026-01-12")
    clocks.start(work, case, rules, "decision", ME)
    extend(work, case, rules, 10)

    with pytest.raises(Conflict, match="at most so many times: 1"):
        extend(work, case, rules, 10)


def test_a_cap_holds_for_each_addition_and_another_for_all_of_them(at: At) -> None:
    rules = sv(("total = 60", "total = 70"))
    work, case = at("2026-01-12")
    clocks.start(work, case, rules, "decision", ME)
    with pytest.raises(Invalid):
        extend(work, case, rules, 61)
    extend(work, case, rules, 60)

    with pytest.raises(Invalid) as refused:
        extend(work, case, rules, 11)

    assert refused.value.problems[0].message == "Give at most %(most)s days in all."
    assert extend(work, case, rules, 10).due_on == date(2026, 5, 12) + timedelta(days=70)


def test_criminal_proceedings_have_no_cap(at: At) -> None:
    work, case = at("2026-01-12")
    clocks.start(work, case, EU, "decision", ME)

    for _time in range(3):
        clock = extend(work, case, EU, 900, "criminal")

    assert clock.due_on == date(2026, 1, 12) + timedelta(days=120 + 2700)
    with pytest.raises(Invalid, match="not lawful"):
        clock_rules.base(EU.clock("criminal"), None)


def test_an_addition_told_after_the_former_last_day_is_flagged(desk: Desk, at: At) -> None:
    work, case = at("2026-01-12")
    rules = sv()
    application = str(desk.known["application_id"])
    work, case = at("2026-05-12")
    clocks.extend(work, case, rules, "decision", application, Period(10, Unit.CALENDAR, "art. 1"), "x", "extension")
    facts = {"items": ITEMS, "days": 10, "information_due": "2026-05-22", "decision_due": "2026-05-22"}
    letter = str(letters.issue(work, case, "D05_information_request", facts)["letter_id"])

    work, case = at("2026-05-13")
    letters.render(work, letter)
    work.session.flush()

    at("2026-05-13")
    assert desk.events().count("ClockToldLate") == 1


def test_a_clock_that_waits_begins_again_where_the_programme_says_so(at: At) -> None:
    work, case = at("2026-01-12")
    clocks.start(work, case, sv(), "acceptance", ME)
    work, case = at("2026-01-20")
    clocks.wait(work, case, sv(), "acceptance", ME, "faltan documentos")

    work, case = at("2026-02-02")
    clock = clocks.resume(work, case, sv(), "acceptance", ME, date(2026, 2, 2))

    assert (clock.starts_on, clock.due_on) == (date(2026, 2, 2), date(2026, 3, 4))
    assert [why for why, _due in kept(work, clock)] == ["started", "started"]  # the first sum is still there


@pytest.mark.parametrize(
    ("unit", "due"),
    [("calendar", date(2026, 2, 24)), ("working", date(2026, 3, 6))],  # 13 days waited; 9 working days
)
def test_a_clock_that_waits_runs_on_where_the_programme_says_so(at: At, unit: str, due: date) -> None:
    asked = 'unit = "calendar"\nwhen_complete_is_asked = "waits"'
    rules = sv((asked, f'unit = "{unit}"\nwhen_complete_is_asked = "waits"\nwhen_complete = "resumes"'))
    work, case = at("2026-01-12")
    clocks.start(work, case, rules, "acceptance", ME)
    work, case = at("2026-01-20")
    clocks.wait(work, case, rules, "acceptance", ME, "faltan documentos")

    work, case = at("2026-02-02")
    clock = clocks.resume(work, case, rules, "acceptance", ME, date(2026, 2, 2))

    assert (clock.state, clock.starts_on, clock.due_on) == ("running", date(2026, 1, 12), due)
    assert [why for why, _due in kept(work, clock)] == ["started", "resumed"]


def test_after_acceptance_nothing_waits(at: At) -> None:
    work, case = at("2026-01-12")
    clocks.start(work, case, sv(), "decision", ME)

    with pytest.raises(Conflict, match="never waits"):
        clocks.wait(work, case, sv(), "decision", ME, "faltan documentos")
    with pytest.raises(Conflict, match="does not wait"):
        clocks.resume(work, case, sv(), "decision", ME, work.today)


def test_validity_bar_and_retention_are_clocks_with_sums_too(at: At) -> None:
    rules = sv(("term = 0", "term = 3"))
    work, case = at("2026-01-12")

    validity = clocks.start(work, case, rules, "validity", ME, starts_on=date(2024, 2, 29))
    bar = clocks.start(work, case, rules, "bar_revoked", ME)

    assert (validity.due_on, bar.due_on) == (date(2027, 2, 28), date(2029, 1, 12))
    assert clock_rules.of(rules, "validity").at_expiry == "lapsed"
    with pytest.raises(Invalid):
        clocks.start(work, case, rules, "bar_own_request", ME)  # leaving freely carries none


def test_a_notice_is_received_by_the_rule_of_the_channel_and_of_the_clock(at: At) -> None:
    counting = 'deemed_receipt_days = 0\ndeemed_receipt_unit = "working"'
    mail = '\n[day_count.receipt.mail]\ndays = 3\nunit = "working"\n[clocks.acceptance]'
    rules = sv(("deemed_receipt_days = 0", counting), ("\n[clocks.acceptance]", mail))
    work, _case = at("2026-01-15")

    assert clocks.received_on(work, rules, work.today) == date(2026, 1, 15)
    assert clocks.received_on(work, rules, work.today, "mail", "hearing") == date(2026, 1, 20)


def test_a_sum_is_never_changed_or_deleted(desk: Desk) -> None:
    with look(desk.database, SYSTEM) as work:
        assert work.session.scalars(select(models.ClockSum)).first() is not None
    for statement in ("UPDATE clock_sum SET why = 'x'", "DELETE FROM clock_sum"):
        with pytest.raises(DBAPIError, match="never changed or deleted"), begin(desk.database, SYSTEM) as work:
            work.session.execute(text(statement))


def close_a_day(database: Database, desk: Desk, day: date) -> None:
    with begin(database, OLGA, desk.now) as work:
        wish = Wish(day, "closed", "Asueto", "", "D.L. 12", work.today)
        change = calendars.ask(work, Scope(place="SV"), wish).id
    with begin(database, ADAN, desk.now) as work:
        calendars.approve(work, change)


def test_what_was_announced_keeps_its_day_and_what_is_added_counts_by_the_new_calendar(desk: Desk, at: At) -> None:
    rules = sv()
    work, case = at("2026-01-12")
    clock_id = clocks.start(work, case, rules, "reply", ME).id  # ten working days: 26 January
    at.close()
    desk.on(date(2026, 1, 13))
    close_a_day(desk.database, desk, date(2026, 1, 15))

    work, case = at("2026-01-14")
    clock = work.session.get_one(models.LegalClock, clock_id)
    assert clock.due_on == date(2026, 1, 26)
    clocks.extend(work, case, rules, "reply", ME, Period(2, Unit.WORKING, "art. 1"), "x")
    assert clock.due_on == date(2026, 1, 28)
    assert sums.anew(work, rules, rules.day_count, clock)[-1].day == date(2026, 1, 29)


def test_the_history_alone_gives_the_days_that_the_register_has(desk: Desk) -> None:
    desk.do("luis", "applications.request_information", items=ITEMS, days=20)
    desk.on(date(2026, 1, 13), time(10))
    close_a_day(desk.database, desk, date(2026, 1, 15))
    desk.do("luis", "applications.receive_information")

    with look(desk.database, SYSTEM) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        found = recounts.from_history(work, case)
        rows = work.session.scalars(select(models.LegalClock).where(models.LegalClock.case_id == case.id))
        assert found == {(row.name, row.subject_id): row.due_on for row in rows}


def test_a_day_limit_that_is_published_counts_for_new_cases_only(office: Database) -> None:
    old = Desk(office)
    old.reach("A4")
    changed = SV.replace("base = 120", "base = 90", 1)
    publish(office, ("programme", "sv", changed.encode()), now=old.now)
    new = Desk(office, tax_id="0614-010180-102-5")
    new.reach("A4")

    old.do("luis", "applications.start_review")
    extended = old.do("luis", "applications.request_information", items=ITEMS, days=20)

    assert (old.known["decision_due"], extended["decision_due"]) == ("2026-06-01", "2026-06-01")
    assert new.known["decision_due"] == "2026-04-13"  # 90 days: Sunday 12 April, moved to the Monday
