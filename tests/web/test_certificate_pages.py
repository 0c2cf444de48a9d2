"""A certificate's page: its history in two times, its benefits, what rests on it, and what partners know."""

from datetime import UTC, date, datetime

from engine.store import models
from engine.work import SYSTEM, Work, begin
from tests.web.conftest import Office

GRANTED = datetime(2026, 1, 12, 15, tzinfo=UTC)
ANNULLED = datetime(2026, 3, 2, 15, tzinfo=UTC)


def a_certificate(office: Office) -> str:
    """The address of a certificate that was granted in January and annulled in March."""
    with begin(office.database, SYSTEM) as work:
        application = models.Application(
            id=work.new_id(),
            number="SOL-2026-0009",
            operator_id=office.operator,
            programme="sv",
            types=["exporter"],
            state="A13",
            created_at=work.now,
        )
        work.session.add(application)
        work.session.flush()
        certificate = models.Authorisation(
            id=work.new_id(),
            number="OC-SV-0001",
            operator_id=office.operator,
            application_id=application.id,
            programme="sv",
            type="exporter",
            state="B8",
            granted_on=date(2026, 1, 12),
            effective_on=date(2026, 1, 12),
            suspended_parts=[],
            created_at=work.now,
        )
        work.session.add(certificate)
        work.session.flush()
        _history(work, certificate.id)
        return f"/operators/{office.operator}/certificates/{certificate.id}"


def _history(work: Work, certificate: str) -> None:
    for state, number, at, reason in (("B1", "T16", GRANTED, ""), ("B8", "T31", ANNULLED, "Datos falsos.")):
        work.session.add(
            models.StatusChange(
                id=work.new_id(),
                subject="authorisation",
                subject_id=certificate,
                to_state=state,
                transition=number,
                valid_from=date(2026, 1, 12),
                recorded_at=at,
                actor_id="system",
                reason=reason,
            )
        )
    for on, at in ((True, GRANTED), (False, ANNULLED)):
        work.session.add(
            models.BenefitEntry(
                id=work.new_id(),
                authorisation_id=certificate,
                code="special_window",
                on=on,
                never=not on,
                valid_from=date(2026, 1, 12),
                recorded_at=at,
                transition="T31",
                actor_id="system",
            )
        )
    work.session.add(
        models.PartnerMessage(
            id="m-1",
            authorisation_id=certificate,
            partner="GT",
            status="revoked",
            facts={"number": "OC-SV-0001"},
            created_at=ANNULLED,
        )
    )


def test_the_page_says_where_a_certificate_stood_as_it_was_known_then(office: Office) -> None:
    address = a_certificate(office)
    browser = office.at("analyst")

    browser.get(f"{address}?day=2026-02-01&known=2026-02-01")
    assert "según se sabía el 1 de febrero de 2026: Vigente" in browser.words()

    browser.get(f"{address}?day=2026-02-01&known=2026-03-02")
    assert "según se sabía el 2 de marzo de 2026: Anulada" in browser.words()

    browser.get(f"{address}?day=2026-01-11&known=x")
    assert "no había certificado" in browser.words()


def test_the_page_shows_the_ledger_and_what_a_partner_knows(office: Office) -> None:
    address = a_certificate(office)
    browser = office.at("monitoring-officer")

    browser.get(address)

    assert "Ventanilla especial nunca procedió" in browser.words()
    assert "Guatemala revocada" in browser.words()
    assert "Datos falsos." in browser.words()


def test_an_officer_records_that_a_partner_was_told_and_confirmed_it(office: Office) -> None:
    address = a_certificate(office)
    browser = office.at("monitoring-officer")
    browser.get(address)

    browser.send(f"{address}/messages/m-1/sent")
    assert "Consta que el mensaje salió." in browser.words()
    browser.send(f"{address}/messages/m-1/confirmed", reference="GT-9")
    assert "Consta que el socio confirmó el mensaje." in browser.words()

    assert "confirmado" in browser.words()


def test_the_holder_reads_dates_and_benefits_and_not_what_the_office_wrote(office: Office) -> None:
    address = a_certificate(office)
    browser = office.at("preparer")

    browser.get(address)

    assert "Ventanilla especial" in browser.words()
    assert "Datos falsos." not in browser.words()
    assert "Guatemala" not in browser.words()


def test_an_operators_page_shows_its_bars(office: Office) -> None:
    with begin(office.database, SYSTEM) as work:
        bar = models.Bar(
            id=work.new_id(),
            operator_id=office.operator,
            programme="sv",
            cause="revoked",
            legal_basis="Manual, art. 9",
            starts_on=date(2020, 1, 1),
            ends_on=date(2999, 1, 1),
            recorded_at=work.now,
            actor_id="system",
        )
        work.session.add(bar)
    browser = office.at("analyst")

    browser.get(f"/operators/{office.operator}")

    assert "Tras una revocación corre" in browser.words()
    assert "Manual, art. 9" in browser.words()
