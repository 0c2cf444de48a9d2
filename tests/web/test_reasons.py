"""A reason inside a sentence is in the reader's language as well."""

import json

import pytest

from engine import feel
from engine.domain.wording import Phrase, stored
from web import words

SPANISH = "Línea 1, columna 4: Se esperaba un valor, pero la expresión termina aquí."


def _fault() -> feel.FeelError:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile("1 +")
    return caught.value


def test_an_expression_that_cannot_be_read_is_told_in_spanish_with_its_place() -> None:
    told = _fault().told

    assert words.explain(told.message, told.params) == SPANISH
    assert str(told) == "Line 1, column 4: a value was expected, but the expression ends here."


def test_a_reason_that_was_stored_is_still_told_in_spanish() -> None:
    kept = json.loads(json.dumps({"text": "1 +", "reason": stored(_fault().told)}))

    assert words.explain("The expression %(text)s failed: %(reason)s", kept) == f"La expresión 1 + falló: {SPANISH}"


def test_a_condition_that_publication_refuses_says_its_kind_and_its_reason_in_spanish() -> None:
    kinds = {"what": Phrase("due date"), "text": "=1 +", "line": 1, "column": 4, "reason": _fault().reason}
    message = "The %(what)s %(text)s is not FEEL in line %(line)s, column %(column)s: %(reason)s"

    said = words.explain(message, kinds)

    assert said == (
        "=1 + (fecha límite) no es FEEL en la línea 1, columna 4: Se esperaba un valor, pero la expresión termina aquí."
    )
