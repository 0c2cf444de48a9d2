"""Between the bytes of an XML file, in any encoding that XML allows, and the text that people edit."""

import codecs
import re
from typing import Final

_MARKS: Final = {  # the longer ones first: the mark of UTF-32 begins with that of UTF-16
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BEGINNINGS: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}  # XML 1.0, appendix F: a file without a mark begins so
_DECLARATION: Final = re.compile(r"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.\-]*)["']""", re.ASCII)
_BEGINNING: Final = 300  # bytes in which the declaration stands


def text(data: bytes) -> str:
    """The characters of the file as they are written, without a byte order mark; what is no character is marked."""
    mark, encoding = _how(data)
    try:
        return data[len(mark) :].decode(encoding, errors="replace")
    except (LookupError, UnicodeError):  # a codec that is none for text, such as base64
        return data.decode(errors="replace")


def encoded(text: str, like: bytes = b"") -> bytes:
    """The text as the bytes of a file in the encoding that it declares; as `like` is, where that declares the same.

    Text with a character that the encoding does not have becomes UTF-8, and says so.
    """
    declared = _declared(text)
    mark, encoding = _how(like) if like and _declared(_text_of(like)) == declared else (b"", _known(declared))
    try:
        return mark + text.encode(encoding)
    except (LookupError, UnicodeError):
        return universal(text)


def universal(text: str) -> bytes:
    """The text as UTF-8, which every tool reads, and declared as such."""
    return _DECLARATION.sub(lambda found: found[0].replace(found[1], "UTF-8"), text, count=1).encode()


def _text_of(data: bytes) -> str:
    return text(data[: 4 * _BEGINNING])


def _how(data: bytes) -> tuple[bytes, str]:
    """The byte order mark and the encoding of a file."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return mark, encoding
    return b"", _BEGINNINGS.get(data[:2]) or _known(_declared(data[:_BEGINNING].decode("ascii", "replace")))


def _declared(text: str) -> str:
    found = _DECLARATION.match(text)
    return found[1].lower() if found else "utf-8"


def _known(encoding: str) -> str:
    """The encoding, where it is one; else UTF-8, and reading the XML will refuse the declaration."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8"
