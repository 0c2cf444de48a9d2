"""Every shipped process is walked to each of its ends, and says on the way what the law asks it to say."""

from collections.abc import Callable, Mapping

import pytest

from engine.workflow import read
from tests.processes import scenario
from tests.processes.drawings import FOLDER, NAMES
from tests.processes.walks import APPLICATION, AUTHORISATION, OPERATOR, Walk, period

CASE = {**OPERATOR, **APPLICATION, "sites": [{"name": "Bodega", "address": "Calle 1"}], **period("decision", 130)}
FILED = {**OPERATOR, **APPLICATION, **period("acceptance", 30), "acceptance_next_reminder_at": None}
NEARLY_OVER = {**OPERATOR, **APPLICATION, **period("decision", 30), "extension_grounds": ""}
EXTENDED = {"extension_choice": "extend", "extension_days": 60, "extension_reason": "Hace falta un peritaje."}
AUTHORISED = {**OPERATOR, **APPLICATION, **AUTHORISATION}
MISSING = [{"item": "Solvencia", "reason": "La presentada venció."}]
GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]
ASKED = {**CASE, "asked": {"authority": "Hacienda", "criteria": ["A.3"], "question": "¿Está solvente?"}}
REPLY = {
    "reply_state": "replied",
    "consultation_result": "fulfilled",
    "consultation_justification": "Sin deudas.",
}
REFUSED = {
    "final_decision": "refuse",
    "reasons_by_criterion": [{"reason": "Siguen vencidos."}],
    "refusal_reasons": "Tributos vencidos.",
}
RELIED_ON = [{"document": "Informe de validación"}]


def _submitted(silence: str = "none") -> Walk:
    walk = Walk("application", OPERATOR, silence=silence)
    return walk.do("prepare_application").do("assess_self").do("sign_and_submit", signature="submit")


def _admitted(silence: str = "none") -> Walk:
    return _submitted(silence).do("check_admissibility", admissibility="complete")


def _filed(silence: str = "none") -> Walk:
    """The stage of acceptance alone."""
    return Walk("admission", FILED, silence=silence)


def _examined() -> Walk:
    return Walk("examination", CASE).do("review_application", review_outcome="sufficient")


def _reviewed() -> Walk:
    return _admitted().do("review_application", review_outcome="sufficient")


def _silent(effect: str) -> Walk:
    """The decision period of an application that is being reviewed has run out, and silence did this."""
    return _admitted(effect).wait("decision_period_over")


def _visited(walk: Walk, findings: list[dict[str, str]]) -> Walk:
    """One site was visited, and both sides signed its minutes."""
    plan = {"visits": [{"site": "Bodega"}], "team": [{"name": "Inés"}], "documents_to_prepare": "Libros"}
    people = [{"name": "Inés", "post": "Validadora", "party": "customs"}]
    seen = {"visited_on": "2026-08-03", "began": "09:00", "ended": "12:30", "attendees": people, "findings": findings}
    signed = {"minutes_signature": "sign", "signer_name": "Rosa", "signer_post": "Representante"}
    return walk.do("plan_validation", **plan).do("write_minutes", **seen).do("countersign_minutes", **signed)


def _reported(walk: Walk) -> Walk:
    report = {"validation_summary": "Cumple.", "validation_recommendation": "grant", "conclusions": {"A.1": {}}}
    return walk.do("write_report", **report).do("countersign_report", report_agreement="sign")


def _proposed(walk: Walk) -> Walk:
    return (
        walk.do("write_proposal", proposal="grant", proposal_summary="Cumple.")
        .do("give_opinion", vote="for")
        .do("give_opinion", vote="against")
    )


def _heard(walk: Walk) -> Walk:
    intention = {"decision": "refuse", "refusal_grounds": GROUNDS, "relied_on": RELIED_ON}
    return _proposed(walk).do("decide_on_proposal", **intention)


def _suspended(ground: str = "b") -> Walk:
    walk = Walk("suspension", AUTHORISED, message="suspension_requested")
    proposal = {"ground": ground, "suspension_reasons": "Marchamos sin registro.", "measures_asked": "Registro."}
    return walk.do("propose_suspension", **proposal, suspension_days=30, relied_on=RELIED_ON).do(
        "decide_suspension", suspension_decision="suspend"
    )


def _to_be_revoked() -> Walk:
    walk = _suspended().wait("suspension_period_over")
    grounds = [{"condition": "security", "ground": "Marchamos sin registro."}]
    walk.do("propose_revocation", intended_act="revoke", revocation_grounds=grounds, relied_on=RELIED_ON)
    walk.do("advise_revocation", legal_opinion="favourable")
    return walk.do("decide_intention", intention="announce", intention_reasons="Procede oír al titular.")


