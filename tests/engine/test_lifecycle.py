"""What else a certificate lives through: renewal, new versions, surrender, plans; and silence and consultation before it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine import statuses
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.domain.states import Machine
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import SYSTEM_ITSELF, Desk

PROGRAMMES = Path(__file__).parents[2] / "bpmn" / "programmes"


def publish(office: Database, programme: str, *changes: tuple[str, str]) -> None:
    text = (PROGRAMMES / f"{programme}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    factories.publish(office, ("programme", programme, text.encode()))


@pytest.fixture
def desk(office: Database) -> Desk:
    """An operator in force since Monday 12 January 2026; it is 2 February now."""
    desk = Desk(office)
    desk.reach("A13")
    desk.on(date(2026, 2, 2))
    return desk


def to_state(desk: Desk, state: str) -> None:
    """Brings the certificate from B1 to another state in which it still exists."""
    if state == "B2":
        desk.do("sonia", "measures.open_plan", actions=[{"action": "Cerrar la puerta."}])
    elif state == "B3":
        desk.do("sonia", "authorisations.open_reassessment", reason="Cambio de ley.")
    elif state in {"B4", "B6"}:
        desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    if state == "B6":
        desk.do("ernesto", "measures.start_revocation_hearing", grounds="Sin registro.")


@pytest.mark.parametrize("state", ["B1", "B2", "B3", "B4"])
def test_a_certificate_is_given_up_from_every_state(desk: Desk, state: str) -> None:
    to_state(desk, state)
    assert desk.authorisation().state == state

    desk.do("rosa", "authorisations.surrender", reason="Cierre.")

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B9", False)
    assert desk.authorisation().ended_on == date(2026, 2, 2)
    assert [row.state for row in desk.rows(models.Measure) if row.state == "open"] == []


def test_while_an_act_is_intended_the_authority_accepts_the_surrender_or_goes_on(desk: Desk) -> None:
    to_state(desk, "B6")
    with pytest.raises(NotAllowed, match="director"):
        desk.do("rosa", "authorisations.surrender", reason="Para no esperar.")

    desk.do("ernesto", "authorisations.surrender", reason="Se acepta: no hay infracción.")

    assert desk.authorisation().state == "B9"


def test_a_plan_leaves_the_certificate_in_force_and_closes_when_all_is_verified(desk: Desk) -> None:
    to_state(desk, "B2")
    assert desk.authorisation().benefits_on
    desk.do("valeria", "findings.record", findings=[{"criterion": "G.2", "severity": "minor", "text": "Sin libro."}])
    with pytest.raises(Conflict, match="finding is still open"):
        desk.do("sonia", "measures.close_plan")
    (finding,) = desk.findings()
    desk.do("valeria", "findings.verify", verifications=[{"finding": finding, "result": "corrected"}])

    desk.do("sonia", "measures.close_plan")

    assert (desk.authorisation().state, desk.measure().state) == ("B1", "carried_out")


def test_a_plan_without_actions_is_none(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("sonia", "measures.open_plan", actions=[])

    assert [problem.where for problem in refused.value.problems] == ["actions"]


def test_a_new_version_takes_the_place_of_the_old_one(desk: Desk) -> None:
    old = desk.authorisation()
    change = {"field": "name", "before": "Exportadora Lempa", "after": "Lempa, S.A."}

    answer = desk.do("ernesto", "authorisations.amend", changes=[change], reason="Nueva razón social.", adverse=False)

    new = desk.authorisation()
    assert (new.number, new.version, new.replaces_id) == ("OC-SV-2026-0001-V2", 2, old.id)
    assert answer["changes"] == [change]
    assert [(one.state, one.benefits_on) for one in desk.certificates()] == [("B12", False), ("B1", True)]
    assert (new.granted_on, new.effective_on) == (old.granted_on, date(2026, 2, 2))


def test_an_adverse_amendment_comes_after_a_hearing(desk: Desk) -> None:
    change = {"field": "sites", "before": "2", "after": "1"}
    with pytest.raises(Conflict, match="must be heard first"):
        desk.do("ernesto", "authorisations.amend", changes=[change], reason="Planta cerrada.", adverse=True)
    desk.do("ernesto", "authorisations.intend", act="restrict", grounds="Planta cerrada.")
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", waived="El titular renuncia por escrito.")

    desk.do("ernesto", "authorisations.amend", changes=[change], reason="Planta cerrada.", adverse=True)

    assert desk.authorisation().state == "B1"


def test_a_successor_is_named_by_its_tax_number(desk: Desk) -> None:
    with look(desk.database, SYSTEM) as work:
        operator = work.session.scalars(select(models.Operator)).one()

    assert desk.do("ernesto", "successions.identify", tax_id=f" {operator.tax_id} ")["successor_id"] == operator.id
    with pytest.raises(NotFound, match="register it first"):
        desk.do("ernesto", "successions.identify", tax_id="0000")


def test_an_adverse_amendment_answers_what_the_holder_argued(desk: Desk) -> None:
    change = {"field": "sites", "before": "2", "after": "1"}
    desk.do("ernesto", "authorisations.intend", act="amend", grounds="Planta cerrada.")
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", arguments=[{"argument": "Reabre en junio."}])
    with pytest.raises(Conflict, match="each argument of the holder answered"):
        desk.do("ernesto", "authorisations.amend", changes=[change], reason="Planta cerrada.", adverse=True)

    desk.do("ernesto", "hearings.answer", subject_id=desk.authorisation().id, answers=["No consta."])
    desk.do("ernesto", "authorisations.amend", changes=[change], reason="Planta cerrada.", adverse=True)

    assert desk.authorisation().state == "B1"


def test_a_hearing_about_something_long_decided_is_none_about_an_amendment(desk: Desk) -> None:
    change = {"field": "sites", "before": "2", "after": "1"}
    desk.do("ernesto", "authorisations.intend", act="amend", grounds="Planta cerrada.")
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", waived="El titular renuncia por escrito.")
    desk.do("ernesto", "authorisations.give_up", reason="La planta sigue abierta.")

    with pytest.raises(Conflict, match="must be heard first"):
        desk.do("ernesto", "authorisations.amend", changes=[change], reason="Planta cerrada.", adverse=True)


def fixed_term(office: Database, *, pending: str = "stays") -> Desk:
    publish(office, "sv", ("term = 0", "term = 3"))
    text = (PROGRAMMES / "sv.toml").read_text(encoding="utf-8").replace("term = 0", "term = 3")
    start = text.index("[renewal]")
    end = text.index("\n[", start)
    section = f'[renewal]\nmodel = "fixed_term"\nwindow_opens = 180\nwindow_closes = 30\nwhile_pending = "{pending}"\nlate = "not_filed"\n'
    factories.publish(office, ("programme", "sv", (text[:start] + section + text[end:]).encode()))
    desk = Desk(office)
    desk.reach("A13")
    return desk


@pytest.mark.parametrize("day", [date(2028, 7, 15), date(2028, 12, 14)])
def test_what_is_filed_outside_of_the_window_is_not_filed(office: Database, day: date) -> None:
    desk = fixed_term(office)
    desk.on(day)

    with pytest.raises(Conflict, match="window is not open"):
        desk.do("rosa", "renewals.file")


def test_a_renewal_in_time_holds_the_certificate_beyond_its_term_and_starts_another(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2028, 10, 2))
    answer = desk.do("rosa", "renewals.file")
    assert (answer["expires_on"], answer["validity_holds"]) == ("2029-01-12", True)
    desk.on(date(2029, 1, 13))
    Worker(office, "one").drain(desk.now)
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B10", True)

    desk.do("ernesto", "renewals.renew")

    assert (desk.authorisation().state, desk.authorisation().expires_on) == ("B1", date(2032, 1, 12))
    assert "TermRenewed" in desk.events()


def test_where_the_law_says_so_a_pending_renewal_does_not_hold_the_certificate(office: Database) -> None:
    desk = fixed_term(office, pending="ends")
    desk.on(date(2028, 10, 2))
    desk.do("rosa", "renewals.file")

    desk.on(date(2029, 1, 13))
    Worker(office, "one").drain(desk.now)

    assert (desk.authorisation().state, desk.measure().state) == ("B11", "ended")


def test_a_suspended_holder_who_filed_in_time_has_the_renewal_back_when_it_is_lifted(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2028, 10, 2))
    desk.do("rosa", "renewals.file")
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)

    desk.do("ernesto", "measures.lift", reason="cured")

    assert desk.authorisation().state == "B10"


def test_silence_accepts_as_of_the_last_information_in_the_union(office: Database) -> None:
    desk = Desk(office, programme="eu", types=("AEOC",))
    desk.reach("A1")
    with pytest.raises(Conflict, match="not over yet"):
        desk.do(SYSTEM_ITSELF, "applications.apply_silence", clock="acceptance")
    desk.on(date(2026, 2, 20))

    answer = desk.do(SYSTEM_ITSELF, "applications.apply_silence", clock="acceptance")

    assert (answer["silence"], answer["accepted_on"]) == ("accepted", "2026-01-12")
    assert desk.moves("application")[-1] == ("T7", "A4", date(2026, 1, 12))
    with pytest.raises(Conflict):
        desk.do("irene", "applications.request_completion", items=[{"item": "x"}])


def test_once_silence_has_accepted_no_later_day_takes_time_from_the_applicant(office: Database) -> None:
    desk = Desk(office, programme="eu", types=("AEOC",))
    desk.reach("A1")
    desk.on(date(2026, 2, 20))

    with pytest.raises(Invalid, match="not lawful"):
        desk.do("irene", "applications.accept", accepted_on="2026-02-19", reason="Se vio entonces.")

    assert desk.do("irene", "applications.accept")["accepted_on"] == "2026-01-12"


def test_once_silence_has_its_effect_nothing_more_can_be_asked(office: Database) -> None:
    desk = Desk(office, programme="eu", types=("AEOC",))
    desk.reach("A1")
    desk.on(date(2026, 2, 20))

    with pytest.raises(Conflict, match="effect of silence applies"):
        desk.do("irene", "applications.request_completion", items=[{"item": "x"}])


def test_where_silence_means_nothing_the_office_still_decides(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")
    desk.on(date(2026, 6, 1))

    assert desk.do(SYSTEM_ITSELF, "applications.apply_silence", clock="acceptance") == {"silence": "none"}
    assert desk.application().state == "A1"


@pytest.mark.parametrize(("effect", "held"), [("granted", ["B1"]), ("refused", [])])
def test_silence_about_the_decision_grants_or_refuses_where_the_law_says_so(
    office: Database, effect: str, held: list[str]
) -> None:
    text = (PROGRAMMES / "sv.toml").read_text(encoding="utf-8")
    start = text.index("[clocks.decision]")
    place = text.index('at_expiry = "alert"', start)
    changed = text[:place] + f'at_expiry = "{effect}"' + text[place + len('at_expiry = "alert"') :]
    factories.publish(office, ("programme", "sv", changed.encode()))
    desk = Desk(office)
    desk.reach("A5")
    desk.on(date(2026, 12, 1))

    desk.do(SYSTEM_ITSELF, "applications.apply_silence", clock="decision")

    assert desk.application().state == "A16"
    assert [one.state for one in desk.certificates()] == held
    about = {"reasons": "No es cierto.", "application_id": desk.known["application_id"], "authorisation_id": None}
    if held:
        with pytest.raises(Conflict, match="no act that could be appealed"):
            desk.do("rosa", "appeals.lodge", **about)
    else:
        assert desk.do("rosa", "appeals.lodge", **about)["act_challenged"] == "refused"


def test_nothing_is_evaluated_while_a_consultation_is_open(office: Database) -> None:
    desk = Desk(office, programme="eu", types=("AEOC",))
    desk.reach("A5")
    asked = desk.do("luis", "consultations.ask", authority="Aduana francesa", criteria=["compliance"])
    assert (desk.application().state, asked["reply_due"] is not None) == ("A7", True)

    with pytest.raises(Conflict, match=r"consultation is still open|no lawful"):
        desk.do("luis", "applications.evaluate")
    with pytest.raises(Conflict, match="must reply"):
        desk.do("luis", "consultations.close_unanswered", reason="No contestó.")
    desk.do("luis", "consultations.receive", result="fulfilled", justification="Sin infracciones.")

    assert desk.application().state == "A5"
    assert ("consultation", "met") in desk.clocks()


def test_two_consultations_run_beside_each_other_and_beside_the_visit(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A8")
    first = desk.do("luis", "consultations.ask", authority="PNC", criteria=["security"])["consultation_id"]
    desk.do("luis", "consultations.ask", authority="MAG", criteria=["compliance"])
    assert desk.application().state == "A8"
    desk.do("valeria", "applications.start_visit")
    desk.do("luis", "consultations.receive", consultation_id=first, result="fulfilled", justification="Visto.")
    with pytest.raises(Conflict, match="consultation is still open"):
        desk.do("mauricio", "applications.evaluate")

    desk.do("luis", "consultations.close_unanswered", reason="Sin respuesta en plazo.")

    desk.do("mauricio", "applications.evaluate")
    assert desk.application().state == "A11"


def test_a_correction_is_verified_by_the_team_and_not_by_the_operator(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A9")
    desk.do("valeria", "applications.require_actions")
    with pytest.raises(Conflict, match="never declared by the operator"):
        desk.do("rosa", "applications.visit_again")

    desk.do("valeria", "applications.visit_again")

    assert desk.application().state == "A9"


def test_criminal_proceedings_lengthen_the_decision_without_a_cap(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A5")

    answer = desk.do("ernesto", "applications.extend_for_proceedings", days=400, reason="Proceso penal pendiente.")

    assert (answer["former_due"], answer["decision_due"]) == ("2026-05-12", "2027-06-16")
    assert desk.moves("application")[-1] == ("T22", "A5", date(2026, 1, 12))


def test_acceptance_is_dated_back_by_hand_with_its_reason(office: Database) -> None:
    desk = Desk(office, date(2026, 1, 12))
    desk.reach("A1")
    desk.on(date(2026, 1, 30))
    with pytest.raises(Invalid, match="needs a reason"):
        desk.do("irene", "applications.accept", accepted_on="2026-01-20")
    for day in ("2026-01-11", "2026-01-31"):
        with pytest.raises(Invalid, match="not lawful"):
            desk.do("irene", "applications.accept", accepted_on=day, reason="Llegó antes.")

    answer = desk.do("irene", "applications.accept", accepted_on="2026-01-20", reason="El anexo llegó ese día.")

    assert (answer["accepted_on"], answer["decision_due"]) == ("2026-01-20", "2026-05-20")
    assert desk.moves("application")[-1] == ("T6", "A4", date(2026, 1, 20))
    assert "ActDated" in desk.events()
    with desk.work("irene") as work:
        id_ = str(desk.known["application_id"])
        assert statuses.on(work, Machine.APPLICATION, id_, date(2026, 1, 25)) == "A4"
        then = desk.now.replace(day=29)
        assert statuses.on(work, Machine.APPLICATION, id_, date(2026, 1, 25), then) == "A1"


def test_a_wrong_date_is_put_right_by_a_new_row(desk: Desk) -> None:
    change = next(row for row in desk.rows(models.StatusChange) if row.to_state == "A4")
    with desk.work("ernesto") as work:
        case = work.session.get_one(models.Case, desk.case_id)
        statuses.correct(work, case, change.id, date(2026, 1, 9), "El sello de entrada dice 9 de enero.")

    rows = [row for row in desk.rows(models.StatusChange) if row.to_state == "A4"]
    assert sorted((row.valid_from, row.corrects_id) for row in rows if row.corrects_id) == [
        (date(2026, 1, 9), change.id)
    ]
    with desk.work("ernesto") as work:
        id_ = str(desk.known["application_id"])
        assert statuses.on(work, Machine.APPLICATION, id_, date(2026, 1, 10)) == "A4"
        assert statuses.on(work, Machine.APPLICATION, id_, date(2026, 2, 2)) == "A13"


def test_only_the_authority_puts_a_date_right(desk: Desk) -> None:
    change = desk.rows(models.StatusChange)[0]

    with desk.work("irene") as work:
        case = work.session.get_one(models.Case, desk.case_id)
        with pytest.raises(NotAllowed):
            statuses.correct(work, case, change.id, date(2026, 1, 9), "Error.")


@pytest.mark.parametrize("act", ["UPDATE status_change SET valid_from = '2020-01-01'", "DELETE FROM status_change"])
def test_the_database_itself_keeps_legal_dates(desk: Desk, act: str) -> None:
    with pytest.raises(DBAPIError, match="never changed or deleted"), desk.work("irene") as work:
        work.session.execute(text(act))


def test_who_filed_in_time_does_not_lose_the_term_while_being_heard(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2028, 11, 1))
    desk.do("rosa", "renewals.file")
    desk.on(date(2028, 12, 20))
    desk.do("ernesto", "authorisations.intend", act="not_renew", grounds="Falta el libro.")
    desk.announce("D14_hearing")

    desk.on(date(2029, 1, 20))
    Worker(office, "one").drain(desk.now)
    assert desk.authorisation().state == "B6"

    desk.do("rosa", "authorisations.end_hearing", arguments=["El libro existe."])
    with pytest.raises(Invalid, match="argument"):
        desk.do("ernesto", "renewals.refuse", reasons="No consta.")
    answer = desk.do("ernesto", "renewals.refuse", reasons="No consta.", answers=["No se presentó."])

    assert answer["argument_answers"] == [{"argument": "El libro existe.", "answer": "No se presentó."}]
    assert desk.authorisation().state == "B11"


def test_a_reminder_comes_once_and_the_next_after_it(office: Database) -> None:
    desk = fixed_term(office)
    first = desk.do("rosa", "renewals.reminder")
    second = desk.do("rosa", "renewals.reminder", after=str(first["reminder_on"]))

    assert (first["days_left"], second["days_left"]) == (180, 90)
    assert desk.do("rosa", "renewals.reminder", after="2029-01-10")["reminder_left"] is False
