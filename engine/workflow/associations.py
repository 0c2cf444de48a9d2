"""Data as BPMN draws it: data objects are variables of their scope, data associations are mapping lines (10.4).

A data object, data store or property is known by its name (of a data object also the name of its first reference), or
by its id where the name is no FEEL name. An association copies, transforms or assigns; what it reads is what was there
before the activity began or after it ended, never what another association has just made.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from engine import xml
from engine.workflow.elements import Assignment

_NAME = re.compile(r"[^\W\d]\w*")
_THINGS = {"dataObject", "dataObjectReference", "dataStoreReference", "property"}
_SCOPES = {"process", "subProcess", "transaction", "adHocSubProcess"}
_PLACEHOLDER = "__targetRef_placeholder"  # bpmn.io's stand-in for an input that nobody declared
_SETS = ("inputSet", "outputSet")


def names(process: etree._Element) -> Mapping[str, str]:
    """The variable of each data object, reference, data store and property, by id."""
    things = [node for node in process.iter() if isinstance(node.tag, str) and xml.local(node) in _THINGS]
    found = {node.get("id", ""): _named(node) for node in things if xml.local(node) != "dataObjectReference"}
    for node in things:
        target = node.get("dataObjectRef", "").strip()
        if xml.local(node) == "dataObjectReference":
            said = node.get("name", "").strip()
            if found.get(target, target) == target and _NAME.fullmatch(said):
                found[target] = said
            found[node.get("id", "")] = found.get(target, _named(node))
    return MappingProxyType({id_: name for id_, name in found.items() if id_})


def declared(process: etree._Element) -> Mapping[str, tuple[str, ...]]:
    """The variables that live and die with the process or a sub-process in it, by its id."""
    known, found = names(process), {}
    for scope in process.iter():
        if isinstance(scope.tag, str) and xml.local(scope) in _SCOPES:
            inside = [node for node in scope if xml.local(node) in {"dataObject", "property"}]
            mine = [known[id_] for node in inside if (id_ := node.get("id"))]
            found[scope.get("id", "")] = tuple(dict.fromkeys(name for name in mine if name != _PLACEHOLDER))
    return MappingProxyType(found)


def stores(process: etree._Element) -> tuple[str, ...]:
    """The data stores that some association reads or writes; drawn without one, a store is a picture."""
    used = {(ref.text or "").strip() for ref in process.iter() if _is(ref, "sourceRef") or _is(ref, "targetRef")}
    drawn = [node.get("id", "") for node in process.iter() if _is(node, "dataStoreReference")]
    return tuple(id_ for id_ in drawn if id_ in used)


def inputs(node: etree._Element, known: Mapping[str, str]) -> tuple[Assignment, ...]:
    """The mapping lines into an activity or a thrown event."""
    own = {**_own(node, "dataInput"), **_own(node, "property")}
    return tuple(line for one in _associations(node, "dataInputAssociation")
                 for line in _lines(one, known, own) if line.target.partition(".")[0] != _PLACEHOLDER)  # fmt: skip


def outputs(node: etree._Element, known: Mapping[str, str]) -> tuple[Assignment, ...]:
    """The mapping lines out of an activity or a caught event; the output of a multi-instance is gathered by itself."""
    gathered = {(ref.text or "").strip() for ref in node.iter() if _is(ref, "loopDataOutputRef")}
    own = _own(node, "dataOutput")
    return tuple(line for one in _associations(node, "dataOutputAssociation") if not gathered & {*_texts(one, "sourceRef")}
                 for line in _lines(one, own, known))  # fmt: skip


def loop_data(node: etree._Element, known: Mapping[str, str]) -> Mapping[str, str]:
    """What a multi-instance says about data in BPMN's own words: its collection, item, results and result."""
    loop = next((child for child in node if _is(child, "multiInstanceLoopCharacteristics")), None)
    said: dict[str, str] = {}
    for part in () if loop is None else loop:
        name = xml.local(part)
        if name in {"inputDataItem", "outputDataItem"}:
            said[name] = _named(part)
        elif name in {"loopDataInputRef", "loopDataOutputRef"}:
            said[name] = _outside((part.text or "").strip(), node, known)
    return said


def faults(node: etree._Element) -> Iterator[str]:
    """The parts of an activity's data that do not run, by the names that people find them under."""
    for io in (child for child in node if _is(child, "ioSpecification")):
        yield from (f"ioSpecification with several {kind}" for kind in _SETS if sum(_is(one, kind) for one in io) > 1)
    for kind in ("dataInputAssociation", "dataOutputAssociation"):
        for one in _associations(node, kind):
            told = [child for child in one if xml.local(child) in {"transformation", "assignment"}]
            if len(_texts(one, "sourceRef")) > 1 and not told:
                yield f"{kind} with several sources and no transformation"


def _own(node: etree._Element, kind: str) -> dict[str, str]:
    holders = [node, *(child for child in node if _is(child, "ioSpecification"))]
    return {one.get("id", ""): _named(one) for holder in holders for one in holder if _is(one, kind)}


def _lines(association: etree._Element, sources: Mapping[str, str], targets: Mapping[str, str]) -> Iterator[Assignment]:
    target = next((targets[ref] for ref in _texts(association, "targetRef") if ref in targets), None)
    made = [_feel(text) for text in _texts(association, "transformation")]
    given = [part for part in association if _is(part, "assignment")]
    if not made and not given:
        made = [f"={sources[ref]}" for ref in _texts(association, "sourceRef") if ref in sources]
    if target is not None:
        yield from (Assignment(target, text, apart=True) for text in made[:1])
    for part in given:
        for source, to in zip(_texts(part, "from"), _texts(part, "to"), strict=False):
            yield Assignment(to.removeprefix("=").strip(), _feel(source), apart=True)


def _outside(ref: str, node: etree._Element, known: Mapping[str, str]) -> str:
    """The variable that a collection of a multi-instance comes from or goes to, through its association if need be."""
    for kind, own, far in (("dataInputAssociation", "targetRef", "sourceRef"),
                           ("dataOutputAssociation", "sourceRef", "targetRef")):  # fmt: skip
        for one in _associations(node, kind):
            if ref in _texts(one, own):
                return next((known[other] for other in _texts(one, far) if other in known), "")
    return known.get(ref, "")


def _associations(node: etree._Element, kind: str) -> list[etree._Element]:
    return [child for child in node if _is(child, kind)]


def _texts(node: etree._Element, name: str) -> list[str]:
    return [(child.text or "").strip() for child in node if _is(child, name) and (child.text or "").strip()]


def _feel(text: str) -> str:
    return text if text.startswith("=") else f"={text}"


def _is(node: etree._Element, name: str) -> bool:
    return isinstance(node.tag, str) and xml.local(node) == name


def _named(node: etree._Element) -> str:
    name = node.get("name", "").strip()
    return name if _NAME.fullmatch(name) or name == _PLACEHOLDER else node.get("id", "")
