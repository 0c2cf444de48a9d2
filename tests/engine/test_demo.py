"""The demonstration plays a whole life; killed at any moment and begun again, it ends in the same history."""

import re
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look
from tests.programs import address, marchamo

_IDS = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|(?<=\"key\":\")[0-9a-f]{16}|(?<=\"signature\":\")[^\"]+"
)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The file and the output of a demonstration that nobody disturbed."""
    folder = tmp_path_factory.mktemp("demo")
    with marchamo(folder, "demo", "--headless") as running:
        said, wrong = running.communicate()
        assert (running.returncode, wrong) == (0, "")
    return folder / "demo" / "marchamo.db", said


def story(file: Path | Database) -> Sequence[tuple[str, ...]]:
    """What happened, without what chance decides: random ids, keys and digests of documents that hold the hour of their making."""
    database = file if isinstance(file, Database) else Database(f"sqlite:///{file}")
    with look(database, SYSTEM) as work:
        events = work.session.execute(
            select(models.Event, models.Case.number).outerjoin(models.Case, models.Case.id == models.Event.case_id)
        )
        lines = sorted(
            (e.at.isoformat(), number or _IDS.sub("·", e.stream), e.actor_name, e.type, _IDS.sub("·", e.data))
            for e, number in events
        )
    if database is not file:
        database.close()
    return lines


def test_the_demonstration_plays_a_whole_life_and_its_history_verifies(uninterrupted: tuple[Path, str]) -> None:
    file, said = uninterrupted

    assert said.endswith("The history verifies.\n")
    ended = {(number[:3], data) for _at, number, _who, kind, data in story(file) if kind == "CaseCompleted"}
    assert ended == {
        ("OC-", '{"ends":["application_granted"]}'),
        ("SUS", '{"ends":["suspension_lifted"]}'),
        ("SUS", '{"ends":["authorisation_revoked"]}'),
        ("SEG", '{"ends":["monitoring_ended"]}'),
    }
    kinds = [kind for _at, _number, _who, kind, _data in story(file)]
    assert kinds.count("LetterIssued") == kinds.count("LetterRendered") > 10
    assert kinds.count("FindingRecorded") == 2


def test_a_demonstration_killed_at_any_moment_and_begun_again_ends_in_the_same_history(
    bare: Database, uninterrupted: tuple[Path, str], tmp_path: Path
) -> None:
    total = len(story(uninterrupted[0]))
    for moment in (1, total // 2):
        with marchamo(tmp_path, "demo", "--headless", "--database", address(bare)) as running:
            while events(bare) < moment and running.poll() is None:
                time.sleep(0.05)

    with marchamo(tmp_path, "demo", "--headless", "--database", address(bare)) as running:
        said, wrong = running.communicate()

    assert (running.returncode, wrong) == (0, "")
    assert said.endswith("The history verifies.\n")
    assert story(bare) == story(uninterrupted[0])


def events(database: Database) -> int:
    with look(database, SYSTEM) as work:  # takes no lock, however long the demonstration holds its own
        if not inspect(work.session.connection()).has_table(models.Event.__tablename__):
            return 0
        return work.session.scalar(select(func.count()).select_from(models.Event)) or 0
