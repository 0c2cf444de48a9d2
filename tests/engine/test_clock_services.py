"""Clocks as diagrams ask for them, and what an ordered recount of an office does to its cases."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine import calendars, recounts
from engine.calendars import Scope, Wish
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.desk import Desk
from tests.engine.test_calendars import ADAN, LUIS, OLGA
from tests.processes.lives import Life, admitted


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application under review since Monday 12 January 2026; its decision is due on 12 May."""
    desk = Desk(office)
    desk.reach("A5")
    return desk


def test_a_clock_is_started_lengthened_and_met(desk: Desk) -> None:
    started = desk.do("luis", "clocks.start", name="hearing", starts_on="2026-01-12")
    assert (started["hearing_starts_on"], started["hearing_due"]) == ("2026-01-12", "2026-02-11")

    longer = desk.do("luis", "clocks.extend", name="decision", kind="extension", reason="Visita", days=20)
    assert longer["decision_due"] == "2026-06-01"

    assert desk.do("luis", "clocks.meet", name="hearing") == {"hearing_ended": "met"}
    assert desk.do("luis", "clocks.stop", name="decision") == {"decision_ended": "stopped"}


@pytest.mark.parametrize(
    ("programme", "types", "kinds"),
    [
        ("sv", ("exporter",), {"extension": 60}),
        (
            "eu",
            ("AEOC",),
            {"general_extension": 30, "extension": 60, "criminal": None, "adjustments": None, "investigation": 9},
        ),
    ],
)
def test_a_diagram_learns_what_the_authority_may_add_under_each_programme(
    office: Database, programme: str, types: tuple[str, ...], kinds: Mapping[str, int | None]
) -> None:
    desk = Desk(office, programme=programme, types=types)
    desk.reach("A5")

    found = desk.do("ernesto", "clocks.additions", name="decision")["decision_additions"]

    assert isinstance(found, list)
    assert {one["value"]: one["most"] for one in found} == kinds
    assert [one["value"] for one in found if one["criminal"]] == [kind for kind in kinds if kind == "criminal"]


def test_an_extension_rests_on_the_rule_that_was_chosen(office: Database) -> None:
    union = Desk(office, programme="eu", types=("AEOC",))
    union.reach("A5")

    longer = union.do("ernesto", "applications.extend", days=30, reason="Peritaje.", kind="general_extension")

    assert (longer["former_due"], longer["decision_due"]) == ("2026-05-12", "2026-06-11")
    with pytest.raises(Conflict, match="at most so many times"):
        union.do("ernesto", "applications.extend", days=5, reason="Otra vez.", kind="general_extension")
    with pytest.raises(Invalid) as refused:
        union.do("ernesto", "applications.extend", days=5, reason="Consulta.", kind="reply")
    assert [problem.where for problem in refused.value.problems] == ["kind"]


def test_a_diagram_learns_how_many_working_days_are_left(desk: Desk) -> None:
    desk.on(date(2026, 3, 30))  # the Monday of Holy Week: Thursday and Friday are free

    asked = desk.do("luis", "clocks.due", name="decision")

    assert asked["decision_days_left"] == 43
    assert asked["decision_working_days_left"] == 28
    assert (asked["decision_over"], asked["decision_at_expiry"]) == (False, "alert")


def test_days_are_counted_for_a_diagram(desk: Desk) -> None:
    span = desk.do("luis", "clocks.working_days", from_day="2026-03-30", to_day="2026-04-06")
    last = desk.do("luis", "clocks.last_day", from_day="2026-03-30", count=5, unit="working")

    assert (span, last) == ({"working_days": 3}, {"day": "2026-04-08"})


def test_a_diagram_learns_when_a_day_is_over_in_the_office(desk: Desk) -> None:
    assert desk.do("luis", "clocks.day_over", day="2026-03-30") == {"day_over_at": "2026-03-31T06:00:00+00:00"}


def test_a_wait_is_asked_for_by_name_and_only_where_the_law_knows_it(desk: Desk) -> None:
    with pytest.raises(Conflict, match="never waits"):
        desk.do("luis", "clocks.wait", name="decision", reason="faltan documentos")
    desk.do("luis", "clocks.start", name="acceptance")

    waits = desk.do("luis", "clocks.wait", name="acceptance", reason="faltan documentos")
    desk.on(date(2026, 1, 20))
    runs = desk.do("luis", "clocks.resume", name="acceptance")

    assert (waits["acceptance_waits_since"], runs["acceptance_due"]) == ("2026-01-12", "2026-02-19")


