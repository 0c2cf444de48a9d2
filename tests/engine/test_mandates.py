"""Whoever acts for an operator does so while their mandate runs, and sees nothing of it before and after."""

from datetime import UTC, date, datetime

import pytest

from engine import mandates, people
from engine.domain.errors import Invalid, NotAllowed, NotFound
from engine.mandates import Mandate
from engine.queries import operators as pages
from engine.store import models
from engine.store.database import Database
from engine.work import Actor, begin, look
from tests.factories import an_actor, an_operator

ADAN = Actor("adan", "Adán", frozenset({"administrator"}))
YEAR = Mandate(date(2026, 1, 1), date(2026, 6, 30), "Poder 12/2026")


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 18, tzinfo=UTC)


def given(database: Database, wanted: Mandate = YEAR) -> tuple[str, str]:
    """An agent and the operator that they act for, by a mandate."""
    operator = an_operator(database)
    agent = an_actor(database, "agente", "preparer", operators=[operator]).id
    with begin(database, ADAN, noon(1, 1)) as work:
        mandates.change(work, agent, operator, wanted, "Nombró agente.")
    return agent, operator


@pytest.mark.parametrize(
    ("day", "sees"),
    [(noon(1, 1), True), (noon(6, 30), True), (noon(7, 1), False), (datetime(2025, 12, 31, tzinfo=UTC), False)],
)
def test_a_mandate_counts_from_its_first_to_its_last_day(database: Database, day: datetime, sees: bool) -> None:  # noqa: FBT001
    agent, operator = given(database)

    with look(database, ADAN, day) as work:
        actor = people.by_id(work, agent)

    assert (operator in actor.operators) is sees
    with look(database, actor, day) as work:
        assert [row.id for row in pages.mine(work)] == ([operator] if sees else [])
        if not sees:
            with pytest.raises(NotFound):
                pages.profile(work, operator)


def test_who_acts_without_days_acts_without_limit(database: Database) -> None:
    agent, operator = given(database, Mandate())

    with look(database, ADAN, noon(12, 31)) as work:
        assert people.by_id(work, agent).operators == {operator}


def test_a_change_is_on_the_record_with_before_after_and_reason(database: Database) -> None:
    agent, operator = given(database)

    with begin(database, ADAN, noon(3, 1)) as work:
        mandates.change(work, agent, operator, Mandate(YEAR.since, date(2026, 3, 1), YEAR.act), "Lo revocó.")

    with look(database, ADAN) as work:
        told = [
            row for row in work.session.query(models.Event).order_by(models.Event.id) if row.type == "MandateChanged"
        ]
        assert len(told) == 2
        assert '"until":"2026-06-30"' in told[-1].data
        assert '"until":"2026-03-01"' in told[-1].data
        assert "Lo revocó." in told[-1].data


@pytest.mark.parametrize(
    ("wanted", "reason", "where"),
    [
        (Mandate(date(2026, 2, 1), date(2026, 1, 1), "Poder"), "Sí.", "until"),
        (Mandate(None, date(2026, 1, 1), " "), "Sí.", "mandate_act"),
        (YEAR, " ", "mandate_reason"),
    ],
)
def test_what_is_missing_is_named_by_its_field(database: Database, wanted: Mandate, reason: str, where: str) -> None:
    agent, operator = given(database, Mandate())

    with pytest.raises(Invalid) as refused, begin(database, ADAN) as work:
        mandates.change(work, agent, operator, wanted, reason)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_only_another_administrator_changes_a_mandate(database: Database) -> None:
    agent, operator = given(database)
    owner = Actor("lola", "Lola", frozenset({"process_owner"}))

    for who in (owner, Actor(agent, "Agente", frozenset({"administrator"}))):
        with pytest.raises(NotAllowed), begin(database, who) as work:
            mandates.change(work, agent, operator, Mandate(), "Sí.")
    with pytest.raises(NotFound), begin(database, ADAN) as work:
        mandates.change(work, agent, "nobody", Mandate(), "Sí.")
