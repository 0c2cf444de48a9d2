"""The ten subtleties of the domain page (§14) that a naive system gets wrong, each by its name, on the real thing."""

from datetime import date, time
from pathlib import Path
from typing import Final

import pytest

from engine.domain import dependencies, programme
from engine.domain.errors import Conflict, NotAllowed, Refusal
from engine.domain.suspensions import Outcome, Verified, end
from engine.store import models
from engine.store.database import Database
from engine.worker import Worker
from tests import factories
from tests.engine.desk import SYSTEM_ITSELF, Desk

FOLDER: Final = Path(__file__).parents[2] / "bpmn" / "programmes"
EU: Final = programme.read((FOLDER / "eu.toml").read_bytes())
ITEMS: Final = [{"item": "Solvencia municipal", "reason": "No se adjuntó."}]
GROUNDS: Final = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]
MARCH: Final = date(2025, 3, 3)


def held(office: Database, types: tuple[str, ...] = ("AEOF",)) -> Desk:
    """A certificate of the Union with a guarantee that rests on it; partners and public may know of it."""
    desk = Desk(office, programme="eu", types=types)
    desk.reach("A13")
    desk.on(date(2026, 3, 2))
    Worker(office, "calendar").drain(desk.now)
    desk.do("rosa", "consents.record", publication=True, mutual_recognition=True)
    desk.do("sonia", "dependents.register", kind="comprehensive_guarantee", reference="GG-7")
    return desk


def test_1_the_acceptance_date_is_a_legal_fact_not_a_click_and_silence_accepts_too(office: Database) -> None:
    desk = Desk(office, MARCH, programme="eu", types=["AEOC"])
    desk.reach("A1")
    desk.do("irene", "applications.request_completion", items=ITEMS)
    desk.on(date(2025, 4, 10))
    desk.do("ana", "applications.receive_completion")
    desk.on(date(2025, 5, 13))

    accepted = desk.do(SYSTEM_ITSELF, "applications.apply_silence", clock="acceptance")

    assert (accepted["silence"], accepted["accepted_on"]) == ("accepted", "2025-04-10")
    assert accepted["decision_due"] == "2025-08-08"  # 120 days from the last item, not from the day nobody spoke
    assert "ActDated" in desk.events()


def test_2_the_clock_pauses_before_acceptance_and_after_it_days_are_only_added_and_told(office: Database) -> None:
    desk = Desk(office, MARCH, programme="eu", types=["AEOC"])
    desk.reach("A1")
    desk.do("irene", "applications.request_completion", items=ITEMS)
    assert ("acceptance", "waiting") in desk.clocks()
    desk.do("ana", "applications.receive_completion")
    due = desk.do("irene", "applications.accept")["decision_due"]
    desk.do("luis", "applications.start_review")

    with pytest.raises(Conflict, match="never waits"):
        desk.do("luis", "clocks.wait", name="decision", reason="El analista está de vacaciones.")
    asked = desk.do("luis", "applications.request_information", items=ITEMS, days=20)

    assert (due, asked["decision_due"]) == ("2025-07-01", "2025-07-21")
    (added,) = desk.rows(models.ClockAddition)
    assert (added.days, added.kind, added.due_before) == (20, "information", date(2025, 7, 1))
    assert "13" in added.legal_basis
    desk.on(date(2025, 7, 22))
    with pytest.raises(Conflict, match="can no longer be extended"):
        desk.do("ernesto", "applications.extend", days=30, reason="Falta tiempo.")


