"""What every letter says by law, who may say it, and that a template reaches nothing but other letters."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from engine import letters, operators
from engine.domain.errors import Invalid, NotAllowed, NotFound
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import SYSTEM_ITSELF, Desk

FOLDER = Path(__file__).parents[2] / "forms" / "letters"
TEMPLATES = {file.stem: file.read_bytes() for file in FOLDER.glob("*.typ")}
KEYS = sorted(key for key in TEMPLATES if not key.startswith("_"))
KEY = "D18_withdrawal"
FACTS = {"withdrawn_on": "2026-01-12"}


@pytest.fixture
def desk(office: Database) -> Desk:
    """An application that was submitted on Monday 12 January 2026."""
    desk = Desk(office)
    desk.reach("A1")
    return desk


def issue(desk: Desk, who: str = "ernesto") -> dict[str, object]:
    return desk.do(who, "letters.issue", template=KEY, facts=FACTS)


def the_letter(desk: Desk) -> models.Letter:
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, str(desk.known["letter_id"]))


def printed(desk: Desk) -> str:
    with begin(desk.database, desk.actor("rosa"), desk.now) as work:
        _letter, content = letters.read(work, str(desk.known["letter_id"]))
    return PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_letter_says_who_writes_to_whom_when_and_on_what_basis(desk: Desk) -> None:
    issue(desk)

    facts = the_letter(desk).facts
    assert facts["letter"] == {
        "number": "DGA-OC-2026-0001",
        "template": KEY,
        "version": 1,
        "date": "2026-01-12",
        "place": "San Bartolo, Ilopango",
    }
    assert facts["operator"] == {
        "name": "Exportadora Lempa",
        "tax_id": "0614-120190-101-4",
        "address": "",
        "kind": "exporter",
    }
    assert facts["signatory"] == {
        "name": "Ernesto",
        "post": "Director General de Aduanas",
        "post_en": "Director General of Customs",
        "delegation": None,
    }
    assert facts["programme"] == {
        "id": "sv",
        "language": "es",
        "name": "Operador Confiable",
        "name_en": "Trusted Operator",
        "legal_basis": "DACG DA-006-2022 y su manual",
        "legal_basis_en": "General administrative provision DA-006-2022 and its manual",
    }
    assert facts["withdrawn_on"] == "2026-01-12"


def test_a_letter_writes_the_dates_out(desk: Desk) -> None:
    issue(desk)

    Worker(desk.database, "one").drain(desk.now)

    assert "12 de enero de 2026" in printed(desk)


def test_a_letter_keeps_the_text_of_its_release_when_another_is_published(desk: Desk) -> None:
    issue(desk)
    changed = TEMPLATES[KEY].decode().replace("esist", "XXXX")
    assert changed != TEMPLATES[KEY].decode()
    factories.publish(desk.database, ("letter", KEY, changed.encode()))

    Worker(desk.database, "one").drain(desk.now)

    assert "XXXX" not in printed(desk)


def test_an_act_says_how_long_it_may_be_appealed_and_by_which_law(desk: Desk) -> None:
    issue(desk)

    assert the_letter(desk).facts["appeal"]["period"] == {
        "count": 15,
        "unit": "working",
        "from_receipt": True,
        "basis": "Ley de Procedimientos Administrativos: recurso de apelación",
        "basis_en": "Administrative Procedures Act: appeal",
    }


def test_a_report_names_each_criterion_and_concludes_on_each_site(desk: Desk) -> None:
    with begin(desk.database, SYSTEM, desk.now) as work:
        application = work.session.scalars(select(models.Application)).one()
        site = models.Site(id="site", operator_id=application.operator_id, name="Bodega Ñuñoa", address="")
        work.session.add(site)
        work.session.flush()
        work.session.add(models.ApplicationSite(application_id=application.id, site_id="site"))
    conclusions = {"A.3": {"score": "conforms"}, "G.2": {"bodega_nunoa": {"score": "minor", "note": "Sin llave."}}}
    facts = {"summary": "Cumple.", "recommendation": "grant", "conclusions": conclusions}

    desk.do("ernesto", "letters.issue", template="D11_validation_report", facts=facts)
    Worker(desk.database, "press").drain(desk.now)

    said = " ".join(printed(desk).split())
    assert "A.3 — Tributos vencidos Conforme" in said
    assert "G.2 — Marchamos Bodega Ñuñoa No conformidad menor Sin llave." in said


def test_an_amendment_that_takes_something_away_answers_each_argument_and_says_what_falls_with_it(desk: Desk) -> None:
    facts = {
        "version": 2,
        "changes": [{"field": "Instalaciones", "before": "Bodega", "after": "Se excluye"}],
        "effective_on": "2026-01-12",
        "reasons": "No custodia.",
        "adverse": True,
        "grounds": [{"criterion": "G.2", "ground": "No custodia marchamos."}],
        "answers": [{"argument": "Reabre en junio.", "answer": "No consta."}],
        "affected": [{"decision": "Garantía GGR-7", "effect": "suspended"}],
    }

    desk.do("ernesto", "letters.issue", template="D33_amendment", facts=facts)
    Worker(desk.database, "press").drain(desk.now)

    said = " ".join(printed(desk).split())
    for words in ("G.2 No custodia marchamos.", "Reabre en junio. No consta.", "Garantía GGR-7 Se suspende"):
        assert words in said


def test_what_the_system_sends_is_signed_by_the_unit(desk: Desk) -> None:
    issue(desk, SYSTEM_ITSELF)

    signatory = the_letter(desk).facts["signatory"]

    assert isinstance(signatory, dict)
    assert (signatory["name"], signatory["post"]) == ("Dirección General de Aduanas", "Unidad de Operador Confiable")


def test_a_letter_is_dated_and_numbered_by_the_calendar_on_the_office_wall(office: Database) -> None:
    desk = Desk(office, date(2025, 12, 31))
    desk.reach("A1")
    desk.now = desk.now.replace(year=2026, month=1, day=1, hour=5, minute=59)  # in the office it is still 31 December

    answer = issue(desk)

    assert answer["letter_number"] == "DGA-OC-2025-0001"


def test_a_diagram_cannot_replace_what_every_letter_says(desk: Desk) -> None:
    facts = {**FACTS, "office": {"name": "Aduana falsa"}, "letter": {"number": "1"}}

    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", "letters.issue", template=KEY, facts=facts)

    assert [problem.where for problem in refused.value.problems] == ["facts.letter", "facts.office"]


def test_a_refused_letter_takes_no_number(desk: Desk) -> None:
    first = issue(desk)["letter_number"]
    with pytest.raises(Invalid):
        desk.do("ernesto", "letters.issue", template=KEY, facts={"case": {}})
    with pytest.raises(NotFound):
        desk.do("ernesto", "letters.issue", template="D99_nothing")

    assert [first, issue(desk)["letter_number"]] == ["DGA-OC-2026-0001", "DGA-OC-2026-0002"]


def test_a_letter_is_notified_when_its_pdf_can_be_read(desk: Desk) -> None:
    issue(desk)
    assert (the_letter(desk).status, the_letter(desk).notified_at) == ("issued", None)

    Worker(desk.database, "one").drain(desk.now)

    made = the_letter(desk)
    assert (made.status, made.rendered_at, made.notified_at) == ("notified", desk.now, desk.now)


@pytest.mark.parametrize("key", KEYS)
def test_every_shipped_letter_passes_its_check(key: str) -> None:
    letters.check(TEMPLATES, key)


def test_a_template_that_cannot_be_typeset_is_refused_with_its_line() -> None:
    broken = TEMPLATES[KEY] + b"\n#nothing-of-this-name()\n"

    with pytest.raises(Invalid) as refused:
        letters.check({**TEMPLATES, KEY: broken}, KEY)

    (problem,) = refused.value.problems
    number = broken.decode().splitlines().index("#nothing-of-this-name()") + 1
    assert problem.where == f"line {number}"
    assert "nothing-of-this-name" in str(problem)


@pytest.mark.parametrize("key", [KEY, "_letter"])
def test_a_template_that_would_load_a_package_is_refused_before_anything_is_fetched(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        letters.check({**TEMPLATES, key: b'= T\n#import "@preview/cetz:0.3.4"\n'}, key)

    assert [problem.where for problem in refused.value.problems] == ["line 2"]


@pytest.mark.parametrize("source", ['#read("/etc/passwd")', '#read("../../etc/passwd")', '#image("/etc/hostname")'])
def test_a_template_reads_nothing_outside_its_folder(source: str) -> None:
    with pytest.raises(Invalid, match="typeset"):
        letters.check({**TEMPLATES, KEY: source.encode()}, KEY)


def test_the_courtesy_translation_follows_the_language_that_the_operator_chose(desk: Desk) -> None:
    operator_id = str(desk.known["operator_id"])
    rosa = replace(desk.actor("rosa"), operators=frozenset({operator_id}))
    with begin(desk.database, rosa, desk.now) as work:
        operators.write_in(work, operator_id, "en")
        with pytest.raises(Invalid):
            operators.write_in(work, operator_id, "fr")
    with begin(desk.database, desk.actor("rosa"), desk.now) as work, pytest.raises(NotAllowed):
        operators.write_in(work, operator_id, None)

    issue(desk)

    assert the_letter(desk).language == "en"
    with begin(desk.database, desk.actor("irene"), desk.now) as work:
        operators.write_in(work, operator_id, None)
    issue(desk)
    assert the_letter(desk).language == "es"
