"""Letters that nobody could notify on the day of their issue: what begins at their receipt begins when they were received."""

from datetime import date, datetime, time, timedelta
from typing import Final

import pytest
from sqlalchemy import select

from engine import clocks, programmes, recounts, tasks
from engine.queries import sums
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import Desk
from tests.engine.test_letters_law import FOLDER, printed
from tests.processes.lives import Life

SV: Final = (FOLDER.parents[1] / "bpmn" / "programmes" / "sv.toml").read_text(encoding="utf-8")
ITEMS: Final = [{"item": "Contrato con el transportista", "reason": "No se adjuntó."}]
MONTHS: Final = {1: "enero", 2: "febrero"}
DEEMED: Final = "deemed_receipt_days = 0"


def publish(office: Database, *changes: tuple[str, str]) -> None:
    text = SV
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    factories.publish(office, ("programme", "sv", text.encode()))


def asked(office: Database, day: date) -> Desk:
    """Somebody files on that day and is asked at once for what is missing; the worker is down."""
    desk = Desk(office, day)
    desk.reach("A1")
    desk.do("irene", "applications.request_completion", items=ITEMS)
    facts = {"items": ITEMS, "reply_due": desk.known["reply_due"]}
    desk.do("irene", "letters.issue", template="D02_request_to_complete", facts=facts)
    return desk


def reply(desk: Desk) -> models.LegalClock:
    (clock,) = [row for row in desk.rows(models.LegalClock) if row.name == "reply"]
    return clock


def letter(desk: Desk) -> models.Letter:
    return desk.rows(models.Letter)[-1]


