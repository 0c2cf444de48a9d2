"""How this installation is set up: read once from the environment, never from code."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sqlalchemy import URL

from engine.mailing import Postman
from engine.signing import SEED, Signer
from engine.store.database import OFFICE_ZONE

CONTENT: Final = Path(__file__).parents[1]  # where bpmn/ and forms/ lie
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """`secret` signs the visitor's cookie; `secure` says that browsers reach us by HTTPS only.

    `signing_key` signs certificates (32 bytes in base64; empty: one that is kept in `data`); `mail` is the mail server as
    `smtp://user:password@host:587`, `mail_from` the address that letters come from; without a server no mail goes out.
    """

    data: Path
    database: str
    secret: str
    zone: str = OFFICE_ZONE
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    secure: bool = False
    upload_megabytes: int = 60
    signing_key: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)
    mail_from: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from `MARCHAMO_…` variables; what is not said falls back to a local installation in `.data`."""
        data = Path(environment.get("MARCHAMO_DATA", ".data")).resolve()
        return cls(
            data=data,
            database=environment.get("MARCHAMO_DATABASE") or local_database(data),
            secret=environment.get("MARCHAMO_SECRET") or _kept(data / "secret", secrets.token_urlsafe(48)),
            zone=environment.get("MARCHAMO_ZONE", OFFICE_ZONE),
            host=environment.get("MARCHAMO_HOST", "127.0.0.1"),
            port=int(environment.get("MARCHAMO_PORT", "8000")),
            threads=int(environment.get("MARCHAMO_THREADS", "8")),
            secure=environment.get("MARCHAMO_SECURE", "") == "1",
            upload_megabytes=int(environment.get("MARCHAMO_UPLOAD_MEGABYTES", "60")),
            signing_key=environment.get("MARCHAMO_SIGNING_KEY", ""),
            mail=environment.get("MARCHAMO_MAIL", ""),
            mail_from=environment.get("MARCHAMO_MAIL_FROM", ""),
        )

    def signer(self) -> Signer:
        """Who signs certificates here: the key given, or one made at random on the first use and kept with the data."""
        made = base64.b64encode(secrets.token_bytes(SEED)).decode()
        return Signer.of(self.signing_key or _kept(self.data / "signing-key", made))

    def postman(self) -> Postman | None:
        """Who hands letters to the mail server; None where none is set up."""
        return Postman.of(self.mail, self.mail_from) if self.mail else None


def local_database(data: Path) -> str:
    """The URL of the SQLite file in a data folder, which is made if it is missing."""
    data.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(data / "marchamo.db")).render_as_string()


def _kept(path: Path, made: str) -> str:
    """A secret of a local installation: `made` on its first run, readable by its owner only, and the same ever after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made
