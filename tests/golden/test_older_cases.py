"""Cases of an earlier release meet today's drawings: each moves and ends lawfully, or stays where it was with the reason said."""

import pytest

from engine.domain.wording import Phrase
from engine.store import models
from engine.store.database import Database
from tests.golden.older import Older

ELSEWHERE = "The case stands here; in the new drawing it belongs to «%s»."
PROCESSES = ("application", "monitoring", "suspension")


def suspended(old: Older) -> None:
    """A certificate of then, suspended; its monitoring is still to be planned."""
    old.apply()
    old.finish("decide_on_proposal")
    old.begin_suspension()
    old.until("propose_measures")


def standing(old: Older) -> None:
    """Cases of each process at several places; nobody answers the intention to revoke the first certificate."""
    old.apply()
    old.until("assess_self")
    old.apply()
    old.until("review_application")
    old.apply()
    old.until("decide_on_proposal")
    suspended(old)
    old.finish("plan_monitoring", "SEG-2026-0001")
    old.wait("suspension_period_over")
    suspended(old)


def refusals(old: Older) -> dict[str, str]:
    """Why which case cannot move, in English, by the number of the case."""
    found = [one for process in PROCESSES for one in old.outlooks(process)]
    reasons = {one.number: "; ".join(Phrase(why.message, why.params) for why in one.plan.reasons) for one in found}
    assert {one.number for one in found if one.plan.movable} == {number for number, why in reasons.items() if not why}
    return {number: why for number, why in reasons.items() if why}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # a move is the same on both, and this is a long life
def test_cases_of_0_2_0_move_and_end_lawfully_or_are_refused_with_the_reason(database: Database) -> None:
    old = Older(database, "0.2.0")
    standing(old)
    old.renew()

    assert refusals(old) == {
        "OC-2026-0002": ELSEWHERE % "examination",
        "OC-2026-0003": ELSEWHERE % "examination",
        "SEG-2026-0001": "The timer's value None is no date or duration.",
        "SUS-2026-0001": ELSEWHERE % "revocation",
    }
    moved = [old.move(process) for process in PROCESSES]
    assert moved == [{"OC-2026-0001": "moved"}, {"SEG-2026-0002": "moved"}, {"SUS-2026-0002": "moved"}]
    end_as_drawn_now(old)
    end_as_drawn_then(old)


def end_as_drawn_now(old: Older) -> None:
    """What moved: accepted, watched; not cured and revoked, with the opinion of the legal unit that nobody asked for then."""
    old.finish("review_application", "OC-2026-0001")
    old.finish("plan_monitoring", "SEG-2026-0002")
    old.wait("suspension_period_over")
    old.finish("decide_intention", "SUS-2026-0002").finish("decide_revocation", "SUS-2026-0002")

    assert old.states(models.Authorisation) == ["B6", "B7"]
    assert {"advise_revocation", "answer_arguments"} <= old.passed()


def end_as_drawn_then(old: Older) -> None:
    """What could not move goes on in its own drawing: one certificate is revoked, another granted."""
    old.finish("decide_revocation", "SUS-2026-0001").finish("decide_on_proposal", "OC-2026-0003")

    assert old.states(models.Authorisation) == ["B7", "B7", "B1"]
    assert old.states(models.Application) == ["A5", "A5", "A13", "A13", "A13"]
