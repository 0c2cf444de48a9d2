"""What the check says of small random tables is what asking them about every value says; large ones cost no more than their budget."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import decisions, feel
from engine.decisions import Finding
from tests.decisions.drawn import a_decision, a_table, findings, model

SCORE = [("score", "number")]
OUT = [("band", "string")]
DAYS = [f'date("2026-03-0{day}")' for day in range(1, 6)]
VALUES: dict[str, list[str]] = {  # every value that a cell below can tell from the others
    "number": ["null", *(str(half / 2) for half in range(-2, 13))],
    "string": ["null", '"a"', '"b"', '"c"', '"d"', '"bb"', '"ab"', '""'],
    "boolean": ["null", "true", "false"],
    "date": ["null", 'date("2026-02-28")', *DAYS, 'date("2026-03-06")'],
    "date and time": [
        "null",
        *(f'date and time("2026-03-0{day}T0{hour}:00:00")' for day in range(1, 6) for hour in (0, 5)),
        'date and time("2026-02-28T00:00:00")',
        'date and time("2026-03-03T00:00:00Z")',
    ],
    "": ["null", "0", "1", "1.5", "2", "3", '"a"', '"c"', "true", "false", "[1]", '"1"'],
}
NAMED: dict[str, list[str]] = {  # what the cells name
    "number": ["0", "1", "2", "4", "5"],
    "string": ['"a"', '"b"', '"c"'],
    "boolean": ["true", "false"],
    "date": DAYS,
    "date and time": [f'@"2026-03-0{day}T00:00:00"' for day in range(1, 5)],
    "": ["1", "2", '"a"', "true"],
}
SHAPES = ("{0}", "{0}, {1}", "not({0})", "not({0}, {1})", "? = {0} or ? = {1}", "[{0}, {1}]", "null", "not(null)", "-")
ORDERED = (
    "< {0}",
    ">= {0}",
    "[{0}..{1}]",
    "({0}..{1})",
    "]{1}..{0}]",
    "? > {0} and ? <= {1}",
    "not(< {0})",
    "> {0}, {1}",
)


def a_cell(kind: str) -> st.SearchStrategy[str]:
    """A cell of a column of that kind."""
    shapes = SHAPES if kind in {"boolean", ""} else SHAPES + ORDERED
    name = st.sampled_from(NAMED[kind])
    return st.builds(lambda shape, one, other: shape.format(one, other), st.sampled_from(shapes), name, name)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """The kinds of some columns, and the cells of some rules."""
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3))
    rules = draw(st.lists(st.tuples(*map(a_cell, kinds)), min_size=1, max_size=4))
    return kinds, [list(rule) for rule in rules]


def check(
    kinds: Sequence[str], rules: Sequence[Sequence[str]], policy: str, answers: Sequence[str] = ()
) -> list[Finding]:
    """What the check says of such a table; each rule answers its number, unless others are given."""
    inputs = [(f"x{place}", kind) for place, kind in enumerate(kinds)]
    said = answers or [str(number) for number in range(len(rules))]
    ranks = [("n", "number", ", ".join(map(str, range(9))))]
    drawn = [[*rule, answer] for rule, answer in zip(rules, said, strict=True)]
    return decisions.check(model(a_decision("d", a_table(inputs, ranks, *drawn, policy=policy))))


def asked(kinds: Sequence[str], rules: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Every combination of values, and the rules (from 1) that match it."""
    for values in product(*(VALUES[kind] for kind in kinds)):
        yield values, [number for number, rule in enumerate(rules, 1) if matches(rule, values)]


def matches(rule: Sequence[str], values: Sequence[str]) -> bool:
    """Whether a rule matches, asked of the language itself."""
    pairs = zip(rule, values, strict=True)
    return all(cell == "-" or feel.tests(cell)(feel.evaluate(value, {}), {}) for cell, value in pairs)


@given(tables())
def test_rules_overlap_where_some_values_match_both(table: tuple[list[str], list[list[str]]]) -> None:
    kinds, rules = table

    said = {(one.params["one"], one.params["other"]) for one in check(kinds, rules, "U") if one.severity == "error"}

    assert said == {pair for _values, found in asked(kinds, rules) for pair in combinations(found, 2)}


