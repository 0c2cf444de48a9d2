"""Expressions: the condition of a gateway again and again, and a long one from its text to its first value."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from engine import feel
from tests.bench.measures import Line, microseconds, undisturbed

TIMES: Final = 2_000
AT_ONCE: Final = 20  # the clock is coarse beside one evaluation
GATEWAY: Final = '=application.kind = "AEOC" and count(findings[severity = "major"]) = 0 and risk_score < 25'
LONG: Final = (
    'if risk_score >= {} or (some f in findings satisfies f.severity = "major" and f.open) then "refuse" '
    'else if risk_score >= 40 and count(findings[severity = "minor"]) > 3 then "more" '
    'else string join(sites, ", ")'
)
CASE: Final[Mapping[str, object]] = {
    "application": {"kind": "AEOC"},
    "findings": [{"severity": "minor", "open": False}] * 3,
    "risk_score": 12,
    "sites": ["Vigo", "Irun"],
}


def lines() -> list[Line]:
    """Warm, and cold: a text that nobody asked for before is read, compiled and worked out."""
    condition = feel.compile(GATEWAY)
    numbers = iter(range(70, 70 + 2 * TIMES * AT_ONCE))
    warm = _measured(lambda: condition(CASE))
    first = _measured(lambda: feel.evaluate(LONG.format(next(numbers)), CASE))
    return [
        Line("a gateway's condition, warm", microseconds(warm), target="<= 20 µs"),
        Line(f"{len(LONG)} characters, first evaluation", microseconds(first), target="<= 1 ms"),
    ]


def _measured(evaluate: Callable[[], object]) -> list[float]:
    found = []
    with undisturbed():
        for _ in range(TIMES // AT_ONCE):
            begun = time.perf_counter()
            for _ in range(AT_ONCE):
                evaluate()
            found.append((time.perf_counter() - begun) / AT_ONCE)
    return found
