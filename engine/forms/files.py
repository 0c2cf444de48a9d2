"""What kind of file somebody sent, told by its first bytes: neither its name nor the browser is believed."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from engine.domain.errors import Invalid

MAX_BYTES = 50 * 1024 * 1024
MAX_NAME = 200
MAX_MEMBERS = 10_000


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be evidence: its media type, and the endings its name may have."""

    media_type: str
    endings: tuple[str, ...]


PDF = FileKind("application/pdf", (".pdf",))
PNG = FileKind("image/png", (".png",))
JPEG = FileKind("image/jpeg", (".jpg", ".jpeg"))
TIFF = FileKind("image/tiff", (".tif", ".tiff"))
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",))
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",))
ODT = FileKind("application/vnd.oasis.opendocument.text", (".odt",))
ODS = FileKind("application/vnd.oasis.opendocument.spreadsheet", (".ods",))
CSV = FileKind("text/csv", (".csv",))
TXT = FileKind("text/plain", (".txt",))
KINDS = (PDF, PNG, JPEG, TIFF, DOCX, XLSX, ODT, ODS, CSV, TXT)

_FIRST_BYTES = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_OPEN_DOCUMENT = {kind.media_type.encode(): kind for kind in (ODT, ODS)}
_PROGRAM_PART = "vbaProject.bin"


def media_type(filename: str, content: bytes, accept: tuple[str, ...] = ()) -> str:
    """The media type of a file that may be kept; `accept` are the endings a field asks for, none meaning all.

    Raises:
        Invalid: for an empty or too large file, an unknown kind, a name that says another kind than the content, or macros.
    """
    name = shown_name(filename)
    if not content:
        raise Invalid("The file %(name)s is empty.", name=name)
    if len(content) > MAX_BYTES:
        raise Invalid("The file %(name)s is larger than %(limit)s MB.", name=name, limit=MAX_BYTES // 1024 // 1024)
    ending = PurePath(name).suffix.lower()
    kind = _kind(ending, content)
    if kind is None or (accept and not set(kind.endings) & set(accept)):
        raise Invalid(
            "The file %(name)s is not of a kind that can be attached here: %(kinds)s.", name=name, kinds=_list(accept)
        )
    if ending not in kind.endings:
        raise Invalid("The name of the file %(name)s should end in %(ending)s.", name=name, ending=kind.endings[0])
    return kind.media_type


def shown_name(filename: str) -> str:
    """The bare name, without folders or characters that no name needs."""
    bare = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in bare if char.isprintable() and char not in '<>:"|?*')[-MAX_NAME:].strip() or "?"


def _list(accept: tuple[str, ...]) -> str:
    return ", ".join(accept or [kind.endings[0] for kind in KINDS])


def _kind(ending: str, content: bytes) -> FileKind | None:
    for first, kind in _FIRST_BYTES:
        if content.startswith(first):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    if ending in CSV.endings + TXT.endings and _is_text(content):
        return CSV if ending in CSV.endings else TXT
    return None


def _office_kind(content: bytes) -> FileKind | None:
    """The kind of an office document, which is a ZIP: only its table of contents is read, nothing is unpacked but 100 bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MAX_MEMBERS or any(name.endswith(_PROGRAM_PART) for name in names):
                return None
            if names[:1] == ["mimetype"]:
                with archive.open("mimetype") as member:
                    return _OPEN_DOCUMENT.get(member.read(100).strip())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)


def _is_text(content: bytes) -> bool:
    """UTF-8, or the one-byte text that older spreadsheet programs still write: no control characters in either."""
    return not any(byte < 32 and byte not in (9, 10, 13) for byte in set(content))  # noqa: PLR2004 - below 32 lie the control characters