@pytest.mark.parametrize(
    ("service", "arguments", "refusal"),
    [
        ("clocks.extend", {"name": "decision", "kind": "suspension", "reason": "x"}, Invalid),
        ("clocks.last_day", {"from_day": "tomorrow", "count": 5, "unit": "working"}, Invalid),
        ("clocks.last_day", {"from_day": "2026-01-12", "count": 5, "unit": "weeks"}, Invalid),
        ("clocks.due", {"name": "appeal"}, NotFound),
        ("clocks.renewal_window", {}, Conflict),
        ("clocks.reminders", {"name": "expiry"}, Conflict),
        ("clocks.end_of_suspension", {"measure_id": "none", "verified": "yes"}, NotFound),
        ("clocks.end_of_suspension", {"measure_id": "none", "verified": "perhaps"}, Invalid),
    ],
)
def test_what_makes_no_sense_is_refused(
    desk: Desk, service: str, arguments: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        desk.do("luis", service, **arguments)


def test_a_diagram_learns_when_to_remind(desk: Desk) -> None:
    asked = desk.do("luis", "clocks.reminders", name="decision")

    days = asked["decision_reminders"]
    assert isinstance(days, list)
    assert asked["decision_next_reminder"] == (days[0] if days else None)


def test_a_suspension_ends_by_itself_unless_measures_were_verified(desk: Desk) -> None:
    desk.reach("A0")
    for who, service in (
        ("rosa", "applications.submit"),
        ("irene", "applications.accept"),
        ("luis", "applications.start_review"),
        ("valeria", "applications.plan_validation"),
        ("valeria", "applications.start_visit"),
        ("mauricio", "applications.evaluate"),
        ("ernesto", "authorisations.grant"),
    ):
        desk.do(who, service)
    desk.do("ernesto", "measures.open_suspension", ground="a", reasons="Faltan elementos", days=30)

    early = desk.do("sonia", "clocks.end_of_suspension", verified="pending")
    cured = desk.do("sonia", "clocks.end_of_suspension", verified="yes")
    desk.on(date(2026, 7, 1))
    late = desk.do("sonia", "clocks.end_of_suspension", verified="pending")

    assert [one["suspension_outcome"] for one in (early, cured, late)] == ["goes_on", "lift", "ends"]


def closed(database: Database, day: date, life: Life) -> None:
    with begin(database, OLGA, life.now) as work:
        change = calendars.ask(work, Scope(office="sv"), Wish(day, "closed", "Cierre", "", "Acuerdo 7", work.today)).id
    with begin(database, ADAN, life.now) as work:
        calendars.approve(work, change)


def test_a_recount_is_tried_first_then_ordered_and_moves_the_timers(office: Database) -> None:
    life = admitted(office)
    with look(office, SYSTEM, life.now) as work:
        clock = work.session.scalars(select(models.LegalClock).where(models.LegalClock.state == "running")).one()
        name, before = clock.name, clock.due_on
    closed(office, before, life)

    with look(office, OLGA, life.now) as work:
        (found,) = recounts.differences(work, "sv")
        assert (found.clock, found.due_on, found.moves) == (name, before, True)
    with begin(office, OLGA, life.now) as work:
        assert recounts.order(work, "sv", "Decreto 12: los plazos en curso se corren") == 1
    Worker(office, "recounts").once(life.now)

    with look(office, SYSTEM, life.now) as work:
        clock = work.session.scalars(select(models.LegalClock).where(models.LegalClock.state == "running")).one()
        case = work.session.get_one(models.Case, clock.case_id)
        assert clock.due_on == found.would_be > before
        assert [row.why for row in clock.sums] == ["started", "recounted"]
        assert recounts.from_history(work, case)[clock.name, clock.subject_id] == clock.due_on
        waits = work.session.scalars(select(models.Wait).where(models.Wait.clock == name)).all()
        assert {wait.due_at for wait in waits} <= {clock.due_at}


def test_a_recount_needs_a_reason_a_right_and_something_to_do(office: Database) -> None:
    life = admitted(office)
    with pytest.raises(Conflict), begin(office, OLGA, life.now) as work:
        recounts.order(work, "sv", "porque sí")
    with pytest.raises(Invalid), begin(office, OLGA, life.now) as work:
        recounts.order(work, "sv", " ")
    with pytest.raises(NotAllowed), begin(office, LUIS, life.now) as work:
        recounts.order(work, "sv", "porque sí")


def test_no_announced_period_is_cut_short(office: Database) -> None:
    life = admitted(office)
    with look(office, SYSTEM, life.now) as work:
        last = work.session.scalars(select(models.LegalClock.due_on).where(models.LegalClock.state == "running")).one()
    assert last - timedelta(days=1) > life.now.date()
    assert not recounts.Difference("OC-1", "reply", last, last - timedelta(days=1)).moves
