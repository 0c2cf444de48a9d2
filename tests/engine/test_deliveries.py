"""A letter reaches its addressee, by mail through a real mail server, and it is recorded when, by which way, or why not."""

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from engine import deliveries
from engine.domain.errors import Conflict, Invalid
from engine.mailing import Mail, Postman, Refused
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from engine.worker import Worker
from tests import factories
from tests.engine.desk import Desk
from tests.engine.test_letters_law import FOLDER

SV = (FOLDER.parents[1] / "bpmn" / "programmes" / "sv.toml").read_text()
WITHDRAWN = {"withdrawn_on": "2026-01-12"}
MAIL = Mail("d1", "rosa@lempa.example", "Notice", "Text", "L1.pdf", b"%PDF-1.7")


@dataclass
class Box:
    """What the server took, and what it says to a recipient."""

    answer: str = "250 OK"
    taken: list[Message] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, _server: SMTP, _session: Any, envelope: Envelope, to: str, _options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - likewise
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@contextmanager
def server(box: Box, **more: Any) -> Iterator[int]:
    """A real mail server on a port of its own."""
    with closing(_silent()) as one:
        port = one.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop(), **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
        controller.loop.close()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def postman(box: Box) -> Iterator[Postman]:
    with server(box) as port:
        yield Postman.of(f"smtp+plain://127.0.0.1:{port}", "cartas@aduana.example")


@pytest.fixture
def desk(office: Database) -> Desk:
    """An office whose programme sends letters by mail too, and counts a notice as received two days later."""
    changed = SV.replace('channels = ["portal"]', 'channels = ["portal", "mail"]')
    changed = changed.replace("deemed_receipt_days = 0", "deemed_receipt_days = 2")
    factories.publish(office, ("programme", "sv", changed.encode()))
    desk = Desk(office)
    with begin(office, SYSTEM, desk.now) as work:
        work.session.get_one(models.Operator, str(desk.known["operator_id"])).email = "rosa@lempa.example"
    desk.reach("A1")
    desk.do("ernesto", "letters.issue", template="D18_withdrawal", facts=WITHDRAWN)
    return desk


def drain(desk: Desk, postman: Postman | None) -> None:
    Worker(desk.database, "one", postman=postman).drain(desk.now)


def ways(desk: Desk) -> Sequence[models.Delivery]:
    with look(desk.database, SYSTEM) as work:
        return work.session.scalars(select(models.Delivery).order_by(models.Delivery.id)).all()


def by_mail(desk: Desk) -> models.Delivery:
    return [row for row in ways(desk) if row.channel == "mail"][-1]


def the_letter(desk: Desk) -> models.Letter:
    with look(desk.database, SYSTEM) as work:
        return work.session.get_one(models.Letter, str(desk.known["letter_id"]))


def incidents(desk: Desk) -> list[tuple[str, bool]]:
    with look(desk.database, SYSTEM) as work:
        told = select(models.Incident).where(models.Incident.cause.in_(("delivery", "outbox")))
        rows = work.session.scalars(told.order_by(models.Incident.id))
        return [(row.cause, row.resolved_at is not None) for row in rows]


def test_a_letter_goes_to_the_portal_and_by_mail_with_its_pdf(desk: Desk, box: Box, postman: Postman) -> None:
    drain(desk, postman)

    (mail,) = box.taken
    assert (mail["To"], mail["Subject"]) == ("rosa@lempa.example", "Notificación DGA-OC-2026-0001")
    assert mail["Message-ID"] == by_mail(desk).message_id == f"<{by_mail(desk).id}@aduana.example>"
    document = next(part for part in mail.walk() if part.get_content_type() == "application/pdf")
    assert document.get_payload(decode=True)[:5] == b"%PDF-"
    assert [(row.channel, row.state) for row in ways(desk)] == [("portal", "delivered"), ("mail", "sent")]


def test_receipt_is_deemed_as_the_programme_counts(desk: Desk, postman: Postman) -> None:
    drain(desk, postman)

    assert the_letter(desk).notified_at == desk.now
    assert the_letter(desk).received_on == date(2026, 1, 14)


