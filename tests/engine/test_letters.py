"""A letter says what was so when it was issued; its document is made once, is archivable, and takes any text as text."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from engine import letters
from engine.domain.errors import NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests.processes.lives import Life, filed

HOSTILE = '#import "/etc/passwd" $x$ #read("/etc/passwd") <script> {{7*7}} *bold* \\ "quoted" ¿ñ? 漢字 📦 ✓ عربى \u202e #panic()'


@pytest.fixture
def life(office: Database) -> Life:
    return filed(office)


def issue(life: Life, template: str, facts: Mapping[str, object]) -> str:
    with begin(life.database, life.actor("admision"), life.now) as work:
        case = work.session.scalars(select(models.Case)).one()
        return str(letters.issue(work, case, template, facts)["letter_id"])


def document(life: Life, letter_id: str) -> bytes:
    with begin(life.database, SYSTEM, life.now) as work:
        return letters.read(work, letter_id)[1]


def facts_of(life: Life, letter_id: str) -> Mapping[str, object]:
    with look(life.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, letter_id).facts


def test_a_letter_is_an_archivable_and_accessible_document(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": "No está establecido."})

    life.rest()

    pdf = document(life, letter)
    assert pdf.startswith(b"%PDF-1.7")
    for marker in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/MarkInfo", b"/Lang(es"):
        assert marker in pdf


def test_a_letter_says_what_was_so_when_it_was_issued(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": "No está establecido."})
    with begin(life.database, SYSTEM, life.now) as work:
        work.session.get_one(models.Operator, life.operators["lempa"]).name = "Otro nombre"

    life.rest()

    named = facts_of(life, letter)["operator"]
    assert isinstance(named, dict)
    assert named["name"] == "Exportadora Lempa, S.A. de C.V."


def test_a_letter_is_made_once_however_often_it_is_asked_for(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": "No está establecido."})
    life.rest()
    first = document(life, letter)

    for _again in range(2):
        with begin(life.database, SYSTEM, life.now) as work:
            letters.render(work, letter)
    Worker(life.database, "another").drain(life.now)

    assert document(life, letter) == first
    with look(life.database, SYSTEM) as work:
        made = work.session.scalars(select(models.Event.data).where(models.Event.type == "LetterRendered"))
        assert sum(letter in data for data in made) == 1


def test_text_that_looks_like_code_is_only_text_in_a_letter(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": HOSTILE})

    life.rest()

    assert document(life, letter).startswith(b"%PDF")
    assert facts_of(life, letter)["reasons"] == HOSTILE


def test_a_letter_in_preparation_cannot_be_read_yet(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": "No está establecido."})

    with pytest.raises(NotFound, match="being prepared"):
        document(life, letter)


def test_who_reads_a_letter_is_on_the_record(life: Life) -> None:
    letter = issue(life, "D04_non_acceptance", {"reasons": "No está establecido."})
    life.rest()
    document(life, letter)

    with look(life.database, SYSTEM) as work:
        last = work.session.scalars(select(models.Event).order_by(models.Event.id.desc())).first()
        assert last is not None
        assert last.type == "DocumentRead"


def test_a_template_that_the_release_did_not_pin_is_not_found(life: Life) -> None:
    with pytest.raises(NotFound):
        issue(life, "../../etc/passwd", {})


def test_letters_are_numbered_without_gaps(life: Life) -> None:
    for _letter in range(3):
        issue(life, "D04_non_acceptance", {"reasons": "x"})
    with pytest.raises(NotFound):
        issue(life, "no such letter", {})
    issue(life, "D04_non_acceptance", {"reasons": "x"})

    with look(life.database, SYSTEM) as work:
        numbers = sorted(work.session.scalars(select(models.Letter.number)))
    assert numbers == [f"DGA-OC-2026-{number:04}" for number in range(1, 6)]
