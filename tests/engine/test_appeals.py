"""Appeals: an act stands while it is appealed, unless it is stayed; what becomes of it is written with its own dates."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operators, sites, statuses
from engine.domain.errors import Conflict, Invalid
from engine.domain.states import Machine
from engine.queries import operators as pages
from engine.queries import starts
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.engine.desk import Desk

GROUNDS = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]


@pytest.fixture
def desk(office: Database) -> Desk:
    """An operator whose certificate was revoked on Monday 2 February 2026; it is 10 February."""
    desk = Desk(office)
    desk.reach("A13")
    desk.on(date(2026, 2, 2))
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")
    desk.on(date(2026, 2, 10))
    return desk


def lodged(desk: Desk) -> dict[str, object]:
    return desk.do("rosa", "appeals.lodge", reasons="No es cierto.", authorisation_id=desk.known["authorisation_id"])


def test_an_appeal_leaves_the_act_as_it_is(desk: Desk) -> None:
    answer = lodged(desk)

    assert (answer["act_challenged"], answer["effect"]) == ("revoked", "continues")
    assert desk.authorisation().state == "B7"
    assert desk.do("irene", "bars.check")["barred"] is True


def test_who_wins_is_reinstated_from_the_day_that_the_body_says_and_the_bar_ends(desk: Desk) -> None:
    lodged(desk)
    desk.on(date(2026, 5, 4))

    answer = desk.do(
        "ernesto", "appeals.uphold", outcome="reinstated", reasons="Tiene razón.", effect_from="2026-02-02"
    )

    assert answer["effect_from"] == "2026-02-02"
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert (desk.authorisation().ended_on, desk.authorisation().bar_until) == (None, None)
    assert desk.do("irene", "bars.check")["barred"] is False
    with desk.work("sonia") as work:
        id_ = str(desk.known["authorisation_id"])
        assert statuses.on(work, Machine.AUTHORISATION, id_, date(2026, 3, 1)) == "B1"
        known = desk.now.replace(month=4)
        assert statuses.on(work, Machine.AUTHORISATION, id_, date(2026, 3, 1), known) == "B7"


def test_a_stayed_act_waits_and_comes_back_with_the_same_last_day_of_its_bar(desk: Desk) -> None:
    lodged(desk)
    desk.do("ernesto", "appeals.stay", reason="Daño irreparable.")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert desk.do("irene", "bars.check")["barred"] is False
    desk.on(date(2026, 5, 4))

    desk.do("ernesto", "appeals.dismiss", reasons="No tiene razón.")

    assert (desk.authorisation().state, desk.authorisation().ended_on) == ("B7", date(2026, 5, 4))
    assert desk.do("irene", "bars.check")["bar_until"] == "2029-02-02"


def test_what_is_sent_back_is_decided_anew(desk: Desk) -> None:
    lodged(desk)

    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivación.")

    assert (desk.authorisation().state, desk.authorisation().ended_on) == ("B6", None)
    assert desk.do("irene", "bars.check")["barred"] is False


def test_an_act_that_was_sent_back_is_announced_again_or_let_be(desk: Desk) -> None:
    lodged(desk)
    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivación.")

    answer = desk.do("ernesto", "authorisations.intend", act="revoke", grounds=GROUNDS)

    assert "hearing_due" in answer
    assert desk.authorisation().state == "B6"
    with pytest.raises(Conflict, match="no lawful"):
        desk.do("ernesto", "authorisations.intend", act="revoke", grounds=GROUNDS)


def test_an_act_that_was_sent_back_and_is_not_pursued_is_given_up(desk: Desk) -> None:
    lodged(desk)
    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivación.")

    desk.do("ernesto", "authorisations.drop", reason="La prueba no basta.")

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    desk.do("ernesto", "authorisations.drop", reason="Nada se propuso.")
    assert desk.authorisation().state == "B1"


def test_a_refusal_that_falls_goes_back_to_evaluation_with_a_new_period(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")
    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.announce("D14_hearing")
    desk.do("rosa", "applications.end_hearing")
    desk.do("ernesto", "applications.refuse", reasons="Tributos vencidos.")

    desk.do("rosa", "appeals.lodge", reasons="Están pagados.", application_id=desk.known["application_id"])
    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Están pagados.")

    assert (desk.application().state, desk.application().decided_on) == ("A11", None)
    assert [row.state for row in desk.rows(models.ApplicationType)] == ["asked"]
    assert ("decision", "running") in desk.clocks()
    desk.do("ernesto", "authorisations.grant")


def test_non_acceptance_is_no_decision_and_cannot_be_appealed(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A1")
    desk.do("irene", "applications.not_accept", reason="Sin sede.")

    with pytest.raises(Conflict, match="no act that could be appealed"):
        desk.do("rosa", "appeals.lodge", reasons="Sí hay.", application_id=desk.known["application_id"])


def test_an_act_is_final_once_its_appeal_period_is_over(desk: Desk) -> None:
    desk.on(date(2026, 12, 1))

    with pytest.raises(Conflict, match="the act is final"):
        lodged(desk)


def test_one_act_is_appealed_once_at_a_time(desk: Desk) -> None:
    lodged(desk)

    with pytest.raises(Conflict, match="pending already"):
        lodged(desk)


def test_an_appeal_that_was_decided_is_not_decided_again(desk: Desk) -> None:
    lodged(desk)
    desk.do("ernesto", "appeals.dismiss", reasons="No tiene razón.")

    with pytest.raises(Conflict, match="dismissed"):
        desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Sí.")


def test_a_suspension_that_falls_on_appeal_is_lifted_from_its_first_day(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")
    desk.on(date(2026, 2, 2))
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    desk.on(date(2026, 2, 10))
    lodged(desk)

    answer = desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Hay registro.")

    assert answer["effect_from"] == "2026-02-02"
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert (desk.measure().state, desk.measure().outcome) == ("lifted", "upheld")


def test_who_gives_an_appeal_up_has_the_act_back(desk: Desk) -> None:
    lodged(desk)
    desk.do("ernesto", "appeals.stay", reason="Daño irreparable.")

    desk.do("rosa", "appeals.withdraw", reason="Acuerdo.")

    assert desk.authorisation().state == "B7"


@pytest.mark.parametrize("outcome", ["", "won"])
def test_an_appeal_ends_in_a_known_way(desk: Desk, outcome: str) -> None:
    lodged(desk)

    with pytest.raises(Invalid):
        desk.do("ernesto", "appeals.uphold", outcome=outcome, reasons="Sí.")


def restricted(office: Database) -> Desk:
    """A certificate with two sites, of which an adverse amendment took one on Tuesday 3 February 2026."""
    desk = Desk(office)
    for name in ("Bodega", "Planta"):
        with begin(office, SYSTEM, desk.now) as work:
            operators.open_site(work, str(desk.known["operator_id"]), name, "Soyapango")
    desk.reach("A13")
    desk.on(date(2026, 2, 3))
    desk.do("ernesto", "authorisations.intend", act="restrict", grounds=GROUNDS)
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", waived="Renuncia por escrito.")
    change = {"field": "sites", "before": "Bodega, Planta", "after": "Bodega"}
    desk.do(
        "ernesto",
        "authorisations.amend",
        changes=[change],
        reason="Planta cerrada.",
        adverse=True,
        sites_after=["Bodega"],
    )
    desk.on(date(2026, 2, 10))
    return desk


def scope(desk: Desk) -> list[tuple[int, str, list[str]]]:
    """Every version: number, state, sites that it covers today."""
    with look(desk.database, SYSTEM, desk.now) as work:
        rows = sorted(desk.certificates(), key=lambda one: one.version)
        today = work.today
        return [(row.version, row.state, [name for _id, name in sites.within(work, row.id, today)]) for row in rows]


def test_an_adverse_amendment_is_appealed_and_its_scope_comes_back_when_it_falls(office: Database) -> None:
    desk = restricted(office)
    answer = lodged(desk)
    assert (answer["act_challenged"], answer["in_force_id"]) == ("amended", None)
    desk.on(date(2026, 5, 4))

    told = desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Tiene razón.")

    assert scope(desk) == [(1, "B12", ["Bodega", "Planta"]), (2, "B12", ["Bodega"]), (3, "B1", ["Bodega", "Planta"])]
    assert (told["effect_from"], told["ended_id"]) == ("2026-02-03", desk.known["authorisation_id"])
    newest = desk.certificates()[-1]
    assert (told["in_force_id"], newest.effective_on, newest.benefits_on) == (newest.id, date(2026, 2, 3), True)


def test_an_amendment_that_is_sent_back_has_no_effect_until_it_is_decided_anew(office: Database) -> None:
    desk = restricted(office)
    lodged(desk)

    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivación.")

    assert scope(desk)[-1] == (3, "B1", ["Bodega", "Planta"])


def test_an_amendment_that_was_stayed_has_its_effect_again_when_the_appeal_is_dismissed(office: Database) -> None:
    desk = restricted(office)
    lodged(desk)
    stayed = desk.do("ernesto", "appeals.stay", reason="Daño irreparable.")
    assert scope(desk)[-1] == (3, "B1", ["Bodega", "Planta"])

    told = desk.do("ernesto", "appeals.dismiss", reasons="No tiene razón.")

    assert scope(desk)[2:] == [(3, "B12", ["Bodega", "Planta"]), (4, "B1", ["Bodega"])]
    assert told["ended_id"] == stayed["in_force_id"]


def test_an_amendment_is_appealed_inside_its_period_only_and_a_favourable_one_never(office: Database) -> None:
    desk = restricted(office)
    desk.on(date(2026, 3, 2))
    with pytest.raises(Conflict, match="period is over"):
        lodged(desk)

    other = Desk(office, tax_id="0614-120190-102-2")
    other.reach("A13")
    other.do("ernesto", "authorisations.amend", changes=[{"field": "x"}], reason="Nuevo nombre.", adverse=False)
    with pytest.raises(Conflict, match="no act that could be appealed"):
        lodged(other)


def test_a_scope_is_not_put_back_over_another_act_that_is_under_way(office: Database) -> None:
    desk = restricted(office)
    lodged(desk)
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)

    with pytest.raises(Conflict, match="Another act"):
        desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Tiene razón.")


def test_a_suspension_that_is_sent_back_is_lifted_until_the_office_decides_anew(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    lodged(desk)

    told = desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivación.")

    assert (told["outcome"], desk.authorisation().state, desk.authorisation().benefits_on) == ("sent_back", "B1", True)
    assert desk.measure().state == "lifted"
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Motivada de nuevo.", days=20)
    assert desk.authorisation().state == "B4"


def test_an_appeal_against_a_suspension_leaves_a_revocation_that_came_after_it(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    lodged(desk)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")

    desk.do("ernesto", "appeals.uphold", outcome="reinstated", reasons="Tiene razón.")

    assert desk.authorisation().state == "B7"
    assert desk.do("irene", "bars.check")["barred"] is True


def partly_refused(office: Database) -> Desk:
    """Of two types one was refused on 12 January 2026, the other granted."""
    desk = Desk(office, types=["exporter", "importer"])
    desk.reach("A11")
    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.announce("D14_hearing")
    desk.do("rosa", "applications.end_hearing")
    desk.do("ernesto", "applications.refuse", reasons="Siguen vencidos.", types=["importer"])
    desk.do("ernesto", "authorisations.grant")
    return desk


def test_the_refusal_of_one_type_can_be_appealed_though_the_other_was_granted(office: Database) -> None:
    desk = partly_refused(office)
    assert ("appeal", "running") in desk.clocks()
    assert offered(desk) == ["appeal"]
    desk.on(date(2026, 1, 20))

    answer = desk.do("rosa", "appeals.lodge", reasons="Se pagaron.", application_id=desk.known["application_id"])
    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Tiene razón.")

    assert (answer["act_challenged"], desk.application().state) == ("refused", "A11")
    desk.do("ernesto", "authorisations.grant")
    assert [(one.type, one.state) for one in desk.certificates()] == [("exporter", "B1"), ("importer", "B1")]


def offered(desk: Desk) -> list[str]:
    """What the page of the operator offers its signatory about the application."""
    operator = str(desk.known["operator_id"])
    with look(desk.database, replace(desk.actor("rosa"), operators=frozenset({operator})), desk.now) as work:
        (request,) = pages.profile(work, operator).requests
        about = starts.about_applications(work)
        return [one.process for one in about if one.fits(request.state, benefits_on=False, running=request.running)]


def test_what_was_granted_whole_gives_nothing_to_appeal(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")
    assert offered(desk) == []

    with pytest.raises(Conflict, match="no act that could be appealed"):
        desk.do("rosa", "appeals.lodge", reasons="No.", application_id=desk.known["application_id"])


def refused(desk: Desk, *reasons: dict[str, str]) -> None:
    desk.do("ernesto", "applications.start_hearing", grounds=GROUNDS)
    desk.announce("D14_hearing")
    desk.do("rosa", "applications.end_hearing")
    desk.do("ernesto", "applications.refuse", reasons=list(reasons))


def test_what_is_decided_anew_is_heard_anew(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")
    reason = {"criterion": "A.3", "reason": "Siguen vencidos."}
    refused(desk, reason)
    desk.do("rosa", "appeals.lodge", reasons="Se pagaron.", application_id=desk.known["application_id"])
    desk.do("ernesto", "appeals.uphold", outcome="sent_back", reasons="Falta motivar.")

    with pytest.raises(Conflict, match="unheard"):
        desk.do("ernesto", "applications.refuse", reasons=[reason])
    refused(desk, reason)

    assert desk.application().state == "A14"


def test_nobody_is_refused_on_a_ground_that_was_not_announced(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A11")

    with pytest.raises(Conflict, match=r"not announced: B\.2\. Announce it"):
        refused(desk, {"criterion": "A.3", "reason": "Vencidos."}, {"criterion": "B.2", "reason": "Sin archivo."})