def test_3_non_acceptance_is_not_refusal(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")

    told = desk.do("irene", "applications.not_accept", reason="No está establecido en el país.")

    assert (desk.application().state, told["bar_until"]) == ("A3", None)
    assert (desk.rows(models.Bar), desk.rows(models.Hearing)) == ([], [])
    assert "TypeDecided" not in desk.events()  # it counts in no statistics of refusals
    with pytest.raises(Conflict, match="no act that could be appealed"):
        desk.do("rosa", "appeals.lodge", reasons="Sí lo está.", application_id=desk.known["application_id"])
    desk.new_case()
    desk.reach("A1")  # and nothing bars the next application


def test_4_working_and_calendar_days_live_in_one_case_with_its_holidays_and_cut_off(office: Database) -> None:
    text = (FOLDER / "sv.toml").read_text(encoding="utf-8").replace('cut_off = "23:59:59"', 'cut_off = "16:00:00"')
    text = text.replace("deemed_receipt_days = 0", "deemed_receipt_days = 2", 1)
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office, date(2026, 3, 25))
    desk.reach("A0")
    desk.on(date(2026, 3, 25), time(16, 1))

    filed = desk.do("rosa", "applications.submit")
    asked = desk.do("irene", "applications.request_completion", items=ITEMS)

    assert (filed["submitted_on"], filed["acceptance_due"]) == ("2026-03-26", "2026-04-27")  # the 25th is a Saturday
    assert asked["reply_due"] == "2026-04-14"  # received on 27 March; 10 working days, three of Holy Week closed


def test_5_a_suspension_reaches_other_decisions_by_type_and_by_reason_and_never_back(office: Database) -> None:
    desk = held(office)
    desk.do("sonia", "dependents.change", state="suspended", reason="Impago.")
    assert desk.authorisation().state == "B1"  # a decision that rests on the status does not touch it
    desk.do("sonia", "dependents.change", state="in_force", reason="Pagó.")

    security = desk.do(
        "ernesto", "measures.open_suspension", ground="b", reasons="Cerca.", days=30, criteria=["security"]
    )
    assert (desk.authorisation().state, security["suspended_types"], security["affected"]) == ("B5", ["AEOS"], [])
    desk.do("ernesto", "measures.lift", reason="cured")
    competence = desk.do(
        "ernesto", "measures.open_suspension", ground="b", reasons="Práctica.", days=30, criteria=["competence"]
    )

    assert competence["suspended_types"] == ["AEOC"]
    assert [row.state for row in desk.rows(models.DependentDecision)] == ["suspended"]
    assert dependencies.parts_reached(EU, "AEOF", ["compliance"]) == ("AEOC", "AEOS")


def test_6_a_suspension_ends_by_itself_a_revocation_never_does(office: Database) -> None:
    cure = EU.suspension["b"]
    outcomes = [end(cure, one, over=True, verifying=False).outcome for one in Verified]
    assert outcomes == [Outcome.LIFT, Outcome.REVOKE, Outcome.ENDS]
    assert end(EU.suspension["a"], Verified.NO, over=True, verifying=False).outcome is Outcome.ENDS

    desk = held(office)
    desk.do("ernesto", "measures.open_suspension", ground="a", reasons="Falta aclarar.", days=30)
    desk.on(date(2026, 4, 2))
    desk.do(SYSTEM_ITSELF, "measures.lift", reason="expired")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)

    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)
    desk.hear()  # the suspension is prolonged until the act takes effect
    desk.on(date(2026, 7, 1))
    with pytest.raises(Refusal):
        desk.do(SYSTEM_ITSELF, "measures.lift", reason="expired")
    with pytest.raises(NotAllowed):
        desk.do(SYSTEM_ITSELF, "authorisations.revoke", reasons="No subsanó.")
    assert desk.authorisation().state == "B6"


def test_7_the_bar_belongs_to_the_person_and_the_programme_and_depends_on_why(office: Database) -> None:
    desk = held(office, ("AEOC",))
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)
    desk.hear()
    revoked = desk.do("ernesto", "authorisations.revoke", reasons="Registros.")
    assert revoked["bar_until"] == "2029-03-02"
    other = Desk(office, date(2026, 3, 2), tax_id="0614-120190-102-2")
    desk.do("irene", "successions.record", successor_id=other.known["operator_id"], reason="Fusión.")

    barred = other.do("irene", "bars.check", programme="eu")
    elsewhere = other.do("irene", "bars.check", programme="sv")
    assert (barred["barred"], barred["bar_cause"], elsewhere["barred"]) == (True, "revoked", False)
    other.known["programme"] = "sv"
    other.reach("A13")
    left = other.do("rosa", "authorisations.surrender", reason="Cierra la línea.")
    assert left["bar_until"] is None
    other.do("ernesto", "successions.free", succession_id=desk.known["succession_id"], reason="Otros dueños.")
    assert other.do("irene", "bars.check", programme="eu")["barred"] is False


