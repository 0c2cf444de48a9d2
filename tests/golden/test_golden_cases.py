"""A case saved by an earlier release loads with today's code and goes on to its end; its folder is never changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.workflow import Definition, Run

FOLDERS = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
SAVED = datetime(2026, 1, 12, 15, tzinfo=UTC)  # with «right» done, «left» open and its reminder running


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_saved_case_of_every_release_goes_on_to_its_end(folder: Path) -> None:
    definition = Definition.build((folder / "trip.bpmn").read_bytes(), {"inner": (folder / "inner.bpmn").read_bytes()})
    run = Run.load(definition, (folder / "state.bin").read_bytes(), SAVED)
    assert run.data["typename"] == "only data"
    assert run.data["remark"] == "ñ"
    assert [wait.due for wait in run.waits()] == [SAVED + timedelta(days=10)]

    run = Run.load(definition, run.dump(), SAVED + timedelta(days=11))
    run.fire_due()
    list(run.advance())
    assert {task.element for task in run.open_tasks()} == {"left", "remind"}

    do(run, "left")
    do(run, "remind")
    assert run.deliver("news", "o1", {"heard": True})
    list(run.advance())
    do(run, "inside")

    assert run.finished
    assert run.data["heard"] is True
    assert set(run.ends) >= {"ended", "reminded"}


def do(run: Run, element: str) -> None:
    run.complete(next(task.id for task in run.open_tasks() if task.element == element), {})
    list(run.advance())