@given(tables())
def test_a_rule_is_never_reached_where_those_above_take_all_that_it_would(
    table: tuple[list[str], list[list[str]]],
) -> None:
    kinds, rules = table

    said = {one.params["rule"] for one in check(kinds, rules, "F") if "never reached" in one.message}

    found = [numbers for _values, numbers in asked(kinds, rules) if numbers]
    ever = {number for numbers in found for number in numbers}
    assert said == ever - {numbers[0] for numbers in found}


@given(tables())
def test_a_rule_can_never_match_where_no_value_does(table: tuple[list[str], list[list[str]]]) -> None:
    kinds, rules = table

    said = {one.params["rule"] for one in check(kinds, rules, "C") if "never match" in one.message}

    assert said == set(range(1, len(rules) + 1)) - {one for _values, found in asked(kinds, rules) for one in found}


@given(tables(), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_a_rule_never_answers_where_better_ones_always_match_too(
    table: tuple[list[str], list[list[str]]], ranks: list[int]
) -> None:
    kinds, rules = table

    said = {
        one.params["rule"]
        for one in check(kinds, rules, "P", [str(rank) for rank in ranks[: len(rules)]])
        if "never answers" in one.message
    }

    found = [numbers for _values, numbers in asked(kinds, rules) if numbers]
    wins = {min(numbers, key=lambda number: (ranks[number - 1], number)) for numbers in found}
    assert said == {number for numbers in found for number in numbers} - wins


@given(tables())
def test_a_gap_is_told_with_values_that_no_rule_matches(table: tuple[list[str], list[list[str]]]) -> None:
    kinds, rules = table

    gaps = [one for one in check(kinds, rules, "F") if "No rule answers" in one.message]

    usual = [[rule[place] for rule in rules] for place in range(len(kinds))]
    wanted = [values for values, found in asked(kinds, rules) if not found and all(map(is_asked, kinds, usual, values))]
    assert bool(gaps) == bool(wanted)
    for gap in gaps:
        shown = dict(part.split(" = ", 1) for part in f", {gap.params['example']}".split(", x")[1:])
        columns = [
            [_constant(shown[str(place)], kind)]
            if str(place) in shown
            else [one for one in VALUES[kind] if is_asked(kind, cells, one)]
            for place, (kind, cells) in enumerate(zip(kinds, usual, strict=True))
        ]
        assert not any(matches(rule, values) for values in product(*columns) for rule in rules)


def is_asked(kind: str, cells: Sequence[str], value: str) -> bool:
    """Whether a gap at this value is told of: null only where some cell speaks of it, other kinds than the cells' never."""
    if value == "null":
        return any("null" in cell for cell in cells)
    if kind == "date and time":
        return not value.endswith('Z")')
    named = {feel.kind(feel.evaluate(one, {})) for one in NAMED[""] for cell in cells if one in cell}
    return kind != "" or not named or feel.kind(feel.evaluate(value, {})) in named


@pytest.mark.parametrize(
    ("inputs", "rules", "policy", "said"),
    [
        (
            [("score", "number", "[0..10]"), ("kind", "string", '"a","b"')],
            (["> 20", "-", '"x"'], ["< 5", '"b","c"', '"y"'], ["[9..1]", "-", '"y"']),
            "C",
            [
                "warning d/r1: Rule 1 can never match: in the column score, nothing that may come fits > 20.",
                'warning d/r2: Rule 2, column kind: nothing that may come fits "c".',
                "warning d/r3: Rule 3 can never match: in the column score, nothing that may come fits [9..1].",
            ],
        ),
        (
            [("day", "date")],
            (['<= @"2026-01-31"', '"x"'], ['>= date("2026-02-01")', '"y"'], ["null", '"y"']),
            "U",
            [],
        ),
        (
            [("day", "date")],
            (['< "2026-01-31"', '"x"'], ['>= date("2026-02-01")', '"y"'], ['< date("2026-02-01")', "3"]),
            "U",
            [
                'error d/r1: Rule 1, column day: < "2026-01-31" can never hold; the column is date.',
                "error d/r3: Rule 3, column band: 3 is no string.",
            ],
        ),
        (
            [("score", "number"), ("score", "number")],
            (["< 5", "> 3", '"x"'], ["> 4", "< 9", '"y"'], [">= 9", "-", '"y"'], ["<= 3", "-", '"z"']),
            "U",
            ["error d/r2: Rules 1 and 2 match at once where score: (4..5), and the table allows one rule (U); narrow one of them."],
        ),
        (
            [("count(list)", "number")],
            (["< 5", '"x"'], ["> 3", '"y"']),
            "U",
            [
                "warning d/r2: Rules 1 and 2 match at once if it can be that count(list): (3..5), and the table allows one rule (U).",
                "note d: Column count(list) looks at what is computed, or at a part of what another column looks at: gaps that hang on it were not looked for.",
            ],
        ),
        (
            [("score", "number")],
            (["< 5", '"x"'], ["< 5", '"x"'], ["< 9", '"x"'], ["< 9", '"y"']),
            "R",
            ["warning d/r2: Rules 1 and 2 say the same; remove one of them."],
        ),
        (
            [("flag", "boolean"), ("score", "number")],
            (["true", "-", '"x"'], ["false, null", "-", '"x"'], ["-", "> 5", '"y"']),
            "F",
            ["warning d/r3: Rule 3 is never reached: the rules 1, 2 above it take together all that it would."],
        ),
    ],
)  # fmt: skip
def test_what_the_check_says(
    inputs: Sequence[tuple[str, ...]], rules: tuple[list[str], ...], policy: str, said: list[str]
) -> None:
    assert findings(a_decision("d", a_table(inputs, OUT, *rules, policy=policy))) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outputs", "answer", "said"),
    [
        ([("band", "string", '"low","high"')], '"middle"', 'Rule 1, column band: "middle" is not among the values'),
        ([("band", "string", '"low"', '"none"')], '"low"', 'The default value "none" of band is not what the column'),
        ([("n", "number", "> 0")], "-1", "Rule 1, column n: -1 is not among the values of the column (> 0)"),
        ([("n", "date")], '"soon"', 'Rule 1, column n: "soon" is no date'),
    ],
)
def test_an_answer_that_its_column_does_not_allow_is_an_error(
    outputs: Sequence[tuple[str, ...]], answer: str, said: str
) -> None:
    (found,) = findings(a_decision("d", a_table(SCORE, outputs, ["-", answer])))  # type: ignore[arg-type]

    assert found.startswith("error d")
    assert said in found


