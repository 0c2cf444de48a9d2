"""Writes a saved case at every kind of wait: `python -m tests.golden.saving 0.2.0`, once, when a version goes out."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.workflow import Definition, Run
from tests.golden.kinds import KINDS, Kind
from tests.golden.saved import MAIN, STATE, STORY, Saved, settle, told
from tests.workflow.drawing import drawn

CASES = Path(__file__).parent / "cases"
BEGUN = datetime(2026, 3, 2, 15, tzinfo=UTC)
DATA = {"typename": "only data", "remark": "ñ"}


def write(folder: Path, kind: Kind) -> None:
    """The case of this kind, saved at its wait; its end is played once, so that the story is true."""
    files = {MAIN: drawn(kind.body, root=kind.root)}
    files |= {f"{name}.bpmn": drawn(body, process=name) for name, body in kind.called.items()}
    called = {name: files[f"{name}.bpmn"] for name in kind.called}
    run = Run.start(Definition.build(files[MAIN], called), DATA | kind.data, BEGUN)
    settle(run, {})
    story: dict[str, Any] = {"moment": BEGUN.isoformat(), "services": kind.services}
    case = Saved(files, run.dump(), story)
    for act in kind.before:
        case.act(act)
    story |= {"moment": (case.now + timedelta(hours=1)).isoformat(), "now": case.found(), "act": kind.after}
    state = case.run.dump()
    folder.mkdir(parents=True)
    (folder / STATE).write_bytes(state)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / STORY).write_text(_story(story | {"end": _end(files, state, story)}), encoding="utf-8")


def _end(files: Mapping[str, bytes], state: bytes, story: Mapping[str, Any]) -> dict[str, Any]:
    case = Saved(files, state, story)
    for act in story["act"]:
        case.act(act)
    if not case.run.finished:
        raise SystemExit(f"does not finish: {case.found()}")
    return {"ends": list(case.run.ends), "data": case.run.data}


def _story(story: Mapping[str, Any]) -> str:
    lines = [f"moment = {told(story['moment'])}", f"now = {told(story['now'])}", f"end = {told(story['end'])}"]
    lines += [f"services = {told(story['services'])}", "act = ["]
    return "\n".join([*lines, *(f"    {told(act)}," for act in story["act"]), "]", ""])


if __name__ == "__main__":
    for name, kind in KINDS.items():
        write(CASES / sys.argv[1] / name, kind)