@pytest.mark.parametrize(
    ("issued", "up", "deemed", "received"),
    [
        (date(2026, 1, 12), date(2026, 1, 12), DEEMED, date(2026, 1, 12)),  # the worker was there
        (date(2026, 1, 12), date(2026, 1, 15), DEEMED, date(2026, 1, 15)),  # down for three days
        (date(2026, 1, 16), date(2026, 1, 19), DEEMED, date(2026, 1, 19)),  # over a weekend
        (date(2026, 1, 16), date(2026, 1, 17), "deemed_receipt_days = 2", date(2026, 1, 19)),  # on a Saturday
        (  # on Good Friday, received two working days later
            date(2026, 4, 1),
            date(2026, 4, 3),
            'deemed_receipt_days = 2\ndeemed_receipt_unit = "working"',
            date(2026, 4, 7),
        ),
    ],
)
def test_receipt_and_what_begins_with_it_follow_the_day_of_notification(
    office: Database, issued: date, up: date, deemed: str, received: date
) -> None:
    publish(office, (DEEMED, deemed))
    desk = asked(office, issued)
    promised = reply(desk).due_on

    desk.on(up, time(14))
    Worker(office, "late").drain(desk.now)

    clock = reply(desk)
    assert letter(desk).received_on == received
    assert letter(desk).issued_at.date() == issued
    assert clock.starts_on == received
    with look(office, SYSTEM, desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        rules = programmes.of(work, case, "sv")
        lines = clocks.explain(work, rules, work.session.get_one(models.LegalClock, clock.id))
        assert (lines[0].day, lines[-1].day) == (received, clock.due_on)
        assert recounts.from_history(work, case)[clock.name, clock.subject_id] == clock.due_on
        (told,) = [one for one in sums.of_case(work, desk.case_id) if one.clock.name == "reply"]
        assert [one.due_on for one in told.earlier] == ([promised] if clock.due_on != promised else [])


def test_the_letter_shows_its_issue_its_notification_and_the_last_day_that_follows(office: Database) -> None:
    desk = asked(office, date(2026, 1, 12))
    desk.on(date(2026, 1, 15))
    Worker(office, "late").drain(desk.now)

    said = " ".join(printed(desk).split())

    days = (date(2026, 1, 12), date(2026, 1, 15), reply(desk).due_on)
    assert [f"{day.day} de {MONTHS[day.month]} de {day.year}" in said for day in days] == [True, True, True]
    assert letter(desk).facts["reply_due"] != reply(desk).due_on.isoformat()  # what was frozen stays as it was


def test_a_period_of_which_nobody_was_told_is_not_over(office: Database) -> None:
    desk = asked(office, date(2026, 1, 12))
    desk.on(date(2026, 6, 1))
    with look(office, SYSTEM, desk.now) as work:
        assert not clocks.is_over(work, str(desk.known["application_id"]), "reply")

    Worker(office, "late").drain(desk.now)
    desk.on(reply(desk).due_on + timedelta(days=1))

    with look(office, SYSTEM, desk.now) as work:
        assert clocks.is_over(work, str(desk.known["application_id"]), "reply")


def test_a_timer_waits_for_the_letter_that_begins_its_period(office: Database) -> None:
    life = Life(office).apply().go_on(["check_admissibility"])
    with begin(office, life.actor("admision"), life.now) as work:
        answers = {"admissibility": "incomplete", "missing_items": ITEMS}
        tasks.complete(work, life.chosen("check_admissibility"), answers)
    promised = due(life)  # the midnight that ends 29 January, fourteen days after the 15th

    life.now = promised + timedelta(days=3)  # 2 February
    life.rest()

    assert life.open == ["complete_application"]  # not "confirm_no_reply"
    assert due(life) == promised + timedelta(days=18) == shown(life, "complete_application")
    with look(office, SYSTEM, life.now) as work:
        known = tasks.known(work, life.chosen("complete_application"))  # of the admission, which the application calls
    assert known["reply_due_at"] == due(life).isoformat()
    assert known["reply_due"] == (due(life) - timedelta(days=1)).date().isoformat()
    life.pass_time(due(life))
    assert life.open == ["confirm_no_reply"]


def due(life: Life) -> datetime:
    with look(life.database, SYSTEM, life.now) as work:
        row = work.session.scalars(select(models.Wait).where(models.Wait.clock == "reply")).one()
        assert row.due_at is not None
        return row.due_at


def shown(life: Life, element: str) -> datetime | None:
    """The due date that the inbox shows of the open task."""
    with look(life.database, SYSTEM, life.now) as work:
        return work.session.get_one(models.Task, life.chosen(element)).due_at


def test_a_task_that_shows_the_end_of_a_period_shows_it_anew_when_days_are_added_beside(office: Database) -> None:
    life = Life(office).apply().go_on(["decide_on_proposal"])
    before = decision(life).due_at
    assert shown(life, "decide_on_proposal") == before
    while "decide_extension" not in life.open:
        life.pass_time(life.now + timedelta(days=1))

    answers = {"extension_kind": "extension", "extension_days": 10, "extension_reason": "Falta un peritaje."}
    life.do("decide_extension", extension_choice="extend", **answers)

    after = decision(life).due_at
    assert after > before
    assert shown(life, "decide_on_proposal") == after
    with look(office, SYSTEM, life.now) as work:
        events = work.session.scalars(select(models.Event.data).where(models.Event.type == "TaskDueMoved")).all()
    assert [("decide_on_proposal" in one, "decision" in one) for one in events] == [(True, True)]


@pytest.mark.parametrize(("late", "state"), [(timedelta(days=-3), "met"), (timedelta(days=2), "expired")])
def test_a_decision_is_in_time_only_if_it_was_notified_in_time(office: Database, late: timedelta, state: str) -> None:
    life = Life(office).apply().go_on(["decide_on_proposal"])
    life.pass_time(decision(life).due_at - timedelta(days=6))
    with begin(office, life.actor("director"), life.now) as work:
        tasks.complete(
            work, life.chosen("decide_on_proposal"), {"decision": "grant", "decision_reasons": "Se acoge el dictamen."}
        )
    assert (decision(life).state, decision(life).ended_on) == ("met", life.now.date())

    life.now = decision(life).due_at + late
    life.rest()

    assert (decision(life).state, decision(life).ended_on) == (state, life.now.date())


def decision(life: Life) -> models.LegalClock:
    with look(life.database, SYSTEM, life.now) as work:
        return work.session.scalars(select(models.LegalClock).where(models.LegalClock.name == "decision")).one()
