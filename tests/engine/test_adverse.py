"""The adverse act is a bundle: it cannot be half done, and everything that hangs on it follows in the same transaction."""

from datetime import date, time
from pathlib import Path

import pytest

from engine import benefits, dependents, statuses
from engine.domain.errors import Conflict, Invalid, NotAllowed, Refusal
from engine.domain.states import Machine
from engine.store import models
from engine.store.database import Database
from engine.worker import Worker
from tests import factories
from tests.engine.desk import SYSTEM_ITSELF, Desk

EU = Path(__file__).parents[2] / "bpmn" / "programmes" / "eu.toml"
GROUNDS = [
    {"criterion": "records", "ground": "Registros incompletos."},
    {"criterion": "security", "ground": "Sin control de acceso."},
]
REASONS = [
    {"criterion": "records", "reason": "No hay pista de auditoría."},
    {"criterion": "security", "reason": "La planta está abierta."},
]
ARGUMENTS = [{"argument": "El sistema se cambió."}, {"argument": "Hubo un robo."}]
ANSWERS = [
    {"argument": "Hubo un robo.", "answer": "No explica la puerta abierta."},
    {"argument": "El sistema se cambió.", "answer": "Después de la visita."},
]


@pytest.fixture
def desk(office: Database) -> Desk:
    """A holder of AEOF in the Union, in force, with a guarantee and mutual recognition; it is 2 March."""
    desk = Desk(office, programme="eu", types=("AEOF",))
    desk.reach("A13")
    desk.on(date(2026, 3, 2))
    Worker(office, "one").drain(desk.now)
    desk.do("rosa", "consents.record", publication=True, mutual_recognition=True)
    desk.do("sonia", "dependents.register", kind="comprehensive_guarantee", reference="GG-7")
    return desk


def intended(desk: Desk, act: str = "revoke") -> None:
    desk.do("ernesto", "authorisations.intend", act=act, grounds=GROUNDS, documents=["Acta"])
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", arguments=ARGUMENTS)


def codes(desk: Desk) -> dict[str, bool]:
    with desk.work("sonia") as work:
        return benefits.given_now(work, str(desk.known["authorisation_id"]))


def test_a_revocation_brings_everything_with_it(desk: Desk) -> None:
    intended(desk)
    assert any(codes(desk).values())

    answer = desk.do("ernesto", "authorisations.revoke", reasons=REASONS, answers=ANSWERS)

    assert (answer["revoked_on"], answer["bar_until"], answer["publication"]) == ("2026-03-02", "2029-03-02", True)
    assert answer["dependents"] == [{"decision": "Garantía global de importe reducido GG-7", "effect": "revoked"}]
    assert answer["argument_answers"] == [
        {"argument": "El sistema se cambió.", "answer": "Después de la visita."},
        {"argument": "Hubo un robo.", "answer": "No explica la puerta abierta."},
    ]
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B7", False)
    assert set(codes(desk).values()) == {False}
    told = [row for row in desk.rows(models.PartnerMessage) if row.partner == "CH"]
    assert [row.status for row in told] == ["active", "revoked"]
    assert ("appeal", "running") in desk.clocks()


@pytest.mark.parametrize(
    ("missing", "match"),
    [
        ("letter", "intention was not notified"),
        ("hearing", "unheard"),
        ("answers", "has no answer"),
        ("one answer", "has no answer"),
        ("reasons", "needs reasons"),
        ("one reason", "needs reasons"),
    ],
)
@pytest.mark.parametrize("act", ["revoke", "annul"])
def test_an_act_that_lacks_a_part_does_not_happen_at_all(desk: Desk, act: str, missing: str, match: str) -> None:
    desk.do("ernesto", "authorisations.intend", act=act, grounds=GROUNDS, documents=["Acta"])
    if missing != "letter":
        desk.announce("D24_intention_to_revoke")
    if missing != "hearing":
        desk.do("rosa", "authorisations.end_hearing", arguments=ARGUMENTS)
    before = (codes(desk), len(desk.rows(models.PartnerMessage)), desk.events())
    reasons = {"reasons": "  ", "one reason": REASONS[:1]}.get(missing, REASONS)
    answers = {"answers": None, "one answer": ANSWERS[:1], "hearing": None}.get(missing, ANSWERS)

    with pytest.raises(Refusal, match=match):
        desk.do("ernesto", f"authorisations.{act}", reasons=reasons, answers=answers)

    assert desk.authorisation().state == "B6"
    assert (codes(desk), len(desk.rows(models.PartnerMessage)), desk.events()) == before
    assert desk.rows(models.Bar) == []


@pytest.mark.parametrize("who", ["sonia", "luis", "rosa", SYSTEM_ITSELF])
def test_only_the_competent_authority_decides(desk: Desk, who: str) -> None:
    intended(desk)

    with pytest.raises(NotAllowed, match="director"):
        desk.do(who, "authorisations.revoke", reasons=REASONS, answers=ANSWERS)


