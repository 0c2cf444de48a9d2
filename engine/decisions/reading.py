"""From the XML of a DMN file (versions 1.1 to 1.5) and those it imports to decisions; what cannot be read is named with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from lxml import etree

from engine import xml
from engine.decisions import boxes, imports, order
from engine.decisions.boxes import Place
from engine.decisions.imports import File
from engine.decisions.model import Decision, Fact, Home, Logic, Model, Service
from engine.domain.errors import Invalid, Problem

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
_REQUIRED: Final = {"requiredDecision", "requiredInput", "requiredKnowledge"}
_REQUIREMENTS: Final = {"informationRequirement", "knowledgeRequirement"}
_UNREADABLE: Final = "No decision could be read from this file."


def parse(data: bytes, beside: Iterable[bytes] = ()) -> Model:
    """The model in a DMN file; `beside` are the files among which its imports are found, by their namespaces.

    Raises Invalid with the decisions, rules, columns and imports that cannot be read.
    """
    model = read(data, beside)
    if model.problems:
        raise Invalid(_UNREADABLE, model.problems)
    return model


def read(data: bytes, beside: Iterable[bytes] = ()) -> Model:
    """As `parse`, but what is wrong with single decisions is among the model's `problems`, and does not end the reading.

    Raises Invalid for what is no DMN file at all, and where decisions require one another in a circle.
    """
    root = _root(data)
    place = Place(str(root.get("id") or "definitions"), [])
    wanted = any(True for _ in boxes.children(root, "import"))
    file = imports.tree(root, _readable(beside if wanted else ()), place)
    files = list(file.all())
    for one in files:
        boxes.require_feel(one.root, place)
    model = Model(
        id=root.get("id", ""),
        name=boxes.words(root.get("name")),
        name_en=boxes.english(root),
        decisions={one.id: one for one in chain.from_iterable(_decisions(each, place) for each in files)},
        facts={one.id: one for one in chain.from_iterable(map(_facts, files))},
        services={one.id: one for one in chain.from_iterable(_services(each, place) for each in files)},
        homes={one.key: Home(one.path, one.namespace, dict(one.types)) for one in files},
    )
    _require_whole(root, model, place)
    return order.sorted_model(replace(model, problems=tuple(place.problems)))


def _root(data: bytes) -> etree._Element:
    root = xml.parse(data, imports.MOST_ELEMENTS)
    if xml.local(root) != "definitions" or xml.namespace(root) not in NAMESPACES:
        message = "The file is not a decision of DMN 1.1 to 1.5; choose a .dmn file."
        raise Invalid(_UNREADABLE, [Problem("line 1", message)])
    return root


def _readable(beside: Iterable[bytes]) -> Iterator[etree._Element]:
    """The files that can be read; one that cannot is as good as missing, and an import of it says so."""
    for data in beside:
        try:
            yield _root(data)
        except Invalid:
            continue


def _decisions(file: File, place: Place) -> Iterator[Decision]:
    for node in boxes.children(file.root, "decision", "businessKnowledgeModel"):
        if node.get("id", "").strip():
            yield _decision(file, node, place.at(file.id(node.get("id", ""))))
        else:
            place.refuse("The decision in line %(line)s has no id; give it one.", line=boxes.line(node))


def _decision(file: File, node: etree._Element, place: Place) -> Decision:
    variable = next(boxes.children(node, "variable"), None)
    name = boxes.words(node.get("name"))
    knowledge = xml.local(node) == "businessKnowledgeModel"
    return Decision(
        id=place.decision,
        name=name or node.get("id", ""),
        name_en=boxes.english(node),
        variable=(boxes.words(variable.get("name")) if variable is not None else "") or name or node.get("id", ""),
        type=boxes.type_of(variable) if variable is not None else "",
        logic=_function(node, place) if knowledge else _logic(node, place),
        requires=tuple(_required(file, node, place)),
        line=boxes.line(node),
        knowledge=knowledge,
        home=file.key,
    )


def _logic(node: etree._Element, place: Place) -> Logic | None:
    found = [child for child in node if xml.local(child) in boxes.BOXES]
    return boxes.read(found[0], place) if found else None


def _function(node: etree._Element, place: Place) -> Logic | None:
    inner = next(boxes.children(node, "encapsulatedLogic"), None)
    return boxes.function(inner, place) if inner is not None else None


def _required(file: File, node: etree._Element, place: Place) -> Iterator[str]:
    for requirement in boxes.children(node, *_REQUIREMENTS):
        for child in requirement:
            if xml.local(child) in _REQUIRED:
                yield from _meant(file, child, place)


def _meant(file: File, node: etree._Element, place: Place) -> Iterator[str]:
    """The id of what the element refers to, unless that is in a file that is not imported."""
    href = node.get("href", "")
    meant = file.meant(href)
    if meant is None:
        message = "Line %(line)s refers to %(href)s, which is in no file that is imported; import it."
        place.refuse(message, line=boxes.line(node), href=href)
    else:
        yield meant


def _facts(file: File) -> Iterator[Fact]:
    for node in boxes.children(file.root, "inputData"):
        variable = next(boxes.children(node, "variable"), None)
        name, id_ = boxes.words(node.get("name")), file.id(node.get("id", ""))
        if variable is None:
            yield Fact(id_, name, "", file.key)
        else:
            yield Fact(id_, boxes.words(variable.get("name")) or name, boxes.type_of(variable), file.key)


def _services(file: File, place: Place) -> Iterator[Service]:
    for node in boxes.children(file.root, "decisionService"):
        variable = next(boxes.children(node, "variable"), None)
        name, id_ = boxes.words(node.get("name")), file.id(node.get("id", ""))

        def ids(*tags: str, node: etree._Element = node, id_: str = id_) -> tuple[str, ...]:
            found = (_meant(file, child, place.at(id_)) for tag in tags for child in boxes.children(node, tag))
            return tuple(chain.from_iterable(found))

        yield Service(
            id=id_,
            name=name or node.get("id", ""),
            name_en=boxes.english(node),
            variable=(boxes.words(variable.get("name")) if variable is not None else "") or name or node.get("id", ""),
            type=boxes.type_of(variable) if variable is not None else "",
            inputs=ids("inputData", "inputDecision"),
            outputs=ids("outputDecision"),
            encapsulated=ids("encapsulatedDecision"),
            line=boxes.line(node),
            home=file.key,
        )


def _require_whole(root: etree._Element, model: Model, place: Place) -> None:
    if not any(not decision.knowledge for decision in model.decisions.values()):
        place.refuse("The file has no decision; draw one.")
    nodes = boxes.children(root, "decision", "businessKnowledgeModel", "inputData", "decisionService")
    ids = [node.get("id", "") for node in nodes]
    for id_ in sorted({id_ for id_ in ids if id_ and ids.count(id_) > 1}):
        place.at(id_).refuse("The id %(id)s is given to several decisions or inputs; give each its own.", id=id_)
    known = model.decisions.keys() | model.facts.keys() | model.services.keys()
    for decision in model.decisions.values():
        for id_ in sorted(set(decision.requires) - known):
            message = "The decision requires %(id)s, which the file does not have; draw it or remove the line."
            place.at(decision.id).refuse(message, id=id_)
    for service in model.services.values():
        if not service.outputs:
            place.at(service.id).refuse("The decision service answers nothing; give it an output decision.")
        for id_ in sorted({*service.inputs, *service.outputs, *service.encapsulated} - known):
            message = "The decision service names %(id)s, which the file does not have; draw it or remove it there."
            place.at(service.id).refuse(message, id=id_)
