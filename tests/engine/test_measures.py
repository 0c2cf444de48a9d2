"""Suspension: it stops the benefits, ends in one of three ways, and every clock of it ends on its own day."""

from datetime import date

import pytest

from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store.database import Database
from tests.engine.desk import SYSTEM_ITSELF, Desk

SUSPEND = "measures.open_suspension"
WHY = "Marchamos sin registro."


@pytest.fixture
def desk(office: Database) -> Desk:
    """An operator in force since Monday 12 January 2026; it is 2 February now."""
    desk = Desk(office)
    desk.reach("A13")
    desk.on(date(2026, 2, 2))
    return desk


@pytest.mark.parametrize(("ground", "number"), [("a", "T24"), ("b", "T25"), ("c", "T26")])
def test_a_suspension_stops_the_benefits_on_its_ground(desk: Desk, ground: str, number: str) -> None:
    answer = desk.do("ernesto", SUSPEND, ground=ground, reasons=WHY, days=30)

    assert answer["suspended_on"] == "2026-02-02"
    assert answer["suspension_due"] == "2026-03-04"
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B4", False)
    assert desk.moves("measure") == [(number, "open", date(2026, 2, 2))]
    assert desk.moves("authorisation")[-1] == (number, "B4", date(2026, 2, 2))


@pytest.mark.parametrize("ground", ["d", "", "A"])
def test_a_suspension_has_one_of_the_grounds_of_the_law(desk: Desk, ground: str) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", SUSPEND, ground=ground, reasons=WHY, days=30)

    assert [problem.where for problem in refused.value.problems] == ["ground"]


@pytest.mark.parametrize("who", ["sonia", "luis", SYSTEM_ITSELF])
def test_only_the_competent_authority_suspends(desk: Desk, who: str) -> None:
    with pytest.raises(NotAllowed, match="director"):
        desk.do(who, SUSPEND, ground="b", reasons=WHY, days=30)


def test_nobody_is_suspended_twice_on_the_same_ground(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)

    with pytest.raises(Conflict, match="on this ground and these conditions is open"):
        desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)


def test_of_two_grounds_the_last_to_end_gives_the_benefits_back(desk: Desk) -> None:
    first = desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=10)["measure_id"]
    second = desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)["measure_id"]

    desk.do("ernesto", "measures.lift", measure_id=first, reason="no_ground")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B4", False)

    desk.do("ernesto", "measures.lift", measure_id=second, reason="cured")
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)


def test_a_suspension_does_not_run_out_while_another_case_announces_a_revocation(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=10)
    own = desk.case_id
    desk.new_case()
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds=WHY)
    announcing, desk.case_id = desk.case_id, own
    desk.on(date(2026, 3, 10))

    assert desk.do("sonia", "clocks.end_of_suspension", verified="no")["suspension_outcome"] == "prolonged"
    with pytest.raises(Conflict, match="prolonged until the act"):
        desk.do("ernesto", "measures.lift", reason="expired")

    desk.case_id = announcing
    told = desk.do("ernesto", "authorisations.give_up", reason="La prueba no basta.")
    assert (told["suspension_goes_on"], desk.authorisation().state, desk.measure().state) == (True, "B4", "open")
    desk.case_id = own
    desk.do("ernesto", "measures.lift", reason="expired")
    assert (desk.authorisation().state, desk.measure().state) == ("B1", "lapsed")