def test_rules_that_agree_by_value_may_overlap_under_any() -> None:
    rules = (["< 5", "1.0"], ["< 9", "1"], [">= 9", "score"], ["> 20", "2"])

    said = findings(a_decision("d", a_table(SCORE, [("n", "number")], *rules, policy="A")))

    assert [line.split(" where")[0] for line in said] == ["warning d/r4: Rules 3 and 4 may match at once"]


def test_a_table_of_two_thousand_rules_and_ten_columns_is_judged_or_said_to_be_too_large() -> None:
    columns = [(f"c{place}", "number") for place in range(10)]
    rules = [
        [*(f"[{rule * 7 % (place + 900)}..{rule * 11 % 2000}]" for place in range(10)), '"x"'] for rule in range(2000)
    ]

    chain = [[f"[{rule}..{rule + 1})", *["-"] * 9, '"x"'] for rule in range(2000)]
    found = findings(a_decision("d", a_table(columns, OUT, *chain)))
    hard = findings(a_decision("d", a_table(columns, OUT, *rules, policy="F")))

    assert found == [
        "warning d: No rule answers where c0: < 0, >= 2000, such as c0 = -1; add a rule or a default value."
    ]
    assert hard


def _constant(text: str, kind: str) -> str:
    return text if text == "null" or not kind.startswith("date") else f'@"{text}"'
