"""The three state machines: the table is walked completely, and agrees with the transitions of the law."""

import itertools
import re

import pytest

from engine.domain import states
from engine.domain.errors import Conflict
from engine.domain.guards import GUARDS
from engine.domain.states import STATES, TRANSITIONS, UNBORN, Machine

# The canonical transitions of the domain page, §2.3: number, from, to.
LAW = [
    *(("T1", "A0", "A1"), ("T2", "A1", "A2"), ("T3", "A2", "A1"), ("T4", "A2", "A3"), ("T5", "A1", "A3")),
    *(("T6", "A1", "A4"), ("T7", "A1", "A4"), ("T8", "A4", "A5"), ("T9", "A5", "A6"), ("T9", "A6", "A5")),
    *(("T10", "A5", "A7"), ("T11", "A7", "A5"), ("T12", "A5", "A8"), ("T13", "A8", "A9"), ("T13", "A9", "A10")),
    *(("T14", "A10", "A9"), ("T15", "A10", "A11"), ("T15", "A5", "A11"), ("T16", "A11", "A13"), ("T17", "A11", "A12")),
    *(("T18", "A12", "A11"), ("T20", "A0", "A15"), ("T20", "A12", "A15"), ("T21", "A4", "A4"), ("T21", "A12", "A12")),
    *(("T22", "A4", "A4"), ("T22", "A12", "A12"), ("T23", "B1", "B3"), ("T24", "B1", "B4"), ("T24", "B3", "B4")),
    *(("T25", "B1", "B4"), ("T25", "B3", "B4"), ("T26", "B1", "B4"), ("T27", "B4", "B1"), ("T28", "B4", "B1")),
    *(("T30", "B1", "B2"), ("T30", "B2", "B1"), ("T31", "B1", "B6"), ("T31", "B6", "B7"), ("T31", "B6", "B8")),
    *(("T32", "B1", "B9"), ("T33", "B1", "B10"), ("T33", "B10", "B1"), ("T34", "B1", "B11"), ("T36", "B7", "B1")),
    *(("T36", "A14", "A11"), ("T37", "B1", "B12")),
]
EVERY_MOVE = [
    (machine, state, trigger)
    for machine in Machine
    for state in sorted(STATES[machine] | {UNBORN})
    for trigger in sorted({t.trigger for t in TRANSITIONS if t.machine is machine})
]


@pytest.mark.parametrize(("number", "before", "after"), LAW)
def test_the_table_has_the_transition_of_the_law(number: str, before: str, after: str) -> None:
    found = [t for t in TRANSITIONS if t.number == number and before in t.sources and t.target_from(before) == after]

    assert found != []


def test_every_number_of_the_law_occurs_and_no_other() -> None:
    assert {t.number for t in TRANSITIONS} == {f"T{number}" for number in range(1, 38)}


@pytest.mark.parametrize(("machine", "state", "trigger"), EVERY_MOVE)
def test_a_move_is_lawful_exactly_if_the_table_has_it(machine: Machine, state: str, trigger: str) -> None:
    rows = [t for t in TRANSITIONS if t.machine is machine and t.trigger == trigger and state in t.sources]

    if rows:
        assert [states.move(machine, state, trigger)] == rows
    else:
        with pytest.raises(Conflict, match=re.escape(f"«{trigger}»")) as refused:
            states.move(machine, state, trigger)
        assert (state or "—") in str(refused.value)


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: f"{t.number}-{t.trigger}")
def test_a_row_names_states_of_its_own_machine_and_who_may_do_it(transition: states.Transition) -> None:
    known = STATES[transition.machine]

    assert transition.sources <= known | {UNBORN}
    assert {transition.target_from(source) for source in transition.sources} <= known
    assert transition.actors != frozenset()
    assert set(transition.guards) <= set(GUARDS)
    assert all(re.fullmatch(r"D\d\d", document) for document in transition.documents)


@pytest.mark.parametrize("machine", Machine)
def test_every_state_can_be_reached_from_nothing(machine: Machine) -> None:
    reached = {UNBORN}
    for _round in STATES[machine]:
        reached |= {t.target_from(s) for t in TRANSITIONS if t.machine is machine for s in t.sources & reached}

    assert reached - {UNBORN} == STATES[machine]


def test_nothing_leaves_an_end_but_what_an_appeal_restores() -> None:
    leaving = {(t.trigger, state) for t in TRANSITIONS for state in t.sources & states.ENDS}

    assert leaving == {
        *(("send_back", state) for state in ("A13", "A14", "A16", "B7", "B8")),
        *((trigger, state) for trigger in ("reinstate", "stay") for state in ("B7", "B8")),
    }


def test_every_state_is_an_end_or_can_be_left() -> None:
    left = set(itertools.chain.from_iterable(t.sources for t in TRANSITIONS))

    assert set().union(*STATES.values()) == (left | states.ENDS) - {UNBORN}


def test_the_holder_has_benefits_only_while_the_authorisation_is_valid() -> None:
    assert frozenset({"B1", "B2", "B3", "B10"}) == states.BENEFITS


def test_non_acceptance_is_no_decision_and_cannot_follow_acceptance() -> None:
    before = {state for t in TRANSITIONS if t.trigger == "not_accept" for state in t.sources}

    assert before == {"A1", "A2"}


def test_non_acceptance_has_no_hearing_no_appeal_and_no_bar() -> None:
    rows = [t for t in TRANSITIONS if t.trigger == "not_accept"]

    assert {state for t in TRANSITIONS for state in t.sources} & {"A3"} == set()
    assert all("heard" not in t.guards and "bar" not in t.clock for t in rows)


def test_a_holder_may_give_up_a_certificate_in_every_state_in_which_there_is_one() -> None:
    before = {state for t in TRANSITIONS if t.number == "T32" for state in t.sources}

    assert before == {"B0", "B1", "B2", "B3", "B4", "B5", "B6", "B10"}


@pytest.mark.parametrize("trigger", ["refuse", "refuse_partly", "refuse_the_rest", "revoke", "annul"])
def test_an_adverse_act_asks_for_all_of_its_parts(trigger: str) -> None:
    (row,) = [t for t in TRANSITIONS if t.trigger == trigger and t.machine is not Machine.MEASURE]

    assert row.guards == ("heard", "intention_sent", "arguments_answered", "reasoned", "grounds_announced")
    assert row.actors == {"director"}


@pytest.mark.parametrize("machine", Machine)
def test_no_two_rows_answer_the_same_trigger_in_the_same_state(machine: Machine) -> None:
    pairs = [(t.trigger, state) for t in TRANSITIONS if t.machine is machine for state in t.sources]

    assert len(pairs) == len(set(pairs))
