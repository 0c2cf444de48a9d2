"""The record can be taken away whole, proved by anybody who has it, and opened in a spreadsheet without harm."""

import csv
import hashlib
import io
import json

import pytest
from sqlalchemy import select, text

from engine import export, tasks
from engine.domain.errors import Invalid, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.factories import MORNING, a_case, a_line, an_actor, open_tasks, user_task

HASHED = ("stream", "seq", "at", "actor_id", "actor_name", "type", "case_id", "release_id", "data", "previous_hash")


@pytest.fixture
def case(database: Database) -> str:
    made = a_case(database, a_line(("write", user_task("write")), ("check", user_task("check"))))
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        tasks.complete(work, open_tasks(database, made)["write"], {"remark": "=cmd|'/C calc'!A0"})
    return made


def exported(database: Database, case_id: str, form: str) -> str:
    with begin(database, an_actor(database, "auda", "auditor"), MORNING) as work:
        return export.case(work, case_id, form)


def test_an_exported_chain_is_verified_with_nothing_but_the_file(database: Database, case: str) -> None:
    document = json.loads(exported(database, case, "json"))

    previous = "0" * 64
    assert len(document["events"]) >= 4
    for event in document["events"]:
        assert event["previous_hash"] == previous
        plain = json.dumps([event[name] for name in HASHED], separators=(",", ":"), ensure_ascii=False)
        previous = hashlib.sha256(plain.encode()).hexdigest()
        assert event["hash"] == previous
    assert document["case"]["id"] == case


def test_an_exported_table_has_one_line_for_each_event_and_no_formula(database: Database, case: str) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(database, case, "csv"))))

    assert [row["type"] for row in rows][:2] == ["CaseStarted", "TokensMoved"]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_taking_the_record_away_and_verifying_it_are_on_the_record(database: Database, case: str) -> None:
    exported(database, case, "csv")
    with begin(database, an_actor(database, "auda", "auditor"), MORNING) as work:
        count, broken = export.verify(work, case)

    assert (count, broken) == (4, None)
    with look(database, SYSTEM) as work:
        query = select(models.Event.type, models.Event.actor_name).where(models.Event.stream == "audit")
        assert work.session.execute(query.order_by(models.Event.id)).all() == [
            ("RecordExported", "Auda"),
            ("RecordVerified", "Auda"),
        ]


def test_one_changed_letter_is_found_where_it_was_changed(database: Database, case: str) -> None:
    with begin(database, SYSTEM) as work:
        session = work.session
        if database.on_sqlite:
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE event SET data = replace(data, 'calc', 'Calc') WHERE type = 'TaskCompleted'"))

    with begin(database, SYSTEM) as work:
        _count, broken = export.verify(work, case)
    assert broken is not None
    assert broken.type == "TaskCompleted"


def test_a_form_or_a_case_that_does_not_exist_is_refused(database: Database, case: str) -> None:
    with pytest.raises(Invalid):
        exported(database, case, "pdf")
    with pytest.raises(NotFound):
        exported(database, "no such case", "csv")
