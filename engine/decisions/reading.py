"""From the XML of a DMN file (versions 1.2 to 1.5) to its decisions; what cannot be read is named with its place."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine import xml
from engine.decisions import boxes, order
from engine.decisions.boxes import Place
from engine.decisions.model import Decision, Fact, Logic, Model, Type
from engine.domain.errors import Invalid, Problem

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
_REQUIRED: Final = {"requiredDecision", "requiredInput", "requiredKnowledge"}
_REQUIREMENTS: Final = {"informationRequirement", "knowledgeRequirement"}
_MOST_ELEMENTS: Final = 60_000  # a table of 2,000 rules and ten columns, each cell an element with its text
_UNREADABLE: Final = "No decision could be read from this file."


def parse(data: bytes) -> Model:
    """The model in a DMN file; raises Invalid with the decisions, rules and columns that cannot be read."""
    root = xml.parse(data, _MOST_ELEMENTS)
    if xml.local(root) != "definitions" or xml.namespace(root) not in NAMESPACES:
        message = "The file is not a decision of DMN 1.2 to 1.5; choose a .dmn file."
        raise Invalid(_UNREADABLE, [Problem("line 1", message)])
    place = Place(str(root.get("id") or "definitions"), [])
    boxes.require_feel(root, place)
    model = Model(
        id=root.get("id", ""),
        name=boxes.words(root.get("name")),
        name_en=boxes.english(root),
        decisions={one.id: one for one in _decisions(root, place)},
        facts={one.id: one for one in _facts(root)},
        types=dict(_types(root)),
        order=(),
    )
    _require_whole(root, model, place)
    if place.problems:
        raise Invalid(_UNREADABLE, place.problems)
    return order.sorted_model(model)


def _decisions(root: etree._Element, place: Place) -> Iterator[Decision]:
    for node in boxes.children(root, "decision", "businessKnowledgeModel"):
        if node.get("id", "").strip():
            yield _decision(node, place.at(node.get("id", "")))
        else:
            place.refuse("The decision in line %(line)s has no id; give it one.", line=boxes.line(node))


def _decision(node: etree._Element, place: Place) -> Decision:
    variable = next(boxes.children(node, "variable"), None)
    name = boxes.words(node.get("name"))
    knowledge = xml.local(node) == "businessKnowledgeModel"
    return Decision(
        id=place.decision,
        name=name or place.decision,
        name_en=boxes.english(node),
        variable=(boxes.words(variable.get("name")) if variable is not None else "") or name or place.decision,
        type=boxes.type_of(variable) if variable is not None else "",
        logic=_function(node, place) if knowledge else _logic(node, place),
        requires=tuple(_required(node, place)),
        line=boxes.line(node),
        knowledge=knowledge,
    )


def _logic(node: etree._Element, place: Place) -> Logic | None:
    found = [child for child in node if xml.local(child) in boxes.BOXES]
    return boxes.read(found[0], place) if found else None


def _function(node: etree._Element, place: Place) -> Logic | None:
    inner = next(boxes.children(node, "encapsulatedLogic"), None)
    return boxes.function(inner, place) if inner is not None else None


def _required(node: etree._Element, place: Place) -> Iterator[str]:
    for requirement in boxes.children(node, *_REQUIREMENTS):
        for child in requirement:
            before, _hash, id_ = child.get("href", "").partition("#")
            if xml.local(child) in _REQUIRED and before:
                place.refuse("What the decision requires of another file does not run yet; put it into this one.")
            elif xml.local(child) in _REQUIRED:
                yield id_


def _facts(root: etree._Element) -> Iterator[Fact]:
    for node in boxes.children(root, "inputData"):
        variable = next(boxes.children(node, "variable"), None)
        name = boxes.words(node.get("name"))
        if variable is None:
            yield Fact(node.get("id", ""), name, "")
        else:
            yield Fact(node.get("id", ""), boxes.words(variable.get("name")) or name, boxes.type_of(variable))


def _types(root: etree._Element) -> Iterator[tuple[str, Type]]:
    for node in boxes.children(root, "itemDefinition"):
        yield boxes.words(node.get("name")), _type(node)


def _type(node: etree._Element) -> Type:
    base = next(boxes.children(node, "typeRef"), None)
    allowed = next(boxes.children(node, "allowedValues", "typeConstraint"), None)
    return Type(
        base=boxes.plain_type(base.text or "") if base is not None else "",
        parts={boxes.words(part.get("name")): _type(part) for part in boxes.children(node, "itemComponent")},
        several=node.get("isCollection") in {"true", "1"},
        allowed=boxes.text_in(allowed) if allowed is not None else "",
        function=any(True for _ in boxes.children(node, "functionItem")),
    )


def _require_whole(root: etree._Element, model: Model, place: Place) -> None:
    if any(True for _ in boxes.children(root, "import")):
        place.refuse("Imports of other files do not run yet; put what is imported into this file.")
    if not any(not decision.knowledge for decision in model.decisions.values()):
        place.refuse("The file has no decision; draw one.")
    ids = [node.get("id", "") for node in boxes.children(root, "decision", "businessKnowledgeModel", "inputData")]
    for id_ in sorted({id_ for id_ in ids if id_ and ids.count(id_) > 1}):
        place.at(id_).refuse("The id %(id)s is given to several decisions or inputs; give each its own.", id=id_)
    services = {node.get("id") for node in boxes.children(root, "decisionService")}
    for decision in model.decisions.values():
        for id_ in decision.requires:
            if id_ in services:
                place.at(decision.id).refuse("Decision services do not run yet; require the decision itself.")
            elif id_ not in model.decisions and id_ not in model.facts:
                message = "The decision requires %(id)s, which the file does not have; draw it or remove the line."
                place.at(decision.id).refuse(message, id=id_)
