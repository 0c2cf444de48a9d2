"""The three linked state machines (application, authorisation, measure) and every lawful move between their states."""

from collections.abc import Iterator, Mapping, Sequence
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
    Machine.MEASURE: frozenset(
        {"open", "lifted", "lapsed", "revoked", "carried_out", "failed", "renewed", "upheld", "dismissed", "withdrawn"}
        | {"ended", "refused"}
    ),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A lawful move: from some states to another, by whom, under which guards; its effect on clocks, its documents.

    `number` is that of the table of transitions in the domain page (§2.3), e.g. T16. `actors` are roles, or `system` where
    a legal period ran out or the diagram goes on by itself. `guards` are names in `engine.domain.guards`, asked in order.
    """

    number: str
    machine: Machine
    trigger: str
    sources: frozenset[str]
    target: str
    actors: frozenset[str]
    guards: tuple[str, ...] = ()
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
    """The rows of a table; its columns are number, trigger, from, to, by whom, guards, effect on clocks, documents."""
    return tuple(_row(machine, [cell.strip() for cell in line.split("|")]) for line in table.strip().splitlines())


def _row(machine: Machine, cells: Sequence[str]) -> Transition:
    number, trigger, sources, target, *lists = cells
    actors, guards, clock, documents = lists
    known = frozenset(state for one in sources.split() for state in _span(one))
    asked, papers = tuple(guards.split()), tuple(documents.split())
    return Transition(number, machine, trigger, known, target, frozenset(actors.split()), asked, clock, papers)


def _span(states: str) -> Iterator[str]:
    """One state; `A4..A12` is all of them from the one to the other, and `-` is what does not exist yet."""
    first, _dots, last = states.partition("..")
    if not last:
        yield UNBORN if first == "-" else first
        return
    yield from (f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:]) + 1))


# «-» in the second column of states: it does not exist yet. A row stands for all the states that it is left from.
# fmt: off
_APPLICATION: Final = """
T1  | open                   | -              | A0  | preparer signatory system  | no_bar                                   |                                                     |
T1  | submit                 | A0             | A1  | signatory                  | no_bar                                   | acceptance starts                                   | D01
T2  | request_completion     | A1             | A2  | intake_officer             | items_named acceptance_open              | acceptance waits, reply starts                      | D02
T3  | receive_completion     | A2             | A1  | preparer signatory         |                                          | reply met, acceptance starts again                  | D01
T4  | not_accept             | A2             | A3  | system intake_officer      | reply_over reason_given                  | reply expired, all end                              | D04
T5  | not_accept             | A1             | A3  | intake_officer             | reason_given                             | all end                                             | D04
T6  | accept                 | A1             | A4  | intake_officer             | no_bar date_lawful                       | acceptance met, decision starts at completeness     | D03
T7  | accept_by_silence      | A1             | A4  | system                     | acceptance_over silence_accepts          | acceptance expired, decision starts at completeness | D03
T7  | lapse_by_silence       | A1             | A16 | system                     | acceptance_over silence_refuses          | all end                                             | D04
T8  | start_review           | A4             | A5  | analyst intake_officer system |                                          |                                                     |
T9  | request_information    | A5             | A6  | analyst                    | items_named                              | information starts, decision += its days            | D05
T9  | receive_information    | A6             | A5  | preparer signatory system  |                                          | information ends                                    | D06
T10 | consult                | A5 A7          | A7  | analyst                    | items_named                              | consultation starts                                 | D07
T10 | consult_beside         | A6 A8..A11     | =   | analyst                    | items_named                              | consultation starts                                 | D07
T11 | receive_consultation   | A7             | A5  | analyst system             | consultations_closed                     | consultation ends, decision += its extension        | D08
T11 | receive_beside         | A5..A11        | =   | analyst system             |                                          | consultation ends, decision += its extension        | D08
T12 | plan_validation        | A5 A7          | A8  | validator                  |                                          |                                                     | D09
T13 | start_visit            | A8             | A9  | validator                  |                                          |                                                     | D10
T13 | require_actions        | A9             | A10 | validator                  |                                          |                                                     | D11 D12
T14 | visit_again            | A10            | A9  | validator                  | by_team                                  | decision += time approved                           | D12
T15 | evaluate               | A5 A9 A10      | A11 | analyst validator system   | consultations_closed criteria_scored     |                                                     | D13
T16 | grant                  | A11            | A13 | director                   | consultations_closed findings_solved gates_met consents_known committee_agrees | decision met                                        | D15 D16
T16 | grant_partly           | A11            | =   | director                   | consultations_closed findings_solved gates_met consents_known committee_agrees |                                                     | D15 D16
T17 | start_hearing          | A11            | A12 | director                   | grounds_named consultations_closed committee_agrees | hearing starts, decision += hearing                 | D14
T18 | end_hearing            | A12            | A11 | signatory analyst system   |                                          | hearing ends                                        |
T19 | refuse                 | A11            | A14 | director                   | heard intention_sent arguments_answered reasoned grounds_announced | decision met                                        | D17
T19 | refuse_partly          | A11            | =   | director                   | heard intention_sent arguments_answered reasoned grounds_announced |                                                     | D17
T19 | refuse_the_rest        | A11            | A13 | director                   | heard intention_sent arguments_answered reasoned grounds_announced | decision met                                        | D17
T20 | withdraw               | A0..A2 A4..A12 | A15 | preparer signatory         |                                          | all end                                             | D18
T21 | extend                 | A4..A12        | =   | director                   | reason_given decision_runs               | decision += at most the legal extension             | D19
T22 | extend_for_proceedings | A4..A12        | =   | director                   | reason_given decision_runs               | decision += the time needed                         | D19
T7  | grant_by_silence       | A4..A12        | A16 | system                     | decision_over silence_grants             | decision expired, all end                           | D15
T7  | refuse_by_silence      | A4..A12        | A16 | system                     | decision_over silence_refuses            | decision expired, all end                           | D17
T36 | send_back              | A13 A14 A16    | A11 | director system            | reason_given                             | decision starts again                               | D32
"""
_AUTHORISATION: Final = """
T16 | come_into_being     | -             | B0  | director           |                                          |                                      | D15 D16
T16 | come_by_silence     | -             | B0  | system             |                                          |                                      | D15 D16
T16 | take_effect         | B0            | B1  | director system    |                                          |                                      |
T23 | open_reassessment   | B1            | B3  | monitoring_officer | reason_given                             |                                      | D20
T23 | close_reassessment  | B3            | B1  | monitoring_officer | reason_given                             |                                      |
T24 | suspend_to_clarify  | B1..B5 B10    | B4  | director           | reasoned                                 | suspension starts, ground (a)        | D21
T25 | suspend_to_cure     | B1..B5 B10    | B4  | director           | reasoned                                 | suspension starts, ground (b)        | D21 D22
T26 | suspend_at_request  | B1..B5 B10    | B4  | director           | reasoned                                 | suspension starts, ground (c)        | D21
T24 | suspend_partly      | B1..B3 B5 B10 | B5  | director           | reasoned                                 | suspension starts, of one type       | D21
T27 | lift                | B4 B5         | B1  | director           | lifting_known                            | suspension met                       | D23
T27 | lift_partly         | B4            | B5  | director           | lifting_known                            | suspension of one type met           | D23
T28 | lapse_partly        | B4            | B5  | director system    | suspension_over                          | suspension of one type expired       | D23
T28 | lapse_suspension    | B4 B5         | B1  | director system    | suspension_over                          | suspension expired                   | D23
T29 | intend_to_revoke    | B4 B5         | B6  | director system    | grounds_named                            | hearing starts, suspension prolonged | D24
T30 | open_plan           | B1            | B2  | monitoring_officer | actions_agreed                           | one for each action                  | D26
T30 | close_plan          | B2            | B1  | monitoring_officer |                                          |                                      |
T31 | intend_adverse_act  | B1..B3 B10    | B6  | director           | grounds_named                            | hearing starts                       | D24
T31 | intend_again        | B6            | =   | director           | grounds_named                            | hearing starts again                 | D24
T31 | give_up_adverse_act | B6            | B1  | director           | reason_given                             | hearing ends, suspension ends        | D23
T31 | return_to_suspension | B6           | B4  | director           | reason_given                             | hearing ends, suspension goes on     | D23
T31 | return_to_part      | B6            | B5  | director           | reason_given                             | hearing ends, suspension goes on     | D23
T31 | revoke              | B6            | B7  | director           | heard intention_sent arguments_answered reasoned grounds_announced | hearing ends, bar starts             | D25
T31 | annul               | B6            | B8  | director           | heard intention_sent arguments_answered reasoned grounds_announced | hearing ends, bar starts             | D25
T31 | revoke_unheard      | B1..B5 B10    | B7  | director           | exception_recorded reasoned              | bar starts                           | D25
T31 | annul_unheard       | B0..B5 B10    | B8  | director           | exception_recorded reasoned              | bar starts                           | D25
T32 | surrender           | B0..B5 B10    | B9  | signatory          | reason_given                             | all end, no bar                      | D27
T32 | accept_surrender    | B6            | B9  | director           | reason_given                             | hearing ends, no bar                 | D27
T33 | file_renewal        | B1..B3        | B10 | signatory preparer | window_open                              | renewal starts                       | D28 D29
T33 | resume_renewal      | B1            | B10 | director system    |                                          |                                      |
T33 | renew               | B10           | B1  | director           |                                          | validity starts again                | D16
T33 | refuse_renewal      | B6            | B1  | director           | heard intention_sent arguments_answered reasoned grounds_announced | renewal ends, appeal starts          | D17
T33 | withdraw_renewal    | B10           | B1  | signatory          | reason_given                             | renewal ends                         |
T34 | expire              | B1..B6 B10    | B11 | system             | term_over                                | all end                              | D30
T35 | stay                | B4 B5 B7 B8   | B1  | director system    | reason_given                             | the act waits for the appeal         | D31
T35 | stay_partly         | B4            | B5  | director system    | reason_given                             | the act waits for the appeal         | D31
T35 | stay_amendment      | B1..B3        | B12 | director system    | reason_given                             | the version before it is in force    | D31
T35 | amend_after_stay    | B1..B3        | B12 | director system    | reason_given                             | the amended version is in force      | D32
T35 | revoke_after_stay   | B1..B3 B10    | B7  | director system    | reason_given                             | bar goes on                          | D32
T35 | annul_after_stay    | B1..B3 B10    | B8  | director system    | reason_given                             | bar goes on                          | D32
T35 | suspend_part_after  | B1..B3 B10    | B5  | director system    | reason_given                          | suspension goes on                   | D32
T35 | suspend_after_stay  | B1..B3 B5 B10 | B4  | director system    | reason_given                             | suspension goes on                   | D32
T36 | reinstate           | B4 B5 B7 B8   | B1  | director system    | reason_given                             | bar ends                             | D32
T36 | reinstate_partly    | B4            | B5  | director system    | reason_given                             | one suspension ends                  | D32
T36 | give_way            | B1..B3        | B12 | director system    | reason_given                             | the version before it is in force    | D32
T36 | put_back            | -             | B1  | director system    |                                          |                                      | D16
T36 | send_back           | B7 B8         | B6  | director system    | reason_given                             | bar ends, hearing again              | D32
T37 | amend               | B1..B3 B6     | B12 | director           | reason_given heard_if_adverse answered_if_adverse |                                      | D33
T37 | replace             | -             | B1  | director           |                                          |                                      |
T37 | succeed             | B0..B6 B10    | B13 | director           | reason_given                             | all end                              | D33
"""
_MEASURE: Final = """
T24 | open_to_clarify | -    | open        | director                  | reasoned                     | suspension starts   | D21
T25 | open_to_cure    | -    | open        | director                  | reasoned                     | suspension starts   | D21
T26 | open_at_request | -    | open        | director                  | reasoned                     | suspension starts   | D21
T25 | prolong         | open | =           | director                  | reason_given suspension_runs | suspension += days  |
T27 | lift            | open | lifted      | director                  | lifting_known                | suspension met      | D23
T28 | lapse           | open | lapsed      | director system           | suspension_over              | suspension expired  | D23
T29 | revoke          | open | revoked     | director                  |                              | suspension met      | D25
T30 | agree_plan      | -    | open        | monitoring_officer        | actions_agreed               | one for each action | D26
T30 | carry_out       | open | carried_out | monitoring_officer        | findings_solved              |                     |
T30 | fail            | open | failed      | monitoring_officer        | reason_given                 |                     |
T33 | file            | -    | open        | signatory preparer        | window_open                  | renewal starts      | D29
T33 | renew           | open | renewed     | director                  |                              | renewal met         | D16
T33 | refuse          | open | refused     | director                  | reasoned                     | renewal ends        | D17
T33 | withdraw        | open | withdrawn   | signatory                 | reason_given                 | renewal ends        |
T35 | lodge_appeal    | -    | open        | signatory                 | reason_given appeal_in_time  | appeal starts       | D31
T35 | stay            | open | =           | director system           | reason_given                 |                     | D31
T35 | withdraw_appeal | open | withdrawn   | signatory                 | reason_given                 | appeal ends         |
T36 | uphold          | open | upheld      | director system           | reason_given                 | appeal met          | D32
T36 | dismiss         | open | dismissed   | director system           | reason_given                 | appeal met          | D32
T34 | end             | open | ended       | director signatory system |                              | all end             |
"""
# fmt: on
TRANSITIONS: Final = (
    *_rows(Machine.APPLICATION, _APPLICATION),
    *_rows(Machine.AUTHORISATION, _AUTHORISATION),
    *_rows(Machine.MEASURE, _MEASURE),
)
ENDS: Final = frozenset({"A3", "A13", "A14", "A15", "A16", "B7", "B8", "B9", "B11", "B12", "B13"}) | (
    STATES[Machine.MEASURE] - {"open"}
)
BENEFITS: Final = frozenset({"B1", "B2", "B3", "B10"})  # the states in which the holder has the benefits, all of them
PARTLY: Final = "B5"  # of a type that stands for several: the benefits of those that are not suspended
INTENDED: Final = "B6"  # the benefits stay as they were: on, unless the certificate was suspended before
