"""The sum of a period in words: line by line as an auditor writes it, on the case's page and in the file taken away."""

import csv
import io
import json
from datetime import date

import pytest
from flask import g

from engine import clocks, programmes
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.programme_parts import Words
from engine.queries import sums as told_sums
from engine.queries.sums import Step
from engine.store import models
from engine.work import SYSTEM, begin, look
from tests.engine import desk as service_desk
from tests.web.conftest import Office
from web import sums

ITEMS = [{"item": "Contrato con el transportista", "reason": "No se adjuntó."}]
LAW = Words("CAU, art. 22.3", "UCC Art. 22(3)")


def case_of(office: Office) -> service_desk.Desk:
    """Received on 3 March 2025, incomplete; the last item came in on 10 April: the worked example of the domain page."""
    desk = service_desk.Desk(office.database, date(2025, 3, 3), tax_id="0614-010180-103-3")
    desk.reach("A1")
    desk.do("irene", "applications.request_completion", items=ITEMS)
    desk.on(date(2025, 4, 10))
    desk.do("rosa", "applications.receive_completion")
    desk.do("irene", "applications.accept")
    desk.do("luis", "applications.start_review")
    desk.do("luis", "applications.request_information", items=ITEMS, days=20)
    with begin(office.database, desk.actor("luis"), desk.now) as work:
        case = work.session.get_one(models.Case, desk.case_id)
        rules, subject = programmes.of(work, case, "sv"), str(desk.known["application_id"])
        for days, kind in ((30, "hearing"), (60, "extension")):
            added = Period(days, Unit.CALENDAR, rules.clock(kind).legal_basis.es)
            clocks.extend(work, case, rules, "decision", subject, added, kind, kind)
    return desk


def test_the_worked_example_reads_as_an_auditor_writes_it(office: Office) -> None:
    desk = case_of(office)

    with office.app.test_request_context(), look(office.database, SYSTEM, desk.now) as work:
        (told,) = (one for one in told_sums.of_case(work, desk.case_id) if one.clock.name == "decision")
        g.language = "en"
        english = sums.text(told)
        g.language = "es"
        spanish = sums.text(told)

    assert english == (
        "Received on 3 Mar 2025, incomplete, last item on 10 Apr 2025 ⇒ accepted on 10 Apr 2025. "
        "Base: 120 calendar days (Programme manual: decision on the application) ⇒ 8 Aug 2025. "
        "Period to answer an information request: 20 calendar days "
        "(Programme manual: supplementary information; no notice yet) ⇒ 28 Aug 2025. "
        "Hearing period: 30 calendar days (Right to be heard before an adverse act; no notice yet) ⇒ 27 Sep 2025. "
        "Extension of the decision period: 60 calendar days "
        "(Programme manual: extension with reasons, announced before the period is over; no notice yet) ⇒ 26 Nov 2025."
    )
    assert spanish.startswith(
        "Recibida el 3 mar 2025, incompleta, último documento el 10 abr 2025 ⇒ admitida el 10 abr"
    )
    assert "Base: 120 días calendario (Manual del programa: resolución de la solicitud) ⇒ 8 ago 2025." in spanish
    assert spanish.endswith("sin aviso todavía) ⇒ 26 nov 2025.")


def test_the_page_of_the_case_shows_each_running_clock_with_its_sum(office: Office) -> None:
    desk = case_of(office)
    with look(office.database, SYSTEM) as work:
        number = work.session.get_one(models.Case, desk.case_id).number
    reader = office.at("analyst")

    reader.get(f"/cases/{number}")

    words = reader.words()
    assert "⇒ 8 ago 2025" in words
    assert "⇒ 26 nov 2025" in words
    assert "Al vencer Silencio" not in words
    assert "El silencio no tiene efecto; el retraso se avisa a la jefatura." in words


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_auditor_takes_the_clocks_away_with_their_sums_in_both_languages(office: Office, form: str) -> None:
    desk = case_of(office)
    auditor = office.at("auditor")
    auditor.get(f"/audit/cases/{desk.case_id}")
    assert "Plazos legales y su cómputo" in auditor.words()

    text = auditor.send(f"/audit/cases/{desk.case_id}/clocks/{form}").text.removeprefix("\ufeff")

    rows = json.loads(text)["clocks"] if form == "json" else list(csv.DictReader(io.StringIO(text)))
    (decision,) = (row for row in rows if row["clock"] == "decision")
    assert decision["due_on"] == "2025-11-26"
    assert "⇒ 27 sept 2025" in decision["sum_es"]
    assert "⇒ 27 Sep 2025" in decision["sum_en"]
    assert [event for event in _taken(office) if "clocks" in event]


def _taken(office: Office) -> list[str]:
    with look(office.database, SYSTEM) as work:
        query = work.session.query(models.Event.data).filter(models.Event.type == "RecordExported")
        return [str(row[0]) for row in query]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Step("start", date(2026, 1, 12)), "Begins on 12 Jan 2026."),
        (
            Step("received", date(2026, 1, 12), before=date(2026, 1, 12), complete=date(2026, 1, 12)),
            "Received on 12 Jan 2026, complete ⇒ accepted on 12 Jan 2026.",
        ),
        (
            Step("holiday", date(2026, 1, 12), before=date(2026, 1, 10)),
            "The office is closed on 10 Jan 2026 ⇒ 12 Jan 2026.",
        ),
        (
            Step("wait", date(2026, 1, 12), count=1, unit="working", basis=LAW),
            "Waited for what was missing: 1 working day (UCC Art. 22(3)) ⇒ 12 Jan 2026.",
        ),
        (
            Step(
                "addition",
                date(2026, 2, 1),
                before=date(2026, 1, 12),
                count=2,
                unit="months",
                reason="Visita",
                basis=LAW,
                notice="DGA-7",
                notified_on=date(2026, 1, 13),
                unlawful=True,
            ),
            (
                "Visita: 2 months (UCC Art. 22(3); notice DGA-7, notified on 13 Jan 2026) ⇒ 1 Feb 2026. "
                "Unlawful: it was told after the last day, 12 Jan 2026."
            ),
        ),
        (
            Step("late", date(2026, 1, 12), before=date(2026, 1, 12), count=3, unit="years", basis=LAW, notice="DGA-8"),
            (
                "Addition: 3 years (UCC Art. 22(3); notice DGA-8, not notified yet). "
                "It came after the last day, 12 Jan 2026, and adds nothing."
            ),
        ),
    ],
)
def test_each_kind_of_line_is_a_sentence(office: Office, step: Step, sentence: str) -> None:
    with office.app.test_request_context():
        g.language = "en"
        assert sums.sentence(step) == sentence
