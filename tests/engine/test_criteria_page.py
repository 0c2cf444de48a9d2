"""The page of criteria: what it shows to whom, and which evidence is called to mind before it runs out."""

from datetime import date, timedelta

import pytest

from engine import evidence
from engine.queries import criteria, expiring
from engine.store import models
from engine.store.database import Database
from engine.work import Actor, begin, look
from tests.engine.desk import Desk

TODAY = date(2026, 1, 12)
PAPER = b"%PDF-1.7\n%%EOF\n"


@pytest.mark.parametrize(
    ("left", "state"), [(None, ""), (61, "valid"), (60, "soon"), (0, "soon"), (-1, "over"), (-400, "over")]
)
def test_evidence_proves_until_its_last_day_and_is_called_to_mind_before(left: int | None, state: str) -> None:
    expires_on = None if left is None else TODAY + timedelta(days=left)

    assert criteria.state_of(expires_on, TODAY) == state


@pytest.fixture
def desk(office: Database) -> Desk:
    """A certificate in force; its solvency certificate ends at the end of February."""
    desk = Desk(office)
    desk.reach("A13")
    answer(desk, date(2026, 2, 28))
    return desk


def answer(desk: Desk, expires_on: date) -> None:
    """The operator answers A.3 with a fresh document."""
    with begin(desk.database, desk.actor("ana"), desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        paper = evidence.store(work, case, f"solvencia-{expires_on}.pdf", PAPER)
    said = {"answer": "yes", "evidence": [paper], "evidence_expires_on": expires_on.isoformat()}
    desk.do("ana", "answers.record", answers={"A.3": said})


def reminded(desk: Desk, who: str = "sonia") -> list[tuple[str, str, str]]:
    with look(desk.database, desk.actor(who), desk.now) as work:
        return [(one.paper.filename, one.paper.state, one.criterion) for one in expiring.of_office(work)]


def test_monitoring_is_told_before_and_after_the_last_day(desk: Desk) -> None:
    assert reminded(desk) == [("solvencia-2026-02-28.pdf", "soon", "A.3")]

    desk.on(date(2026, 3, 1))

    assert reminded(desk) == [("solvencia-2026-02-28.pdf", "over", "A.3")]
    assert reminded(desk, "luis") == []


def test_a_newer_document_takes_the_place_of_the_one_that_runs_out(desk: Desk) -> None:
    answer(desk, date(2027, 2, 28))

    assert reminded(desk) == []


def test_without_a_valid_certificate_nobody_is_reminded(desk: Desk) -> None:
    desk.do("rosa", "authorisations.surrender", reason="Cesa la actividad.")

    assert reminded(desk) == []


def test_operators_do_not_read_how_the_office_judges(desk: Desk) -> None:
    desk.do("luis", "answers.score", scores={"A.3": {"score": 0, "note": "Vencida."}})
    outside = Actor("ana", "Ana", frozenset({"preparer"}), frozenset({str(desk.known["operator_id"])}))

    with look(desk.database, desk.actor("luis"), desk.now) as work:
        inside = criteria.of_case(work, desk.case_id)
        certificate = criteria.of_certificate(work, str(desk.known["authorisation_id"]))
    with look(desk.database, outside, desk.now) as work:
        theirs = criteria.of_case(work, desk.case_id)
        none = criteria.of_certificate(work, str(desk.known["authorisation_id"]))

    assert (inside.judged, inside.blocking) == (True, ("A.3",))
    assert certificate is not None
    assert [line.code for section in certificate.sections for line in section.lines] == ["A.3"]
    assert (theirs.judged, theirs.blocking, none) == (False, (), None)
    assert [cell.note for section in theirs.sections for line in section.lines for cell in line.cells] == [""]
