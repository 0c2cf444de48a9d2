"""Applications go lawful ways only, on lawful days, and every day can be found again in the record."""

from datetime import date, time

import pytest
from sqlalchemy import select

from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.engine.desk import ROAD, SYSTEM_ITSELF, Desk
from tests.engine.test_late_letters import publish

ITEMS = [{"item": "Solvencia municipal", "reason": "No se adjuntó."}]
GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]


def test_the_worked_example_of_the_law_comes_out_day_by_day(office: Database) -> None:
    desk = Desk(office, date(2025, 3, 3))
    desk.reach("A1")
    desk.on(date(2025, 3, 28))
    desk.do("irene", "applications.request_completion", items=ITEMS)
    desk.on(date(2025, 4, 10))
    desk.do("ana", "applications.receive_completion")

    desk.on(date(2025, 4, 14))  # the click comes four days after the last item
    accepted = desk.do("irene", "applications.accept")
    desk.do("luis", "applications.start_review")
    desk.on(date(2025, 6, 2))
    asked = desk.do("luis", "applications.request_information", items=ITEMS, days=20)
    desk.do("ana", "applications.receive_information")
    desk.do("luis", "applications.evaluate")
    desk.on(date(2025, 8, 20))
    heard = desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.on(date(2025, 9, 20))
    desk.do("rosa", "applications.end_hearing")
    extended = desk.do("ernesto", "applications.extend", days=60, reason="Hace falta un peritaje.")

    assert accepted["accepted_on"] == "2025-04-10"
    dues = [accepted["decision_due"], asked["decision_due"], heard["decision_due"], extended["decision_due"]]
    assert dues == ["2025-08-08", "2025-08-28", "2025-09-29", "2025-11-26"]  # 27 September is a Saturday
    assert extended["decision_due_at"] == "2025-11-27T06:00:00+00:00"


def test_acceptance_is_valid_from_completeness_and_recorded_when_it_is_done(office: Database) -> None:
    desk = Desk(office, date(2025, 3, 3))
    desk.reach("A1")
    desk.on(date(2025, 3, 10))

    desk.do("irene", "applications.accept")

    assert desk.moves("application")[-1] == ("T6", "A4", date(2025, 3, 3))
    with look(office, SYSTEM) as work:
        change = work.session.scalars(select(models.StatusChange).where(models.StatusChange.to_state == "A4")).one()
        assert change.recorded_at == desk.now
        assert change.actor_id == "irene"


def test_what_is_filed_after_the_cut_off_hour_is_filed_and_counts_as_of_the_next_working_day(office: Database) -> None:
    publish(office, ('cut_off = "23:59:59"', 'cut_off = "16:00:00"'))
    desk = Desk(office, date(2026, 1, 16))
    desk.reach("A0")
    desk.on(date(2026, 1, 16), time(17))  # a Friday

    desk.do("rosa", "applications.submit")

    assert (desk.application().state, desk.moves("application")[-1][2]) == ("A1", date(2026, 1, 19))
    desk.do("irene", "applications.request_completion", items=ITEMS)
    desk.on(date(2026, 1, 20), time(16, 1))
    desk.do("ana", "applications.receive_completion")
    accepted = desk.do("irene", "applications.accept")
    assert (desk.application().state, accepted["accepted_on"]) == ("A4", "2026-01-21")


