"""FEEL says what the standard says: each line of `clauses/` is an expression and what it is worth, or `refused`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import feel

_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _claims() -> Iterator[object]:
    for file in sorted((Path(__file__).parent / "clauses").glob("*.txt")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("#"):
                yield pytest.param(*line.split(" ==> "), id=f"{file.stem}:{number}")


@pytest.mark.parametrize(("text", "expected"), list(_claims()))
def test_an_expression_is_worth_what_the_standard_says(text: str, expected: str) -> None:
    if expected == "refused":
        with pytest.raises(feel.FeelError):
            feel.compile(text)
    else:
        value, wanted = (feel.evaluate(each, {}, now=_NOW) for each in (text, expected))

        assert feel.kind(value) == feel.kind(wanted)
        assert _written(value) == _written(wanted)


def _written(value: object) -> object:
    return feel.evaluate("string([value])", {"value": value})
