"""A case saved by an earlier release loads with today's code and goes on to its end; its folder is never changed.

Since 0.2.0 a version keeps a case at every kind of wait. A maintainer who releases a version writes its folder once, with
`python -m tests.golden.saving <version>`; new kinds of waits are added to `tests/golden/kinds.py`.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.workflow import Definition, Run, swap
from tests.golden.kinds import KINDS
from tests.golden.saved import STORY, Saved

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/trip.bpmn"))
KEPT = sorted(path.parent for path in CASES.glob(f"*/*/{STORY}"))
LATEST = max((path.parent for path in KEPT), key=lambda path: [int(part) for part in path.name.split(".")])
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


@pytest.mark.parametrize("moves", [False, True], ids=["as it was", "moved to an equal drawing"])
@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_case_saved_at_any_kind_of_wait_goes_on_to_its_end(folder: Path, moves: bool) -> None:  # noqa: FBT001 - a table
    case = Saved.at(folder)
    assert case.found() == case.story["now"]
    assert Run.load(case.run.definition, case.run.dump(), case.now).dump() == case.run.dump()

    if moves:
        other = case.definition()
        assert swap.plan(case.run.definition, other, case.state, {}, case.now).reasons == ()
        case.run = Run.load(other, swap.swap(case.run.definition, other, case.state, {}, case.now), case.now)
        assert case.found() == case.story["now"]
    for act in case.story["act"]:
        case.act(act)

    assert case.run.finished
    assert {"ends": list(case.run.ends), "data": case.run.data} == case.story["end"]


def test_every_kind_of_wait_was_saved_by_the_latest_version() -> None:
    assert {path.name for path in LATEST.iterdir()} == set(KINDS)
