"""A case keeps the version of the programme that it began with; a new day limit is for cases that begin after it."""

from datetime import date
from pathlib import Path

from engine.store.database import Database
from tests import factories
from tests.engine.desk import Desk

SV = (Path(__file__).parents[2] / "bpmn" / "programmes" / "sv.toml").read_text(encoding="utf-8")
OTHER = "0315-050688-102-7"


def changed(office: Database, before: str, after: str) -> None:
    """Another version of the programme goes to work."""
    assert before in SV
    factories.publish(office, ("programme", "sv", SV.replace(before, after).encode()))


def test_a_new_day_limit_is_for_new_cases_only(office: Database) -> None:
    running = Desk(office, date(2026, 1, 12))
    running.reach("A1")

    changed(office, "base = 120", "base = 90")
    begun_later = Desk(office, date(2026, 1, 12), OTHER)
    begun_later.reach("A1")

    assert running.do("irene", "applications.accept")["decision_due"] == "2026-05-12"
    assert begun_later.do("irene", "applications.accept")["decision_due"] == "2026-04-13"  # the 12th is a Sunday


def test_a_case_that_follows_an_authorisation_takes_the_version_of_its_own_beginning(office: Database) -> None:
    desk = Desk(office, date(2026, 1, 12))
    desk.reach("A13")
    watching = desk.case_id
    changed(office, 'base = 1\nunit = "years"\nat_expiry = "ask_self_assessment"', 'base = 2\nunit = "years"')

    kept = desk.do("marchamo", "authorisations.next_review")["review_due"]
    desk.new_case()
    new = desk.do("marchamo", "authorisations.next_review")["review_due"]

    assert watching != desk.case_id
    assert (kept, new) == ("2027-01-12", "2028-01-12")
