"""Forms, letters, criteria and the programme fit the diagrams that use them, in both languages."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine import checking, feel, forms, printing, releases
from engine.domain.errors import Invalid
from engine.workflow import Diagram, read
from tests.processes.drawings import FOLDER, NAMES
from tests.processes.walks import needs

FORMS = FOLDER.parent / "forms"
LETTERS = FORMS / "letters"
SET = FORMS / "criteria" / "wco.toml"
PROGRAMME = FOLDER / "programmes" / "sv.toml"
FORM_NAMES = sorted(path.name.removesuffix(".form.json") for path in FORMS.glob("*.form.json"))
LETTER_NAMES = sorted(path.stem for path in LETTERS.glob("D*.typ"))
# These are not tasks of a diagram: the operator's page sends them as the message that a running case waits for.
MESSAGE_FORMS = {"report_change", "report_incident", "withdraw_application", "withdraw_appeal"}
# What services answer and programmes say, where a gateway asks for it.
SAID_BY_SERVICES = {
    "silence": {"accepted", "granted", "refused", "none"},
    "decision_silence": {"granted", "refused", "none"},
    "extension_kind": {"extension", "general_extension", "criminal"},
}
SHIPPED = {
    (kind, path.name.removesuffix(ending)): path.read_bytes()
    for kind, (place, ending) in releases.SHIPPED.items()
    for path in sorted((FOLDER.parent / place).glob(f"*{ending}"))
}
DATED = {"letter": {"date": "2026-11-23"}}


def _diagram(name: str) -> Diagram:
    return read((FOLDER / f"{name}.bpmn").read_bytes())


def _schema(name: str) -> Mapping[str, object]:
    schema: Mapping[str, object] = json.loads((FORMS / f"{name}.form.json").read_text())
    return schema


def _components(part: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    inside = part.get("components", [])
    assert isinstance(inside, list)
    for one in inside:
        yield one
        yield from _components(one)


def _options(name: str) -> Iterator[tuple[str, set[object]]]:
    for one in _components(_schema(name)):
        values = one.get("values")
        if isinstance(values, list):
            yield str(one["key"]), {option["value"] for option in values}


def _rendered(name: str, **inputs: str) -> bytes:
    return printing.pdf({path.stem: path.read_bytes() for path in LETTERS.glob("*.typ")}, name, inputs)


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(("kind", "key"), SHIPPED)
def test_publication_has_nothing_to_complain_of(kind: str, key: str) -> None:
    assert list(checking.complaints(SHIPPED, kind, key)) == []


@pytest.mark.parametrize(
    ("process", "decision", "others"),
    [
        ("granting", "decide_on_proposal", {"write_proposal", "write_minutes", "write_report", "countersign_report"}),
        ("granting", "decide_after_hearing", {"write_proposal", "write_report", "answer_observations"}),
        ("validation", "countersign_report", {"write_report"}),
        ("validation", "verify_actions", {"propose_actions"}),
        ("reassessment", "decide_reassessment", {"report_reassessment", "write_reassessment_minutes"}),
        ("amendment", "decide_amendment", {"propose_amendment"}),
        ("renewal", "decide_renewal", {"review_renewal"}),
        ("renewal", "decide_renewal_heard", {"review_renewal"}),
        ("amendment", "decide_amendment_heard", {"propose_amendment"}),
        ("corrective_plan", "verify_plan", {"propose_plan", "carry_out_plan", "agree_plan"}),
        ("suspension", "decide_suspension", {"propose_suspension"}),
        ("suspension", "decide_lift", {"verify_measures"}),
        ("revocation", "decide_intention", {"propose_revocation", "advise_revocation"}),
        ("revocation", "decide_revocation", {"propose_revocation", "propose_suspension", "verify_measures"}),
    ],
)
def test_nobody_decides_on_their_own_work(process: str, decision: str, others: set[str]) -> None:
    assert others <= set(_diagram(process).elements[decision].not_by)


def test_every_form_is_used_and_every_form_used_exists() -> None:
    assert {form for name in NAMES for form in _diagram(name).forms} | MESSAGE_FORMS == set(FORM_NAMES)


@pytest.mark.parametrize("name", FORM_NAMES)
def test_a_form_can_be_read_by_the_server(name: str) -> None:
    form = forms.read((FORMS / f"{name}.form.json").read_bytes(), {"wco": SET.read_bytes()})

    assert form.id == name


@pytest.mark.parametrize("name", FORM_NAMES)
def test_a_form_begins_with_guidance_and_speaks_both_languages(name: str) -> None:
    schema = _schema(name)
    first, *_ = _components(schema)
    said = [schema, *_components(schema)]
    untranslated = [
        (one.get("id"), word)
        for one in said
        for word in ("label", "description", "text")
        if one.get(word) and not _properties(one).get(f"{word}_en")
    ]
    options = [option for one in said if isinstance(values := one.get("values"), list) for option in values]

    assert first["type"] == "text"
    assert untranslated == []
    assert [option for option in options if not (option.get("label") and option.get("label_en"))] == []
    assert {"title_es", "title_en"} <= set(_properties(schema))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_gateway_asks_for_can_be_answered_on_a_form(name: str) -> None:
    possible: dict[str, set[object]] = {key: set(values) for key, values in SAID_BY_SERVICES.items()}
    for form in FORM_NAMES:
        for key, values in _options(form):
            possible.setdefault(key, set()).update(values)

    asked = {
        (key, value)
        for flow in _diagram(name).flows.values()
        for key, value in re.findall(r'(\w+) !?= "(\w+)"', flow.condition or "")
    }

    assert {(key, value) for key, value in asked if value not in possible.get(key, set())} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_diagram_hands_every_letter_the_facts_it_needs(name: str) -> None:
    for element in _diagram(name).elements.values():
        given = {line.target: line.source for line in element.inputs}
        if element.service == "letters.issue":
            template = feel.evaluate(given["template"], {})
            facts = feel.evaluate(given["facts"], {"review_due": "2026-11-20"})

            assert template in LETTER_NAMES
            assert isinstance(facts, Mapping)
            assert needs(str(template)) <= set(facts)


@pytest.mark.parametrize("name", LETTER_NAMES)
def test_a_letter_becomes_an_archivable_and_accessible_pdf(name: str) -> None:
    reader = PdfReader(BytesIO(_rendered(name, sample=name)))
    stated = reader.xmp_metadata
    assert stated is not None
    xmp = stated.stream.get_data().decode()

    assert re.search(r"pdfaid:part>2<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert re.search(r"pdfuaid:part>1<", xmp)
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith(name.partition("_")[0])
    assert "Exportadora Lempa" in _text(_rendered(name, sample=name))


@pytest.mark.parametrize("path", sorted(LETTERS.glob("*.typ")), ids=lambda path: path.stem)
def test_a_letter_says_its_title_in_both_languages(path: Path) -> None:
    assert re.match(r"// título: .+ \| .+\n", path.read_text())


def test_a_letter_writes_its_dates_out_in_both_languages() -> None:
    text = _text(_rendered("D34_annual_self_assessment", sample="D34_annual_self_assessment"))

    assert "20 de diciembre de 2027" in text
    assert "20 December 2027" in text


def test_a_letter_without_a_fact_it_needs_is_not_written() -> None:
    with pytest.raises(Invalid, match="The letter D18 needs the fact withdrawn_on"):
        _rendered("D18_withdrawal", facts=json.dumps(DATED))


def test_what_people_wrote_stands_in_a_letter_as_they_wrote_it() -> None:
    typed = 'Falta #panic("x") y *esto* $x$ [nota] <etiqueta> @ref \\ fin'

    text = _text(_rendered("D04_non_acceptance", facts=json.dumps({**DATED, "reasons": typed})))

    assert typed in text.replace("\n", " ")


def test_the_criteria_cover_conditions_a_to_m_once_in_both_languages() -> None:
    listed = tomllib.loads(SET.read_text())["criteria"]
    codes = [one["code"] for one in listed]
    words = [f"{name}_{language}" for name in ("title", "short", "question", "evidence") for language in ("es", "en")]

    assert sorted({code[0] for code in codes}) == list("ABCDEFGHIJKLM")
    assert len(codes) == len(set(codes))
    assert all(one[word].strip() for one in listed for word in words)
    assert {one["level"] for one in listed} == {"must", "should"}
    assert {one["per"] for one in listed} == {"company", "site"}


def test_the_forms_ask_the_criteria_of_the_programme_and_list_none_of_their_own() -> None:
    codes = {one["code"] for one in tomllib.loads(SET.read_text())["criteria"]}
    asked = {name for name in FORM_NAMES if '"criteria": "programme"' in (FORMS / f"{name}.form.json").read_text()}
    offered = [values for name in FORM_NAMES for _key, values in _options(name)]

    assert {"assess_self", "assess_yearly", "review_application", "write_minutes", "write_report"} <= asked
    assert not any(codes & set(map(str, values)) for values in offered)


def test_the_programme_says_of_every_clock_on_what_basis_it_runs_and_what_is_assumed() -> None:
    programme = tomllib.loads(PROGRAMME.read_text())
    clocks = programme["clocks"]
    drawn = {element.clock for name in NAMES for element in _diagram(name).elements.values() if element.clock}

    assert drawn <= set(clocks)
    assert all(clock["unit"] in {"calendar", "working", "months", "years"} for clock in clocks.values())
    assert all(clock["legal_basis_es"] and clock["legal_basis_en"] for clock in clocks.values())
    assert all(isinstance(clock["assumption"], bool) for clock in clocks.values())


def test_the_start_form_offers_exactly_the_shipped_programmes_and_leaves_types_to_them() -> None:
    files = sorted(PROGRAMME.parent.glob("*.toml"))
    offered = dict(_options("start_application"))

    assert offered["programme"] == {file.stem for file in files}
    assert "types" not in offered  # they come from the programme that was chosen


def _properties(part: Mapping[str, object]) -> Mapping[str, object]:
    properties = part.get("properties", {})
    assert isinstance(properties, Mapping)
    return properties
