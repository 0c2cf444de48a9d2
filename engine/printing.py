"""Typesetting: a template and its facts become a PDF/A-2a with UA-1 tags, in a folder of its own and without network."""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import typst

from engine.domain.errors import Invalid, Problem

STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]
_LINE: Final = re.compile(r"(?P<line>\d+):\d+")
_NO_GLYPH: Final = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
_ASCII: Final = 0x7E
_ESCAPED: Final = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}")
_FAR: Final = (
    0x0590  # up to here (Latin, Greek, Cyrillic) the fonts at hand lack single characters, beyond it whole scripts
)
ROUNDS: Final = 40


def pdf(templates: Mapping[str, bytes], key: str, inputs: Mapping[str, str]) -> bytes:
    """The template `key` (its file name without ending) typeset with `inputs`; it may import the other templates.

    What people typed and no font can show stands as its code, `[U+1F4E6]`: an archivable document must not have holes.
    Invalid, with what the typesetter says and where, for a template that cannot be typeset.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in templates.items():
            Path(folder, f"{name}.typ").write_bytes(content)
        for _round in range(ROUNDS):
            try:
                return _compiled(Path(folder), key, inputs)
            except typst.TypstError as error:
                shown = _with_codes(inputs, str(error))
                if shown == inputs:
                    raise Invalid("The letter cannot be typeset.", [_problem(key, error)]) from error
                inputs = shown
    raise Invalid("The letter cannot be typeset.", [Problem(key, "Too many of its characters cannot be shown.")])


def _compiled(folder: Path, key: str, inputs: Mapping[str, str]) -> bytes:
    made = typst.compile(
        folder / f"{key}.typ",
        root=folder,
        sys_inputs=dict(inputs),
        pdf_standards=[*STANDARDS],
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError(key)
    return made


def _with_codes(inputs: Mapping[str, str], said: str) -> Mapping[str, str]:
    """The inputs with the characters that the typesetter could not show, and others of their scripts, as their codes."""
    found = _NO_GLYPH.search(said)
    if found is None:
        return inputs
    missing = {ord(one) for one in _ESCAPED.sub(lambda code: chr(int(code["code"], 16)), found["text"])}
    scripts = {code >> 8 for code in missing if code >= _FAR}
    typed = {ord(one) for text in inputs.values() for one in text}
    strange = (code for code in typed if code > _ASCII and (code in missing or code >> 8 in scripts))
    table = {code: f"[U+{code:04X}]" for code in strange}
    return {name: text.translate(table) for name, text in inputs.items()}


def _problem(key: str, error: Exception) -> Problem:
    said = str(error).strip()
    place = _LINE.search(str(getattr(error, "diagnostic", "") or said))
    where = f"line {place['line']}" if place else key
    return Problem(where, "The typesetter says: %(reason)s", {"reason": said.splitlines()[0] if said else "?"})
