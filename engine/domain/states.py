"""The three linked state machines (application, authorisation, measure) and every lawful move between their states."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.domain.errors import Conflict

UNBORN: Final = ""  # the state of what does not exist yet
SAME: Final = "="  # as a target: the state stays what it is


class Machine(StrEnum):
    """Which of the three a state belongs to."""

    APPLICATION = "application"
    AUTHORISATION = "authorisation"
    MEASURE = "measure"


STATES: Final[Mapping[Machine, frozenset[str]]] = {
    Machine.APPLICATION: frozenset(f"A{number}" for number in range(17)),
    Machine.AUTHORISATION: frozenset(f"B{number}" for number in range(14)),
    Machine.MEASURE: frozenset({"open", "lifted", "lapsed", "revoked", "carried_out", "upheld", "dismissed"}),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A lawful move: from some states to another, by whom, with which effect on clocks and which document.

    `number` is that of the table of transitions in the domain page (§2.3), e.g. T16. `actors` are roles, or `system` where
    a legal period ran out or the diagram goes on by itself.
    """

    number: str
    machine: Machine
    trigger: str
    sources: frozenset[str]
    target: str
    actors: frozenset[str]
    clock: str = ""
    documents: tuple[str, ...] = ()

    def target_from(self, state: str) -> str:
        """The state reached when it is done in `state`."""
        return state if self.target == SAME else self.target


def move(machine: Machine, state: str, trigger: str) -> Transition:
    """The lawful move for the trigger in this state; Conflict, naming both, where the law knows none."""
    for transition in TRANSITIONS:
        if transition.machine is machine and transition.trigger == trigger and state in transition.sources:
            return transition
    raise Conflict("In the state %(state)s there is no lawful «%(trigger)s».", state=state or "—", trigger=trigger)


def _rows(machine: Machine, table: str) -> tuple[Transition, ...]:
    """The rows of a table; its columns are number, trigger, from, to, by whom, effect on clocks, documents."""
    return tuple(_row(machine, *(cell.strip() for cell in line.split("|"))) for line in table.strip().splitlines())


def _row(
    machine: Machine, number: str, trigger: str, sources: str, target: str, actors: str, clock: str, documents: str
) -> Transition:
    known = frozenset(UNBORN if state == "-" else state for state in sources.split())
    return Transition(
        number, machine, trigger, known, target, frozenset(actors.split()), clock, tuple(documents.split())
    )


