"""The test cases of the DMN conformance kit (testCases.xsd): a folder of models and cases, run to the letter of the standard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from lxml import etree

from engine import feel, xml
from engine.decisions import boxes, deciding, order, reading
from engine.decisions.book import book
from engine.decisions.model import Model
from engine.decisions.told import plain
from engine.domain.errors import Invalid, Problem, Refusal

NEAR: Final = Decimal("1e-8")  # numbers are the same to eight places, as the kit's own runners have it
MOST_ELEMENTS: Final = 500_000
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NUMBERS: Final = frozenset(
    {"decimal", "double", "float", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"}
)
_READ: Final = {
    "date": feel.compile("date(text)"),
    "time": feel.compile("time(text)"),
    "dateTime": feel.compile("date and time(text)"),
    "duration": feel.compile("duration(text)"),
    "dayTimeDuration": feel.compile("duration(text)"),
    "yearMonthDuration": feel.compile("duration(text)"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One result that a test asks for: of which element, on which inputs, and what it is to be."""

    id: str
    name: str
    kind: str  # decision, decisionService or bkm
    invoked: str
    inputs: dict[str, object]
    expected: object
    error: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went: `passed` is None for one that was not run, and `reason` says why it was not, or why it failed."""

    file: Path
    case: Case
    passed: bool | None
    got: feel.Json = None
    reason: str = ""

    @property
    def expected(self) -> feel.Json:
        """The value that the case asks for, as plain JSON."""
        return plain(self.case.expected)


def files(folder: Path) -> list[Path]:
    """The files of test cases in a tree of folders, in order of their names; NotFound is the caller's to say."""
    return sorted(path for path in folder.rglob("*.xml") if _is_cases(path))


def run(file: Path, now: datetime) -> Iterator[Outcome]:
    """The outcomes of a file of test cases, in its order; its model and what that imports lie beside it."""
    root = xml.parse(file.read_bytes(), MOST_ELEMENTS)
    try:
        model = _model(root, file)
    except Refusal as refused:
        for case in _cases(root):
            yield Outcome(file, case, passed=False, reason=str(refused))
        return
    for case in _cases(root):
        yield _outcome(file, model, case, now)


def same(expected: object, found: object) -> bool:
    """Whether a value is the expected one: numbers to eight places, everything else as FEEL compares it."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return expected == found or abs(expected - found) < NEAR
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(one, found[key]) for key, one in expected.items())
    return feel.equal(expected, found, lambda _steps: None) is True


def _is_cases(path: Path) -> bool:
    try:
        return b"/testcase" in path.read_bytes()[:4000]
    except OSError:
        return False


def _model(root: etree._Element, file: Path) -> Model:
    named = next(boxes.children(root, "modelName"), None)
    name = (named.text or "").strip() if named is not None else ""
    path = file.parent / Path(name or f"{file.name.partition('-test-')[0]}.dmn").name
    if not path.is_file():
        raise Invalid("The test cases name a model that is not beside them.", [Problem("", path.name)])
    others = sorted(other for other in file.parent.glob("*.dmn") if other != path)
    return reading.read(path.read_bytes(), [other.read_bytes() for other in others])


def _cases(root: etree._Element) -> Iterator[Case]:
    for node in boxes.children(root, "testCase"):
        inputs = {one.get("name", ""): _value(one) for one in boxes.children(node, "inputNode")}
        for wanted in boxes.children(node, "resultNode"):
            expected = next(boxes.children(wanted, "expected"), None)
            yield Case(
                id=node.get("id", ""),
                name=wanted.get("name", ""),
                kind=node.get("type", "decision"),
                invoked=node.get("invocableName", ""),
                inputs=inputs,
                expected=_value(expected) if expected is not None else None,
                error=wanted.get("errorResult") in {"true", "1"},
            )


def _value(node: etree._Element) -> object:
    """The value in an element: one, a list, or the components of a context."""
    if node.get(_NIL) in {"true", "1"}:
        return None
    components = {one.get("name", ""): _value(one) for one in boxes.children(node, "component")}
    if components:
        return components
    items = next(boxes.children(node, "list"), None)
    if items is not None:
        return None if items.get(_NIL) == "true" else [_value(one) for one in boxes.children(items, "item")]
    value = next(boxes.children(node, "value"), None)
    return _plain_value(value) if value is not None and value.get(_NIL) not in {"true", "1"} else None


def _plain_value(node: etree._Element) -> object:
    text, kind = node.text or "", node.get(_TYPE, "string").rpartition(":")[2]
    if kind in _NUMBERS:
        try:
            return feel.from_json(Decimal(text.strip()))
        except InvalidOperation:
            return text
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    return _READ[kind]({"text": text.strip()}) if kind in _READ else text


def _outcome(file: Path, model: Model, case: Case, now: datetime) -> Outcome:
    id_ = _asked(model, case)
    if id_ is None:
        return Outcome(file, case, passed=False, reason=f"The model has no {case.kind} {case.invoked or case.name}.")
    try:
        found = deciding.evaluate(model, id_, case.inputs, now)
    except (Refusal, feel.FeelError) as error:
        return Outcome(file, case, passed=case.error and case.expected is None, reason=str(error))
    if case.kind == "decisionService" and isinstance(found, dict) and len(model.services[id_].outputs) > 1:
        found = found.get(case.name)
    if same(case.expected, found) or (case.error and found is None):
        return Outcome(file, case, passed=True, got=plain(found))
    outside = book(model).outside(_needed(model, id_))
    if outside:
        reason = f"It calls code outside FEEL ({', '.join(outside)}), which does not run here."
        return Outcome(file, case, passed=None, got=plain(found), reason=reason)
    return Outcome(file, case, passed=False, got=plain(found))


def _asked(model: Model, case: Case) -> str | None:
    """The id of what the case asks; a decision by its name, else one of an imported file."""
    if case.kind == "decisionService":
        wanted = case.invoked or case.name
        return next((one.id for one in model.services.values() if wanted in {one.name, one.variable}), None)
    wanted = case.invoked if case.kind == "bkm" and case.invoked else case.name
    found = [one for one in model.decisions.values() if wanted in {one.name, one.variable}]
    found.sort(key=lambda one: (bool(one.home), one.knowledge != (case.kind == "bkm"), one.name != wanted))
    if found:
        return found[0].id
    return next((one.id for one in model.services.values() if one.name == wanted), None)


def _needed(model: Model, id_: str) -> Sequence[str]:
    if id_ in model.services:
        return order.needed(model, *model.services[id_].outputs)
    return order.needed(model, id_)
