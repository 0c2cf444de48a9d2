"""Reading rows that a diagram hands to a service: each value is asked for by name, and refused with its place."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from engine.domain.errors import Invalid, Problem

Row = Mapping[str, object]
INCOMPLETE = "A row is incomplete."


def rows(given: Sequence[object] | None, where: str) -> list[Row]:
    """The rows of a list; Invalid names what is no object."""
    found: list[Row] = []
    for index, row in enumerate(given or ()):
        if not isinstance(row, Mapping):
            raise Invalid(INCOMPLETE, [Problem(f"{where}[{index}]", "Write an object with named values.")])
        found.append(row)
    return found


def text(row: Row, key: str) -> str:
    """A text without blanks around it, "" where there is none."""
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def needed(row: Row, key: str, where: str) -> str:
    """A text that must be there."""
    found = text(row, key)
    if not found:
        raise Invalid(INCOMPLETE, [Problem(f"{where}.{key}", "Write a text.")])
    return found


def choice(row: Row, key: str, choices: Collection[str], where: str) -> str:
    """One of the texts allowed."""
    found = text(row, key)
    if found not in choices:
        problem = Problem(f"{where}.{key}", "Write one of %(choices)s.", {"choices": ", ".join(choices)})
        raise Invalid(INCOMPLETE, [problem])
    return found


def texts(row: Row, key: str) -> list[str]:
    """A list of texts; empty where there is none."""
    value = row.get(key)
    return [str(item) for item in value] if isinstance(value, list) else []


def day(row: Row, key: str, where: str) -> date | None:
    """A date (2026-01-31), None where there is none."""
    found = text(row, key)
    try:
        return date.fromisoformat(found) if found else None
    except ValueError as error:
        raise Invalid(INCOMPLETE, [Problem(f"{where}.{key}", "Write a date: 2026-01-31.")]) from error


def whole(row: Row, key: str, low: int, high: int, where: str) -> int:
    """A whole number within bounds; forms give it as a number or as the text of a choice."""
    value = row.get(key)
    found = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        message = "Write a whole number from %(low)s to %(high)s."
        raise Invalid(INCOMPLETE, [Problem(f"{where}.{key}", message, {"low": low, "high": high})])
    return found
