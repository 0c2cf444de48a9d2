"""Built-in functions on texts, lists, contexts and ranges, and functions that expressions define."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel

# What Python's machine and XPath's read alike; quantified groups are left to the examples.
_ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", r"\d", "(a|b)", "(?:ab|c)", "(bc)"])
_PIECES = st.builds(
    lambda atom, count: atom + count, _ATOMS, st.sampled_from(["", "?", "*", "+", "{1,2}", "*?", "{2}"])
)
patterns = st.lists(_PIECES, min_size=1, max_size=5).map("".join)


@given(patterns, st.text("abc1", max_size=12))
def test_plain_patterns_match_as_python_matches_them(pattern: str, text: str) -> None:
    scope = {"t": text, "p": pattern, "whole": f"^{pattern}$"}

    assert feel.evaluate("matches(t, p)", scope) is bool(re.search(pattern, text))
    assert feel.evaluate("matches(t, whole)", scope) is bool(re.search(f"^(?:{pattern})\\Z", text))
    if not re.search(pattern, ""):
        assert feel.evaluate('replace(t, p, "<$0>")', scope) == re.sub(pattern, r"<\g<0>>", text)


@given(st.lists(st.text("abc ", max_size=5), min_size=1, max_size=6))
def test_what_is_joined_is_split_again(parts: list[str]) -> None:
    assert feel.evaluate('split(string join(parts, ";"), ";")', {"parts": parts}) == parts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('matches("Customs", "^c.*S$", "i")', True),
        (r'matches("abab", "^(ab)\1$")', True),
        (r'matches("ñandú", "^\p{L}+$")', True),
        (r'matches("x-1", "^[\w-[x]]")', False),
        ('matches("a\nb", "a.b")', False),
        ('matches("a\nb", "a.b", "s")', True),
        ('matches("a\nb", "^b$", "m")', True),
        ('matches("ab", "a b", "x")', True),
        ('matches("a.b", "a.b", "q")', True),
        ('matches("acb", "a.b", "q")', False),
        ('matches("a", "(")', None),
        ('matches("a", "a", "z")', None),
        (r'matches("a", "\bword")', None),
        ('matches(null, "a")', None),
        (r'replace("2026-11-23", "(\d+)-(\d+)-(\d+)", "$3/$2/$1")', "23/11/2026"),
        ('replace("abc", "x*", "-")', None),
        ('replace("abc", "b", "$")', None),
        (r'replace("abc", "b", "\$")', "a$c"),
        (r'split("a, b;c", "[,;]\s*")', ["a", "b", "c"]),
        ('substring("marchamo", 3)', "rchamo"),
        ('substring("marchamo", -3, 2)', "am"),
        ('substring("marchamo", 0)', None),
        ('substring("🐎ab", 2)', "ab"),
        ('string length("🐎")', 1),
        ('upper case("aé") + lower case("Ñ")', "AÉñ"),
        ('substring before("a-b-c", "-") + substring after("a-b-c", "-")', "ab-c"),
        ('contains("abc", "") and starts with("abc", "ab") and ends with("abc", "bc")', True),
        ('string([1, "a", null, {k: @"2026-11-23"}])', '[1, "a", null, {k: 2026-11-23}]'),
        ("string(null)", None),
        ('"a" + string(1)', "a1"),
    ],
)
def test_texts(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, {})) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2, 3][2]", 2),
        ("[1, 2, 3][-4]", None),
        ("[1, 2, 3][item >= 2]", [2, 3]),
        ("5[1]", 5),
        ("null[1]", None),
        ("[{a: 1}, {a: 2}][a = 2].a", [2]),
        ("[{item: 1}, {item: 2}][item = 2]", [{"item": 2}]),
        ("[{a: 1}, {b: 2}].a", [1, None]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..5 return if i < 2 then i else partial[-1] + partial[-2]", [0, 1, 1, 2, 3, 5]),
        ("for i in (1..4) return i", [2, 3]),
        ("sublist([1, 2, 3], -2)", [2, 3]),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], 2)", [1, 3]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ('distinct values([1, 1.0, "1", null, [1], [1]])', [1, "1", None, [1]]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("flatten([1, [2, [3]]])", [1, 2, 3]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("sort([{n: 2}, {n: 1}], function(a, b) a.n < b.n).n", [1, 2]),
        ('sort([1, "a"])', None),
        ("list replace([1, 2, 3], 2, 9)", [1, 9, 3]),
        ("list replace([1, 2, 3], function(each, new) each > 1, 9)", [1, 9, 9]),
        ("list contains([1, null], null)", True),
        ("count(7)", 1),
        ('get value({a: 1}, "a")', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        ("{a: 1, a: 2}", None),
        ("{a: 1, b: a + 1, c: {d: b}}.c.d", 2),
    ],
)
def test_lists_and_contexts(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, {})) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("before(1, [2..3])", True),
        ("before([1..2), [2..3])", True),
        ("after(3, [1..3])", False),
        ("meets([1..5], [5..9])", True),
        ("meets([1..5), [5..9])", False),
        ("met by([5..9], [1..5])", True),
        ("overlaps([1..5], [3..9])", True),
        ("overlaps([1..5), [5..9])", False),
        ("overlaps before([1..5], [3..9])", True),
        ("overlaps after([3..9], [1..5])", True),
        ("finishes(9, [1..9])", True),
        ("finished by([1..9], [5..9])", True),
        ("includes([1..9], (1..9))", True),
        ("during(9, [1..9))", False),
        ("starts([1..5], [1..9])", True),
        ("started by([1..9], 1)", True),
        ("coincides([1..3], [1..3])", True),
        ('during(@"2026-11-23", [@"2026-11-01"..@"2026-11-30"])', True),
        ("[1..5).end included", False),
        ('[1.."a"]', None),
        ('3 in range("[1..3]") and not(3 in range("[1..3)"))', True),
        ('@"2026-11-23" in range("[date(\\"2026-11-01\\")..@\\"2026-11-30\\"]")', True),
        ('20 in range("[18..)")', True),
        ('range("[18..]")', None),
        ('range("[3..1]")', None),
        ('range("[1 + 1..3]")', None),
        ('range("(")', None),
    ],
)
def test_ranges(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, {})) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(function(a, b) a - b)(5, 3)", 2),
        ("(function(a, b) a - b)(b: 5, a: 3)", -2),
        ("(function(a, b) a - b)(5)", None),
        ("{add: function(n) function(m) n + m, result: add(2)(3)}.result", 5),
        ("{f: function(n) if n = 0 then 1 else 2, r: for i in 0..1 return f(i)}.r", [1, 2]),
        ('(function(n: number) n)("1")', None),
        ("(function(n: number) n)([1])", 1),
        ("(function(l: list<number>) l)(1)", [1]),
        ("(function(x) x + rate)(1)", 3),
        ('substring(string: "abc", start: 1)', None),
        ("round up(n: 1.21, scale: 1)", 1.3),
        ("unknown(1)", None),
        ("1 instance of number", True),
        ('"1" instance of number', False),
        ("null instance of Any", False),
        ('@"P1D" instance of days and time duration and true', True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1} instance of context<a: number>", True),
        ("[1..2] instance of range<number>", True),
        ("(function(a) a) instance of function<Any> -> Any", True),
        ("abs instance of function", True),
        ("is(1, 1.0)", True),
        ('is(@"10:00:00Z", @"11:00:00+01:00")', False),
    ],
)
def test_functions_and_types(text: str, value: object) -> None:
    assert feel.to_json(feel.evaluate(text, {"rate": 2})) == value


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("BasicLatin", "~", "ñ"),
        ("Latin-1Supplement", "ñ", "ā"),
        ("Greek", "\u03b1", "a"),  # a name of XML Schema 1.0
        ("GreekandCoptic", "\u03b1", "a"),
        ("CombiningMarksforSymbols", "\u20d0", "a"),  # likewise
        ("PrivateUse", "\U00100000", "a"),  # three ranges under one name
        ("Bengali", "অ", "अ"),
        ("BoxDrawing", "│", "|"),
        ("Cherokee", "\u13a0", "A"),
        ("Emoticons", "😀", "a"),
        ("CJKUnifiedIdeographsExtensionB", "\U00020000", "中"),
        ("SupplementaryPrivateUseArea-B", "\U00100000", "\ue000"),
    ],
)
def test_every_block_of_unicode_has_its_name_in_a_pattern(name: str, inside: str, outside: str) -> None:
    patterns = {"p": rf"^\p{{Is{name}}}$", "q": rf"^\P{{Is{name}}}$"}

    for text, found in ((inside, [True, False]), (outside, [False, True])):
        scope = {**patterns, "t": text}
        assert [feel.evaluate(f"matches(t, {pattern})", scope) for pattern in patterns] == found


@pytest.mark.parametrize("name", ["greek", "Greek and Coptic", "Moon", ""])
def test_a_block_that_unicode_does_not_have_is_no_pattern(name: str) -> None:
    assert feel.evaluate("matches(t, p)", {"t": "a", "p": rf"\p{{Is{name}}}"}) is None


@pytest.mark.parametrize(
    ("argument", "answer"), [("1", "some"), ("[1]", "some"), ('"foo"', "none"), ("[1, 2]", "none")]
)
def test_an_argument_that_does_not_fit_its_declared_type_is_null_in_the_body(argument: str, answer: str) -> None:
    text = f'{{f: function(x: number) if x = null then "none" else "some", r: f({argument})}}.r'

    assert feel.evaluate(text, {}) == answer