def test_while_the_applicant_completes_acceptance_waits(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")

    asked = desk.do("irene", "applications.request_completion", items=ITEMS)

    assert asked["reply_due"] == "2026-01-26"  # ten working days after Monday 12 January
    assert sorted(desk.clocks()) == [("acceptance", "waiting"), ("reply", "running")]


def test_every_round_of_completion_has_a_clock_of_its_own(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")

    for day in (13, 20):
        desk.on(date(2026, 1, day))
        desk.do("irene", "applications.request_completion", items=ITEMS)
        desk.on(date(2026, 1, day + 1))
        desk.do("ana", "applications.receive_completion")

    assert desk.clocks() == [("acceptance", "running"), ("reply", "met"), ("reply", "met")]
    assert desk.application().complete_on == date(2026, 1, 21)


def test_nobody_is_turned_away_while_they_may_still_reply(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")
    desk.do("irene", "applications.request_completion", items=ITEMS)
    desk.on(date(2026, 1, 26), time(23, 59))

    with pytest.raises(Conflict, match="may still reply"):
        desk.do("irene", "applications.not_accept", reason="No respondió.")

    desk.on(date(2026, 1, 27), time(0))
    desk.do("irene", "applications.not_accept", reason="No respondió.")
    assert desk.moves("application")[-1] == ("T4", "A3", date(2026, 1, 27))
    assert sorted(desk.clocks()) == [("acceptance", "stopped"), ("reply", "expired")]


def test_who_is_ineligible_is_not_accepted_at_once_and_carries_no_bar(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")

    desk.do("irene", "applications.not_accept", reason="No está establecido en el país.")
    desk.new_case()
    desk.do("ana", "applications.open")

    assert ("T5", "A3", date(2026, 1, 12)) in desk.moves("application")
    assert desk.application().state == "A0"


def test_information_runs_out_unanswered_and_the_review_goes_on(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")
    desk.do("luis", "applications.request_information", items=ITEMS)
    desk.on(date(2026, 3, 2))

    desk.do(SYSTEM_ITSELF, "applications.receive_information")

    assert desk.application().state == "A5"
    assert ("information", "expired") in desk.clocks()


@pytest.mark.parametrize("days", [0, -5, 31])
def test_information_is_asked_for_within_the_cap_of_the_programme(office: Database, days: int) -> None:
    desk = Desk(office)
    desk.reach("A5")

    with pytest.raises(Invalid) as refused:
        desk.do("luis", "applications.request_information", items=ITEMS, days=days)

    assert [problem.where for problem in refused.value.problems] == ["days"]
    assert desk.application().state == "A5"


def test_an_extension_comes_before_the_period_is_over_and_within_the_cap(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")

    with pytest.raises(Invalid):
        desk.do("ernesto", "applications.extend", days=61, reason="Peritaje.")
    desk.on(date(2026, 5, 13))
    with pytest.raises(Conflict, match="no longer be extended"):
        desk.do("ernesto", "applications.extend", days=10, reason="Peritaje.")


def test_nobody_is_refused_unheard(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")

    with pytest.raises(Conflict, match="unheard"):
        desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.")

    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.announce("D14_hearing")
    desk.do("rosa", "applications.end_hearing")
    answer = desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.")
    assert answer["refused_on"] == "2026-01-12"
    ended = [("acceptance", "met"), ("decision", "met"), ("hearing", "met")]
    assert desk.clocks() == [*ended, ("appeal", "running")]


def test_a_decision_after_the_last_day_shows_that_its_period_had_expired(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")
    desk.on(date(2026, 6, 1))

    desk.do("ernesto", "authorisations.grant")

    assert ("decision", "expired") in desk.clocks()


def test_withdrawal_ends_every_clock(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")
    desk.do("luis", "applications.request_information", items=ITEMS)

    answer = desk.do("rosa", "applications.withdraw", reason="Cambio de planes.")

    assert answer == {"withdrawn_on": "2026-01-12"}
    assert sorted(desk.clocks()) == [("acceptance", "met"), ("decision", "stopped"), ("information", "stopped")]


@pytest.mark.parametrize("who", ["ana", "irene", "ernesto", SYSTEM_ITSELF])
def test_only_a_signatory_submits(office: Database, who: str) -> None:
    desk = Desk(office)
    desk.reach("A0")

    with pytest.raises(NotAllowed, match="signatory"):
        desk.do(who, "applications.submit")


@pytest.mark.parametrize("who", ["irene", "luis", "valeria", "mauricio"])
def test_whoever_worked_on_the_application_does_not_decide_on_it(office: Database, who: str) -> None:
    desk = Desk(office)
    for state, doer, service in ROAD[:-1]:
        desk.do("luis" if who == "luis" and state == "A11" else doer, service)

    with pytest.raises(NotAllowed, match="another person"):
        desk.do(f"ernesto+{who}", "authorisations.grant")


@pytest.mark.parametrize("who", ["luis", "valeria", SYSTEM_ITSELF])
def test_only_the_competent_authority_grants(office: Database, who: str) -> None:
    desk = Desk(office)
    desk.reach("A11")

    with pytest.raises(NotAllowed, match="director"):
        desk.do(who, "authorisations.grant")


OUT_OF_ORDER = [
    ("A0", "irene", "applications.accept", {}),
    ("A0", "irene", "applications.request_completion", {"items": ITEMS}),
    ("A1", "luis", "applications.start_review", {}),
    ("A1", "ernesto", "authorisations.grant", {}),
    ("A1", "ana", "applications.receive_completion", {}),
    ("A4", "rosa", "applications.submit", {}),
    ("A4", "irene", "applications.not_accept", {"reason": "Tarde."}),
    ("A5", "ernesto", "applications.start_hearing", {"grounds": GROUNDS}),
    ("A5", "valeria", "applications.start_visit", {}),
    ("A8", "ana", "applications.receive_information", {}),
    ("A8", "valeria", "applications.require_actions", {}),
    ("A11", "rosa", "applications.end_hearing", {}),
    ("A13", "rosa", "applications.withdraw", {}),
    ("A13", "ernesto", "applications.extend", {"days": 5, "reason": "Tarde."}),
]


@pytest.mark.parametrize(("state", "who", "service", "arguments"), OUT_OF_ORDER, ids=lambda value: str(value)[:40])
def test_a_step_out_of_order_is_refused_and_names_the_state(
    office: Database, state: str, who: str, service: str, arguments: dict[str, object]
) -> None:
    desk = Desk(office)
    desk.reach(state)
    before = (desk.application().state, desk.clocks(), desk.events())

    with pytest.raises(Conflict, match=rf"state {state} "):
        desk.do(who, service, **arguments)

    assert (desk.application().state, desk.clocks(), desk.events()) == before


@pytest.mark.parametrize("types", [[], ["pirate"], ["exporter", "pirate"], [3], [{"type": "exporter"}]])
def test_an_application_is_for_types_that_the_programme_knows(office: Database, types: list[object]) -> None:
    desk = Desk(office)

    with pytest.raises(Invalid) as refused:
        desk.do("ana", "applications.open", types=types)

    assert [problem.where for problem in refused.value.problems] == ["types"]


def test_a_request_says_what_is_missing(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")

    with pytest.raises(Invalid):
        desk.do("irene", "applications.request_completion", items=[])


def test_an_application_that_does_not_exist_is_not_found(office: Database) -> None:
    with pytest.raises(NotFound):
        Desk(office).do("rosa", "applications.submit", application_id="nowhere")


def test_a_programme_that_the_release_does_not_pin_is_not_found(office: Database) -> None:
    with pytest.raises(NotFound):
        Desk(office).do("ana", "applications.open", programme="atlantis")


def test_numbers_of_applications_have_no_gaps(office: Database) -> None:
    desk = Desk(office)
    numbers = [desk.do("ana", "applications.open")["application_number"] for _round in range(2)]
    with pytest.raises(Invalid):
        desk.do("ana", "applications.open", types=[])

    numbers.append(desk.do("ana", "applications.open")["application_number"])

    assert numbers == ["SOL-2026-0001", "SOL-2026-0002", "SOL-2026-0003"]


def test_the_history_tells_every_move_and_every_clock(office: Database) -> None:
    desk = Desk(office)

    desk.reach("A4")

    assert desk.events() == [
        "StateChanged",
        "StateChanged",
        "ClockStarted",
        "StateChanged",
        "ClockEnded",
        "ClockStarted",
    ]


def test_the_office_takes_no_more_than_the_programme_lets_it_in_all(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")
    desk.do("ernesto", "applications.extend", days=40, reason="Hace falta un peritaje.")

    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", "applications.extend", days=40, reason="Y otro.")

    assert [one.message for one in refused.value.problems] == ["Give at most %(most)s days in all."]
    assert desk.do("ernesto", "applications.extend", days=20, reason="Y otro.")["former_due"] == "2026-06-22"
