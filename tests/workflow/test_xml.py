"""Hostile and broken files are refused with a place and a reason, and nothing else is ever raised."""

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import xml
from engine.domain.errors import Invalid

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
DOCTYPE = "DOCTYPE"

HOSTILE = {
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><x>&l9;</x>'.encode(), DOCTYPE),
    "laughs in an attribute": (f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><x a="&l9;"/>'.encode(), DOCTYPE),
    "external entity": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', DOCTYPE),
    "parameter entity": (b'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://example.org/e.dtd"> %e;]><x/>', DOCTYPE),
    "external subset": (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>', DOCTYPE),
    "harmless doctype": (b"<!DOCTYPE x><x/>", DOCTYPE),
    "doctype hidden by UTF-16": ('<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16"), DOCTYPE),
    "doctype hidden by UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x+AD4-<x/>', DOCTYPE),
    "undeclared entity": (b"<x>&e;</x>", "well-formed"),
    "20 MB": (b"<x>" + b"a" * 20_000_000 + b"</x>", "bytes"),
    "a thousand levels": (b'<s id="deep">' * 1_000 + b"</s>" * 1_000, "levels deep"),
    "a hundred thousand elements": (b"<x>" + b"<a/>" * 100_000 + b"</x>", "XML elements"),
    "a hundred thousand attributes": (
        b"<x " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
        "attributes",
    ),
    "undefined prefixes": (b"<x>" + b"<p:a/>" * 10_000 + b"</x>", "well-formed"),
    "no XML": (b"Dear Sir or Madam", "well-formed"),
    "binary": (bytes(range(256)) * 40, "well-formed"),
    "zero bytes": (b"\0" * 100, "empty"),
    "nothing": (b"", "empty"),
    "compressed": (gzip.compress(b"<x/>"), "well-formed"),
    "unclosed": (b"<x>\n<y>\n</x>", "well-formed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><x/>', "encoding"),
    "bytes that are not in the encoding": (b'<?xml version="1.0" encoding="UTF-8"?><x>a\xf1o</x>', "encoding"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_file_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        xml.parse(data)

    assert reason in str(refusal.value)


def test_the_refusal_of_deep_nesting_names_the_element() -> None:
    levels = "".join(f'<s id="sub_{n}">' for n in range(1_000))

    with pytest.raises(Invalid) as refusal:
        xml.parse(f"{levels}{'</s>' * 1_000}".encode())

    assert refusal.value.problems[0].where == f"sub_{xml.MAX_DEPTH}"


def test_the_refusal_of_broken_xml_names_the_line() -> None:
    with pytest.raises(Invalid) as refusal:
        xml.parse(b"<x>\n<y>\n</x>")

    assert refusal.value.problems[0].where == "line 3"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii", "gb18030"],
)
def test_every_encoding_that_xml_allows_is_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><x name="Añadir señal">Otorgación</x>'

    root = xml.parse(text.encode(encoding, "xmlcharrefreplace"))

    assert root.get("name") == "Añadir señal"
    assert root.text == "Otorgación"


def test_utf_16_is_known_by_its_byte_order_mark_alone() -> None:
    root = xml.parse("\ufeff<x>señal</x>".encode("utf-16-be"))

    assert root.text == "señal"


def test_comments_and_instructions_are_left_out() -> None:
    root = xml.parse(b'<?xml-stylesheet href="http://example.org/x.css"?><x><!-- a --><y/><?php b ?></x>')

    assert [child.tag for child in root] == ["y"]


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    with suppress(Invalid):
        xml.parse(data)
