"""Mail: one message with one document, handed to a mail server over TLS; what the server said decides what is recorded."""

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from engine.domain.errors import Invalid

TIMEOUT: Final = 30  # seconds; less than the lease of a job
PERMANENT: Final = 500  # from here on the server will not change its mind
PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class Refused(Exception):  # noqa: N818 - the server's "no", not a fault of ours
    """The mail server will never take this message for this address; its sentence says why."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent: `id` makes the message the same however often it is tried."""

    id: str
    to: str
    subject: str
    text: str
    filename: str
    content: bytes
    kind: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Postman:
    """A mail server and the address that letters come from.

    `tls` is `implicit` (smtps), `starttls` (smtp: refused if the server has none) or `none` (smtp+plain, for a relay on
    the same machine).
    """

    host: str
    port: int
    sender: str
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, url: str, sender: str) -> Self:
        """From `smtp://user:password@host:587`, `smtps://…` or `smtp+plain://…`; Invalid for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or "@" not in sender:
            raise Invalid("The mail server is written smtp://user:password@host:587, and the sender as an address.")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            sender=sender,
            tls={"smtp": "starttls", "smtps": "implicit", "smtp+plain": "none"}[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def message_id(self, id_: str) -> str:
        """The Message-ID of a delivery: the same at each try, so that a receiver sees one message."""
        return f"<{id_}@{self.sender.rpartition('@')[2].rstrip('>')}>"

    def send(self, mail: Mail) -> str:
        """Hands the message over and returns its Message-ID; Refused where the server says no for good.

        Whatever else goes wrong (no server, no TLS, "try again later") rises, and is tried again.
        """
        message = self._message(mail)
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            _judge(code, said, error)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            _judge(error.smtp_code, error.smtp_error, error)
        return str(message["Message-ID"])

    @contextmanager
    def _connected(self) -> Generator[smtplib.SMTP]:
        context = self.context or ssl.create_default_context()
        if self.tls == "implicit":
            with smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context) as server:
                yield server
            return
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
            if self.tls == "starttls":
                server.starttls(context=context)
            yield server

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["Message-ID"] = self.message_id(mail.id)
        message["From"], message["To"], message["Subject"] = self.sender, mail.to, mail.subject
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
        message.set_content(mail.text)
        maintype, _slash, subtype = mail.kind.partition("/")
        message.add_attachment(mail.content, maintype=maintype, subtype=subtype, filename=mail.filename)
        return message


def _judge(code: int, said: bytes | str, error: Exception) -> None:
    """Raises Refused for a "no" that stays, else what the server's answer already is."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    if code >= PERMANENT:
        raise Refused(f"{code} {text}") from error
    raise error
