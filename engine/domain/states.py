"""The three linked state machines (application, authorisation, measure) and every lawful move between their states."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.domain.errors import Conflict


class Machine(StrEnum):
    """Which of the three a state belongs to."""

    APPLICATION = "application"
    AUTHORISATION = "authorisation"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Transition:
    """A lawful move: from one of some states to another, by whom, with which effect on clocks and which document.

    `number` is that of the table of transitions in the domain page, e.g. T16.
    """

    number: str
    machine: Machine
    trigger: str
    sources: frozenset[str]
    target: str
    actors: tuple[str, ...]
    clock: str = ""
    documents: tuple[str, ...] = ()


def _application(
    number: str, trigger: str, sources: str, target: str, actors: str, clock: str = "", documents: str = ""
) -> Transition:
    return _transition(Machine.APPLICATION, number, trigger, sources, target, actors, clock, documents)


def _authorisation(
    number: str, trigger: str, sources: str, target: str, actors: str, clock: str = "", documents: str = ""
) -> Transition:
    return _transition(Machine.AUTHORISATION, number, trigger, sources, target, actors, clock, documents)


def _measure(number: str, trigger: str, sources: str, target: str, actors: str, clock: str = "") -> Transition:
    return _transition(Machine.MEASURE, number, trigger, sources, target, actors, clock, "")


def _transition(
    machine: Machine, number: str, trigger: str, sources: str, target: str, actors: str, clock: str, documents: str
) -> Transition:
    return Transition(
        number,
        machine,
        trigger,
        frozenset(sources.split()),
        target,
        tuple(actors.split()),
        clock,
        tuple(documents.split()),
    )


OPEN_REVIEW: Final = "A4 A5 A6 A7 A8 A9 A10 A11 A12"  # accepted and not decided
IN_FORCE: Final = "B1 B2 B3"

TRANSITIONS: Final = (
    _application("T1", "submit", "A0", "A1", "signatory", "acceptance starts", "D01"),
    _application("T2", "request_completion", "A1", "A2", "intake_officer", "acceptance waits, reply starts", "D02"),
    _application("T3", "receive_completion", "A2", "A1", "preparer signatory", "reply met, acceptance runs on", "D01"),
    _application("T4", "not_accept", "A2", "A3", "system intake_officer", "ends", "D04"),
    _application("T5", "not_accept", "A1", "A3", "intake_officer", "ends", "D04"),
    _application("T6", "accept", "A1", "A4", "intake_officer", "decision starts at completeness", "D03"),
    _application("T7", "accept_by_silence", "A1", "A4", "system", "decision starts at completeness", "D03"),
    _application("T8", "start_review", "A4", "A5", "analyst", "", ""),
    _application("T9", "request_information", "A5", "A6", "analyst", "decision += days given", "D05"),
    _application("T9", "receive_information", "A6", "A5", "preparer signatory system", "", "D06"),
    _application("T10", "consult", "A5", "A7", "analyst", "consultation starts", "D07"),
    _application("T11", "receive_consultation", "A7", "A5", "analyst system", "decision += extension", "D08"),
    _application("T12", "plan_validation", "A5", "A8", "validator", "", "D09"),
    _application("T13", "start_visit", "A8", "A9", "validator", "", "D10"),
    _application("T13", "require_actions", "A9", "A10", "validator", "", "D11 D12"),
    _application("T14", "visit_again", "A10", "A9", "validator", "decision += approved time", ""),
    _application("T15", "evaluate", "A5 A9 A10", "A11", "analyst validator", "", "D13"),
    _application("T16", "grant", "A11", "A13", "director", "decision stops at notification", "D15 D16"),
    _application("T17", "start_hearing", "A11", "A12", "director", "hearing starts, decision += hearing", "D14"),
    _application("T18", "end_hearing", "A12", "A11", "signatory system director", "hearing ends", ""),
    _application("T19", "refuse", "A11 A12", "A14", "director", "decision stops", "D17"),
    _application("T20", "withdraw", f"A0 A1 A2 {OPEN_REVIEW}", "A15", "signatory preparer", "ends", "D18"),
    _application("T21", "extend", "A4", "A4", "director", "decision += at most the legal extension", "D19"),
    _application("T22", "extend_for_proceedings", "A5", "A5", "director", "decision += the time needed", "D19"),
    _application("T36", "send_back", "A14", "A11", "system", "", "D32"),
    _application("T37", "lapse", "A1 A2", "A16", "system", "ends", ""),
    _authorisation("T16", "take_effect", "B0", "B1", "system director", "", ""),
    _authorisation("T23", "open_reassessment", "B1", "B3", "monitoring_officer", "", "D20"),
    _authorisation("T23", "close_reassessment", "B3", "B1", "monitoring_officer", "", ""),
    _authorisation("T24", "suspend", f"{IN_FORCE} B5", "B4", "director", "suspension starts", "D21"),
    _authorisation("T27", "lift", "B4 B6", "B1", "director", "suspension ends", "D23"),
    _authorisation("T28", "lapse_suspension", "B4", "B1", "system", "suspension ends", "D23"),
    _authorisation("T30", "open_plan", "B1", "B2", "monitoring_officer", "", "D26"),
    _authorisation("T30", "close_plan", "B2", "B1", "monitoring_officer", "", ""),
    _authorisation("T31", "intend_adverse_act", f"{IN_FORCE} B4 B5", "B6", "director", "hearing starts", "D24"),
    _authorisation("T31", "revoke", "B4 B6", "B7", "director", "bar starts", "D25"),
    _authorisation("T31", "annul", "B6", "B8", "director", "bar starts", "D25"),
    _authorisation("T32", "surrender", f"{IN_FORCE} B4", "B9", "signatory", "", "D27"),
    _authorisation("T33", "file_renewal", "B1", "B10", "signatory", "renewal starts", "D29"),
    _authorisation("T33", "renew", "B10", "B1", "director", "validity starts", "D16"),
    _authorisation("T34", "expire", "B1 B10", "B11", "system", "", "D30"),
    _authorisation("T36", "reinstate", "B7 B8", "B1", "system", "", "D32"),
    _authorisation("T37", "amend", "B1", "B12", "director", "", "D33"),
    _authorisation("T37", "succeed", "B1", "B13", "director", "", ""),
    _measure("T24", "prolong", "open", "open", "director", "suspension += days"),
    _measure("T27", "lift", "open", "lifted", "director", "suspension ends"),
    _measure("T28", "lapse", "open", "lapsed", "system", "suspension ends"),
    _measure("T29", "revoke", "open", "revoked", "director", "suspension ends"),
)
ENDS: Final = frozenset(
    {"A3", "A13", "A14", "A15", "A16", "B7", "B8", "B9", "B11", "B12", "B13", "lifted", "lapsed", "revoked"}
)
BENEFITS: Final = frozenset({"B1", "B2", "B3", "B10"})  # the states in which the holder has the benefits


def find(machine: Machine, state: str, trigger: str) -> Transition:
    """The lawful move for the trigger in this state; Conflict, naming both, where the law knows none."""
    for transition in TRANSITIONS:
        if transition.machine is machine and transition.trigger == trigger and state in transition.sources:
            return transition
    raise Conflict("In the state %(state)s there is no lawful «%(trigger)s».", state=state, trigger=trigger)
