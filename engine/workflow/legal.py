"""What the standard lets tools write in several ways, rewritten in the tree into one: the plainest.

Readers, checks and canvas then meet one spelling of ids, references, booleans and definitions (BPMN 2.0.2, chapter 15:
the XML schema, whose types `ID`, `IDREF`, `QName` and `boolean` collapse white space).
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from engine import xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_REFERENCES = {"default", "calledElement", "bpmnElement"}
_TYPES_ELSEWHERE = {"structureRef", "evaluatesToTypeRef", "implementationRef", "itemRef", "resourceRef", "parameterRef"}
_TEXTS = {"incoming", "outgoing", "source", "target", "supports"}
_BOOLEANS = {
    "cancelActivity", "cancelRemainingInstances", "instantiate", "isClosed", "isCollection", "isExecutable", "isExpanded",
    "isForCompensation", "isHorizontal", "isInterrupting", "isMarkerVisible", "isSequential", "parallelMultiple",
    "testBefore", "triggeredByEvent", "waitForCompletion",
}  # fmt: skip
_NUMBERS = {"startQuantity", "completionQuantity", "loopMaximum", "maximum"}
_TRUTHS = {"1": "true", "0": "false"}
# Elements that the schema lets a document write for a more special one, which `xsi:type` then names.
_GENERAL = {"flowElement", "flowNode", "event", "catchEvent", "throwEvent", "activity", "task", "subProcess", "gateway"}
_GENERAL |= {"eventDefinition", "loopCharacteristics", "rootElement", "artifact", "baseElement"}


@dataclass(frozen=True, slots=True)
class _File:
    """What references are resolved against: the ids, and the namespaces whose names stand in other files."""

    ids: frozenset[str]
    elsewhere: frozenset[str]
    definitions: Mapping[str, etree._Element]

    def plain(self, node: etree._Element, reference: str) -> str:
        """A reference as the bare id; one into an imported file stays as it is, and leads nowhere."""
        ref = " ".join(reference.split())
        prefix, _, name = ref.rpartition(":")
        if not prefix or ref in self.ids or node.nsmap.get(prefix) in self.elsewhere:
            return ref
        return name


def simplify(root: etree._Element) -> bool:
    """Rewrites the tree in place; whether there was anything to rewrite."""
    changed = [_retyped(node) for node in list(_bpmn(root))]
    changed += [_collapsed(node, name) for node in _both(root) for name in ("id", *_BOOLEANS, *_NUMBERS)]
    file = _file(root)
    changed += [_resolved(node, file) for node in list(_both(root))]
    changed += [_defined(node, file) for node in list(root.iter(f"{{{BPMN}}}eventDefinitionRef"))]
    return any(changed)


def _bpmn(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(f"{{{BPMN}}}*")


def _both(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(f"{{{BPMN}}}*", f"{{{DI}}}*")


def _file(root: etree._Element) -> _File:
    imported = {node.get("namespace", "") for node in root if node.tag == f"{{{BPMN}}}import"}
    definitions = {node.get("id", ""): node for node in root if xml.local(node).endswith("EventDefinition")}
    ids = frozenset(node.get("id", "") for node in _bpmn(root))
    return _File(ids, frozenset(imported - {root.get("targetNamespace", "")}), definitions)


def _retyped(node: etree._Element) -> bool:
    """`<task xsi:type="tUserTask">` is a user task."""
    prefix, _, kind = " ".join(node.get(_TYPE, "").split()).rpartition(":")
    if xml.local(node) not in _GENERAL or not kind.startswith("t") or node.nsmap.get(prefix or None) != BPMN:
        return False
    node.tag = f"{{{BPMN}}}{kind[1:2].lower()}{kind[2:]}"
    del node.attrib[_TYPE]
    return True


def _collapsed(node: etree._Element, name: str) -> bool:
    before = node.get(name)
    if before is None:
        return False
    after = " ".join(before.split())
    if name in _BOOLEANS:
        after = _TRUTHS.get(after, after)
    return _set(node, name, before, after)


def _resolved(node: etree._Element, file: _File) -> bool:
    changed = False
    for name, value in list(node.attrib.items()):
        if name in _REFERENCES or (str(name).endswith("Ref") and name not in _TYPES_ELSEWHERE):
            changed |= _set(node, str(name), str(value), file.plain(node, str(value)))
    name = xml.local(node)
    if name in _TEXTS or (name.endswith(("Ref", "Refs")) and name not in _TYPES_ELSEWHERE):
        before = "".join(str(text) for text in node.itertext())
        after = file.plain(node, before)
        if before != after:
            node[:] = []
            node.text = after
            changed = True
    return changed


def _defined(node: etree._Element, file: _File) -> bool:
    """A definition that the event refers to takes the place of the reference; what leads nowhere stays."""
    found, event = file.definitions.get(node.text or ""), node.getparent()
    if found is None or event is None:
        return False
    copy = deepcopy(found)
    for part in _bpmn(copy):
        part.attrib.pop("id", "")
    copy.tail = node.tail
    event.replace(node, copy)
    return True


def _set(node: etree._Element, name: str, before: str, after: str) -> bool:
    if before != after:
        node.set(name, after)
    return before != after
