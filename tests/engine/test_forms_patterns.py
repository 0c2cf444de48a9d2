"""A pattern in a form finds what JavaScript would find, and never takes more than a moment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms.patterns import BadPattern, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\d{4}-\d{6}-\d{3}-\d$", "0614-010190-101-2", True),
        (r"^\d{4}-\d{6}-\d{3}-\d$", "0614-010190-101-22", False),
        (r"b+", "aabbaa", True),
        (r"^b+$", "aabbaa", False),
        (r"^(ab|cd){2,3}$", "abcdab", True),
        (r"^(ab|cd){2,3}$", "ab", False),
        (r"^[A-Z][^0-9]*$", "Abc", True),
        (r"^[A-Z][^0-9]*$", "Ab1", False),
        (r"^(?:a|)b?$", "", True),
        (r"^\w+@\w+\.sv$", "yo@aduana.sv", True),
        (r"^a{0}$", "", True),
        (r"^a{2,}$", "a", False),
        (r"^[\w.-]+$", "a.b-c", True),
        (r"^.$", "\n", False),
        (r"^\D\S\W$", "ab!", True),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, found: bool) -> None:  # noqa: FBT001
    assert compile_pattern(pattern).found_in(text) is found


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "[a", "a**", "*a", "(?=a)", "(?<n>a)", r"(a)\1", "\\", "a{3,1}", "a{x}", "a{1,", "[z-a]", "a{999}"],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(a*)*b", "a*a*a*a*a*a*a*b", "(((a{2}){2}){2})+b"])
def test_patterns_that_hang_other_engines_answer(pattern: str) -> None:
    assert compile_pattern(pattern).found_in("a" * 1_000 + "!") in (True, False)


@pytest.mark.parametrize(
    "pattern", ["(" * 50 + ")" * 50, "((((a{99}){99}){99}){99})", "a" * 400, "((((((((a*)*)*)*)*)*)*)*)*" * 20]
)
def test_a_pattern_that_grows_without_end_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


PIECES = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "c"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=5,
)


@given(PIECES, st.text("abc1", max_size=8), st.booleans())
def test_a_pattern_agrees_with_pythons_own(pattern: str, text: str, whole: bool) -> None:  # noqa: FBT001
    source = f"^(?:{pattern})$" if whole else pattern

    assert compile_pattern(source).found_in(text) is (re.search(source, text) is not None)
