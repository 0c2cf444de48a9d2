"""Bars on a new application: by person, programme and cause; only acts bring them, and only acts end them early."""

from datetime import date
from pathlib import Path

import pytest

from engine import successions
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.store import models
from engine.store.database import Database
from tests import factories
from tests.engine.desk import Desk

SV = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"


@pytest.fixture
def desk(office: Database) -> Desk:
    """An operator in force since Monday 12 January 2026; it is 2 February now."""
    desk = Desk(office)
    desk.reach("A13")
    desk.on(date(2026, 2, 2))
    return desk


def revoked(desk: Desk) -> Desk:
    desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    desk.hear()
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")
    return desk


def successor(desk: Desk) -> tuple[Desk, str]:
    """Another legal entity that came after the operator."""
    other = Desk(desk.database, desk.now.date(), tax_id="0315-050688-102-7")
    with desk.work("sonia") as work:
        case = work.session.get_one(models.Case, desk.case_id)
        before, after = str(desk.known["operator_id"]), str(other.known["operator_id"])
        return other, successions.record(work, case, before, after, "Fusión.").id


def test_a_bar_says_until_when_it_runs_why_and_on_what_basis(desk: Desk) -> None:
    assert desk.do("irene", "bars.check")["barred"] is False

    revoked(desk)

    answer = desk.do("irene", "bars.check")
    assert (answer["barred"], answer["bar_until"], answer["bar_cause"]) == (True, "2029-02-02", "revoked")
    (bar,) = desk.rows(models.Bar)
    assert (bar.starts_on, bar.ends_on, bar.lifted_on) == (date(2026, 2, 2), date(2029, 2, 2), None)


def test_a_bar_that_began_after_the_draft_refuses_its_submission(desk: Desk) -> None:
    desk.new_case()
    desk.do("ana", "applications.open", types=["importer"])
    draft = desk.known["application_id"]

    revoked(desk)

    with pytest.raises(Conflict, match="barred until 2029-02-02") as refused:
        desk.do("rosa", "applications.submit", application_id=draft)
    assert refused.value.code == "barred"


def test_a_bar_that_began_after_submission_refuses_acceptance_and_says_so_in_the_letter(desk: Desk) -> None:
    desk.new_case()
    desk.do("ana", "applications.open", types=["importer"])
    desk.do("rosa", "applications.submit")
    filed = desk.known["application_id"]
    revoked(desk)

    with pytest.raises(Conflict, match="barred"):
        desk.do("irene", "applications.accept", application_id=filed)

    answer = desk.do("irene", "applications.not_accept", application_id=filed, reason="Impedimento vigente.")
    assert answer["bar_until"] == "2029-02-02"


def test_who_leaves_by_their_own_will_carries_no_punitive_bar(desk: Desk) -> None:
    answer = desk.do("rosa", "authorisations.surrender", reason="Cierre de la línea.")

    assert (answer["surrendered_on"], answer["bar_until"]) == ("2026-02-02", None)
    assert desk.do("irene", "bars.check")["barred"] is False


def test_a_bar_for_an_own_request_is_shorter_where_the_programme_has_one(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace(
        '[bars.own_request]\nbase = 0\nunit = "years"', '[bars.own_request]\nbase = 6\nunit = "months"'
    )
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")

    answer = desk.do("rosa", "authorisations.surrender", reason="Cierre de la línea.")

    assert answer["bar_until"] == "2026-07-12"


def test_a_tier_may_have_a_bar_of_its_own(office: Database) -> None:
    text = SV.read_text(encoding="utf-8") + '\n[bars.revoked.types.exporter]\nbase = 1\nunit = "years"\n'
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")

    revoked(desk)

    assert desk.authorisation().bar_until == date(2027, 1, 12)


def test_non_acceptance_and_withdrawal_bring_no_bar(office: Database) -> None:
    for service, who in (("applications.not_accept", "irene"), ("applications.withdraw", "rosa")):
        desk = Desk(office, tax_id=f"0614-{service}")
        desk.reach("A1")
        desk.do(who, service, reason="Sin sede.")

    assert desk.rows(models.Bar) == []


def test_a_successor_does_not_escape_the_bar(desk: Desk) -> None:
    revoked(desk)
    other, _succession = successor(desk)

    with pytest.raises(Conflict, match="barred until 2029-02-02"):
        other.do("ana", "applications.open")


def test_a_person_of_the_authority_frees_a_successor_with_a_reason(desk: Desk) -> None:
    revoked(desk)
    other, succession = successor(desk)
    with pytest.raises(NotAllowed, match="director"):
        desk.do("sonia", "successions.free", succession_id=succession, reason="Otros dueños.")
    with pytest.raises(Invalid):
        desk.do("ernesto", "successions.free", succession_id=succession, reason=" ")

    desk.do("ernesto", "successions.free", succession_id=succession, reason="Otros dueños y otra gerencia.")

    other.do("ana", "applications.open")
    assert desk.events()[-1] == "SuccessorFreed"


def test_nobody_comes_after_themselves(desk: Desk) -> None:
    other, _succession = successor(desk)

    with desk.work("sonia") as work:
        case = work.session.get_one(models.Case, desk.case_id)
        with pytest.raises(Invalid, match="themselves"):
            successions.record(work, case, str(other.known["operator_id"]), str(desk.known["operator_id"]), "Vuelta.")


def test_a_certificate_ends_with_its_legal_entity_and_the_successor_applies_anew(desk: Desk) -> None:
    other = Desk(desk.database, date(2026, 2, 2), tax_id="0315-050688-102-7")

    desk.do("ernesto", "authorisations.succeed", successor_id=other.known["operator_id"], reason="Fusión.")

    assert (desk.authorisation().state, desk.authorisation().benefits_on) == ("B13", False)
    assert other.certificates() == []
    assert other.do("ana", "applications.open")["application_number"] == "SOL-2026-0002"


def test_a_successor_is_recorded_also_where_the_predecessor_holds_nothing_any_more(desk: Desk) -> None:
    revoked(desk)
    other = Desk(desk.database, date(2026, 2, 2), tax_id="0315-050688-102-7")
    with pytest.raises(NotAllowed):
        desk.do("rosa", "successions.record", successor_id=other.known["operator_id"], reason="Escisión.")

    desk.do("sonia", "successions.record", successor_id=other.known["operator_id"], reason="Escisión.")

    assert other.do("irene", "bars.check")["bar_until"] == "2029-02-02"


def test_where_the_programme_says_so_a_bar_stays_with_who_was_barred(office: Database) -> None:
    text = SV.read_text(encoding="utf-8")
    assert "[succession]" not in text
    factories.publish(office, ("programme", "sv", f"{text}\n[succession]\nbar_follows = false\n".encode()))
    desk = Desk(office, types=("importer", "exporter"))
    desk.reach("A13")
    revoked(desk)
    other = Desk(office, date(2026, 1, 12), tax_id="0315-050688-102-7")
    second = desk.certificates()[1].id

    desk.do(
        "ernesto",
        "authorisations.succeed",
        authorisation_id=second,
        successor_id=other.known["operator_id"],
        reason="Fusión.",
    )

    assert other.do("irene", "bars.check")["barred"] is False
