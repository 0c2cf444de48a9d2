"""How often an activity is done, as the diagram says it: loops, multi-instances, quantities, ad-hoc choices."""

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine import xml
from engine.workflow import extensions
from engine.workflow.elements import AdHoc, Announced, Event, EventKind, Loop
from engine.workflow.extensions import Extensions

Definition = Callable[[etree._Element], Event | None]  # noqa: SLF001 - so lxml calls its type

_TOKENS = 4  # digits of a quantity: more than a thousand tokens at once are no process
_DIGITS = 6  # of a limit of turns: the budget of steps ends a loop long before
_EACH, _FIRST = "true", "numberOfCompletedInstances = 1"
_REFERENCES = {"None": ("noneBehaviorEventRef", _EACH), "One": ("oneBehaviorEventRef", _FIRST)}


def read(node: etree._Element, definition: Definition, data: Mapping[str, str]) -> Loop | None:
    """The loop of an activity; `definition` finds the event definition inside of an element, or that its text names.

    `data` is what BPMN's own data elements of the loop say; Camunda's extension comes before it.
    """
    for child in node:
        if xml.local(child) == "standardLoopCharacteristics":
            return _standard(child)
        if xml.local(child) == "multiInstanceLoopCharacteristics":
            return _several(child, definition, data)
    return None


def adhoc(node: etree._Element, said: Extensions) -> AdHoc:
    """How the activities of an ad-hoc sub-process are chosen."""
    return AdHoc(
        sequential=node.get("ordering") == "Sequential",
        cancels=node.get("cancelRemainingInstances") not in {"false", "0"},
        until=(text_of(node, "completionCondition") or "") if xml.local(node) == "adHocSubProcess" else "",
        active=said.text("adHoc.activeElementsCollection") or "",
    )


def quantity(attributes: Mapping[str, str], name: str) -> int:
    """A number of tokens, 1 if none is drawn; 0 if it is no number from 1 to 999."""
    text = attributes.get(name, "1").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOKENS else 0


def text_of(node: etree._Element, name: str) -> str | None:
    """The text of the child of that name."""
    child = next((child for child in node if xml.local(child) == name), None)
    return None if child is None else (child.text or "").strip()


def _standard(node: etree._Element) -> Loop:
    most = node.get("loopMaximum")
    number = most is not None and most.isascii() and most.isdigit() and len(most) < _DIGITS
    return Loop(
        "standard",
        condition=text_of(node, "loopCondition") or "",
        before=node.get("testBefore") in {"true", "1"},
        most=None if most is None else int(most) if number else 0,
    )


def _several(node: etree._Element, definition: Definition, data: Mapping[str, str]) -> Loop:
    said = extensions.read(node)
    return Loop(
        kind="sequential" if node.get("isSequential") in {"true", "1"} else "parallel",
        collection=said.text("loopCharacteristics.inputCollection") or _feel(data, "loopDataInputRef"),
        item=said.text("loopCharacteristics.inputElement") or data.get("inputDataItem", ""),
        results=said.text("loopCharacteristics.outputCollection") or data.get("loopDataOutputRef", ""),
        result=said.text("loopCharacteristics.outputElement") or _feel(data, "outputDataItem"),
        until=text_of(node, "completionCondition") or "",
        cardinality=text_of(node, "loopCardinality") or "",
        behavior=node.get("behavior", "All"),
        announced=tuple(_announced(node, definition)),
    )


def _feel(data: Mapping[str, str], name: str) -> str:
    return f"={data[name]}" if data.get(name) else ""


def _announced(node: etree._Element, definition: Definition) -> Iterator[Announced]:
    """What is thrown by itself (BPMN 2.0.2, 10.3.8): at each instance done, at the first, or as conditions say."""
    behavior, nothing = node.get("behavior", "All"), Event(EventKind.SIGNAL)
    if behavior in _REFERENCES:
        attribute, when = _REFERENCES[behavior]
        reference = etree.Element("reference")
        reference.text = node.get(attribute, "")
        yield Announced(when, definition(reference) or nothing)
    elif behavior == "Complex":
        for part in node:
            if xml.local(part) == "complexBehaviorDefinition":
                thrown = next((child for child in part if xml.local(child) == "event"), None)
                found = None if thrown is None else definition(thrown)
                yield Announced(text_of(part, "condition") or "", found or nothing)