def test_annulment_says_that_there_never_was_a_certificate(desk: Desk) -> None:
    granted = desk.authorisation().effective_on
    intended(desk, "annul")

    answer = desk.do("ernesto", "authorisations.annul", reasons=REASONS, answers=ANSWERS)

    assert answer["annulled_from"] == granted.isoformat()
    assert desk.rows(models.Bar)[0].cause == "annulled"
    with desk.work("sonia") as work:
        id_ = str(desk.known["authorisation_id"])
        assert statuses.on(work, Machine.AUTHORISATION, id_, date(2026, 2, 1)) == "B8"
        rows = benefits.ledger(work, id_)
        assert {row.code for row in rows if row.never} == {row.code for row in rows}
        assert {row.valid_from for row in rows if row.never} == {granted}


def test_who_was_heard_on_a_revocation_is_not_annulled(desk: Desk) -> None:
    intended(desk, "revoke")

    with pytest.raises(Conflict, match="not announced"):
        desk.do("ernesto", "authorisations.annul", reasons=REASONS, answers=ANSWERS)


def test_while_an_act_is_intended_the_benefits_stay_as_they_were(desk: Desk) -> None:
    before = codes(desk)

    intended(desk)

    assert codes(desk) == before
    assert desk.authorisation().benefits_on


def test_whoever_is_heard_and_not_revoked_stays_in_force(desk: Desk) -> None:
    intended(desk)

    desk.do("ernesto", "authorisations.give_up", reason="Los argumentos convencen.")

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)


def test_without_a_hearing_an_act_needs_the_exception_of_the_law(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", "authorisations.revoke_unheard", reasons=REASONS, exception=" ")
    assert [problem.where for problem in refused.value.problems] == ["exception"]

    desk.do("ernesto", "authorisations.revoke_unheard", reasons=REASONS, exception="CAU, art. 22.6 d)")

    assert desk.authorisation().state == "B7"


@pytest.mark.parametrize("rule", ["days_after_adverse", "deemed_receipt_days"])
def test_where_the_law_says_so_an_act_takes_effect_on_a_later_day(office: Database, rule: str) -> None:
    text = EU.read_text(encoding="utf-8").replace(f"{rule} = 0", f"{rule} = 1")
    factories.publish(office, ("programme", "eu", text.encode()))
    desk = Desk(office, programme="eu", types=("AEOC",))
    desk.reach("A13")
    desk.on(date(2026, 3, 2))
    Worker(office, "one").drain(desk.now)
    intended(desk)

    answer = desk.do("ernesto", "authorisations.revoke", reasons=REASONS, answers=ANSWERS)

    assert answer["revoked_on"] == "2026-03-03"
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B6", True)
    with pytest.raises(Conflict, match="takes effect on 2026-03-03"):
        desk.do("ernesto", "authorisations.give_up", reason="No.")
    desk.on(date(2026, 3, 3), time(0))
    Worker(office, "one").drain(desk.now)
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B7", False)
    assert desk.moves("authorisation")[-1] == ("T31", "B7", date(2026, 3, 3))


def test_the_loss_of_security_suspends_one_part_and_leaves_what_rests_on_the_other(desk: Desk) -> None:
    answer = desk.do(
        "ernesto", "measures.open_suspension", ground="b", reasons="Acceso.", days=30, criteria=["security"]
    )

    assert answer["suspended_types"] == ["AEOS"]
    assert answer["affected"] == []
    suspended = desk.authorisation()
    assert (suspended.state, suspended.suspended_parts, suspended.benefits_on) == ("B5", ["AEOS"], True)
    assert codes(desk)["fewer_controls"]
    message = [row for row in desk.rows(models.PartnerMessage) if row.partner == "CH"][-1]
    assert message.facts["parts"] == {"AEOC": "active", "AEOS": "suspended"}

    second = desk.do(
        "ernesto", "measures.open_suspension", ground="b", reasons="IVA.", days=30, criteria=["competence"]
    )
    assert second["affected"] == [{"decision": "Garantía global de importe reducido GG-7", "effect": "suspended"}]
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B4", False)

    desk.do("ernesto", "measures.lift", reason="cured")
    assert (desk.authorisation().state, desk.authorisation().suspended_parts) == ("B5", ["AEOS"])


def test_a_criterion_of_another_type_reaches_nothing(desk: Desk) -> None:
    other = Desk(desk.database, tax_id="0315-050688-102-7", programme="eu", types=("AEOC",))
    other.reach("A13")
    other.on(date(2026, 3, 2))
    Worker(other.database, "one").drain(other.now)

    with pytest.raises(Invalid) as refused:
        other.do("ernesto", "measures.open_suspension", ground="b", reasons="x", days=30, criteria=["security"])

    assert [problem.where for problem in refused.value.problems] == ["criteria"]


def test_a_dependent_decision_follows_a_suspension_and_comes_back_with_it(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30, criteria=["records"])
    assert [row.state for row in desk.rows(models.DependentDecision)] == ["suspended"]

    desk.do("ernesto", "measures.lift", reason="cured")

    assert [row.state for row in desk.rows(models.DependentDecision)] == ["in_force"]
    assert [row.act for row in desk.rows(models.DependentEffect)] == ["suspended", "lifted"]


def test_what_happens_to_a_dependent_decision_never_reaches_back_and_outlasts_a_suspension(desk: Desk) -> None:
    desk.do("sonia", "dependents.change", state="suspended", reason="Impago.")
    assert desk.authorisation().state == "B1"

    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)
    desk.do("ernesto", "measures.lift", reason="cured")

    with desk.work("sonia") as work:
        (row,) = dependents.of_authorisation(work, str(desk.known["authorisation_id"]))
        assert row.state == "suspended"


