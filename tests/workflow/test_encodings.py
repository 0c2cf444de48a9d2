"""Between bytes and text nothing of a file is lost: its encoding stays, and so does its byte order mark."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import xml
from engine.domain.errors import Invalid
from engine.workflow import encodings

TEXT = '<?xml version="1.0" encoding="{}"?>\n<a name="Añadir">señal</a>'
ENCODINGS = [
    ("UTF-8", "utf-8"),
    ("UTF-8", "utf-8-sig"),
    ("UTF-16", "utf-16"),
    ("UTF-16LE", "utf-16-le"),
    ("utf-16be", "utf-16-be"),
    ("UTF-32", "utf-32"),
    ("ISO-8859-1", "iso-8859-1"),
    ("windows-1252", "windows-1252"),
    ("gb18030", "gb18030"),
]


@pytest.mark.parametrize(("declared", "codec"), ENCODINGS)
def test_a_file_that_is_saved_again_is_the_same_file(declared: str, codec: str) -> None:
    data = TEXT.format(declared).encode(codec)

    text = encodings.text(data)

    assert text == TEXT.format(declared)
    assert encodings.encoded(text, data) == data


@pytest.mark.parametrize(("declared", "codec"), ENCODINGS)
def test_a_text_without_a_file_is_written_as_it_declares(declared: str, codec: str) -> None:
    data = encodings.encoded(TEXT.format(declared))

    assert xml.parse(data).text == "señal", codec


def test_a_mark_tells_the_encoding_where_nothing_is_declared() -> None:
    data = "\ufeff<a>señal</a>".encode("utf-16-be")

    assert encodings.encoded(encodings.text(data), data) == data


def test_a_character_that_the_encoding_lacks_makes_the_file_utf_8() -> None:
    data = TEXT.format("ISO-8859-1").encode("iso-8859-1")

    saved = encodings.encoded(encodings.text(data).replace("señal", "審査"), data)

    assert saved.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert xml.parse(saved).text == "審査"


@pytest.mark.parametrize("declared", ["klingon", "base64", "undefined", "rot13"])
def test_a_declaration_that_is_no_encoding_stays_for_the_reader_to_refuse(declared: str) -> None:
    text = TEXT.format(declared)

    assert encodings.text(text.encode()).startswith(f'<?xml version="1.0" encoding="{declared}"?>')
    with suppress(Invalid):
        xml.parse(encodings.encoded(text))


@given(st.binary(max_size=200))
def test_any_bytes_have_a_text(data: bytes) -> None:
    encodings.encoded(encodings.text(data), data)


@given(st.text(max_size=200))
def test_any_text_has_bytes(text: str) -> None:
    encodings.encoded(text.encode("utf-8", "replace").decode())
