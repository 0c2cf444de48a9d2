"""Separation of duties: reserved acts, and nobody deciding on, or verifying, their own work."""

import pytest

from engine.domain import duties, states
from engine.domain.errors import NotAllowed
from engine.domain.states import Machine

GRANT = states.move(Machine.APPLICATION, "A11", "grant")
REFUSE = states.move(Machine.APPLICATION, "A11", "refuse")
INTEND_TO_REFUSE = states.move(Machine.APPLICATION, "A11", "start_hearing")
SUBMIT = states.move(Machine.APPLICATION, "A0", "submit")
REVIEW = states.move(Machine.APPLICATION, "A4", "start_review")
LAPSE = states.move(Machine.AUTHORISATION, "B4", "lapse_suspension")
REVOKE = states.move(Machine.AUTHORISATION, "B6", "revoke")


@pytest.mark.parametrize("act", [GRANT, REFUSE, INTEND_TO_REFUSE, REVOKE], ids=lambda act: act.trigger)
def test_only_the_competent_authority_decides(act: states.Transition) -> None:
    duties.require_office(act, {"director"}, system=False)

    with pytest.raises(NotAllowed, match="director"):
        duties.require_office(act, {"analyst", "validator", "signatory"}, system=False)


def test_a_preparer_never_submits() -> None:
    duties.require_office(SUBMIT, {"signatory"}, system=False)

    with pytest.raises(NotAllowed, match="signatory"):
        duties.require_office(SUBMIT, {"preparer"}, system=False)


def test_the_system_decides_nothing_but_what_a_period_running_out_decides() -> None:
    duties.require_office(LAPSE, (), system=True)

    with pytest.raises(NotAllowed):
        duties.require_office(REVOKE, (), system=True)


def test_what_is_not_reserved_follows_from_the_diagram() -> None:
    duties.require_office(REVIEW, {"intake_officer"}, system=False)
    duties.require_office(REVIEW, (), system=True)


@pytest.mark.parametrize("act", [GRANT, REFUSE, INTEND_TO_REFUSE], ids=lambda act: act.trigger)
@pytest.mark.parametrize("number", ["T6", "T9", "T12", "T13", "T15"])
def test_whoever_worked_on_an_application_does_not_decide_on_it(act: states.Transition, number: str) -> None:
    with pytest.raises(NotAllowed, match="another person"):
        duties.require_apart(act, "luis", [("T1", "rosa"), (number, "luis")])


def test_whoever_only_decided_before_may_decide_again() -> None:
    duties.require_apart(REFUSE, "ernesto", [("T15", "luis"), ("T17", "ernesto"), ("T18", "ernesto")])


def test_nobody_verifies_the_corrective_action_that_they_wrote() -> None:
    duties.require_other({"ana"}, "valeria")

    with pytest.raises(NotAllowed, match="another person must verify"):
        duties.require_other({"ana", "valeria"}, "valeria")
