"""Acts begin clocks of their own: the term of a certificate, the bar, the period to appeal, the time for which documents are kept."""

from datetime import date
from pathlib import Path

import pytest

from engine import recounts
from engine.clock_rules import mirrors
from engine.queries import clocks, sums
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import Desk
from tests.engine.test_lifecycle import fixed_term

SV = Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml"
CHANGE = {"field": "sites", "before": "2", "after": "1"}


def told(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """The last days and states of every clock of the case page, by name, in the order in which they began."""
    with look(desk.database, SYSTEM, desk.now) as work:
        found: dict[str, list[tuple[str, str]]] = {}
        for one in sorted(sums.of_case(work, desk.case_id), key=lambda one: one.clock.starts_on):
            found.setdefault(one.clock.name, []).append((one.clock.due_on.isoformat(), one.clock.state))
        return found


def replayed(desk: Desk) -> None:
    """The history alone gives the same last days as the register has."""
    with look(desk.database, SYSTEM, desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        known = {(row.name, row.subject_id): row.due_on for row in desk.rows(models.LegalClock)}
        assert recounts.from_history(work, case) == known


def revoked(desk: Desk) -> None:
    desk.do("ernesto", "authorisations.intend", act="revoke", grounds="Sin registro.")
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", waived="Renuncia por escrito.")
    desk.do("ernesto", "authorisations.revoke", reasons="Sin registro.")


def test_a_grant_begins_the_term_of_a_programme_that_has_one(office: Database) -> None:
    desk = fixed_term(office)

    assert told(desk)["validity"] == [("2029-01-12", "running")]
    assert desk.authorisation().expires_on == date(2029, 1, 12)
    replayed(desk)


def test_without_a_term_there_is_no_clock_of_it(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")

    assert "validity" not in told(desk)


def test_a_type_with_a_term_of_its_own_has_a_clock_of_that_length(office: Database) -> None:
    own = '[validity.types.exporter]\nterm = 2\nunit = "years"\nlegal_basis_es = "Art. 9"\nlegal_basis_en = "Art. 9 (en)"\n\n[effect]\n'
    text = SV.read_text(encoding="utf-8").replace("[effect]\n", own, 1)
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")

    with look(office, SYSTEM, desk.now) as work:
        (term,) = [one for one in sums.of_case(work, desk.case_id) if one.clock.name == "validity"]
    assert (term.clock.due_on, term.basis.en) == (date(2028, 1, 12), "Art. 9 (en)")


def test_a_renewal_begins_the_next_term_where_the_last_one_ends(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2028, 10, 2))
    desk.do("rosa", "renewals.file")

    desk.do("ernesto", "renewals.renew")

    assert told(desk)["validity"] == [("2029-01-12", "met"), ("2032-01-12", "running")]


def test_a_renewal_in_a_case_of_its_own_leaves_the_old_term_where_it_was(office: Database) -> None:
    desk = fixed_term(office)
    granting = desk.case_id
    desk.on(date(2028, 10, 2))
    desk.new_case()
    desk.do("rosa", "renewals.file")
    desk.do("ernesto", "renewals.renew")

    assert told(desk)["validity"] == [("2032-01-12", "running")]
    desk.case_id = granting
    assert told(desk)["validity"] == [("2029-01-12", "met")]


def test_a_revocation_begins_bar_appeal_and_retention_and_stops_the_term(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2026, 2, 2))
    revoked(desk)

    found = told(desk)

    assert found["bar_revoked"] == [("2029-02-02", "running")]
    assert found["retention"] == [("2031-02-02", "running")]
    assert found["validity"] == [("2029-01-12", "stopped")]
    assert [state for _day, state in found["appeal"]] == ["running"]
    assert desk.rows(models.Bar)[0].ends_on == date(2029, 2, 2)
    replayed(desk)


def test_an_end_by_the_calendar_lets_the_term_expire_and_keeps_the_documents(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2029, 1, 13))
    Worker(office, "one").drain(desk.now)

    found = told(desk)

    assert found["validity"] == [("2029-01-12", "expired")]
    assert found["retention"] == [("2034-01-12", "running")]


