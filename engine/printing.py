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


def pdf(templates: Mapping[str, bytes], key: str, inputs: Mapping[str, str]) -> bytes:
    """The template `key` (its file name without ending) typeset with `inputs`; it may import the other templates.

    Invalid, with what the typesetter says and where, for a template that cannot be typeset.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in templates.items():
            Path(folder, f"{name}.typ").write_bytes(content)
        try:
            made = typst.compile(
                Path(folder, f"{key}.typ"),
                root=Path(folder),
                sys_inputs=dict(inputs),
                pdf_standards=[*STANDARDS],
                ignore_system_fonts=True,
            )
        except typst.TypstError as error:
            raise Invalid("The letter cannot be typeset.", [_problem(key, error)]) from error
    if not isinstance(made, bytes):
        raise TypeError(key)
    return made


def _problem(key: str, error: Exception) -> Problem:
    said = str(error).strip()
    place = _LINE.search(str(getattr(error, "diagnostic", "") or said))
    where = f"line {place['line']}" if place else key
    return Problem(where, "The typesetter says: %(reason)s", {"reason": said.splitlines()[0] if said else "?"})
