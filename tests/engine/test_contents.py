"""A programme, its criteria and the diagrams go to work together: what one names, another has."""

from pathlib import Path

import pytest

from engine import checking, releases
from tests.workflow.drawing import drawn, node, path

ROOT = Path(__file__).parents[2]
SHIPPED = {
    (kind, file.name.removesuffix(ending)): file.read_bytes()
    for kind, (place, ending) in releases.SHIPPED.items()
    for file in sorted((ROOT / place).glob(f"*{ending}"))
}
EU = SHIPPED["programme", "eu"].decode()


def complaints(kind: str, key: str, content: str) -> dict[str, str]:
    """What publication would say, by key of the file or id of the element."""
    said = checking.complaints({**SHIPPED, (kind, key): content.encode()}, kind, key)
    return {one.where.rpartition(", ")[2]: str(one) for one in said}


@pytest.mark.parametrize(
    ("before", "after", "place", "said"),
    [
        ('set = "eu"', 'set = "moon"', "criteria[0].set", "There is no moon: choose one of eu, sv, wco."),
        ('template = "D17_refusal"', 'template = "D17_no"', "letters.D17.template", "There is no D17_no"),
        ('signatory = "analyst"', 'signatory = "king"', "letters.D05.signatory", "There is no king"),
        ("[signatories.analyst]", "[signatories.king]", "signatories.king", "There is no king"),
        ('criteria = ["2.1"]', 'criteria = ["99.9"]', "changes[10].criteria", "There is no 99.9"),
        ('id = "eu"', 'id = "europe"', "programme.id", "must keep the id eu"),
        ('= "risk_bands"', '= "no_table"', "decisions.risk_bands", "There is no no_table"),
        ('holidays = "BE"', 'holidays = "QQ"', "day_count.holidays", "No holidays are known for QQ."),
    ],
)
def test_a_programme_that_names_what_is_not_there_is_refused_with_its_key(
    before: str, after: str, place: str, said: str
) -> None:
    found = complaints("programme", "eu", EU.replace(before, after, 1))

    assert said in found[place]


def test_no_set_of_criteria_may_be_called_as_forms_call_those_of_the_programme() -> None:
    text = SHIPPED["criteria", "wco"].decode()

    assert "Choose another name" in complaints("criteria", "programme", text)["programme"]


@pytest.mark.parametrize("form", ["start_application", "report_change"])
def test_the_criteria_of_the_programme_are_not_asked_before_it_is_known(form: str) -> None:
    asks = f'{{"id": "{form}", "components": [{{"type": "group", "path": "a", "properties": {{"criteria": "programme"}}}}]}}'

    assert "not before it has begun" in complaints("form", form, asks)[form]


def test_a_process_does_not_start_with_a_form_that_asks_the_criteria_of_the_programme() -> None:
    text = SHIPPED["process", "application"].decode()

    found = complaints("process", "application", text.replace('formId="start_application"', 'formId="assess_self"'))

    assert any("not before it has begun" in one for one in found.values())


def test_a_set_keeps_the_criteria_that_a_programme_names() -> None:
    text = SHIPPED["criteria", "eu"].decode().replace('code = "2.1"', 'code = "2.9"')

    assert "The programme eu names the criterion 2.1; keep it." in complaints("criteria", "eu", text)["2.1"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('level = "info"', 'level = "nice"', "Write one of info, must, should."),
        ('per = "company"\n', 'per = "company"\nweight = 0\n', "from 1 to 10000"),
        ('per = "company"\n', 'per = "company"\nwieght = 2\n', "This key is not known here."),
        ('per = "company"\n', 'per = "company"\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01\n', "after the first"),
    ],
)
def test_a_criterion_is_checked_with_its_line(before: str, after: str, said: str) -> None:
    text = SHIPPED["criteria", "eu"].decode().replace(before, after, 1)

    found = [str(one) for one in checking.complaints({**SHIPPED, ("criteria", "eu"): text.encode()}, "criteria", "eu")]

    assert len(found) == 1
    assert found[0].startswith("line ")
    assert said in found[0]


def starting(clock: str) -> str:
    """A process that starts a clock by its name."""
    inputs = f'<zeebe:ioMapping><zeebe:input source="=&quot;{clock}&quot;" target="name"/></zeebe:ioMapping>'
    call = f'<extensionElements><zeebe:taskDefinition type="clocks.start"/>{inputs}</extensionElements>'
    middle = node("serviceTask", "begin_clock", inner=call)
    nodes = node("startEvent", "begin") + middle + node("endEvent", "finish")
    return drawn(nodes + path("begin", "begin_clock", "finish"))


def test_a_diagram_that_starts_a_clock_that_a_programme_lacks_is_refused() -> None:
    content = starting("investigation")
    found = checking.complaints({**SHIPPED, ("process", "test"): content}, "process", "test")

    said = [str(one) for one in found if "has no clock" in str(one)]
    assert "The programme sv has no clock investigation" in said[0]
    assert len(said) == 2  # the European one has it


def test_a_programme_keeps_the_clocks_that_diagrams_start() -> None:
    process = ("process", "test")
    text = EU.replace("[clocks.general_extension]", "[clocks.general_prolongation]")
    texts = {**SHIPPED, process: starting("general_extension"), ("programme", "eu"): text.encode()}

    found = {one.where.rpartition(", ")[2]: str(one) for one in checking.complaints(texts, "programme", "eu")}

    assert "starts this clock; write it." in found["clocks.general_extension"]
