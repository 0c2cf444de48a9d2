"""Documents are kept once, told by their content, and every reading of them is on the record."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from engine import evidence
from engine.domain.errors import Invalid, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.factories import MORNING, a_case, a_line, an_actor, user_task

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def case(database: Database) -> str:
    return a_case(database, a_line(("write", user_task("write"))))


def store(database: Database, case_id: str, name: str, content: bytes) -> str:
    with begin(database, an_actor(database, "ana", "analyst"), MORNING) as work:
        return evidence.store(work, work.session.get_one(models.Case, case_id), name, content, field="papers")


def facts(database: Database, case_id: str) -> list[str]:
    with look(database, SYSTEM) as work:
        query = select(models.Event.type).where(models.Event.case_id == case_id).order_by(models.Event.id)
        return list(work.session.scalars(query))


def test_a_document_is_kept_as_it_came_and_named_by_its_digest(database: Database, case: str) -> None:
    stored = store(database, case, "constancia.pdf", PDF)

    with begin(database, SYSTEM) as work:
        row, content = evidence.read(work, stored)
        assert content == PDF
        assert (row.filename, row.media_type, row.size) == ("constancia.pdf", "application/pdf", len(PDF))
        assert (row.sha256, row.case_id, row.field) == (hashlib.sha256(PDF).hexdigest(), case, "papers")


def test_who_stores_and_who_reads_a_document_is_on_the_record(database: Database, case: str) -> None:
    stored = store(database, case, "constancia.pdf", PDF)
    with begin(database, SYSTEM) as work:
        evidence.read(work, stored)

    assert facts(database, case)[-2:] == ["EvidenceStored", "DocumentRead"]


def test_the_same_document_handed_in_by_many_at_once_is_kept_once(database: Database, case: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stored = set(pool.map(lambda number: store(database, case, f"copia-{number}.pdf", PDF), range(4)))

    assert len(stored) == 4
    with look(database, SYSTEM) as work:
        assert work.session.scalar(select(func.count()).select_from(models.Blob)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00"),
        ("disguised.pdf", b"MZ\x90\x00"),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("empty.pdf", b""),
    ],
)
def test_what_is_no_document_is_refused_and_leaves_nothing(
    database: Database, case: str, name: str, content: bytes
) -> None:
    with pytest.raises(Invalid):
        store(database, case, name, content)

    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.Blob.sha256)).all() == []
    assert "EvidenceStored" not in facts(database, case)


def test_a_name_with_folders_in_it_is_only_a_name(database: Database, case: str) -> None:
    stored = store(database, case, "../../etc/passwd\r\nX: y.pdf", PDF)

    with look(database, SYSTEM) as work:
        name = work.session.get_one(models.Evidence, stored).filename
    assert not set(name) & set("/\\\r\n")


def test_a_document_that_does_not_exist_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound), begin(database, SYSTEM) as work:
        evidence.read(work, "no such document")
