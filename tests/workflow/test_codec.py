"""The stored state: small, ordered, versioned, and deaf to whatever people type."""

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from engine.workflow import Definition, Fault, Run
from tests.workflow.drawing import drawn, plain, task
from tests.workflow.playing import NOW, Play

BODY = plain(task("ask"), task("then"), names="ask then")
DEFINITION = Definition.build(drawn(BODY), {})
KEYS = st.sampled_from(["typename", "__class__", "__builtins__", "__plain__", "data", "tasks", "at"]) | st.text(
    max_size=9
)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(answers=st.dictionaries(KEYS, VALUES, max_size=6))
def test_whatever_people_answer_is_only_data(answers: dict[str, object]) -> None:
    play = Play(BODY)

    play.do("ask", **answers)

    assert play.data == answers
    assert play.loaded().data == answers
    assert play.open == ["then"]


@pytest.mark.parametrize("state", [b"", b"\x02", b"\x01garbage", b"{}"])
def test_a_state_that_is_not_ours_is_a_fault(state: bytes) -> None:
    with pytest.raises(Fault):
        Run.load(DEFINITION, state, NOW)


def test_a_state_that_was_cut_off_is_a_fault() -> None:
    whole = Play(BODY).run.dump()

    with pytest.raises(Fault):
        Run.load(DEFINITION, whole[:-5], NOW)


def test_a_state_that_would_fill_the_memory_is_a_fault() -> None:
    bomb = b"\x01" + zstandard.compress(b" " * 40_000_000)

    with pytest.raises(Fault, match="too large"):
        Run.load(DEFINITION, bomb, NOW)


def test_a_case_at_an_element_that_its_diagram_no_longer_has_is_a_fault_at_that_element() -> None:
    state = Play(BODY).run.dump()
    other = Definition.build(drawn(plain(task("else"), names="else")), {})

    with pytest.raises(Fault) as caught:
        Run.load(other, state, NOW)

    assert caught.value.element == "ask"


def test_a_state_holds_no_specification() -> None:
    assert len(Play(BODY).run.dump()) < 250


def test_what_is_no_json_is_refused_with_the_element() -> None:
    with pytest.raises(Fault) as caught:
        Play(BODY).do("ask", when=NOW.date, odd={1, 2})

    assert caught.value.element == "ask"


def test_nothing_that_the_caller_keeps_is_part_of_the_case() -> None:
    answers = {"address": {"city": "San Salvador"}}
    play = Play(BODY)
    (opened,) = play.run.open_tasks()
    play.run.complete(opened.id, answers)
    seen = play.run.data

    answers["address"]["city"] = "elsewhere"
    seen["address"]["city"] = "nowhere"

    assert play.run.data == {"address": {"city": "San Salvador"}}
