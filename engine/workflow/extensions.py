"""The `zeebe:` facts of one diagram element: the part of Camunda 8's dialect that Marchamo reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine import xml
from engine.workflow.elements import Assignment

ZEEBE = "http://camunda.org/schema/zeebe/1.0"

# What is read, with its attributes; anything else in the namespace is handed on as unread, and the checks say so.
_READ: Mapping[str, frozenset[str]] = {
    "userTask": frozenset(),
    "formDefinition": frozenset({"formId", "bindingType"}),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "taskSchedule": frozenset({"dueDate"}),
    "ioMapping": frozenset(),
    "taskDefinition": frozenset({"type", "retries"}),
    "script": frozenset({"expression", "resultVariable"}),
    "calledElement": frozenset(
        {"processId", "propagateAllChildVariables", "propagateAllParentVariables", "bindingType"}
    ),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType"}),
    "subscription": frozenset({"correlationKey"}),
    "loopCharacteristics": frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    "properties": frozenset(),
    "adHoc": frozenset({"activeElementsCollection"}),
}

# What means something in one kind of element only.
_ONLY_IN: Mapping[str, str] = {"loopCharacteristics": "multiInstanceLoopCharacteristics", "subscription": "message"}
# The namespaces whose elements and attributes make other engines do something, by the prefix that they usually have.
_ENGINES: Mapping[str, str] = {
    ZEEBE: "zeebe",
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
    "http://www.jboss.org/drools": "drools",
}


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extension elements of one node: attributes by `element.attribute`, the lists, and what was not read.

    `unread` holds names of elements, `element attribute` for an attribute of one that is read, `@name` for an
    attribute of the node itself that another engine would read.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    unread: tuple[str, ...] = ()

    def text(self, name: str) -> str | None:
        """The attribute, or None where it is missing or blank."""
        return self.values.get(name, "").strip() or None

    def words(self, name: str) -> tuple[str, ...]:
        """A property that is a list of words between commas."""
        return tuple(word for part in self.properties.get(name, "").split(",") if (word := part.strip()))


def read(node: etree._Element) -> Extensions:
    """The facts in the `extensionElements` that are a direct child of `node`."""
    values: dict[str, str] = {}
    present: set[str] = set()
    properties: dict[str, str] = {}
    unread = [f"@{name}" for key in node.attrib if (name := _of_an_engine(str(key)))]
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    for child in _extension_elements(node):
        name = xml.local(child)
        if xml.namespace(child) != ZEEBE or name not in _READ or _ONLY_IN.get(name, xml.local(node)) != xml.local(node):
            unread.append(_qualified(child))
            continue
        present.add(name)
        unread += [f"zeebe:{name} {key}" for key in _plain(child) if key not in _READ[name]]
        values |= {f"{name}.{key}": value for key, value in _plain(child).items()}
        if name == "properties":
            properties |= {item.get("name", ""): item.get("value", "").strip() for item in child}
        elif name == "ioMapping":
            inputs += tuple(_assignments(child, "input"))
            outputs += tuple(_assignments(child, "output"))
    return Extensions(values, frozenset(present), properties, inputs, outputs, tuple(unread))


def _extension_elements(node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if xml.local(child) == "extensionElements":
            yield from child


def _plain(node: etree._Element) -> dict[str, str]:
    return {str(key): str(value) for key, value in node.attrib.items() if not str(key).startswith("{")}


def _of_an_engine(key: str) -> str:
    """The usual name of an attribute that an engine reads; empty for any other."""
    space, _, name = key.removeprefix("{").rpartition("}")
    return f"{_ENGINES[space]}:{name}" if space in _ENGINES else ""


def _qualified(node: etree._Element) -> str:
    if prefix := _ENGINES.get(xml.namespace(node)):
        return f"{prefix}:{xml.local(node)}"
    return f"{node.prefix}:{xml.local(node)}" if node.prefix else xml.local(node)


def _assignments(mapping: etree._Element, kind: str) -> Iterator[Assignment]:
    for line in mapping:
        if xml.local(line) == kind:
            yield Assignment(line.get("target", "").strip(), line.get("source", "").strip())