def test_8_the_law_changes_and_a_running_case_keeps_its_own(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")
    text = (FOLDER / "sv.toml").read_text(encoding="utf-8")
    head, tail = text.split("[clocks.hearing]")
    shorter = tail.replace("base = 30", "base = 15", 1)
    factories.publish(office, ("programme", "sv", f"{head}[clocks.hearing]{shorter}".encode()))

    desk.do("ana", "answers.record", answers=[{"criterion": "A.1", "answer": "yes"}])
    desk.do("luis", "applications.evaluate")
    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    new = Desk(office, tax_id="0614-120190-102-2")
    new.reach("A11")
    new.do("ernesto", "applications.start_hearing", grounds=GROUNDS)

    lasts = [clock.base for clock in desk.rows(models.LegalClock) if clock.name == "hearing"]
    assert lasts == [30, 15]
    (answer,) = desk.rows(models.Answer)
    assert answer.set_version_id  # each answer says under which version of the criteria it was given


def test_9_four_eyes_are_on_the_person_and_silence_of_the_consulted_is_the_programmes(office: Database) -> None:
    desk = Desk(office, programme="eu", types=["AEOC"])
    desk.reach("A9")
    desk.do("luis", "consultations.ask", authority="Aduana de Francia", criteria=["compliance"])
    with pytest.raises(Conflict, match="consultation is still open"):
        desk.do("luis", "applications.evaluate")
    assert EU.consultation_silence_on(date(2025, 5, 18)) == "tolerated"
    assert EU.consultation_silence_on(date(2025, 5, 19)) == "answer_obligatory"  # it has reversed once already

    two = Desk(office, tax_id="0614-120190-102-2")
    two.reach("A9")
    two.do("ernesto+luis", "applications.evaluate")
    with pytest.raises(NotAllowed, match="another person must decide"):
        two.do("ernesto+luis", "authorisations.grant")
    with pytest.raises(NotAllowed, match="another person must decide"):
        two.do("valeria+ernesto+luis", "authorisations.grant")


def test_10_the_adverse_act_is_a_bundle_or_nothing(office: Database) -> None:
    desk = held(office)
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds=GROUNDS, documents=["Acta"])
    reasons = [{"criterion": "A.3", "reason": "Siguen vencidos."}]
    with pytest.raises(Refusal, match="unheard"):
        desk.do("ernesto", "authorisations.revoke", reasons=reasons)
    desk.do("rosa", "authorisations.end_hearing", arguments=[{"argument": "Ya se pagó."}])
    with pytest.raises(Refusal, match="was not notified"):
        desk.do("ernesto", "authorisations.revoke", reasons=reasons)
    desk.announce("D24_intention_to_revoke")
    with pytest.raises(Refusal, match="has no answer"):
        desk.do("ernesto", "authorisations.revoke", reasons=reasons)
    answers = [{"argument": "Ya se pagó.", "answer": "No consta."}]
    with pytest.raises(Refusal, match="needs reasons"):
        desk.do("ernesto", "authorisations.revoke", reasons="", answers=answers)
    assert (desk.authorisation().state, desk.authorisation().benefits_on, desk.rows(models.Bar)) == ("B6", True, [])

    act = desk.do("ernesto", "authorisations.revoke", reasons=reasons, answers=answers)

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B7", False)
    assert {"revoked_on", "bar_until", "appeal_due", "argument_answers", "grounds", "publication"} <= set(act)
    assert act["dependents"] == [{"decision": "Garantía global de importe reducido GG-7", "effect": "revoked"}]
    assert [row.status for row in desk.rows(models.PartnerMessage) if row.partner == "CH"] == ["active", "revoked"]