def _appealed(outcome: str) -> Walk:
    walk = Walk("appeal", {**AUTHORISED, "appeal_reasons": "Constaba corregido."})
    walk.do("decide_stay", stay_decision="continue", stay_reasons="No hay perjuicio irreparable.")
    return walk.do("decide_appeal", appeal_outcome=outcome, appeal_decision_reasons="Oído el titular.")


WALKS: dict[tuple[str, str], Callable[[], Walk]] = {
    ("application", "application_not_accepted"): lambda: _submitted().do(
        "check_admissibility", admissibility="ineligible", ineligibility="No está establecido."
    ),
    ("application", "application_granted"): lambda: _proposed(_reported(_visited(_reviewed(), []))).do(
        "decide_on_proposal", decision="grant", decision_reasons="Cumple."
    ),
    ("application", "application_refused"): lambda: (
        _heard(_reported(_visited(_reviewed(), []))).wait("hearing_period_over").do("decide_after_hearing", **REFUSED)
    ),
    ("application", "application_withdrawn"): lambda: _reviewed().hear("application_withdrawn", "a1"),
    ("application", "application_lapsed"): lambda: _submitted("refused").wait("acceptance_period_over"),
    ("application", "draft_discarded"): lambda: (
        Walk("application", OPERATOR)
        .do("prepare_application")
        .do("assess_self")
        .do("sign_and_submit", signature="discard")
    ),
    ("application", "granted_by_silence"): lambda: _silent("granted").do("state_silence", silence_reasons="Art. 1."),
    ("application", "refused_by_silence"): lambda: _silent("refused").do("state_silence", silence_reasons="Art. 1."),
    ("admission", "admission_notified"): lambda: _filed().do("check_admissibility", admissibility="complete"),
    ("admission", "non_acceptance_notified"): lambda: _filed().do(
        "check_admissibility", admissibility="ineligible", ineligibility="No está establecido."
    ),
    ("admission", "accepted_by_silence"): lambda: _filed("accepted").wait("acceptance_period_over"),
    ("admission", "lapsed_by_silence"): lambda: _filed("refused").wait("acceptance_period_over"),
    ("examination", "examination_done"): lambda: _proposed(_reported(_visited(_examined(), []))).do(
        "decide_on_proposal", decision="grant", decision_reasons="Cumple."
    ),
    ("extension", "extension_declined"): lambda: Walk("extension", NEARLY_OVER).do(
        "decide_extension", extension_choice="none"
    ),
    ("extension", "extension_notified"): lambda: Walk("extension", NEARLY_OVER).do(
        "decide_extension", **EXTENDED, extension_kind="extension"
    ),
    ("announcement", "certificate_announced"): lambda: Walk("announcement", AUTHORISED),
    ("validation", "validation_done"): lambda: _reported(_visited(Walk("validation", CASE), [])),
    ("granting", "authorisation_announced"): lambda: _proposed(Walk("granting", CASE)).do(
        "decide_on_proposal", decision="grant", decision_reasons="Cumple."
    ),
    ("granting", "refusal_notified"): lambda: (
        _heard(Walk("granting", CASE))
        .do("submit_observations", arguments=[{"argument": "Ya se pagó."}])
        .do("answer_observations", argument_answers=[{"answer": "No consta.", "weight": "rejected"}])
        .do("decide_after_hearing", **REFUSED)
    ),
    ("consultation", "consultation_answered"): lambda: Walk("consultation", ASKED).do("record_reply", **REPLY),
    ("consultation", "consultation_unanswered"): lambda: Walk("consultation", ASKED).wait("consultation_period_over"),
    ("monitoring", "monitoring_ended"): lambda: (
        Walk("monitoring", AUTHORISED, message="authorisation_granted")
        .do("plan_monitoring")
        .hear("authorisation_ended", "z1")
    ),
    ("suspension", "not_suspended"): lambda: (
        Walk("suspension", AUTHORISED)
        .do("propose_suspension", ground="a", suspension_days=30)
        .do("decide_suspension", suspension_decision="close")
    ),
    ("suspension", "suspension_lifted"): lambda: (
        _suspended()
        .do("propose_measures", measures=[{"measure": "Registro nuevo."}])
        .do("verify_measures", measures_result="cured")
        .do("decide_lift", lift_decision="lift", lift_reasons="Verificado.")
    ),
    ("suspension", "authorisation_revoked"): lambda: (
        _to_be_revoked()
        .wait("revocation_hearing_over")
        .do(
            "decide_revocation",
            revocation_decision="revoke",
            reasons_by_ground=[{"reason": "No se desvirtuó."}],
            revocation_reasons="Sin subsanar.",
        )
    ),
    ("appeal", "appeal_upheld"): lambda: _appealed("reinstated"),
    ("appeal", "appeal_dismissed"): lambda: _appealed("dismissed"),
}


