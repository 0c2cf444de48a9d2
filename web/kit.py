"""`marchamo tck`: runs test cases of the DMN conformance kit and prints what passed, what failed and what was not run."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from engine.decisions import kit
from engine.decisions.kit import Outcome
from engine.domain.errors import NotFound
from web.i18n import gettext

FAILED: Final = 1  # the exit status when a test failed
NOW: Final = datetime(2024, 2, 29, 12, tzinfo=UTC)  # what `now()` is: the same cases get the same answers for ever
_LONGEST: Final = 400  # characters of a value in a line


def run(arguments: argparse.Namespace) -> int:
    """Runs every file of test cases in the folder and the folders in it; a line for each test, and a last one that counts.

    A test that calls code outside FEEL is named and not counted.
    """
    folder = Path(arguments.folder)
    files = kit.files(folder)
    if not files:
        raise NotFound("There are no test cases in %(folder)s.", folder=str(folder))
    passed = failed = 0
    for file in files:
        outcomes = list(kit.run(file, NOW))
        sys.stdout.writelines(_lines(file.relative_to(folder), outcomes))
        passed += sum(one.passed is True for one in outcomes)
        failed += sum(one.passed is False for one in outcomes)
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return FAILED if failed else 0


def _lines(name: Path, outcomes: list[Outcome]) -> Iterator[str]:
    counts = {state: sum(one.passed is state for one in outcomes) for state in (True, False, None)}
    not_run = f", {counts[None]} not run" if counts[None] else ""
    yield f"{name}: {counts[True]} passed, {counts[False]} failed{not_run}\n"
    for one in outcomes:
        word = {True: "passed", False: "FAILED", None: "not run"}[one.passed]
        yield f"  {word} {one.case.id} {one.case.name}{_why(one)}\n"


def _why(one: Outcome) -> str:
    if one.passed:
        return ""
    if one.passed is None:
        return f": {one.reason}"
    expected = gettext("an error, which is null") if one.case.error else _json(one.expected)
    got = one.reason.replace("\n", " ") if one.reason else _json(one.got)
    return f": expected {expected}, got {got}"


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
