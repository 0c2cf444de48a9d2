"""A file is what its bytes say; what is nothing we know is not kept."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.forms import files


def archive(*names: str, mimetype: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, b"<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.7 ...", files.PDF),
        ("a.PDF", b"%PDF-1.7 ...", files.PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n...", files.PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0...", files.JPEG),
        ("a.tif", b"II*\x00...", files.TIFF),
        ("a.tiff", b"MM\x00*...", files.TIFF),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), files.DOCX),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), files.XLSX),
        ("a.odt", archive("content.xml", mimetype=files.ODT.media_type.encode()), files.ODT),
        ("a.ods", archive("content.xml", mimetype=files.ODS.media_type.encode()), files.ODS),
        ("a.csv", "señor;1\n".encode("latin-1"), files.CSV),
        ("a.txt", "señor".encode(), files.TXT),
    ],
)
def test_each_kind_is_told_by_its_content(name: str, content: bytes, kind: files.FileKind) -> None:
    assert files.media_type(name, content) == kind.media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"MZ\x90\x00 a program"),
        ("a.exe", b"%PDF-1.7"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n..."),
        ("a.txt", b"\x00\x01"),
        ("a.html", b"<script>"),
        ("a.zip", archive("a.txt")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", archive("word/document.xml", "word/vbaProject.bin")),
        ("a.odt", archive("content.xml", mimetype=b"application/java-archive")),
    ],
)
def test_a_file_that_is_not_what_it_may_be_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        files.media_type(name, content)


def test_a_field_may_ask_for_fewer_kinds() -> None:
    with pytest.raises(Invalid, match=r"\.pdf"):
        files.media_type("a.png", b"\x89PNG\r\n\x1a\n...", (".pdf",))


def test_more_than_fifty_megabytes_are_refused() -> None:
    with pytest.raises(Invalid, match="50 MB"):
        files.media_type("a.txt", b"x" * (files.MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("C:\\Users\\yo\\libro.pdf", "libro.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e.pdf", "ab.pdf"),
        ("", "?"),
    ],
)
def test_a_name_is_shown_without_folders_or_tricks(sent: str, shown: str) -> None:
    assert files.shown_name(sent) == shown


@given(st.text(max_size=20), st.binary(max_size=200))
def test_any_file_is_told_or_refused(name: str, content: bytes) -> None:
    try:
        kind = files.media_type(name, content)
    except Invalid:
        return
    assert kind in {one.media_type for one in files.KINDS}