def test_a_surrender_has_the_bar_of_an_own_request_where_there_is_one(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace(
        '[bars.own_request]\nbase = 0\nunit = "years"', '[bars.own_request]\nbase = 6\nunit = "months"'
    )
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")
    desk.do("rosa", "authorisations.surrender", reason="Cierre.")

    found = told(desk)

    assert found["bar_own_request"] == [("2026-07-12", "running")]
    assert found["retention"] == [("2031-01-12", "running")]


@pytest.mark.parametrize(("base", "until"), [(0, None), (2, "2026-03-12")])
def test_a_non_acceptance_bars_only_where_the_programme_says_so(office: Database, base: int, until: str | None) -> None:
    bar = f'[bars.not_accepted]\nbase = {base}\nunit = "months"\n\n[renewal]\n'
    text = SV.read_text(encoding="utf-8").replace("[renewal]\n", bar, 1)
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A1")

    answer = desk.do("irene", "applications.not_accept", reason="Sin sede.")

    assert answer["bar_until"] == until
    assert told(desk).get("bar_not_accepted", []) == ([(until, "running")] if until else [])


def test_a_suspension_and_an_adverse_amendment_may_be_appealed_where_the_programme_says_so(office: Database) -> None:
    desk = Desk(office)
    desk.reach("A13")
    suspended = desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)
    desk.do("ernesto", "measures.lift", reason="cured")
    desk.do("ernesto", "authorisations.intend", act="restrict", grounds="Planta cerrada.")
    desk.announce("D24_intention_to_revoke")
    desk.do("rosa", "authorisations.end_hearing", waived="Renuncia por escrito.")
    amended = desk.do("ernesto", "authorisations.amend", changes=[CHANGE], reason="Planta cerrada.", adverse=True)

    assert suspended["appeal_due"] == amended["appeal_due"] == "2026-02-02"  # 15 working days after Monday 12 January


def test_acts_that_the_programme_does_not_name_begin_no_period_to_appeal(office: Database) -> None:
    text = SV.read_text(encoding="utf-8").replace(', "suspended", "amended"]', "]", 1)
    factories.publish(office, ("programme", "sv", text.encode()))
    desk = Desk(office)
    desk.reach("A13")

    answer = desk.do("ernesto", "measures.open_suspension", ground="b", reasons="Sin registro.", days=30)

    assert "appeal_due" not in answer
    assert "appeal" not in told(desk)


def test_a_new_version_has_the_term_of_the_old_one(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2026, 6, 1))
    desk.do("ernesto", "authorisations.amend", changes=[CHANGE], reason="Otra bodega.", adverse=False)

    assert told(desk)["validity"] == [("2029-01-12", "stopped"), ("2029-01-12", "running")]
    assert desk.authorisation().expires_on == date(2029, 1, 12)


def test_a_stay_lets_the_term_run_on_and_the_bar_wait(office: Database) -> None:
    desk = fixed_term(office)
    desk.on(date(2026, 2, 2))
    revoked(desk)
    desk.do("rosa", "appeals.lodge", reasons="Hay registro.", authorisation_id=desk.known["authorisation_id"])

    desk.do("ernesto", "appeals.stay", reason="Daño grave.")

    found = told(desk)
    assert [state for _day, state in found["bar_revoked"]] == ["stopped"]
    assert [state for _day, state in found["retention"]] == ["stopped"]
    assert found["validity"][-1] == ("2029-01-12", "running")

    desk.on(date(2026, 3, 2))
    desk.do("ernesto", "appeals.dismiss", reasons="No hay registro.")

    found = told(desk)
    assert found["bar_revoked"][-1] == ("2029-02-02", "running")
    assert found["retention"][-1] == ("2031-03-02", "running")
    assert found["validity"][-1][1] == "stopped"


def test_nobody_hurries_because_of_a_term_or_a_bar(office: Database) -> None:
    desk = fixed_term(office)
    with look(office, SYSTEM, desk.now) as work:
        assert clocks.pressing(clocks.of_cases(work, [desk.case_id])[desk.case_id]) is None
    assert [mirrors(name) for name in ("validity", "retention", "bar_refused", "appeal")] == [True, True, True, False]