def test_what_is_cured_is_lifted_and_benefits_are_on_again(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.on(date(2026, 2, 20))

    answer = desk.do("ernesto", "measures.lift", reason="cured")

    assert answer == {"lifted_on": "2026-02-20", "affected": []}
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert (desk.measure().state, desk.measure().outcome) == ("lifted", "cured")
    assert desk.measure().closed_on == date(2026, 2, 20)
    assert ("suspension", "met") in desk.clocks()


def test_a_suspension_whose_period_ran_out_ends_by_itself(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=30)
    desk.on(date(2026, 3, 5))

    desk.do(SYSTEM_ITSELF, "measures.lift", reason="expired")

    assert desk.authorisation().state == "B1"
    assert desk.moves("measure")[-1] == ("T28", "lapsed", date(2026, 3, 5))
    assert ("suspension", "expired") in desk.clocks()


def test_a_suspension_does_not_end_by_itself_before_its_last_day_is_over(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=30)
    desk.on(date(2026, 3, 4))

    with pytest.raises(Conflict, match="not over yet"):
        desk.do(SYSTEM_ITSELF, "measures.lift", reason="expired")


def test_the_system_lifts_nothing_that_did_not_run_out(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=30)

    with pytest.raises(NotAllowed):
        desk.do(SYSTEM_ITSELF, "measures.lift", reason="cured")


def test_a_suspension_is_prolonged_before_it_is_over(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="c", reasons=WHY, days=30)

    answer = desk.do("ernesto", "measures.prolong", days=15, reason="Obras en la bodega.")

    assert answer["suspension_due"] == "2026-03-19"
    assert desk.measure().ends_on == date(2026, 3, 19)
    desk.on(date(2026, 3, 20))
    with pytest.raises(Conflict, match="no longer be prolonged"):
        desk.do("ernesto", "measures.prolong", days=15, reason="Más obras.")


def test_a_suspension_on_a_ground_that_the_programme_does_not_prolong_ends_in_time(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=20)

    with pytest.raises(Conflict, match="prolongs no suspension"):
        desk.do("ernesto", "measures.prolong", days=5, reason="Faltan pruebas.")


def test_a_suspension_lasts_no_longer_than_its_ground_allows(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", SUSPEND, ground="a", reasons=WHY, days=31)

    assert [(one.where, one.params) for one in refused.value.problems] == [("days", {"most": 30})]
    assert desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=60)["suspension_extendable"] is True


def test_the_conditions_on_which_a_certificate_rests_are_choices_in_both_languages(desk: Desk) -> None:
    offered = desk.do("sonia", "measures.conditions")["conditions"]

    assert isinstance(offered, list)
    assert [one["value"] for one in offered] == ["compliance", "security", "records", "solvency"]
    assert offered[0] == {
        "value": "compliance",
        "label": "Cumplimiento aduanero y tributario",
        "label_en": "Customs and tax compliance",
    }


@pytest.mark.parametrize("days", [0, -30])
def test_a_suspension_lasts_at_least_a_day(desk: Desk, days: int) -> None:
    with pytest.raises(Invalid):
        desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=days)
    assert desk.authorisation().state == "B1"


def test_before_revocation_the_suspension_lasts_until_the_act(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.on(date(2026, 3, 5))

    answer = desk.do(SYSTEM_ITSELF, "measures.start_revocation_hearing", grounds=WHY)

    assert answer["hearing_due"] == "2026-04-06"  # thirty days end on 4 April, a Saturday in Holy Week
    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B6", False)
    assert (desk.measure().state, desk.measure().ends_on) == ("open", None)
    assert ("suspension", "expired") in desk.clocks()


def test_whoever_is_heard_and_not_revoked_is_in_force_again(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.do("ernesto", "measures.start_revocation_hearing", grounds=[{"ground": WHY}])
    desk.do("rosa", "measures.end_hearing")

    desk.do("ernesto", "measures.lift", reason="not_revoked")

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B1", True)
    assert ("hearing", "met") in desk.clocks()


def test_revocation_ends_the_suspension_with_it(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.hear()

    desk.do("ernesto", "authorisations.revoke", reasons=WHY)

    assert (desk.measure().state, desk.measure().outcome) == ("revoked", "revoked")
    with pytest.raises(Conflict):
        desk.do("ernesto", "measures.lift", reason="cured")


@pytest.mark.parametrize("reasons", ["", "   "])
def test_a_revocation_has_reasons(desk: Desk, reasons: str) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.hear()

    with pytest.raises(Invalid, match="needs reasons"):
        desk.do("ernesto", "authorisations.revoke", reasons=reasons)


def test_a_hearing_says_what_it_is_about(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)

    with pytest.raises(Invalid, match="needs grounds"):
        desk.do("ernesto", "measures.start_revocation_hearing", grounds=[])


def test_a_measure_that_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.do("ernesto", "measures.lift", measure_id="nowhere", reason="cured")


def test_an_operator_can_be_suspended_again_after_a_suspension_was_lifted(desk: Desk) -> None:
    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=30)
    desk.do("ernesto", "measures.lift", reason="cured")
    desk.on(date(2026, 6, 1))

    desk.do("ernesto", SUSPEND, ground="b", reasons=WHY, days=10)

    assert desk.clocks()[-1] == ("suspension", "running")
    assert desk.authorisation().state == "B4"