def states_of_dependents(desk: Desk) -> list[str]:
    return [row.state for row in desk.rows(models.DependentDecision)]


def revoked_after_suspension(desk: Desk) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="Registros.")


def test_what_rests_on_a_certificate_rests_on_its_new_version(desk: Desk) -> None:
    change = [{"field": "domicilio", "before": "a", "after": "b"}]
    desk.do("ernesto", "authorisations.amend", changes=change, reason="Se mudó.", adverse=False)
    assert states_of_dependents(desk) == ["in_force"]

    suspended = desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)

    assert suspended["affected"] == [{"decision": "Garantía global de importe reducido GG-7", "effect": "suspended"}]


@pytest.mark.parametrize(("left", "state"), [("AEOS", "revoked"), ("AEOC", "in_force")])
def test_a_new_version_of_a_smaller_type_takes_along_what_rested_on_the_type_that_went(
    desk: Desk, left: str, state: str
) -> None:
    change = [{"field": "tipo", "before": "AEOF", "after": left}]
    desk.do("ernesto", "authorisations.amend", changes=change, reason="Lo pide.", adverse=False, type_after=left)

    assert states_of_dependents(desk) == [state]


def test_a_revocation_that_falls_gives_back_what_it_had_revoked(desk: Desk) -> None:
    revoked_after_suspension(desk)
    assert states_of_dependents(desk) == ["revoked"]
    about = desk.known["authorisation_id"]
    desk.do("rosa", "appeals.lodge", reasons="No es cierto.", authorisation_id=about)

    desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Tiene razón.")

    assert states_of_dependents(desk) == ["in_force"]


def test_while_a_revocation_is_stayed_and_sent_back_other_decisions_are_as_the_certificate_is(desk: Desk) -> None:
    revoked_after_suspension(desk)
    desk.do("rosa", "appeals.lodge", reasons="No es cierto.", authorisation_id=desk.known["authorisation_id"])

    desk.do("ernesto", "appeals.stay", reason="Daño irreparable.")
    assert states_of_dependents(desk) == ["in_force"]
    desk.do("ernesto", "appeals.dismiss", reasons="No tiene razón.")
    assert states_of_dependents(desk) == ["revoked"]


def test_a_revocation_sent_back_leaves_the_suspension_before_it_as_it_was(desk: Desk) -> None:
    revoked_after_suspension(desk)
    desk.do("rosa", "appeals.lodge", reasons="No es cierto.", authorisation_id=desk.known["authorisation_id"])

    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivar.")

    assert (desk.authorisation().state, states_of_dependents(desk)) == ("B6", ["suspended"])


def test_the_office_does_not_end_a_hearing_before_its_last_day_for_somebody_who_said_nothing(desk: Desk) -> None:
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds=GROUNDS, documents=["Acta"])
    desk.announce("D24_intention_to_revoke")
    Worker(desk.database, "one").drain(desk.now)
    for who in ("luis", SYSTEM_ITSELF):
        with pytest.raises(Conflict, match="until 2026-04-01 the party may still be heard"):
            desk.do(who, "authorisations.end_hearing")

    desk.on(date(2026, 4, 2))
    desk.do(SYSTEM_ITSELF, "authorisations.end_hearing")

    assert desk.rows(models.Hearing)[-1].outcome == "silent"


@pytest.mark.parametrize("act", ["restrict", "amend", "not_renew"])
def test_a_lesser_act_does_not_end_a_suspension_unseen(desk: Desk, act: str) -> None:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Registros.", days=30)

    with pytest.raises(Conflict, match="can only be revoked or annulled"):
        desk.do("ernesto", "authorisations.intend", act=act, grounds=GROUNDS, documents=["Acta"])

    assert desk.authorisation().state == "B4"


@pytest.mark.parametrize("act", ["restrict", "amend", "not_renew"])
def test_who_was_heard_on_a_lesser_act_is_not_revoked(desk: Desk, act: str) -> None:
    intended(desk, act)

    with pytest.raises(Conflict, match="revocation was not announced"):
        desk.do("ernesto", "authorisations.revoke", reasons=REASONS, answers=ANSWERS)

    assert desk.authorisation().state == "B6"
