"""What the law alone ends, ends on its day and once: an act becomes firm, a bar is over, documents may be deleted."""

from datetime import UTC, date, datetime

import orjson
from sqlalchemy import select

from engine import expiries, incidents
from engine.queries import sums
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.engine.desk import Desk
from tests.engine.test_lifecycle import fixed_term
from tests.engine.test_terms import replayed, revoked


def ended(desk: Desk) -> list[tuple[str, str, str]]:
    """Every clock that the law ended, from the history: name, effect, the day from which it is valid."""
    with look(desk.database, SYSTEM, desk.now) as work:
        query = select(models.Event.data).where(models.Event.type == "ClockRanOut").order_by(models.Event.at)
        facts = [orjson.loads(data) for data in work.session.scalars(query)]
    return [(fact["clock"], fact["effect"], fact["valid_from"]) for fact in facts]


def gone_by(database: Database) -> Desk:
    """A certificate that was revoked on Monday 2 February 2026."""
    desk = fixed_term(database)
    desk.on(date(2026, 2, 2))
    revoked(desk)
    return desk


def test_an_act_that_nobody_appealed_is_firm_since_its_last_day(office: Database) -> None:
    desk = gone_by(office)
    desk.on(date(2026, 3, 5))

    Worker(office, "one").drain(desk.now)

    assert ended(desk) == [("appeal", "firm", "2026-02-23")]
    (clock,) = [row for row in desk.rows(models.LegalClock) if row.name == "appeal"]
    assert (clock.state, clock.ended_on, clock.runs_out_at) == ("expired", date(2026, 2, 23), None)
    with look(office, SYSTEM, desk.now) as work:
        fact = work.session.scalars(select(models.Event).where(models.Event.type == "ClockRanOut")).one()
        (told,) = [one for one in sums.of_case(work, desk.case_id) if one.clock.name == "appeal"]
    assert (fact.actor_id, fact.at) == (SYSTEM.id, desk.now)
    assert (told.clock.live, told.at_expiry) == (False, "firm")
    replayed(desk)


def test_a_bar_and_the_time_for_which_documents_are_kept_end_each_on_its_day(office: Database) -> None:
    desk = gone_by(office)
    desk.on(date(2031, 6, 1))

    Worker(office, "one").drain(desk.now)

    assert ended(desk) == [
        ("appeal", "firm", "2026-02-23"),
        ("bar_revoked", "ends", "2029-02-02"),
        ("retention", "purge_allowed", "2031-02-02"),
    ]
    assert "running" not in {state for name, state in desk.clocks() if name != "decision"}


def test_the_end_of_a_clock_is_recorded_once_whoever_looks_how_often(office: Database) -> None:
    desk = gone_by(office)
    desk.on(date(2026, 3, 5))
    with look(office, SYSTEM, desk.now) as work:
        (clock,) = expiries.due(work)

    for name in ("one", "two"):
        Worker(office, name).drain(desk.now)
    with begin(office, SYSTEM, desk.now) as work:
        again = expiries.take_effect(work, clock)

    assert again is False
    assert len(ended(desk)) == 1


def test_nothing_is_firm_on_the_last_day_itself_nor_where_it_was_appealed(office: Database) -> None:
    desk = gone_by(office)
    desk.on(date(2026, 2, 23))
    Worker(office, "one").drain(desk.now)
    assert ended(desk) == []

    desk.do("rosa", "appeals.lodge", reasons="Hay registro.", authorisation_id=desk.known["authorisation_id"])
    desk.on(date(2026, 3, 5))
    Worker(office, "one").drain(desk.now)

    assert ended(desk) == []


def test_documents_that_an_appeal_still_needs_are_kept_beyond_their_time(office: Database) -> None:
    desk = gone_by(office)
    desk.do("rosa", "appeals.lodge", reasons="Hay registro.", authorisation_id=desk.known["authorisation_id"])
    desk.on(date(2031, 6, 1))
    Worker(office, "one").drain(desk.now)
    assert "retention" not in {name for name, _effect, _day in ended(desk)}

    desk.do("ernesto", "appeals.dismiss", reasons="No hay registro.")
    desk.on(date(2031, 6, 3))
    Worker(office, "one").drain(desk.now)

    assert ended(desk)[-1] == ("retention", "purge_allowed", "2031-02-02")


def test_a_term_that_is_over_while_its_renewal_is_pending_says_so(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2028, 10, 2))
    desk.do("rosa", "renewals.file")
    desk.on(date(2029, 1, 20))

    Worker(office, "one").drain(desk.now)

    assert ended(desk) == [("validity", "renewal_pending", "2029-01-12")]
    desk.do("ernesto", "renewals.renew")
    assert [state for name, state in desk.clocks() if name == "validity"] == ["expired", "running"]


def test_one_clock_that_cannot_be_ended_holds_up_no_other_and_is_told_of(office: Database) -> None:
    desk = gone_by(office)
    with begin(office, SYSTEM, desk.now) as work:
        bad = work.session.scalars(select(models.LegalClock).where(models.LegalClock.name == "appeal")).one()
        bad.programme = "nowhere"
    desk.on(date(2029, 3, 1))

    Worker(office, "one").once(desk.now)

    assert [name for name, _effect, _day in ended(desk)] == ["bar_revoked"]
    with look(office, SYSTEM, desk.now) as work:
        assert [row.element for row in incidents.open_of(work, desk.case_id, incidents.CLOCK)] == [bad.id]
        assert expiries.due(work) == []  # it rests
    with begin(office, SYSTEM, desk.now) as work:
        work.session.get_one(models.LegalClock, bad.id).programme = "sv"
    desk.on(date(2029, 3, 2))
    Worker(office, "one").drain(desk.now)
    assert [name for name, _effect, _day in ended(desk)] == ["bar_revoked", "appeal"]
    with look(office, SYSTEM, desk.now) as work:
        assert incidents.open_of(work, desk.case_id, incidents.CLOCK) == []


def test_a_period_of_which_nobody_was_told_does_not_end(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2026, 2, 2))
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds="Sin registro.")
    desk.announce("D24_intention_to_revoke")
    Worker(office, "one").drain(desk.now)
    desk.do("rosa", "authorisations.end_hearing", waived="Renuncia por escrito.")
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")
    desk.do("ernesto", "letters.issue", template="D25_revocation", facts={"reasons": "x", "revoked_on": "2026-02-02"})
    desk.now = datetime(2026, 3, 5, 15, tzinfo=UTC)
    with begin(office, SYSTEM, desk.now) as work:
        (clock,) = expiries.due(work)
        assert expiries.take_effect(work, clock) is False

    assert ended(desk) == []