# A path beside the work comes to an end of its own while the case goes on.
PASSED: dict[tuple[str, str], Callable[[], Walk]] = {
    ("application", "reminder_attended"): lambda: (
        _admitted().wait("decision_nears").do("decide_extension", extension_choice="none")
    ),
    ("application", "overdue_attended"): lambda: _silent("none").do("attend_overdue"),
    ("application", "silence_applied"): lambda: _silent("granted"),
    ("consultation", "reminder_sent"): lambda: Walk("consultation", ASKED).wait("reply_reminder"),
    ("admission", "admission_attended"): lambda: _filed().wait("admission_nears").do("attend_admission"),
    ("admission", "admission_overdue"): lambda: _filed().wait("acceptance_period_over"),
}
BESIDE = set(PASSED)


@pytest.mark.parametrize(("process", "end"), WALKS)
def test_a_case_reaches_the_end(process: str, end: str) -> None:
    walk = WALKS[process, end]()

    assert walk.ends[-1] == end  # after those of paths beside it


def test_every_end_of_every_process_is_walked_to() -> None:
    drawn = {
        (name, element.id)
        for name in NAMES
        for element in read((FOLDER / f"{name}.bpmn").read_bytes()).elements.values()
        if element.kind == "endEvent"
    }

    played = {(name, end) for one in scenario.every() for name, ends in one.ends.items() for end in ends}
    assert set(WALKS) <= drawn
    assert drawn - set(WALKS) - BESIDE - played == set()


@pytest.mark.parametrize(("end", "walk"), [(end, walk) for (_process, end), walk in PASSED.items()])
def test_a_warning_is_attended_to_while_the_work_goes_on(end: str, walk: Callable[[], Walk]) -> None:
    went_on = walk()

    assert end in went_on.passed
    assert went_on.ends == ()


def test_an_application_sent_back_is_prepared_again() -> None:
    walk = Walk("application", OPERATOR).do("prepare_application").do("assess_self")

    walk.do("sign_and_submit", signature="return")

    assert walk.open == ["prepare_application"]
    assert walk.letters() == []


def test_what_was_missing_can_be_completed_any_number_of_times() -> None:
    walk = _submitted()

    for _round in range(3):
        walk.do("check_admissibility", admissibility="incomplete", missing_items=MISSING).do("complete_application")

    assert walk.do("check_admissibility", admissibility="complete").open == ["review_application"]
    assert walk.letters() == ["D01", "D02", "D02", "D02", "D03"]


def test_an_application_that_nobody_completes_is_not_accepted_and_not_refused() -> None:
    walk = _submitted().do("check_admissibility", admissibility="incomplete", missing_items=MISSING)

    walk.wait("reply_period_over").do("confirm_no_reply", ineligibility="No llegó la solvencia.")

    assert walk.ends == ("application_not_accepted",)
    assert walk.letters() == ["D01", "D02", "D04"]


@pytest.mark.parametrize("sent", [["D05", "D06"], ["D05"]], ids=["answered", "unanswered"])
def test_an_information_request_moves_the_decision_and_leads_back_to_the_review(sent: list[str]) -> None:
    asked = {"review_outcome": "information", "information_items": MISSING, "information_days": 12}
    walk = _admitted().do("review_application", **asked)
    if "D06" in sent:
        walk.do("provide_information", information_note="Aquí está.")
    else:
        walk.wait("information_period_over")

    assert walk.open == ["review_application"]
    assert walk.letters()[2:] == sent
    (asking,) = [
        call.arguments["facts"] for call in walk.calls if call.arguments.get("template") == "D05_information_request"
    ]
    assert isinstance(asking, Mapping)
    assert asking["decision_due"] == period("decision", 160)["decision_due"]


@pytest.mark.parametrize("reached", [_admitted, _reviewed, lambda: _reported(_visited(_reviewed(), []))])
def test_an_applicant_may_withdraw_until_there_is_a_decision(reached: Callable[[], Walk]) -> None:
    walk = reached().hear("application_withdrawn", "a1", withdrawal_reason="Se vende la empresa.")

    assert walk.ends == ("application_withdrawn",)
    assert walk.letters()[-1] == "D18"


