"""A letter's template reaches other letters and nothing else: every way to a package or to code from text is refused."""

from pathlib import Path

import pytest

from engine.domain import templates
from engine.domain.errors import Invalid

LETTERS = sorted((Path(__file__).parents[2] / "forms" / "letters").glob("*.typ"))
PACKAGE = '"@preview/cetz:0.3.4"'


@pytest.mark.parametrize("file", LETTERS, ids=lambda file: file.stem)
def test_every_shipped_letter_takes_from_letters_only(file: Path) -> None:
    templates.require_local(file.read_bytes())


# Each of these made the typesetter reach for the network when it was tried.
@pytest.mark.parametrize(
    "source",
    [
        f"#import {PACKAGE}",
        f"#import {PACKAGE}: *",
        f"#include {PACKAGE}",
        f"#import/**/{PACKAGE}",
        f"#let name = {PACKAGE}\n#import name: *",
        f'#{{import "b.typ"\n.replace("b.typ", {PACKAGE})}}',
        f'#{{(import "b.typ"\n.replace("b.typ", {PACKAGE}))}}',
        f"#{{let x = not import {PACKAGE}}}",
        f"#{{return import {PACKAGE}}}",
        f"#{{let f() = import {PACKAGE}; f()}}",
        f"#{{1 + import {PACKAGE}}}",
        f"#show: import {PACKAGE}",
        f"#context import {PACKAGE}",
        f"#{{return include {PACKAGE}}}",
        '#eval("import " + fact("reasons"))',
        "#let run = eval",
        '#dictionary(std).at("ev" + "al")("1 + 1")',
        '#plugin("x.wasm")',
        '#import "../other/letter.typ"',
        '#import "/etc/passwd.typ"',
        '#import "_letter.typ" + "x"',
        "#import sys",
        f"word\u2028import {PACKAGE}",
    ],
)
def test_what_could_load_or_run_something_else_is_refused(source: str) -> None:
    with pytest.raises(Invalid):
        templates.require_local(source.encode())


@pytest.mark.parametrize(
    "source",
    [
        '#import "_letter.typ": fact, letter, day-of',
        '  #import "_letter.typ"',
        "The goods that you import under this certificate",
        "Please include the seal log.",
        "The importer imports; included are all evaluations and standards.",
        "exportación e importación",
        "#let reimport = 1",
        "#let import-duty = 2",
        '#fact("standard")',
    ],
)
def test_plain_words_and_local_imports_pass(source: str) -> None:
    templates.require_local(source.encode())


def test_every_line_that_is_wrong_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        templates.require_local(b'= Title\n#eval("1")\ntext\n#include "x"\n')

    assert [problem.where for problem in refused.value.problems] == ["line 2", "line 4"]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Invalid):
        templates.require_local(b"\xff\xfe")