# «-» in the second column of states: it does not exist yet. A row stands for all the states that it is left from.
_APPLICATION: Final = """
T1  | open                   | -                                   | A0  | preparer signatory system        |                                          |
T1  | submit                 | A0                                  | A1  | signatory                        | acceptance starts                        | D01
T2  | request_completion     | A1                                  | A2  | intake_officer                   | acceptance waits, reply starts           | D02
T3  | receive_completion     | A2                                  | A1  | preparer signatory               | reply met, acceptance starts again       | D01
T4  | not_accept             | A2                                  | A3  | system intake_officer            | reply expired, all end                   | D04
T5  | not_accept             | A1                                  | A3  | intake_officer                   | all end                                  | D04
T6  | accept                 | A1                                  | A4  | intake_officer                   | acceptance met, decision starts at completeness | D03
T7  | accept_by_silence      | A1                                  | A4  | system                           | acceptance expired, decision starts at completeness | D03
T7  | lapse_by_silence       | A1 A2                               | A16 | system                           | all end                                  |
T8  | start_review           | A4                                  | A5  | analyst intake_officer system    |                                          |
T9  | request_information    | A5                                  | A6  | analyst                          | information starts, decision += its days | D05
T9  | receive_information    | A6                                  | A5  | preparer signatory system        | information ends                         | D06
T10 | consult                | A5                                  | A7  | analyst                          | consultation starts                      | D07
T11 | receive_consultation   | A7                                  | A5  | analyst system                   | consultation ends, decision += its extension | D08
T12 | plan_validation        | A5                                  | A8  | validator                        |                                          | D09
T13 | start_visit            | A8                                  | A9  | validator                        |                                          | D10
T13 | require_actions        | A9                                  | A10 | validator                        |                                          | D11 D12
T14 | visit_again            | A10                                 | A9  | validator                        | decision += time approved                | D12
T15 | evaluate               | A5 A9 A10                           | A11 | analyst validator                |                                          | D13
T16 | grant                  | A11                                 | A13 | director                         | decision met                             | D15 D16
T17 | start_hearing          | A11                                 | A12 | director                         | hearing starts, decision += hearing      | D14
T18 | end_hearing            | A12                                 | A11 | signatory analyst system         | hearing ends                             |
T19 | refuse                 | A11                                 | A14 | director                         | decision met                             | D17
T20 | withdraw               | A0 A1 A2 A4 A5 A6 A7 A8 A9 A10 A11 A12 | A15 | preparer signatory            | all end                                  | D18
T21 | extend                 | A4 A5 A6 A7 A8 A9 A10 A11 A12       | =   | director                         | decision += at most the legal extension  | D19
T22 | extend_for_proceedings | A4 A5 A6 A7 A8 A9 A10 A11 A12       | =   | director                         | decision += the time needed              | D19
T36 | send_back              | A14                                 | A11 | director system                  | decision starts again                    | D32
"""
_AUTHORISATION: Final = """
T16 | come_into_being        | -                | B0  | director                  |                                        | D15 D16
T16 | take_effect            | B0               | B1  | director system           |                                        |
T23 | open_reassessment      | B1               | B3  | monitoring_officer        |                                        | D20
T23 | close_reassessment     | B3               | B1  | monitoring_officer        |                                        |
T24 | suspend_to_clarify     | B1 B2 B3         | B4  | director                  | suspension starts, ground (a)          | D21
T25 | suspend_to_cure        | B1 B2 B3         | B4  | director                  | suspension starts, ground (b)          | D21 D22
T26 | suspend_at_request     | B1 B2 B3         | B4  | director                  | suspension starts, ground (c)          | D21
T24 | suspend_partly         | B1 B2 B3         | B5  | director                  | suspension starts, of one type         | D21
T24 | suspend_wholly         | B5               | B4  | director                  | suspension starts, of the other type   | D21
T27 | lift                   | B4 B5            | B1  | director                  | suspension met                         | D23
T28 | lapse_suspension       | B4 B5            | B1  | director system           | suspension expired                     | D23
T29 | intend_to_revoke       | B4               | B6  | director system           | hearing starts, suspension prolonged   | D24
T30 | open_plan              | B1               | B2  | monitoring_officer        | one for each action                    | D26
T30 | close_plan             | B2               | B1  | monitoring_officer        |                                        |
T31 | intend_adverse_act     | B1 B2 B3 B5      | B6  | director                  | hearing starts                         | D24
T31 | give_up_adverse_act    | B6               | B1  | director                  | hearing ends, suspension ends          | D23
T31 | revoke                 | B6               | B7  | director                  | hearing ends, bar starts               | D25
T31 | annul                  | B6               | B8  | director                  | hearing ends, bar starts               | D25
T32 | surrender              | B0 B1 B2 B3 B4   | B9  | signatory                 |                                        | D27
T33 | file_renewal           | B1               | B10 | signatory                 | renewal starts                         | D28 D29
T33 | renew                  | B10              | B1  | director                  | validity starts again                  | D16
T34 | expire                 | B1 B2 B3 B4 B10  | B11 | system                    |                                        | D30
T36 | reinstate              | B7 B8            | B1  | director system           | bar ends                               | D32
T37 | amend                  | B1               | B12 | director                  |                                        | D33
T37 | succeed                | B1               | B13 | director                  |                                        | D33
"""
_MEASURE: Final = """
T24 | open_to_clarify        | -    | open        | director                    | suspension starts        | D21
T25 | open_to_cure           | -    | open        | director                    | suspension starts        | D21
T26 | open_at_request        | -    | open        | director                    | suspension starts        | D21
T25 | prolong                | open | =           | director                    | suspension += days       |
T27 | lift                   | open | lifted      | director                    | suspension met           | D23
T28 | lapse                  | open | lapsed      | director system             | suspension expired       | D23
T29 | revoke                 | open | revoked     | director                    | suspension met           | D25
T30 | agree_plan             | -    | open        | monitoring_officer          | one for each action      | D26
T30 | carry_out              | open | carried_out | monitoring_officer          |                          |
T35 | lodge_appeal           | -    | open        | signatory                   | appeal starts            | D31
T36 | uphold                 | open | upheld      | director system             | appeal met               | D32
T36 | dismiss                | open | dismissed   | director system             | appeal met               | D32
"""
TRANSITIONS: Final = (
    *_rows(Machine.APPLICATION, _APPLICATION),
    *_rows(Machine.AUTHORISATION, _AUTHORISATION),
    *_rows(Machine.MEASURE, _MEASURE),
)
ENDS: Final = frozenset({"A3", "A13", "A14", "A15", "A16", "B7", "B8", "B9", "B11", "B12", "B13"}) | (
    STATES[Machine.MEASURE] - {"open"}
)
BENEFITS: Final = frozenset({"B1", "B2", "B3", "B10"})  # the states in which the holder has the benefits
