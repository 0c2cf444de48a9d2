"""Every shipped letter is an archivable and accessible document, as veraPDF judges it and as its own structure shows."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from engine import printing

ROOT: Final = Path(__file__).parents[2]
LETTERS: Final = ROOT / "forms" / "letters"
JARS: Final = ROOT / ".cache" / "verapdf"
TEMPLATES: Final = {path.stem: path.read_bytes() for path in LETTERS.glob("*.typ")}
NAMES: Final = sorted(name for name in TEMPLATES if not name.startswith("_"))


def rendered(name: str) -> bytes:
    return printing.pdf(TEMPLATES, name, {"sample": name})


def table(value: object) -> DictionaryObject:
    found = value.get_object() if isinstance(value, IndirectObject) else value
    assert isinstance(found, DictionaryObject)
    return found


def test_verapdf_finds_every_letter_compliant(tmp_path: Path) -> None:
    java = shutil.which("java")
    assert java, "the set-up brings Java: make .cache/verapdf/.done"
    files = [tmp_path / f"{name}.pdf" for name in NAMES]
    for file in files:
        file.write_bytes(rendered(file.stem))

    command = [java, "-cp", f"{JARS}/*", str(ROOT / "tests" / "verapdf" / "Validate.java"), *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603 - our own

    assert [line for line in said if not line.startswith("ok ")] == []
    assert len(said) == 2 * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_tagged_in_its_language_and_brings_its_fonts_and_colours(name: str) -> None:
    reader = PdfReader(BytesIO(rendered(name)))
    catalogue = table(reader.trailer["/Root"])

    assert table(catalogue["/MarkInfo"])["/Marked"] == True  # noqa: E712 - a boolean of the file
    assert "/StructTreeRoot" in catalogue
    assert str(catalogue["/Lang"]).startswith("es")
    assert catalogue["/OutputIntents"]
    assert table(catalogue["/ViewerPreferences"])["/DisplayDocTitle"] == True  # noqa: E712 - likewise
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(table(catalogue.get("/Names", DictionaryObject())))
    assert "/OpenAction" not in catalogue
    for page in reader.pages:
        for font in table(table(page["/Resources"])["/Font"]).values():
            inner = table(font)["/DescendantFonts"][0]
            descriptor = table(table(inner)["/FontDescriptor"])
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_a_letter_says_what_it_is(name: str) -> None:
    reader = PdfReader(BytesIO(rendered(name)))
    figures = [
        one
        for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1)
        if isinstance(one := reader.get_object(number), DictionaryObject) and one.get("/S") == "/Figure"
    ]

    assert figures
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
