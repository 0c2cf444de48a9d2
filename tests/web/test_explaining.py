"""What the checks say of an expression is read in one's own language, the reason in it and the place as well."""

import pytest
from flask import g

from engine import checking
from tests.factories import a_diagram, a_form, a_line, user_task
from tests.web.form_pages import app
from web import words

SCORE = {"type": "number", "key": "score", "id": "score", "label": "Puntaje"}


def explained(script: str, language: str) -> list[str]:
    """What is said of a script after a task that asks for a score."""
    task = (
        '<bpmn:scriptTask id="made" name="made"><bpmn:extensionElements>'
        f'<zeebe:script expression="{script}" resultVariable="x"/></bpmn:extensionElements></bpmn:scriptTask>'
    )
    line = a_line(("rate", user_task("rate")), ("made", task))
    texts = {("form", "note"): a_form("note", SCORE), ("process", "trip"): a_diagram(line)}
    with app.test_request_context():
        g.language = language
        found = checking.complaints(texts, "process", "trip")
        return [words.explain(one.message, one.params) for one in found if "=" in str(one)]


@pytest.mark.parametrize(
    ("script", "language", "says"),
    [
        ("=score + &quot;a&quot;", "en", "«number + string is always null; convert one of the two.»"),
        (
            "=score + &quot;a&quot;",
            "es",
            "(script) de made es incorrecto en la línea 1, columna 2: «number + string siempre es nulo",
        ),
        ("=scor + 1", "es", "Nada da valor a scor antes de =scor + 1 (script) de made; ¿quiso decir score?"),
        ("=score +", "es", "no es FEEL en la línea 1, columna 9: Se esperaba"),
        ("=score +", "es", "pero la expresión termina aquí"),
    ],
)
def test_a_complaint_is_read_whole_in_the_readers_language(script: str, language: str, says: str) -> None:
    assert any(says in line for line in explained(script, language)), explained(script, language)


def test_a_place_is_called_by_its_name_with_what_it_maps_to() -> None:
    with app.test_request_context():
        g.language = "es"
        said = words.explain(
            "The %(what)s %(text)s is not FEEL: %(reason)s", {"what": "input kind", "text": "=", "reason": "x"}
        )

    assert said == "= (entrada kind) no es FEEL: x"
