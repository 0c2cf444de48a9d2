"""Whatever the values, an operator or function has a value or a refusal, never a crash."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.feel import DaysDuration, FarDate, MonthsDuration, Range
from engine.feel.builtins import BUILTINS
from engine.feel.calendar import FineMoment, FineTime

_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-6)), ZoneInfo("Europe/Madrid")])
_NUMBERS = st.sampled_from(
    [Decimal(text) for text in ("0", "-0", "1", "-1", "2.5", "3", "1e40", "-1e6144", "9e6144", "1e-6143", "12")]
)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    _NUMBERS,
    st.text(max_size=4),
    st.sampled_from(["a+", "(", "[a-", "2026-11-23", "10:00:00Z", "P1D", "[1..2]", ".", ",", "Europe/Madrid"]),
    st.dates(),
    st.times(timezones=_ZONES),
    st.datetimes(timezones=_ZONES),
    st.sampled_from([datetime.min.replace(tzinfo=zone) for zone in (None, UTC)]),
    st.sampled_from([datetime.max.replace(tzinfo=zone) for zone in (None, UTC)]),
    st.just(datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))),
    st.just(datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo"))),
    st.sampled_from([FarDate(999_999_999, 12, 31), FarDate(-999_999_999, 1, 1), FarDate(-4, 2, 29)]),
    st.builds(FineTime, st.just(23), st.just(59), st.just(59), st.just(999_999_999), _ZONES),
    st.builds(FineMoment, st.just(FarDate(99_999, 12, 31)), st.times(timezones=_ZONES)),
    st.integers(-(2**63), 2**63).map(DaysDuration),
    st.sampled_from([-(2**63), -13, 0, 13, 2**63]).map(MonthsDuration),
    st.sampled_from(["abs", "sum", "string", "sort"]).map(BUILTINS.__getitem__),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["key", "value", "a"]), inner, max_size=3),
        st.builds(Range, inner, inner, st.booleans(), st.booleans()),
    ),
    max_leaves=4,
)
_TEXTS = [
    "a + b",
    "a - b",
    "a * b",
    "a / b",
    "a ** b",
    "-a",
    "a = b",
    "a < b",
    "a between b and c",
    "a in b",
    "a in (< b, c)",
    "a[b]",
    "a[item > b]",
    "a.year",
    "a.time offset",
    "a.days",
    "a.start",
    "[a..b]",
    "for x in a..b return x",
    "for x in [a..b] return x",
    "for x in a return x",
    "some x in a satisfies x = b",
    "a(b)",
    "a and b or c",
    "if a then b else c",
    "a instance of list<number>",
    "string(a)",
]


def _outcome(text: str, scope: dict[str, object]) -> object:
    try:
        value = feel.evaluate(text, scope)
        return feel.evaluate("string(value)", {"value": value})
    except feel.FeelError as error:
        return error


@given(st.sampled_from(_TEXTS), _VALUES, _VALUES, _VALUES)
def test_every_operator_answers_for_all_kinds(text: str, one: object, two: object, three: object) -> None:
    assert isinstance(_outcome(text, {"a": one, "b": two, "c": three}), str | None | feel.FeelError)


@given(st.sampled_from(sorted(BUILTINS)), st.lists(_VALUES, max_size=4))
def test_every_function_answers_for_all_kinds(name: str, values: list[object]) -> None:
    scope = {f"v{place}": value for place, value in enumerate(values)}

    assert isinstance(_outcome(f"{name}({', '.join(scope)})", scope), str | None | feel.FeelError)
