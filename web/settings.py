"""How this installation is set up: read once from the environment, never from code."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from sqlalchemy import URL

from engine.store.database import OFFICE_ZONE

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """`secret` signs the visitor's cookie; `secure` says that browsers reach us by HTTPS only."""

    data: Path
    database: str
    secret: str
    zone: str = OFFICE_ZONE
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    secure: bool = False
    upload_megabytes: int = 60

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from `MARCHAMO_…` variables; what is not said falls back to a local installation in `.data`."""
        data = Path(environment.get("MARCHAMO_DATA", ".data")).resolve()
        return cls(
            data=data,
            database=environment.get("MARCHAMO_DATABASE") or local_database(data),
            secret=environment.get("MARCHAMO_SECRET") or _kept_secret(data),
            zone=environment.get("MARCHAMO_ZONE", OFFICE_ZONE),
            host=environment.get("MARCHAMO_HOST", "127.0.0.1"),
            port=int(environment.get("MARCHAMO_PORT", "8000")),
            threads=int(environment.get("MARCHAMO_THREADS", "8")),
            secure=environment.get("MARCHAMO_SECURE", "") == "1",
            upload_megabytes=int(environment.get("MARCHAMO_UPLOAD_MEGABYTES", "60")),
        )


def local_database(data: Path) -> str:
    """The URL of the SQLite file in a data folder, which is made if it is missing."""
    data.mkdir(parents=True, exist_ok=True)
    return URL.create("sqlite", database=str(data / "marchamo.db")).render_as_string()


def _kept_secret(data: Path) -> str:
    """The secret of a local installation: made at random on its first run, readable by its owner only."""
    path = data / "secret"
    data.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
