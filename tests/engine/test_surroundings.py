"""What publication knows of forms, services and decisions is what they do, and it says so to whoever changes them."""

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine import checking, outcomes, releases, services, surroundings
from engine.feel import typed
from engine.feel.printing import text_of
from tests.factories import a_diagram, a_form, a_line, flow, user_task

ROOT = Path(__file__).parents[2]
SHIPPED = {
    (kind, path.name.removesuffix(ending)): path.read_bytes()
    for kind, (place, ending) in releases.SHIPPED.items()
    for path in sorted((ROOT / place).glob(f"*{ending}"))
}
PROCESSES = [key for kind, key in SHIPPED if kind == "process"]
SCORE = {"type": "number", "key": "risk_score", "id": "risk_score", "label": "Puntaje"}


def gated(condition: str) -> bytes:
    gateway = '<bpmn:exclusiveGateway id="high" default="high_to_ended"/>'
    body = f'<bpmn:startEvent id="begun"/>{user_task("rate")}{gateway}{user_task("look")}<bpmn:endEvent id="ended"/>'
    body += flow("begun", "rate") + flow("rate", "high") + flow("high", "look", condition)
    return a_diagram(body + flow("high", "ended") + flow("look", "ended"))


def said(texts: dict[tuple[str, str], bytes], kind: str = "process", key: str = "trip") -> list[str]:
    found = checking.complaints(texts, kind, key)
    return [f"{one.severity} {one}" for one in found if "sets" in str(one) or "missing" in str(one)]


@pytest.mark.parametrize("process", PROCESSES)
def test_the_shipped_diagrams_name_nothing_that_is_not_set(process: str) -> None:
    words = ("Nothing sets", "nothing sets", "may be missing", "is wrong in line", "it must give")
    found = [str(one) for one in checking.complaints(SHIPPED, "process", process)]

    assert [line for line in found if any(word in line for word in words)] == []


def test_a_misspelt_answer_of_a_form_is_refused_before_a_case_finds_out() -> None:
    texts = {("form", "note"): a_form("note", SCORE), ("process", "trip"): gated("=risk_scor &gt; 3")}

    assert said(texts) == [
        "error high_to_look: Nothing sets risk_scor before the condition =risk_scor > 3 of high; did you mean risk_score?"
    ]
    assert said({**texts, ("process", "trip"): gated("=risk_score &gt; 3")}) == []


def test_whoever_takes_a_question_out_of_a_form_is_told_who_reads_its_answer() -> None:
    texts = {("form", "note"): a_form("note"), ("process", "trip"): gated("=risk_score &gt; 3")}

    (line,) = said(texts, "form", "note")

    assert line.startswith("warning trip/high_to_look: Nothing sets risk_score before")


def test_a_form_that_hides_by_what_the_case_does_not_know_is_told_at_the_task() -> None:
    hidden = {**SCORE, "conditional": {"hide": "=country = null"}}
    texts = {
        ("form", "note"): a_form("note", hidden),
        ("process", "trip"): a_diagram(a_line(("rate", user_task("rate")))),
    }

    (line,) = said(texts)

    assert line.startswith(
        "error rate: The form note names country (hide of risk_score), but nothing sets it before rate"
    )


def test_the_answers_of_a_form_have_kinds() -> None:
    fields = surroundings.facts(SHIPPED, ["start_application", "check_admissibility", "write_report"], {}).forms

    assert {name: text_of(kind) for name, kind in fields["check_admissibility"].fields.items()}
    assert fields["start_application"].fields["programme"] == typed.of_kind("string")
    assert fields["start_application"].fields["types"] == typed.list_of(typed.ANY)
    assert all(form.fields for form in fields.values())


def _literal_keys(function: Callable[..., object]) -> Iterator[str]:
    """The keys that the function writes out in what it returns."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    for value in returned:
        if isinstance(value, ast.Dict):
            yield from (key.value for key in value.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_what_services_are_said_to_answer_is_what_they_return() -> None:
    for service, answers in outcomes.ANSWERS.items():
        function = services.SERVICES[service]
        assert set(_literal_keys(function)) <= answers.keys(), service
        if "clocks.due(" in inspect.getsource(function):
            assert any(name.endswith("_due_at") for name in answers), service


def test_a_decision_tells_what_it_needs_and_answers() -> None:
    dmn = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">'
        b'<inputData id="in" name="risk_score"><variable name="risk_score" typeRef="number"/></inputData>'
        b'<decision id="level" name="level"><variable name="level" typeRef="string"/><informationRequirement>'
        b'<requiredInput href="#in"/></informationRequirement><decisionTable hitPolicy="FIRST"><input label="i">'
        b'<inputExpression typeRef="number"><text>risk_score</text></inputExpression></input><output name="o" typeRef="date"/>'
        b'<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>date("2026-01-01")</text></outputEntry></rule>'
        b"</decisionTable></decision></definitions>"
    )

    found = surroundings.facts({("decision", "levels"): dmn}, [], {"level": "levels"}).decisions["level"]

    assert (found.inputs, found.output) == ({"risk_score": typed.of_kind("number")}, typed.of_kind("string"))


def test_what_cannot_be_read_is_not_known() -> None:
    broken = {
        ("form", "odd"): b"{",
        ("decision", "odd"): b"<",
        ("form", "note"): json.dumps({"components": []}).encode(),
    }

    found = surroundings.facts(broken, ["odd", "note", "missing"], {"level": "odd"})

    assert (set(found.forms), found.decisions) == ({"note"}, {})
