"""Mutual recognition: nothing leaves without consent, a class and never a reason, confirmed partner by partner."""

import json
from datetime import date

import pytest
from sqlalchemy import delete

from engine import benefits, partners
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from engine.worker import Worker
from tests.engine.desk import Desk

WHY = "La planta de Soyapango no tiene cerca."


@pytest.fixture
def desk(office: Database) -> Desk:
    """A holder of AEOS in the Union, in force; it is 2 March."""
    desk = Desk(office, programme="eu", types=("AEOS",))
    desk.reach("A13")
    desk.on(date(2026, 3, 2))
    Worker(office, "one").drain(desk.now)
    return desk


def to(desk: Desk, partner: str = "CH") -> list[models.PartnerMessage]:
    return [row for row in desk.rows(models.PartnerMessage) if row.partner == partner]


def test_nothing_is_told_without_the_consent_of_its_own(desk: Desk) -> None:
    desk.do("rosa", "consents.record", publication=True)

    desk.do("ernesto", "measures.open_suspension", ground="b", reasons=WHY, days=30)

    assert desk.rows(models.PartnerMessage) == []


def test_from_the_consent_on_partners_hear_of_every_change_and_never_why(desk: Desk) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=True)
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons=WHY, days=30)
    desk.do("ernesto", "measures.lift", reason="cured")

    assert [row.status for row in to(desk)] == ["active", "suspended", "active"]
    assert len({row.partner for row in desk.rows(models.PartnerMessage)}) > 1
    said = json.dumps([row.facts for row in desk.rows(models.PartnerMessage)])
    assert "Soyapango" not in said
    assert to(desk)[1].facts["type"] == "AEOS"


def test_a_move_that_leaves_the_status_as_it_was_tells_nobody(desk: Desk) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=True)

    desk.do("sonia", "authorisations.open_reassessment", reason="Cambio de ley.")

    assert [row.status for row in to(desk)] == ["active"]


def test_who_withdraws_the_consent_is_taken_off_once_and_told_of_no_more(desk: Desk) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=True)
    desk.do("rosa", "consents.record", mutual_recognition=False)
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons=WHY, days=30)

    assert [row.status for row in to(desk)] == ["active", "withdrawn"]
    assert set(to(desk)[1].facts) == {"number", "status", "consent"}


def test_a_partner_confirms_what_was_sent_and_what_it_lacks_is_sent_again(desk: Desk) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=True)
    (message,) = to(desk)
    with desk.work("sonia") as work, pytest.raises(Conflict, match="not sent yet"):
        partners.acknowledge(work, message.id)
    with desk.work("sonia") as work:
        partners.send(work, message.id)
    with desk.work("sonia") as work:
        again = partners.resend(work, message.id).id
    with desk.work("sonia") as work:
        partners.send(work, again)
        partners.acknowledge(work, again, "CH-881")

    assert [(row.resends, row.acknowledged_at is not None) for row in to(desk)] == [(None, False), (message.id, True)]
    with desk.work("sonia") as work, pytest.raises(Conflict, match="confirmed this message already"):
        partners.resend(work, again)


def test_only_officers_keep_the_exchange(desk: Desk) -> None:
    desk.do("rosa", "consents.record", mutual_recognition=True)

    with desk.work("rosa") as work, pytest.raises(NotAllowed):
        partners.send(work, to(desk)[0].id)


def test_a_benefit_is_confirmed_once_with_its_proof(desk: Desk) -> None:
    with desk.work("sonia") as work:
        entry = benefits.ledger(work, str(desk.known["authorisation_id"]))[0].id
    with pytest.raises(Invalid):
        desk.do("sonia", "benefits.deliver", entry_id=entry, proof=" ")

    desk.do("sonia", "benefits.deliver", entry_id=entry, proof="RISK-77")

    with pytest.raises(Conflict, match="confirmed already"):
        desk.do("sonia", "benefits.deliver", entry_id=entry, proof="RISK-78")


def test_the_ledger_says_since_when_and_why_each_benefit_is_on_or_off(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons=WHY, days=30)
    desk.on(date(2026, 3, 20))
    desk.do("ernesto", "measures.lift", reason="cured")

    with desk.work("sonia") as work:
        rows = benefits.ledger(work, str(desk.known["authorisation_id"]))
    (first, off, on) = [row for row in rows if row.code == "fewer_controls"]
    assert (first.on, off.on, on.on) == (True, False, True)
    assert (off.valid_from, off.transition, off.reason) == (date(2026, 3, 2), "T25", WHY)
    assert (on.valid_from, on.transition) == (date(2026, 3, 20), "T27")


def test_a_certificate_from_before_the_ledger_had_its_benefits_since_its_effect(desk: Desk) -> None:
    with desk.work("sonia") as work:
        work.session.execute(delete(models.BenefitEntry))

    desk.do("ernesto", "measures.open_suspension", ground="b", reasons=WHY, days=30)

    rows = [row for row in desk.rows(models.BenefitEntry) if row.code == "fewer_controls"]
    assert {(row.on, row.valid_from) for row in rows} == {
        (True, desk.authorisation().effective_on),
        (False, date(2026, 3, 2)),
    }
