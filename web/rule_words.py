"""The cells of a decision table in words: `>= 50` is «at least 50»; what no words say is shown as it is written."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from engine import feel
from engine.decisions import comparing
from engine.feel.nodes import ListLiteral, Node, RangeLiteral, Test, UnaryTests
from web.dates import day
from web.i18n import N_, gettext, language

POLICIES: Final = {
    "U": N_("One rule at most may match (U)."),
    "A": N_("Several rules may match if they answer the same (A)."),
    "P": N_("Of the rules that match, the one whose answer ranks first answers (P)."),
    "F": N_("The first rule that matches answers (F)."),
    "R": N_("All rules that match answer, in their order (R)."),
    "O": N_("All rules that match answer, by the rank of their answers (O)."),
    "C": N_("All rules that match answer, as a list (C)."),
    "C+": N_("The answers of all rules that match are added up (C+)."),
    "C<": N_("Of all rules that match, the least answer counts (C<)."),
    "C>": N_("Of all rules that match, the greatest answer counts (C>)."),
    "C#": N_("The rules that match are counted (C#)."),
}
_COMPARED: Final = {
    "<": N_("less than %(value)s"),
    "<=": N_("at most %(value)s"),
    ">": N_("more than %(value)s"),
    ">=": N_("at least %(value)s"),
    "=": N_("%(value)s"),
    "!=": N_("anything but %(value)s"),
}
_IN_TIME: Final = {
    "<": N_("before %(value)s"),
    "<=": N_("until %(value)s"),
    ">": N_("after %(value)s"),
    ">=": N_("from %(value)s on"),
}
_MOST_TESTS: Final = 12  # in one cell; a longer list is read better as it is written


def of_test(text: str) -> str:
    """What a cell asks for, in the reader's language; empty where only the text itself says it."""
    return _of_test(text, language())


def value(one: object) -> str:
    """A plain value as people read it; what has no such words as FEEL writes it."""
    if isinstance(one, bool):
        return gettext("yes") if one else gettext("no")
    if one is None:
        return gettext("no value")
    if isinstance(one, str):
        return f"«{one}»"
    if isinstance(one, date) and not isinstance(one, datetime):
        return day(one, ZoneInfo("UTC"))
    return comparing.written(one)


@lru_cache(2048)
def _of_test(text: str, _language: str) -> str:
    try:
        node = feel.tests(text).node
    except feel.FeelError:
        return ""
    return _all(node) or ""


def _all(node: Node) -> str | None:
    tests = node.tests if isinstance(node, UnaryTests) else ()
    if not 0 < len(tests) <= _MOST_TESTS:
        return None
    said = [_one(test) for test in tests]
    if None in said:
        return None
    joined = _or([one for one in said if one])
    negated = isinstance(node, UnaryTests) and node.negated
    return gettext("anything but %(value)s", value=joined) if negated else joined


def _one(node: Node) -> str | None:
    for kind, said in _WORDS.items():
        if isinstance(node, kind):
            return said(node)
    found = comparing.constant(node)
    return value(found[0]) if found and comparing.plain(found[0]) else None


def _test(node: Test) -> str | None:
    return _bound(node.operator, node.operand)


def _range(node: RangeLiteral) -> str | None:
    if node.low is not None and node.high is not None and node.low_included and node.high_included:
        ends = [comparing.constant(end) for end in (node.low, node.high)]
        if not all(ends):
            return None
        low, high = (value(end[0]) for end in ends if end)
        return gettext("from %(low)s to %(high)s", low=low, high=high)
    bounds = []
    if node.low is not None:
        bounds.append(_bound(">=" if node.low_included else ">", node.low))
    if node.high is not None:
        bounds.append(_bound("<=" if node.high_included else "<", node.high))
    said = [one for one in bounds if one]
    return gettext("%(one)s and %(other)s", one=said[0], other=said[-1]) if len(said) > 1 else _only(said, bounds)


def _only(said: list[str], bounds: list[str | None]) -> str | None:
    return said[0] if len(said) == len(bounds) == 1 else None


def _list(node: ListLiteral) -> str | None:
    said = [_one(item) for item in node.items[: _MOST_TESTS + 1]]
    return None if None in said or len(said) > _MOST_TESTS or not said else _or([one for one in said if one])


def _bound(operator: str, operand: Node) -> str | None:
    found = comparing.constant(operand)
    if found is None or not comparing.plain(found[0]):
        return None
    in_time = feel.kind(found[0]) in {"date", "date and time"} and operator in _IN_TIME
    return gettext((_IN_TIME if in_time else _COMPARED)[operator], value=value(found[0]))


def _or(said: list[str]) -> str:
    if len(said) == 1:
        return said[0]
    return gettext("%(several)s or %(last)s", several=", ".join(said[:-1]), last=said[-1])


_WORDS: Final[Mapping[type[Node], Callable[..., str | None]]] = {Test: _test, RangeLiteral: _range, ListLiteral: _list}
