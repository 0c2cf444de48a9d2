"""What is said of an expression before it has values: its free names, its type, and what can never be otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel import typed
from engine.feel.nodes import Type
from engine.feel.printing import text_of

NUMBER, TEXT, TRUTH = typed.of_kind("number"), typed.of_kind("string"), typed.of_kind("boolean")
ROW = typed.context_of({"score": NUMBER, "label": TEXT})
SCOPE = {
    "n": NUMBER,
    "m": NUMBER,
    "s": TEXT,
    "b": TRUTH,
    "d": typed.of_kind("date"),
    "w": typed.of_kind("days and time duration"),
    "rows": typed.list_of(ROW),
    "one": ROW,
    "known": typed.list_of(NUMBER),
    "x": typed.ANY,
}


def said(text: str, scope: dict[str, Type] = SCOPE) -> feel.Analysis:
    return feel.analyse(feel.compile(text), scope)


def paths(text: str) -> list[str]:
    return [".".join(each.path) for each in said(text).names]


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("n + 1", ["n"]),
        ("operator.country", ["operator.country"]),
        ("operator.sites[country = home].name", ["operator.sites", "country", "home"]),
        ("rows[score > n]", ["rows", "n"]),
        ("known[item > n]", ["known", "n"]),
        ("for i in rows return i.score + m", ["rows", "m"]),
        ("for i in 1..n, j in 1..i return j + i", ["n"]),
        ("for i in 1..3 return sum(partial) + n", ["n"]),
        ("some r in rows satisfies r.score > m", ["rows", "m"]),
        ("function(p) p + n", ["n"]),
        ("{a: n, b: a + m}", ["n", "m"]),
        ("{f: function(p) p + m, g: f(n)}", ["m", "n"]),
        ("count(rows) + abs(n)", ["rows", "n"]),
        ("if b then n else m", ["b", "n", "m"]),
        ("n in (1, [m..5])", ["n", "m"]),
        ('@"2026-01-01"', []),
    ],
)
def test_free_names_are_those_that_no_construct_gives(text: str, free: list[str]) -> None:
    assert paths(text) == free


def test_a_name_that_may_be_an_entry_of_what_is_filtered_is_not_certainly_free() -> None:
    names = {each.name: each.certain for each in said("x[country = s]").names}

    assert names == {"x": True, "country": False, "s": False}


def test_a_free_name_has_its_place() -> None:
    (first, second) = said("n +\n  operator.country").names

    assert (first.at.line, first.at.column, second.at.line, second.at.column) == (1, 1, 2, 3)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("n + m", "number"),
        ('s + "x"', "string"),
        ("x + n", "number"),
        ("x + x", "Any"),
        ("x - w", "Any"),
        ("n < m", "boolean"),
        ("n between 1 and 2", "boolean"),
        ("null", "Null"),
        ("if b then 1 else null", "number"),
        ('if b then 1 else "x"', "Any"),
        ("[1, 2]", "list<number>"),
        ('[1, "x"]', "list<Any>"),
        ("rows", "list<context<score: number, label: string>>"),
        ("rows.score", "list<number>"),
        ("rows[1].score", "number"),
        ("rows[score > 1]", "list<context<score: number, label: string>>"),
        ("one.label", "string"),
        ("for r in rows return r.label", "list<string>"),
        ("every r in rows satisfies r.score > 1", "boolean"),
        ("{a: n, c: a > 1}", "context<a: number, c: boolean>"),
        ("[1..5]", "range<number>"),
        ("function(p: number) p + 1", "function<number> -> number"),
        ("(function(p) s)(1)", "string"),
        ("d + w", "date"),
        ("d - d", "days and time duration"),
        ("w / w", "number"),
        ("d.year", "number"),
        ("w.days", "number"),
        ("string length(s)", "number"),
        ("max(rows.score)", "number"),
        ("sort(known)", "list<number>"),
        ("concatenate(known, [1])", "list<number>"),
        ("append(rows.label, s)", "list<string>"),
        ("split(s, s)", "list<string>"),
        ("today()", "date"),
        ('@"PT1H"', "days and time duration"),
        ("x instance of number", "boolean"),
    ],
)
def test_the_type_of_an_expression_follows_from_its_parts(text: str, type_: str) -> None:
    found = said(text)

    assert (text_of(found.type), found.remarks) == (type_, ())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"a" + 1', "string + number is always null"),
        ("n - s", "number - string is always null"),
        ("d + n", "date + number is always null"),
        ("d * 2", "date * number is always null"),
        ("-s", "A string cannot be negated"),
        ('n = "1"', "number = string is never true"),
        ("b < b", "boolean < boolean is never true; compare things of one kind that have an order"),
        ('n between "a" and 2', "number >= string is never true"),
        ('n in ("a", 2)', "number = string is never true"),
        ("s in [1..3]", "string >= number is never true"),
        ("n and b", "This is a number, where only true or false counts"),
        ('if "yes" then 1 else 2', "This is a string, where only true or false counts"),
        ("some r in rows satisfies r.label", "This is a string, where only true or false counts"),
        ("one.lable", "There is no lable in it, so this is always null; it has: score, label."),
        ("rows.lable", "There is no lable in it"),
        ("s.size", "A string has no parts"),
        ("d.hour", "There is no hour in it, so this is always null; it has: year, month, day, weekday."),
        ("n(1)", "A number cannot be called"),
        ("summe(known)", "There is no function summe; did you mean sum?"),
        ("zzzz(1)", "There is no function zzzz."),
        ("substring(s)", "substring does not take these arguments; it takes: string, start position, [length]."),
        ("floor(value: 1)", "floor does not take these arguments"),
        ("upper case(n)", "upper case does not take number, so this is always null"),
        ("[1..s]", "number <= string is never true"),
    ],
)
def test_what_can_only_be_null_is_said_with_its_place(text: str, says: str) -> None:
    remark = said(text).remarks[0]

    assert says in str(remark)
    assert remark.at.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "x + 1",
        "x = s",
        "x.anything",
        "null = n",
        "n != null",
        "upper case([s])",
        "count(n)",
        "[n] = n",
        "x[country = 1]",
        "if x then 1 else 2",
        "[1, s][item = s]",
        "get value(one, s) + 1",
    ],
)
def test_nothing_is_said_of_what_may_have_a_value(text: str) -> None:
    assert said(text).remarks == ()


def test_the_value_that_unary_tests_look_at_has_a_type() -> None:
    assert feel.analyse(feel.tests("< 5, [7..9]"), {}, NUMBER).remarks == ()
    assert "string < number" in str(feel.analyse(feel.tests("< 5"), {}, TEXT).remarks[0])
    assert feel.analyse(feel.tests("? > 5"), {}, NUMBER).names == ()


def test_dates_are_text_once_they_are_case_data() -> None:
    kept = typed.stored(typed.context_of({"on": typed.of_kind("date"), "n": NUMBER, "all": typed.list_of(SCOPE["w"])}))

    assert text_of(kept) == "context<on: string, n: number, all: list<string>>"


ATOMS = st.sampled_from(
    ["n", "m", "s", "b", "known", "one", "rows", "x", "1", "2.5", '"t"', "true", "null", "one.score", "rows.label"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", ">=", "and", "or"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda one: f"(-{one})"),
        two.map(lambda p: f"(if {p[0]} then {p[1]} else null)"),
        two.map(lambda p: f"[{p[0]}, {p[1]}]"),
        two.map(lambda p: f"({p[0]} in ({p[1]}, 1))"),
        two.map(lambda p: f"{p[0]}[{p[1]}]"),
        two.map(lambda p: f"(for i in {p[0]} return {p[1]})"),
        two.map(lambda p: f"(for score in {p[0]} return [score, {p[1]}])"),
        two.map(lambda p: f"(some i in {p[0]} satisfies {p[1]} = i)"),
        two.map(lambda p: f"{{score: {p[0]}, k: [score, {p[1]}]}}"),
        two.map(lambda p: f"(function(n) [n, {p[0]}])({p[1]})"),
        inner.map(lambda one: f"{one}.score"),
        st.tuples(st.sampled_from(["count", "max", "sort", "abs", "string", "reverse", "sum", "not", "flatten"]), inner).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        st.tuples(st.sampled_from(["concatenate", "append", "union", "min", "contains"]), inner, inner).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
    )  # fmt: skip


EXPRESSIONS = st.recursive(ATOMS, _grown, max_leaves=8)
_number, _text = st.integers(-3, 3), st.sampled_from(["", "t", "a"])
_row = st.fixed_dictionaries({"score": st.none() | _number, "label": st.none() | _text})
VALUES = st.fixed_dictionaries(
    {
        "n": st.none() | _number,
        "m": _number,
        "s": st.none() | _text,
        "b": st.none() | st.booleans(),
        "rows": st.lists(_row, max_size=2),
        "one": st.none() | _row,
        "known": st.lists(_number, max_size=2),
        "x": st.one_of(st.none(), _number, _text, _row, st.lists(_number, max_size=2)),
    }
)


def _fits(value: object, type_: Type) -> bool:
    """Whether a value may be of a type that was inferred: null is of every type, entries may be missing."""
    if value is None or type_.name == "Any":
        return True
    if feel.kind(value) != type_.name:
        return False
    if isinstance(value, list):
        return all(_fits(each, typed.element(type_)) for each in value)
    known = typed.entries(type_)
    if isinstance(value, dict) and known is not None:
        return all(key in known and _fits(each, known[key]) for key, each in value.items())
    return True


@settings(max_examples=300)
@given(EXPRESSIONS, VALUES)
def test_every_value_is_of_the_type_that_was_inferred(text: str, values: dict[str, object]) -> None:
    expression = feel.compile(text)

    assert _fits(expression(values), feel.analyse(expression, SCOPE).type)


@settings(max_examples=300)
@given(EXPRESSIONS, VALUES)
def test_nothing_but_the_free_names_is_needed(text: str, values: dict[str, object]) -> None:
    expression = feel.compile(text)
    free = {each.name for each in feel.analyse(expression, SCOPE).names}

    assert expression({name: value for name, value in values.items() if name in free}) == expression(values)


@settings(max_examples=300)
@given(ATOMS, st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">="]), ATOMS, VALUES)
def test_what_is_remarked_upon_is_never_otherwise(
    left: str, operator: str, right: str, values: dict[str, object]
) -> None:
    expression = feel.compile(f"({left}) {operator} ({right})")

    if feel.analyse(expression, SCOPE).remarks:
        assert expression(values) in (None, False)


@settings(max_examples=200)
@given(EXPRESSIONS)
def test_the_names_without_types_are_those_that_the_compiler_reads(text: str) -> None:
    """Two ways to the same answer: without types only a filter's condition can take names for entries."""
    expression = feel.compile(text)

    assert {each.name for each in feel.analyse(expression, {}).names} == expression.names