def test_a_mail_that_could_not_go_is_tried_again_and_is_the_same_message(desk: Desk, box: Box) -> None:
    with closing(_silent()) as silent:
        drain(desk, Postman("127.0.0.1", silent.getsockname()[1], "cartas@aduana.example", "none"))
    assert by_mail(desk).state == "queued"

    desk.now += timedelta(hours=1)
    with server(box) as port:
        drain(desk, Postman.of(f"smtp+plain://127.0.0.1:{port}", "cartas@aduana.example"))
        drain(desk, Postman.of(f"smtp+plain://127.0.0.1:{port}", "cartas@aduana.example"))

    assert by_mail(desk).state == "sent"
    assert len(box.taken) == 1
    assert incidents(desk) == []


def test_an_address_that_is_refused_is_an_incident_until_the_letter_arrives_otherwise(
    desk: Desk, box: Box, postman: Postman
) -> None:
    box.answer = "550 no such person"
    drain(desk, postman)
    assert (by_mail(desk).state, by_mail(desk).reason) == ("failed", "550 no such person")
    assert incidents(desk) == [("delivery", False)]

    box.answer = "250 OK"
    desk.now += timedelta(minutes=1)
    failed, letter = by_mail(desk), the_letter(desk)
    with begin(desk.database, desk.actor("irene"), desk.now) as work:
        with pytest.raises(Invalid):
            deliveries.again(work, letter.id, failed.id, "nowhere")
        deliveries.again(work, letter.id, failed.id, "direccion@lempa.example")
    drain(desk, postman)

    assert box.taken[0]["To"] == "direccion@lempa.example"
    assert by_mail(desk).state == "sent"
    assert incidents(desk) == [("delivery", True)]


def test_a_letter_that_came_back_is_handed_over_on_paper(desk: Desk, postman: Postman) -> None:
    drain(desk, postman)
    letter, portal = the_letter(desk), ways(desk)[0]
    with begin(desk.database, desk.actor("irene"), desk.now) as work:
        with pytest.raises(Conflict):
            deliveries.bounce(work, letter.id, portal.id, "x")
        deliveries.bounce(work, letter.id, by_mail(desk).id, "Buzón lleno.")
    assert incidents(desk) == [("delivery", False)]

    desk.now += timedelta(minutes=1)
    with begin(desk.database, desk.actor("irene"), desk.now) as work:
        deliveries.confirm(work, letter.id, "Copia firmada por recepción.")

    assert incidents(desk) == [("delivery", True)]
    assert ways(desk)[-1].channel == "paper"


def test_without_a_mail_server_the_mail_waits_and_it_is_said_why(desk: Desk) -> None:
    drain(desk, None)

    with look(desk.database, SYSTEM) as work:
        job = work.session.scalars(select(models.Outbox).where(models.Outbox.kind == deliveries.JOB)).one()
    assert (by_mail(desk).state, job.done_at) == ("queued", None)
    assert "MARCHAMO_MAIL" in str(job.last_error)


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(box: Box) -> None:
    with server(box) as port:
        strict = Postman.of(f"smtp://127.0.0.1:{port}", "a@b.example")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            strict.send(MAIL)

    assert box.taken == []


def test_a_letter_travels_encrypted_to_a_server_whose_name_is_proven(box: Box, tmp_path: Path) -> None:
    file = _certified(tmp_path)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(file)
    with server(box, tls_context=ours, require_starttls=True) as port:
        postman = Postman("localhost", port, "a@b.example", context=ssl.create_default_context(cafile=str(file)))
        assert postman.send(MAIL) == "<d1@b.example>"
        with pytest.raises(ssl.SSLCertVerificationError):
            Postman("localhost", port, "a@b.example").send(MAIL)

    assert len(box.taken) == 1


@pytest.mark.parametrize(("answer", "raised"), [("550 no", Refused), ("451 later", smtplib.SMTPRecipientsRefused)])
def test_only_a_no_for_good_is_a_refusal(box: Box, answer: str, raised: type[Exception]) -> None:
    box.answer = answer
    with server(box) as port:
        send = partial(Postman.of(f"smtp+plain://127.0.0.1:{port}", "a@b.example").send, MAIL)
        with pytest.raises(raised):
            send()


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp:x"])
def test_a_mail_server_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        Postman.of(url, "a@b.example")


def _certified(folder: Path) -> Path:
    """A key and a certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "localhost.pem"
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def _silent() -> socket.socket:
    """A port at which nobody listens."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    return one
