"""How text becomes a tree: precedence, names, errors with their place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import nodes as n
from engine.feel.parser import parse, parse_tests
from engine.feel.printing import text_of

names = st.sampled_from(["x", "total", "amount due", "año", "string length"])
numbers = st.decimals(min_value=0, max_value=10**20, places=4).map(lambda number: n.Literal(0, number))
leaves = st.one_of(
    numbers,
    st.text(max_size=8).map(lambda text: n.Literal(0, text.encode("utf-8", "ignore").decode())),
    st.sampled_from([n.Literal(0, True), n.Literal(0, False), n.Literal(0, None)]),  # noqa: FBT003 - FEEL's own
    names.map(lambda name: n.Name(0, name)),
    st.just(n.AtLiteral(0, "2026-11-23")),
)
types = st.sampled_from(["number", "date and time", "years and months duration", "tBand"]).map(
    lambda name: n.Type(0, name)
)


def _trees(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    some = st.lists(inner, max_size=3).map(tuple)
    iterators = st.lists(
        st.builds(n.Iterator, st.just(0), names, inner | st.builds(n.Steps, st.just(0), inner, inner)),
        min_size=1,
        max_size=2,
    ).map(tuple)
    comparisons = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    tests = st.lists(st.builds(n.Test, st.just(0), comparisons, inner) | inner, min_size=1, max_size=3).map(tuple)
    at = st.just(0)
    parameters = st.lists(st.builds(n.Parameter, at, names, types | st.none()), max_size=2).map(tuple)
    return st.one_of(
        st.builds(n.Negation, at, inner),
        st.builds(n.Arithmetic, at, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(n.Comparison, at, comparisons, inner, inner),
        st.builds(n.Conjunction, at, several),
        st.builds(n.Disjunction, at, several),
        st.builds(n.Between, at, inner, inner, inner),
        st.builds(n.In, at, inner, tests),
        st.builds(n.InstanceOf, at, inner, types | types.map(lambda each: n.Type(0, "list", (each,)))),
        st.builds(n.Path, at, inner, names),
        st.builds(n.Filter, at, inner, inner),
        st.builds(n.Call, at, inner, some),
        inner.map(lambda each: n.Call(0, n.Name(0, "substring"), (each, each), ("string", "start position"))),
        st.builds(n.If, at, inner, inner, inner),
        st.builds(n.For, at, iterators, inner),
        st.builds(n.Quantified, at, st.booleans(), iterators, inner),
        st.builds(n.FunctionDefinition, at, parameters, inner),
        inner.map(lambda each: n.ContextLiteral(0, ("a", "then b", 'c"'), (each, each, each))),
        st.builds(n.ListLiteral, at, some),
        st.builds(n.RangeLiteral, at, inner, inner, st.booleans(), st.booleans()),
        st.builds(n.RangeLiteral, at, inner, st.none(), st.booleans(), st.just(False)),  # noqa: FBT003
    )


@given(st.recursive(leaves, _trees, max_leaves=12))
def test_what_is_printed_reads_as_the_same_tree(tree: n.Node) -> None:
    assert parse(text_of(tree)) == tree


@given(st.lists(st.recursive(leaves, _trees, max_leaves=4), min_size=1, max_size=3), st.booleans())
def test_unary_tests_that_are_printed_read_as_the_same_tests(trees: list[n.Node], negated: bool) -> None:  # noqa: FBT001
    tests = n.UnaryTests(0, (*trees, n.Test(0, "<", trees[0])), negated)

    assert parse_tests(text_of(tests)) == tests


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_an_error_with_a_place(text: str) -> None:
    outcome = _outcome(text)

    assert outcome is None or (outcome.position and str(outcome).startswith(f"Line {outcome.position.line}, column "))


_ROW = (
    "a b1 if then else for in return some every satisfies and or not between instance of function external true false "
    'null number list context range date time duration item partial ? 1 2.5 .5 1e3 "x" @"P1D" + - * / ** = != < <= > '
    ">= ( ) [ ] { } , : . .. -> // /* */ \n"
)


@given(st.lists(st.sampled_from(_ROW.split(" ")), max_size=14).map(" ".join))
def test_any_row_of_words_is_refused_with_a_place_or_has_a_text_that_reads_as_the_same(text: str) -> None:
    outcome = _outcome(text)

    if outcome is None:
        assert feel.parse(feel.printed(feel.parse(text))) == feel.parse(text)
    else:
        assert outcome.position


def _outcome(text: str) -> feel.FeelError | None:
    try:
        feel.compile(text)
    except feel.FeelError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("-2 ** 2", "(-2) ** 2"),
        ("2 ** 3 ** 2", "(2 ** 3) ** 2"),
        ("not(a) or b and c", "not(a) or (b and c)"),
        ("a = b and c < d", "(a = b) and (c < d)"),
        ("1 + x instance of number", "1 + (x instance of number)"),
        ("a.b[1].c(2)", "(((a.b)[1]).c)(2)"),
        ("x between 1 and 2 and y", "(x between 1 and 2) and y"),
        ("if a then b else c + 1", "if a then b else (c + 1)"),
        ("]1..5[", "(1..5)"),
        ("a // the rest is silence", "a"),
        ("1 + /* not + this */ 2", "1 + 2"),
        ("amount   due\n* 2", "amount due * 2"),
    ],
)
def test_operators_bind_as_the_standard_says(text: str, same: str) -> None:
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"say \"hi\"\n"', 'say "hi"\n'),
        (r'"\u00f1 \U01F40E \uD83D\uDC0E"', "ñ 🐎 🐎"),
        (r'"\d+"', r"\d+"),
        (".5", 0.5),
        ("1.5e3", 1500),
        ("{if: 1, in case: 2}.in case", 2),
        ("{profit and loss: 3, twice: profit and loss * 2}.twice", 6),
        ("for the item in [1, 2] return the item + 1", [2, 3]),
        ('{"a-b": 1}."a-b"', None),
    ],
)
def test_literals_and_names_have_their_value(text: str, value: object) -> None:
    if value is None:
        with pytest.raises(feel.FeelError):
            feel.compile(text)
    else:
        assert feel.to_json(feel.evaluate(text, {})) == value


def test_names_with_signs_and_keywords_are_found_when_the_scope_has_them() -> None:
    scope = {"profit and loss": 5, "pre-tax": 2, "pre": 10, "tax": 1}

    assert feel.evaluate("profit and loss * pre-tax", scope) == Decimal(10)
    assert feel.compile("pre-tax")(scope) == Decimal(9)
    assert feel.compile("pre-tax", known=["pre-tax"])(scope) == Decimal(2)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("1 +", 1, 4, "a value was expected, but the expression ends here."),
        ("= 1 +* 2", 1, 6, "a value was expected, but * stands here."),
        ("if a\n  then b", 2, 9, "else was expected, but the expression ends here."),
        ("f(1, 2", 1, 7, ") was expected, but the expression ends here."),
        ('a = "open', 1, 5, 'This text has no closing ".'),
        ("1 2", 1, 3, "an operator was expected, but 2 stands here."),
        ("/* never closed", 1, 1, "This comment has no closing */."),
        ("for x on xs return x", 1, 13, "in was expected, but return stands here."),
        ("", 1, 1, "a value was expected, but the expression ends here."),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile(text)

    assert str(caught.value) == f"Line {line}, column {column}: {message}"


def test_a_message_can_be_translated_with_its_parameters() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile("1 2")

    assert caught.value.message == "%(expected)s was expected, but %(found)s stands here."
    assert caught.value.params == {"expected": "an operator", "found": "2"}
