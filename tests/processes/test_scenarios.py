"""Whole lives on the real engine, each to one end: what the registry says then, which letters went out, how clocks ended."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import tasks
from engine.demo import timeline
from engine.domain.errors import Conflict
from engine.rights import Barred
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.processes.lives import DAY, Life, admitted, filed, granted, heard, proposed, revoked, suspended, visited

ARGUMENTS = [{"argument": "Ya se pagó."}]
ANSWERED = [{"argument": "Ya se pagó.", "answer": "No consta.", "weight": "rejected"}]
MISSING = [{"item": "Solvencia", "reason": "Venció."}]
STILL_WRONG = {"result": "not_corrected", "note": "Sigue sin llave."}


def test_an_ineligible_application_is_not_accepted_and_carries_no_bar(office: Database) -> None:
    life = filed(office).do("check_admissibility", admissibility="ineligible", ineligibility="No está establecido.")

    assert life.ends("application") == ['{"ends":["application_not_accepted"]}']
    assert life.application().state == "A3"
    assert life.letters == ["D01", "D04"]
    assert life.clocks() == {"acceptance": "met"}
    assert life.apply().open == ["prepare_application"]


def test_an_application_that_nobody_completes_is_not_accepted(office: Database) -> None:
    life = filed(office).do("check_admissibility", admissibility="incomplete", missing_items=MISSING)
    life.wait("reply_period_over")

    life.do("confirm_no_reply", ineligibility="No llegó la solvencia.")

    assert life.ends("application") == ['{"ends":["application_not_accepted"]}']
    assert life.application().state == "A3"
    assert life.letters == ["D01", "D02", "D04"]
    assert life.clocks() == {"acceptance": "stopped", "reply": "expired"}


def test_the_decision_period_counts_from_the_day_on_which_the_last_item_came(office: Database) -> None:
    life = filed(office).do("check_admissibility", admissibility="incomplete", missing_items=MISSING)
    life.do("complete_application")
    complete = life.now.date()

    life.do("check_admissibility", admissibility="complete")

    assert life.application().accepted_on == complete
    assert life.clocks() == {"acceptance": "met", "reply": "met", "decision": "running"}


@pytest.mark.parametrize(
    ("reached", "open_task"),
    [(admitted, "review_application"), (visited, "write_report"), (proposed, "decide_on_proposal")],
)
def test_an_applicant_withdraws_while_there_is_no_decision(
    office: Database, reached: Callable[[Database], Life], open_task: str
) -> None:
    life = reached(office)
    assert life.open == [open_task]

    life.tell("application_withdrawn", life.application().id, withdrawal_reason="Se vende la empresa.")

    assert life.ends("application") == ['{"ends":["application_withdrawn"]}']
    assert (life.application().state, life.open) == ("A15", [])
    assert life.letters[-1] == "D18"
    assert life.clocks()["decision"] == "stopped"


@pytest.mark.parametrize("answered", [True, False])
def test_asking_for_more_adds_to_the_decision_period_and_leads_back_to_the_review(
    office: Database,
    answered: bool,  # noqa: FBT001 - a table of two
) -> None:
    life = admitted(office)
    asked = {"review_outcome": "information", "information_items": MISSING, "information_days": 20}
    life.do("review_application", **asked)
    assert life.application().state == "A6"

    if answered:
        life.do("provide_information", information_note="Aquí está.")
    else:
        life.wait("information_period_over")

    assert (life.application().state, life.open) == ("A5", ["review_application"])
    assert life.clocks()["information"] == ("met" if answered else "expired")
    assert life.letters == ["D01", "D03", "D05", *(["D06"] if answered else [])]


def test_an_application_is_refused_after_the_applicant_was_heard(office: Database) -> None:
    life = heard(office).do("submit_observations", arguments=ARGUMENTS)
    life.do("answer_observations", argument_answers=ANSWERED)

    life.do("decide_after_hearing", final_decision="refuse", refusal_reasons="Tributos vencidos.")

    assert life.ends("application") == ['{"ends":["application_refused"]}']
    assert life.application().state == "A14"
    assert life.letters[-2:] == ["D14", "D17"]
    assert {"validation_done", "refusal_notified"} <= life.passed()
    assert (life.clocks()["hearing"], life.clocks()["decision"]) == ("met", "met")


def test_an_application_is_refused_after_the_applicant_kept_silent(office: Database) -> None:
    life = heard(office).wait("hearing_period_over")

    life.do("decide_after_hearing", final_decision="refuse", refusal_reasons="Tributos vencidos.")

    assert life.ends("application") == ['{"ends":["application_refused"]}']
    assert life.application().state == "A14"
    assert life.clocks()["hearing"] == "expired"


def test_a_hearing_may_end_in_a_grant(office: Database) -> None:
    life = heard(office).wait("hearing_period_over")

    life.do("decide_after_hearing", final_decision="grant", decision_reasons="Oído, cumple.")

    assert life.ends("application") == ['{"ends":["application_granted"]}']
    assert (life.application().state, life.authorisation().state) == ("A13", "B1")
    assert life.letters[-2:] == ["D15", "D16"]


def test_a_returned_proposal_is_written_again(office: Database) -> None:
    life = proposed(office).do("decide_on_proposal", decision="return", proposal_return_reason="Falta el riesgo.")
    assert life.open == ["write_proposal"]

    life.do("write_proposal").do("give_opinion").do("decide_on_proposal")

    assert life.ends("application") == ['{"ends":["application_granted"]}']
    assert life.authorisation().benefits_on
    assert {"validation_done", "authorisation_announced"} <= life.passed()


def test_a_draft_sent_back_by_the_signatory_is_prepared_again(office: Database) -> None:
    life = Life(office).apply().do("prepare_application").do("assess_self")

    life.do("sign_and_submit", signature="return", return_reason="Falta una bodega.")

    assert (life.application().state, life.open, life.letters) == ("A0", ["prepare_application"], [])


def test_findings_are_corrected_and_verified_until_none_is_open(office: Database) -> None:
    life = admitted(office).do("review_application").do("plan_validation").do("write_minutes")
    life.do("countersign_minutes").do("propose_actions")
    found = [{"finding": one, **STILL_WRONG} for one in life.open_findings()]

    life.do("verify_actions", verifications=found)
    assert (life.open, life.application().state) == (["propose_actions"], "A10")
    life.do("propose_actions").do("verify_actions")

    assert life.open == ["write_report"]
    life.do("write_report").do("countersign_report")
    assert life.application().state == "A11"


def test_a_report_sent_back_by_the_second_validator_is_written_again(office: Database) -> None:
    life = visited(office).do("write_report")

    life.do("countersign_report", report_agreement="return", report_return_reason="Falta el criterio K.")

    assert life.open == ["write_report"]


@pytest.mark.parametrize(
    ("report", "payload", "task"),
    [
        ("change_reported", {"change": {"kind": "seat"}}, "assess_change"),
        ("incident_reported", {"incident": {"kind": "theft"}}, "assess_incident"),
    ],
)
def test_what_is_reported_may_lead_to_a_suspension(
    office: Database, report: str, payload: dict[str, object], task: str
) -> None:
    life = granted(office)
    outcome = {"monitoring_outcome": "suspend", "proposed_ground": "a", "proposed_reasons": "Robo de carga."}

    life.tell(report, life.authorisation().id, **payload).do(task, **outcome)

    assert life.open == ["propose_suspension"]
    life.do("propose_suspension", ground="a", suspension_days=30).do("decide_suspension")
    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B4", False)


def test_a_yearly_review_may_lead_to_a_suspension(office: Database) -> None:
    life = granted(office).wait("review_falls_due").do("assess_yearly")
    assert life.letters[-1] == "D34"
    outcome = {"monitoring_outcome": "suspend", "proposed_ground": "b", "proposed_reasons": "Sin registro."}

    life.do("review_assessment", **outcome)

    assert life.open == ["propose_suspension"]


def test_a_proposal_that_is_closed_suspends_nobody(office: Database) -> None:
    life = granted(office).begin_suspension().do("propose_suspension")

    life.do("decide_suspension", suspension_decision="close")

    assert life.ends("suspension") == ['{"ends":["not_suspended"]}']
    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B1", True)


def test_a_suspension_for_fact_finding_ends_by_itself(office: Database) -> None:
    life = suspended(office, "a").wait("suspension_period_over")

    assert life.ends("suspension") == ['{"ends":["suspension_lifted"]}']
    assert (life.authorisation().state, life.measure().state) == ("B1", "lapsed")
    assert life.letters[-2:] == ["D21", "D23"]
    assert life.clocks()["suspension"] == "expired"


def test_a_suspension_is_lifted_when_its_cause_is_cured(office: Database) -> None:
    life = suspended(office).do("propose_measures").do("verify_measures", measures_result="not_cured")
    assert life.open == ["propose_measures"]

    life.do("propose_measures").do("verify_measures").do("decide_lift")

    assert life.ends("suspension") == ['{"ends":["suspension_lifted"]}']
    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B1", True)
    assert life.measure().state == "lifted"
    assert life.clocks()["suspension"] == "met"


def test_what_is_not_cured_is_revoked_after_a_hearing_and_monitoring_ends(office: Database) -> None:
    life = suspended(office).wait("suspension_period_over")
    assert life.authorisation().state == "B6"
    life.wait("revocation_hearing_over")

    life.do("decide_revocation", argument_answers=[])

    assert life.ends("suspension") == ['{"ends":["authorisation_revoked"]}']
    assert life.ends("monitoring") == ['{"ends":["monitoring_ended"]}']
    revoked = life.authorisation()
    assert (revoked.state, revoked.benefits_on, revoked.ended_on) == ("B7", False, life.now.date())
    assert life.measure().state == "revoked"
    assert life.clocks()["hearing"] == "expired"
    with pytest.raises(Conflict, match="barred"):
        life.apply()


def test_a_holder_who_is_right_keeps_the_certificate(office: Database) -> None:
    life = suspended(office).wait("suspension_period_over").do("answer_intention")
    assert life.clocks()["hearing"] == "met"

    life.do("decide_revocation", revocation_decision="lift", lift_reasons="Consta corregido.", argument_answers=[])

    assert life.ends("suspension") == ['{"ends":["suspension_lifted"]}']
    assert (life.authorisation().state, life.authorisation().benefits_on) == ("B1", True)
    assert life.letters[-2:] == ["D24", "D23"]


@pytest.mark.parametrize("days", [None, 0, 1], ids=["from the act", "from the act, said", "from the day after"])
def test_who_wins_an_appeal_has_the_certificate_back_and_may_apply(office: Database, days: int | None) -> None:
    life = revoked(office)
    acted = life.now.date()
    life.appeal()
    assert (life.authorisation().state, life.clocks()["appeal"]) == ("B7", "met")
    assert (life.letters[-1], life.open) == ("D31", ["decide_appeal"])
    said = {} if days is None else {"appeal_effect_from": (acted + days * DAY).isoformat()}

    life.do("decide_appeal", appeal_outcome="reinstated", appeal_decision_reasons="Constaba corregido.", **said)

    assert life.ends("appeal") == ['{"ends":["appeal_upheld"]}']
    back = life.authorisation()
    assert (back.state, back.benefits_on, back.ended_on, back.bar_until) == ("B1", True, None, None)
    assert [life.on(acted + day * DAY) for day in range(2)] == (["B7", "B1"] if days else ["B1", "B1"])
    assert (life.bar().lifted_on, life.bar().lifted_reason) == (life.now.date(), "upheld")
    assert (life.letters[-1], life.open) == ("D32", ["plan_monitoring"])
    assert life.apply().open == ["plan_monitoring", "prepare_application"]


def test_a_dismissed_appeal_leaves_everything_as_it_was(office: Database) -> None:
    life = revoked(office)
    before = life.authorisation()

    life.appeal().do("decide_appeal", appeal_outcome="dismissed", appeal_decision_reasons="Nada se corrigió.")

    assert life.ends("appeal") == ['{"ends":["appeal_dismissed"]}']
    after = life.authorisation()
    assert (after.state, after.benefits_on, after.ended_on) == ("B7", False, before.ended_on)
    assert (after.bar_until, life.bar().ends_on, life.bar().lifted_on) == (before.bar_until, before.bar_until, None)
    assert life.letters[-2:] == ["D31", "D32"]
    with pytest.raises(Conflict, match="barred"):
        life.apply()


def test_a_late_appeal_is_refused_and_leaves_no_case(office: Database) -> None:
    life = revoked(office)

    with pytest.raises(Conflict, match="The appeal period is over"):
        life.appeal(days=60)

    with look(office, SYSTEM) as work:
        assert work.session.scalars(select(models.Case.id).where(models.Case.process == "appeal")).all() == []
    assert (life.authorisation().state, life.letters[-1]) == ("B7", "D25")


def test_who_revoked_does_not_enter_the_decision_on_the_appeal(office: Database) -> None:
    life = revoked(office).appeal()
    answers = {"appeal_outcome": "dismissed", "appeal_decision_reasons": "Nada se corrigió."}

    with begin(office, life.actor("director"), life.now) as work:
        task = work.session.scalars(select(models.Task.id).where(models.Task.element == "decide_appeal")).one()
        with pytest.raises(Barred, match="no part in the appeal"):
            tasks.complete(work, task, answers)

    assert life.do("decide_appeal", **answers).ends("appeal") == ['{"ends":["appeal_dismissed"]}']


def test_every_chain_of_a_whole_life_verifies(office: Database) -> None:
    life = suspended(office).wait("suspension_period_over").wait("revocation_hearing_over")
    life.do("decide_revocation", argument_answers=[])

    with look(office, SYSTEM) as work:
        assert timeline.broken(work) == []
        assert work.session.scalars(select(models.Incident.id)).all() == []