def test_a_report_is_written_again_until_a_second_validator_signs() -> None:
    walk = _visited(Walk("validation", CASE), [])

    walk.do("write_report").do("countersign_report", report_agreement="return")

    assert walk.open == ["write_report"]


def test_the_director_may_return_a_proposal() -> None:
    walk = _proposed(Walk("granting", CASE)).do("decide_on_proposal", decision="return")

    assert walk.open == ["write_proposal"]


def test_the_committee_votes_until_there_is_a_quorum() -> None:
    walk = Walk("granting", CASE).do("write_proposal", proposal="grant", proposal_summary="Cumple.")
    assert walk.open == ["give_opinion"] * 3

    assert walk.do("give_opinion", vote="for").open == ["give_opinion"] * 2
    assert walk.do("give_opinion", vote="for").open == ["decide_on_proposal"]


def test_a_hearing_may_change_the_decision() -> None:
    walk = _heard(Walk("granting", CASE)).wait("hearing_period_over")

    walk.do("decide_after_hearing", final_decision="grant", decision_reasons="Oído, cumple.")

    assert walk.ends == ("authorisation_announced",)
    assert walk.letters() == ["D13", "D14", "D15", "D16"]


def test_a_grant_tells_monitoring_what_it_needs_to_begin() -> None:
    (thrown,) = WALKS["application", "application_granted"]().thrown

    assert (thrown.name, thrown.key) == ("authorisation_granted", "z1")
    assert Walk("monitoring", thrown.payload, message="authorisation_granted").open == ["plan_monitoring"]


def test_monitoring_asks_for_a_self_assessment_every_year() -> None:
    walk = Walk("monitoring", AUTHORISED, message="authorisation_granted").do("plan_monitoring")

    for _year in range(2):
        walk.wait("review_falls_due").do("assess_yearly").do("review_assessment", monitoring_outcome="continue")

    assert walk.letters() == ["D34", "D34"]
    assert walk.ends == ()


@pytest.mark.parametrize(
    ("message", "task"), [("change_reported", "assess_change"), ("incident_reported", "assess_incident")]
)
def test_what_an_operator_reports_may_lead_to_a_suspension(message: str, task: str) -> None:
    walk = Walk("monitoring", AUTHORISED, message="authorisation_granted").do("plan_monitoring")
    outcome = {"monitoring_outcome": "suspend", "proposed_ground": "a", "proposed_reasons": "Robo de carga."}

    walk.hear(message, "z1", change={"kind": "seat"}, incident={"kind": "theft"}).do(task, **outcome)

    (thrown,) = walk.thrown
    assert thrown.name == "suspension_requested"
    assert Walk("suspension", thrown.payload, message="suspension_requested").open == ["propose_suspension"]
    assert walk.hear("authorisation_ended", "z1").ends == ("monitoring_ended",)


def test_measures_that_do_not_cure_go_back_to_the_operator() -> None:
    walk = _suspended().do("propose_measures", measures=[]).do("verify_measures", measures_result="not_cured")

    assert walk.open == ["propose_measures"]


def test_the_holder_is_heard_before_a_revocation_and_may_be_right() -> None:
    walk = _to_be_revoked().do("answer_intention", arguments=[{"argument": "Ya está."}])
    walk.do("answer_arguments", argument_answers=[{"argument": "Ya está.", "answer": "Consta."}])

    walk.do("decide_revocation", revocation_decision="give_up", revocation_reasons="Consta corregido.")

    assert walk.ends == ("suspension_not_revoked",)
    assert walk.letters() == ["D21", "D24", "D23"]


def test_a_revocation_ends_the_monitoring() -> None:
    (thrown,) = WALKS["suspension", "authorisation_revoked"]().thrown

    assert (thrown.name, thrown.key) == ("authorisation_ended", "z1")


@pytest.mark.parametrize(("outcome", "service"), [("reinstated", "appeals.uphold"), ("dismissed", "appeals.dismiss")])
def test_an_appeal_is_acknowledged_and_its_decision_sent(outcome: str, service: str) -> None:
    walk = _appealed(outcome)

    assert walk.letters() == ["D31", "D32"]
    assert [call.service for call in walk.calls if call.service != "letters.issue"] == ["appeals.lodge", service]


def test_who_wins_an_appeal_is_monitored_again() -> None:
    (thrown,) = _appealed("reinstated").thrown

    assert (thrown.name, thrown.key) == ("authorisation_granted", "z1")
    assert Walk("monitoring", thrown.payload, message="authorisation_granted").open == ["plan_monitoring"]
    assert _appealed("dismissed").thrown == []
