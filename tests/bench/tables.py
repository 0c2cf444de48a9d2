"""A decision table of 50 rules and five columns, asked again and again: the answer alone, and with its explanation."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from engine import decisions
from engine.decisions import Decided, Model
from tests.bench.measures import Line, ms, times, undisturbed
from tests.decisions.drawn import a_decision, a_table, model

RULES: Final = 50
TIMES: Final = 400
INPUTS: Final = [
    ("score", "number"),
    ("kind", "string"),
    ("sites", "number"),
    ("foreign", "boolean"),
    ("since", "date"),
]
VALUES: Final = {"score": 40, "kind": "exporter", "sites": 5, "foreign": True, "since": "2027-01-01"}


def lines() -> list[Line]:
    """The last rule answers, and every other is looked at to its last cell."""
    asked = _model()
    plain, explained = _measured(asked, decisions.decide), _measured(asked, decisions.explain)
    return [
        Line(f"decide by {RULES} rules of {len(INPUTS)} inputs, warm", ms(plain), target="<= 1 ms"),
        Line("the same, explained", ms(explained), f"plain: {ms(plain)}", times(explained, plain)),
    ]


def _model() -> Model:
    cells = ["[0..100]", '"importer", "exporter"', "> 3", "true"]
    rules = [
        [*cells, f'<= date("2026-{1 + rule % 12:02}-{1 + rule % 28:02}")', f'"{rule}"'] for rule in range(RULES - 1)
    ]
    last = [*cells, "-", '"last"', "Art. 12"]
    return model(a_decision("d", a_table(INPUTS, [("band", "string")], *rules, last, policy="U")))


def _measured(asked: Model, decide: Callable[[Model, str, Mapping[str, object], None], Decided]) -> list[float]:
    found = []
    with undisturbed():
        for _ in range(TIMES):
            begun = time.perf_counter()
            decide(asked, "d", VALUES, None)
            found.append(time.perf_counter() - begun)
    return found[TIMES // 10 :]
