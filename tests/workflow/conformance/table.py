"""What runs as the standard draws it, and what is refused and why: the table of the README, made from the pairs."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.workflow.conformance import pairs
from tests.workflow.conformance.pairs import Pair

README: Final = Path(__file__).parents[3] / "README.md"
BEGIN: Final = "<!-- coverage: written by python -m tests.workflow.conformance -->"
END: Final = "<!-- end of coverage -->"
GROUPS: Final = {
    "flow": "Flow",
    "activities": "Activities",
    "events": "Events",
    "data": "Data",
    "time": "Time",
    "xml": "Files of other tools",
}


def written(readme: str) -> str:
    """The text of the README with the table in its place; ValueError where it has no place for it."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name} has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table(map(pairs.read, pairs.names()))}\n{END}{after}"


def table(found: Iterable[Pair]) -> str:
    """One line for each construct, in the groups of `GROUPS`; ValueError where two pairs judge one construct apart."""
    ordered = sorted(found, key=lambda pair: (list(GROUPS).index(pair.group), pair.construct))
    lines = [line for group, of_group in groupby(ordered, lambda pair: pair.group) for line in _group(group, of_group)]
    return "\n".join(["", *lines])


def _group(group: str, found: Iterable[Pair]) -> Iterator[str]:
    yield f"| {GROUPS[group]} | verdict | note |"
    yield "|---|---|---|"
    for construct, several in groupby(found, lambda pair: pair.construct):
        pairs_of_it = list(several)
        if len(verdicts := {pair.verdict for pair in pairs_of_it}) > 1:
            raise ValueError(f"{construct} is {' and '.join(sorted(verdicts))}")
        notes = " ".join(dict.fromkeys(pair.note for pair in pairs_of_it if pair.note))
        yield f"| {construct} | {verdicts.pop()} | {notes} |".replace("|  |", "| |")
    yield ""
