"""Expressions in the languages of other engines are refused, with the FEEL to write where it can be told."""

import pytest

from tests.workflow.drawing import drawn, flow, node, path, properties, refused, task


def choice(condition: str, language: str = "", general: str = "") -> bytes:
    """A gateway with one condition in a language; the file says another for all."""
    inner = f"<conditionExpression{language}>{condition}</conditionExpression>"
    chosen = f'<sequenceFlow id="big" name="big" sourceRef="choose" targetRef="one">{inner}'
    body = (
        node("startEvent", "begin")
        + node("exclusiveGateway", "choose", attributes='default="choose__two"')
        + f"{chosen}<extensionElements>{properties(name_en='big')}</extensionElements></sequenceFlow>"
        + flow("choose", "two")
        + node("endEvent", "one")
        + node("endEvent", "two")
        + path("begin", "choose")
    )
    return drawn(body).replace(b'<definitions id="file"', f'<definitions id="file" {general}'.encode())


@pytest.mark.parametrize(
    ("condition", "instead"),
    [
        ("${amount > 100}", "=amount > 100"),
        ("#{approved == true &amp;&amp; !late}", "=approved = true and not(late)"),
        ("${country eq 'SV' or amount ge 5}", '=country = "SV" or amount >= 5'),
        ("${form.kind != 'x'}", '=form.kind != "x"'),
    ],
)
def test_an_expression_of_camunda_7_is_refused_with_what_to_write(condition: str, instead: str) -> None:
    said = refused(choice(condition))

    assert list(said) == ["big"]
    assert said["big"].endswith(f"(${{…}}); write {instead} instead.")


@pytest.mark.parametrize("condition", ["${execution.getVariable('x')}", "${checker.ok(amount)}", "${a ? b : c}"])
def test_what_only_the_other_engine_understands_is_refused_without_a_guess(condition: str) -> None:
    assert 'write it in FEEL, beginning with "="' in refused(choice(condition))["big"]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        (' language="javascript"', "javascript"),
        (' language="http://www.java.com/java"', "java"),
        (' language="http://www.w3.org/1999/XPath"', "XPath"),
    ],
)
def test_an_expression_that_says_another_language_is_refused(language: str, name: str) -> None:
    assert f"is not FEEL ({name})" in refused(choice("amount &gt; 100", language))["big"]


def test_a_file_may_say_another_language_for_what_does_not_say_its_own() -> None:
    general = 'expressionLanguage="http://www.w3.org/1999/XPath"'

    assert "is not FEEL (XPath)" in refused(choice("amount &gt; 100", general=general))["big"]
    assert refused(choice("=amount &gt; 100", general=general)) == {}
    assert refused(choice("amount &gt; 100", ' language="feel"', general)) == {}


@pytest.mark.parametrize("language", ["feel", "FEEL", "https://www.omg.org/spec/DMN/20191111/FEEL/"])
def test_feel_may_be_named(language: str) -> None:
    assert refused(choice("=amount &gt; 100", f' language="{language}"')) == {}


def test_a_period_is_no_expression_of_any_language() -> None:
    late = node(
        "intermediateCatchEvent",
        "late",
        inner="<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    )
    data = drawn(node("startEvent", "begin") + late + node("endEvent", "done") + path("begin", "late", "done"))

    assert refused(data.replace(b"<definitions", b'<definitions expressionLanguage="java"')) == {}


def test_also_the_facts_of_a_task_are_not_written_for_another_engine() -> None:
    said = '<zeebe:taskSchedule dueDate="${due}"/>'
    body = (
        node("startEvent", "begin") + task("look", said=said) + node("endEvent", "done") + path("begin", "look", "done")
    )

    assert "write =due instead" in refused(drawn(body))["look"]
